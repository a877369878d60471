//! The authenticator app: set up, replaced, removed.
//!
//! While it is set up its seed is stored nowhere: it follows from the browser's cookie. Only one that has shown a right
//! code is kept, in the place of the one before.

use crate::change::Made;
use crate::guard::{Authenticator, reopen};
use crate::here::Here;
use crate::login::Recent;
use crate::problem::{Answer, refuse};
use crate::shown::{Shown, browser_of};
use crate::visitor::{Cookies, Signed, Visitor};
use base::{Fault, Id, Secret, Timestamp};
use identity::Totp;
use identity::change::Change;
use identity::digits::six_digits;
use identity::login::Method;
use identity::totp::{self, Seed};
use store::Tx;
use zeroize::Zeroizing;

/// How it stands with the authenticator app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppStanding {
    /// Since when there is one.
    pub since: Timestamp,
    /// Last sign-in with it.
    pub last_used_at: Option<Timestamp>,
}

/// An app that is being set up.
pub struct SetUpApp {
    /// Which try it is: the same try shows the same seed again.
    pub attempt: Id,
    /// What the QR code says.
    pub uri: Zeroizing<String>,
    /// The same for an app without a camera.
    pub key: Zeroizing<String>,
    /// Whether it would take the place of another.
    pub replaces: bool,
    /// Cookies to set with the page.
    pub cookies: Cookies,
}

/// The form of a set-up.
pub struct ConfirmApp {
    /// Which try it is.
    pub attempt: Id,
    /// The code that the app shows.
    pub code: Zeroizing<String>,
    /// Whether the other devices are signed out.
    pub end_others: bool,
}

/// Why an app was not set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppRefusal {
    /// Authenticator apps are switched off here.
    Off,
    /// A code has six digits.
    Malformed,
    /// It is not the code of this seed.
    Wrong,
    /// It is the code of another time: the app's clock is wrong.
    ClockIsOff,
}

impl Here {
    /// The account's authenticator app, if it has one.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn authenticator_app(&self, signed: &Signed) -> Result<Option<AppStanding>, Fault> {
        let found = self.read().await?.find_totp(signed.id()).await?;
        Ok(found.and_then(|totp| totp.confirmed_at.map(|since| AppStanding { since, last_used_at: totp.last_used_at })))
    }

    /// Whether authenticator apps are taken here.
    pub fn takes_authenticator_apps(&self) -> bool {
        self.settings().sign_in.methods.has(Method::Totp)
    }

    /// The page that sets one up. Looking at it changes nothing.
    ///
    /// # Errors
    /// [`AppRefusal::Off`].
    pub async fn set_up_app(
        &self,
        recent: &Recent,
        attempt: Option<Id>,
        visitor: &Visitor,
    ) -> Answer<SetUpApp, AppRefusal> {
        if !self.takes_authenticator_apps() {
            return refuse(AppRefusal::Off);
        }
        let (browser, cookies) = browser_of(self, visitor);
        let attempt = attempt.unwrap_or_else(|| self.new_id());
        let seed = self.new_seed(&browser, recent.id(), attempt);
        let replaces = self.authenticator_app(recent).await?.is_some();
        Ok(SetUpApp {
            attempt,
            uri: seed.uri(&self.tenant().name, recent.account.email.as_str()),
            key: seed.key(),
            replaces,
            cookies,
        })
    }

    /// Takes the app whose code this is. Answers with the set of recovery codes to show, if a first one was made.
    ///
    /// # Errors
    /// [`AppRefusal`].
    pub async fn confirm_app(
        &self,
        recent: &Recent,
        form: ConfirmApp,
        visitor: &Visitor,
    ) -> Answer<Made<Option<Id>>, AppRefusal> {
        let Some(browser) = &visitor.browser else { return refuse(AppRefusal::Wrong) };
        let (seed, step) = self.check_new_app(browser, (recent.id(), form.attempt), &form.code)?;
        let (account, set) = (recent.id(), form.attempt);
        let (mut tx, _) = self.begin_recent(recent).await?;
        let present = tx.find_totp(account).await?;
        // The same request again: it is done, or waits.
        if self.is_this_app(account, present.as_ref(), &seed)? {
            let shown = self.shows_codes(&mut tx, (account, set), browser).await?;
            return Ok(Made::Done(shown.then_some(set)));
        }
        let codes = self.missing_codes(&mut tx, (account, set), browser).await?;
        let first = !codes.is_empty();
        let app = self.new_app(account, (&seed, step))?;
        let change = Change::SetTotp {
            app,
            replaces: present.is_some(),
            codes,
            set: first.then_some(set),
            end_others: form.end_others,
        };
        let made = self.change(&mut tx, recent, change, visitor).await?;
        tx.commit().await?;
        Ok(made.map(|_| first.then_some(set)))
    }

    /// Removes the app; `None` when there is none.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn remove_authenticator_app(
        &self,
        recent: &Recent,
        end_others: bool,
        visitor: &Visitor,
    ) -> Result<Option<Made<()>>, Fault> {
        let (mut tx, _) = self.begin_recent(recent).await?;
        if tx.find_totp(recent.id()).await?.is_none() {
            return Ok(None);
        }
        let made = self.change(&mut tx, recent, Change::RemoveTotp { end_others }, visitor).await?;
        tx.commit().await?;
        Ok(Some(made.map(drop)))
    }

    /// The seed of a try in this browser.
    pub(crate) fn new_seed(&self, browser: &Secret, account: Id, attempt: Id) -> Seed {
        let bits = self.shown(Shown::Seed, browser, account, attempt);
        let mut bytes = [0; totp::SEED];
        for (to, from) in bytes.iter_mut().zip(bits.iter()) {
            *to = *from;
        }
        Seed::new(bytes)
    }

    /// Whether the code is of the seed that this try shows. It is no guess: whoever asks has the seed before them.
    pub(crate) fn check_new_app(
        &self,
        browser: &Secret,
        (account, attempt): (Id, Id),
        code: &str,
    ) -> Answer<(Seed, i64), AppRefusal> {
        if !self.takes_authenticator_apps() {
            return refuse(AppRefusal::Off);
        }
        let Some(digits) = six_digits(code) else { return refuse(AppRefusal::Malformed) };
        let seed = self.new_seed(browser, account, attempt);
        match seed.set_up(&digits, self.now()) {
            totp::SetUp::Right(step) => Ok((seed, step)),
            totp::SetUp::ClockIsOff => refuse(AppRefusal::ClockIsOff),
            totp::SetUp::Wrong => refuse(AppRefusal::Wrong),
        }
    }

    /// Keeps an app that has shown a right code, in the place of the one before. The step of that code is spent. `false`
    /// when it was kept already: the same request came twice. The account's row is locked.
    pub(crate) async fn keep_app(&self, tx: &mut Tx, account: Id, (seed, step): (&Seed, i64)) -> Result<bool, Fault> {
        if self.is_this_app(account, tx.find_totp(account).await?.as_ref(), seed)? {
            return Ok(false);
        }
        tx.put_totp(&self.new_app(account, (seed, step))?).await?;
        reopen(self, tx, Authenticator::Totp, account).await?;
        Ok(true)
    }

    fn is_this_app(&self, account: Id, present: Option<&Totp>, seed: &Seed) -> Result<bool, Fault> {
        let Some(present) = present else { return Ok(false) };
        Ok(self.open_seed(account, &present.sealed)?.expose() == seed.expose())
    }

    fn new_app(&self, account: Id, (seed, step): (&Seed, i64)) -> Result<Totp, Fault> {
        let now = self.now();
        Ok(Totp {
            account,
            sealed: self.seal_seed(account, seed)?,
            last_step: step,
            created_at: now,
            confirmed_at: Some(now),
            last_used_at: None,
        })
    }
}
