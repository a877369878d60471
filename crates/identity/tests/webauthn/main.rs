//! Passkeys and security keys against an authenticator in software: what is right is taken, and of everything else one
//! thing is changed at a time, so that each refusal has its own reason (WebAuthn Level 3, §7.1 and §7.2).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[allow(dead_code, unreachable_pub, reason = "shared with the testkit, which uses the rest")]
#[path = "../../../../tests/src/authenticator.rs"]
mod authenticator;
mod vectors;

use authenticator::{Authenticator, BE, Draft, ED, UP, UV, encode, int, map, text};
use base::{Id, Origin, Rng, Timestamp};
use identity::webauthn::{
    Assertion, Ceremony, Challenge, Creation, KeyError, NewKey, Owner, RelyingParty, Stage, Verified,
};
use identity::{Credential, CredentialKind};
use serde_json::{Value, json};
use vectors::{CLIENT_DATA, Change, DATA, REGISTRATION, SIGNING, der};

const ORIGIN: &str = "https://id.acme.test";

fn acme() -> RelyingParty {
    RelyingParty::of(&ORIGIN.parse().unwrap(), "Acme").unwrap()
}

const JANE: Owner<'static> = Owner { account: Id::from_bytes([1; 16]), email: "jane@example.com", name: "Jane Doe" };

fn row(key: NewKey, kind: CredentialKind) -> Credential {
    Credential {
        id: Id::from_bytes([9; 16]),
        account: JANE.account,
        credential_id: key.credential_id,
        kind,
        name: String::new(),
        aaguid: key.aaguid,
        synced: key.synced,
        record: key.record,
        created_at: Timestamp::from_seconds(0),
        last_used_at: None,
        last_used_in: None,
    }
}

/// Registers a key of this kind on an answer that was changed.
fn register(
    authenticator: &mut Authenticator,
    kind: CredentialKind,
    change: impl FnOnce(&mut Draft),
) -> Result<Credential, KeyError> {
    let challenge = Challenge::new(&Rng::system());
    let options = acme().creation_options(&challenge, kind, &JANE, &[]);
    let answer = authenticator.create_as(&options, ORIGIN, change);
    let creation = Creation::read(&answer)?;
    assert_eq!(creation.challenge().ok().filter(|given| *given != challenge), None, "only ours was offered");
    acme().register(&challenge, kind, &creation, &[]).map(|key| row(key, kind))
}

fn passkey(authenticator: &mut Authenticator) -> Credential {
    register(authenticator, CredentialKind::Passkey, |_| {}).unwrap()
}

fn security_key(authenticator: &mut Authenticator) -> Credential {
    register(authenticator, CredentialKind::SecurityKey, |_| {}).unwrap()
}

/// Signs in with it on an answer that was changed.
fn sign(
    authenticator: &mut Authenticator,
    credential: &Credential,
    stage: Stage,
    change: impl FnOnce(&mut Draft),
) -> Result<Verified, KeyError> {
    let ceremony = Ceremony { challenge: Challenge::new(&Rng::system()), stage };
    let options = acme().request_options(&ceremony, std::slice::from_ref(credential));
    let answer = authenticator.get_as(&options, ORIGIN, change).expect("a key that fits");
    acme().verify(&ceremony, &Assertion::read(&answer)?, credential)
}

#[test]
fn each_thing_that_is_wrong_with_a_new_passkey_is_refused_for_itself() {
    for (what, why, change) in CLIENT_DATA.iter().chain(&DATA).chain(&REGISTRATION) {
        let refused = register_unchecked(&mut Authenticator::phone(), *change);
        assert_eq!(refused.err(), Some(*why), "{what}");
    }
}

#[test]
fn each_thing_that_is_wrong_with_a_signature_is_refused_for_itself() {
    let mut phone = Authenticator::phone();
    let credential = passkey(&mut phone);
    for (what, why, change) in CLIENT_DATA.iter().chain(&DATA).chain(&SIGNING) {
        assert_eq!(sign(&mut phone, &credential, Stage::First, change).err(), Some(*why), "{what}");
    }
    sign(&mut phone, &credential, Stage::First, |_| {}).unwrap();
}

#[test]
fn an_answer_to_one_challenge_is_none_to_the_next() {
    let mut phone = Authenticator::phone();
    let credential = passkey(&mut phone);
    let first = Ceremony { challenge: Challenge::new(&Rng::system()), stage: Stage::First };
    let answer = phone.get(&acme().request_options(&first, &[]), ORIGIN).unwrap();
    let assertion = Assertion::read(&answer).unwrap();
    acme().verify(&first, &assertion, &credential).unwrap();
    let next = Ceremony { challenge: Challenge::new(&Rng::system()), stage: Stage::First };
    assert_eq!(acme().verify(&next, &assertion, &credential), Err(KeyError::Challenge));
}

#[test]
fn what_is_changed_after_it_was_signed_does_not_verify() {
    let mut phone = Authenticator::phone();
    let credential = passkey(&mut phone);
    let ceremony = Ceremony { challenge: Challenge::new(&Rng::system()), stage: Stage::First };
    let answer = phone.get(&acme().request_options(&ceremony, &[]), ORIGIN).unwrap();
    let data = authenticator::decode(answer["response"]["authenticatorData"].as_str().unwrap());
    let signature = authenticator::decode(answer["response"]["signature"].as_str().unwrap());
    let client_data = authenticator::decode(answer["response"]["clientDataJSON"].as_str().unwrap());
    let verdict = |field: &str, bytes: &[u8]| {
        let mut changed = answer.clone();
        changed["response"][field] = encode(bytes).into();
        Assertion::read(&changed).and_then(|assertion| acme().verify(&ceremony, &assertion, &credential)).is_ok()
    };
    assert!(verdict("signature", &signature));
    for n in 0..data.len() {
        let mut flipped = data.clone();
        flipped[n] ^= 1;
        assert!(!verdict("authenticatorData", &flipped), "byte {n} of the data");
        assert!(!verdict("authenticatorData", &data[..n]), "the first {n} bytes of the data");
    }
    for n in 0..signature.len() {
        let mut flipped = signature.clone();
        flipped[n] ^= 1;
        assert!(!verdict("signature", &flipped), "byte {n} of the signature");
    }
    // JSON that means the same is not what was signed.
    let spaced = String::from_utf8(client_data).unwrap().replacen(':', ": ", 1);
    assert!(!verdict("clientDataJSON", spaced.as_bytes()));
}

#[test]
fn json_that_no_browser_sends_is_not_read() {
    let mut phone = Authenticator::phone();
    let challenge = Challenge::new(&Rng::system());
    let created = phone.create(&acme().creation_options(&challenge, CredentialKind::Passkey, &JANE, &[]), ORIGIN);
    let ceremony = Ceremony { challenge, stage: Stage::First };
    let signed = phone.get(&acme().request_options(&ceremony, &[]), ORIGIN).unwrap();
    assert!(Creation::read(&created).is_ok() && Assertion::read(&signed).is_ok());
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 10] = [
        ("no rawId", |v| v["rawId"] = Value::Null),
        ("no id", |v| v["id"] = Value::Null),
        ("an id that is not the rawId", |v| v["id"] = encode(&[7; 32]).into()),
        ("another type", |v| v["type"] = "password".into()),
        ("no type", |v| v["type"] = Value::Null),
        ("no response", |v| v["response"] = Value::Null),
        ("no client data", |v| v["response"]["clientDataJSON"] = Value::Null),
        ("padding", |v| v["response"]["clientDataJSON"] = "YQ==".into()),
        ("another alphabet", |v| v["response"]["clientDataJSON"] = "++//".into()),
        ("a megabyte", |v| v["response"]["clientDataJSON"] = "A".repeat(1 << 20).into()),
    ];
    for (what, change) in changes {
        let (mut created, mut signed) = (created.clone(), signed.clone());
        change(&mut created);
        change(&mut signed);
        assert_eq!(Creation::read(&created).err(), Some(KeyError::Unreadable), "{what}");
        assert_eq!(Assertion::read(&signed).err(), Some(KeyError::Unreadable), "{what}");
    }
    for field in ["attestationObject", "authenticatorData", "signature"] {
        let (mut created, mut signed) = (created.clone(), signed.clone());
        let of_creation = field == "attestationObject";
        let answer = if of_creation { &mut created } else { &mut signed };
        answer["response"].as_object_mut().unwrap().remove(field);
        assert_eq!(Creation::read(&created).is_err(), of_creation, "{field}");
        assert_eq!(Assertion::read(&signed).is_err(), !of_creation, "{field}");
    }
    assert!(Creation::read(&json!([])).is_err() && Assertion::read(&json!("x")).is_err());
}

#[test]
fn a_key_that_the_account_has_is_not_added_twice() {
    let mut phone = Authenticator::phone();
    let credential = passkey(&mut phone);
    let challenge = Challenge::new(&Rng::system());
    let existing = [credential.clone()];
    let options = acme().creation_options(&challenge, CredentialKind::Passkey, &JANE, &existing);
    assert_eq!(options["excludeCredentials"][0]["id"], encode(&credential.credential_id));
    assert_eq!(options["excludeCredentials"][0]["transports"], json!(["hybrid", "internal"]));
    let answer = phone.create_as(&options, ORIGIN, |draft| {
        draft.id = credential.credential_id.clone();
        draft.attested_id = credential.credential_id.clone();
    });
    let creation = Creation::read(&answer).unwrap();
    let refused = acme().register(&challenge, CredentialKind::Passkey, &creation, &existing);
    assert_eq!(refused, Err(KeyError::Excluded));
}

#[test]
fn the_counter_of_a_key_goes_up_and_never_back() {
    let mut key = Authenticator::security_key_with_pin();
    let mut credential = passkey(&mut key);
    credential.record = sign(&mut key, &credential, Stage::First, |_| {}).unwrap().record;
    credential.record = sign(&mut key, &credential, Stage::First, |d| d.counter = 41).unwrap().record;
    for (what, counter) in [("the same", 41), ("less", 40), ("none any more", 0)] {
        let refused = sign(&mut key, &credential, Stage::First, |d| d.counter = counter);
        assert_eq!(refused, Err(KeyError::CountedBack), "{what}");
    }
    sign(&mut key, &credential, Stage::First, |d| d.counter = 42).unwrap();
    // Only a true signature tells of a copy.
    let forged = sign(&mut key, &credential, Stage::First, |d| {
        d.counter = 3;
        d.signature = Some(der(&[1], &[1]));
    });
    assert_eq!(forged, Err(KeyError::Signature));
}

#[test]
fn a_key_that_can_be_copied_later_is_another_key() {
    let mut key = Authenticator::security_key_with_pin();
    let credential = passkey(&mut key);
    assert_eq!(sign(&mut key, &credential, Stage::First, |d| d.flags |= BE), Err(KeyError::Backup));
}

#[test]
fn a_passkey_says_what_it_is() {
    let mut phone = Authenticator::phone();
    let credential = passkey(&mut phone);
    assert!(credential.synced);
    assert_eq!(credential.aaguid.and_then(identity::webauthn::model_name), Some("iCloud Keychain"));
    let verified = sign(&mut phone, &credential, Stage::First, |_| {}).unwrap();
    assert!(verified.user_verified);
    let silent = register(&mut phone, CredentialKind::Passkey, |d| d.aaguid = [0; 16]).unwrap();
    assert_eq!(silent.aaguid, None);
}

#[test]
fn a_security_key_stands_beside_a_first_factor_and_never_alone() {
    let mut key = Authenticator::security_key();
    let credential = security_key(&mut key);
    assert!(!credential.synced);
    let verified = sign(&mut key, &credential, Stage::Second, |_| {}).unwrap();
    assert!(!verified.user_verified, "a touch is no verification");
    let handle = Some(JANE.account.as_bytes().to_vec());
    let pinned = |d: &mut Draft| (d.flags, d.user_handle) = (UP | UV, Some(JANE.account.as_bytes().to_vec()));
    key.keys[0].user_handle = handle;
    assert_eq!(sign(&mut key, &credential, Stage::First, pinned), Err(KeyError::NotAPasskey));
    let stranger = sign(&mut key, &credential, Stage::Second, |d| d.user_handle = Some(vec![2; 16]));
    assert_eq!(stranger, Err(KeyError::Owner));
}

#[test]
fn everybody_is_asked_the_same_before_anybody_is_known() {
    let mut phone = Authenticator::phone();
    let credential = passkey(&mut phone);
    let challenge = Challenge::new(&Rng::system());
    let first = Ceremony { challenge, stage: Stage::First };
    let options = acme().request_options(&first, std::slice::from_ref(&credential));
    assert_eq!(options["allowCredentials"], json!([]));
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["rpId"], "id.acme.test");
    assert_eq!(options, acme().request_options(&first, &[]));
    let second = Ceremony { challenge, stage: Stage::Second };
    let options = acme().request_options(&second, std::slice::from_ref(&credential));
    assert_eq!(options["allowCredentials"][0]["id"], encode(&credential.credential_id));
}

#[test]
fn beside_a_first_factor_the_user_is_verified_where_the_key_counts_by_that() {
    let challenge = Challenge::new(&Rng::system());
    let second = Ceremony { challenge, stage: Stage::Second };
    let (phone, key) = (passkey(&mut Authenticator::phone()), security_key(&mut Authenticator::security_key()));
    let asked = |allowed: &[Credential]| acme().request_options(&second, allowed)["userVerification"].clone();
    assert_eq!(asked(std::slice::from_ref(&phone)), "required");
    assert_eq!(asked(std::slice::from_ref(&key)), "discouraged", "it may have no PIN");
    assert_eq!(asked(&[phone, key]), "preferred");
}

#[test]
fn what_is_asked_of_a_new_key_depends_on_its_kind() {
    let challenge = Challenge::new(&Rng::system());
    let passkey = acme().creation_options(&challenge, CredentialKind::Passkey, &JANE, &[]);
    let selection = &passkey["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    assert_eq!(passkey["attestation"], "none");
    assert_eq!(passkey["user"]["id"], encode(JANE.account.as_bytes()), "the handle says nothing of the person");
    assert_eq!(passkey["pubKeyCredParams"].as_array().unwrap().len(), 2);
    let key = acme().creation_options(&challenge, CredentialKind::SecurityKey, &JANE, &[]);
    let selection = &key["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "discouraged");
    assert_eq!(selection["userVerification"], "discouraged");
    assert_eq!(selection["authenticatorAttachment"], "cross-platform");
}

#[test]
fn keys_of_every_algorithm_that_is_offered_sign_in() {
    let mut hello = Authenticator::phone();
    let challenge = Challenge::new(&Rng::system());
    let options = acme().creation_options(&challenge, CredentialKind::Passkey, &JANE, &[]);
    let creation = Creation::read(&hello.create_rsa(&options, ORIGIN)).unwrap();
    let key = acme().register(&challenge, CredentialKind::Passkey, &creation, &[]).unwrap();
    let credential = row(key, CredentialKind::Passkey);
    sign(&mut hello, &credential, Stage::First, |_| {}).unwrap();
    let forged = sign(&mut hello, &credential, Stage::First, |d| d.signature = Some(vec![0; 256]));
    assert_eq!(forged, Err(KeyError::Signature));
}

#[test]
fn a_key_may_vouch_for_itself_and_extensions_may_answer_unasked() {
    register(&mut Authenticator::phone(), CredentialKind::Passkey, |d| d.format = "packed").unwrap();
    let protected = |d: &mut Draft| {
        d.flags |= ED;
        d.tail = [map(1), text("credProtect"), int(2)].concat();
    };
    register(&mut Authenticator::phone(), CredentialKind::Passkey, protected).unwrap();
}

#[test]
fn a_credential_id_may_be_as_long_as_the_standard_allows() {
    let long = |d: &mut Draft| (d.attested_id, d.id) = (vec![7; 1023], vec![7; 1023]);
    assert_eq!(register(&mut Authenticator::phone(), CredentialKind::Passkey, long).unwrap().credential_id.len(), 1023);
}

#[test]
fn there_are_no_passkeys_at_an_ip_address() {
    let party = |origin: &str| RelyingParty::of(&origin.parse::<Origin>().unwrap(), "Acme");
    assert_eq!(party("http://localhost:8080").unwrap().id(), "localhost");
    assert!(party("http://127.0.0.1:8080").is_none() && party("http://[::1]:8080").is_none());
}

/// As [`register`], for answers to challenges that were not asked.
fn register_unchecked(authenticator: &mut Authenticator, change: Change) -> Result<NewKey, KeyError> {
    let challenge = Challenge::new(&Rng::system());
    let options = acme().creation_options(&challenge, CredentialKind::Passkey, &JANE, &[]);
    let creation = Creation::read(&authenticator.create_as(&options, ORIGIN, change))?;
    acme().register(&challenge, CredentialKind::Passkey, &creation, &[])
}
