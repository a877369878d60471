//! The use cases. Each parses nothing and renders nothing: it takes a typed command, decides with the pure
//! functions of `oauth` and `identity`, saves through `store`, and emits its events in the same transaction.
//!
//! [`App`] is the installation; [`Here`] is one tenant of it, found by the request's host. Every use case is
//! a method of [`Here`]. A use case that writes is run to its end even when the client hangs up: `web`
//! spawns it.

pub mod account;
pub mod carry;
pub mod change;
pub mod doctor;
mod door;
mod flood;
pub mod guard;
pub mod hashing;
pub mod here;
pub mod kept;
pub mod keys;
pub mod login;
pub mod oidc;
pub mod operate;
pub mod problem;
pub mod push;
pub mod recovery;
mod remembered;
pub mod risk_report;
pub mod settings;
pub mod setup;
mod shown;
mod signed_tokens;
mod spread;
mod strength;
pub mod visitor;
pub mod way_off;

pub use here::{App, Here, Parts};
pub use problem::{Answer, Problem};
pub use settings::{Certificates, Settings};
pub use visitor::{Cookies, Signed, Step, Visitor};
