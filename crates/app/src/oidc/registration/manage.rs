//! The client configuration endpoint (RFC 7592 §2): what an app registered itself, read, changed, withdrawn.
//!
//! Nothing here gives an app more than it could register anew: what the operator has set since (whether it is on, whose it is,
//! what a sign-in to it takes) stays (CVE-2026-9705).

use super::{RegistrationCall, RegistrationRefusal, no, no_such_token, own};
use crate::guard::NetworkLane;
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Fault, Secret, SecretKind};
use identity::{Event, OwnRegistration};
use oauth::bearer;
use oauth::client::{Client, Registration};
use oauth::registration::{Metadata, changed, invalid};
use serde_json::Value;
use store::Tx;

/// What only the server says (RFC 7592 §2.2).
const NOT_TO_BE_SENT: [&str; 4] =
    ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

impl Here {
    /// What an app registered (RFC 7592 §2.1). Its secret is not shown again.
    ///
    /// # Errors
    /// [`RegistrationRefusal`].
    pub async fn registration(
        &self,
        client_id: &str,
        call: RegistrationCall,
        visitor: &Visitor,
    ) -> Answer<Value, RegistrationRefusal> {
        let (client, _, token) = self.managed(client_id, &call, visitor).await?;
        Ok(self.told(&client, None, &token))
    }

    /// Replaces it (RFC 7592 §2.2). The answer has another token: the one that was used is worth nothing any more.
    ///
    /// # Errors
    /// [`RegistrationRefusal`].
    pub async fn update_registration(
        &self,
        client_id: &str,
        call: RegistrationCall,
        visitor: &Visitor,
    ) -> Answer<Value, RegistrationRefusal> {
        let (before, registration, old) = self.managed(client_id, &call, visitor).await?;
        check_own(&Metadata::parse(&call.body).map_err(no)?, &before)?;
        let said = self.said(&call.body).await?;
        let stated = registration.software_statement.is_some();
        if stated && said.software_statement().map_err(no)?.is_none() {
            return Err(no(invalid("software_statement: this app came with one: send it again")));
        }
        let token = self.secret(SecretKind::Registration);
        let registration = Registration { token: Some(token.hash()), ..registration };
        let client = self.apply(&said, before.clone(), registration)?;
        let (client, secret) =
            if client.auth_method == before.auth_method { (client, None) } else { self.with_new_secret(client)? };
        self.check_registered(&client).await?;
        let mut tx = self.begin().await?;
        self.lock_managed(&mut tx, &before, &old).await?;
        tx.update_client(&client).await?;
        let changed = OwnRegistration { changed: changed(&before, &client), ..own(&client) };
        self.emit(&mut tx, &By::stranger(visitor), Event::ClientChanged(changed)).await?;
        tx.commit().await?;
        Ok(self.told(&client, secret.as_ref(), &token))
    }

    /// Withdraws it (RFC 7592 §2.3): the app, its grants, their tokens, and what people allowed it.
    ///
    /// # Errors
    /// [`RegistrationRefusal`].
    pub async fn delete_registration(
        &self,
        client_id: &str,
        call: RegistrationCall,
        visitor: &Visitor,
    ) -> Answer<(), RegistrationRefusal> {
        let (client, _, token) = self.managed(client_id, &call, visitor).await?;
        let mut tx = self.begin().await?;
        self.lock_managed(&mut tx, &client, &token).await?;
        tx.delete_client(client.id).await?;
        self.emit(&mut tx, &By::stranger(visitor), Event::ClientWithdrawn(own(&client))).await?;
        Ok(tx.commit().await?)
    }

    /// The app that a token manages. Each try is counted before it is looked at.
    async fn managed(
        &self,
        client_id: &str,
        call: &RegistrationCall,
        visitor: &Visitor,
    ) -> Answer<(Client, Registration, Secret), RegistrationRefusal> {
        if !self.takes_registrations() {
            return refuse(RegistrationRefusal::Off);
        }
        let lane = NetworkLane::new(self, b"registration token", visitor);
        let mut tx = self.begin().await?;
        if let Err(wait) = lane.reserve(self, &mut tx).await? {
            return refuse(RegistrationRefusal::TooMany(wait));
        }
        tx.commit().await?;
        let (text, _) = bearer::token(call.authorization.as_deref(), None).map_err(no)?;
        let Some(token) = Secret::parse(SecretKind::Registration, text.reveal()) else {
            return no_such_token("not of our form");
        };
        let mut tx = self.begin().await?;
        let client = tx.find_client(client_id).await?;
        let Some((client, registration)) = client.and_then(|client| managed_by(client, &token)) else {
            return no_such_token("unknown, or another app's");
        };
        lane.refund(self, &mut tx).await?;
        tx.commit().await?;
        if !client.is_enabled() {
            return refuse(RegistrationRefusal::Disabled);
        }
        Ok((client, registration, token))
    }

    /// Holds it, and looks again: of several changes at once, one counts.
    async fn lock_managed(&self, tx: &mut Tx, before: &Client, token: &Secret) -> Answer<(), RegistrationRefusal> {
        let now = tx.lock_client(&before.client_id).await?;
        let Some((now, _)) = now.and_then(|client| managed_by(client, token)) else {
            return no_such_token("used meanwhile");
        };
        if now == *before { Ok(()) } else { Err(Fault::busy("the app was changed meanwhile").into()) }
    }
}

fn managed_by(client: Client, token: &Secret) -> Option<(Client, Registration)> {
    let registration = client.registration.clone()?;
    (registration.token == Some(token.hash())).then_some((client, registration))
}

/// RFC 7592 §2.2: the request names the app itself, and nothing that only the server says.
fn check_own(said: &Metadata, client: &Client) -> Answer<(), RegistrationRefusal> {
    if said.text("client_id").map_err(no)?.as_ref() != Some(&client.client_id) {
        return Err(no(invalid("client_id: send the one of this registration")));
    }
    if let Some(name) = NOT_TO_BE_SENT.iter().find(|name| said.has(name)) {
        return Err(no(invalid(&format!("{name}: only this server says that: leave it out"))));
    }
    if let Some(secret) = said.text("client_secret").map_err(no)? {
        let hash = Secret::parse(SecretKind::Client, &secret).map(|secret| secret.hash());
        if hash.is_none() || hash != client.secret_hash {
            return Err(no(invalid("client_secret: send the present one, or none: this server alone makes them")));
        }
    }
    Ok(())
}
