//! What `watchbell dev` brings along: a demo app and a mail catcher.

pub mod demo;
pub mod mail_catcher;
pub mod pages;
