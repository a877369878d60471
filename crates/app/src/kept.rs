//! What is kept for notices: shown to whom it concerns, and deleted.

use crate::here::{By, Here};
use crate::oidc::Steerer;
use crate::push::RungBrowser;
use crate::visitor::{Signed, Visitor};
use base::Fault;
use identity::{Device, Event};
use serde::Deserialize;
use zeroize::Zeroizing;

/// All that is kept for an account's notices.
#[derive(Clone)]
pub struct Kept {
    /// For each browser that is rung.
    pub browsers: Vec<KeptBrowser>,
    /// How many notices stand in the outbox: sent within the last month, or still to be.
    pub notices: u64,
}

/// What is kept for a browser.
#[derive(Clone)]
pub struct KeptBrowser {
    /// Which, since when.
    pub browser: RungBrowser,
    /// Where the push service takes its notices.
    pub endpoint: Zeroizing<String>,
    /// Its public key (`p256dh`), base64url. The secret beside it (`auth`) is shown to nobody.
    pub public_key: String,
}

/// The form in which a subscription is sealed (Push API, `PushSubscription.toJSON()`).
#[derive(Deserialize)]
struct Sealed {
    endpoint: Zeroizing<String>,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
}

impl Here {
    /// What is kept.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer, or what is sealed can't be opened.
    pub async fn kept_for_notices<'a>(&self, who: impl Into<Steerer<'a>>) -> Result<Kept, Fault> {
        let who = who.into();
        let browsers = self.rung_browsers(who).await?;
        let browsers = browsers.into_iter().map(|browser| self.unseal(browser)).collect::<Result<_, Fault>>()?;
        let notices = self.read().await?.count_pushes(who.account().id).await?;
        Ok(Kept { browsers, notices: u64::try_from(notices).unwrap_or(0) })
    }

    fn unseal(&self, browser: RungBrowser) -> Result<KeptBrowser, Fault> {
        let place = format!("subscriptions.sealed/{}", browser.subscription.id);
        let plain = self.parts().keyring.open(&place, &browser.subscription.sealed);
        let plain = plain.map_err(|e| Fault::new("open a subscription", e))?;
        let found: Sealed = serde_json::from_slice(&plain).map_err(|e| Fault::new("read a subscription", e))?;
        Ok(KeptBrowser { browser, endpoint: found.endpoint, public_key: found.keys.p256dh })
    }

    /// Deletes it, and so ends notices in every browser of the person. A mail for each of them says so.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn forget_notices(&self, signed: &Signed, visitor: &Visitor) -> Result<(), Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let present = tx.list_subscriptions(signed.id()).await?;
        tx.forget_push(signed.id()).await?;
        for device in tx.list_devices(signed.id()).await? {
            if present.iter().any(|subscription| subscription.device == device.id) {
                let event = Event::PushDisabled { agent: device.agent.clone() };
                self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
            }
            if device.push_wanted {
                tx.update_device(&Device { push_wanted: false, ..device }).await?;
            }
        }
        tx.commit().await
    }
}
