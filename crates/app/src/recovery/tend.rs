//! What comes with time: the reminder, the link at the end of the wait, the word that it ran out.

use crate::here::{App, By, Here};
use crate::operate::console;
use crate::visitor::Visitor;
use base::Fault;
use identity::recovery::{Due, StopReason};
use identity::{Event, Recovery};

/// How many are looked at in one go.
const BATCH: i64 = 100;

impl App {
    /// Tells of every way back what is due. To be called every minute or so, by each server: each thing is told once.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn tend_recoveries(&self) -> Result<(), Fault> {
        for here in self.everywhere() {
            here.tend_recoveries().await?;
        }
        Ok(())
    }
}

impl Here {
    /// Tells of this tenant's ways back what is due.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn tend_recoveries(&self) -> Result<(), Fault> {
        for recovery in self.read().await?.due_recoveries(self.now(), BATCH).await? {
            self.tell_due(recovery).await?;
        }
        Ok(())
    }

    async fn tell_due(&self, recovery: Recovery) -> Result<(), Fault> {
        let now = self.now();
        let Some((due, next)) = recovery.due(now) else { return Ok(()) };
        let mut tx = self.begin().await?;
        tx.lock_account(recovery.account).await?;
        // Another server told it, or it was stopped or finished in this very moment.
        if !tx.recovery_told(recovery.id, recovery.due_at, next).await? {
            return Ok(());
        }
        let id = recovery.id;
        let event = match due {
            Due::Reminder => Event::RecoveryReminder { recovery: id, ready_at: recovery.ready_at },
            Due::Ready => Event::RecoveryReady { recovery: id, expires_at: recovery.expires_at },
            Due::Expiry => {
                tx.stop_recovery(id, now).await?;
                Event::RecoveryStopped { recovery: id, why: StopReason::Expired }
            }
        };
        // Told with the circumstances in which it was begun.
        let visitor = Visitor { said: recovery.agent.into(), place: recovery.place, ..console() };
        self.emit(&mut tx, &By::about(recovery.account, None, &visitor), event).await?;
        tx.commit().await
    }
}
