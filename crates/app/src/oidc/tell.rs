//! Telling apps that a session has ended in which they were signed in to (OpenID Connect Back-Channel Logout 1.0 §2.5).
//! Here it is only written down, in the transaction that ends the session; the relay posts it.

use crate::here::{By, Here};
use crate::operate::console;
use base::{Fault, Id};
use identity::{Event, LogoutDue, Session};
use oauth::Client;
use store::Tx;

impl Here {
    /// Has every app told that has, or had, a grant in a session.
    pub(crate) async fn tell_apps(&self, tx: &mut Tx, session: &Session) -> Result<(), Fault> {
        for client in tx.clients_of_session(session.id).await? {
            self.tell_app(tx, &client, (session.account, session.id)).await?;
        }
        Ok(())
    }

    /// Has one app told, if it wants to be.
    pub(crate) async fn tell_app(
        &self,
        tx: &mut Tx,
        client: &Client,
        (account, session): (Id, Id),
    ) -> Result<(), Fault> {
        if !client.is_enabled() || client.logout.backchannel_uri.is_none() {
            return Ok(());
        }
        let event =
            Event::LogoutDue(LogoutDue { client: client.id, session, subject: self.subject_of(client, account)? });
        // Of no account and of no browser: it is told to nobody but the app.
        self.emit(tx, &By { account: None, device: None, visitor: &console() }, event).await.map(drop)
    }
}
