//! The token endpoint (RFC 6749 §3.2).

use super::connection::Connection;
use super::grant::LiveGrant;
use super::mint::Extras;
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::Visitor;
use base::{Fault, Id, routes};
use identity::{Event, Purpose};
use oauth::client::GrantType;
use oauth::client_auth::AuthenticatedClient;
use oauth::code::{Code, CodeText};
use oauth::confirmation::Confirmation;
use oauth::grant_terms::GrantTerms;
use oauth::refresh::{Family, RefreshDecision};
use oauth::scope::Scope;
use oauth::token_request::{
    AuthorizationCodeRequest, ClientCredentialsRequest, RefreshTokenRequest, Target, TokenRequest,
};
use oauth::token_response::TokenResponse;
use oauth::{OAuthError, Params};
use store::Tx;
use store::model::Grant;

/// A call of a client to one of the endpoints that want its credentials.
pub struct BackChannel {
    /// The `Authorization` header.
    pub authorization: Option<Vec<u8>>,
    /// The form.
    pub form: Params,
    /// The `DPoP` headers.
    pub proofs: Vec<Vec<u8>>,
    /// The connection.
    pub connection: Connection,
}

/// How often a refresh token is looked at when others use it in the very moment: each time somebody else has come further.
const REFRESH_TRIES: u32 = 4;

impl Here {
    /// Exchanges a code or a refresh token.
    ///
    /// # Errors
    /// [`OAuthError`] with the RFC's code.
    pub async fn token(&self, call: BackChannel, visitor: &Visitor) -> Answer<TokenResponse, OAuthError> {
        let grant = call.form.one("grant_type").ok().flatten().and_then(|name| name.parse().ok());
        let answer = self.grant(call, visitor).await;
        let outcome = match &answer {
            Ok(_) => "ok",
            Err(Problem::Refusal(error)) => error.code.as_str(),
            Err(Problem::Fault(_)) => "server_error",
        };
        self.meter().token(grant.map_or("other", GrantType::as_str), outcome);
        answer
    }

    async fn grant(&self, call: BackChannel, visitor: &Visitor) -> Answer<TokenResponse, OAuthError> {
        let request = match TokenRequest::parse(&call.form) {
            Ok(request) => request,
            Err(error) => return refuse(error),
        };
        let client = self.authenticate_client(&call).await?;
        if let Err(error) = request.check_client(&client) {
            return refuse(error);
        }
        let shown = self.shown_keys(&call, routes::TOKEN, client.client()).await?;
        match request {
            TokenRequest::AuthorizationCode(request) => self.redeem(request, (&client, shown), visitor).await,
            TokenRequest::RefreshToken(request) => self.refresh(request, (&client, shown), visitor).await,
            TokenRequest::ClientCredentials(request) => self.for_client(&request, (&client, shown)),
            TokenRequest::TokenExchange(request) => self.exchange(request, (&client, shown), visitor).await,
            TokenRequest::DeviceCode(request) => self.redeem_polled(request.into(), (&client, shown), visitor).await,
            TokenRequest::Ciba(request) => self.redeem_polled(request.into(), (&client, shown), visitor).await,
        }
    }

    /// RFC 6749 §4.4: a client for itself.
    fn for_client(
        &self,
        request: &ClientCredentialsRequest,
        (client, shown): (&AuthenticatedClient, Confirmation),
    ) -> Answer<TokenResponse, OAuthError> {
        let nothing = GrantTerms::default();
        let granted = request.grant(client);
        let target = request.wanted.within(&nothing, client.client(), self.issuer());
        match (granted, target) {
            (Ok(scope), Ok(target)) => Ok(self.mint_for_client(client, scope, (&target, &shown))?),
            (Err(error), _) | (_, Err(error)) => refuse(error),
        }
    }

    /// RFC 6749 §4.1.3. A code is used once; a second use ends everything that came of the first (§4.1.2).
    async fn redeem(
        &self,
        request: AuthorizationCodeRequest,
        (client, shown): (&AuthenticatedClient, Confirmation),
        visitor: &Visitor,
    ) -> Answer<TokenResponse, OAuthError> {
        let now = self.now();
        let recipient = self.recipient(client.client(), client.client().tokens.id_token_encryption()).await?;
        let Some(code) = self.code(&request.code).await? else {
            return refuse(OAuthError::invalid_grant("there is no such code"));
        };
        // Whose code it is comes first: another client must neither redeem nor burn it.
        if let Err(error) = code.redeem(&request, client).and_then(|()| code.check_key(&shown)) {
            return refuse(error);
        }
        let used = || OAuthError::invalid_grant("the code was used before; its tokens are revoked");
        let (grant, nonce) = (code.who.grant, code.nonce.clone());
        if let Err(error) = code.check_age(now) {
            // A used code is not measured by its age: its second use ends the family however late it comes.
            let was_used = self.read().await?.find_grant(grant).await?.is_some();
            if !was_used {
                return refuse(error);
            }
            self.replayed(self.begin().await?, grant, client, visitor).await?;
            return refuse(used());
        }
        let target = match request.wanted.within(&code.terms, client.client(), self.issuer()) {
            Ok(target) => target,
            Err(error) => return refuse(error),
        };
        let scope = code.scope.clone();
        let mut tx = self.begin().await?;
        let Some(live) = LiveGrant::begin(self, &mut tx, code, (client.client(), &shown)).await? else {
            self.replayed(tx, grant, client, visitor).await?;
            return refuse(used());
        };
        let extras = Extras { nonce, generation: 0, target, shown, recipient, answers: None };
        let response = self.mint(&live, client, scope, extras)?;
        tx.commit().await?;
        Ok(response)
    }

    /// What a code stands for. `None` for what is no code of ours.
    async fn code(&self, text: &CodeText) -> Result<Option<Code>, Fault> {
        match text {
            CodeText::Sealed(sealed) => Ok(Code::open(sealed, self.issuer(), &self.parts().keyring)),
            CodeText::Kept(secret) => {
                let row = self.read().await?.find_single_use(secret.hash(), Purpose::Code).await?;
                row.map(|row| serde_json::from_value(row.data).map_err(|e| Fault::new("read a code", e))).transpose()
            }
        }
    }

    /// RFC 6749 §6, with rotation and reuse detection (RFC 9700 §4.14.2). Whoever asks again within ten
    /// seconds, because the answer was lost, gets the same child.
    async fn refresh(
        &self,
        request: RefreshTokenRequest,
        (client, shown): (&AuthenticatedClient, Confirmation),
        visitor: &Visitor,
    ) -> Answer<TokenResponse, OAuthError> {
        let recipient = self.recipient(client.client(), client.client().tokens.id_token_encryption()).await?;
        let unknown = || OAuthError::invalid_grant("there is no such refresh token, or it is too old");
        let Some(token) = request.token.verify(self.issuer(), &self.parts().keyring) else { return refuse(unknown()) };
        // Once for all tries: who asked in time is not late for having waited here.
        let now = self.now();
        for _ in 0..REFRESH_TRIES {
            let (live, rotation) = LiveGrant::to_rotate(self, token.grant, client.client().id).await?;
            // Before anything is used up: who has only the token and not its key costs its owner nothing.
            if let Err(error) = live.grant().terms.confirmation.check_refresh(&shown, client.is_confidential()) {
                return refuse(error);
            }
            let (scope, target) = match asked(&request, &live, client, self.issuer()) {
                Ok(asked) => asked,
                Err(error) => return refuse(error),
            };
            let decision = oauth::refresh::decide(token.generation, &family(live.grant()), now);
            // FAPI 2.0 §5.3.2.1: no rotation where the client proves itself by a key at each use.
            let rotates = !client.client().is_fapi();
            let generation = match decision {
                RefreshDecision::Rotate if rotates => token.generation.saturating_add(1),
                RefreshDecision::Rotate | RefreshDecision::SameChildAgain => live.grant().generation,
                RefreshDecision::Replay => {
                    drop(rotation);
                    self.replayed(self.begin().await?, token.grant, client, visitor).await?;
                    return refuse(OAuthError::invalid_grant(
                        "the refresh token was used before; its family is revoked",
                    ));
                }
                RefreshDecision::Expired | RefreshDecision::Unknown => return refuse(unknown()),
            };
            let (shown, recipient) = (shown.clone(), recipient.clone());
            let extras = Extras { nonce: None, generation, target, shown, recipient, answers: None };
            let response = self.mint(&live, client, scope, extras)?;
            let done = match decision {
                RefreshDecision::Rotate if rotates => rotation.rotate(token.generation, now).await?,
                // To the minute, as with sessions.
                RefreshDecision::Rotate if now.since(live.grant().last_used_at).as_secs() >= 60 => {
                    rotation.touch(now).await.map(|()| true)?
                }
                _ => rotation.leave().await.map(|()| true)?,
            };
            if done {
                return Ok(response);
            }
            // Another request has exchanged or ended it since it was read: what was minted is told to nobody.
        }
        Err(Fault::busy("a refresh token is used by many at once").into())
    }

    /// A code or refresh token came twice: someone else may have it. The whole family ends, and that is
    /// committed before the refusal is told.
    pub(super) async fn replayed(
        &self,
        mut tx: Tx,
        grant: Id,
        client: &AuthenticatedClient,
        visitor: &Visitor,
    ) -> Result<(), Fault> {
        let found = tx.lock_grant(grant).await?;
        if tx.revoke_grant(grant, self.now()).await?
            && let Some(account) = found.and_then(|grant| grant.account)
        {
            let event = Event::TokenReplayed { app: client.client().name.clone() };
            self.emit(&mut tx, &By::about(account, None, visitor), event).await?;
        }
        tx.commit().await
    }
}

/// What is asked for, if it is within what was granted.
fn asked(
    request: &RefreshTokenRequest,
    live: &LiveGrant,
    client: &AuthenticatedClient,
    issuer: &str,
) -> Result<(Scope, Target), OAuthError> {
    let granted: Scope = live.grant().scope.parse().unwrap_or_default();
    let scope = oauth::refresh::narrow(&granted, request.scope.as_ref())?;
    let target = request.wanted.within(&live.grant().terms, client.client(), issuer)?;
    Ok((scope, target))
}

const fn family(grant: &Grant) -> Family {
    Family { generation: grant.generation, rotated_at: grant.rotated_at, expires_at: grant.expires_at }
}
