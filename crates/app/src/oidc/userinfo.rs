//! UserInfo (OpenID Connect Core §5.3), and what it shares with introspection: whether an access token is
//! still worth anything.

use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::Fault;
use identity::{Account, AccountStatus};
use oauth::access_token::AccessTokenClaims;
use oauth::scope::Scope;
use oauth::userinfo::Person;
use oauth::{ErrorCode, OAuthError};
use serde_json::{Value, json};
use store::model::Grant;

/// An access token that was verified, with what it hangs on.
pub(super) struct LiveToken {
    pub(super) claims: AccessTokenClaims,
    pub(super) account: Account,
    pub(super) grant: Grant,
}

impl Here {
    /// The claims that an access token opens.
    ///
    /// # Errors
    /// `invalid_token` (RFC 6750 §3.1), `insufficient_scope`.
    pub async fn userinfo(&self, bearer: &str) -> Answer<Value, OAuthError> {
        let Some(token) = self.live_token(bearer).await? else {
            return refuse(OAuthError::new(ErrorCode::InvalidToken, "the access token is unknown, expired or revoked"));
        };
        let scope: Scope = token.claims.scope.parse().unwrap_or_default();
        if !scope.contains("openid") {
            return refuse(OAuthError::new(ErrorCode::InsufficientScope, "the access token lacks the scope openid"));
        }
        let account = &token.account;
        let person = Person {
            subject: account.id.to_string(),
            name: account.name.clone(),
            email: account.email.as_str().to_owned(),
            email_verified: true,
            locale: account.locale.clone(),
            zoneinfo: account.time_zone.clone(),
            updated_at: account.updated_at,
        };
        Ok(oauth::userinfo::claims(&person, &scope))
    }

    /// Introspection (RFC 7662): for confidential clients, about access and refresh tokens of their own, or
    /// about any when the client is a resource server.
    ///
    /// # Errors
    /// `invalid_client`, `invalid_request`. A token that is not worth anything is an answer, not an error.
    pub async fn introspect(&self, call: BackChannel) -> Answer<Value, OAuthError> {
        let client = self.authenticate_client(&call).await?;
        if client.is_public() {
            return refuse(OAuthError::new(ErrorCode::InvalidClient, "introspection needs a client with a secret"));
        }
        let token = match oauth::introspection::token_of(&call.body) {
            Ok(token) => token,
            Err(error) => return refuse(error),
        };
        let mine = |grant: &Grant| grant.client == client.client().id || client.client().resource_server;
        if let Some(live) = self.live_token(&token).await? {
            return Ok(if mine(&live.grant) { live.claims.introspection() } else { json!({ "active": false }) });
        }
        match self.live_refresh(&token).await? {
            Some((grant, expires_at)) if mine(&grant) => {
                let owner = self.read().await?.find_client_by_id(grant.client).await?;
                let client_id = owner.map(|client| client.client_id).unwrap_or_default();
                Ok(json!({
                    "active": true, "scope": grant.scope, "client_id": client_id, "iss": self.issuer(),
                    "sub": grant.account.map(|id| id.to_string()), "exp": expires_at.seconds(),
                }))
            }
            _ => Ok(json!({ "active": false })),
        }
    }

    /// Verifies an access token and everything that it hangs on, as it stands now.
    pub(super) async fn live_token(&self, token: &str) -> Result<Option<LiveToken>, Fault> {
        let now = self.now();
        let verified = oauth::access_token::verify(token, self.keys().published(), self.issuer(), now);
        let Ok(claims) = verified else { return Ok(None) };
        let mut read = self.read().await?;
        if read.is_token_revoked(&claims.jti).await? {
            return Ok(None);
        }
        let Some(grant) = claims.grant() else { return Ok(None) };
        let Some(grant) = read.find_grant(grant).await? else { return Ok(None) };
        if grant.revoked_at.is_some() || grant.expires_at <= now {
            return Ok(None);
        }
        let Some(account) = grant.account else { return Ok(None) };
        let account = read.find_account(account).await?.filter(|account| account.status == AccountStatus::Active);
        let client = read.find_client_by_id(grant.client).await?.filter(|client| client.disabled_at.is_none());
        match (account, client) {
            (Some(account), Some(_)) => Ok(Some(LiveToken { claims, account, grant })),
            _ => Ok(None),
        }
    }

    async fn live_refresh(&self, token: &str) -> Result<Option<(Grant, base::Timestamp)>, Fault> {
        let now = self.now();
        let Some(secret) = base::Secret::parse(base::SecretKind::Refresh, token) else { return Ok(None) };
        let mut read = self.read().await?;
        let Some(row) = read.find_refresh(secret.hash()).await? else { return Ok(None) };
        if row.consumed_at.is_some() || row.expires_at <= now {
            return Ok(None);
        }
        let grant = read.find_grant(row.grant).await?.filter(|grant| grant.revoked_at.is_none() && now < grant.expires_at);
        Ok(grant.map(|grant| (grant, row.expires_at)))
    }
}
