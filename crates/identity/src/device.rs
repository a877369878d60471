//! A device: a browser that we have seen, as one account knows it.

use crate::place::Position;
use base::{Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a browser says of itself, cut to size: shown, never trusted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Agent {
    /// "Firefox", "Chrome"; empty when unknown.
    pub browser: String,
    /// "Linux", "Windows", "Android"; empty when unknown.
    pub os: String,
    /// The model that people call it by ("Pixel 9", "iPhone"), or empty.
    pub model: String,
    /// What it is held or placed like.
    #[serde(default)]
    pub kind: FormFactor,
}

/// What a device is held or placed like: chooses an icon, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormFactor {
    /// It does not say.
    #[default]
    Unknown,
    /// A computer.
    Desktop,
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// No browser at all: a bot, a script.
    Program,
}

impl Agent {
    /// What people call the machine: its model where one is known ("iPhone", "Pixel 9"), else its operating
    /// system; empty when neither is known.
    pub fn machine(&self) -> &str {
        if self.model.is_empty() { &self.os } else { &self.model }
    }
}

/// Where an address seems to be, from a MaxMind-format file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// "Lyon", when known.
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2, "FR".
    pub country: String,
    /// Roughly where that is, when the file is sure enough of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// A browser, recognised by a long-lived cookie secret. One row per (account, browser).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Row id.
    pub id: Id,
    /// Whose device it is.
    pub account: Id,
    /// Hash of the cookie's secret, bound to the account.
    pub secret: SecretHash,
    /// What it says of itself.
    pub agent: Agent,
    /// Where it was last seen.
    pub place: Option<Place>,
    /// First complete sign-in.
    pub first_seen_at: Timestamp,
    /// Last use.
    pub last_seen_at: Timestamp,
    /// When its owner said "yes, it was me"; the account's very first device is known from the start.
    pub known_at: Option<Timestamp>,
    /// How often the card that offers notices was put off here.
    pub push_offer: PushOffer,
    /// Whether notices were switched on here: after a sign-out and a new sign-in they come back by themselves.
    pub push_wanted: bool,
    /// "Don't ask on this device": until when its owner is spared the second factor here.
    pub trusted_until: Option<Timestamp>,
}

/// After this long without a "no", a device counts as one of its owner's.
pub const PROBATION: Duration = Duration::from_secs(30 * 24 * 3600);

impl Device {
    /// Whether its word counts about other devices: it was confirmed, or has been there for a month without a
    /// "no". A fresh one could be a thief's, and two of them must not vouch for each other.
    pub fn vouches(&self, now: Timestamp) -> bool {
        self.known_at.is_some() || now.since(self.first_seen_at) >= PROBATION
    }
}

/// The memory of "Not now".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PushOffer {
    /// How often the card was put off.
    pub put_off: u32,
    /// Not before this moment again.
    pub again_at: Option<Timestamp>,
}

/// "Not now" means this long, and twice at most.
pub const OFFER_PAUSE: Duration = Duration::from_secs(90 * 24 * 3600);
const OFFERS: u32 = 2;

impl PushOffer {
    /// Whether the card may be shown.
    pub fn may_show(&self, now: Timestamp) -> bool {
        self.put_off < OFFERS && self.again_at.is_none_or(|at| at <= now)
    }

    /// After "Not now", and after the card was merely passed by.
    #[must_use]
    pub fn postponed(self, now: Timestamp) -> Self {
        Self { put_off: self.put_off.saturating_add(1), again_at: Some(now.plus(OFFER_PAUSE)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_now_holds_for_ninety_days_and_is_asked_twice_at_most() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let first = PushOffer::default();
        assert!(first.may_show(now));
        let second = first.postponed(now);
        assert!(!second.may_show(now));
        let later = now.plus(OFFER_PAUSE);
        assert!(second.may_show(later));
        assert!(!second.postponed(later).may_show(later.plus(OFFER_PAUSE)));
    }
}
