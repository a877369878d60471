//! What a browser is asked: the JSON for `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON`.

use super::record::descriptor;
use super::{Ceremony, Challenge, PATIENCE, RelyingParty, Stage, encode};
use crate::credential::{Credential, CredentialKind};
use base::Id;
use serde_json::{Value, json};
use webauthn_rs_core::proto::COSEAlgorithm;

/// What a key may sign with, the best first (§5.8.5). EdDSA is not among them: the library can't verify it.
pub(super) const ALGORITHMS: [(COSEAlgorithm, i64); 2] = [(COSEAlgorithm::ES256, -7), (COSEAlgorithm::RS256, -257)];

/// Whose key it will be, as authenticators show it to its owner.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The account. Its id is the user handle: it says nothing of the person (§14.6.1).
    pub account: Id,
    /// The mail address.
    pub email: &'a str,
    /// The name.
    pub name: &'a str,
}

impl RelyingParty {
    /// Options to make a key of this kind for an account that has `existing` ones.
    pub fn creation_options(
        &self,
        challenge: &Challenge,
        kind: CredentialKind,
        owner: &Owner<'_>,
        existing: &[Credential],
    ) -> Value {
        let algorithms: Vec<Value> =
            ALGORITHMS.iter().map(|(_, number)| json!({ "type": "public-key", "alg": number })).collect();
        let (selection, hints) = match kind {
            CredentialKind::Passkey => (
                json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" }),
                json!([]),
            ),
            CredentialKind::SecurityKey => (
                json!({
                    "authenticatorAttachment": "cross-platform",
                    "residentKey": "discouraged",
                    "requireResidentKey": false,
                    "userVerification": "discouraged",
                }),
                json!(["security-key"]),
            ),
        };
        json!({
            "rp": { "id": self.id, "name": self.name },
            "user": {
                "id": encode(owner.account.as_bytes()),
                "name": owner.email,
                "displayName": owner.name,
            },
            "challenge": challenge.text(),
            "pubKeyCredParams": algorithms,
            "timeout": milliseconds(),
            "excludeCredentials": existing.iter().map(descriptor).collect::<Vec<_>>(),
            "authenticatorSelection": selection,
            "hints": hints,
            "attestation": "none",
        })
    }

    /// Options to sign in. At first nobody is known, and everybody is asked the same: any passkey of ours. Beside a first
    /// factor it is one of the account's keys (`allowed`).
    pub fn request_options(&self, ceremony: &Ceremony, allowed: &[Credential]) -> Value {
        let (allowed, verification) = match ceremony.stage {
            Stage::First => (Vec::new(), "required"),
            Stage::Second => (allowed.iter().map(descriptor).collect(), beside_a_first_factor(allowed)),
        };
        json!({
            "rpId": self.id,
            "challenge": ceremony.challenge.text(),
            "timeout": milliseconds(),
            "allowCredentials": allowed,
            "userVerification": verification,
        })
    }
}

/// A passkey was made by an authenticator that verified its user, and counts with that alone: unless it is asked for,
/// browsers leave it out. A security key may have no PIN.
fn beside_a_first_factor(allowed: &[Credential]) -> &'static str {
    let passkeys = allowed.iter().filter(|key| key.kind == CredentialKind::Passkey).count();
    match passkeys {
        0 => "discouraged",
        all if all == allowed.len() => "required",
        _ => "preferred",
    }
}

fn milliseconds() -> u64 {
    u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX)
}
