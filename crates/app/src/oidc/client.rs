//! Client authentication at the back channel (RFC 6749 §2.3), before any transaction.

use super::connection::Connection;
use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::{Fault, SecretHash, Timestamp, routes};
use identity::{Purpose, SingleUse};
use oauth::OAuthError;
use oauth::client::{Client, ClientAuthMethod};
use oauth::client_auth::{
    Assertion, AssertionError, Audience, AuthenticatedClient, Presented, authenticate, unknown_client, verify_assertion,
};
use oauth::jose::ClientKeySet;
use std::sync::Arc;
use std::time::Duration;

impl Here {
    pub(super) async fn authenticate_client(&self, call: &BackChannel) -> Answer<AuthenticatedClient, OAuthError> {
        let presented = match Presented::parse(call.authorization.as_deref(), &call.form) {
            Ok(presented) => presented,
            Err(error) => return refuse(error),
        };
        let client = self.known_client(presented.client_id()).await?;
        let Some(client) = client.filter(|client| self.counts(client)) else { return refuse(unknown_client()) };
        if let Presented::Assertion { assertion, .. } = presented {
            return self.authenticate_by_assertion(&client, &assertion, &call.connection).await;
        }
        if client.auth_method.is_by_certificate() {
            return self.authenticate_by_certificate(&client, &presented, &call.connection).await;
        }
        match authenticate(&client, presented) {
            Ok(client) => Ok(client),
            Err(error) => refuse(error),
        }
    }

    /// RFC 7523 §3. What a client publishes is fetched once more when no key fits.
    async fn authenticate_by_assertion(
        &self,
        client: &Arc<Client>,
        assertion: &Assertion,
        connection: &Connection,
    ) -> Answer<AuthenticatedClient, OAuthError> {
        let endpoints = [
            routes::TOKEN,
            routes::INTROSPECT,
            routes::REVOKE,
            routes::PAR,
            routes::DEVICE_AUTHORIZATION,
            routes::BACKCHANNEL_AUTHENTICATION,
        ];
        let endpoints: Vec<_> = endpoints.map(|path| [self.url(path), self.url_by(connection, path)]).concat();
        let audience = Audience { issuer: self.issuer(), endpoints: &endpoints, issuer_only: client.is_fapi() };
        let verify = |keys: &ClientKeySet| verify_assertion(client, assertion, keys, &audience, self.now());
        let by_secret = client.auth_method == ClientAuthMethod::SecretJwt;
        let mut verified = match by_secret {
            true => verify(&self.secret_key(client)?),
            false => verify(&*self.client_keys(client, false).await?),
        };
        if client.keys.jwks_uri.is_some() && matches!(verified, Err(AssertionError::UnknownKey)) {
            verified = verify(&*self.client_keys(client, true).await?);
        }
        let signed = match verified {
            Ok(signed) => signed,
            Err(error) => return refuse(error.into_error()),
        };
        let is_first = self.is_first_use(Purpose::ClientAssertion, signed.once, client.id, signed.until).await?;
        match signed.when_first(is_first) {
            Ok(client) => Ok(client),
            Err(error) => refuse(error),
        }
    }

    /// Whether what a client made for one use comes for the first time. It is kept until it would be refused for its age. The
    /// database says so; what it said of others is asked first, where it is remembered.
    pub(super) async fn is_first_use(
        &self,
        purpose: Purpose,
        hash: SecretHash,
        client: base::Id,
        until: Timestamp,
    ) -> Result<bool, Fault> {
        let now = self.now();
        let expires_at = until.plus(Duration::from_secs(60));
        let name = crate::guard::key(&[b"once", purpose.as_str().as_bytes(), self.tenant().id.as_bytes(), &hash.0]);
        if self.bus().has_seen(&name).await {
            self.meter().replayed("redis");
            return Ok(false);
        }
        let row = SingleUse {
            hash,
            purpose,
            account: None,
            client: Some(client),
            flow: None,
            data: serde_json::Value::Null,
            created_at: now,
            expires_at,
            consumed_at: Some(now),
        };
        let mut tx = self.begin().await?;
        let is_first = tx.take_single_use(&row).await?;
        tx.commit().await?;
        if !is_first {
            self.meter().replayed("database");
        }
        // Also what is used up already: the database has it in either case.
        self.bus().saw(&name, expires_at.since(now));
        Ok(is_first)
    }
}
