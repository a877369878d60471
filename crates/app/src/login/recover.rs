//! A forgotten password, by mail.

use crate::guard::{Authenticator, allow, reopen};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::{Cookies, Visitor};
use base::{Email, Fault, Id, Secret, SecretKind};
use identity::account::PasswordHash;
use identity::password_policy::{Policy, WeakPassword};
use identity::{Account, AccountStatus, AskedForReset, Device, EndReason, Event, Purpose, SingleUse};
use store::Tx;
use zeroize::Zeroizing;

/// The form behind the link.
pub struct SetPassword {
    /// The token of the link.
    pub token: String,
    /// The new password.
    pub password: Zeroizing<String>,
}

/// Why no password was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResetRefusal {
    /// That is no mail address.
    Email,
    /// The link was used, is too old, or a newer one was sent.
    LinkGone,
    /// The password is not good enough.
    Weak(WeakPassword),
    /// It is the old one, which somebody else may know.
    Same,
}

/// Why a new password was not taken.
pub(crate) enum NotTaken {
    /// It is not good enough.
    Weak(WeakPassword),
    /// It is the old one.
    Same,
}

impl From<NotTaken> for ResetRefusal {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Weak(weak) => Self::Weak(weak),
            NotTaken::Same => Self::Same,
        }
    }
}

impl Here {
    /// Has a link sent, if the address has an account. Which it has is looked up when the mail is written:
    /// the answer here is the same, and takes as long.
    ///
    /// # Errors
    /// [`ResetRefusal::Email`].
    pub async fn request_reset(&self, email: &str, visitor: &Visitor) -> Answer<(), ResetRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(ResetRefusal::Email) };
        let mut tx = self.begin().await?;
        let (limit, network) = (self.settings().mails, crate::guard::network(visitor.ip));
        // One network asks so often and no more; the answer is the same.
        if allow(self, &mut tx, &[b"reset:address", &network], &self.settings().address).await?
            && allow(self, &mut tx, &[b"mail:reset", email.key().as_bytes()], &limit).await?
        {
            let event = Event::ResetRequested(AskedForReset { email, locale: visitor.locale.clone() });
            self.emit(&mut tx, &By::stranger(visitor), event).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The page behind the link: whose password it sets. Looking spends nothing.
    ///
    /// # Errors
    /// [`ResetRefusal::LinkGone`].
    pub async fn reset_page(&self, token: &str) -> Answer<Email, ResetRefusal> {
        let (_, account) = self.reset_link(token).await?;
        match self.read().await?.find_account(account).await? {
            Some(account) if account.status == AccountStatus::Active => Ok(account.email),
            _ => refuse(ResetRefusal::LinkGone),
        }
    }

    /// Sets the new password. Every session and every app's access ends; nobody is signed in by it.
    ///
    /// # Errors
    /// [`ResetRefusal`].
    pub async fn reset(&self, form: SetPassword, visitor: &Visitor) -> Answer<Cookies, ResetRefusal> {
        let (link, account) = self.reset_link(&form.token).await?;
        let Some(account) = self.read().await?.find_account(account).await? else {
            return refuse(ResetRefusal::LinkGone);
        };
        let policy = self.password_policy_for(account.id).await?;
        let record =
            self.new_password(&account, (policy, form.password), visitor).await.map_err(|p| p.map(Into::into))?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let locked = tx.lock_account(account.id).await?;
        if locked.is_none_or(|account| account.status != AccountStatus::Active) {
            return refuse(ResetRefusal::LinkGone);
        }
        if tx.consume_single_use(link.hash, Purpose::ResetPassword, now).await?.is_none() {
            return refuse(ResetRefusal::LinkGone);
        }
        self.set_anew(&mut tx, account.id, &record).await?;
        let by = By::about(account.id, None, visitor);
        self.withdraw_trust(&mut tx, account.id, &by).await?;
        self.withdraw_changes(&mut tx, account.id, &by).await?;
        self.owner_is_back(&mut tx, account.id, &by).await?;
        let (device, cookie) = self.own_device(&mut tx, account.id, visitor).await?;
        self.emit(&mut tx, &By::about(account.id, Some(device), visitor), Event::PasswordReset {}).await?;
        tx.commit().await?;
        Ok(Cookies { device: Some(cookie), ..Cookies::default() })
    }

    /// The hash of a new password that is set without the old one, if it is good enough and another one.
    pub(crate) async fn new_password(
        &self,
        account: &Account,
        (policy, password): (Policy, Zeroizing<String>),
        visitor: &Visitor,
    ) -> Answer<PasswordHash, NotTaken> {
        if let Err(weak) = self.check_strength(policy, &password, &[account.email.as_str(), &account.name]).await {
            return refuse(NotTaken::Weak(weak));
        }
        let old = self.read().await?.find_password(account.id).await?;
        if self.hasher().verify(password.clone(), old.as_ref(), self.turn(visitor)).await? {
            return refuse(NotTaken::Same);
        }
        Ok(self.hasher().hash(password, self.turn(visitor)).await?)
    }

    /// Sets a password that makes all before it void: links, sessions, apps' access, strangers' notices, and the count
    /// of guesses, for the owner must not wait for a guesser.
    pub(crate) async fn set_anew(&self, tx: &mut Tx, account: Id, record: &PasswordHash) -> Result<(), Fault> {
        let now = self.now();
        tx.void_single_uses(Purpose::ResetPassword, account, now).await?;
        tx.put_password(account, record, now).await?;
        self.end_all(tx, account, None, EndReason::PasswordChanged).await?;
        self.silence_strangers(tx, account).await?;
        reopen(self, tx, Authenticator::MailCode, account).await?;
        reopen(self, tx, Authenticator::Password, account).await
    }

    /// Whoever has the mail and sets a new password is the owner: this browser is one of theirs from now on. It is
    /// the way back to a device whose word counts when all others are gone.
    pub(crate) async fn own_device(&self, tx: &mut Tx, account: Id, visitor: &Visitor) -> Result<(Id, Secret), Fault> {
        let now = self.now();
        let (device, cookie, _) = crate::login::finish::recognise(self, tx, account, visitor).await?;
        tx.update_device(&Device { known_at: device.known_at.or(Some(now)), ..device.clone() }).await?;
        Ok((device.id, cookie))
    }

    async fn reset_link(&self, token: &str) -> Answer<(SingleUse, Id), ResetRefusal> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else { return refuse(ResetRefusal::LinkGone) };
        let found = self.read().await?.find_single_use(secret.hash(), Purpose::ResetPassword).await?;
        let live = found.filter(|link| link.consumed_at.is_none() && self.now() < link.expires_at);
        match live.and_then(|link| link.account.map(|account| (link, account))) {
            Some(pair) => Ok(pair),
            None => refuse(ResetRefusal::LinkGone),
        }
    }

    /// Removes the notices of devices that nobody has vouched for: after a new password a thief's browser must not
    /// hear of the owner's sign-ins. Known ones stay, for they have to ring about this very change.
    pub(crate) async fn silence_strangers(&self, tx: &mut Tx, account: Id) -> Result<(), Fault> {
        for device in tx.list_devices(account).await? {
            if !device.vouches(self.now()) {
                tx.delete_subscriptions_of_device(device.id).await?;
            }
        }
        Ok(())
    }

    /// Ends every session of an account but one, with everything that hangs on them; all grants, too, when
    /// none is spared.
    pub(crate) async fn end_all(
        &self,
        tx: &mut Tx,
        account: Id,
        but: Option<Id>,
        reason: EndReason,
    ) -> Result<usize, Fault> {
        let now = self.now();
        let mut ended = 0;
        for session in tx.list_sessions(account, now).await? {
            if Some(session.id) != but && self.end(tx, &session, reason).await? {
                ended += 1;
            }
        }
        if but.is_none() {
            tx.revoke_grants_of(account, None, now).await?;
        }
        Ok(ended)
    }
}
