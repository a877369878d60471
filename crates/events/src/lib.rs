//! From what happened to who is told: the relay reads the events that use cases wrote, and its sinks deliver.
//!
//! The events table is the only contract with `app`. An event becomes delivery rows, one per sink and target;
//! a delivery is claimed, attempted, and settled. Claims are leases: what a killed process held comes back by
//! itself. Sinks are idempotent, for a delivery may be attempted again after a crash.

mod answer_sink;
mod ask;
mod backoff;
mod change;
mod code;
mod dispatch;
mod gate;
mod logout_sink;
mod mail_sink;
mod mailer;
mod pace;
mod people;
mod push_sink;
mod recovery;
mod relay;
mod share;
mod words;

pub use mailer::{MailSettings, MailTrouble, Mailer};
pub use relay::{NAP, Parts, Relay};
