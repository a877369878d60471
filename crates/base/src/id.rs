//! Identifiers: UUID version 7 (RFC 9562 §5.7), so that rows sort by age and indexes stay dense.

use crate::{Clock, Rng, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The id of a row. Not a secret: knowing one gives nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(uuid::Uuid);

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID")]
pub struct NotAnId;

impl Id {
    /// A new id for the present moment.
    pub fn new(clock: &Clock, rng: &Rng) -> Self {
        Self::at(clock.now(), rng)
    }

    /// A new id for the given moment.
    pub fn at(now: Timestamp, rng: &Rng) -> Self {
        let millis = u64::try_from(now.micros().div_euclid(1_000)).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &rng.bytes()).into_uuid())
    }

    /// The id of what follows from this one and a text: the same each time. It begins as this one does, so that such rows sort beside each
    /// other; the other 62 bits are the beginning of a hash.
    #[must_use]
    pub fn derived(self, text: &[u8]) -> Self {
        let hash = SecretHash::of(&[self.as_bytes().as_slice(), text].concat());
        let mut bytes = *self.as_bytes();
        for (to, from) in bytes.iter_mut().skip(8).zip(hash.0) {
            *to = from;
        }
        Self(uuid::Builder::from_bytes(bytes).with_variant(uuid::Variant::RFC4122).into_uuid())
    }

    /// From the sixteen bytes of a UUID.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(uuid::Uuid::from_bytes(bytes))
    }

    /// The sixteen bytes of the UUID.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        uuid::Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let (clock, rng) = (Clock::manual(Timestamp::from_seconds(1_790_000_000)), Rng::seeded(1));
        let first = Id::new(&clock, &rng);
        clock.advance(Duration::from_millis(1));
        assert!(first < Id::new(&clock, &rng));
    }

    #[test]
    fn what_follows_from_an_id_has_one_of_its_own_beside_it() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let (one, other) = (Id::at(now, &Rng::system()), Id::at(now, &Rng::system()));
        assert_eq!(one.derived(b"mail"), one.derived(b"mail"));
        assert_ne!(one.derived(b"mail"), one.derived(b"push"));
        assert_ne!(one.derived(b"mail"), other.derived(b"mail"));
        assert_eq!(one.derived(b"mail").to_string()[..18], one.to_string()[..18]);
        let uuid = one.derived(b"mail").0;
        assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, uuid::Variant::RFC4122));
    }

    #[test]
    fn text_comes_back_as_the_same_id() {
        let id = Id::at(Timestamp::from_seconds(1_790_000_000), &Rng::seeded(1));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("nonsense".parse::<Id>(), Err(NotAnId));
    }
}
