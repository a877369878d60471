//! What the browser says of the ceremony, and the authenticator signs (WebAuthn §5.8.1).

use super::{Challenge, KeyError};
use base::Origin;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The fields that decide. A field that stands twice is an error.
#[derive(Deserialize)]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    pub(super) challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: Option<bool>,
    #[serde(default, rename = "topOrigin")]
    top_origin: Option<IgnoredAny>,
}

/// Which ceremony it is from.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Create,
    Get,
}

impl ClientData {
    pub(super) fn read(json: &[u8]) -> Result<Self, KeyError> {
        serde_json::from_slice(json).map_err(|_| KeyError::Unreadable)
    }

    /// Whether it is of this ceremony and of our own page (§7.1 steps 7–11, §7.2 steps 10–14). The origin is compared as
    /// text: browsers write it in one way. Nobody frames our pages, so there is no other page that it may come from.
    pub(super) fn check(&self, kind: Kind, challenge: &Challenge, origin: &Origin) -> Result<(), KeyError> {
        let expected = match kind {
            Kind::Create => "webauthn.create",
            Kind::Get => "webauthn.get",
        };
        if self.kind != expected {
            return Err(KeyError::Kind);
        }
        if self.challenge != challenge.text() {
            return Err(KeyError::Challenge);
        }
        if self.origin != origin.as_str() {
            return Err(KeyError::Origin);
        }
        if self.cross_origin.unwrap_or(false) || self.top_origin.is_some() {
            return Err(KeyError::CrossOrigin);
        }
        Ok(())
    }
}
