//! The pages of the mail catcher, and its list as JSON for tests.

use super::{Caught, Inbox};
use crate::dev::pages::{self, CSP, CSP_WITH_FRAMES};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, web};
use minijinja::Environment;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A mail may style itself and show pictures that it carries. It runs nothing and fetches nothing; its links
/// open in the whole window.
const MAIL_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
     sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

struct State {
    inbox: Inbox,
    environment: Environment<'static>,
}

/// What the routes of the mail catcher need. Made once and shared by its workers.
///
/// # Errors
/// The engine's when a template can't be parsed.
pub(crate) fn routes(inbox: Inbox) -> Result<impl FnOnce(&mut web::ServiceConfig) + Clone + Send, minijinja::Error> {
    let environment = pages::environment(&[
        ("mails.html", include_str!("../pages/mails.html")),
        ("mail.html", include_str!("../pages/mail.html")),
        ("no_mail.html", include_str!("../pages/no_mail.html")),
    ])?;
    let state = web::Data::new(State { inbox, environment });
    Ok(move |config: &mut web::ServiceConfig| {
        config
            .app_data(state)
            .route("/", web::get().to(list))
            .route("/mails/{id}", web::get().to(one))
            .route("/mails/{id}/html", web::get().to(html_part))
            .route("/mails/{id}/source", web::get().to(source))
            .route("/api/mails", web::get().to(as_json))
            .route("/mail.css", web::get().to(stylesheet))
            .route("/mail.svg", web::get().to(icon));
    })
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: u64,
    from: &'a str,
    to: &'a str,
    subject: &'a str,
    at: String,
}

impl<'a> From<&'a Arc<Caught>> for Row<'a> {
    fn from(mail: &'a Arc<Caught>) -> Self {
        let subject = if mail.subject.is_empty() { "(no subject)" } else { &mail.subject };
        Self { id: mail.id, from: &mail.from, to: &mail.to, subject, at: pages::time_of_day(mail.at) }
    }
}

#[derive(Serialize)]
struct List<'a> {
    mails: Vec<Row<'a>>,
    to: &'a str,
}

#[derive(Serialize)]
struct One<'a> {
    mail: Row<'a>,
    text: &'a str,
    has_html: bool,
    links: &'a [String],
}

async fn list(state: web::Data<State>, filter: web::Query<Filter>) -> HttpResponse {
    let to = filter.to.as_deref().map(str::trim).filter(|to| !to.is_empty());
    let mails = state.inbox.list(to);
    let model = List { mails: mails.iter().map(Row::from).collect(), to: to.unwrap_or_default() };
    pages::html(&state.environment, "mails.html", &model, StatusCode::OK, CSP)
}

async fn one(state: web::Data<State>, id: web::Path<String>) -> HttpResponse {
    let Some(mail) = find(&state, &id) else { return missing(&state) };
    let model = One { mail: Row::from(&mail), text: &mail.text, has_html: !mail.html.is_empty(), links: &mail.links };
    pages::html(&state.environment, "mail.html", &model, StatusCode::OK, CSP_WITH_FRAMES)
}

async fn html_part(state: web::Data<State>, id: web::Path<String>) -> HttpResponse {
    let Some(mail) = find(&state, &id) else { return missing(&state) };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, MAIL_CSP))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(with_base(&mail.html))
}

async fn source(state: web::Data<State>, id: web::Path<String>) -> HttpResponse {
    let Some(mail) = find(&state, &id) else { return missing(&state) };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(mail.source.clone())
}

async fn as_json(state: web::Data<State>, filter: web::Query<Filter>) -> HttpResponse {
    let mails = state.inbox.list(filter.to.as_deref());
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(mails.iter().map(AsRef::as_ref).collect::<Vec<&Caught>>())
}

async fn icon() -> HttpResponse {
    pages::file("image/svg+xml", include_str!("../pages/mail.svg"))
}

async fn stylesheet() -> HttpResponse {
    pages::file("text/css; charset=utf-8", include_str!("../pages/mail.css"))
}

fn find(state: &State, id: &str) -> Option<Arc<Caught>> {
    state.inbox.get(id.parse().ok()?)
}

fn missing(state: &State) -> HttpResponse {
    pages::html(&state.environment, "no_mail.html", &(), StatusCode::NOT_FOUND, CSP)
}

/// Links of a mail would open inside its frame: `base` sends them to the whole window.
fn with_base(html: &str) -> String {
    const BASE: &str = "<base target=\"_top\">";
    match html.to_ascii_lowercase().find("<head>").map(|at| html.split_at(at + "<head>".len())) {
        Some((before, after)) => format!("{before}{BASE}{after}"),
        None => format!("{BASE}{html}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, test};
    use base::{Clock, Timestamp};

    async fn get(inbox: &Inbox, uri: &str) -> (StatusCode, String, String) {
        let app = test::init_service(App::new().configure(routes(inbox.clone()).unwrap())).await;
        let response = test::call_service(&app, test::TestRequest::with_uri(uri).to_request()).await;
        let csp = response.headers().get(CONTENT_SECURITY_POLICY).map_or("", |v| v.to_str().unwrap()).to_owned();
        let status = response.status();
        (status, csp, String::from_utf8(test::read_body(response).await.to_vec()).unwrap())
    }

    fn inbox() -> Inbox {
        let inbox = Inbox::new(Clock::manual(Timestamp::from_seconds(9 * 3600 + 41 * 60)));
        let mail = b"Subject: <b>Hi</b>\r\nContent-Type: text/html\r\n\r\n<html><head></head><a href=\"http://x.example/?a=1\">x</a></html>";
        inbox.put("a@b.example", &["ann@example.com".into()], mail.to_vec());
        inbox
    }

    #[actix_web::test]
    async fn the_list_names_each_mail_and_escapes_it() {
        let (status, csp, body) = get(&inbox(), "/").await;
        assert_eq!((status, csp.as_str()), (StatusCode::OK, CSP));
        assert!(
            body.contains("&lt;b&gt;Hi") && body.contains("ann@example.com") && body.contains("09:41:00"),
            "{body}"
        );
        assert!(get(&inbox(), "/?to=bob@example.com").await.2.contains("No mail"));
    }

    #[actix_web::test]
    async fn a_mail_is_shown_in_a_sandbox_with_its_links_beside_it() {
        let (status, _, body) = get(&inbox(), "/mails/1").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("sandbox=") && body.contains("href=\"http:&#x2f;&#x2f;x.example"), "{body}");
        let (_, csp, part) = get(&inbox(), "/mails/1/html").await;
        assert!(csp.contains("sandbox ") && !csp.contains("allow-scripts") && !csp.contains("allow-same-origin"));
        assert!(part.contains("<head><base target=\"_top\">"));
        assert_eq!(get(&inbox(), "/mails/7").await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&inbox(), "/mails/x").await.0, StatusCode::NOT_FOUND);
    }

    #[actix_web::test]
    async fn tests_read_mails_as_json() {
        let (_, _, body) = get(&inbox(), "/api/mails?to=ann@example.com").await;
        let mails: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(mails[0]["to"], "ann@example.com");
        assert_eq!(mails[0]["links"][0], "http://x.example/?a=1");
        assert_eq!(get(&inbox(), "/api/mails?to=bob@example.com").await.2, "[]");
    }
}
