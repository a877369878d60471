//! OpenID Connect: the authorization request, and the verification of what comes back.

use crate::Upstream;
use crate::attempt::Attempt;
use crate::cache::Metadata;
use crate::error::Trouble;
use crate::http_client::HttpClient;
use crate::key::{ALGS, PublicKey};
use crate::plain;
use crate::settings::ResponseMode;
use crate::told::{self, Told};
use base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreIdToken, CoreJweContentEncryptionAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenResponse,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, EmptyAdditionalClaims, EndpointMaybeSet, EndpointNotSet, EndpointSet, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError, StandardErrorResponse,
    TokenResponse,
};
use serde_json::{Map, Value};
use std::time::Duration;
use url::Url;

/// How far the clocks of two servers may be apart.
const SKEW: Duration = Duration::from_secs(30);
/// An ID token is read when it has just been made.
const OLDEST: Duration = Duration::from_secs(600);

type Oidc = Client<
    EmptyAdditionalClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    PublicKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    CoreTokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

fn client(upstream: &Upstream, metadata: &Metadata, attempt: &Attempt) -> Result<Oidc, Trouble> {
    let provider = &upstream.provider;
    let secret = provider.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
    let id = ClientId::new(provider.client_id.clone());
    let redirect = RedirectUrl::new(attempt.redirect_uri.clone())
        .map_err(|e| Trouble::Unusable(format!("our redirect URI can't be read: {e}")))?;
    // Basic is the default (Discovery §3), and what every server must take (RFC 6749 §2.3.1).
    let methods = metadata.token_endpoint_auth_methods_supported();
    let takes = |method| methods.is_none_or(|methods| methods.contains(&method));
    let only_post = !takes(CoreClientAuthMethod::ClientSecretBasic) && takes(CoreClientAuthMethod::ClientSecretPost);
    let auth = if only_post { AuthType::RequestBody } else { AuthType::BasicAuth };
    Ok(Client::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect).set_auth_type(auth))
}

/// Where to send the browser.
pub(crate) async fn begin(upstream: &Upstream, attempt: &Attempt, now: Timestamp) -> Result<Url, Trouble> {
    let metadata = upstream.metadata(now).await?;
    let client = client(upstream, &metadata, attempt)?;
    let (state, nonce) = (attempt.state.to_string(), attempt.nonce.to_string());
    let verifier = PkceCodeVerifier::new(attempt.verifier.to_string());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    for scope in upstream.provider.scopes.iter().filter(|scope| *scope != "openid") {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    if upstream.provider.response_mode == ResponseMode::FormPost {
        request = request.add_extra_param("response_mode", "form_post");
    }
    if let Some(age) = attempt.max_age {
        request = request.set_max_age(age);
    }
    if let Some(hint) = &attempt.login_hint {
        request = request.add_extra_param("login_hint", hint.clone());
    }
    Ok(request.url().0)
}

/// Exchanges the code, verifies the ID token, asks for what it does not say.
pub(crate) async fn redeem(
    upstream: &Upstream,
    code: &str,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<Told, Trouble> {
    let metadata = upstream.metadata(now).await?;
    let http = HttpClient(&upstream.outbound);
    let oidc = client(upstream, &metadata, attempt)?;
    let answer = oidc
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|_| Trouble::Unusable("it names no token endpoint".to_owned()))?
        .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.to_string()))
        .request_async(&http)
        .await
        .map_err(|e| plain::refusal(&e))?;
    let token = answer.id_token().ok_or_else(|| not_proven("it sent no ID token"))?;
    let check = Check { client_id: &upstream.provider.client_id, nonce: &attempt.nonce, now };
    let claims = match check.verify(&oidc, token, answer.access_token()) {
        Err(Unverified::UnknownKey) => {
            let metadata = upstream.metadata_with_new_keys(now).await?;
            check.verify(&client(upstream, &metadata, attempt)?, token, answer.access_token()).map_err(Trouble::from)?
        }
        other => other.map_err(Trouble::from)?,
    };
    let subject = told::text(&claims, "sub").as_deref().and_then(told::subject);
    let subject = subject.ok_or_else(|| not_proven("its subject can't be used"))?;
    let info = userinfo(upstream, &metadata, (answer.access_token(), &subject), &claims).await?;
    Ok(said(upstream.provider.issuer(), subject, &claims, &info))
}

fn not_proven(why: impl Into<String>) -> Trouble {
    Trouble::NotProven(why.into())
}

/// Why an ID token does not count.
#[derive(Debug)]
enum Unverified {
    /// Its key is not among those that we know: they may have changed.
    UnknownKey,
    /// Anything else.
    Wrong(String),
}

impl From<Unverified> for Trouble {
    fn from(unverified: Unverified) -> Self {
        match unverified {
            Unverified::UnknownKey => {
                not_proven("the ID token is signed with a key that the provider does not publish")
            }
            Unverified::Wrong(why) => not_proven(why),
        }
    }
}

/// What an ID token must say (OpenID Connect Core §3.1.3.7).
struct Check<'a> {
    client_id: &'a str,
    nonce: &'a str,
    now: Timestamp,
}

impl Check<'_> {
    /// The claims of an ID token, once everything about it holds.
    fn verify(
        &self,
        client: &Oidc,
        token: &CoreIdToken,
        access: &AccessToken,
    ) -> Result<Map<String, Value>, Unverified> {
        let now = self.now;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGS)
            .set_time_fn(move || moment(now.minus(SKEW)))
            .set_issue_time_verifier_fn(move |at| match at {
                at if at > moment(now.plus(SKEW)) => Err("it was issued in the future".to_owned()),
                at if at < moment(now.minus(OLDEST)) => Err("it was issued long ago".to_owned()),
                _ => Ok(()),
            });
        let claims = token.claims(&verifier, &Nonce::new(self.nonce.to_owned())).map_err(|error| match error {
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                Unverified::UnknownKey
            }
            ClaimsVerificationError::SignatureVerification(why) => Unverified::Wrong(format!("the ID token: {why}")),
            other => Unverified::Wrong(format!("the ID token: {other}")),
        })?;
        // The library leaves the authorized party to its users (§3.1.3.7, items 4 and 5).
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.client_id) {
            return Err(Unverified::Wrong("the ID token is for another party (azp)".to_owned()));
        }
        if let Some(expected) = claims.access_token_hash() {
            let hash = token.signing_alg().ok().zip(token.signing_key(&verifier).ok());
            let hash = hash.and_then(|(alg, key)| AccessTokenHash::from_token(access, alg, key).ok());
            if hash.as_ref() != Some(expected) {
                return Err(Unverified::Wrong("the access token is not the ID token's (at_hash)".to_owned()));
            }
        }
        payload(&token.to_string()).ok_or_else(|| Unverified::Wrong("the ID token can't be read".to_owned()))
    }
}

/// The claims as the provider wrote them. The library reads "true" as true; here it matters which it was.
fn payload(token: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()
}

fn moment(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.seconds(), 0).unwrap_or_default()
}

/// What the ID token leaves out, from the UserInfo endpoint (OpenID Connect Core §5.3). Its word counts only for the
/// same subject. When it does not answer, the person is known all the same.
async fn userinfo(
    upstream: &Upstream,
    metadata: &Metadata,
    (access, subject): (&AccessToken, &str),
    claims: &Map<String, Value>,
) -> Result<Map<String, Value>, Trouble> {
    let said_all = ["email", "email_verified", "name"].iter().all(|name| claims.contains_key(*name));
    let (false, Some(endpoint)) = (said_all, metadata.userinfo_endpoint()) else { return Ok(Map::new()) };
    match plain::ask(upstream, endpoint.url(), access.secret()).await {
        Ok(Value::Object(info)) if told::text(&info, "sub").as_deref() == Some(subject) => Ok(info),
        Ok(_) => Err(not_proven("the UserInfo endpoint speaks of somebody else (sub)")),
        Err(trouble) => {
            tracing::info!(provider = upstream.provider.key.as_str(), %trouble, "the UserInfo endpoint gave no answer");
            Ok(Map::new())
        }
    }
}

/// Address and the word on it come from one place: never the address of one and the other's "verified".
fn said(issuer: &str, subject: String, claims: &Map<String, Value>, info: &Map<String, Value>) -> Told {
    let whole = |from: &Map<String, Value>| from.contains_key("email") && from.contains_key("email_verified");
    let source = match () {
        () if whole(claims) => claims,
        () if info.contains_key("email") => info,
        () => claims,
    };
    Told {
        issuer: issuer.to_owned(),
        subject,
        email: told::text(source, "email"),
        email_verified: told::is_true(source, "email_verified"),
        name: told::text(claims, "name").or_else(|| told::text(info, "name")),
        auth_time: claims.get("auth_time").and_then(Value::as_i64).map(Timestamp::from_seconds),
    }
}
