//! The checks of an authorization request, one for each parameter, and the order in which they run.
//!
//! Each writes what it found into the draft of the request. The order is that of the standards: first what can't be
//! processed at all. An answer can be sent once [`redirect_uri`] and [`response_mode`] are known, so these two are
//! looked at before all others (see [`super::AuthorizationParams::validate`]).

mod authorization_details;
mod claims;
mod defaults;
mod doubled;
mod dpop_jkt;
mod hints;
mod id_token_hint;
mod max_age;
mod nonce;
mod pkce;
mod prompt;
pub(super) mod redirect_uri;
mod resource;
pub(super) mod response_mode;
mod response_type;
mod scope;
pub(super) mod state;
mod unsupported;
mod way;

use super::{Asked, AuthorizationRequest};
use crate::client::Client;
use crate::error::OAuthError;
use crate::params::Params;

pub(super) use hints::ui_locales;

/// The longest client id that is looked at, in bytes.
pub(super) const MAX_CLIENT_ID: usize = 256;
/// The most values of a list that are used.
const MAX_LIST: usize = 10;
/// The longest value of a list that is used, in bytes.
const MAX_LIST_VALUE: usize = 128;

/// What a check may look at.
pub(super) struct Sent<'a> {
    /// The parameters, as they came.
    pub(super) params: &'a Params,
    /// Whose request it is.
    pub(super) client: &'a Client,
    /// How it came.
    pub(super) asked: &'a Asked<'a>,
}

/// One check.
type Check = fn(&Sent<'_>, &mut AuthorizationRequest) -> Result<(), OAuthError>;

/// All of them, in order.
const MATRIX: [Check; 18] = [
    state::check,
    doubled::check,
    way::check,
    unsupported::check,
    response_type::check,
    response_mode::check,
    scope::check,
    resource::check,
    authorization_details::check,
    pkce::check,
    dpop_jkt::check,
    nonce::check,
    prompt::check,
    max_age::check,
    hints::check,
    claims::check,
    defaults::check,
    id_token_hint::check,
];

/// Those of a device's request (RFC 8628 §3.1), which has no redirect URI and no browser.
const OF_A_DEVICE: [Check; 7] = [
    doubled::check,
    way::check,
    unsupported::check,
    scope::check,
    resource::check,
    authorization_details::check,
    defaults::check,
];

/// Those of a request that asks a person elsewhere (CIBA Core §7.1), which has neither, too.
const OF_A_BACKCHANNEL: [Check; 8] = [
    doubled::check,
    way::check,
    unsupported::check,
    scope::check,
    resource::check,
    authorization_details::check,
    hints::check,
    id_token_hint::check,
];

/// Runs those of a request that asks a person elsewhere.
pub(super) fn run_backchannel(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    OF_A_BACKCHANNEL.iter().try_for_each(|check| check(sent, draft))
}

/// Runs those of a device's request.
pub(super) fn run_device(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    OF_A_DEVICE.iter().try_for_each(|check| check(sent, draft))
}

/// Runs them all on a draft.
pub(super) fn run(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    MATRIX.iter().try_for_each(|check| check(sent, draft))
}

/// The space-separated values of a parameter that fit; others fall away.
fn list(params: &Params, name: &'static str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let text = params.one(name).ok().flatten().unwrap_or_default();
    let values = text.split(' ').filter(|v| !v.is_empty() && v.len() <= MAX_LIST_VALUE && fits(v));
    values.take(MAX_LIST).map(str::to_owned).collect()
}
