//! The way off that every mail about a topic brings along: without a session, by a link that does only this.

use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::Fault;
use identity::way_off::KEY_PURPOSE;
use identity::{AccountStatus, Event, Topic, WayOff};
use store::model::{Choice, PreferenceChange};

/// Why nothing was switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOffRefusal {
    /// The link was not made here, or its account is gone.
    NotOurs,
}

/// How it stands with what a link switches off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailsAbout {
    /// What the mails are about.
    pub topic: Topic,
    /// Whether they are sent.
    pub on: bool,
}

impl Here {
    /// What a link would switch off. Changes nothing: mail scanners open links.
    ///
    /// # Errors
    /// [`WayOffRefusal`].
    pub async fn way_off_page(&self, token: &str) -> Answer<MailsAbout, WayOffRefusal> {
        let Some(way) = self.read_way_off(token) else { return refuse(WayOffRefusal::NotOurs) };
        let mut read = self.read().await?;
        let account = read.find_account(way.account).await?;
        if account.is_none_or(|account| account.status != AccountStatus::Active) {
            return refuse(WayOffRefusal::NotOurs);
        }
        let on = read.preferences(way.account).await?.is_on(way.topic, way.channel);
        Ok(MailsAbout { topic: way.topic, on })
    }

    /// Switches it off, for all of the person's mails of that topic. The second time changes nothing.
    ///
    /// # Errors
    /// [`WayOffRefusal`].
    pub async fn take_way_off(&self, token: &str, visitor: &Visitor) -> Answer<MailsAbout, WayOffRefusal> {
        let Some(way) = self.read_way_off(token) else { return refuse(WayOffRefusal::NotOurs) };
        let mut tx = self.begin().await?;
        let account = tx.lock_account(way.account).await?;
        if account.is_none_or(|account| account.status != AccountStatus::Active) {
            return refuse(WayOffRefusal::NotOurs);
        }
        let now = tx.preferences(way.account).await?;
        if now.is_on(way.topic, way.channel) {
            let change = PreferenceChange {
                what: Choice::Switch(way.topic, way.channel, false),
                seen_revision: now.revision,
                at: self.now(),
                by: visitor.agent().clone(),
            };
            if tx.set_preference(way.account, &change).await?.is_none() {
                return Err(Fault::busy("the preferences were changed meanwhile").into());
            }
            let event = Event::PreferencesChanged { topic: way.topic, channel: way.channel, on: false };
            self.emit(&mut tx, &By::about(way.account, None, visitor), event).await?;
            tx.commit().await?;
        }
        Ok(MailsAbout { topic: way.topic, on: false })
    }

    fn read_way_off(&self, token: &str) -> Option<WayOff> {
        WayOff::read(token, &self.parts().keyring.subkey(KEY_PURPOSE), self.tenant().id)
    }
}
