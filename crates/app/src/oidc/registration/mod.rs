//! Apps that register themselves (RFC 7591), manage what they registered (RFC 7592), and the operator's say in it.

mod manage;
mod operate;
mod register;
mod said;
mod settings;

pub use operate::{GivenToken, TokenRefusal};
pub use settings::{RegistrationMode, RegistrationSettings, StatementIssuer};

use crate::guard::TooMany;
use crate::here::Here;
use crate::problem::{Problem, refuse};
use base::{Secret, routes};
use identity::{CameBy, OwnRegistration};
use oauth::client::{Client, RegisteredBy};
use oauth::registration::{Issued, document};
use oauth::{ErrorCode, OAuthError};
use serde_json::Value;

/// A call of an app that registers itself, or manages what it registered.
pub struct RegistrationCall {
    /// The `Authorization` header.
    pub authorization: Option<Vec<u8>>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why a registration was not taken, shown or changed.
#[derive(Debug)]
pub enum RegistrationRefusal {
    /// The operator has apps register in no such way.
    Off,
    /// Too many from one network: wait.
    TooMany(TooMany),
    /// The operator has switched the app off: it has no say any more.
    Disabled,
    /// What the standards have a code for.
    Refused(OAuthError),
}

impl From<OAuthError> for RegistrationRefusal {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

/// What the operator is told of an app that does something by itself.
pub(super) fn own(client: &Client) -> OwnRegistration {
    let registration = client.registration.as_ref();
    OwnRegistration {
        client_id: client.client_id.clone(),
        app: client.name.clone(),
        by: match registration.map(|registration| registration.by) {
            Some(RegisteredBy::InitialToken) => CameBy::InitialToken,
            Some(RegisteredBy::Document) => CameBy::Document,
            Some(RegisteredBy::Anybody) | None => CameBy::Anybody,
        },
        token: registration.and_then(|registration| registration.initial_token),
        changed: Vec::new(),
    }
}

/// A refusal with a code of the standards.
fn no(error: OAuthError) -> Problem<RegistrationRefusal> {
    Problem::Refusal(error.into())
}

/// The token does not open this. One sentence for every cause.
fn no_such_token<T>(detail: &'static str) -> Result<T, Problem<RegistrationRefusal>> {
    let text = "the access token is wrong, used up, too old or withdrawn: ask the operator of this server for another";
    refuse(OAuthError::new(ErrorCode::InvalidToken, text).because(detail).into())
}

impl Here {
    /// What an app is told of its registration.
    fn told(&self, client: &Client, secret: Option<&Secret>, token: &Secret) -> Value {
        let secret = secret.map(Secret::reveal);
        let uri = self.url(&routes::registered_client(&client.client_id));
        document(client, &Issued { secret: secret.as_deref(), token: &token.reveal(), uri: &uri })
    }
}
