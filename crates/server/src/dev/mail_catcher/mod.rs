//! The mail catcher: a mail server on this machine that delivers nothing, and pages that show what it caught.
//!
//! The product's own mail path stays the real one: it speaks SMTP to this sink as it would to any relay.

mod inbox;
mod page;
mod smtp;

pub(crate) use inbox::{Caught, Inbox};
pub(crate) use page::routes;
pub(crate) use smtp::receive;
