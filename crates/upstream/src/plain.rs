//! OAuth 2 without OpenID Connect: the person is whom the provider's own endpoint says.

use crate::Upstream;
use crate::attempt::Attempt;
use crate::error::Trouble;
use crate::http_client::{HttpClient, HttpError};
use crate::settings::{ClientAuth, Plain, ResponseMode};
use crate::told::{self, Told};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, StatusCode};
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse, TokenUrl,
};
use outbound::{Purpose, Request};
use serde_json::{Map, Value};
use url::Url;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn client(upstream: &Upstream, plain: &Plain, attempt: &Attempt) -> Result<Client, Trouble> {
    let provider = &upstream.provider;
    let redirect = RedirectUrl::new(attempt.redirect_uri.clone())
        .map_err(|e| Trouble::Unusable(format!("our redirect URI can't be read: {e}")))?;
    let auth = match plain.client_auth {
        ClientAuth::Basic => AuthType::BasicAuth,
        ClientAuth::Post => AuthType::RequestBody,
    };
    let client = BasicClient::new(ClientId::new(provider.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(plain.authorization_endpoint.clone()))
        .set_token_uri(TokenUrl::from_url(plain.token_endpoint.clone()))
        .set_redirect_uri(redirect)
        .set_auth_type(auth);
    Ok(match &provider.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.reveal().to_owned())),
        None => client,
    })
}

/// Where to send the browser.
pub(crate) fn begin(upstream: &Upstream, plain: &Plain, attempt: &Attempt) -> Result<Url, Trouble> {
    let client = client(upstream, plain, attempt)?;
    let state = attempt.state.to_string();
    let verifier = PkceCodeVerifier::new(attempt.verifier.to_string());
    let mut request = client
        .authorize_url(move || CsrfToken::new(state))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    for scope in &upstream.provider.scopes {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    if upstream.provider.response_mode == ResponseMode::FormPost {
        request = request.add_extra_param("response_mode", "form_post");
    }
    Ok(request.url().0)
}

/// Exchanges the code and asks who it is.
pub(crate) async fn redeem(upstream: &Upstream, plain: &Plain, code: &str, attempt: &Attempt) -> Result<Told, Trouble> {
    let answer = client(upstream, plain, attempt)?
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.to_string()))
        .request_async(&HttpClient(&upstream.outbound))
        .await
        .map_err(|e| refusal(&e))?;
    let access = answer.access_token().secret();
    let Value::Object(person) = ask(upstream, &plain.userinfo_endpoint, access).await? else {
        return Err(Trouble::Unusable("it answers no object about the person".to_owned()));
    };
    let fields = &plain.fields;
    let subject = person.get(&fields.subject).and_then(identifier).as_deref().and_then(told::subject);
    let Some(subject) = subject else {
        return Err(Trouble::NotProven(format!("it does not say who it is (field {})", fields.subject)));
    };
    let (email, email_verified) = match &plain.emails_endpoint {
        Some(endpoint) => primary(&ask(upstream, endpoint, access).await?),
        None => {
            let email = fields.email.as_ref().and_then(|name| told::text(&person, name));
            (email, fields.email_verified.as_ref().is_some_and(|name| told::is_true(&person, name)))
        }
    };
    let name = fields.name.as_ref().and_then(|name| told::text(&person, name));
    Ok(Told { issuer: plain.issuer.clone(), subject, email, email_verified, name, auth_time: None })
}

/// An identifier: text, or a whole number.
fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// The address that the person uses first, and whether it is verified; of no other.
fn primary(list: &Value) -> (Option<String>, bool) {
    let of = |entry: &Map<String, Value>| (told::text(entry, "email"), told::is_true(entry, "verified"));
    let entries = list.as_array().into_iter().flatten().take(100).filter_map(Value::as_object);
    entries.filter(|entry| told::is_true(entry, "primary")).map(of).next().unwrap_or((None, false))
}

/// Asks an endpoint with the access token (RFC 6750 §2.1) for JSON.
pub(crate) async fn ask(upstream: &Upstream, endpoint: &Url, access: &str) -> Result<Value, Trouble> {
    let unusable = |what: &str| Trouble::Unusable(format!("{}: {what}", endpoint.host_str().unwrap_or_default()));
    let mut bearer =
        HeaderValue::try_from(format!("Bearer {access}")).map_err(|_| unusable("its access token is no token"))?;
    bearer.set_sensitive(true);
    let request = Request::get(endpoint.clone(), Purpose::Upstream)
        .header(AUTHORIZATION, bearer)
        .header(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = upstream.outbound.send(request).await.map_err(|e| Trouble::Unreachable(e.to_string()))?;
    if answer.status != StatusCode::OK {
        let what = format!("status {}", answer.status);
        return Err(if is_passing(answer.status) { Trouble::Unreachable(what) } else { unusable(&what) });
    }
    serde_json::from_slice(&answer.body).map_err(|_| unusable("its answer is not JSON"))
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

/// Why no token came.
pub(crate) fn refusal(error: &RequestTokenError<HttpError, BasicErrorResponse>) -> Trouble {
    match error {
        RequestTokenError::Request(e) => Trouble::Unreachable(e.to_string()),
        RequestTokenError::ServerResponse(answer) => named(answer),
        // GitHub answers 200 with an error in it.
        RequestTokenError::Parse(_, body) => match serde_json::from_slice::<BasicErrorResponse>(body) {
            Ok(answer) => named(&answer),
            Err(_) => Trouble::Unusable("its token endpoint's answer can't be read".to_owned()),
        },
        RequestTokenError::Other(what) => Trouble::Unusable(what.clone()),
    }
}

fn named(answer: &BasicErrorResponse) -> Trouble {
    let code: String = answer.error().as_ref().chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
    match answer.error() {
        BasicErrorResponseType::InvalidGrant => Trouble::Refused(code),
        BasicErrorResponseType::Extension(other) if other == "bad_verification_code" => Trouble::Refused(code),
        BasicErrorResponseType::Extension(other) if ["temporarily_unavailable", "server_error"].contains(&&**other) => {
            Trouble::Unreachable(code)
        }
        BasicErrorResponseType::InvalidClient
        | BasicErrorResponseType::UnauthorizedClient
        | BasicErrorResponseType::InvalidRequest
        | BasicErrorResponseType::InvalidScope
        | BasicErrorResponseType::UnsupportedGrantType
        | BasicErrorResponseType::Extension(_) => {
            Trouble::Unusable(format!("{code}: see that client_id, client_secret and the redirect URI are right"))
        }
    }
}
