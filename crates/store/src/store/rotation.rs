//! The rotation of a refresh token: the change that an installation makes more often than any other.

use super::{Database, Store};
use crate::fault::{fault, is_away};
use crate::model::Standing;
use crate::pg;
use crate::tx::{Answer, Tx};
use base::{Fault, Id, Timestamp};

/// A rotation that has begun: a grant was read, and is to be written to as it was then, or not at all.
///
/// On SQLite that is one transaction, for the writer has what others have just changed at hand, and a reader would fetch it
/// again. On PostgreSQL the grant is only looked at, and the statement that rotates looks again: it is the transaction, two ways
/// there and back in all instead of five, and nobody waits for the row in between.
#[must_use = "nothing is to be told of what was read before it has ended"]
pub struct Rotation {
    store: Store,
    tenant: Id,
    grant: Id,
    tx: Option<Tx>,
}

impl Store {
    /// Begins to rotate the refresh token of a grant: reads it with its account and session, as
    /// [`Tx::find_standing`](crate::Tx::find_standing) does.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn begin_rotation(&self, tenant: Id, grant: Id) -> Answer<'_, (Option<Standing>, Rotation)> {
        Box::pin(async move {
            let (tx, standing) = match &self.database {
                Database::Pg(pool) if pool.is_direct() => (None, self.read(tenant).await?.find_standing(grant).await?),
                Database::Pg(_) | Database::Sqlite(_) => {
                    let mut tx = self.begin(tenant).await?;
                    let standing = tx.lock_standing(grant).await?;
                    (Some(tx), standing)
                }
            };
            Ok((standing, Rotation { store: self.clone(), tenant, grant, tx }))
        })
    }
}

impl Rotation {
    /// Rotations the token of a generation. `false` when another one is due or the grant was ended: then it is to be read again.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn rotate(self, generation: u32, now: Timestamp) -> Answer<'static, bool> {
        Box::pin(async move {
            if let (None, Database::Pg(pool)) = (&self.tx, &self.store.database) {
                let _span = self.store.span();
                crate::kill::point("rotate_grant");
                let rotated = rotate(pool, (self.tenant, self.grant), generation, now).await;
                crate::kill::point("committed");
                return rotated;
            }
            let grant = self.grant;
            let mut tx = self.tx().await?;
            let rotated = tx.rotate_grant(grant, generation, now).await?;
            tx.commit().await?;
            Ok(rotated)
        })
    }

    /// Notes that the grant was used, without a rotation.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn touch(self, now: Timestamp) -> Answer<'static, ()> {
        Box::pin(async move {
            let grant = self.grant;
            let mut tx = self.tx().await?;
            tx.touch_grant(grant, now).await?;
            tx.commit().await
        })
    }

    /// Changes nothing. When it answers, what was read survives a crash: what a grant hangs on is never written unsynced
    /// ([`Store::begin_unsynced`]).
    ///
    /// # Errors
    /// [`Fault`] of the database: what was read may be lost.
    pub fn leave(self) -> Answer<'static, ()> {
        Box::pin(async move {
            match self.tx {
                // Others' changes, which it may have seen before they were on disk, are when its commit is.
                Some(tx) => tx.commit().await,
                None => Ok(()),
            }
        })
    }

    async fn tx(self) -> Result<Tx, Fault> {
        match self.tx {
            Some(tx) => Ok(tx),
            None => self.store.begin(self.tenant).await,
        }
    }
}

/// A connection may turn out to be gone: then once more. Should the first have been done all the same, the second finds
/// another generation, as whoever asks again after a lost answer does.
async fn rotate(pool: &pg::Pool, (tenant, id): (Id, Id), generation: u32, now: Timestamp) -> Result<bool, Fault> {
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
