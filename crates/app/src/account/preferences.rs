//! What the person wants to be told, and where.

use crate::here::Here;
use crate::oidc::Steerer;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::Fault;
use identity::quiet::PauseFor;
use identity::{Channel, Event, Preferences, Quiet, QuietChange, QuietHours, Topic};
use store::Tx;
use store::model::{Choice, PreferenceChange};

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

/// When nothing rings, and how much a notice says; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct SetQuiet {
    /// No notice for a while from now; `Some(None)` ends a pause.
    pub pause: Option<Option<PauseFor>>,
    /// The hours of each day in which nothing rings; `Some(None)` for none.
    pub hours: Option<Option<QuietHours>>,
    /// Whether notices about the account's security ring all the same.
    pub security_rings: Option<bool>,
    /// Whether a notice says only that there is something.
    pub hide_details: Option<bool>,
    /// The revision that the person saw.
    pub seen_revision: i64,
}

/// Why the switch stayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreferenceRefusal {
    /// It can't be switched off: a thief must not be able to silence the warning.
    Locked,
    /// It would make the bell quieter about the account's security: the person does that, no app does.
    NotByApp,
    /// It was changed in another browser meanwhile; this is how it stands.
    Stale(Preferences),
}

impl Here {
    /// The account's choices.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn preferences<'a>(&self, who: impl Into<Steerer<'a>>) -> Result<Preferences, Fault> {
        self.read().await?.preferences(who.into().account().id).await
    }

    /// Throws one switch, for every browser of the person. Answers how things stand then.
    ///
    /// # Errors
    /// [`PreferenceRefusal`].
    pub async fn set_preference<'a>(
        &self,
        who: impl Into<Steerer<'a>>,
        set: SetPreference,
        visitor: &Visitor,
    ) -> Answer<Preferences, PreferenceRefusal> {
        let who = who.into();
        if !set.on && set.topic.is_locked(set.channel) {
            return refuse(PreferenceRefusal::Locked);
        }
        if who.is_app() && !set.on && set.topic.is_security() {
            return refuse(PreferenceRefusal::NotByApp);
        }
        let mut tx = self.begin_for(who).await?;
        let choice = Choice::Switch(set.topic, set.channel, set.on);
        self.choose(&mut tx, who, choice, set.seen_revision).await?;
        let event = Event::PreferencesChanged { topic: set.topic, channel: set.channel, on: set.on };
        self.emit(&mut tx, &who.by(visitor), event).await?;
        let now = tx.preferences(who.account().id).await?;
        tx.commit().await?;
        Ok(now)
    }

    /// Changes when the person's browsers may ring, and how much a notice says. What was held back and need not be any
    /// more rings at once.
    ///
    /// # Errors
    /// [`PreferenceRefusal`].
    pub async fn set_quiet<'a>(
        &self,
        who: impl Into<Steerer<'a>>,
        set: SetQuiet,
        visitor: &Visitor,
    ) -> Answer<Preferences, PreferenceRefusal> {
        let who = who.into();
        let account = who.account();
        let mut tx = self.begin_for(who).await?;
        let mut before = tx.preferences(account.id).await?.quiet;
        before.pause = before.pause_at(self.now());
        let quiet = self.quieted(&before, &set, account.time_zone.as_deref());
        let silences = quiet.silences_more_than(&before);
        if who.is_app() && (silences || (before.security_rings && !quiet.security_rings)) {
            return refuse(PreferenceRefusal::NotByApp);
        }
        self.choose(&mut tx, who, Choice::Quiet(quiet.clone()), set.seen_revision).await?;
        let browsers = tx.list_subscriptions(account.id).await?;
        let targets: Vec<String> = browsers.iter().map(|browser| browser.id.to_string()).collect();
        tx.release_deliveries(&targets, self.now()).await?;
        self.emit(&mut tx, &who.by(visitor), Event::QuietChanged(QuietChange { quiet, silences })).await?;
        let now = tx.preferences(account.id).await?;
        tx.commit().await?;
        Ok(now)
    }

    fn quieted(&self, before: &Quiet, set: &SetQuiet, zone: Option<&str>) -> Quiet {
        let now = self.now();
        Quiet {
            pause: set.pause.map_or(before.pause, |wish| wish.map(|wish| wish.from(now, zone))),
            hours: set.hours.unwrap_or(before.hours),
            security_rings: set.security_rings.unwrap_or(before.security_rings),
            hide_details: set.hide_details.unwrap_or(before.hide_details),
        }
    }

    async fn choose(
        &self,
        tx: &mut Tx,
        who: Steerer<'_>,
        what: Choice,
        seen_revision: i64,
    ) -> Answer<(), PreferenceRefusal> {
        let change = PreferenceChange { what, seen_revision, at: self.now(), by: who.agent() };
        let account = who.account().id;
        match tx.set_preference(account, &change).await? {
            Some(_) => Ok(()),
            None => refuse(PreferenceRefusal::Stale(tx.preferences(account).await?)),
        }
    }
}
