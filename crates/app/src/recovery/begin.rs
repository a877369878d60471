//! Behind the link of the first mail: the wait begins.

use super::{RecoveryRefusal, Shown};
use crate::guard::TooMany;
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::Timestamp;
use identity::recovery::{Asking, StopReason, WINDOW, Way};
use identity::{AccountStatus, Event, Purpose, Recovery};
use std::time::Duration;
use store::Tx;

/// The page behind the link.
#[derive(Debug, Clone)]
pub enum BeginPage {
    /// It asks whether the wait is to begin.
    Ask {
        /// Whose account.
        email: String,
        /// How long it is.
        wait: Duration,
    },
    /// It was begun with this link, or another was before: how that stands.
    Stands(Box<Shown>),
}

impl Here {
    /// The page behind the link. Looking at it begins nothing: mail scanners look at everything.
    ///
    /// # Errors
    /// [`RecoveryRefusal::LinkGone`].
    pub async fn begin_page(&self, token: &str) -> Answer<BeginPage, RecoveryRefusal> {
        let (link, account) = self.recovery_link(token, Purpose::BeginRecovery).await?;
        let begun = self.recovery_of(&link, &account).await?;
        let open = self.read().await?.find_open_recovery(account.id).await?.filter(|open| open.is_open(self.now()));
        match begun.or(open) {
            Some(recovery) => Ok(BeginPage::Stands(Box::new(self.show_recovery(&recovery, &account, true)))),
            None if link.consumed_at.is_some() => refuse(RecoveryRefusal::LinkGone),
            None => {
                let email = account.email.as_str().to_owned();
                Ok(BeginPage::Ask { email, wait: self.settings().recovery_wait })
            }
        }
    }

    /// Begins the wait, and rings everything that the owner has. One that is open goes on as it was.
    ///
    /// # Errors
    /// [`RecoveryRefusal::LinkGone`], [`RecoveryRefusal::TooOften`], [`RecoveryRefusal::Stands`].
    pub async fn begin_recovery(&self, token: &str, visitor: &Visitor) -> Answer<(), RecoveryRefusal> {
        let (link, account) = self.recovery_link(token, Purpose::BeginRecovery).await?;
        let now = self.now();
        let mut tx = self.begin().await?;
        let locked = tx.lock_account(account.id).await?.filter(|account| account.status == AccountStatus::Active);
        let Some(account) = locked else { return refuse(RecoveryRefusal::LinkGone) };
        let factors = tx.factors(account.id).await?;
        let recent = tx.list_recoveries(account.id, now.minus(WINDOW)).await?;
        let wait = self.settings().recovery_wait;
        let asking = Asking { role: account.role, factors: &factors, wait, recent: &recent };
        match asking.way(now) {
            Way::Begin => {}
            Way::Open(open) => {
                return refuse(RecoveryRefusal::Stands(Box::new(self.show_recovery(open, &account, true))));
            }
            Way::TooOften { until } => return refuse(RecoveryRefusal::TooOften(TooMany { wait: until.since(now) })),
            Way::Off | Way::NewPassword | Way::Operator => return refuse(RecoveryRefusal::LinkGone),
        }
        if tx.consume_single_use(link.hash, Purpose::BeginRecovery, now).await?.is_none() {
            return refuse(RecoveryRefusal::LinkGone);
        }
        let by = (visitor.agent().clone(), visitor.place.clone());
        let recovery = Recovery::begin(self.new_id(), account.id, by, now, wait);
        self.insert_recovery(&mut tx, (&recovery, StopReason::Expired), visitor, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds a way back and tells of it. An older one that is in its way gives way, for the given reason.
    pub(super) async fn insert_recovery(
        &self,
        tx: &mut Tx,
        (recovery, why): (&Recovery, StopReason),
        visitor: &Visitor,
        now: Timestamp,
    ) -> Result<(), base::Fault> {
        if let Some(old) = tx.find_open_recovery(recovery.account).await?
            && tx.stop_recovery(old.id, now).await?
        {
            let why = if old.is_open(now) { why } else { StopReason::Expired };
            let event = Event::RecoveryStopped { recovery: old.id, why };
            self.emit(tx, &By::about(old.account, None, visitor), event).await?;
        }
        tx.insert_recovery(recovery).await?;
        let event = Event::RecoveryStarted {
            recovery: recovery.id,
            ready_at: recovery.ready_at,
            by_operator: recovery.is_by_operator(),
        };
        self.emit(tx, &By::about(recovery.account, None, visitor), event).await?;
        Ok(())
    }
}
