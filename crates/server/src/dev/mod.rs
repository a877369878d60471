//! What `watchbell dev` brings along: a demo app and a mail catcher.

pub(crate) mod demo;
pub(crate) mod mail_catcher;
pub(crate) mod pages;
