//! Stopping it: a protective act, for which the notice is enough.
//!
//! As "it wasn't me" does, it works from a browser whose word counts (its device cookie), from any live session of the
//! account, and from the link of any mail that tells of it. What else proves that nothing is lost ends it by itself.

use super::{RecoveryRefusal, Shown};
use crate::account::Asked;
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, SecretHash};
use identity::login::{Assurance, Evidence};
use identity::recovery::StopReason;
use identity::{Account, Event, Purpose, Recovery};
use store::Tx;

/// The links that may stop it: those of every mail about it.
const LINKS: [Purpose; 3] = [Purpose::StopRecovery, Purpose::FinishRecovery, Purpose::BeginRecovery];

struct Found {
    recovery: Recovery,
    account: Account,
    link: Option<SecretHash>,
}

impl Here {
    /// The page of a way back. Looking changes nothing.
    ///
    /// # Errors
    /// [`RecoveryRefusal::NotYours`].
    pub async fn recovery(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<Shown, RecoveryRefusal> {
        let found = self.find_asked(asked, signed, visitor).await?;
        let mine = signed.is_some_and(|signed| signed.id() == found.account.id);
        Ok(self.show_recovery(&found.recovery, &found.account, mine || found.link.is_some()))
    }

    /// "It wasn't me." Said twice, or when it is over, it is the same.
    ///
    /// # Errors
    /// [`RecoveryRefusal::NotYours`].
    pub async fn stop_recovery(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<(), RecoveryRefusal> {
        let Found { recovery, account, link } = self.find_asked(asked, signed, visitor).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        tx.lock_account(account.id).await?;
        if let Some(link) = link {
            tx.consume_single_use(link, Purpose::StopRecovery, now).await?;
        }
        if recovery.is_open(now) && tx.stop_recovery(recovery.id, now).await? {
            let by = match signed.filter(|signed| signed.id() == account.id) {
                Some(signed) => By::owner(signed, visitor),
                None => By::about(account.id, None, visitor),
            };
            self.emit(&mut tx, &by, Event::RecoveryStopped { recovery: recovery.id, why: StopReason::Asked }).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn find_asked(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<Found, RecoveryRefusal> {
        let id = match asked {
            Asked::Notice(id) => *id,
            Asked::Mail(token) => return self.find_by_mail(token).await,
        };
        let mut read = self.read().await?;
        let Some(recovery) = read.find_recovery(id).await? else { return refuse(RecoveryRefusal::NotYours) };
        let Some(account) = read.find_account(recovery.account).await? else {
            return refuse(RecoveryRefusal::NotYours);
        };
        let by_session = signed.is_some_and(|signed| signed.id() == account.id);
        let by_device = self.known_here(&mut read, account.id, visitor).await?;
        if by_session || by_device.is_some_and(|known| known.vouches(self.now())) {
            return Ok(Found { recovery, account, link: None });
        }
        refuse(RecoveryRefusal::NotYours)
    }

    async fn find_by_mail(&self, token: &str) -> Answer<Found, RecoveryRefusal> {
        for purpose in LINKS {
            match self.recovery_link(token, purpose).await {
                Ok((link, account)) => {
                    let Some(recovery) = self.recovery_of(&link, &account).await? else { break };
                    return Ok(Found { recovery, account, link: Some(link.hash) });
                }
                Err(Problem::Refusal(_)) => {}
                Err(Problem::Fault(fault)) => return Err(fault.into()),
            }
        }
        refuse(RecoveryRefusal::NotYours)
    }

    /// Ends a way back that is open, as something has shown that the account is not lost. For use cases that hold the
    /// account's lock.
    pub(crate) async fn need_no_recovery(
        &self,
        tx: &mut Tx,
        account: Id,
        why: StopReason,
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let now = self.now();
        if let Some(open) = tx.find_open_recovery(account).await?
            && open.is_open(now)
            && tx.stop_recovery(open.id, now).await?
        {
            self.emit(tx, by, Event::RecoveryStopped { recovery: open.id, why }).await?;
        }
        Ok(())
    }
}

/// Whether a sign-in shows that its owner has lost nothing: a second factor was proven in it, and not merely remembered
/// by the device or by a session.
pub(crate) fn has_the_second_factor(reached: Assurance, evidence: &[Evidence]) -> bool {
    let given = |proof: &Evidence| {
        matches!(proof, Evidence::Key { .. } | Evidence::Totp { .. } | Evidence::RecoveryCode { .. })
    };
    reached >= Assurance::TwoFactors && evidence.iter().any(given)
}
