//! The crate `openidconnect` as an app: what it asks and what it believes is its own, unmodified; only the wire is ours.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use oauth::client::ClientAuthMethod;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreRevocableToken, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IntrospectionUrl, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, RevocationUrl, Scope, TokenIntrospectionResponse, TokenResponse,
};
use std::convert::Infallible;
use std::pin::Pin;
use testkit::browser::Browser;
use testkit::house::{House, ORIGIN};
use testkit::people::{App, CALLBACK, jane, template};
use testkit::stories;

/// The library's HTTP client: its requests go to the house.
struct Wire<'h>(&'h House);

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Infallible>> + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            assert_eq!(head.uri.host(), Some("id.acme.test"), "it asks nobody else");
            let mut sent = TestRequest::with_uri(head.uri.path_and_query().unwrap().as_str())
                .method(Method::from_bytes(head.method.as_str().as_bytes()).unwrap());
            for (name, value) in &head.headers {
                sent = sent.append_header((name.as_str(), value.to_str().unwrap()));
            }
            let reply = self.0.call(sent.set_payload(body)).await;
            let mut response = http::Response::builder().status(reply.status.as_u16());
            for (name, value) in &reply.headers {
                response = response.header(name, value);
            }
            Ok(response.body(reply.body.into_bytes()).unwrap())
        })
    }
}

/// What discovery makes of it, and the two addresses that it leaves to be set.
type Library = CoreClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointMaybeSet, EndpointMaybeSet>;

async fn library(house: &House, app: &App) -> Library {
    let issuer = IssuerUrl::new(ORIGIN.to_owned()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &Wire(house)).await.unwrap();
    CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(app.client_id.clone()),
        app.secret.clone().map(ClientSecret::new),
    )
    .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap())
    .set_introspection_url(IntrospectionUrl::new(format!("{ORIGIN}/oauth/introspect")).unwrap())
    .set_revocation_url(RevocationUrl::new(format!("{ORIGIN}/oauth/revoke")).unwrap())
}

async fn app(house: &House, method: ClientAuthMethod) -> App {
    let mut client = template(method.as_str(), method);
    client.first_party = true;
    App::add(house, client).await
}

/// Sends a person to sign in: the code, and what its redemption needs.
async fn visit(library: &Library, browser: &mut Browser) -> (AuthorizationCode, PkceCodeVerifier, Nonce) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = library
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    let back = browser.open(&url[url::Position::BeforePath..]).await;
    assert_eq!(back.parameter("state").as_ref(), Some(state.secret()));
    assert_eq!(back.parameter("iss").as_deref(), Some(ORIGIN));
    (AuthorizationCode::new(back.parameter("code").unwrap()), verifier, nonce)
}

/// Signs in: the tokens, with an ID token that the library has verified, and whose it is.
async fn sign_in(house: &House, library: &Library, browser: &mut Browser) -> (CoreTokenResponse, String) {
    let (code, verifier, nonce) = visit(library, browser).await;
    let request = library.exchange_code(code).unwrap().set_pkce_verifier(verifier);
    let tokens = request.request_async(&Wire(house)).await.unwrap();
    let now = house.clock.now().seconds();
    let verifier = library.id_token_verifier().set_time_fn(move || chrono::DateTime::from_timestamp(now, 0).unwrap());
    let claims = tokens.id_token().unwrap().claims(&verifier, &nonce).unwrap();
    let subject = claims.subject().to_string();
    assert!(tokens.id_token().unwrap().claims(&verifier, &Nonce::new_random()).is_err(), "the nonce is this one");
    (tokens, subject)
}

stories! {
    async fn a_rust_app_signs_people_in_and_knows_them(house: House) {
        let mut browser = jane(&house).await;
        for method in [ClientAuthMethod::SecretBasic, ClientAuthMethod::None] {
            let library = library(&house, &app(&house, method).await).await;
            let (tokens, subject) = sign_in(&house, &library, &mut browser).await;
            let request = library.user_info(tokens.access_token().clone(), None).unwrap();
            let person: CoreUserInfoClaims = request.request_async(&Wire(&house)).await.unwrap();
            assert_eq!(person.subject().as_str(), subject);
            assert_eq!(person.email().map(|email| email.as_str()), Some("jane@example.com"));
            assert_eq!(person.email_verified(), Some(true));
        }
    }

    async fn a_rust_app_refreshes_asks_about_its_tokens_and_ends_them(house: House) {
        let mut browser = jane(&house).await;
        let library = library(&house, &app(&house, ClientAuthMethod::SecretBasic).await).await;
        let wire = Wire(&house);
        let (tokens, subject) = sign_in(&house, &library, &mut browser).await;
        let old = tokens.refresh_token().unwrap();
        let fresh = library.exchange_refresh_token(old).unwrap().request_async(&wire).await.unwrap();
        let new = fresh.refresh_token().unwrap();
        assert_ne!(new.secret(), old.secret());
        let told = library.introspect(fresh.access_token()).request_async(&wire).await.unwrap();
        assert!(told.active() && told.sub() == Some(subject.as_str()));
        let ending = library.revoke_token(CoreRevocableToken::RefreshToken(new.clone())).unwrap();
        ending.request_async(&wire).await.unwrap();
        assert!(!library.introspect(fresh.access_token()).request_async(&wire).await.unwrap().active());
        let refused = library.exchange_refresh_token(new).unwrap().request_async(&wire).await.unwrap_err();
        let RequestTokenError::ServerResponse(refused) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.error().as_ref(), "invalid_grant");
    }

    async fn a_rust_app_without_its_verifier_gets_nothing(house: House) {
        let mut browser = jane(&house).await;
        let library = library(&house, &app(&house, ClientAuthMethod::SecretBasic).await).await;
        let (code, _, _) = visit(&library, &mut browser).await;
        let (_, other) = PkceCodeChallenge::new_random_sha256();
        let request = library.exchange_code(code).unwrap().set_pkce_verifier(other);
        let refused = request.request_async(&Wire(&house)).await.unwrap_err();
        let RequestTokenError::ServerResponse(refused) = refused else { panic!("{refused:?}") };
        assert_eq!(refused.error().as_ref(), "invalid_grant");
    }
}
