//! What the person wants to be told, and where.

use super::Page;
use base::{TimeOfDay, Timestamp};
use identity::quiet::{Pause, PauseFor};
use identity::{Agent, Channel, Preferences, Quiet, QuietHours, Topic};
use serde::Serialize;

/// The page of notices.
///
/// Forms: the matrix, for browsers without scripts: `rev`, and a checkbox named `TOPIC/CHANNEL` (value `on`) per
/// switch that is on → POST [`base::routes::NOTIFICATIONS`]; `subscription` → POST
/// [`base::routes::SUBSCRIPTION_REMOVE`]; `rev`, and `pause` (a name of [`PauseFor`], or `end`) or the fields of
/// [`QuietSection`] → POST [`base::routes::QUIET`]. Needs [`crate::Chrome::push`].
#[derive(Debug, Clone, Serialize)]
pub struct Notifications {
    /// The switches, in the order of [`Topic::ALL`].
    pub rows: Vec<Row>,
    /// When nothing rings.
    pub quiet: QuietSection,
    /// Counts the changes.
    pub revision: i64,
    /// When the last change was made.
    pub changed_at: Option<Timestamp>,
    /// In which browser.
    pub changed_in: Option<Agent>,
    /// Whether notices are on in another browser.
    pub elsewhere: bool,
    /// The browsers that get notices.
    pub browsers: Vec<RungBrowser>,
    /// Those that got them until their push service said that they are gone.
    pub gone: Vec<GoneBrowser>,
}

/// When nothing rings, and how much a notice says. Checkboxes `hours`, `security_rings`, `hide_details` (`on`); times of
/// day `from`, `until`.
#[derive(Debug, Clone, Serialize)]
pub struct QuietSection {
    /// Whether notices are paused.
    pub paused: bool,
    /// Until when; `None` for until the person says so.
    pub paused_until: Option<Timestamp>,
    /// The pauses that there are, by their names.
    pub pauses: [&'static str; 3],
    /// Whether there are quiet hours.
    pub hours: bool,
    /// When they begin, as in `22:00`.
    pub from: String,
    /// When they end.
    pub until: String,
    /// Whether notices about the account's security ring all the same.
    pub security_rings: bool,
    /// Whether a notice says only that there is something.
    pub hide_details: bool,
    /// Whether the times that were typed are no hours.
    pub problem: bool,
    /// What is stored, where it differs from what was typed: it was changed in another browser meanwhile.
    pub stands: Option<Stands>,
}

/// Quiet times as another browser set them meanwhile.
#[derive(Debug, Clone, Serialize)]
pub struct Stands {
    /// When quiet hours begin and end, if there are any.
    pub hours: Option<(String, String)>,
    /// Whether notices about the account's security ring all the same.
    pub security_rings: bool,
    /// Whether a notice says only that there is something.
    pub hide_details: bool,
}

/// A topic with its switches.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The topic's name in the API.
    pub topic: &'static str,
    /// Its switches, in the order of [`Channel::ALL`].
    pub switches: Vec<Switch>,
}

/// A switch of topic × channel.
#[derive(Debug, Clone, Serialize)]
pub struct Switch {
    /// The channel's name in the API.
    pub channel: &'static str,
    /// Whether it is on.
    pub on: bool,
    /// Whether it can't be switched off.
    pub locked: bool,
    /// How it is stored, where that differs from what was chosen: it was changed in another browser meanwhile.
    pub stands: Option<bool>,
}

/// A browser that gets notices.
#[derive(Debug, Clone, Serialize)]
pub struct RungBrowser {
    /// The subscription's id.
    pub id: String,
    /// What it is.
    pub agent: Agent,
    /// Whether it is the one that asks.
    pub here: bool,
    /// When notices were switched on.
    pub added: Timestamp,
    /// When a push service last took a notice for it.
    pub last_delivered: Option<Timestamp>,
    /// When it last said that a notice was on its screen.
    pub last_shown: Option<Timestamp>,
    /// When it last said that somebody clicked one.
    pub last_clicked: Option<Timestamp>,
    /// Since when it can't be reached.
    pub failing_since: Option<Timestamp>,
}

/// A browser that gets no notices any more, though nobody switched them off.
#[derive(Debug, Clone, Serialize)]
pub struct GoneBrowser {
    /// What it is.
    pub agent: Agent,
    /// When its push service said so.
    pub at: Timestamp,
}

impl Notifications {
    /// The page of these choices.
    pub fn new(preferences: &Preferences, browsers: Vec<RungBrowser>) -> Self {
        let switch = |topic: Topic, channel: Channel| Switch {
            channel: channel.as_str(),
            on: preferences.is_on(topic, channel),
            locked: topic.is_locked(channel),
            stands: None,
        };
        let row = |topic: Topic| Row {
            topic: topic.as_str(),
            switches: Channel::ALL.into_iter().map(|channel| switch(topic, channel)).collect(),
        };
        Self {
            rows: Topic::ALL.into_iter().map(row).collect(),
            quiet: QuietSection::new(&preferences.quiet),
            revision: preferences.revision,
            changed_at: preferences.changed_at,
            changed_in: preferences.changed_in.clone(),
            elsewhere: browsers.iter().any(|browser| !browser.here),
            browsers,
            gone: Vec::new(),
        }
    }

    /// Shows what somebody chose beside how it stands: it was changed in another browser meanwhile, and nothing that was
    /// chosen is lost.
    pub fn keep_choices(&mut self, chosen: impl Fn(Topic, Channel) -> bool) {
        for (topic, row) in Topic::ALL.into_iter().zip(&mut self.rows) {
            for (channel, switch) in Channel::ALL.into_iter().zip(&mut row.switches) {
                let on = chosen(topic, channel);
                if !switch.locked && on != switch.on {
                    switch.stands = Some(switch.on);
                    switch.on = on;
                }
            }
        }
    }

    /// Shows the quiet times that somebody typed, and those that are stored beside them if they were changed meanwhile.
    pub fn keep_quiet(&mut self, typed: QuietSection, changed_meanwhile: bool) {
        let stored = &self.quiet;
        let stands = changed_meanwhile.then(|| Stands {
            hours: stored.hours.then(|| (stored.from.clone(), stored.until.clone())),
            security_rings: stored.security_rings,
            hide_details: stored.hide_details,
        });
        self.quiet = QuietSection { paused: stored.paused, paused_until: stored.paused_until, stands, ..typed };
    }
}

impl QuietSection {
    /// What somebody typed.
    pub fn typed((from, until): (String, String), [hours, security_rings, hide_details]: [bool; 3]) -> Self {
        Self { hours, from, until, security_rings, hide_details, ..Self::new(&Quiet::default()) }
    }

    fn new(quiet: &Quiet) -> Self {
        let time = |time: fn(&QuietHours) -> TimeOfDay, usual: &str| {
            quiet.hours.as_ref().map_or_else(|| usual.to_owned(), |hours| time(hours).to_string())
        };
        Self {
            paused: quiet.pause.is_some(),
            paused_until: match quiet.pause {
                Some(Pause::Until(until)) => Some(until),
                Some(Pause::UntilResumed) | None => None,
            },
            pauses: PauseFor::ALL.map(PauseFor::as_str),
            hours: quiet.hours.is_some(),
            from: time(QuietHours::from, "22:00"),
            until: time(QuietHours::until, "07:00"),
            security_rings: quiet.security_rings,
            hide_details: quiet.hide_details,
            problem: false,
            stands: None,
        }
    }
}

impl Page for Notifications {
    const TEMPLATE: &'static str = "account/notifications.html";
}
