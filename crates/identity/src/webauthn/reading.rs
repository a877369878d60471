//! The JSON that a browser's `PublicKeyCredential.toJSON()` gives (WebAuthn §5.1).

use super::client_data::ClientData;
use super::{Challenge, KeyError, decode, encode};
use serde::Deserialize;
use serde_json::Value;

/// The longest field that is looked at: far above what authenticators send.
const MAX_FIELD: usize = 16 * 1024;

/// Ways to reach an authenticator (§5.8.4): a hint for the browser, kept and handed back.
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// A new credential, as it comes.
#[derive(Debug, Clone)]
pub struct Creation {
    pub(super) id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) attestation_object: Vec<u8>,
    pub(super) transports: Vec<String>,
}

/// A credential's signature, as it comes.
#[derive(Debug, Clone)]
pub struct Assertion {
    pub(super) id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Option<Vec<u8>>,
}

#[derive(Deserialize)]
struct Envelope<R> {
    id: String,
    #[serde(rename = "rawId")]
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: R,
}

#[derive(Deserialize)]
struct CreationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation_object: String,
    #[serde(default)]
    transports: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

impl<R: for<'de> Deserialize<'de>> Envelope<R> {
    fn read(json: &Value) -> Result<(Vec<u8>, R), KeyError> {
        let envelope = Self::deserialize(json).map_err(|_| KeyError::Unreadable)?;
        let id = bytes(&envelope.raw_id)?;
        // Both are the same by definition; what differs was written by hand.
        if envelope.kind != "public-key" || envelope.id != encode(&id) {
            return Err(KeyError::Unreadable);
        }
        Ok((id, envelope.response))
    }
}

impl Creation {
    /// Reads a `RegistrationResponseJSON`.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when it is none.
    pub fn read(json: &Value) -> Result<Self, KeyError> {
        let (id, response) = Envelope::<CreationResponse>::read(json)?;
        let mut transports = response.transports;
        transports.retain(|transport| TRANSPORTS.contains(&transport.as_str()));
        transports.sort_unstable();
        transports.dedup();
        Ok(Self {
            id,
            client_data: bytes(&response.client_data)?,
            attestation_object: bytes(&response.attestation_object)?,
            transports,
        })
    }

    /// The challenge that it claims to answer: to find out whether it was ever asked.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when there is none.
    pub fn challenge(&self) -> Result<Challenge, KeyError> {
        ClientData::read(&self.client_data)?.challenge.try_into()
    }
}

impl Assertion {
    /// Reads an `AuthenticationResponseJSON`.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when it is none.
    pub fn read(json: &Value) -> Result<Self, KeyError> {
        let (id, response) = Envelope::<AssertionResponse>::read(json)?;
        Ok(Self {
            id,
            client_data: bytes(&response.client_data)?,
            authenticator_data: bytes(&response.authenticator_data)?,
            signature: bytes(&response.signature)?,
            user_handle: response.user_handle.as_deref().map(bytes).transpose()?,
        })
    }

    /// The id of the credential that it claims to be from.
    pub fn credential_id(&self) -> &[u8] {
        &self.id
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, KeyError> {
    if text.len() > MAX_FIELD { Err(KeyError::Unreadable) } else { decode(text) }
}
