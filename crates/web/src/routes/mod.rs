//! Every path with its handlers.

mod account;
mod api;
mod assets;
mod confirm;
mod consent;
mod device;
mod enrol;
mod health;
mod invite;
mod login;
mod logout;
mod mail_code;
mod offer;
mod oidc;
mod passkey;
mod receipts;
mod recover;
mod recovery;
mod register;
mod second_factor;
mod setup;
mod upstream;
mod was_this_you;
mod way_off;
mod well_known;

pub(crate) use consent::scope_line;
pub(crate) use oidc::token::proofs;

use crate::edge::edge;
use crate::guest::Guest;
use crate::reply::{self, Reply};
use crate::state::WebState;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, Resource};
use base::routes;

/// A path, with the methods that it takes for those who ask for others.
fn at(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move |request: HttpRequest| async move {
        match *request.method() {
            Method::OPTIONS => reply::plain::options(allow),
            _ => reply::plain::method_not_allowed(allow),
        }
    }))
}

/// What is posted or shown below the page of one thing.
fn below(path: &str, what: &str) -> String {
    format!("{path}/{{id}}{what}")
}

const GET: &str = "GET, HEAD, OPTIONS";
const POST: &str = "POST, OPTIONS";
const BOTH: &str = "GET, HEAD, POST, OPTIONS";

/// All of them, in one scope around which the edge stands.
pub(crate) fn configure(config: &mut ServiceConfig, state: WebState) {
    let edge_state = state.clone();
    let scope = web::scope("")
        .app_data(web::Data::new(state))
        .configure(technical)
        .configure(oidc_routes)
        .configure(sign_in)
        .configure(account_pages)
        .configure(api_routes)
        .default_service(web::to(nowhere))
        .wrap(from_fn(move |request, next| edge(edge_state.clone(), request, next)));
    config.service(scope);
}

fn technical(config: &mut ServiceConfig) {
    config
        .service(at("/livez", GET).route(web::get().to(health::live)))
        .service(at("/readyz", GET).route(web::get().to(health::ready)))
        .service(at("/a/{name}", GET).route(web::get().to(assets::file)))
        .service(at("/sw.js", GET).route(web::get().to(assets::worker)))
        .service(at("/favicon.ico", GET).route(web::get().to(assets::icon)))
        .service(at("/robots.txt", GET).route(web::get().to(assets::robots)))
        .service(at(routes::CHANGE_PASSWORD, GET).route(web::get().to(well_known::change_password)))
        .service(at(routes::PASSKEY_ENDPOINTS, GET).route(web::get().to(well_known::passkey_endpoints)))
        .service(at(routes::SETUP, BOTH).route(web::get().to(setup::page)).route(web::post().to(setup::submit)))
        .service(at("/", GET).route(web::get().to(well_known::front)));
}

fn oidc_routes(config: &mut ServiceConfig) {
    config
        .service(at(routes::DISCOVERY, GET).route(web::get().to(oidc::metadata::discovery)))
        .service(at(routes::SERVER_METADATA, GET).route(web::get().to(oidc::metadata::discovery)))
        .service(at(routes::PROTECTED_RESOURCE, GET).route(web::get().to(oidc::metadata::resource)))
        .service(at(routes::JWKS, GET).route(web::get().to(oidc::metadata::jwks)))
        .service(
            at(routes::AUTHORIZE, "GET, POST, OPTIONS")
                .route(web::get().to(oidc::authorize::get))
                .route(web::post().to(oidc::authorize::post)),
        )
        .service(oidc::cors::resource(at(routes::TOKEN, POST), "POST").route(web::post().to(oidc::token::token)))
        .service(
            oidc::cors::resource(at(routes::USERINFO, BOTH), "GET, POST")
                .route(web::get().to(oidc::userinfo::get))
                .route(web::post().to(oidc::userinfo::post)),
        )
        .service(
            oidc::cors::resource(at(routes::REGISTER_CLIENT, POST), "POST")
                .route(web::post().to(oidc::register::register)),
        )
        .service(
            oidc::cors::resource(at(routes::REGISTERED_CLIENT, "GET, HEAD, PUT, DELETE, OPTIONS"), "GET, PUT, DELETE")
                .route(web::get().to(oidc::register::show))
                .route(web::put().to(oidc::register::update))
                .route(web::delete().to(oidc::register::delete)),
        )
        .service(at(routes::PAR, POST).route(web::post().to(oidc::token::push)))
        .service(at(routes::DEVICE_AUTHORIZATION, POST).route(web::post().to(oidc::token::device)))
        .service(at(routes::BACKCHANNEL_AUTHENTICATION, POST).route(web::post().to(oidc::token::backchannel)))
        .service(at(routes::INTROSPECT, POST).route(web::post().to(oidc::token::introspect)))
        .service(at(routes::REVOKE, POST).route(web::post().to(oidc::token::revoke)))
        .service(
            at(routes::END_SESSION, "GET, POST, OPTIONS")
                .route(web::get().to(oidc::end_session::get))
                .route(web::post().to(oidc::end_session::post)),
        );
}

fn sign_in(config: &mut ServiceConfig) {
    config
        .service(at(routes::LOGIN, BOTH).route(web::get().to(login::page)).route(web::post().to(login::submit)))
        .service(
            at(routes::LOGIN_CODE, BOTH).route(web::get().to(mail_code::page)).route(web::post().to(mail_code::submit)),
        )
        .service(at(routes::LOGIN_CODE_SEND, POST).route(web::post().to(mail_code::send)))
        .service(at(routes::LOGIN_PASSKEY_OPTIONS, POST).route(web::post().to(passkey::options)))
        .service(at(routes::LOGIN_PASSKEY, POST).route(web::post().to(passkey::answer)))
        .service(at(routes::REFUSED, GET).route(web::get().to(login::refused)))
        .service(at(routes::ENROL, BOTH).route(web::get().to(enrol::page)).route(web::post().to(enrol::submit)))
        .service(at(routes::ENROL_KEY_OPTIONS, POST).route(web::post().to(enrol::key_options)))
        .service(at(routes::ENROL_KEY, POST).route(web::post().to(enrol::add_key)))
        .service(
            at(routes::MFA, BOTH)
                .route(web::get().to(second_factor::page))
                .route(web::post().to(second_factor::submit)),
        )
        .service(
            at(routes::NEW_CODES, BOTH)
                .route(web::get().to(second_factor::new_codes))
                .route(web::post().to(second_factor::new_codes_seen)),
        )
        .service(
            at(routes::CONTINUE, "GET, POST, OPTIONS")
                .route(web::get().to(login::resume))
                .route(web::post().to(login::resume_by_form)),
        )
        .service(
            at(routes::OFFER, "GET, POST, OPTIONS")
                .route(web::get().to(offer::page))
                .route(web::post().to(offer::submit)),
        )
        .service(at(routes::CONSENT, BOTH).route(web::get().to(consent::page)).route(web::post().to(consent::submit)))
        .service(at(routes::DEVICE, BOTH).route(web::get().to(device::page)).route(web::post().to(device::submit)))
        .service(at(routes::DEVICE_DONE, GET).route(web::get().to(device::done)))
        .service(
            at(routes::REGISTER, BOTH).route(web::get().to(register::page)).route(web::post().to(register::submit)),
        )
        .service(at(routes::UPSTREAM, POST).route(web::post().to(upstream::begin)))
        .service(at(routes::UPSTREAM_FORGET, POST).route(web::post().to(upstream::forget)))
        .service(
            at(routes::UPSTREAM_CONNECT, BOTH)
                .route(web::get().to(upstream::connect_page))
                .route(web::post().to(upstream::connect)),
        )
        .service(
            at(routes::UPSTREAM_CALLBACK, "GET, POST, OPTIONS")
                .route(web::get().to(upstream::answer))
                .route(web::post().to(upstream::answer_by_form)),
        )
        .service(
            at(routes::REGISTER_UPSTREAM, BOTH)
                .route(web::get().to(upstream::join_page))
                .route(web::post().to(upstream::join)),
        )
        .service(at(routes::CHECK_MAIL, GET).route(web::get().to(register::check_mail)))
        .service(at(routes::RESEND, POST).route(web::post().to(register::resend)))
        .service(at(routes::REGISTER_STATE, GET).route(web::get().to(register::state)))
        .service(
            at(routes::CONFIRM_EMAIL, BOTH).route(web::get().to(confirm::page)).route(web::post().to(confirm::submit)),
        )
        .service(at(routes::INVITE, BOTH).route(web::get().to(invite::page)).route(web::post().to(invite::submit)))
        .service(at(routes::RECOVER, BOTH).route(web::get().to(recover::page)).route(web::post().to(recover::submit)))
        .service(
            at(routes::RESET, BOTH).route(web::get().to(recover::reset_page)).route(web::post().to(recover::reset)),
        )
        .service(
            at(routes::RECOVERY, BOTH).route(web::get().to(recovery::page)).route(web::post().to(recovery::submit)),
        )
        .service(
            at(routes::RECOVERY_BEGIN, BOTH)
                .route(web::get().to(recovery::begin_page))
                .route(web::post().to(recovery::begin)),
        )
        .service(
            at(routes::RECOVERY_FINISH, BOTH)
                .route(web::get().to(recovery::finish_page))
                .route(web::post().to(recovery::finish)),
        )
        .service(at(routes::WAY_OFF, BOTH).route(web::get().to(way_off::page)).route(web::post().to(way_off::submit)))
        .service(at(routes::LOGOUT, BOTH).route(web::get().to(logout::page)).route(web::post().to(logout::submit)))
        .service(at(routes::SIGNED_OUT, GET).route(web::get().to(logout::signed_out)));
}

fn account_pages(config: &mut ServiceConfig) {
    use account::{
        activity, apps, asks, authenticator, change, change_state, data, devices, email, identities, kept, keys,
        lockdown, notifications, overview, password, profile, quiet, recovery_codes, secure, sign_in,
    };
    config
        .service(at(routes::ACCOUNT, GET).route(web::get().to(overview::page)))
        .service(at(routes::PROFILE, BOTH).route(web::get().to(profile::page)).route(web::post().to(profile::submit)))
        .service(at(routes::SIGN_IN, GET).route(web::get().to(sign_in::page)))
        .service(
            at(routes::PASSWORD, BOTH).route(web::get().to(password::page)).route(web::post().to(password::submit)),
        )
        .service(at(routes::KEY_RENAME, POST).route(web::post().to(keys::rename)))
        .service(at(routes::KEY_REMOVE, POST).route(web::post().to(keys::remove)))
        .service(
            at(routes::TOTP, BOTH)
                .route(web::get().to(authenticator::page))
                .route(web::post().to(authenticator::submit)),
        )
        .service(
            at(routes::TOTP_REMOVE, BOTH)
                .route(web::get().to(authenticator::ask_to_remove))
                .route(web::post().to(authenticator::remove)),
        )
        .service(
            at(routes::RECOVERY_CODES, BOTH)
                .route(web::get().to(recovery_codes::page))
                .route(web::post().to(recovery_codes::submit)),
        )
        .service(at(routes::RECOVERY_CODES_FILE, GET).route(web::get().to(recovery_codes::file)))
        .service(at(routes::IDENTITY_LINK, POST).route(web::post().to(identities::link)))
        .service(at(routes::IDENTITY_UNLINK, POST).route(web::post().to(identities::unlink)))
        .service(at(routes::DEVICES, GET).route(web::get().to(devices::page)))
        .service(at(routes::DEVICES_END_OTHERS, POST).route(web::post().to(devices::end_others)))
        .service(at(routes::DEVICE_END, POST).route(web::post().to(devices::end)))
        .service(at(routes::DEVICE_FORGET, POST).route(web::post().to(devices::forget)))
        .service(at(routes::DEVICE_ASK, POST).route(web::post().to(devices::ask_again)))
        .service(at(routes::DEVICE_APP_END, POST).route(web::post().to(devices::end_app)))
        .service(at(routes::APPS, GET).route(web::get().to(apps::page)))
        .service(at(routes::APP_REMOVE, POST).route(web::post().to(apps::remove)))
        .service(
            at(routes::NOTIFICATIONS, BOTH)
                .route(web::get().to(notifications::page))
                .route(web::post().to(notifications::save)),
        )
        .service(at(routes::QUIET, POST).route(web::post().to(quiet::submit)))
        .service(at(routes::NOTICE_DATA, BOTH).route(web::get().to(kept::page)).route(web::post().to(kept::forget)))
        .service(at(routes::SUBSCRIPTION_REMOVE, POST).route(web::post().to(notifications::remove)))
        .service(at(routes::ACTIVITY, GET).route(web::get().to(activity::page)))
        .service(at(routes::SECURE, GET).route(web::get().to(secure::page)))
        .service(at(routes::EMAIL, BOTH).route(web::get().to(email::page)).route(web::post().to(email::submit)))
        .service(at(routes::PHONE, POST).route(web::post().to(profile::phone)))
        .service(at(routes::DATA, BOTH).route(web::get().to(data::page)).route(web::post().to(data::ask)))
        .service(at(routes::DATA_FILE, GET).route(web::get().to(data::file)))
        .service(at(routes::DELETE, POST).route(web::post().to(data::delete)))
        .service(
            at(routes::LOCKDOWN, BOTH).route(web::get().to(lockdown::page)).route(web::post().to(lockdown::submit)),
        )
        .service(at(routes::LOCKDOWN_LIFT, POST).route(web::post().to(lockdown::lift)))
        .service(at(&below(routes::ASK, ""), GET).route(web::get().to(asks::page)))
        .service(at(&below(routes::ASK, "/allow"), POST).route(web::post().to(asks::allow)))
        .service(at(&below(routes::ASK, "/deny"), POST).route(web::post().to(asks::deny)))
        .service(at(routes::CHANGE, GET).route(web::get().to(change::by_mail)))
        .service(at(&below(routes::CHANGE, ""), GET).route(web::get().to(change::by_notice)))
        .service(at(&below(routes::CHANGE, "/state"), GET).route(web::get().to(change_state::state)))
        .service(at(&below(routes::CHANGE, "/approve"), POST).route(web::post().to(change::approve)))
        .service(at(&below(routes::CHANGE, "/code"), POST).route(web::post().to(change::code)))
        .service(at(&below(routes::CHANGE, "/cancel"), POST).route(web::post().to(change::cancel)))
        .service(at(&below(routes::CHANGE, "/deny"), POST).route(web::post().to(change::deny)))
        .service(at(&below(routes::CHANGE, "/undo"), POST).route(web::post().to(change::undo)))
        .service(at(routes::RECOVERY_STOP, GET).route(web::get().to(recovery::by_mail)))
        .service(at(&format!("{}/{{id}}", routes::RECOVERY_STOP), GET).route(web::get().to(recovery::by_notice)))
        .service(at(&format!("{}/{{id}}/stop", routes::RECOVERY_STOP), POST).route(web::post().to(recovery::stop)))
        .service(at(routes::WAS_THIS_YOU, GET).route(web::get().to(was_this_you::by_mail)))
        .service(at(&format!("{}/{{event}}", routes::WAS_THIS_YOU), GET).route(web::get().to(was_this_you::by_notice)))
        .service(at(&format!("{}/{{event}}/yes", routes::WAS_THIS_YOU), POST).route(web::post().to(was_this_you::yes)))
        .service(at(&format!("{}/{{event}}/no", routes::WAS_THIS_YOU), POST).route(web::post().to(was_this_you::no)));
}

fn api_routes(config: &mut ServiceConfig) {
    config
        .service(
            oidc::cors::resource(at(routes::API_PREFERENCES, "GET, HEAD, PATCH, OPTIONS"), "GET, PATCH")
                .route(web::get().to(api::preferences))
                .route(web::patch().to(api::set_preference)),
        )
        .service(
            oidc::cors::resource(
                at(routes::API_SUBSCRIPTIONS, "GET, HEAD, POST, DELETE, OPTIONS"),
                "GET, POST, DELETE",
            )
            .route(web::get().to(api::subscriptions))
            .route(web::post().to(api::subscribe))
            .route(web::delete().to(api::unsubscribe)),
        )
        .service(at(routes::API_KEYS_OPTIONS, POST).route(web::post().to(account::keys::options)))
        .service(at(routes::API_KEYS, POST).route(web::post().to(account::keys::add)))
        .service(at(routes::API_ROTATE, POST).route(web::post().to(api::rotate)))
        .service(
            oidc::cors::resource(at(routes::API_NOTICE_DATA, "GET, HEAD, DELETE, OPTIONS"), "GET, DELETE")
                .route(web::get().to(api::kept))
                .route(web::delete().to(api::forget)),
        )
        .service(at(routes::RECEIPTS, POST).route(web::post().to(receipts::submit)))
        .service(oidc::cors::resource(at(routes::API_TEST, POST), "POST").route(web::post().to(api::test)))
        .service(at(routes::API_OFFER, POST).route(web::post().to(api::offer)));
}

async fn nowhere(guest: Guest) -> Reply {
    // That nothing is here is true whether or not the session can be read.
    let signed = guest.here().signed_in(guest.visitor()).await.ok().flatten();
    Err(reply::not_found(&guest, signed.as_ref()))
}
