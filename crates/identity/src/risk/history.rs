//! Where an account was used before.

use crate::device::Device;
use crate::event::{Event, EventRecord};
use crate::place::Position;
use base::{Id, Timestamp};
use std::collections::BTreeSet;

/// Where and when an account was used, from its devices and its log. Empty for an account that was never used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The countries.
    pub countries: BTreeSet<String>,
    /// The last position, and when that was.
    pub last_place: Option<(Position, Timestamp)>,
    /// The last use.
    pub last_used: Option<Timestamp>,
}

impl History {
    /// What the account's devices tell: each its last place and use.
    pub fn of_devices(devices: &[Device]) -> Self {
        let mut history = Self::default();
        for device in devices {
            history.used(device.place.as_ref(), device.last_seen_at);
        }
        history
    }

    /// With what its log tells: devices that were elsewhere before, and those that were forgotten. A sign-in that was
    /// answered with "it wasn't me" was not its owner's, and what was only tried was no use.
    #[must_use]
    pub fn and_log(mut self, log: &[EventRecord]) -> Self {
        let denied: BTreeSet<Id> = log.iter().filter_map(|record| denied(&record.event)).collect();
        let own = |record: &&EventRecord| {
            let by_owner = matches!(
                record.event,
                Event::AccountCreated {}
                    | Event::LoginSucceeded { .. }
                    | Event::NewDevice { .. }
                    | Event::PasswordReset {}
                    | Event::PasswordChanged { .. }
            );
            by_owner && record.device.is_none_or(|device| !denied.contains(&device))
        };
        for record in log.iter().filter(own) {
            self.used(record.place.as_ref(), record.at);
        }
        self
    }

    fn used(&mut self, place: Option<&crate::Place>, at: Timestamp) {
        self.last_used = self.last_used.max(Some(at));
        let Some(place) = place else { return };
        self.countries.insert(place.country.clone());
        if let Some(position) = place.position
            && self.last_place.is_none_or(|(_, before)| before < at)
        {
            self.last_place = Some((position, at));
        }
    }
}

const fn denied(event: &Event) -> Option<Id> {
    match event {
        Event::LoginDenied { device, .. } => Some(*device),
        _ => None,
    }
}
