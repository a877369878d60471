//! What is kept of a key to verify its signatures with.

use super::encode;
use crate::credential::Credential;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs_core::proto::Credential as CoreCredential;

/// The library's record of the credential, and how its authenticator is reached.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) credential: CoreCredential,
    #[serde(default)]
    pub(super) transports: Vec<String>,
}

impl Record {
    pub(super) fn read(record: &Value) -> Option<Self> {
        Self::deserialize(record).ok()
    }

    pub(super) fn to_json(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }
}

/// A credential as `PublicKeyCredentialDescriptorJSON` (WebAuthn §5.8.3).
pub(super) fn descriptor(credential: &Credential) -> Value {
    let id = encode(&credential.credential_id);
    let transports = Record::read(&credential.record).map(|record| record.transports).unwrap_or_default();
    if transports.is_empty() {
        json!({ "type": "public-key", "id": id })
    } else {
        json!({ "type": "public-key", "id": id, "transports": transports })
    }
}
