//! What is sent: a payload, and how a push service shall treat it (RFC 8030 §5).

use crate::encryption::MAX_PAYLOAD;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::time::Duration;

/// How much a message matters to a device that saves power (RFC 8030 §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Urgency {
    /// On power and Wi-Fi.
    VeryLow,
    /// On either power or Wi-Fi.
    Low,
    /// On neither.
    #[default]
    Normal,
    /// Low battery too: a time-sensitive alert.
    High,
}

impl Urgency {
    /// The value of the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VeryLow => "very-low",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }

    pub(crate) const fn to_byte(self) -> u8 {
        match self {
            Self::VeryLow => 0,
            Self::Low => 1,
            Self::Normal => 2,
            Self::High => 3,
        }
    }

    pub(crate) const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::VeryLow),
            1 => Some(Self::Low),
            2 => Some(Self::Normal),
            3 => Some(Self::High),
            _ => None,
        }
    }
}

/// Under which a newer message replaces an older one that was not yet delivered (RFC 8030 §5.4): at most 32
/// characters of base64url. The push service reads it, so it should tell nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic(String);

/// The text is no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a topic: use 1 to 32 letters, digits, - or _")]
pub struct TopicError;

impl Topic {
    /// Takes a text.
    ///
    /// # Errors
    /// [`TopicError`] when it is empty, longer than 32 characters or not base64url.
    pub fn new(text: &str) -> Result<Self, TopicError> {
        let fits = (1..=32).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(TopicError) }
    }

    /// A topic that tells nothing: the head of an HMAC-SHA-256 of `about` (an event's id, say).
    pub fn hidden(key: &[u8; 32], about: &[u8]) -> Self {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
        let text = URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, about));
        Self(text.chars().take(32).collect())
    }

    /// The value of the header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message before encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    payload: Vec<u8>,
    ttl: Duration,
    urgency: Urgency,
    topic: Option<Topic>,
}

/// The payload does not fit into one push message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the payload is longer than {MAX_PAYLOAD} bytes: send less, and let the page fetch the rest")]
pub struct PayloadTooLong;

impl Message {
    /// A message that a push service keeps for `ttl` (whole seconds) when the browser is away; zero means now or never.
    ///
    /// # Errors
    /// [`PayloadTooLong`] over [`MAX_PAYLOAD`] bytes.
    pub fn new(payload: impl Into<Vec<u8>>, ttl: Duration) -> Result<Self, PayloadTooLong> {
        let payload = payload.into();
        if payload.len() > MAX_PAYLOAD {
            return Err(PayloadTooLong);
        }
        Ok(Self { payload, ttl, urgency: Urgency::default(), topic: None })
    }

    /// The same with another urgency.
    #[must_use]
    pub fn urgency(mut self, urgency: Urgency) -> Self {
        self.urgency = urgency;
        self
    }

    /// The same with a topic.
    #[must_use]
    pub fn topic(mut self, topic: Topic) -> Self {
        self.topic = Some(topic);
        self
    }

    pub(crate) fn parts(&self) -> (&[u8], Duration, Urgency, Option<&Topic>) {
        (&self.payload, self.ttl, self.urgency, self.topic.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_fits_its_header() {
        assert!(Topic::new("abc-DEF_123").is_ok());
        assert!(Topic::new(&"a".repeat(32)).is_ok());
        for bad in ["", "a b", "a=", "a+b", "é", &"a".repeat(33)] {
            assert_eq!(Topic::new(bad), Err(TopicError), "{bad}");
        }
    }

    #[test]
    fn a_hidden_topic_is_the_same_each_time_and_valid() {
        let one = Topic::hidden(&[1; 32], b"event");
        assert_eq!(one, Topic::hidden(&[1; 32], b"event"));
        assert_ne!(one, Topic::hidden(&[2; 32], b"event"));
        assert_eq!(Topic::new(one.as_str()), Ok(one));
    }

    #[test]
    fn a_payload_that_does_not_fit_is_refused() {
        assert!(Message::new(vec![0; MAX_PAYLOAD], Duration::ZERO).is_ok());
        assert_eq!(Message::new(vec![0; MAX_PAYLOAD + 1], Duration::ZERO), Err(PayloadTooLong));
    }
}
