//! The OpenID Connect side of the demo app: code flow with PKCE, state and nonce; refresh; sign-out.

use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndSessionUrl,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, LogoutRequest, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, RefreshToken, Scope, TokenResponse,
};
use outbound::{Outbound, OutboundError, Purpose, Request};
use std::error::Error;
use url::{ParseError, Url};

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What the provider knows of the app, and the app of the provider.
#[derive(Clone)]
pub(crate) struct Registration {
    /// The issuer, as in `http://localhost:8080`.
    pub issuer: String,
    /// The client id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
    /// The app's own origin.
    pub origin: String,
}

/// The provider as the app sees it.
pub(crate) struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect: RedirectUrl,
    after_sign_out: PostLogoutRedirectUrl,
    outbound: Outbound,
}

/// Why something with the provider did not work, for a developer's eyes.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ProviderError(String);

impl ProviderError {
    fn new(doing: &str, error: &(dyn Error + 'static)) -> Self {
        let mut parts = vec![doing.to_owned(), error.to_string()];
        let mut source = error.source();
        while let Some(inner) = source {
            parts.push(inner.to_string());
            source = inner.source();
        }
        Self(parts.join(": "))
    }
}

/// A sign-in that has begun and waits for the browser to come back.
pub(crate) struct Pending {
    /// The `state` that must come back.
    pub state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// A person who is signed in to the app.
#[derive(Clone)]
pub(crate) struct SignedIn {
    /// The ID token as it came: the hint at sign-out.
    pub id_token: CoreIdToken,
    /// Its claims, verified.
    pub claims: CoreIdTokenClaims,
    /// What the userinfo endpoint says.
    pub userinfo: CoreUserInfoClaims,
    /// For a new access token.
    pub refresh: Option<RefreshToken>,
    /// How often it was used.
    pub refreshed: u32,
}

impl Provider {
    /// The provider of a registration.
    ///
    /// # Errors
    /// [`ProviderError`] when an address can't be read.
    pub(crate) fn new(registration: &Registration, outbound: Outbound) -> Result<Self, ProviderError> {
        let origin = &registration.origin;
        let unreadable = |e: ParseError| ProviderError::new("read an address", &e);
        Ok(Self {
            issuer: IssuerUrl::new(registration.issuer.clone()).map_err(unreadable)?,
            client_id: ClientId::new(registration.client_id.clone()),
            client_secret: ClientSecret::new(registration.client_secret.clone()),
            redirect: RedirectUrl::new(format!("{origin}/callback")).map_err(unreadable)?,
            after_sign_out: PostLogoutRedirectUrl::new(format!("{origin}/signed-out")).map_err(unreadable)?,
            outbound,
        })
    }

    /// The issuer that must stand in the answer (RFC 9207).
    pub(crate) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }

    /// Begins a sign-in: where to send the browser, and what to remember of it. With `afresh` the person
    /// signs in again even when a session is there.
    ///
    /// # Errors
    /// [`ProviderError`] when the provider's metadata can't be had.
    pub(crate) async fn begin(&self, afresh: bool) -> Result<(Url, Pending), ProviderError> {
        let (client, _) = self.discover().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        if afresh {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        let (url, state, nonce) = request.url();
        Ok((url, Pending { state, nonce, verifier }))
    }

    /// Redeems the code that the browser brought.
    ///
    /// # Errors
    /// [`ProviderError`] when the code is refused or the ID token is not good.
    pub(crate) async fn finish(&self, pending: Pending, code: String) -> Result<SignedIn, ProviderError> {
        let (client, _) = self.discover().await?;
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|e| ProviderError::new("redeem the code", &e))?;
        let answer = exchange.set_pkce_verifier(pending.verifier).request_async(&|request| self.send(request)).await;
        let answer = answer.map_err(|e| ProviderError::new("redeem the code", &e))?;
        let id_token = answer.id_token().ok_or_else(|| ProviderError("the answer has no ID token".to_owned()))?;
        let verifier = client.id_token_verifier();
        let claims =
            id_token.claims(&verifier, &pending.nonce).map_err(|e| ProviderError::new("verify the ID token", &e))?;
        if let Some(expected) = claims.access_token_hash() {
            let key = id_token.signing_key(&verifier).map_err(|e| ProviderError::new("find the ID token's key", &e))?;
            let alg = id_token.signing_alg().map_err(|e| ProviderError::new("read the ID token's algorithm", &e))?;
            let found = AccessTokenHash::from_token(answer.access_token(), alg, key);
            if found.ok().as_ref() != Some(expected) {
                return Err(ProviderError("the access token is not the one that the ID token names".to_owned()));
            }
        }
        let userinfo = self.userinfo(&client, answer.access_token(), claims).await?;
        Ok(SignedIn {
            id_token: id_token.clone(),
            claims: claims.clone(),
            userinfo,
            refresh: answer.refresh_token().cloned(),
            refreshed: 0,
        })
    }

    /// Gets new tokens and asks the userinfo endpoint again.
    ///
    /// # Errors
    /// [`ProviderError`] when the refresh token is refused or the answer is about somebody else.
    pub(crate) async fn refresh(&self, person: &SignedIn) -> Result<SignedIn, ProviderError> {
        let (client, _) = self.discover().await?;
        let token = person.refresh.as_ref().ok_or_else(|| ProviderError("there is no refresh token".to_owned()))?;
        let exchange = client.exchange_refresh_token(token).map_err(|e| ProviderError::new("refresh", &e))?;
        let answer: CoreTokenResponse = exchange
            .request_async(&|request| self.send(request))
            .await
            .map_err(|e| ProviderError::new("refresh", &e))?;
        let mut next = person.clone();
        if let Some(id_token) = answer.id_token() {
            let any_nonce = |_: Option<&Nonce>| Ok(());
            let claims = id_token
                .claims(&client.id_token_verifier(), any_nonce)
                .map_err(|e| ProviderError::new("verify the ID token", &e))?;
            // OpenID Connect Core §12.2: the same subject.
            if claims.subject() != person.claims.subject() {
                return Err(ProviderError("the new ID token is about somebody else".to_owned()));
            }
            next.claims = claims.clone();
            next.id_token = id_token.clone();
        }
        next.userinfo = self.userinfo(&client, answer.access_token(), &next.claims).await?;
        next.refresh = answer.refresh_token().cloned().or(next.refresh);
        next.refreshed += 1;
        Ok(next)
    }

    /// Where to send the browser so that the person signs out of the provider too; `None` when the provider
    /// has no such place.
    ///
    /// # Errors
    /// [`ProviderError`] when the provider's metadata can't be had.
    pub(crate) async fn sign_out_url(&self, person: &SignedIn) -> Result<Option<Url>, ProviderError> {
        let (_, end_session) = self.discover().await?;
        Ok(end_session.map(|endpoint| {
            LogoutRequest::from(endpoint)
                .set_id_token_hint(&person.id_token)
                .set_client_id(self.client_id.clone())
                .set_post_logout_redirect_uri(self.after_sign_out.clone())
                .http_get_url()
        }))
    }

    async fn userinfo(
        &self,
        client: &Client,
        token: &AccessToken,
        claims: &CoreIdTokenClaims,
    ) -> Result<CoreUserInfoClaims, ProviderError> {
        let request = client.user_info(token.clone(), Some(claims.subject().clone()));
        let request = request.map_err(|e| ProviderError::new("ask for userinfo", &e))?;
        let answer = request.request_async(&|request| self.send(request)).await;
        answer.map_err(|e| ProviderError::new("ask for userinfo", &e))
    }

    /// Metadata and keys are fetched for every sign-in: an app of this size need not cache, and sees new
    /// keys at once.
    async fn discover(&self) -> Result<(Client, Option<EndSessionUrl>), ProviderError> {
        let metadata =
            ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &|request| self.send(request)).await;
        let metadata = metadata.map_err(|e| ProviderError::new("fetch the provider's metadata", &e))?;
        let end_session = metadata.additional_metadata().end_session_endpoint.clone();
        let client =
            CoreClient::from_provider_metadata(metadata, self.client_id.clone(), Some(self.client_secret.clone()));
        Ok((client.set_redirect_uri(self.redirect.clone()), end_session))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, SendError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| SendError::Unreadable)?;
        let request = Request {
            method: parts.method,
            url,
            headers: parts.headers,
            body: body.into(),
            purpose: Purpose::Upstream,
        };
        let answer = self.outbound.send(request).await?;
        let mut response = HttpResponse::new(answer.body.to_vec());
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("the address can't be read")]
    Unreadable,
    #[error(transparent)]
    Outbound(#[from] OutboundError),
}
