//! What a person wants to be told, and where: topic × channel.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Topic {
    /// A sign-in from a device that we do not know.
    #[serde(rename = "login.new_device")]
    NewDevice,
    /// Password or another way to sign in was changed.
    #[serde(rename = "credential.changed")]
    CredentialChanged,
    /// An app was given access.
    #[serde(rename = "app.connected")]
    AppConnected,
}

/// How a notice reaches a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Web Push, to every browser where it is on.
    Push,
    /// Mail.
    Email,
}

impl Topic {
    /// All topics, in the order in which the page shows them.
    pub const ALL: [Self; 3] = [Self::NewDevice, Self::CredentialChanged, Self::AppConnected];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewDevice => "login.new_device",
            Self::CredentialChanged => "credential.changed",
            Self::AppConnected => "app.connected",
        }
    }

    /// The topic of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == name)
    }

    /// Whether the channel is on before the person has chosen.
    pub const fn on_by_default(self, channel: Channel) -> bool {
        match (self, channel) {
            (Self::NewDevice | Self::CredentialChanged, _) | (Self::AppConnected, Channel::Email) => true,
            (Self::AppConnected, Channel::Push) => false,
        }
    }

    /// Whether the channel can't be switched off: a thief must not be able to silence the warning. Push
    /// can always be switched off.
    pub const fn is_locked(self, channel: Channel) -> bool {
        matches!((self, channel), (Self::CredentialChanged, Channel::Email))
    }
}

impl Channel {
    /// Both channels.
    pub const ALL: [Self; 2] = [Self::Push, Self::Email];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Email => "email",
        }
    }

    /// The channel of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

/// The choices of an account. What was never chosen follows the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Counts the changes; a change names the revision that it saw.
    pub revision: i64,
    /// What was chosen.
    pub chosen: BTreeMap<(Topic, Channel), bool>,
    /// When the last change was made.
    pub changed_at: Option<base::Timestamp>,
    /// In which browser ("Firefox on Linux": the agent, named by the view).
    pub changed_in: Option<crate::Agent>,
}

impl Preferences {
    /// Whether a notice of this topic goes out on this channel.
    pub fn is_on(&self, topic: Topic, channel: Channel) -> bool {
        topic.is_locked(channel)
            || self.chosen.get(&(topic, channel)).copied().unwrap_or_else(|| topic.on_by_default(channel))
    }
}
