//! The testkit: what story tests stand on.
//!
//! A story runs a whole [`house`] in this process, on a [`database`] of its own, visited by a [`browser`] that is a
//! jar of cookies, with a mail server ([`smtp`]) and a [`push_service`] that keep what they get. Where the process
//! itself matters, as in a crash, [`binary`] starts the real program and [`mailbox`] reads its mail catcher.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a helper of tests fails its test by panicking"
)]

pub mod authenticator;
pub mod balancer;
pub mod binary;
pub mod browser;
pub mod certificate;
pub mod client_key;
pub mod code_app;
pub mod collector;
pub mod database;
pub mod encryption_key;
pub mod house;
pub mod keys;
pub mod line;
pub mod mailbox;
pub mod people;
pub mod places;
pub mod plain;
pub mod power;
pub mod provider;
pub mod publisher;
pub mod push_service;
pub mod redis;
pub mod relying_party;
pub mod smtp;
