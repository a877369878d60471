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
    /// A sensitive change waits for a yes.
    #[serde(rename = "change.requested")]
    ChangeRequested,
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
    pub const ALL: [Self; 4] = [Self::NewDevice, Self::CredentialChanged, Self::ChangeRequested, Self::AppConnected];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewDevice => "login.new_device",
            Self::CredentialChanged => "credential.changed",
            Self::ChangeRequested => "change.requested",
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
            (Self::NewDevice | Self::CredentialChanged | Self::ChangeRequested, _)
            | (Self::AppConnected, Channel::Email) => true,
            (Self::AppConnected, Channel::Push) => false,
        }
    }

    /// Whether it is about who gets into the account.
    pub const fn is_security(self) -> bool {
        match self {
            Self::NewDevice | Self::CredentialChanged | Self::ChangeRequested => true,
            Self::AppConnected => false,
        }
    }

    /// Whether the channel can't be switched off: a thief must not be able to silence the warning. Push
    /// can always be switched off.
    pub const fn is_locked(self, channel: Channel) -> bool {
        matches!((self, channel), (Self::CredentialChanged | Self::ChangeRequested, Channel::Email))
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
    /// When nothing rings, and how much a lock screen may say.
    pub quiet: crate::Quiet,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_anything_is_chosen_security_reaches_both_channels_and_apps_only_the_mail() {
        let fresh = Preferences::default();
        for topic in [Topic::NewDevice, Topic::CredentialChanged] {
            assert!(Channel::ALL.into_iter().all(|channel| fresh.is_on(topic, channel)));
        }
        assert!(fresh.is_on(Topic::AppConnected, Channel::Email));
        assert!(!fresh.is_on(Topic::AppConnected, Channel::Push));
    }

    #[test]
    fn a_choice_holds_but_for_the_floor() {
        let mut all_off = Preferences::default();
        for topic in Topic::ALL {
            for channel in Channel::ALL {
                all_off.chosen.insert((topic, channel), false);
            }
        }
        let on: Vec<_> = Topic::ALL
            .into_iter()
            .flat_map(|topic| Channel::ALL.map(|channel| (topic, channel)))
            .filter(|(topic, channel)| all_off.is_on(*topic, *channel))
            .collect();
        assert_eq!(on, [(Topic::CredentialChanged, Channel::Email), (Topic::ChangeRequested, Channel::Email)]);
    }

    #[test]
    fn push_can_always_be_switched_off() {
        assert!(Topic::ALL.into_iter().all(|topic| !topic.is_locked(Channel::Push)));
    }

    #[test]
    fn names_lead_back_to_what_they_name_and_are_those_of_the_api() {
        for topic in Topic::ALL {
            assert_eq!(Topic::from_name(topic.as_str()), Some(topic));
            assert_eq!(serde_json::to_value(topic).unwrap(), topic.as_str());
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::from_name(channel.as_str()), Some(channel));
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.as_str());
        }
        assert_eq!(Topic::from_name("login"), None);
        assert_eq!(Channel::from_name("Push"), None);
    }
}
