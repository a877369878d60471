//! Which methods count.

use super::*;

#[test]
fn a_method_has_one_name_in_settings_and_in_what_is_stored() {
    for method in Method::ALL {
        assert_eq!(Method::from_name(method.as_str()), Some(method));
        assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
    }
    assert_eq!(Method::from_name("pasword"), None);
}

#[test]
fn a_set_tells_what_is_in_it() {
    let some = Methods::of([Method::Totp, Method::Password]);
    assert_eq!(some.iter().collect::<Vec<_>>(), [Method::Password, Method::Totp]);
    assert_eq!(Methods::default().iter().count(), Method::ALL.len());
}

#[test]
fn a_key_counts_where_either_kind_of_key_does() {
    for one in [Method::Passkey, Method::SecurityKey] {
        assert!(Methods::of([one]).cover(&[Amr::Hwk]) && Methods::of([one]).cover(&[Amr::Swk]), "{one:?}");
    }
    assert!(!Methods::of([Method::Password]).cover(&[Amr::Hwk]));
}

#[test]
fn what_a_session_proved_counts_by_the_methods_that_made_it() {
    let session = |amr: Amr| Evidence::Session {
        account: id(9),
        at: START,
        session: id(5),
        amr: vec![amr],
        reached: Assurance::OneFactor,
    };
    let passkeys = Methods::of([Method::Passkey]);
    assert!(passkeys.count(&session(Amr::Swk)));
    assert!(!passkeys.count(&session(Amr::Pwd)));
    assert!(!passkeys.count(&password(9, START)));
    assert!(passkeys.count(&Evidence::Remembered { account: id(9), at: START, device: id(2) }), "it is of no method");
}
