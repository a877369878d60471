//! Passkeys and security keys, in every state.

use super::{DAY, HOUR, ago, firefox, pixel};
use crate::pages::keys::{KeyCard, Keys, RefusedName, Removal};

const KEY: &str = "01999b7e-0000-7000-8000-0000000000c1";

fn phone() -> KeyCard {
    KeyCard {
        id: KEY.to_owned(),
        name: "iCloud Keychain".to_owned(),
        model: None,
        synced: true,
        created: ago(40 * DAY),
        last_used: Some(ago(20 * HOUR)),
        last_used_in: Some(pixel()),
        removal: Removal::Plain,
    }
}

/// An account that has none.
pub(super) fn none() -> Keys {
    Keys { add_passkey: true, add_security_key: true, ..Keys::default() }
}

/// One that has several.
pub(super) fn some() -> Keys {
    let renamed = KeyCard {
        id: "01999b7e-0000-7000-8000-0000000000c2".to_owned(),
        name: "The laptop that stands in the kitchen".to_owned(),
        model: Some("Windows Hello".to_owned()),
        synced: false,
        last_used: None,
        last_used_in: None,
        ..phone()
    };
    let key = KeyCard {
        id: "01999b7e-0000-7000-8000-0000000000c3".to_owned(),
        name: "YubiKey 5 NFC".to_owned(),
        last_used_in: Some(firefox()),
        ..renamed.clone()
    };
    Keys { passkeys: vec![phone(), renamed], security_keys: vec![KeyCard { model: None, ..key }], ..none() }
}

/// One that keeps its password when it loses its last passkey.
pub(super) fn last() -> Keys {
    Keys { passkeys: vec![KeyCard { removal: Removal::Last, ..phone() }], ..none() }
}

/// One that has nothing else, at a place where no more can be added.
pub(super) fn only_way() -> Keys {
    Keys { passkeys: vec![KeyCard { removal: Removal::OnlyWay, ..phone() }], ..Keys::default() }
}

/// After a name that was not taken.
pub(super) fn refused() -> Keys {
    Keys { refused: Some(RefusedName { key: KEY.to_owned(), typed: "…".to_owned() }), ..some() }
}
