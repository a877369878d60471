//! Answers with one thing wrong, and why each is refused.

use crate::authenticator::{
    self, AT, Authenticator, BE, BS, Draft, ED, UP, UV, byte_string, cose_ec, encode, int, map, sha256, text,
};
use crate::{ORIGIN, acme, passkey};
use base::Rng;
use identity::Credential;
use identity::webauthn::{Ceremony, Challenge, KeyError, Stage};

/// What is changed.
pub(crate) type Change = fn(&mut Draft);
/// What is wrong, in words; why it is refused; the change.
pub(crate) type Vector = (&'static str, KeyError, Change);

/// What the client data can say wrongly, in either ceremony.
pub(crate) const CLIENT_DATA: [Vector; 20] = [
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
pub(crate) const DATA: [Vector; 6] = [
    ("another relying party", KeyError::RelyingParty, |d| d.rp_id_hash = sha256(b"evil-id.acme.test")),
    ("the domain above as relying party", KeyError::RelyingParty, |d| d.rp_id_hash = sha256(b"acme.test")),
    ("nobody present", KeyError::NotPresent, |d| d.flags &= !UP),
    ("nobody verified", KeyError::NotVerified, |d| d.flags &= !UV),
    ("bytes left over", KeyError::Unreadable, |d| d.tail = vec![0]),
    ("outputs of extensions announced, and none there", KeyError::Unreadable, |d| d.flags |= ED),
];

/// What can be wrong with a new key alone.
pub(crate) const REGISTRATION: [Vector; 20] = [
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

/// What can be wrong with a signature alone.
pub(crate) const SIGNING: [Vector; 17] = [
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

/// A true signature of another key, over another challenge.
fn signature_of(other: &mut Authenticator, credential: &Credential) -> Vec<u8> {
    let ceremony = Ceremony { challenge: Challenge::new(&Rng::system()), stage: Stage::First };
    let options = acme().request_options(&ceremony, std::slice::from_ref(credential));
    let answer = other.get(&options, ORIGIN).unwrap();
    authenticator::decode(answer["response"]["signature"].as_str().unwrap())
}

/// An ECDSA signature in DER (RFC 3279 §2.2.3): two integers, as they are.
pub(crate) fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
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
