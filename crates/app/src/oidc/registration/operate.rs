//! What an operator does about apps that register themselves.

use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::{Fault, Id, Secret, SecretKind, Timestamp};
use identity::EventRecord;
use std::time::Duration;
use store::model::InitialToken;

/// The most apps that one token may register.
const MOST_USES: u32 = 1_000_000;
/// The longest life of one: a year.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// How much of what apps did by themselves is told at once, the newest.
const MOST_TOLD: i64 = 1_000;

/// An initial access token that was made: shown once, kept as a hash.
pub struct GivenToken {
    /// What is kept.
    pub token: InitialToken,
    /// The token itself.
    pub secret: Secret,
}

/// Why an initial access token was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    /// It has to have a name, of at most 100 bytes without control characters.
    Name,
    /// It has to be for one app at least, and for a million at most.
    Uses,
    /// It has to live for a while, and for a year at most.
    Lifetime,
}

impl Here {
    /// Makes a token with which so many apps may register themselves.
    ///
    /// # Errors
    /// [`TokenRefusal`].
    pub async fn add_initial_token(
        &self,
        name: &str,
        uses: u32,
        lifetime: Duration,
    ) -> Answer<GivenToken, TokenRefusal> {
        let name = name.trim();
        if name.is_empty() || name.len() > 100 || name.chars().any(char::is_control) {
            return refuse(TokenRefusal::Name);
        }
        if uses == 0 || uses > MOST_USES {
            return refuse(TokenRefusal::Uses);
        }
        if lifetime.is_zero() || lifetime > LONGEST {
            return refuse(TokenRefusal::Lifetime);
        }
        let (secret, now) = (self.secret(SecretKind::InitialAccess), self.now());
        let token = InitialToken {
            id: self.new_id(),
            hash: secret.hash(),
            name: name.to_owned(),
            uses,
            used: 0,
            created_at: now,
            expires_at: now.plus(lifetime),
            withdrawn_at: None,
        };
        let mut tx = self.begin().await?;
        tx.insert_initial_token(&token).await?;
        tx.commit().await?;
        Ok(GivenToken { token, secret })
    }

    /// All of them, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn initial_tokens(&self) -> Result<Vec<InitialToken>, Fault> {
        self.read().await?.list_initial_tokens().await
    }

    /// Takes one back. What was registered with it stays. `false` when it was taken back before, or is unknown.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn withdraw_initial_token(&self, id: Id) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let withdrawn = tx.withdraw_initial_token(id, self.now()).await?;
        tx.commit().await?;
        Ok(withdrawn)
    }

    /// Deletes an app, with its grants, their tokens, and what people allowed it. `false` when it is unknown.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn remove_client(&self, client_id: &str) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let Some(client) = tx.lock_client(client_id).await? else { return Ok(false) };
        let removed = tx.delete_client(client.id).await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// What apps did by themselves since a moment, newest first: registered, changed what they had registered, withdrew it.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn own_registrations(&self, since: Timestamp) -> Result<Vec<EventRecord>, Fault> {
        self.read()
            .await?
            .list_kinds(&["client.registered", "client.changed", "client.withdrawn"], since, MOST_TOLD)
            .await
    }

    /// Deletes the apps that came by themselves so long ago: those that nobody uses, or all. Says how many.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn purge_registered(&self, age: Duration, also_used: bool) -> Result<usize, Fault> {
        let mut tx = self.begin().await?;
        let gone = tx.delete_registered_clients(self.now().minus(age), also_used).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
