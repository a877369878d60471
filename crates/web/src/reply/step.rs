//! Redirects: always 303, so that a POST is never sent on with what it carried (RFC 9700 §4.12).

use crate::cookies::Jar;
use crate::guest::Guest;
use crate::landing;
use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use app::visitor::Destination;
use app::{Cookies, Step};
use base::routes;
use serde_json::json;
use view::Banner;
use view::words::Args;

/// To another place by GET.
pub(crate) fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

/// To where a use case leads, with the cookies that go with it.
pub(crate) fn step(guest: &Guest, step: Step) -> HttpResponse {
    let mut response = match step.to {
        Destination::Here(path) => see_other(&path),
        Destination::App(url) => see_other(&url),
        Destination::Away { url, provider } => {
            let mut args = Args::new();
            args.text("provider", &provider);
            landing::onward(guest, &url, &guest.state().view().words().say(guest.locale(), "upstream-leaving", &args))
        }
        Destination::AppByPost { action, fields } => {
            let fields: Vec<(String, String)> =
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            landing::page(guest, &action, &fields)
        }
    };
    set(guest, &mut response, &step.cookies);
    response
}

/// To where a use case leads, by a page of ours: for what comes from another site's page.
pub(crate) fn bounce(guest: &Guest, step: Step) -> HttpResponse {
    let Destination::Here(path) = &step.to else { return self::step(guest, step) };
    let moment = guest.state().view().words().say(guest.locale(), "upstream-moment", &Args::new());
    let mut page = landing::onward(guest, path, &moment);
    set(guest, &mut page, &step.cookies);
    page
}

/// A page, with the cookies that go with it.
pub(crate) fn with_cookies(guest: &Guest, mut page: HttpResponse, cookies: &Cookies) -> HttpResponse {
    set(guest, &mut page, cookies);
    page
}

/// The same for a script, which goes there by itself: the path in the field `to`.
pub(super) fn for_script(guest: &Guest, status: StatusCode, step: Step) -> HttpResponse {
    let to = match step.to {
        Destination::Here(path) => path,
        // The way out of a flow is a page of ours: /login/continue answers the app.
        Destination::Away { .. } | Destination::App(_) | Destination::AppByPost { .. } => routes::ACCOUNT.to_owned(),
    };
    let mut response = HttpResponse::build(status).json(json!({ "to": to }));
    set(guest, &mut response, &step.cookies);
    response
}

/// To a page of ours, which says what has been done.
pub(crate) fn done(guest: &Guest, path: &str, banner: Banner, cookies: &Cookies) -> HttpResponse {
    let mut response = see_other(path);
    set(guest, &mut response, cookies);
    add_cookie(&mut response, &Jar::Banner.set(banner.name().to_owned(), guest.is_https()));
    response
}

/// Has the next page say what has been done.
pub(crate) fn say(guest: &Guest, response: &mut HttpResponse, banner: Banner) {
    add_cookie(response, &Jar::Banner.set(banner.name().to_owned(), guest.is_https()));
}

/// To where a use case leads, which says what has been done.
pub(crate) fn done_at(guest: &Guest, next: Step, banner: Banner) -> HttpResponse {
    let mut response = step(guest, next);
    add_cookie(&mut response, &Jar::Banner.set(banner.name().to_owned(), guest.is_https()));
    response
}

/// To a flow that has begun again: its sign-in page says so.
pub(super) fn restarted(guest: &Guest, mut next: Step, why: &str) -> HttpResponse {
    let login = format!("{}?", routes::LOGIN);
    if let Destination::Here(path) = &mut next.to
        && path.starts_with(&login)
    {
        path.push_str("&restarted=");
        path.push_str(why);
    }
    step(guest, next)
}

fn set(guest: &Guest, response: &mut HttpResponse, cookies: &Cookies) {
    let https = guest.is_https();
    match &cookies.session {
        Some(Some(secret)) => {
            let lifetime = guest.here().settings().session_lifetime;
            add_cookie(response, &Jar::Session.set_for(secret.reveal(), https, lifetime));
        }
        Some(None) => add_cookie(response, &Jar::Session.removed(https)),
        None => {}
    }
    if let Some(secret) = &cookies.device {
        add_cookie(response, &Jar::Device.set(secret.reveal(), https));
    }
    if let Some(secret) = &cookies.browser {
        add_cookie(response, &Jar::Browser.set(secret.reveal(), https));
    }
}

/// Sets a cookie.
pub(crate) fn add_cookie(response: &mut HttpResponse, cookie: &Cookie<'_>) {
    // A cookie of ours is made of letters, digits and dashes: it is always a valid header.
    if response.add_cookie(cookie).is_err() {
        tracing::error!("a cookie could not be set");
    }
}
