//! The operator's way: a link, made at the command line for somebody whom the operator knows.

use crate::here::Here;
use crate::operate::{UserRefusal, console};
use crate::problem::{Answer, refuse};
use base::{Email, Secret, SecretKind, Timestamp, routes};
use identity::recovery::StopReason;
use identity::{Account, AccountStatus, Purpose, Recovery, SingleUse};
use serde_json::json;

/// A link to hand over: shown once, kept as a hash.
pub struct OperatorsLink {
    /// Whose account it opens.
    pub account: Account,
    /// The absolute URL.
    pub url: String,
    /// Until when it works.
    pub until: Timestamp,
}

impl Here {
    /// Begins a way back that is ready at once, and makes the link that ends it. It rings everything that the owner has,
    /// and can be stopped. It is the only way back into an operator's account.
    ///
    /// # Errors
    /// [`UserRefusal::Email`], [`UserRefusal::Unknown`].
    pub async fn recover_user(&self, email: &str) -> Answer<OperatorsLink, UserRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let Some(account) = self.read().await?.find_account_by_email(&email.key()).await? else {
            return refuse(UserRefusal::Unknown);
        };
        let (now, visitor) = (self.now(), console());
        let mut tx = self.begin().await?;
        let locked = tx.lock_account(account.id).await?.filter(|account| account.status == AccountStatus::Active);
        let Some(account) = locked else { return refuse(UserRefusal::Disabled) };
        let recovery = Recovery::by_operator(self.new_id(), account.id, now);
        self.insert_recovery(&mut tx, (&recovery, StopReason::Replaced), &visitor, now).await?;
        tx.void_single_uses(Purpose::FinishRecovery, account.id, now).await?;
        let secret = self.secret(SecretKind::Link);
        tx.put_single_use(&link(&secret, &recovery)).await?;
        tx.commit().await?;
        let url = self.url(&routes::with_token(routes::RECOVERY_FINISH, &secret));
        Ok(OperatorsLink { account, url, until: recovery.expires_at })
    }
}

fn link(secret: &Secret, recovery: &Recovery) -> SingleUse {
    SingleUse {
        hash: secret.hash(),
        purpose: Purpose::FinishRecovery,
        account: Some(recovery.account),
        client: None,
        flow: None,
        data: json!({ "recovery": recovery.id.to_string() }),
        created_at: recovery.started_at,
        expires_at: recovery.expires_at,
        consumed_at: None,
    }
}
