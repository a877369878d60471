//! When a person wants to be left alone, and how much a lock screen may say.
//!
//! What is held back is told afterwards, as long as it is worth anything. Mail is not held back: it does not ring.

use crate::event::Notice;
use base::{TimeOfDay, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);
/// When a pause "until tomorrow" ends.
const MORNING: TimeOfDay = TimeOfDay::o_clock(8);

/// How an account's browsers are rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// Whether a notice says only that there is something.
    pub hide_details: bool,
    /// No notice for a while.
    #[serde(default)]
    pub pause: Option<Pause>,
    /// The hours of each day in which nothing rings.
    pub hours: Option<QuietHours>,
    /// Whether notices about the account's security ring all the same.
    pub security_rings: bool,
}

/// How long nothing rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// Until this moment.
    Until(Timestamp),
    /// Until the person says so.
    UntilResumed,
}

/// A pause as a person asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseFor {
    /// An hour.
    Hour,
    /// Until the next morning.
    UntilTomorrow,
    /// Until they say so.
    UntilResumed,
}

impl PauseFor {
    /// All of them, in the order in which the page shows them.
    pub const ALL: [Self; 3] = [Self::Hour, Self::UntilTomorrow, Self::UntilResumed];

    /// The name in the API and on the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::UntilTomorrow => "until_tomorrow",
            Self::UntilResumed => "until_resumed",
        }
    }

    /// The pause of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pause| pause.as_str() == name)
    }

    /// The pause that begins now. `zone` is the person's time zone.
    pub fn from(self, now: Timestamp, zone: Option<&str>) -> Pause {
        match self {
            Self::Hour => Pause::Until(now.plus(HOUR)),
            // Whoever is up late means the morning after the night, and whoever is up early that of the next day.
            Self::UntilTomorrow => Pause::Until(MORNING.next_after(now.plus(4 * HOUR), zone)),
            Self::UntilResumed => Pause::UntilResumed,
        }
    }
}

/// Hours of a day, by the clocks where the person is. They may reach over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Span", into = "Span")]
pub struct QuietHours(Span);

/// From one time of day until another, which may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    from: TimeOfDay,
    until: TimeOfDay,
}

/// A whole day, or nothing: that is not what quiet hours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("quiet hours begin and end at different times")]
pub struct NoHours;

impl Default for Quiet {
    fn default() -> Self {
        Self { hide_details: false, pause: None, hours: None, security_rings: true }
    }
}

impl Quiet {
    /// Whether notices about who gets into the account are held back, now or at some hour of each day.
    pub const fn silences_security(&self) -> bool {
        !self.security_rings && (self.pause.is_some() || self.hours.is_some())
    }

    /// Whether they are held back more than before, or at other times.
    pub fn silences_more_than(&self, before: &Self) -> bool {
        let pauses = self.pause.is_some() && self.pause != before.pause;
        let hours = self.hours.is_some() && self.hours != before.hours;
        self.silences_security() && (before.security_rings || pauses || hours)
    }
}

impl QuietHours {
    /// Hours from one time until another, which is not quiet any more.
    ///
    /// # Errors
    /// [`NoHours`] when the two are the same.
    pub fn new(from: TimeOfDay, until: TimeOfDay) -> Result<Self, NoHours> {
        if from == until { Err(NoHours) } else { Ok(Self(Span { from, until })) }
    }

    /// When they begin.
    pub const fn from(&self) -> TimeOfDay {
        self.0.from
    }

    /// When they end.
    pub const fn until(&self) -> TimeOfDay {
        self.0.until
    }

    fn cover(&self, time: TimeOfDay) -> bool {
        let Span { from, until } = self.0;
        if from < until { (from..until).contains(&time) } else { time >= from || time < until }
    }
}

impl TryFrom<Span> for QuietHours {
    type Error = NoHours;

    fn try_from(span: Span) -> Result<Self, NoHours> {
        Self::new(span.from, span.until)
    }
}

impl From<QuietHours> for Span {
    fn from(hours: QuietHours) -> Self {
        hours.0
    }
}

impl Quiet {
    /// The pause, while it goes on.
    pub fn pause_at(&self, now: Timestamp) -> Option<Pause> {
        self.pause.filter(|pause| match pause {
            Pause::Until(until) => now < *until,
            Pause::UntilResumed => true,
        })
    }

    /// Until when nothing rings, if that is so now. `zone` is the person's time zone.
    pub fn until(&self, now: Timestamp, zone: Option<&str>) -> Option<Pause> {
        let pause = self.pause_at(now);
        let then = match pause {
            Some(Pause::UntilResumed) => return pause,
            // A pause may end at night.
            Some(Pause::Until(until)) => until,
            None => now,
        };
        let night = self.hours.filter(|hours| hours.cover(TimeOfDay::at(then, zone)));
        night.map(|hours| Pause::Until(hours.until().next_after(then, zone))).or(pause)
    }

    /// Until when a notice is held back, if it is. What the person has just asked for, and an alarm, always ring.
    pub fn holds_back(&self, notice: Notice, now: Timestamp, zone: Option<&str>) -> Option<Pause> {
        match notice {
            Notice::Topic(topic) | Notice::Over(topic) if !(self.security_rings && topic.is_security()) => {
                self.until(now, zone)
            }
            Notice::Topic(_)
            | Notice::Over(_)
            | Notice::Alarm
            | Notice::Browser(_)
            | Notice::Mail
            | Notice::App(_)
            | Notice::Log => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preference::Topic;
    use base::Id;

    /// 2026-11-23 09:41 UTC, 10:41 in Berlin.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_426_860);
    const BERLIN: Option<&str> = Some("Europe/Berlin");

    fn hours(from: &str, until: &str) -> Option<QuietHours> {
        QuietHours::new(from.parse().unwrap(), until.parse().unwrap()).ok()
    }

    fn quiet(hours: Option<QuietHours>) -> Quiet {
        Quiet { hours, ..Quiet::default() }
    }

    #[test]
    fn nobody_is_quiet_before_they_say_so() {
        assert_eq!(Quiet::default().until(NOW, BERLIN), None);
    }

    #[test]
    fn hours_are_those_of_the_person_s_clock() {
        let lunch = quiet(hours("10:30", "12:00"));
        let noon = NOW.plus(79 * Duration::from_secs(60));
        assert_eq!(lunch.until(NOW, BERLIN), Some(Pause::Until(noon)), "it is 10:41 in Berlin");
        assert_eq!(lunch.until(NOW, None), None, "and 09:41 in UTC");
        assert_eq!(lunch.until(noon, BERLIN), None, "the end is not quiet any more");
    }

    #[test]
    fn a_night_reaches_over_midnight() {
        let night = quiet(hours("22:00", "07:00"));
        assert_eq!(night.until(NOW, BERLIN), None);
        let late = NOW.plus(12 * HOUR);
        assert_eq!(night.until(late, BERLIN), Some(Pause::Until(late.plus(8 * HOUR + 19 * Duration::from_secs(60)))));
        assert_eq!(night.until(late.plus(6 * HOUR), BERLIN), night.until(late, BERLIN), "the same night");
    }

    #[test]
    fn a_whole_day_is_no_hours() {
        assert_eq!(hours("07:00", "07:00"), None);
        let same = serde_json::from_str::<QuietHours>(r#"{"from":"07:00","until":"07:00"}"#);
        assert!(same.unwrap_err().to_string().contains("different times"));
    }

    #[test]
    fn a_pause_ends_by_itself_and_goes_on_into_the_night() {
        let paused = Quiet { pause: Some(Pause::Until(NOW.plus(HOUR))), ..Quiet::default() };
        assert_eq!(paused.until(NOW, BERLIN), Some(Pause::Until(NOW.plus(HOUR))));
        assert_eq!(paused.until(NOW.plus(HOUR), BERLIN), None);
        let both = Quiet { hours: hours("11:00", "13:00"), ..paused };
        assert_eq!(both.until(NOW, BERLIN), Some(Pause::Until(NOW.plus(139 * Duration::from_secs(60)))));
    }

    #[test]
    fn an_hour_the_next_morning_or_no_end() {
        assert_eq!(PauseFor::Hour.from(NOW, BERLIN), Pause::Until(NOW.plus(HOUR)));
        // 08:00 in Berlin on the 24th, which is 07:00 in UTC.
        let morning = Pause::Until(NOW.plus(21 * HOUR + 19 * Duration::from_secs(60)));
        assert_eq!(PauseFor::UntilTomorrow.from(NOW, BERLIN), morning);
        let late = NOW.plus(16 * HOUR);
        assert_eq!(PauseFor::UntilTomorrow.from(late, BERLIN), morning, "at 02:41 the night is not over");
        let early = NOW.plus(20 * HOUR);
        assert_ne!(PauseFor::UntilTomorrow.from(early, BERLIN), morning, "at 06:41 it is");
        let open = Quiet { pause: Some(PauseFor::UntilResumed.from(NOW, None)), ..Quiet::default() };
        assert_eq!(open.until(NOW.plus(10_000 * HOUR), None), Some(Pause::UntilResumed));
        for pause in PauseFor::ALL {
            assert_eq!(PauseFor::from_name(pause.as_str()), Some(pause));
            assert_eq!(serde_json::to_value(pause).unwrap(), pause.as_str());
        }
    }

    #[test]
    fn security_rings_through_unless_it_is_held_too_and_alarms_always_do() {
        let held = Some(Pause::Until(NOW.plus(HOUR)));
        let paused = Quiet { pause: held, ..Quiet::default() };
        let silent = Quiet { security_rings: false, ..paused.clone() };
        for topic in [Topic::NewDevice, Topic::CredentialChanged, Topic::ChangeRequested] {
            assert_eq!(paused.holds_back(Notice::Topic(topic), NOW, BERLIN), None);
            assert_eq!(silent.holds_back(Notice::Topic(topic), NOW, BERLIN), held);
        }
        assert_eq!(paused.holds_back(Notice::Topic(Topic::AppConnected), NOW, BERLIN), held);
        for notice in [Notice::Alarm, Notice::Browser(Id::from_bytes([1; 16]))] {
            assert_eq!(silent.holds_back(notice, NOW, BERLIN), None);
        }
    }

    #[test]
    fn security_is_silenced_by_what_holds_it_back_and_only_by_more_of_it_anew() {
        let hours = QuietHours::new("22:00".parse().unwrap(), "07:00".parse().unwrap()).ok();
        let calm = Quiet { security_rings: false, ..Quiet::default() };
        let night = Quiet { hours, ..calm.clone() };
        let paused = Quiet { pause: Some(Pause::UntilResumed), ..night.clone() };
        let loud = Quiet { security_rings: true, ..paused.clone() };
        assert!(!Quiet::default().silences_security() && !calm.silences_security() && !loud.silences_security());
        assert!(night.silences_security() && paused.silences_security());
        for (after, before, more) in [
            (&night, &calm, true),
            (&paused, &night, true),
            (&paused, &loud, true),
            (&night, &paused, false),
            (&night, &night, false),
            (&Quiet { hide_details: true, ..night.clone() }, &night, false),
            (&calm, &night, false),
            (&loud, &calm, false),
        ] {
            assert_eq!(after.silences_more_than(before), more, "{after:?} after {before:?}");
        }
    }
}
