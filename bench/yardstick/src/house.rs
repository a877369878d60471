//! What the server knows: two clients, people, its keys, and what is under way.

use crate::hashing::{self, Hash, Hashers};
use crate::setting;
use crate::signing::{self, Signer};
use crate::storage::Writer;
use actix_web::web::Bytes;
use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const SECRET: &str = "benchsecretbenchsecretbenchsecretbenchsecretbenchsecret123456789";
const PASSWORD: &[u8] = b"Correct-Horse-Battery-1!";
const PEOPLE: u32 = 2_000;

/// Everything.
pub(crate) struct House {
    pub(crate) issuer: String,
    pub(crate) discovery: Bytes,
    pub(crate) jwks: Bytes,
    /// SHA-256 of the clients' secrets.
    pub(crate) clients: HashMap<&'static str, [u8; 32]>,
    pub(crate) people: HashMap<String, Hash>,
    pub(crate) writer: Writer,
    pub(crate) hashers: Hashers,
    pub(crate) codes: Mutex<HashMap<String, Code>>,
    /// Who is signed in, by their cookies.
    pub(crate) sessions: Mutex<HashMap<String, String>>,
    /// Seals what a browser carries from the page to the form.
    pub(crate) seal: LessSafeKey,
    signer: Signer,
    /// Made when it is asked for: that takes as long as the start does.
    rs256: LazyLock<Signer>,
}

/// What a code stands for.
pub(crate) struct Code {
    pub(crate) challenge: String,
    pub(crate) user: String,
    pub(crate) nonce: Option<String>,
    pub(crate) made: Instant,
}

static HOUSE: OnceLock<House> = OnceLock::new();

/// The one there is.
pub(crate) fn house() -> &'static House {
    HOUSE.get().unwrap()
}

impl House {
    /// Builds it.
    pub(crate) fn build(address: &str) {
        let issuer = format!("http://{address}");
        let hash = hashing::reference(PASSWORD);
        let secret: [u8; 32] = Sha256::digest(SECRET).into();
        let house = Self {
            discovery: discovery(&issuer).to_string().into(),
            jwks: jwks().to_string().into(),
            issuer,
            clients: HashMap::from([("bench", secret), ("bench-rs256", secret)]),
            people: (0..PEOPLE).map(|n| (format!("user{n}@bench.test"), hash)).collect(),
            writer: Writer::start(),
            hashers: Hashers::start(),
            codes: Mutex::default(),
            sessions: Mutex::default(),
            seal: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap()),
            signer: Signer::new(&setting("ALG", "ES256")),
            rs256: LazyLock::new(|| Signer::new("RS256")),
        };
        let _ = HOUSE.set(house);
    }

    /// Whoever signs the tokens of a client.
    pub(crate) fn signer(&self, client: &str) -> &Signer {
        if client == "bench-rs256" { &self.rs256 } else { &self.signer }
    }

    /// Forgets what nobody comes back for: codes live for a minute.
    pub(crate) fn tidy(&self) {
        self.codes.lock().unwrap().retain(|_, code| code.made.elapsed() < Duration::from_secs(60));
        signing::forget();
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// So many random bytes, at most 32.
pub(crate) fn random(bytes: usize) -> String {
    let mut buffer = [0; 32];
    getrandom::fill(&mut buffer[..bytes]).unwrap();
    B64.encode(&buffer[..bytes])
}

/// SHA-256.
pub(crate) fn digest(text: &str) -> String {
    B64.encode(Sha256::digest(text))
}

fn discovery(issuer: &str) -> serde_json::Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "response_types_supported": ["code", "id_token", "code id_token"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "email", "email_verified", "name",
            "given_name", "family_name", "picture", "locale"],
        "code_challenge_methods_supported": ["S256"],
        // As long as what a product says of itself.
        "padding": "x".repeat(700),
    })
}

fn jwks() -> serde_json::Value {
    json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "kid": "k1", "alg": "ES256", "use": "sig", "x": "x".repeat(43), "y": "y".repeat(43) },
        { "kty": "RSA", "kid": "k2", "alg": "RS256", "use": "sig", "e": "AQAB", "n": "n".repeat(342) },
    ] })
}
