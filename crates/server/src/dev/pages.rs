//! What the demo app and the mail catcher share: templates, headers, times.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use base::Timestamp;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

/// Nothing but this origin's own styles; no scripts, no frames around.
pub(crate) const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
/// The same, with frames of this origin's own inside.
pub(crate) const CSP_WITH_FRAMES: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The templates of one app; HTML is escaped, an unknown name is an error.
///
/// # Errors
/// The engine's when a template can't be parsed.
pub(crate) fn environment(
    templates: &[(&'static str, &'static str)],
) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in templates {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// A page from a template.
pub(crate) fn html(
    environment: &Environment<'_>,
    template: &str,
    model: &impl Serialize,
    status: StatusCode,
    csp: &str,
) -> HttpResponse {
    match environment.get_template(template).and_then(|t| t.render(Serde(model))) {
        Ok(body) => HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, csp))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(body),
        Err(error) => {
            tracing::error!(%error, template, "a page could not be made");
            HttpResponse::InternalServerError().body("The page could not be made; the log says why.")
        }
    }
}

/// A file of this program, such as a stylesheet.
pub(crate) fn file(content_type: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(body)
}

/// A moment as `09:41:03` in UTC.
pub(crate) fn time_of_day(at: Timestamp) -> String {
    let second = at.seconds().rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}
