//! What an operator sees of the keys, and does with them beside rotating those that sign.

use super::{add, add_vapid};
use crate::here::{App, Here};
use crate::problem::{Answer, refuse};
use base::{Fault, MasterKey, Timestamp};
use oauth::jose::SigningAlg;
use store::model::{Installation, KeyUse, StoredKey};

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published, and will sign.
    Waiting,
    /// In use.
    InUse,
    /// A newer one is in use; what it signed can still be verified, or browsers still hang on it.
    Retired,
    /// Not published any more.
    Over,
}

/// A key, for an operator's eyes.
#[derive(Debug, Clone)]
pub struct KeyStatus {
    /// What it is for.
    pub usage: KeyUse,
    /// The algorithm.
    pub alg: String,
    /// Its id.
    pub kid: String,
    /// How it stands.
    pub state: KeyState,
    /// Since when there is it.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// From when on a newer one does.
    pub retired_at: Option<Timestamp>,
}

/// Why a key was not revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeRefusal {
    /// No key has that id.
    Unknown,
}

/// What a change of the master key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewMaster {
    /// The database opens with the new one alone.
    Done,
    /// Somebody else changed it at the same time: the one that is there stays.
    Overtaken,
}

impl Here {
    /// All keys, oldest first: those that sign, then those that push services know us by.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn keys_status(&self) -> Result<Vec<KeyStatus>, Fault> {
        let (mut read, now, tail) = (self.read().await?, self.now(), self.settings().key_tail);
        let mut found = Vec::new();
        for usage in [KeyUse::Sign, KeyUse::Vapid] {
            for row in read.list_keys(usage).await? {
                let state = match row.retired_at {
                    Some(at) if usage == KeyUse::Sign && at.plus(tail) <= now => KeyState::Over,
                    Some(at) if at <= now => KeyState::Retired,
                    _ if row.signs_from > now => KeyState::Waiting,
                    _ => KeyState::InUse,
                };
                let StoredKey { alg, kid, created_at, signs_from, retired_at, .. } = row;
                found.push(KeyStatus { usage, alg, kid, state, created_at, signs_from, retired_at });
            }
        }
        Ok(found)
    }

    /// Makes a new key for push services to know us by. Browsers take it up one by one, when a page of ours is open in them;
    /// until then they are rung under the earlier one, which stays.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn rotate_vapid(&self) -> Result<(), Fault> {
        let now = self.now();
        let mut tx = self.begin().await?;
        for row in tx.list_keys(KeyUse::Vapid).await?.into_iter().filter(|row| row.retired_at.is_none()) {
            tx.update_key(&StoredKey { retired_at: Some(now), ..row }).await?;
        }
        add_vapid(&mut tx, &self.parts().keyring, self.parts().sources()).await?;
        tx.commit().await?;
        self.reload().await
    }

    /// Takes a key away at once, because somebody else may have it. One that signs: what it signed is worth nothing any
    /// more, and where it was the one in use a new one signs from this moment. One for push services: browsers that hang on
    /// it can't be rung until a page of ours was open in them.
    ///
    /// # Errors
    /// [`RevokeRefusal`].
    pub async fn revoke_key(&self, kid: &str) -> Answer<(), RevokeRefusal> {
        let now = self.now();
        let mut tx = self.begin().await?;
        let signing = tx.list_keys(KeyUse::Sign).await?;
        if let Some(row) = signing.iter().find(|row| row.kid == kid) {
            tx.delete_key(row.id).await?;
            let mut others = signing.iter().filter(|other| other.id != row.id && other.alg == row.alg);
            let signs = |other: &StoredKey| other.signs_from <= now && other.retired_at.is_none_or(|at| at > now);
            if !others.any(signs) {
                let alg: SigningAlg = row.alg.parse().map_err(|e| Fault::new("revoke a key", e))?;
                add(&mut tx, &self.parts().keyring, self.rng(), (alg, now, now)).await?;
            }
        } else if let Some(row) = tx.list_keys(KeyUse::Vapid).await?.into_iter().find(|row| row.kid == kid) {
            tx.delete_key(row.id).await?;
            if row.retired_at.is_none() {
                add_vapid(&mut tx, &self.parts().keyring, self.parts().sources()).await?;
            }
        } else {
            return refuse(RevokeRefusal::Unknown);
        }
        tx.commit().await?;
        Ok(self.reload().await?)
    }
}

impl App {
    /// Wraps the data key by another master key: the earlier one opens this database no more.
    ///
    /// # Errors
    /// [`Fault`] of the database: then the earlier one still does.
    pub async fn change_master_key(&self, new: &MasterKey) -> Result<NewMaster, Fault> {
        let parts = self.parts();
        let Some(installation) = parts.store.installation().await? else { return Ok(NewMaster::Overtaken) };
        let wrapped_key = new.wrap(&parts.keyring, &parts.rng)?;
        let changed = Installation { wrapped_key, created_at: installation.created_at };
        let done = parts.store.replace_installation(&installation.wrapped_key, &changed, None).await?;
        Ok(if done { NewMaster::Done } else { NewMaster::Overtaken })
    }
}
