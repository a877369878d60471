//! Passkeys and security keys against an authenticator in software: what is right is taken, and of everything else one
//! thing is changed at a time, so that each refusal has its own reason (WebAuthn Level 3, §7.1 and §7.2).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[allow(dead_code, unreachable_pub, reason = "shared with the testkit, which uses the rest")]
#[path = "../../../tests/src/authenticator.rs"]
mod authenticator;

use authenticator::{
    AT, Authenticator, BE, BS, Draft, ED, UP, UV, byte_string, cose_ec, encode, int, map, sha256, text,
};
use base::{Id, Origin, Rng, Timestamp};
use identity::webauthn::{
    Assertion, Ceremony, Challenge, Creation, KeyError, NewKey, Owner, RelyingParty, Stage, Verified,
};
use identity::{Credential, CredentialKind};
use serde_json::{Value, json};

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

type Change = fn(&mut Draft);
type Vector = (&'static str, KeyError, Change);

/// What the client data can say wrongly, in either ceremony.
const CLIENT_DATA: [Vector; 20] = [
    ("a challenge that nobody asked", KeyError::Challenge, |d| d.say("challenge", encode(&[7; 32]))),
    ("no challenge at all", KeyError::Challenge, |d| d.say("challenge", "")),
    ("a challenge cut short", KeyError::Challenge, |d| {
        let cut = d.client_data["challenge"].as_str().unwrap()[..42].to_owned();
        d.say("challenge", cut);
    }),
    ("a challenge with padding", KeyError::Challenge, |d| {
        let padded = format!("{}=", d.client_data["challenge"].as_str().unwrap());
        d.say("challenge", padded);
    }),
    // webauthn-rs before 0.5.5 took it where sub-domains are allowed (CWE-290).
    ("an origin that ends like ours", KeyError::Origin, |d| d.say("origin", "https://evil-id.acme.test")),
    ("a sub-domain", KeyError::Origin, |d| d.say("origin", "https://www.id.acme.test")),
    ("the domain above", KeyError::Origin, |d| d.say("origin", "https://acme.test")),
    ("a domain that begins like ours", KeyError::Origin, |d| d.say("origin", "https://id.acme.test.evil.example")),
    ("another port", KeyError::Origin, |d| d.say("origin", "https://id.acme.test:8443")),
    ("without TLS", KeyError::Origin, |d| d.say("origin", "http://id.acme.test")),
    ("a page, not an origin", KeyError::Origin, |d| d.say("origin", "https://id.acme.test/login")),
    ("a slash too many", KeyError::Origin, |d| d.say("origin", "https://id.acme.test/")),
    ("a user in the origin", KeyError::Origin, |d| d.say("origin", "https://evil@id.acme.test")),
    ("capitals", KeyError::Origin, |d| d.say("origin", "https://ID.ACME.TEST")),
    ("an opaque origin", KeyError::Origin, |d| d.say("origin", "null")),
    ("an app's key hash", KeyError::Origin, |d| d.say("origin", "android:apk-key-hash:R0lHQQ")),
    ("a frame of another site", KeyError::CrossOrigin, |d| d.say("crossOrigin", true)),
    ("a page around ours", KeyError::CrossOrigin, |d| d.say("topOrigin", "https://evil.example")),
    ("a field that stands twice", KeyError::Unreadable, |d| {
        let plain = serde_json::to_string(&d.client_data).unwrap();
        d.client_data_text = Some(plain.replacen('{', r#"{"origin":"https://evil.example","#, 1));
    }),
    ("no JSON", KeyError::Unreadable, |d| d.client_data_text = Some("webauthn.get".to_owned())),
];

/// What the authenticator's data can say wrongly of itself, in either ceremony.
const DATA: [Vector; 6] = [
    ("another relying party", KeyError::RelyingParty, |d| d.rp_id_hash = sha256(b"evil-id.acme.test")),
    ("the domain above as relying party", KeyError::RelyingParty, |d| d.rp_id_hash = sha256(b"acme.test")),
    ("nobody present", KeyError::NotPresent, |d| d.flags &= !UP),
    ("nobody verified", KeyError::NotVerified, |d| d.flags &= !UV),
    ("bytes left over", KeyError::Unreadable, |d| d.tail = vec![0]),
    ("outputs of extensions announced, and none there", KeyError::Unreadable, |d| d.flags |= ED),
];

const REGISTRATION: [Vector; 20] = [
    ("made to sign in", KeyError::Kind, |d| d.say("type", "webauthn.get")),
    ("backed up, and can't be", KeyError::Backup, |d| d.flags = (d.flags | BS) & !BE),
    ("no credential", KeyError::Unreadable, |d| d.flags &= !AT),
    ("a credential id of 1024 bytes", KeyError::CredentialId, |d| d.attested_id = vec![7; 1024]),
    ("a credential id of 15 bytes", KeyError::CredentialId, |d| d.attested_id = vec![7; 15]),
    ("an empty credential id", KeyError::CredentialId, |d| d.attested_id = Vec::new()),
    ("the id of another credential", KeyError::Owner, |d| d.id = vec![7; 32]),
    ("a key cut short", KeyError::Unreadable, |d| d.public_key.truncate(40)),
    ("no key", KeyError::Unreadable, |d| d.public_key.clear()),
    ("an empty key", KeyError::Algorithm, |d| d.public_key = map(0)),
    ("a key of an algorithm that was not offered (ES384)", KeyError::Algorithm, |d| {
        let (x, y) = (hex(P384_X), hex(P384_Y));
        d.public_key = cose_ec(-35, 2, (&x, &y));
    }),
    ("a key of an algorithm that can't be verified (EdDSA)", KeyError::Algorithm, |d| {
        d.public_key =
            [map(4), int(1), int(1), int(3), int(-8), int(-1), int(6), int(-2), byte_string(&[5; 32])].concat();
    }),
    ("a key for an algorithm of another kind", KeyError::Algorithm, |d| {
        d.public_key = cose_ec(-257, 1, (&[5; 32], &[5; 32]));
    }),
    ("a point that is not on the curve", KeyError::Algorithm, |d| {
        d.public_key = cose_ec(-7, 1, (&[5; 32], &[5; 32]));
    }),
    ("the point at nowhere", KeyError::Algorithm, |d| d.public_key = cose_ec(-7, 1, (&[0; 32], &[0; 32]))),
    ("an attestation in a form that nobody asked for", KeyError::Attestation, |d| d.format = "android-safetynet"),
    ("a statement where there is no attestation", KeyError::Attestation, |d| {
        d.statement = Some([map(1), text("sig"), byte_string(&[1])].concat());
    }),
    ("an attestation by a certificate", KeyError::Attestation, |d| {
        d.format = "packed";
        let certificate = [text("x5c"), vec![0x81], byte_string(&[1])].concat();
        d.statement = Some([map(3), text("alg"), int(-7), text("sig"), byte_string(&[1]), certificate].concat());
    }),
    ("a key that vouches for itself falsely", KeyError::Attestation, |d| {
        d.format = "packed";
        d.signature = Some(der(&[1], &[1]));
    }),
    ("bytes behind the attestation object", KeyError::Unreadable, |d| d.object_tail = vec![0]),
];

const SIGNING: [Vector; 17] = [
    ("made to register", KeyError::Kind, |d| d.say("type", "webauthn.create")),
    ("a key that was copied and now is not", KeyError::Backup, |d| d.flags &= !(BE | BS)),
    ("backed up, and can't be", KeyError::Backup, |d| d.flags = (d.flags | BS) & !BE),
    ("a new credential in a signature", KeyError::Unreadable, |d| {
        d.flags |= AT;
        d.public_key = cose_ec(-7, 1, (&[5; 32], &[5; 32]));
    }),
    ("no user handle", KeyError::Owner, |d| d.user_handle = None),
    ("the user handle of another account", KeyError::Owner, |d| d.user_handle = Some(vec![2; 16])),
    ("an empty user handle", KeyError::Owner, |d| d.user_handle = Some(Vec::new())),
    ("the beginning of the user handle", KeyError::Owner, |d| d.user_handle = Some(vec![1; 15])),
    ("the id of another credential", KeyError::Owner, |d| d.id = vec![7; 32]),
    ("no signature", KeyError::Signature, |d| d.signature = Some(Vec::new())),
    // CVE-2022-21449.
    ("a signature of zeros", KeyError::Signature, |d| d.signature = Some(der(&[0], &[0]))),
    ("a signature whose r is zero", KeyError::Signature, |d| d.signature = Some(der(&[0], &[1]))),
    ("a signature whose s is zero", KeyError::Signature, |d| d.signature = Some(der(&[1], &[0]))),
    ("a signature as large as the group", KeyError::Signature, |d| {
        let order = hex("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        d.signature = Some(der(&order, &order));
    }),
    ("a signature in the form of a JWT", KeyError::Signature, |d| d.signature = Some(vec![1; 64])),
    ("the signature of another key", KeyError::Signature, |d| {
        let mut other = Authenticator::phone();
        let credential = passkey(&mut other);
        d.signature = Some(signature_of(&mut other, &credential));
    }),
    ("a signature of something else", KeyError::Signature, |d| d.signature = Some(der(&[1; 32], &[1; 32]))),
];

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

/// A true signature of another key, over another challenge.
fn signature_of(other: &mut Authenticator, credential: &Credential) -> Vec<u8> {
    let ceremony = Ceremony { challenge: Challenge::new(&Rng::system()), stage: Stage::First };
    let options = acme().request_options(&ceremony, std::slice::from_ref(credential));
    let answer = other.get(&options, ORIGIN).unwrap();
    authenticator::decode(answer["response"]["signature"].as_str().unwrap())
}

/// An ECDSA signature in DER (RFC 3279 §2.2.3): two integers, as they are.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let body = [&[2, length(r)], r, &[2, length(s)], s].concat();
    [&[0x30, length(&body)], body.as_slice()].concat()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|n| u8::from_str_radix(&text[n..n + 2], 16).unwrap()).collect()
}

/// A point of P-384 (its generator, FIPS 186-5).
const P384_X: &str = "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7";
const P384_Y: &str = "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f";
