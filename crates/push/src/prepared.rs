//! An encrypted message, ready to be stored and sent, again and again, unchanged.

use crate::message::{Topic, Urgency};
use base::Timestamp;
use bytes::Bytes;
use std::time::Duration;

const VERSION: u8 = 1;
/// How long a message that is for now or never may still be tried.
const NOW: Duration = Duration::from_secs(60);
/// The longest TTL we ask for: four weeks, which every push service grants.
const LONGEST: Duration = Duration::from_secs(28 * 24 * 3_600);

/// A message in its final form. A retry sends the same bytes, so that key and salt serve one message only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) body: Bytes,
    pub(crate) made: Timestamp,
    pub(crate) ttl: Duration,
    pub(crate) urgency: Urgency,
    pub(crate) topic: Option<Topic>,
}

/// The bytes were not written by [`Prepared::to_bytes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a prepared message: it was damaged, or stored by another version")]
pub struct NotPrepared;

impl Prepared {
    /// The bytes to store: version, urgency, TTL, moment, topic, body. They are ciphertext but for the headers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let topic = self.topic.as_ref().map_or("", Topic::as_str);
        let mut out = Vec::with_capacity(16 + topic.len() + self.body.len());
        out.push(VERSION);
        out.push(self.urgency.to_byte());
        out.extend_from_slice(&u32::try_from(self.ttl.as_secs()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(&self.made.micros().to_be_bytes());
        out.push(u8::try_from(topic.len()).unwrap_or(0));
        out.extend_from_slice(topic.as_bytes());
        out.extend_from_slice(&self.body);
        out
    }

    /// Reads the bytes of [`Prepared::to_bytes`].
    ///
    /// # Errors
    /// [`NotPrepared`] when they are anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotPrepared> {
        Self::read(bytes).ok_or(NotPrepared)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (&[version, urgency], rest) = bytes.split_first_chunk::<2>()?;
        let (ttl, rest) = rest.split_first_chunk::<4>()?;
        let (made, rest) = rest.split_first_chunk::<8>()?;
        let (&length, rest) = rest.split_first()?;
        let (topic, body) = rest.split_at_checked(usize::from(length))?;
        if version != VERSION || body.is_empty() {
            return None;
        }
        let topic = match std::str::from_utf8(topic).ok()? {
            "" => None,
            text => Some(Topic::new(text).ok()?),
        };
        Some(Self {
            body: Bytes::copy_from_slice(body),
            made: Timestamp::from_micros(i64::from_be_bytes(*made)),
            ttl: Duration::from_secs(u64::from(u32::from_be_bytes(*ttl))),
            urgency: Urgency::from_byte(urgency)?,
            topic,
        })
    }

    pub(crate) fn clamp(ttl: Duration) -> Duration {
        Duration::from_secs(ttl.min(LONGEST).as_secs())
    }

    /// What is left of the TTL, in whole seconds; `None` when the message is too old to be of use.
    pub fn remaining(&self, now: Timestamp) -> Option<Duration> {
        let age = now.since(self.made);
        if self.ttl.is_zero() {
            return (age <= NOW).then_some(Duration::ZERO);
        }
        let left = self.ttl.saturating_sub(age);
        // A rest below a second would read as "now or never".
        (!left.is_zero()).then(|| Duration::from_secs(left.as_secs().max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(ttl: u64) -> Prepared {
        Prepared {
            body: Bytes::from_static(b"ciphertext"),
            made: Timestamp::from_seconds(1_000),
            ttl: Duration::from_secs(ttl),
            urgency: Urgency::High,
            topic: Some(Topic::new("abc").unwrap()),
        }
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let plain = Prepared { topic: None, ..one(0) };
        for prepared in [one(600), plain] {
            assert_eq!(Prepared::from_bytes(&prepared.to_bytes()).unwrap(), prepared);
        }
    }

    #[test]
    fn damaged_bytes_are_told() {
        let bytes = one(600).to_bytes();
        let head = bytes.len() - 10;
        for end in 0..=head {
            assert_eq!(Prepared::from_bytes(&bytes[..end]), Err(NotPrepared), "cut at {end}");
        }
        let mut newer = bytes.clone();
        newer[0] = 2;
        assert_eq!(Prepared::from_bytes(&newer), Err(NotPrepared));
    }

    #[test]
    fn a_message_ages() {
        let at = |seconds: i64| Timestamp::from_seconds(1_000 + seconds);
        assert_eq!(one(600).remaining(at(0)), Some(Duration::from_secs(600)));
        assert_eq!(one(600).remaining(at(599)), Some(Duration::from_secs(1)));
        assert_eq!(one(600).remaining(at(600)), None);
        assert_eq!(one(0).remaining(at(60)), Some(Duration::ZERO));
        assert_eq!(one(0).remaining(at(61)), None);
    }
}
