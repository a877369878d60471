//! The keys of an issuer: one that signs for each algorithm, and all that are published.

use super::SigningAlg;
use super::jwk::VerifyingKey;
use super::signing_key::SigningKey;
use serde_json::{Value, json};
use std::sync::Arc;

/// A set of keys. A rotation goes: publish the new key, let it sign once everybody has seen it, withdraw the old
/// one when its last token has expired.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    published: Vec<VerifyingKey>,
    signing: Vec<Arc<SigningKey>>,
}

impl KeySet {
    /// A set without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Publishes a key that does not sign: one that is yet to come, or has retired.
    pub fn publish(&mut self, key: VerifyingKey) {
        if self.find(key.kid()).is_none() {
            self.published.push(key);
        }
    }

    /// Publishes a key and lets it sign from now on, in the place of any other with its algorithm.
    pub fn sign_with(&mut self, key: Arc<SigningKey>) {
        self.publish(key.public().clone());
        self.signing.retain(|other| other.alg() != key.alg());
        self.signing.push(key);
    }

    /// The key that signs with an algorithm.
    pub fn signer(&self, alg: SigningAlg) -> Option<&Arc<SigningKey>> {
        self.signing.iter().find(|key| key.alg() == alg)
    }

    /// The algorithms that something signs with, in the order of [`SigningAlg::ALL`].
    pub fn algs(&self) -> Vec<SigningAlg> {
        SigningAlg::ALL.into_iter().filter(|alg| self.signer(*alg).is_some()).collect()
    }

    /// The published key with an id.
    pub fn find(&self, kid: &str) -> Option<&VerifyingKey> {
        self.published.iter().find(|key| key.kid() == kid)
    }

    /// The public keys as a JWK set (RFC 7517 §5).
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.published.iter().map(|key| key.jwk().to_json(key.kid())).collect::<Vec<_>>() })
    }
}
