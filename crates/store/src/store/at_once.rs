//! A change of one statement, as a transaction of its own.

use super::{Database, Store};
use crate::fault::{fault, is_away};
use crate::pg;
use crate::tx::Answer;
use base::{Fault, Id, Timestamp};

impl Store {
    /// [`Tx::rotate_grant`](crate::Tx::rotate_grant) as a transaction of its own. It answers when what stood in its way is on disk
    /// too: what is read after a `false` says why.
    ///
    /// On PostgreSQL the statement is the transaction: one way there and back instead of three, and nobody waits for the row
    /// in between.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn rotate_grant(&self, tenant: Id, id: Id, generation: u32, now: Timestamp) -> Answer<'_, bool> {
        Box::pin(async move {
            match &self.database {
                Database::Pg(pool) if pool.is_direct() => {
                    let _span = self.span();
                    crate::kill::point("rotate_grant");
                    let done = rotate(pool, tenant, (id, generation), now).await;
                    crate::kill::point("committed");
                    done
                }
                Database::Pg(_) | Database::Sqlite(_) => {
                    let mut tx = self.begin(tenant).await?;
                    let done = tx.rotate_grant(id, generation, now).await?;
                    // Kept though it may have changed nothing: its commit waits for those before it.
                    tx.commit().await?;
                    Ok(done)
                }
            }
        })
    }
}

/// A connection may turn out to be gone: then once more. Should the first have been done all the same, the second finds
/// another generation, as whoever asks again after a lost answer does.
async fn rotate(pool: &pg::Pool, tenant: Id, (id, generation): (Id, u32), now: Timestamp) -> Result<bool, Fault> {
    let mut again = true;
    loop {
        let mut turn = pool.look().await?;
        match pg::queries::grants::rotate(&mut **turn.conn()?, tenant, id, generation, now).await {
            Err(error) if again && is_away(&error) => turn.give_up(),
            done => return done.map_err(|error| fault("store: rotate_grant", error)),
        }
        again = false;
    }
}
