//! What the person wants to be told, and where.

use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::Fault;
use identity::{Channel, Event, Preferences, Topic};
use store::model::PreferenceChange;

/// One switch, thrown.
#[derive(Debug, Clone, Copy)]
pub struct SetPreference {
    /// The topic.
    pub topic: Topic,
    /// The channel.
    pub channel: Channel,
    /// On or off.
    pub on: bool,
    /// The revision that the person saw.
    pub seen_revision: i64,
}

/// Why the switch stayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreferenceRefusal {
    /// It can't be switched off: a thief must not be able to silence the warning.
    Locked,
    /// It was changed in another browser meanwhile; this is how it stands.
    Stale(Preferences),
}

impl Here {
    /// The account's choices.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn preferences(&self, signed: &Signed) -> Result<Preferences, Fault> {
        self.read().await?.preferences(signed.id()).await
    }

    /// Throws one switch, for every browser of the person. Answers how things stand then.
    ///
    /// # Errors
    /// [`PreferenceRefusal`].
    pub async fn set_preference(
        &self,
        signed: &Signed,
        set: SetPreference,
        visitor: &Visitor,
    ) -> Answer<Preferences, PreferenceRefusal> {
        if !set.on && set.topic.is_locked(set.channel) {
            return refuse(PreferenceRefusal::Locked);
        }
        let change = PreferenceChange {
            what: (set.topic, set.channel),
            on: set.on,
            seen_revision: set.seen_revision,
            at: self.now(),
            by: signed.device.agent.clone(),
        };
        let (mut tx, _) = self.begin_as(signed).await?;
        if tx.set_preference(signed.id(), &change).await?.is_none() {
            let now = tx.preferences(signed.id()).await?;
            return refuse(PreferenceRefusal::Stale(now));
        }
        let event = Event::PreferencesChanged { topic: set.topic, channel: set.channel, on: set.on };
        self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
        let now = tx.preferences(signed.id()).await?;
        tx.commit().await?;
        Ok(now)
    }
}
