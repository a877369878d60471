//! A new key (WebAuthn §7.1).

use super::client_data::{ClientData, Kind};
use super::options::ALGORITHMS;
use super::record::Record;
use super::{Challenge, Creation, KeyError, RelyingParty, authenticator_data, encode, model_name};
use crate::credential::{Credential, CredentialKind};
use base::Id;
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use webauthn_rs_core::proto::{
    AuthenticatorAttestationResponseRaw, RegisterPublicKeyCredential, RegistrationState, UserVerificationPolicy,
};

/// A key that may be added to the account that asked for it, if no other has it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewKey {
    /// The authenticator's id of it.
    pub credential_id: Vec<u8>,
    /// The authenticator's model; `None` when it does not say.
    pub aaguid: Option<Id>,
    /// Whether it can be copied to other devices (flag BE).
    pub synced: bool,
    /// What signatures are verified with.
    pub record: Value,
}

impl NewKey {
    /// What its provider is called, where that is known.
    pub fn model(&self) -> Option<&'static str> {
        self.aaguid.and_then(model_name)
    }
}

impl RelyingParty {
    /// Verifies a new key against what was asked. Whether another account has it is for the caller to see.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn register(
        &self,
        challenge: &Challenge,
        kind: CredentialKind,
        creation: &Creation,
        existing: &[Credential],
    ) -> Result<NewKey, KeyError> {
        ClientData::read(&creation.client_data)?.check(Kind::Create, challenge, &self.origin)?;
        let attested = attested(&creation.attestation_object)?;
        if attested.credential_id != creation.id {
            return Err(KeyError::Owner);
        }
        if existing.iter().any(|old| old.credential_id == creation.id) {
            return Err(KeyError::Excluded);
        }
        let state = state(challenge, kind)?;
        let credential = self.core.register_credential(&raw(creation), &state, None)?;
        let synced = credential.backup_eligible;
        let record = Record { credential, transports: creation.transports.clone() };
        let aaguid = (attested.aaguid != [0; 16]).then(|| Id::from_bytes(attested.aaguid));
        let record = record.to_json().ok_or(KeyError::Unreadable)?;
        Ok(NewKey { credential_id: attested.credential_id, aaguid, synced, record })
    }
}

/// What the library compares with. It makes challenges of its own; ours come from the caller's generator.
fn state(challenge: &Challenge, kind: CredentialKind) -> Result<RegistrationState, KeyError> {
    let policy = match kind {
        CredentialKind::Passkey => UserVerificationPolicy::Required,
        CredentialKind::SecurityKey => UserVerificationPolicy::Discouraged_DO_NOT_USE,
    };
    let algorithms: Vec<_> = ALGORITHMS.iter().map(|(algorithm, _)| *algorithm).collect();
    serde_json::from_value(json!({
        "policy": policy,
        "exclude_credentials": [],
        "challenge": challenge.text(),
        "credential_algorithms": algorithms,
        "require_resident_key": kind == CredentialKind::Passkey,
        "authenticator_attachment": null,
        "extensions": {},
        "allow_synchronised_authenticators": true,
    }))
    .map_err(|_| KeyError::Unreadable)
}

/// What extensions put out is unsigned and unasked for: it is left behind.
fn raw(creation: &Creation) -> RegisterPublicKeyCredential {
    RegisterPublicKeyCredential {
        id: encode(&creation.id),
        raw_id: creation.id.clone(),
        response: AuthenticatorAttestationResponseRaw {
            attestation_object: creation.attestation_object.clone(),
            client_data_json: creation.client_data.clone(),
            transports: None,
        },
        type_: "public-key".to_owned(),
        extensions: Default::default(),
    }
}

/// The credential within the attestation object (§6.5.4). No attestation was asked for, so there is none, or the key
/// vouches for itself (packed, without a certificate).
fn attested(object: &[u8]) -> Result<authenticator_data::Attested, KeyError> {
    let Ok(Cbor::Map(object)) = serde_cbor_2::from_slice(object) else { return Err(KeyError::Unreadable) };
    let field = |name: &str| object.get(&Cbor::Text(name.to_owned())).ok_or(KeyError::Unreadable);
    let Cbor::Map(statement) = field("attStmt")? else { return Err(KeyError::Unreadable) };
    match field("fmt")? {
        Cbor::Text(format) if format == "none" && statement.is_empty() => {}
        Cbor::Text(format) if format == "packed" && !statement.contains_key(&Cbor::Text("x5c".to_owned())) => {}
        _ => return Err(KeyError::Attestation),
    }
    let Cbor::Bytes(data) = field("authData")? else { return Err(KeyError::Unreadable) };
    authenticator_data::read(data)?.ok_or(KeyError::Unreadable)
}
