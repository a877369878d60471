//! The account's own pages.

pub(crate) mod activity;
pub(crate) mod apps;
pub(crate) mod asks;
pub(crate) mod authenticator;
pub(crate) mod change;
pub(crate) mod change_state;
pub(crate) mod data;
pub(crate) mod devices;
pub(crate) mod email;
pub(crate) mod identities;
pub(crate) mod kept;
pub(crate) mod keys;
pub(crate) mod lockdown;
pub(crate) mod notifications;
pub(crate) mod overview;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod quiet;
pub(crate) mod recovery_codes;
pub(crate) mod secure;
pub(crate) mod sign_in;

use crate::form::Form;
use crate::signed::Maybe;
use base::routes;
use url::form_urlencoded::byte_serialize;

/// Where a form leads back to: the guided way after a "no", when it was sent from there.
fn back(form: &Form, usual: &'static str) -> &'static str {
    if form.filled("next") == Some(routes::SECURE) { routes::SECURE } else { usual }
}

/// As it stands in a query.
pub(crate) fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// The sign-in page, and back.
pub(crate) fn to_sign_in(return_to: &str) -> String {
    format!("{}?return_to={}", routes::LOGIN, encoded(return_to))
}

/// The same; nothing for whoever is signed in: it would not help.
pub(crate) fn sign_in_way(guest: &Maybe, return_to: &str) -> Option<String> {
    guest.signed.is_none().then(|| to_sign_in(return_to))
}
