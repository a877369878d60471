//! JWTs: signed, verified, and remembered where CACHE is set.

use crate::house::now;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

enum Key {
    Es(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rs(RsaKeyPair),
}

/// A key with the headers of what it signs.
pub(crate) struct Signer {
    key: Key,
    verifies: ParsedPublicKey,
    access_token: String,
    id_token: String,
    rng: SystemRandom,
}

/// What a JWT is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    AccessToken,
    IdToken,
}

impl Signer {
    pub(crate) fn new(alg: &str) -> Self {
        let key = match alg {
            "EdDSA" => Key::Ed(Ed25519KeyPair::generate().unwrap()),
            "RS256" => Key::Rs(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            _ => Key::Es(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()),
        };
        let verifies = match &key {
            Key::Es(key) => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key()),
            Key::Ed(key) => ParsedPublicKey::new(&ED25519, key.public_key()),
            Key::Rs(key) => ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key()),
        };
        let header = |typ: &str| B64.encode(format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":"k1"}}"#));
        let (access_token, id_token) = (header("at+jwt"), header("JWT"));
        Self { key, verifies: verifies.unwrap(), access_token, id_token, rng: SystemRandom::new() }
    }

    pub(crate) fn sign(&self, kind: Kind, claims: &impl Serialize) -> String {
        let header = match kind {
            Kind::AccessToken => &self.access_token,
            Kind::IdToken => &self.id_token,
        };
        let claims = serde_json::to_vec(claims).unwrap();
        let mut out = String::with_capacity(header.len() + claims.len() * 4 / 3 + 360);
        out.push_str(header);
        out.push('.');
        B64.encode_string(&claims, &mut out);
        let mut long = [0; 256];
        let short;
        let signature: &[u8] = match &self.key {
            Key::Es(key) => {
                short = key.sign(&self.rng, out.as_bytes()).unwrap();
                short.as_ref()
            }
            Key::Ed(key) => {
                short = key.sign(out.as_bytes());
                short.as_ref()
            }
            Key::Rs(key) => {
                key.sign(&RSA_PKCS1_SHA256, &self.rng, out.as_bytes(), &mut long).unwrap();
                &long
            }
        };
        let signature = B64.encode(signature);
        out.push('.');
        out.push_str(&signature);
        out
    }

    /// The claims of a token of ours.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        if !*REMEMBERS {
            return self.verify_anew(token);
        }
        let name: [u8; 32] = Sha256::digest(token).into();
        if let Some(claims) = VERIFIED.lock().unwrap().get(&name)
            && claims["exp"].as_u64().unwrap_or(0) > now()
        {
            return Some(claims.clone());
        }
        let claims = self.verify_anew(token)?;
        VERIFIED.lock().unwrap().insert(name, claims.clone());
        Some(claims)
    }

    fn verify_anew(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        self.verifies.verify_sig(signed.as_bytes(), &B64.decode(signature).ok()?).ok()?;
        serde_json::from_slice(&B64.decode(signed.split_once('.')?.1).ok()?).ok()
    }
}

static REMEMBERS: LazyLock<bool> = LazyLock::new(|| std::env::var("CACHE").is_ok());
static VERIFIED: LazyLock<Mutex<HashMap<[u8; 32], Value>>> = LazyLock::new(Mutex::default);

/// Forgets which tokens were verified.
pub(crate) fn forget() {
    VERIFIED.lock().unwrap().clear();
}
