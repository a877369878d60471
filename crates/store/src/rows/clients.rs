//! Clients and how they register, consents, grants, refresh tokens, keys.

use crate::model::{Consent, Grant, InitialToken, KeyUse, StoredKey};
use crate::types::{At, Count, Hash, Json, Stored, Uid, Word};
use base::Id;
use identity::Amr;
use oauth::Client;
use oauth::grant_terms::GrantTerms;

/// A client: the document, and beside it what is searched for.
#[derive(Debug, diesel::Insertable, diesel::AsChangeset)]
#[diesel(table_name = crate::schema::clients)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
pub(crate) struct ClientRow {
    tenant_id: Uid,
    id: Uid,
    client_id: String,
    name: String,
    disabled_at: Option<At>,
    created_at: At,
    data: Json<Client>,
    registered: Option<String>,
    read_at: Option<At>,
}

impl ClientRow {
    /// The row of a client.
    pub(crate) fn of(tenant: Id, client: &Client) -> Self {
        Self {
            tenant_id: Uid(tenant),
            id: Uid(client.id),
            client_id: client.client_id.clone(),
            name: client.name.clone(),
            disabled_at: client.disabled_at.map(At),
            created_at: At(client.created_at),
            data: Json(client.clone()),
            registered: client.registration.as_ref().map(|registration| registration.by.as_str().to_owned()),
            read_at: client.registration.as_ref().and_then(|registration| registration.read_at).map(At),
        }
    }
}

row! {
    /// A token with which apps may register themselves.
    InitialTokenRow in initial_tokens (tenant_id, id) of InitialToken {
        id in id: Uid,
        hash in hash: Hash,
        name in name: String,
        uses in uses: Count,
        used in used: Count,
        created_at in created_at: At,
        expires_at in expires_at: At,
        withdrawn_at in withdrawn_at: Option<At>,
    }
}

row! {
    /// A consent.
    ConsentRow in consents (tenant_id, account_id, client_id) of Consent {
        account in account_id: Uid,
        client in client_id: Uid,
        scope in scope: String,
        granted_at in granted_at: At,
        last_used_at in last_used_at: At,
    }
}

row! {
    /// A grant.
    GrantRow in grants (tenant_id, id) of Grant {
        id in id: Uid,
        account in account_id: Option<Uid>,
        client in client_id: Uid,
        session in session_id: Option<Uid>,
        scope in scope: String,
        offline in offline: bool,
        auth_time in auth_time: At,
        amr in amr: Json<Vec<Amr>>,
        acr in acr: String,
        created_at in created_at: At,
        last_used_at in last_used_at: At,
        expires_at in expires_at: At,
        revoked_at in revoked_at: Option<At>,
        terms in terms: Json<GrantTerms>,
        generation in generation: Count,
        rotated_at in rotated_at: Option<At>,
    }
}

row! {
    /// A private key at rest.
    KeyRow in keys (tenant_id, id) of StoredKey {
        id in id: Uid,
        usage in usage: Word<KeyUse>,
        alg in alg: String,
        kid in kid: String,
        private in private: Vec<u8>,
        created_at in created_at: At,
        signs_from in signs_from: At,
        retired_at in retired_at: Option<At>,
    }
}
