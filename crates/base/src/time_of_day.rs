//! Times of day, as clocks on walls show them.

use crate::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

const MINUTES_OF_HOUR: u16 = 60;
const MINUTES_OF_DAY: u16 = 24 * MINUTES_OF_HOUR;

/// A time of day to the minute, as in `22:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// Not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written as in 22:30")]
pub struct NoTimeOfDay;

impl TimeOfDay {
    /// From minutes since midnight; `None` for a day or more.
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes < MINUTES_OF_DAY).then_some(Self(minutes))
    }

    /// A full hour; midnight for what no clock shows.
    pub const fn o_clock(hour: u16) -> Self {
        if hour < 24 { Self(hour * MINUTES_OF_HOUR) } else { Self(0) }
    }

    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// What clocks in a time zone of the IANA database show at a moment. Without a zone, or with one that is not
    /// known, those in UTC.
    pub fn at(moment: Timestamp, zone: Option<&str>) -> Self {
        let shown = moment.to_jiff().to_zoned(time_zone(zone));
        let (hour, minute) = (u16::try_from(shown.hour()), u16::try_from(shown.minute()));
        Self(hour.unwrap_or(0).saturating_mul(MINUTES_OF_HOUR).saturating_add(minute.unwrap_or(0)))
    }

    /// The next moment after `moment` at which clocks there show this time. Where they jump over it, the moment at
    /// which they would have.
    pub fn next_after(self, moment: Timestamp, zone: Option<&str>) -> Timestamp {
        let zone = time_zone(zone);
        let today = moment.to_jiff().to_zoned(zone.clone()).date();
        let (hour, minute) = (i8::try_from(self.0 / MINUTES_OF_HOUR), i8::try_from(self.0 % MINUTES_OF_HOUR));
        let on = |days: i64| {
            let day = today.checked_add(days.days()).ok()?;
            let shown = day.at(hour.ok()?, minute.ok()?, 0, 0);
            let at = zone.to_ambiguous_zoned(shown).compatible().ok()?.timestamp();
            Some(Timestamp::from_micros(at.as_microsecond())).filter(|at| *at > moment)
        };
        (0..=2).find_map(on).unwrap_or(moment)
    }
}

fn time_zone(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / MINUTES_OF_HOUR, self.0 % MINUTES_OF_HOUR)
    }
}

impl FromStr for TimeOfDay {
    type Err = NoTimeOfDay;

    fn from_str(text: &str) -> Result<Self, NoTimeOfDay> {
        let two = |digits: &str, below: u16| {
            let fits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|number| fits && *number < below)
        };
        let (hour, minute) = text.split_once(':').ok_or(NoTimeOfDay)?;
        let (hour, minute) = (two(hour, 24).ok_or(NoTimeOfDay)?, two(minute, MINUTES_OF_HOUR).ok_or(NoTimeOfDay)?);
        Self::from_minutes(hour.saturating_mul(MINUTES_OF_HOUR).saturating_add(minute)).ok_or(NoTimeOfDay)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NoTimeOfDay;

    fn try_from(text: String) -> Result<Self, NoTimeOfDay> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_written_as_clocks_show_them_and_nothing_else_is_one() {
        for text in ["00:00", "07:05", "23:59"] {
            assert_eq!(time(text).to_string(), text);
        }
        for none in ["", "7:05", "24:00", "12:60", "12", "12:5", "+1:00", "12:00:00", " 12:00", "１２:00"] {
            assert_eq!(none.parse::<TimeOfDay>(), Err(NoTimeOfDay), "{none:?}");
        }
    }

    #[test]
    fn each_place_has_its_own_time_of_day() {
        let moment = utc("2026-11-25T21:30:00Z");
        assert_eq!(TimeOfDay::at(moment, Some("Europe/Berlin")), time("22:30"));
        assert_eq!(TimeOfDay::at(moment, Some("Asia/Kathmandu")), time("03:15"));
        assert_eq!(TimeOfDay::at(moment, Some("Europe/Nowhere")), time("21:30"));
        assert_eq!(TimeOfDay::at(moment, None), time("21:30"));
    }

    #[test]
    fn the_next_seven_o_clock_is_today_or_tomorrow_and_never_now() {
        let berlin = Some("Europe/Berlin");
        let seven = time("07:00");
        assert_eq!(seven.next_after(utc("2026-11-25T05:59:00Z"), berlin), utc("2026-11-25T06:00:00Z"));
        assert_eq!(seven.next_after(utc("2026-11-25T06:00:00Z"), berlin), utc("2026-11-26T06:00:00Z"));
        assert_eq!(seven.next_after(utc("2026-11-25T21:00:00Z"), berlin), utc("2026-11-26T06:00:00Z"));
    }

    #[test]
    fn a_night_in_which_the_clocks_are_changed_is_an_hour_shorter_or_longer() {
        let berlin = Some("Europe/Berlin");
        let seven = time("07:00");
        assert_eq!(seven.next_after(utc("2026-03-28T21:00:00Z"), berlin), utc("2026-03-29T05:00:00Z"));
        assert_eq!(seven.next_after(utc("2026-10-24T20:00:00Z"), berlin), utc("2026-10-25T06:00:00Z"));
        // 02:30 does not exist on that day: the clocks go from 02:00 to 03:00.
        assert_eq!(time("02:30").next_after(utc("2026-03-28T23:00:00Z"), berlin), utc("2026-03-29T01:30:00Z"));
    }
}
