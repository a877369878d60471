//! The registration endpoint (RFC 7591 §3).

use super::{RegistrationCall, RegistrationMode, RegistrationRefusal, no, no_such_token, own};
use crate::guard::NetworkLane;
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Fault, Secret, SecretKind};
use identity::Event;
use oauth::bearer;
use oauth::client::{RegisteredBy, Registration};
use serde_json::Value;
use store::model::InitialToken;

impl Here {
    /// Whether apps can register themselves.
    pub fn takes_registrations(&self) -> bool {
        self.settings().registration.mode != RegistrationMode::Off
    }

    /// Registers an app. It is told its id, its secret and the token that manages it: the only time that they are shown.
    ///
    /// # Errors
    /// [`RegistrationRefusal`].
    pub async fn register_client(
        &self,
        call: RegistrationCall,
        visitor: &Visitor,
    ) -> Answer<Value, RegistrationRefusal> {
        if !self.takes_registrations() {
            return refuse(RegistrationRefusal::Off);
        }
        // Counted before anything is looked at: the token too is a guess until it is known.
        let lane = NetworkLane::of(b"registration", visitor, self.settings().registration.per_address);
        let mut tx = self.begin().await?;
        if let Err(wait) = lane.reserve(self, &mut tx).await? {
            return refuse(RegistrationRefusal::TooMany(wait));
        }
        tx.commit().await?;
        let initial = self.initial_token(call.authorization.as_deref()).await?;
        let said = self.said(&call.body).await?;
        let (id, token) = (self.new_id(), self.secret(SecretKind::Registration));
        let by = if initial.is_some() { RegisteredBy::InitialToken } else { RegisteredBy::Anybody };
        let registration = Registration {
            initial_token: initial.as_ref().map(|initial| initial.id),
            token: Some(token.hash()),
            ..Registration::new(by)
        };
        let blank = self.settings().registration.policy.blank(id, id.to_string(), self.now());
        let (client, secret) = self.with_new_secret(self.apply(&said, blank, registration)?)?;
        self.check_registered(&client).await?;
        let mut tx = self.begin().await?;
        if let Some(initial) = initial
            && !tx.spend_initial_token(initial.id, self.now()).await?
        {
            return no_such_token("used up meanwhile");
        }
        if !tx.insert_client(&client).await? {
            return Err(Fault::broken("register an app: its new id is taken").into());
        }
        self.emit(&mut tx, &By::stranger(visitor), Event::ClientRegistered(own(&client))).await?;
        tx.commit().await?;
        Ok(self.told(&client, secret.as_ref(), &token))
    }

    /// The initial access token of a call. Where everybody may register there need be none; one that is sent has to be right.
    async fn initial_token(&self, authorization: Option<&[u8]>) -> Answer<Option<InitialToken>, RegistrationRefusal> {
        if authorization.is_none() && self.settings().registration.mode == RegistrationMode::Open {
            return Ok(None);
        }
        let (text, _) = bearer::token(authorization, None).map_err(no)?;
        let Some(secret) = Secret::parse(SecretKind::InitialAccess, text.reveal()) else {
            return no_such_token("not of our form");
        };
        let found = self.read().await?.find_initial_token(secret.hash()).await?;
        let now = self.now();
        match found.filter(|token| token.is_live(now)) {
            Some(token) => Ok(Some(token)),
            None => no_such_token("unknown, used up, expired or withdrawn"),
        }
    }
}
