//! Time as a parameter.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A moment in UTC, in microseconds since the Unix epoch: the precision that both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the Unix epoch (JWT's `NumericDate`, RFC 7519 §2). Saturates.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the Unix epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment plus a span. Saturates at the end of time.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This moment less a span. Saturates at the beginning of time.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The moment as RFC 3339 has it, in UTC.
    pub fn to_rfc3339(self) -> String {
        self.to_jiff().to_string()
    }

    /// The same moment in `jiff`, for calendars and time zones. Out-of-range moments clamp to the epoch.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// By how much a clock may have been wrong until somebody set it right: an hour, as one that takes summer for winter, and a little.
pub const WRONG_BY: Duration = Duration::from_secs(3_660);
/// How far the clocks of two nodes may be apart: each is half a minute off, at most.
pub const APART: Duration = Duration::from_secs(60);

/// Where "now" comes from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that moves only by [`Clock::advance`] and [`Clock::turn_back`]; clones share it.
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.micros()))))
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => {
                #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
                let now = std::time::SystemTime::now();
                let span = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(span.as_micros()).unwrap_or(i64::MAX))
            }
            Source::Manual(micros) => Timestamp(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward. A system clock is left alone.
    pub fn advance(&self, span: Duration) {
        if let Source::Manual(micros) = &self.0 {
            micros.fetch_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }

    /// Sets a manual clock back. A system clock is left alone.
    pub fn turn_back(&self, span: Duration) {
        if let Source::Manual(micros) = &self.0 {
            micros.fetch_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

/// Whether a name is a time zone of the IANA database, as in `Europe/Lisbon`.
pub fn is_time_zone(name: &str) -> bool {
    name.len() <= 64 && jiff::tz::TimeZone::get(name).is_ok()
}

/// Whether a text is a day of the calendar, as in `2000-02-29`.
pub fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(Timestamp::from_seconds(1_000));
        let twin = clock.clone();
        assert_eq!(clock.now().seconds(), 1_000);
        twin.advance(Duration::from_secs(5));
        assert_eq!(clock.now().seconds(), 1_005);
        twin.turn_back(Duration::from_secs(10));
        assert_eq!(clock.now().seconds(), 995);
    }

    #[test]
    fn time_zones_are_those_of_the_iana_database() {
        assert!(is_time_zone("Europe/Lisbon"));
        assert!(!is_time_zone("Europe/Nowhere"));
        assert!(!is_time_zone("../etc/passwd"));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert!(is_day("2000-02-29") && is_day("1990-12-31"));
        for bad in ["1999-02-29", "2000-13-01", "20000229", "2000-2-29", "2000-W09-2", ""] {
            assert!(!is_day(bad), "{bad}");
        }
    }

    #[test]
    fn seconds_round_down_also_before_the_epoch() {
        assert_eq!(Timestamp::from_micros(-1).seconds(), -1);
        assert_eq!(Timestamp::from_micros(1_999_999).seconds(), 1);
    }

    #[test]
    fn a_span_to_a_later_moment_is_zero() {
        let (a, b) = (Timestamp::from_seconds(1), Timestamp::from_seconds(2));
        assert_eq!(a.since(b), Duration::ZERO);
        assert_eq!(b.since(a), Duration::from_secs(1));
    }
}
