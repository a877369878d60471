//! Changing the password: with the old one, through the same counter as the sign-in.

use crate::change::Made;
use crate::here::Here;
use crate::login::{PasswordRefusal, check_password};
use crate::problem::{Answer, refuse};
use crate::visitor::{Cookies, Signed, Visitor};
use base::{Secret, SecretKind};
use identity::Session;
use identity::change::Change;
use identity::login::Assurance;
use identity::password_policy::WeakPassword;
use store::Tx;
use zeroize::Zeroizing;

/// The form.
pub struct ChangePassword {
    /// The present password.
    pub current: Zeroizing<String>,
    /// The new one.
    pub new: Zeroizing<String>,
    /// Whether the other devices are signed out.
    pub end_others: bool,
}

/// Why the password was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The account has a second factor, which has to be proven first: the page asks for it.
    ProveFirst,
    /// The present password is wrong.
    Wrong,
    /// Too many tries.
    TooMany(crate::guard::TooMany),
    /// The new one is the old one.
    Same,
    /// The new one is not good enough.
    Weak(WeakPassword),
}

impl Here {
    /// When the password was last set.
    ///
    /// # Errors
    /// [`Fault`](base::Fault) when the database does not answer.
    pub async fn password_changed_at(&self, signed: &Signed) -> Result<Option<base::Timestamp>, base::Fault> {
        self.read().await?.password_changed_at(signed.id()).await
    }

    /// Whether the form for a new password can be shown at once. An account with a second factor has to prove both first.
    ///
    /// # Errors
    /// [`Fault`](base::Fault) when the database does not answer.
    pub async fn may_change_password(&self, signed: &Signed) -> Result<bool, base::Fault> {
        Ok(self.has_proven_both(signed, &self.factors(signed.id()).await?))
    }

    /// Changes the password, or has the change wait. The session gets a new secret when it is done at once; the others
    /// end unless the person says not to.
    ///
    /// # Errors
    /// [`ChangeRefusal`].
    pub async fn change_password(
        &self,
        signed: &Signed,
        form: ChangePassword,
        visitor: &Visitor,
    ) -> Answer<Made<Cookies>, ChangeRefusal> {
        let account = &signed.account;
        if !self.may_change_password(signed).await? {
            return refuse(ChangeRefusal::ProveFirst);
        }
        // Weakness first: a mistake in the new password must not cost an attempt at the old one.
        let policy = self.password_policy_for(account.id).await?;
        if let Err(weak) = self.check_strength(policy, &form.new, &[account.email.as_str(), &account.name]).await {
            return refuse(ChangeRefusal::Weak(weak));
        }
        let same = form.current == form.new;
        let checked =
            check_password(self, visitor, (Some(account), &account.email.key()), form.current).await.map_err(|p| {
                p.map(|r| match r {
                    PasswordRefusal::Wrong => ChangeRefusal::Wrong,
                    PasswordRefusal::TooMany(wait) => ChangeRefusal::TooMany(wait),
                })
            })?;
        if same {
            let mut tx = self.begin().await?;
            checked.lanes.succeed(self, &mut tx).await?;
            tx.commit().await?;
            return refuse(ChangeRefusal::Same);
        }
        let record = match self.hasher().hash(form.new, checked.lanes.turn()).await {
            Ok(record) => record,
            Err(fault) => {
                checked.lanes.take_back(self).await?;
                return Err(fault.into());
            }
        };
        let (mut tx, _) = self.begin_as(signed).await?;
        if !checked.still_holds(&mut tx, account.id).await? {
            return refuse(ChangeRefusal::Wrong);
        }
        if !self.has_proven_both(signed, &tx.factors(account.id).await?) {
            return refuse(ChangeRefusal::ProveFirst);
        }
        checked.lanes.succeed(self, &mut tx).await?;
        let change = Change::Password { hash: record, end_others: form.end_others };
        let made = self.change(&mut tx, signed, change, visitor).await?;
        let made = match made {
            Made::Done(_) => Made::Done(self.renew_session(&mut tx, signed).await?),
            other => other.map(|_| Cookies::default()),
        };
        tx.commit().await?;
        Ok(made)
    }

    /// The session gets a new secret, and counts as proven anew as far as a password proves.
    async fn renew_session(&self, tx: &mut Tx, signed: &Signed) -> Result<Cookies, base::Fault> {
        let secret = Secret::generate(SecretKind::Session, self.rng());
        // The password alone makes no older proof of more than it recent again.
        let alone = signed.session.acr == Assurance::OneFactor.acr();
        let auth_time = if alone { self.now() } else { signed.session.auth_time };
        tx.update_session(&Session { secret: secret.hash(), auth_time, ..signed.session.clone() }).await?;
        Ok(Cookies { session: Some(Some(secret)), ..Cookies::default() })
    }
}
