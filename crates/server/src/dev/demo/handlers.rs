//! The pages of the demo app.

use super::provider::{Provider, SignedIn};
use super::visits::Visits;
use crate::dev::pages;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use base::Rng;
use minijinja::Environment;
use openidconnect::core::CoreGenderClaim;
use openidconnect::{EndUserName, LocalizedClaim, StandardClaims};
use serde::{Deserialize, Serialize};

struct State {
    provider: Provider,
    visits: Visits,
    environment: Environment<'static>,
    cookie: String,
    csp: String,
}

/// What the routes of the demo app need. Made once and shared by its workers.
///
/// `port` is the app's own: cookies do not know ports, so its name carries it.
///
/// # Errors
/// The engine's when a template can't be parsed.
pub(crate) fn routes(
    provider: Provider,
    rng: Rng,
    port: u16,
) -> Result<impl FnOnce(&mut web::ServiceConfig) + Clone + Send, minijinja::Error> {
    let environment = pages::environment(&[
        ("layout.html", include_str!("../pages/shop_layout.html")),
        ("home.html", include_str!("../pages/shop_home.html")),
        ("member.html", include_str!("../pages/shop_member.html")),
        ("error.html", include_str!("../pages/shop_error.html")),
        ("signed_out.html", include_str!("../pages/shop_signed_out.html")),
    ])?;
    // Browsers apply form-action to the redirect that follows a form: signing out leads to the provider.
    let csp = pages::CSP.replace("form-action 'self'", &format!("form-action 'self' {}", provider.issuer()));
    let state =
        web::Data::new(State { provider, visits: Visits::new(rng), environment, cookie: format!("acme_{port}"), csp });
    Ok(move |config: &mut web::ServiceConfig| {
        config
            .app_data(state)
            .route("/", web::get().to(home))
            .route("/sign-in", web::get().to(sign_in))
            .route("/callback", web::get().to(callback))
            .route("/refresh", web::post().to(refresh))
            .route("/sign-out", web::post().to(sign_out))
            .route("/signed-out", web::get().to(signed_out))
            .route("/shop.css", web::get().to(stylesheet))
            .route("/shop.svg", web::get().to(icon));
    })
}

#[derive(Serialize)]
struct Claims {
    name: String,
    email: String,
    email_verified: Option<bool>,
    subject: String,
}

impl Claims {
    fn of(claims: &StandardClaims<CoreGenderClaim>) -> Self {
        let name: Option<&LocalizedClaim<EndUserName>> = claims.name();
        Self {
            name: name.and_then(|name| name.get(None)).map_or_else(String::new, |name| name.to_string()),
            email: claims.email().map_or_else(String::new, |email| email.to_string()),
            email_verified: claims.email_verified(),
            subject: claims.subject().to_string(),
        }
    }
}

#[derive(Serialize)]
struct Member {
    account: String,
    id_token: Claims,
    userinfo: Claims,
    can_refresh: bool,
    refreshed: u32,
    issued: String,
    raw: String,
}

#[derive(Serialize)]
struct Mistake<'a> {
    title: &'a str,
    what: &'a str,
    detail: &'a str,
}

async fn home(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    match state.visits.person(cookie(&state, &request).as_deref()) {
        None => page(&state, "home.html", &(), StatusCode::OK),
        Some(person) => {
            let standard = standard(&person);
            let issued = person.claims.issue_time().to_rfc3339();
            let member = Member {
                account: format!("{}{}", state.provider.issuer().trim_end_matches('/'), base::routes::ACCOUNT),
                id_token: Claims::of(&standard),
                userinfo: Claims::of(person.userinfo.standard_claims()),
                can_refresh: person.refresh.is_some(),
                refreshed: person.refreshed,
                issued,
                raw: serde_json::to_string_pretty(&person.claims).unwrap_or_default(),
            };
            page(&state, "member.html", &member, StatusCode::OK)
        }
    }
}

#[derive(Deserialize)]
struct SignInQuery {
    again: Option<String>,
}

async fn sign_in(state: web::Data<State>, request: HttpRequest, query: web::Query<SignInQuery>) -> HttpResponse {
    match state.provider.begin(query.again.is_some()).await {
        Ok((url, pending)) => {
            let cookie = state.visits.begin(cookie(&state, &request).as_deref(), pending);
            redirect(&state, url.as_str(), Some(&cookie))
        }
        Err(e) => sorry(&state, StatusCode::BAD_GATEWAY, "Signing in can't begin right now", &e.to_string()),
    }
}

#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

async fn callback(state: web::Data<State>, request: HttpRequest, answer: web::Query<Answer>) -> HttpResponse {
    let answer = answer.into_inner();
    let cookie = cookie(&state, &request);
    let pending = answer.state.as_deref().and_then(|s| state.visits.take(cookie.as_deref(), s));
    let Some(pending) = pending else {
        // The back button after a sign-in leads here. The answer is not looked at: who is signed in stays so.
        if state.visits.person(cookie.as_deref()).is_some() {
            return redirect(&state, "/", None);
        }
        // A bookmark, or another browser: nothing was begun here that this answers.
        let what = "This sign-in was finished already, or begun in another browser";
        return sorry(&state, StatusCode::BAD_REQUEST, what, "the state is not one that this browser waits for");
    };
    if answer.iss.as_deref().is_some_and(|iss| iss != state.provider.issuer()) {
        return sorry(&state, StatusCode::BAD_REQUEST, "The answer came from somebody else", "iss is not our issuer");
    }
    if let Some(error) = answer.error {
        let what = match error.as_str() {
            "access_denied" => "You chose not to sign in to Acme Shop",
            _ => "Watchbell could not sign you in",
        };
        let detail = format!("{error}: {}", answer.error_description.unwrap_or_default());
        return sorry(&state, StatusCode::OK, what, &detail);
    }
    match state.provider.finish(pending, answer.code.unwrap_or_default()).await {
        Ok(person) => {
            let cookie = state.visits.sign_in(cookie.as_deref(), person);
            redirect(&state, "/", Some(&cookie))
        }
        Err(e) => sorry(&state, StatusCode::BAD_GATEWAY, "Signing in did not work", &e.to_string()),
    }
}

async fn refresh(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    if !is_own(&request) {
        return HttpResponse::Forbidden().finish();
    }
    let cookie = cookie(&state, &request);
    let Some(person) = state.visits.person(cookie.as_deref()) else { return redirect(&state, "/", None) };
    match state.provider.refresh(&person).await {
        Ok(person) => {
            state.visits.replace(cookie.as_deref(), person);
            redirect(&state, "/", None)
        }
        Err(e) => {
            // The access was taken away, or the session ended: the app forgets the person too.
            state.visits.sign_out(cookie.as_deref());
            sorry(&state, StatusCode::OK, "Your access has ended; please sign in again", &e.to_string())
        }
    }
}

async fn sign_out(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    if !is_own(&request) {
        return HttpResponse::Forbidden().finish();
    }
    let Some(person) = state.visits.sign_out(cookie(&state, &request).as_deref()) else {
        return redirect(&state, "/signed-out", None);
    };
    match state.provider.sign_out_url(&person).await {
        Ok(Some(url)) => redirect(&state, url.as_str(), None),
        Ok(None) | Err(_) => redirect(&state, "/signed-out", None),
    }
}

async fn signed_out(state: web::Data<State>) -> HttpResponse {
    page(&state, "signed_out.html", &(), StatusCode::OK)
}

async fn stylesheet() -> HttpResponse {
    pages::file("text/css; charset=utf-8", include_str!("../pages/shop.css"))
}

async fn icon() -> HttpResponse {
    pages::file("image/svg+xml", include_str!("../pages/shop.svg"))
}

/// The standard claims of the ID token, in the form that userinfo has.
fn standard(person: &SignedIn) -> StandardClaims<CoreGenderClaim> {
    let claims = &person.claims;
    StandardClaims::new(claims.subject().clone())
        .set_name(claims.name().cloned())
        .set_email(claims.email().cloned())
        .set_email_verified(claims.email_verified())
}

fn cookie(state: &State, request: &HttpRequest) -> Option<String> {
    request.cookie(&state.cookie).map(|cookie| cookie.value().to_owned())
}

/// Whether a form was sent from the app's own pages (Fetch Metadata).
fn is_own(request: &HttpRequest) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
    site.is_none_or(|site| site == "same-origin")
}

fn redirect(state: &State, to: &str, cookie: Option<&str>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, to)).insert_header((CACHE_CONTROL, "no-store"));
    if let Some(value) = cookie {
        let cookie = Cookie::build(state.cookie.as_str(), value).path("/").http_only(true).same_site(SameSite::Lax);
        response.cookie(cookie.max_age(Duration::days(1)).finish());
    }
    response.finish()
}

fn page(state: &State, template: &str, model: &impl Serialize, status: StatusCode) -> HttpResponse {
    pages::html(&state.environment, template, model, status, &state.csp)
}

fn sorry(state: &State, status: StatusCode, what: &str, detail: &str) -> HttpResponse {
    page(state, "error.html", &Mistake { title: "That did not work", what, detail }, status)
}

#[cfg(test)]
mod tests {
    use super::super::Registration;
    use super::*;
    use actix_web::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, dev::ServiceResponse};
    use outbound::{Outbound, Settings};

    /// The app with a provider that does not answer.
    async fn ask(request: TestRequest) -> ServiceResponse {
        let registration = Registration {
            issuer: "http://localhost:9".into(),
            client_id: "acme-shop".into(),
            client_secret: "secret".into(),
            origin: "http://127.0.0.1:10".into(),
        };
        let settings = Settings { trusted_origins: vec!["http://localhost:9".parse().unwrap()], ..Settings::default() };
        let provider = Provider::new(&registration, Outbound::new(settings).unwrap()).unwrap();
        let app = init_service(App::new().configure(routes(provider, Rng::seeded(1), 10).unwrap())).await;
        call_service(&app, request.to_request()).await
    }

    async fn text(response: ServiceResponse) -> String {
        String::from_utf8(read_body(response).await.to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn the_shop_offers_to_sign_in() {
        let response = ask(TestRequest::with_uri("/")).await;
        let csp = response.headers().get(CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap().to_owned();
        assert!(
            csp.contains("form-action 'self' http://localhost:9;") && csp.starts_with("default-src 'none'"),
            "{csp}"
        );
        assert!(text(response).await.contains("href=\"/sign-in\""));
    }

    #[actix_web::test]
    async fn a_provider_that_does_not_answer_is_told_kindly() {
        let response = ask(TestRequest::with_uri("/sign-in")).await;
        assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
        let body = text(response).await;
        assert!(body.contains("can&#x27;t begin right now") && body.contains("not reached"), "{body}");
    }

    #[actix_web::test]
    async fn an_answer_that_this_browser_does_not_wait_for_signs_nobody_in() {
        for uri in ["/callback", "/callback?code=x&state=y", "/callback?error=access_denied&state=y"] {
            let response = ask(TestRequest::with_uri(uri)).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{uri}");
            assert!(response.headers().get(SET_COOKIE).is_none());
            assert!(text(response).await.contains("finished already"));
        }
    }

    #[actix_web::test]
    async fn a_form_of_another_site_does_nothing() {
        for uri in ["/sign-out", "/refresh"] {
            let foreign = TestRequest::post().uri(uri).insert_header(("sec-fetch-site", "cross-site"));
            assert_eq!(ask(foreign).await.status(), StatusCode::FORBIDDEN);
            assert_eq!(ask(TestRequest::post().uri(uri)).await.status(), StatusCode::SEE_OTHER);
        }
    }
}
