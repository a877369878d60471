//! What apps are, what people allowed them, and what they hold.

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    polls (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        expires_at -> Moment,
        waits_for -> Nullable<Uid>,
        data -> Json,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    clients (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        client_id -> Text,
        name -> Text,
        disabled_at -> Nullable<Moment>,
        created_at -> Moment,
        data -> Json,
        registered -> Nullable<Text>,
        read_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    initial_tokens (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        hash -> Binary,
        name -> Text,
        uses -> BigInt,
        used -> BigInt,
        created_at -> Moment,
        expires_at -> Moment,
        withdrawn_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    consents (tenant_id, account_id, client_id) {
        tenant_id -> Uid,
        account_id -> Uid,
        client_id -> Uid,
        scope -> Text,
        granted_at -> Moment,
        last_used_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    grants (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Nullable<Uid>,
        client_id -> Uid,
        session_id -> Nullable<Uid>,
        scope -> Text,
        offline -> Bool,
        auth_time -> Moment,
        amr -> Json,
        acr -> Text,
        created_at -> Moment,
        last_used_at -> Moment,
        expires_at -> Moment,
        revoked_at -> Nullable<Moment>,
        terms -> Json,
        generation -> BigInt,
        rotated_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    revoked_tokens (tenant_id, jti) {
        tenant_id -> Uid,
        jti -> Text,
        expires_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Uid};
    own_scopes (tenant_id, name) {
        tenant_id -> Uid,
        name -> Text,
        data -> Json,
    }
}
