//! What the person wants to be told, and where.

use super::Page;
use base::Timestamp;
use identity::{Agent, Channel, Preferences, Topic};
use serde::Serialize;

/// The page of notices.
///
/// Forms: the matrix, for browsers without scripts: `rev`, and a checkbox named `TOPIC/CHANNEL` (value `on`) per
/// switch that is on → POST [`base::routes::NOTIFICATIONS`]; `subscription` → POST
/// [`base::routes::SUBSCRIPTION_REMOVE`]. Needs [`crate::Chrome::push`].
#[derive(Debug, Clone, Serialize)]
pub struct Notifications {
    /// The switches, in the order of [`Topic::ALL`].
    pub rows: Vec<Row>,
    /// Counts the changes.
    pub revision: i64,
    /// When the last change was made.
    pub changed_at: Option<Timestamp>,
    /// In which browser.
    pub changed_in: Option<Agent>,
    /// The browsers that get notices.
    pub browsers: Vec<RungBrowser>,
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
    /// Since when it can't be reached.
    pub failing_since: Option<Timestamp>,
}

impl Notifications {
    /// The page of these choices.
    pub fn new(preferences: &Preferences, browsers: Vec<RungBrowser>) -> Self {
        let switch = |topic: Topic, channel: Channel| Switch {
            channel: channel.as_str(),
            on: preferences.is_on(topic, channel),
            locked: topic.is_locked(channel),
        };
        let row = |topic: Topic| Row {
            topic: topic.as_str(),
            switches: Channel::ALL.into_iter().map(|channel| switch(topic, channel)).collect(),
        };
        Self {
            rows: Topic::ALL.into_iter().map(row).collect(),
            revision: preferences.revision,
            changed_at: preferences.changed_at,
            changed_in: preferences.changed_in.clone(),
            browsers,
        }
    }
}

impl Page for Notifications {
    const TEMPLATE: &'static str = "account/notifications.html";
}
