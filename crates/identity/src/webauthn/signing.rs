//! A signature (WebAuthn §7.2).

use super::client_data::{ClientData, Kind};
use super::record::Record;
use super::{Assertion, Ceremony, KeyError, RelyingParty, Stage, authenticator_data, encode};
use crate::credential::{Credential, CredentialKind};
use serde_json::{Value, json};
use webauthn_rs_core::proto::{
    AuthenticationState, AuthenticatorAssertionResponseRaw, PublicKeyCredential, UserVerificationPolicy,
};

/// A signature that is right.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// Whether the authenticator verified its user (flag UV).
    pub user_verified: bool,
    /// What the next signature is verified with: the counter has gone up.
    pub record: Value,
}

impl RelyingParty {
    /// Verifies the signature of a credential that was found by its id. Whether the account may sign in is for the caller
    /// to see.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn verify(
        &self,
        ceremony: &Ceremony,
        assertion: &Assertion,
        credential: &Credential,
    ) -> Result<Verified, KeyError> {
        ClientData::read(&assertion.client_data)?.check(Kind::Get, &ceremony.challenge, &self.origin)?;
        if authenticator_data::read(&assertion.authenticator_data)?.is_some() {
            return Err(KeyError::Unreadable);
        }
        check_owner(ceremony.stage, assertion, credential)?;
        if ceremony.stage == Stage::First && credential.kind != CredentialKind::Passkey {
            return Err(KeyError::NotAPasskey);
        }
        let mut record = Record::read(&credential.record).ok_or(KeyError::Unreadable)?;
        let state = state(ceremony)?;
        let signed = self.core.authenticate_single_credential(&raw(assertion), &state, &record.credential)?;
        record.credential.counter = signed.counter();
        record.credential.backup_state = signed.backup_state();
        let record = record.to_json().ok_or(KeyError::Unreadable)?;
        Ok(Verified { user_verified: signed.user_verified(), record })
    }
}

/// §7.2 steps 5 and 6: the credential is the one that was found, and the user handle names its owner. Where nobody was
/// known before, it has to be there.
fn check_owner(stage: Stage, assertion: &Assertion, credential: &Credential) -> Result<(), KeyError> {
    let named = match (&assertion.user_handle, stage) {
        (Some(handle), _) => handle.as_slice() == credential.account.as_bytes(),
        (None, Stage::First) => false,
        (None, Stage::Second) => true,
    };
    if named && assertion.id == credential.credential_id { Ok(()) } else { Err(KeyError::Owner) }
}

fn state(ceremony: &Ceremony) -> Result<AuthenticationState, KeyError> {
    let policy = match ceremony.stage {
        Stage::First => UserVerificationPolicy::Required,
        Stage::Second => UserVerificationPolicy::Discouraged_DO_NOT_USE,
    };
    serde_json::from_value(json!({
        "credentials": [],
        "policy": policy,
        "challenge": ceremony.challenge.text(),
        "appid": null,
        "allow_backup_eligible_upgrade": false,
    }))
    .map_err(|_| KeyError::Unreadable)
}

fn raw(assertion: &Assertion) -> PublicKeyCredential {
    PublicKeyCredential {
        id: encode(&assertion.id),
        raw_id: assertion.id.clone(),
        response: AuthenticatorAssertionResponseRaw {
            authenticator_data: assertion.authenticator_data.clone(),
            client_data_json: assertion.client_data.clone(),
            signature: assertion.signature.clone(),
            user_handle: None,
        },
        extensions: Default::default(),
        type_: "public-key".to_owned(),
    }
}
