//! Behind the link of the last mail: a new password, and nothing else that signs in.

use super::{RecoveryRefusal, Shown};
use crate::guard::{Authenticator, reopen};
use crate::here::{By, Here};
use crate::login::SetPassword;
use crate::problem::{Answer, refuse};
use crate::visitor::{Cookies, Visitor};
use base::{Fault, Id};
use identity::recovery::Standing;
use identity::{Account, AccountStatus, Event, Purpose, Recovery, Role, SingleUse};
use store::Tx;

/// The page behind the link.
#[derive(Debug, Clone)]
pub enum FinishPage {
    /// It asks for a new password.
    Choose(Choose),
    /// It can't be finished: how it stands.
    Stands(Box<Shown>),
}

/// Whose password is chosen.
#[derive(Debug, Clone)]
pub struct Choose {
    /// The account's address.
    pub email: String,
}

impl Here {
    /// The page behind the link. Looking spends nothing.
    ///
    /// # Errors
    /// [`RecoveryRefusal::LinkGone`].
    pub async fn finish_page(&self, token: &str) -> Answer<FinishPage, RecoveryRefusal> {
        let (link, account, recovery) = self.finish_link(token).await?;
        if recovery.standing(self.now()) != Standing::Ready {
            return Ok(FinishPage::Stands(Box::new(self.show_recovery(&recovery, &account, true))));
        }
        if link.consumed_at.is_some() || !may_be_had(&account, &recovery) {
            return refuse(RecoveryRefusal::LinkGone);
        }
        Ok(FinishPage::Choose(Choose { email: account.email.as_str().to_owned() }))
    }

    /// Sets the new password and removes everything else that signs in, for it is lost, or in whoever's hands. Every
    /// session and every app's access ends. Nobody is signed in by it.
    ///
    /// # Errors
    /// [`RecoveryRefusal`].
    pub async fn finish_recovery(&self, form: SetPassword, visitor: &Visitor) -> Answer<Cookies, RecoveryRefusal> {
        let (link, account, recovery) = self.finish_link(&form.token).await?;
        if recovery.standing(self.now()) != Standing::Ready {
            return refuse(RecoveryRefusal::Stands(Box::new(self.show_recovery(&recovery, &account, true))));
        }
        // It will stand alone: the second factor that would let it be shorter is about to go.
        let policy = self.settings().password.clone();
        let record =
            self.new_password(&account, (policy, form.password), visitor).await.map_err(|p| p.map(Into::into))?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let locked = tx.lock_account(account.id).await?;
        let locked = locked.filter(|account| account.status == AccountStatus::Active && may_be_had(account, &recovery));
        let Some(account) = locked else { return refuse(RecoveryRefusal::LinkGone) };
        if tx.consume_single_use(link.hash, Purpose::FinishRecovery, now).await?.is_none()
            || !tx.finish_recovery(recovery.id, now).await?
        {
            return refuse(RecoveryRefusal::LinkGone);
        }
        let by = By::about(account.id, None, visitor);
        self.withdraw_changes(&mut tx, account.id, &by).await?;
        self.remove_factors(&mut tx, account.id, &by).await?;
        self.owner_is_back(&mut tx, account.id, &by).await?;
        self.set_anew(&mut tx, account.id, &record).await?;
        let (device, cookie) = self.own_device(&mut tx, account.id, visitor).await?;
        let event = Event::RecoveryFinished { recovery: recovery.id };
        self.emit(&mut tx, &By::about(account.id, Some(device), visitor), event).await?;
        tx.commit().await?;
        Ok(Cookies { device: Some(cookie), ..Cookies::default() })
    }

    /// Removes what signs in besides the password, with the count of guesses at it, and what spares anybody of it.
    async fn remove_factors(&self, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<(), Fault> {
        for key in tx.list_credentials(account).await? {
            tx.delete_credential(key.id).await?;
        }
        tx.delete_totp(account).await?;
        tx.replace_recovery_codes(account, &[]).await?;
        for identity in tx.list_identities(account).await? {
            self.remove_identity(tx, &identity, by).await?;
        }
        for what in [Authenticator::Totp, Authenticator::RecoveryCode] {
            reopen(self, tx, what, account).await?;
        }
        self.withdraw_trust(tx, account, by).await
    }

    async fn finish_link(&self, token: &str) -> Answer<(SingleUse, Account, Recovery), RecoveryRefusal> {
        let (link, account) = self.recovery_link(token, Purpose::FinishRecovery).await?;
        match self.recovery_of(&link, &account).await? {
            Some(recovery) => Ok((link, account, recovery)),
            None => refuse(RecoveryRefusal::LinkGone),
        }
    }
}

/// Who became an operator meanwhile is not had by mail.
fn may_be_had(account: &Account, recovery: &Recovery) -> bool {
    account.role != Role::Admin || recovery.is_by_operator()
}
