//! A provider on this machine, over plain http, that answers what a test has it answer.

use super::{CLIENT, NONCE, NOW};
use crate::{ClientAuth, Fields, Hidden, Kind, Plain, Provider, ResponseMode, Upstream};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::{Outbound, Settings};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A key to sign with.
pub(super) enum Private {
    Ec(EcdsaKeyPair, &'static str),
    Ed(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>, &'static str),
}

pub(super) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Private {
    pub(super) fn es256() -> Self {
        Self::ec(&ECDSA_P256_SHA256_FIXED_SIGNING, "ES256")
    }

    pub(super) fn es384() -> Self {
        Self::ec(&ECDSA_P384_SHA384_FIXED_SIGNING, "ES384")
    }

    fn ec(how: &'static EcdsaSigningAlgorithm, alg: &'static str) -> Self {
        Self::Ec(EcdsaKeyPair::generate(how).unwrap(), alg)
    }

    pub(super) fn eddsa() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    pub(super) fn rsa(alg: &'static str) -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()), alg)
    }

    pub(super) fn alg(&self) -> &'static str {
        match self {
            Self::Ec(_, alg) | Self::Rsa(_, alg) => alg,
            Self::Ed(_) => "EdDSA",
        }
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Ec(pair, alg) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let crv = if *alg == "ES256" { "P-256" } else { "P-384" };
                json!({ "kty": "EC", "crv": crv, "x": b64(x), "y": b64(y), "kid": kid, "use": "sig" })
            }
            Self::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(pair.public_key()), "kid": kid }),
            Self::Rsa(pair, alg) => {
                let n = b64(pair.public_key().modulus().big_endian_without_leading_zero());
                let e = b64(pair.public_key().exponent().big_endian_without_leading_zero());
                json!({ "kty": "RSA", "n": n, "e": e, "kid": kid, "alg": alg, "use": "sig" })
            }
        }
    }

    #[allow(clippy::disallowed_methods, reason = "the library asks for a generator to sign with")]
    pub(super) fn sign(&self, input: &[u8]) -> Vec<u8> {
        let rng = SystemRandom::new();
        match self {
            Self::Ec(pair, _) => pair.sign(&rng, input).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(input).as_ref().to_vec(),
            Self::Rsa(pair, alg) => {
                let how: &'static dyn RsaEncoding = if *alg == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut out = vec![0; pair.public_modulus_len()];
                pair.sign(how, &rng, input, &mut out).unwrap();
                out
            }
        }
    }

    /// A compact JWS.
    pub(super) fn token(&self, header: &Value, claims: &Value) -> String {
        let input = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let signature = b64(self.sign(input.as_bytes()));
        format!("{input}.{signature}")
    }
}

/// What is answered: status and body, by path.
#[derive(Default)]
struct Answers {
    by_path: HashMap<String, (u16, String)>,
    asked: Vec<String>,
    bodies: Vec<String>,
    wait: Option<Duration>,
}

/// The provider.
#[derive(Clone)]
pub(super) struct Double {
    pub(super) origin: String,
    answers: Arc<Mutex<Answers>>,
    pub(super) key: Arc<Private>,
}

impl Double {
    pub(super) async fn start() -> Self {
        Self::start_with(Private::es256()).await
    }

    pub(super) async fn start_with(key: Private) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let double = Self { origin, answers: Arc::default(), key: Arc::new(key) };
        let serving = double.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let double = serving.clone();
                tokio::spawn(async move {
                    let mut request = vec![0; 16 * 1024];
                    let read = stream.read(&mut request).await.unwrap_or(0);
                    let text = String::from_utf8_lossy(&request[..read]).into_owned();
                    let answer = double.answer(&text).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        double.answers_json("/.well-known/openid-configuration", double.document());
        double.answers_json("/jwks", json!({ "keys": [double.key.jwk("one")] }));
        double
    }

    async fn answer(&self, request: &str) -> String {
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        let (wait, (status, body)) = {
            let mut answers = self.answers.lock().unwrap();
            answers.asked.push(path.clone());
            answers.bodies.push(request.split_once("\r\n\r\n").unwrap_or_default().1.to_owned());
            (answers.wait, answers.by_path.get(&path).cloned().unwrap_or((404, "{}".to_owned())))
        };
        if let Some(wait) = wait {
            tokio::time::sleep(wait).await;
        }
        let head = "content-type: application/json\r\nconnection: close";
        format!("HTTP/1.1 {status} \r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    }

    /// Its discovery document.
    pub(super) fn document(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.origin);
        json!({
            "issuer": self.origin,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        })
    }

    pub(super) fn answers_json(&self, path: &str, body: Value) {
        self.answers_with(path, 200, body.to_string());
    }

    pub(super) fn answers_with(&self, path: &str, status: u16, body: impl Into<String>) {
        self.answers.lock().unwrap().by_path.insert(path.to_owned(), (status, body.into()));
    }

    /// Each answer comes after this time.
    pub(super) fn is_slow(&self, wait: Duration) {
        self.answers.lock().unwrap().wait = Some(wait);
    }

    /// How often a path was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.answers.lock().unwrap().asked.iter().filter(|asked| *asked == path).count()
    }

    /// The body of the last request.
    pub(super) fn last_body(&self) -> String {
        self.answers.lock().unwrap().bodies.last().cloned().unwrap_or_default()
    }

    /// An honest ID token's claims.
    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": self.origin,
            "sub": "248289761001",
            "aud": CLIENT,
            "nonce": NONCE,
            "iat": NOW.seconds(),
            "exp": NOW.seconds() + 300,
            "email": "jane@example.com",
            "email_verified": true,
            "name": "Jane Doe",
        })
    }

    /// The token endpoint answers an ID token with these claims.
    pub(super) fn issues(&self, claims: &Value) {
        let header = json!({ "alg": self.key.alg(), "kid": "one", "typ": "JWT" });
        self.issues_token(&self.key.token(&header, claims));
    }

    pub(super) fn issues_token(&self, id_token: &str) {
        let answer = json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token });
        self.answers_json("/token", answer);
    }

    fn outbound(&self) -> Outbound {
        let settings = Settings { trusted_origins: vec![self.origin.parse().unwrap()], ..Settings::default() };
        Outbound::new(settings).unwrap()
    }

    fn provider(&self, kind: Kind) -> Provider {
        Provider {
            key: "double".parse().unwrap(),
            name: "Double".to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(Hidden::new("s3cret")),
            scopes: vec!["openid".to_owned(), "email".to_owned()],
            kind,
            response_mode: ResponseMode::Query,
            sign_up: true,
            trust_email: true,
        }
    }

    /// Asked as an OpenID Connect provider.
    pub(super) fn oidc(&self) -> Upstream {
        Upstream::new(self.provider(Kind::Oidc { issuer: self.origin.clone() }), self.outbound())
    }

    /// Asked as a plain OAuth 2 provider.
    pub(super) fn plain(&self) -> Upstream {
        let at = |path: &str| format!("{}{path}", self.origin).parse().unwrap();
        let plain = Plain {
            issuer: "https://github.example".to_owned(),
            authorization_endpoint: at("/authorize"),
            token_endpoint: at("/token"),
            userinfo_endpoint: at("/user"),
            emails_endpoint: Some(at("/user/emails")),
            fields: Fields {
                subject: "id".to_owned(),
                email: Some("email".to_owned()),
                email_verified: None,
                name: Some("name".to_owned()),
            },
            client_auth: ClientAuth::Post,
        };
        Upstream::new(self.provider(Kind::Plain(Box::new(plain))), self.outbound())
    }
}
