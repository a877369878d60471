//! Accounts, passwords, devices, sessions.

use crate::types::{At, Hash, Json, Stored, Uid, Word};
use base::{Email, Id};
use identity::{
    Account, AccountStatus, Agent, Amr, Attributes, Details, Device, Phone, Place, PushOffer, Role, Session,
};

row! {
    /// An account. `email_key` is written beside it.
    AccountRow in accounts (tenant_id, id) of Account {
        id in id: Uid,
        email in email: Word<Email>,
        email_verified_at in email_verified_at: At,
        name in name: String,
        status in status: Word<AccountStatus>,
        role in role: Word<Role>,
        phone in phone: Option<Word<Phone>>,
        details in details: Json<Details>,
        attributes in attributes: Json<Attributes>,
        locale in locale: Option<String>,
        time_zone in time_zone: Option<String>,
        push_offer_declined in push_offer_declined: bool,
        enrol_by in enrol_by: Option<At>,
        created_at in created_at: At,
        updated_at in updated_at: At,
    }
}

row! {
    /// A device.
    DeviceRow in devices (tenant_id, id) of Device {
        id in id: Uid,
        account in account_id: Uid,
        secret in secret: Hash,
        agent in agent: Json<Agent>,
        place in place: Option<Json<Place>>,
        first_seen_at in first_seen_at: At,
        last_seen_at in last_seen_at: At,
        known_at in known_at: Option<At>,
        push_offer in push_offer: Json<PushOffer>,
        push_wanted in push_wanted: bool,
        trusted_until in trusted_until: Option<At>,
    }
}

row! {
    /// A session. `end_reason` is written when it ends.
    SessionRow in sessions (tenant_id, id) of Session {
        id in id: Uid,
        account in account_id: Uid,
        device in device_id: Uid,
        secret in secret: Hash,
        created_at in created_at: At,
        last_seen_at in last_seen_at: At,
        auth_time in auth_time: At,
        amr in amr: Json<Vec<Amr>>,
        acr in acr: String,
        expires_at in expires_at: At,
        ended_at in ended_at: Option<At>,
    }
}
