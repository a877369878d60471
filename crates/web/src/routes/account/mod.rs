//! The account's own pages.

pub(crate) mod activity;
pub(crate) mod apps;
pub(crate) mod authenticator;
pub(crate) mod devices;
pub(crate) mod identities;
pub(crate) mod kept;
pub(crate) mod keys;
pub(crate) mod notifications;
pub(crate) mod overview;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod quiet;
pub(crate) mod recovery_codes;
pub(crate) mod secure;
pub(crate) mod sign_in;

use crate::form::Form;
use base::routes;

/// Where a form leads back to: the guided way after a "no", when it was sent from there.
fn back(form: &Form, usual: &'static str) -> &'static str {
    if form.filled("next") == Some(routes::SECURE) { routes::SECURE } else { usual }
}
