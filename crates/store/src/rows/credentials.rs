//! What an account has to sign in with, besides its password.

use crate::types::{At, Hash, Json, Stored, Uid, Word};
use base::Id;
use identity::{Agent, Credential, CredentialKind, FederatedIdentity, Place, Recovery, RecoveryCode, Totp};

row! {
    /// A passkey or security key.
    CredentialRow in credentials (tenant_id, id) of Credential {
        id in id: Uid,
        account in account_id: Uid,
        credential_id in credential_id: Vec<u8>,
        kind in kind: Word<CredentialKind>,
        name in name: String,
        aaguid in aaguid: Option<Uid>,
        synced in synced: bool,
        record in record: Json<serde_json::Value>,
        created_at in created_at: At,
        last_used_at in last_used_at: Option<At>,
        last_used_in in last_used_in: Option<Json<Agent>>,
    }
}

row! {
    /// An authenticator app.
    TotpRow in totps (tenant_id, account_id) of Totp {
        account in account_id: Uid,
        sealed in sealed: Vec<u8>,
        last_step in last_step: i64,
        created_at in created_at: At,
        confirmed_at in confirmed_at: Option<At>,
        last_used_at in last_used_at: Option<At>,
    }
}

row! {
    /// A recovery code.
    RecoveryCodeRow in recovery_codes (tenant_id, account_id, hash) of RecoveryCode {
        account in account_id: Uid,
        hash in hash: Hash,
        created_at in created_at: At,
        used_at in used_at: Option<At>,
    }
}

row! {
    /// An account at another provider.
    IdentityRow in identities (tenant_id, id) of FederatedIdentity {
        id in id: Uid,
        account in account_id: Uid,
        provider in provider: String,
        issuer in issuer: String,
        subject in subject: String,
        email in email: Option<String>,
        name in name: Option<String>,
        created_at in created_at: At,
        last_used_at in last_used_at: Option<At>,
    }
}

row! {
    /// A way back.
    RecoveryRow in recoveries (tenant_id, id) of Recovery {
        id in id: Uid,
        account in account_id: Uid,
        agent in agent: Json<Agent>,
        place in place: Option<Json<Place>>,
        started_at in started_at: At,
        ready_at in ready_at: At,
        expires_at in expires_at: At,
        due_at in due_at: Option<At>,
        stopped_at in stopped_at: Option<At>,
        finished_at in finished_at: Option<At>,
    }
}
