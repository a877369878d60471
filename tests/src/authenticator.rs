//! An authenticator in software: makes keys and signs with them, honestly or as a test wants it.
//!
//! It plays the browser too: it takes the options that a page would hand to `navigator.credentials` and answers with what
//! `PublicKeyCredential.toJSON()` gives (Web Authentication Level 3, §5.1 and §6). Every part of an answer can be changed
//! before it is signed ([`Draft`]) or after.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaSubjectPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Flag: somebody was there.
pub const UP: u8 = 0b0000_0001;
/// Flag: the user was verified.
pub const UV: u8 = 0b0000_0100;
/// Flag: the key can be backed up.
pub const BE: u8 = 0b0000_1000;
/// Flag: the key is backed up.
pub const BS: u8 = 0b0001_0000;
/// Flag: a new credential follows.
pub const AT: u8 = 0b0100_0000;
/// Flag: outputs of extensions follow.
pub const ED: u8 = 0b1000_0000;

/// The AAGUID of iCloud Keychain.
pub const ICLOUD: [u8; 16] =
    [0xfb, 0xfc, 0x30, 0x07, 0x15, 0x4e, 0x4e, 0xcc, 0x8c, 0x0b, 0x6e, 0x02, 0x05, 0x57, 0xd7, 0xbd];
/// The AAGUID of a YubiKey 5.
pub const YUBIKEY: [u8; 16] =
    [0xee, 0x88, 0x28, 0x79, 0x72, 0x1c, 0x49, 0x13, 0x97, 0x75, 0x3d, 0xfc, 0xce, 0x97, 0x07, 0x2a];

/// An authenticator with its keys.
#[derive(Clone)]
pub struct Authenticator {
    /// Its model.
    pub aaguid: [u8; 16],
    /// The flags of its answers, besides those that say what follows.
    pub flags: u8,
    /// How it is reached.
    pub transports: Vec<&'static str>,
    /// Whether it counts its signatures.
    pub counts: bool,
    /// Its keys, the newest last.
    pub keys: Vec<Key>,
}

/// A key of an authenticator.
#[derive(Clone)]
pub struct Key {
    /// The credential's id.
    pub id: Vec<u8>,
    /// The relying party that it is for.
    pub rp_id: String,
    /// The account's handle; a key that can't be discovered forgets it.
    pub user_handle: Option<Vec<u8>>,
    /// How often it has signed.
    pub counter: u32,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Ec(Arc<EcdsaKeyPair>),
    Rsa(Arc<RsaKeyPair>),
}

/// An answer before it is put together.
pub struct Draft {
    /// The fields of the client data.
    pub client_data: Map<String, Value>,
    /// The client data as text, in place of the fields.
    pub client_data_text: Option<String>,
    /// The hash of the relying party's id.
    pub rp_id_hash: Vec<u8>,
    /// The flags.
    pub flags: u8,
    /// The counter.
    pub counter: u32,
    /// The model, for a new credential.
    pub aaguid: [u8; 16],
    /// The credential's id within the authenticator's data, for a new credential.
    pub attested_id: Vec<u8>,
    /// The public key (COSE, RFC 9052), for a new credential.
    pub public_key: Vec<u8>,
    /// Outputs of extensions (CBOR), or whatever follows.
    pub tail: Vec<u8>,
    /// The form of the attestation, for a new credential.
    pub format: &'static str,
    /// The attestation (CBOR), for a new credential. A `packed` one is made by signing.
    pub statement: Option<Vec<u8>>,
    /// What follows the attestation object.
    pub object_tail: Vec<u8>,
    /// `id` and `rawId` of the answer.
    pub id: Vec<u8>,
    /// The user handle of a signature.
    pub user_handle: Option<Vec<u8>>,
    /// A signature in place of the true one.
    pub signature: Option<Vec<u8>>,
}

impl Authenticator {
    /// A phone with a password manager that copies its keys: verifies its user, does not count.
    pub fn phone() -> Self {
        let transports = vec!["hybrid", "internal"];
        Self { aaguid: ICLOUD, flags: UP | UV | BE | BS, transports, counts: false, keys: Vec::new() }
    }

    /// A security key without a PIN: a touch, and a counter. Its keys never leave it.
    pub fn security_key() -> Self {
        Self { aaguid: YUBIKEY, flags: UP, transports: vec!["usb"], counts: true, keys: Vec::new() }
    }

    /// The same with a PIN.
    pub fn security_key_with_pin() -> Self {
        Self { flags: UP | UV, ..Self::security_key() }
    }

    /// Makes a key, as `navigator.credentials.create()` does, on the page of an origin.
    pub fn create(&mut self, options: &Value, origin: &str) -> Value {
        self.create_as(options, origin, |_| {})
    }

    /// The same, with an answer that was changed.
    pub fn create_as(&mut self, options: &Value, origin: &str, change: impl FnOnce(&mut Draft)) -> Value {
        let pair = Pair::Ec(Arc::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()));
        self.create_with(pair, options, (origin, change))
    }

    /// Makes an RSA key, as Windows Hello does on older machines.
    pub fn create_rsa(&mut self, options: &Value, origin: &str) -> Value {
        let pair = Pair::Rsa(Arc::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()));
        self.create_with(pair, options, (origin, |_: &mut Draft| {}))
    }

    fn create_with(&mut self, pair: Pair, options: &Value, (origin, change): (&str, impl FnOnce(&mut Draft))) -> Value {
        let handle = decode(options["user"]["id"].as_str().unwrap());
        let discoverable = options["authenticatorSelection"]["residentKey"] == "required";
        let mut id = vec![0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        let rp_id = options["rp"]["id"].as_str().unwrap().to_owned();
        let key = Key { id, rp_id, user_handle: discoverable.then_some(handle), counter: 0, pair };
        let mut draft = self.draft("webauthn.create", (options, origin), &key);
        draft.flags |= AT;
        draft.public_key = key.pair.cose();
        change(&mut draft);
        let answer = draft.creation(&key, &self.transports);
        self.keys.push(key);
        answer
    }

    /// Signs with the newest key that fits, as `navigator.credentials.get()` does, on the page of an origin. `None` when
    /// there is no such key.
    pub fn get(&mut self, options: &Value, origin: &str) -> Option<Value> {
        self.get_as(options, origin, |_| {})
    }

    /// The same, with an answer that was changed.
    pub fn get_as(&mut self, options: &Value, origin: &str, change: impl FnOnce(&mut Draft)) -> Option<Value> {
        let allowed: Vec<Vec<u8>> = options["allowCredentials"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|descriptor| decode(descriptor["id"].as_str().unwrap()))
            .collect();
        let fits = |key: &Key| {
            key.rp_id == options["rpId"].as_str().unwrap()
                && if allowed.is_empty() { key.user_handle.is_some() } else { allowed.contains(&key.id) }
        };
        let place = self.keys.iter().rposition(fits)?;
        if self.counts {
            self.keys[place].counter += 1;
        }
        let key = self.keys[place].clone();
        let mut draft = self.draft("webauthn.get", (options, origin), &key);
        draft.counter = key.counter;
        if options["userVerification"] == "discouraged" {
            // As browsers do: nobody is asked for a finger or a PIN that is not wanted.
            draft.flags &= !UV;
        }
        change(&mut draft);
        Some(draft.assertion(&key))
    }

    fn draft(&self, kind: &str, (options, origin): (&Value, &str), key: &Key) -> Draft {
        let client_data = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": origin,
            "crossOrigin": false,
        });
        Draft {
            client_data: client_data.as_object().unwrap().clone(),
            client_data_text: None,
            rp_id_hash: sha256(key.rp_id.as_bytes()),
            flags: self.flags,
            counter: 0,
            aaguid: self.aaguid,
            attested_id: key.id.clone(),
            public_key: Vec::new(),
            tail: Vec::new(),
            format: "none",
            statement: None,
            object_tail: Vec::new(),
            id: key.id.clone(),
            user_handle: key.user_handle.clone(),
            signature: None,
        }
    }
}

impl Draft {
    /// Sets a field of the client data.
    pub fn say(&mut self, field: &str, value: impl Into<Value>) {
        self.client_data.insert(field.to_owned(), value.into());
    }

    fn client_data_json(&self) -> String {
        self.client_data_text.clone().unwrap_or_else(|| serde_json::to_string(&self.client_data).unwrap())
    }

    fn authenticator_data(&self) -> Vec<u8> {
        let mut data = self.rp_id_hash.clone();
        data.push(self.flags);
        data.extend(self.counter.to_be_bytes());
        if self.flags & AT != 0 {
            data.extend(self.aaguid);
            data.extend(u16::try_from(self.attested_id.len()).unwrap().to_be_bytes());
            data.extend(&self.attested_id);
            data.extend(&self.public_key);
        }
        data.extend(&self.tail);
        data
    }

    fn creation(&self, key: &Key, transports: &[&str]) -> Value {
        let (client_data, data) = (self.client_data_json(), self.authenticator_data());
        let statement = self.statement.clone().unwrap_or_else(|| match self.format {
            "packed" => {
                let signature = self.signature.clone().unwrap_or_else(|| key.pair.sign(&signed(&data, &client_data)));
                [map(2), text("alg"), int(-7), text("sig"), byte_string(&signature)].concat()
            }
            _ => map(0),
        });
        let object = [
            map(3),
            text("fmt"),
            text(self.format),
            text("attStmt"),
            statement,
            text("authData"),
            byte_string(&data),
            self.object_tail.clone(),
        ];
        let response = json!({
            "clientDataJSON": encode(client_data.as_bytes()),
            "attestationObject": encode(&object.concat()),
            "authenticatorData": encode(&data),
            "transports": transports,
        });
        envelope(&self.id, response)
    }

    fn assertion(&self, key: &Key) -> Value {
        let (client_data, data) = (self.client_data_json(), self.authenticator_data());
        let signature = self.signature.clone().unwrap_or_else(|| key.pair.sign(&signed(&data, &client_data)));
        let response = json!({
            "clientDataJSON": encode(client_data.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(&signature),
            "userHandle": self.user_handle.as_deref().map(encode),
        });
        envelope(&self.id, response)
    }
}

impl Pair {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        #[allow(clippy::disallowed_methods, reason = "signing draws its nonce from the library's generator")]
        let rng = SystemRandom::new();
        match self {
            Self::Ec(pair) => pair.sign(&rng, message).unwrap().as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// The public key as a COSE key (RFC 9053 §7, RFC 8230 §4).
    fn cose(&self) -> Vec<u8> {
        match self {
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref();
                cose_ec(-7, 1, (&point[1..33], &point[33..65]))
            }
            Self::Rsa(pair) => {
                let public: &RsaSubjectPublicKey = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
                let numbers = [int(-1), byte_string(n), int(-2), byte_string(e)].concat();
                [map(4), int(1), int(3), int(3), int(-257), numbers].concat()
            }
        }
    }
}

/// An elliptic key as a COSE key: an algorithm, a curve, a point.
pub fn cose_ec(algorithm: i64, curve: i64, (x, y): (&[u8], &[u8])) -> Vec<u8> {
    let kind = [int(1), int(2), int(3), int(algorithm)].concat();
    let point = [int(-2), byte_string(x), int(-3), byte_string(y)].concat();
    [map(5), kind, int(-1), int(curve), point].concat()
}

/// What is signed (§6.3.3): the authenticator's data and the hash of the client data.
fn signed(data: &[u8], client_data: &str) -> Vec<u8> {
    [data, &sha256(client_data.as_bytes())].concat()
}

fn envelope(id: &[u8], response: Value) -> Value {
    json!({
        "id": encode(id),
        "rawId": encode(id),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": response,
    })
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

/// Base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// And back.
pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// The head of a CBOR item (RFC 8949 §3): its major type and its argument.
fn head(major: u8, argument: u64) -> Vec<u8> {
    let major = major << 5;
    match argument {
        0..=23 => vec![major | u8::try_from(argument).unwrap()],
        24..=0xff => vec![major | 24, u8::try_from(argument).unwrap()],
        0x100..=0xffff => [&[major | 25][..], &u16::try_from(argument).unwrap().to_be_bytes()].concat(),
        _ => [&[major | 26][..], &u32::try_from(argument).unwrap().to_be_bytes()].concat(),
    }
}

/// The head of a CBOR map of so many pairs.
pub fn map(pairs: u64) -> Vec<u8> {
    head(5, pairs)
}

/// A CBOR integer.
pub fn int(number: i64) -> Vec<u8> {
    if number < 0 { head(1, number.unsigned_abs() - 1) } else { head(0, number.unsigned_abs()) }
}

/// A CBOR text string.
pub fn text(text: &str) -> Vec<u8> {
    [head(3, u64::try_from(text.len()).unwrap()), text.as_bytes().to_vec()].concat()
}

/// A CBOR byte string.
pub fn byte_string(bytes: &[u8]) -> Vec<u8> {
    [head(2, u64::try_from(bytes.len()).unwrap()), bytes.to_vec()].concat()
}
