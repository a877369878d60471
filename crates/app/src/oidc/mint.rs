//! The one place where tokens are made.

use super::grant::LiveGrant;
use super::token::TokenResponse;
use crate::here::Here;
use base::{Fault, Secret, Timestamp};
use oauth::access_token::AccessToken;
use oauth::client::Client;
use oauth::client_auth::AuthenticatedClient;
use oauth::id_token::IdToken;
use oauth::scope::Scope;
use store::Tx;
use store::model::RefreshToken;

/// What is minted besides the access token.
pub(super) struct Extras {
    /// The `nonce` of the request; `Some` only with a code.
    pub(super) nonce: Option<String>,
    /// The refresh token to hand out.
    pub(super) refresh: Option<Secret>,
}

impl Here {
    /// Mints the tokens of a live grant for its authenticated client.
    pub(super) fn mint(&self, live: &LiveGrant, client: &AuthenticatedClient, scope: &Scope, extras: Extras) -> Result<TokenResponse, Fault> {
        let (now, grant, client) = (self.now(), live.grant(), client.client());
        let subject = live.account().id.to_string();
        let keys = self.keys();
        let access = AccessToken {
            issuer: self.issuer(),
            subject: &subject,
            audience: self.issuer(),
            client_id: &client.client_id,
            scope,
            grant: grant.id,
            auth_time: Some(grant.auth_time),
            acr: Some(&grant.acr),
            issued_at: now,
            lifetime: client.access_token_lifetime,
        };
        let access_token = access.sign(keys.signer(oauth::jose::SigningAlg::ES256, now)?, self.rng())?;
        let id_token = if scope.contains("openid") {
            Some(self.id_token(live, client, (&access_token, extras.nonce.as_deref()), now)?)
        } else {
            None
        };
        Ok(TokenResponse {
            access_token,
            token_type: "Bearer",
            expires_in: client.access_token_lifetime.as_secs(),
            refresh_token: extras.refresh.map(|secret| secret.reveal()),
            scope: scope.to_string(),
            id_token,
        })
    }

    fn id_token(&self, live: &LiveGrant, client: &Client, (access_token, nonce): (&str, Option<&str>), now: Timestamp) -> Result<String, Fault> {
        let grant = live.grant();
        let subject = live.account().id.to_string();
        let sid = grant.session.map(|session| session.to_string());
        let amr: Vec<&str> = grant.amr.iter().map(|amr| amr.as_str()).collect();
        let token = IdToken {
            issuer: self.issuer(),
            subject: &subject,
            audience: &client.client_id,
            nonce,
            auth_time: grant.auth_time,
            acr: &grant.acr,
            amr: &amr,
            sid: sid.as_deref(),
            access_token: Some(access_token),
            issued_at: now,
            lifetime: client.id_token_lifetime,
        };
        token.sign(self.keys().signer(client.id_token_alg, now)?)
    }

    /// A refresh token of a grant, stored by its hash.
    pub(super) async fn store_refresh(&self, tx: &mut Tx, live: &LiveGrant, secret: &Secret) -> Result<(), Fault> {
        let now = self.now();
        let token = RefreshToken {
            hash: secret.hash(),
            grant: live.grant().id,
            issued_at: now,
            expires_at: live.grant().expires_at,
            consumed_at: None,
        };
        tx.insert_refresh(&token).await
    }
}
