//! An event as it is stored, and whom it is for.

use super::Event;
use crate::device::{Agent, Place};
use crate::preference::Topic;
use base::{Id, Timestamp};

/// The kind of an event, without its data: for filters and texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventKind(pub String);

/// Who is told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Every browser of the person and the mail address, whatever was switched off: what ends in somebody else's having
    /// the account must reach its owner.
    Alarm,
    /// Whom the person's preferences for this topic name.
    Topic(Topic),
    /// This one subscription, as the person asked for it in that very browser.
    Browser(Id),
    /// The browsers that an earlier notice of this topic rang, silently: it is over. No mail.
    Over(Topic),
    /// A mail, always.
    Mail,
    /// No person: the server of this app (row id of its client).
    App(Id),
    /// Nobody: it stands in the activity log.
    Log,
}

impl Notice {
    /// Whether it depends on the person's browsers and preferences who is told.
    pub const fn asks_the_person(self) -> bool {
        match self {
            Self::Alarm | Self::Topic(_) | Self::Browser(_) | Self::Over(_) => true,
            Self::Mail | Self::App(_) | Self::Log => false,
        }
    }
}

/// How urgent a notice is (RFC 8030 §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Can wait until the device wakes up by itself.
    Normal,
    /// Wakes a sleeping device.
    High,
}

impl Urgency {
    /// The value of the `Urgency` header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// An event as it is stored: what, to whom, from where, when.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Row id.
    pub id: Id,
    /// The tenant.
    pub tenant: Id,
    /// Whom it concerns; `None` for a request that may concern nobody.
    pub account: Option<Id>,
    /// The browser that caused it, which is not rung.
    pub device: Option<Id>,
    /// What that browser says of itself.
    pub agent: Agent,
    /// Where it seems to be.
    pub place: Option<Place>,
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Timestamp,
}
