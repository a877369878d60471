//! Notices in this browser: on, off, renewed, tested, offered.

use crate::here::{By, Here};
use crate::oidc::Steerer;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, SecretHash, Timestamp};
use identity::receipt::{self, Got, Receipt};
use identity::{Agent, Device, Event, PushOffer};
use std::sync::Arc;
use std::time::Duration;
use store::model::Subscription;
use zeroize::Zeroizing;

const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A subscription that a browser gave and the push library found sound.
pub struct Checked {
    /// The push service's URL for this browser: whoever has it and the keys can ring it.
    pub endpoint: Zeroizing<String>,
    /// The push service's origin, for logs and metrics.
    pub service: String,
    /// Endpoint and keys in the form in which they are kept, to be sealed.
    pub json: Zeroizing<String>,
}

/// Judges the JSON of a browser's `PushSubscription` by the rules by which it is sent to later; or says what is
/// wrong. It is handed in at the start: use cases know nothing of Web Push.
pub type CheckSubscription = Arc<dyn Fn(&str) -> Result<Checked, String> + Send + Sync>;

/// Why notices were not switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushRefusal {
    /// It is no subscription that we may call; what is wrong with it.
    Subscription(String),
    /// Too many browsers of this account are on.
    TooMany,
    /// Notices are not on in this browser.
    NotOn,
}

/// A browser that is rung.
#[derive(Debug, Clone)]
pub struct RungBrowser {
    /// The subscription.
    pub subscription: Subscription,
    /// What the browser is.
    pub agent: Agent,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// A browser that is not rung any more, as nothing reaches it.
#[derive(Debug, Clone)]
pub struct GoneBrowser {
    /// What it is.
    pub agent: Agent,
    /// When its push service said so.
    pub at: Timestamp,
}

/// What a page needs to switch notices on in this browser.
#[derive(Debug, Clone)]
pub struct PushState {
    /// The key to subscribe with (`applicationServerKey`), base64url.
    pub vapid_key: String,
    /// Hash of the endpoint that is on here, base64url: the page compares.
    pub endpoint: Option<String>,
    /// Whether notices should be on here: after a sign-out they come back by themselves.
    pub wanted: bool,
    /// Whether they are on in another browser of the person.
    pub elsewhere: bool,
}

/// An answer to the card that offers notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferAnswer {
    /// Again in ninety days, twice at most.
    NotNow,
    /// Never, in no browser.
    Never,
}

impl Here {
    /// Notes what a browser says of a notice. It says nothing of what the person wants. `false` for one that is not ours;
    /// said twice, it is the same.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn note_receipt(&self, token: &str, got: Got) -> Result<bool, Fault> {
        let key = self.parts().keyring.subkey(receipt::KEY_PURPOSE);
        let Some(notice) = Receipt::read(token, &key, self.tenant().id) else { return Ok(false) };
        let mut tx = self.begin().await?;
        tx.note_receipt((notice.delivery, notice.subscription), got, self.now()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Switches notices on in this browser. A first one follows at once.
    ///
    /// # Errors
    /// [`PushRefusal`].
    pub async fn subscribe(&self, signed: &Signed, json: &str, visitor: &Visitor) -> Answer<Id, PushRefusal> {
        let fresh = self.save_subscription(signed, json, None).await?;
        let mut tx = fresh.1;
        let id = fresh.0;
        self.emit(&mut tx, &By::owner(signed, visitor), Event::PushEnabled { subscription: id }).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The browser renewed its subscription by itself, or a page found that it differs from ours: the new
    /// one takes the place of the old one, quietly.
    ///
    /// # Errors
    /// [`PushRefusal`].
    pub async fn renew(&self, signed: &Signed, json: &str) -> Answer<Id, PushRefusal> {
        let (id, tx) = self.save_subscription(signed, json, Some(())).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn save_subscription(
        &self,
        signed: &Signed,
        json: &str,
        renewed: Option<()>,
    ) -> Answer<(Id, store::Tx), PushRefusal> {
        let checked = match (self.parts().check_subscription)(json) {
            Ok(checked) => checked,
            Err(error) => return refuse(PushRefusal::Subscription(error)),
        };
        let vapid_key = self.keys().vapid.id;
        let now = self.now();
        let (mut tx, own) = self.begin_as(signed).await?;
        let present = tx.list_subscriptions(signed.id()).await?;
        let others = present.iter().filter(|s| s.device != signed.device.id).count();
        if renewed.is_some() && !own.push_wanted {
            return refuse(PushRefusal::NotOn);
        }
        if others >= self.settings().max_subscriptions {
            return refuse(PushRefusal::TooMany);
        }
        // One per browser: what the old endpoint still takes would ring nobody.
        tx.delete_subscriptions_of_device(signed.device.id).await?;
        let id = self.new_id();
        let subscription = Subscription {
            id,
            account: signed.id(),
            device: signed.device.id,
            session: signed.session.id,
            endpoint: SecretHash::of(checked.endpoint.as_bytes()),
            service: checked.service,
            sealed: self.parts().keyring.seal(
                &format!("subscriptions.sealed/{id}"),
                checked.json.as_bytes(),
                self.rng(),
            )?,
            vapid_key,
            created_at: now,
            delivered_at: None,
            shown_at: None,
            clicked_at: None,
            failing_since: None,
            strikes: 0,
        };
        tx.put_subscription(&subscription).await?;
        tx.update_device(&Device { push_wanted: true, ..own }).await?;
        Ok((id, tx))
    }

    /// Switches notices off in this browser. The event sends a last word by the ways that are left.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn unsubscribe(&self, signed: &Signed, visitor: &Visitor) -> Result<bool, Fault> {
        let (mut tx, own) = self.begin_as(signed).await?;
        let removed = tx.delete_subscriptions_of_device(signed.device.id).await?;
        tx.update_device(&Device { push_wanted: false, ..own }).await?;
        if removed > 0 {
            let event = Event::PushDisabled { agent: signed.device.agent.clone() };
            self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
        }
        tx.commit().await?;
        Ok(removed > 0)
    }

    /// Switches notices off in any browser of the person.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn remove_subscription(
        &self,
        signed: &Signed,
        subscription: Id,
        visitor: &Visitor,
    ) -> Result<bool, Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let found = tx.find_subscription(subscription).await?.filter(|s| s.account == signed.id());
        let Some(found) = found else { return Ok(false) };
        tx.delete_subscription(found.id).await?;
        let device = tx.find_device(found.device).await?;
        let agent = device.as_ref().map(|d| d.agent.clone()).unwrap_or_default();
        if let Some(device) = device {
            tx.update_device(&Device { push_wanted: false, ..device }).await?;
        }
        self.emit(&mut tx, &By::owner(signed, visitor), Event::PushDisabled { agent }).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Sends a test notice: to the browser whose subscription is named, else to the one that asks.
    ///
    /// # Errors
    /// [`PushRefusal::NotOn`].
    pub async fn test_notice<'a>(
        &self,
        who: impl Into<Steerer<'a>>,
        named: Option<Id>,
        visitor: &Visitor,
    ) -> Answer<(), PushRefusal> {
        let who = who.into();
        let account = who.account().id;
        let mut tx = self.begin_for(who).await?;
        let device = who.device().map(|device| device.id);
        let there = tx.list_subscriptions(account).await?.into_iter().find(|one| match named {
            Some(id) => one.id == id,
            None => Some(one.device) == device,
        });
        let Some(there) = there else { return refuse(PushRefusal::NotOn) };
        let key: &[&[u8]] = &[b"push:test", account.as_bytes()];
        if crate::guard::allow(self, &mut tx, key, &self.settings().mails).await? {
            self.emit(&mut tx, &who.by(visitor), Event::PushTest { subscription: there.id }).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The browsers that are rung: this one first.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn rung_browsers<'a>(&self, who: impl Into<Steerer<'a>>) -> Result<Vec<RungBrowser>, Fault> {
        let who = who.into();
        let here = who.device().map(|device| device.id);
        let mut read = self.read().await?;
        let devices = read.list_devices(who.account().id).await?;
        let present = read.list_subscriptions(who.account().id).await?;
        let mut browsers = Vec::with_capacity(present.len());
        for subscription in present {
            let device = devices.iter().find(|device| device.id == subscription.device);
            let agent = device.map(|device| device.agent.clone()).unwrap_or_default();
            browsers.push(RungBrowser { here: Some(subscription.device) == here, agent, subscription });
        }
        browsers.sort_by_key(|browser| (!browser.here, browser.subscription.created_at));
        Ok(browsers)
    }

    /// The browsers that were rung until their push service said that they are gone, within a month, and are not rung
    /// again.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn gone_browsers(&self, signed: &Signed) -> Result<Vec<GoneBrowser>, Fault> {
        let mut read = self.read().await?;
        let present = read.list_subscriptions(signed.id()).await?;
        let events = read.list_kinds_of(signed.id(), &["push.gone"], self.now().minus(MONTH)).await?;
        let mut seen: Vec<Option<Id>> = present.iter().map(|subscription| Some(subscription.device)).collect();
        let mut gone = Vec::new();
        for record in events {
            // Newest first: one line for a browser.
            if !seen.contains(&record.device) {
                seen.push(record.device);
                gone.push(GoneBrowser { agent: record.agent, at: record.at });
            }
        }
        Ok(gone)
    }

    /// What a page needs to know about notices in this browser.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn push_state<'a>(&self, who: impl Into<Steerer<'a>>) -> Result<PushState, Fault> {
        let who = who.into();
        let present = self.read().await?.list_subscriptions(who.account().id).await?;
        let device = who.device();
        let is_here = |one: &Subscription| device.is_some_and(|device| device.id == one.device);
        let here = present.iter().find(|one| is_here(one));
        Ok(PushState {
            vapid_key: self.keys().vapid.public.clone(),
            endpoint: here.map(|s| s.endpoint.to_base64url()),
            wanted: device.is_some_and(|device| device.push_wanted),
            elsewhere: present.iter().any(|one| !is_here(one)),
        })
    }

    /// Whether the card that offers notices is shown in this browser.
    pub(crate) fn may_offer(&self, signed: &Signed) -> bool {
        self.settings().offer_notices
            && !signed.account.push_offer_declined
            && !signed.device.push_wanted
            && signed.device.push_offer.may_show(self.now())
    }

    /// Keeps an answer to the card.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn answer_offer(&self, signed: &Signed, answer: OfferAnswer) -> Result<(), Fault> {
        let (mut tx, own) = self.begin_as(signed).await?;
        match answer {
            OfferAnswer::NotNow => {
                let push_offer: PushOffer = own.push_offer.postponed(self.now());
                tx.update_device(&Device { push_offer, ..own }).await?;
            }
            OfferAnswer::Never => {
                if let Some(account) = tx.lock_account(signed.id()).await? {
                    tx.update_account(&identity::Account { push_offer_declined: true, ..account }).await?;
                }
            }
        }
        tx.commit().await
    }
}
