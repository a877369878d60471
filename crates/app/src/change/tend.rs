//! What comes with time: changes that nobody answered end.

use crate::here::{App, By, Here};
use crate::operate::console;
use crate::visitor::Visitor;
use base::Fault;
use identity::change::{Ending, PendingChange};

/// How many are looked at in one go.
const BATCH: i64 = 100;

impl App {
    /// Ends every change whose time is over. To be called every minute or so, by each server: each is told of once.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn tend_changes(&self) -> Result<(), Fault> {
        for here in self.everywhere() {
            here.tend_changes().await?;
        }
        Ok(())
    }
}

impl Here {
    /// Ends this tenant's changes whose time is over.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn tend_changes(&self) -> Result<(), Fault> {
        for change in self.read().await?.due_changes(self.now(), BATCH).await? {
            self.let_expire(change).await?;
        }
        Ok(())
    }

    async fn let_expire(&self, due: PendingChange) -> Result<(), Fault> {
        let mut tx = self.begin().await?;
        tx.lock_account(due.account).await?;
        // Another server ended it, or it was decided in this very moment.
        let Some(mut change) = tx.find_change(due.id).await? else { return Ok(()) };
        if !change.end(Ending::Expired, None, self.now()) {
            return Ok(());
        }
        let visitor =
            Visitor { said: change.asker.agent.clone().into(), place: change.asker.place.clone(), ..console() };
        self.settle_change(&mut tx, &change, &By::about(change.account, None, &visitor)).await?;
        tx.commit().await
    }
}
