//! The tables as diesel sees them: the same for both databases. `migrations/` is what makes them.

mod apps;

pub(crate) use apps::*;

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::Moment;
    installation (one) {
        one -> Integer,
        wrapped_key -> Binary,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    tenants (id) {
        id -> Uid,
        origin -> Text,
        name -> Text,
        set_up_at -> Nullable<Moment>,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    accounts (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        email -> Text,
        email_key -> Text,
        email_verified_at -> Moment,
        name -> Text,
        status -> Text,
        role -> Text,
        phone -> Nullable<Text>,
        details -> Json,
        attributes -> Json,
        locale -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        push_offer_declined -> Bool,
        enrol_by -> Nullable<Moment>,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    passwords (tenant_id, account_id) {
        tenant_id -> Uid,
        account_id -> Uid,
        hash -> Text,
        changed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    devices (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        secret -> Binary,
        agent -> Json,
        place -> Nullable<Json>,
        first_seen_at -> Moment,
        last_seen_at -> Moment,
        known_at -> Nullable<Moment>,
        push_offer -> Json,
        push_wanted -> Bool,
        trusted_until -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    sessions (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        device_id -> Uid,
        secret -> Binary,
        created_at -> Moment,
        last_seen_at -> Moment,
        auth_time -> Moment,
        amr -> Json,
        acr -> Text,
        expires_at -> Moment,
        ended_at -> Nullable<Moment>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    changes (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        session_id -> Uid,
        expires_at -> Moment,
        ended_at -> Nullable<Moment>,
        keep_until -> Moment,
        data -> Json,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    lockdowns (tenant_id, account_id) {
        tenant_id -> Uid,
        account_id -> Uid,
        since -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    flows (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        browser -> Binary,
        created_at -> Moment,
        expires_at -> Moment,
        finished_at -> Nullable<Moment>,
        data -> Json,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    single_uses (tenant_id, hash) {
        tenant_id -> Uid,
        hash -> Binary,
        purpose -> Text,
        account_id -> Nullable<Uid>,
        client_id -> Nullable<Uid>,
        flow_id -> Nullable<Uid>,
        data -> Json,
        created_at -> Moment,
        expires_at -> Moment,
        consumed_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    counters (tenant_id, key) {
        tenant_id -> Uid,
        key -> Binary,
        tries -> BigInt,
        consecutive -> BigInt,
        window_at -> Nullable<Moment>,
        locked_until -> Nullable<Moment>,
        updated_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    keys (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        usage -> Text,
        alg -> Text,
        kid -> Text,
        private -> Binary,
        created_at -> Moment,
        signs_from -> Moment,
        retired_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    events (seq) {
        seq -> BigInt,
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Nullable<Uid>,
        device_id -> Nullable<Uid>,
        agent -> Json,
        place -> Nullable<Json>,
        kind -> Text,
        event -> Json,
        at -> Moment,
    }
}

diesel::table! {
    events_to_relay (seq) {
        seq -> BigInt,
        rank -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    deliveries (id) {
        id -> Uid,
        tenant_id -> Uid,
        event_id -> Uid,
        sink -> Text,
        target -> Text,
        state -> Text,
        priority -> Integer,
        attempts -> Integer,
        first_due_at -> Moment,
        due_at -> Moment,
        expires_at -> Moment,
        claimed_until -> Nullable<Moment>,
        body -> Nullable<Binary>,
        last_error -> Nullable<Text>,
        finished_at -> Nullable<Moment>,
        shown_at -> Nullable<Moment>,
        clicked_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    preference_revisions (tenant_id, account_id) {
        tenant_id -> Uid,
        account_id -> Uid,
        revision -> BigInt,
        changed_at -> Nullable<Moment>,
        changed_in -> Nullable<Json>,
        quiet -> Nullable<Json>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::Uid;
    preferences (tenant_id, account_id, topic, channel) {
        tenant_id -> Uid,
        account_id -> Uid,
        topic -> Text,
        channel -> Text,
        is_on -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    subscriptions (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        device_id -> Uid,
        session_id -> Uid,
        endpoint -> Binary,
        service -> Text,
        sealed -> Binary,
        vapid_key_id -> Uid,
        created_at -> Moment,
        delivered_at -> Nullable<Moment>,
        shown_at -> Nullable<Moment>,
        clicked_at -> Nullable<Moment>,
        failing_since -> Nullable<Moment>,
        strikes -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    credentials (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        credential_id -> Binary,
        kind -> Text,
        name -> Text,
        aaguid -> Nullable<Uid>,
        synced -> Bool,
        record -> Json,
        created_at -> Moment,
        last_used_at -> Nullable<Moment>,
        last_used_in -> Nullable<Json>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    totps (tenant_id, account_id) {
        tenant_id -> Uid,
        account_id -> Uid,
        sealed -> Binary,
        last_step -> BigInt,
        created_at -> Moment,
        confirmed_at -> Nullable<Moment>,
        last_used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    recovery_codes (tenant_id, account_id, hash) {
        tenant_id -> Uid,
        account_id -> Uid,
        hash -> Binary,
        created_at -> Moment,
        used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Moment, Uid};
    identities (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        provider -> Text,
        issuer -> Text,
        subject -> Text,
        email -> Nullable<Text>,
        name -> Nullable<Text>,
        created_at -> Moment,
        last_used_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::sql::{Json, Moment, Uid};
    recoveries (tenant_id, id) {
        tenant_id -> Uid,
        id -> Uid,
        account_id -> Uid,
        agent -> Json,
        place -> Nullable<Json>,
        started_at -> Moment,
        ready_at -> Moment,
        expires_at -> Moment,
        due_at -> Nullable<Moment>,
        stopped_at -> Nullable<Moment>,
        finished_at -> Nullable<Moment>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, devices, sessions);
diesel::allow_tables_to_appear_in_same_query!(accounts, grants, revoked_tokens);
diesel::allow_tables_to_appear_in_same_query!(accounts, consents);
diesel::allow_tables_to_appear_in_same_query!(consents, sessions);
diesel::allow_tables_to_appear_in_same_query!(deliveries, events);
diesel::allow_tables_to_appear_in_same_query!(events, events_to_relay);
diesel::allow_tables_to_appear_in_same_query!(grants, sessions);
diesel::allow_tables_to_appear_in_same_query!(clients, consents, grants);
