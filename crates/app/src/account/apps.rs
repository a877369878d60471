//! Connected apps: what they may see, since when, and taking it away.

use crate::here::{By, Here};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, Timestamp};
use identity::Event;

/// An app that the person allowed.
#[derive(Debug, Clone)]
pub struct ConnectedApp {
    /// The client's row id.
    pub client: Id,
    /// Its name.
    pub name: String,
    /// Where it begins a sign-in, or else where it is, when it is known.
    pub home: Option<String>,
    /// What it may see, space-separated.
    pub scope: String,
    /// Since when.
    pub since: Timestamp,
    /// Last sign-in to it.
    pub last_used: Timestamp,
}

impl Here {
    /// The apps that the person allowed.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn apps(&self, signed: &Signed) -> Result<Vec<ConnectedApp>, Fault> {
        let mut read = self.read().await?;
        let mut apps = Vec::new();
        for consent in read.list_consents(signed.id()).await? {
            let Some(client) = read.find_client_by_id(consent.client).await? else { continue };
            apps.push(ConnectedApp {
                client: client.id,
                name: client.name,
                home: client.requests.login_link(self.issuer()).or(client.home_url),
                scope: consent.scope,
                since: consent.granted_at,
                last_used: consent.last_used_at,
            });
        }
        Ok(apps)
    }

    /// Takes an app's access away: its consent and every token, at once. Answers whether there was any.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn remove_app(&self, signed: &Signed, client: Id, visitor: &Visitor) -> Result<bool, Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let Some(app) = tx.find_client_by_id(client).await? else { return Ok(false) };
        for session in tx.list_sessions(signed.id(), self.now()).await? {
            if tx.clients_of_session(session.id).await?.iter().any(|known| known.id == client) {
                self.tell_app(&mut tx, &app, (signed.id(), session.id)).await?;
            }
        }
        let removed = tx.delete_consent(signed.id(), client).await?;
        let revoked = tx.revoke_grants_of(signed.id(), Some(client), self.now()).await?;
        if !removed && revoked == 0 {
            return Ok(false);
        }
        self.emit(&mut tx, &By::owner(signed, visitor), Event::AppRemoved { app: app.name }).await?;
        tx.commit().await?;
        Ok(true)
    }
}
