//! The OAuth and OpenID Connect endpoints.

pub(crate) mod authorize;
pub(crate) mod cors;
pub(crate) mod end_session;
pub(crate) mod metadata;
pub(crate) mod register;
pub(crate) mod token;
pub(crate) mod userinfo;

use crate::form::Body;
use crate::guest::Guest;
use oauth::{OAuthError, Params};
use url::form_urlencoded;

/// The parameters of a POST at the front channel: the query's and the form's together.
fn posted(guest: &Guest, body: &Body) -> Result<Params, OAuthError> {
    guest.query().clone().and(Params::from_form(body.content_type.as_deref(), &body.bytes)?)
}

/// The fields of a form as they came, to be sent once more.
fn fields(body: &Body) -> Vec<(String, String)> {
    form_urlencoded::parse(&body.bytes).take(100).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
