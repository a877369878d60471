//! What a provider can do wrong.

use super::{CLIENT, Code, Provider, SECRET};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// One thing that is wrong with a provider.
#[derive(Debug, Clone)]
pub enum Lie {
    /// A claim of the ID token is this; `null` takes it away.
    Claim(&'static str, Value),
    /// The ID token is signed with a key that it does not publish.
    StrangerSigns,
    /// The ID token is not signed (`alg` none).
    Unsigned,
    /// The ID token is signed with our secret (HS256).
    SharedSecretSigns,
    /// There is no ID token.
    NoIdToken,
    /// The UserInfo endpoint speaks of somebody else.
    OtherPersonAtUserinfo,
    /// The document names this as the endpoint.
    Endpoint(&'static str, String),
    /// The path is answered with this status.
    Status(&'static str, u16),
    /// The path is answered with a redirect.
    Redirect(&'static str, String),
    /// The path is answered with a body without end.
    Flood(&'static str),
    /// The path is never answered.
    Silence(&'static str),
}

impl Provider {
    fn lie<T>(&self, find: impl Fn(&Lie) -> Option<T>) -> Option<T> {
        self.state().lies.iter().find_map(find)
    }

    /// The discovery document.
    pub(super) fn document(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer());
        let mut document = json!({
            "issuer": self.issuer(),
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": self.state().sends_iss,
        });
        let changed = |lie: &Lie| match lie {
            Lie::Endpoint(name, url) => Some((*name, url.clone())),
            _ => None,
        };
        if let Some((name, url)) = self.lie(changed) {
            document[name] = json!(url);
        }
        document
    }

    /// The keys.
    pub(super) fn keys(&self) -> Value {
        let signer = &self.shared.signer;
        json!({ "keys": [signer.public().jwk().to_json(signer.kid())] })
    }

    /// The ID token of a code.
    pub(super) fn id_token(&self, code: &Code) -> Option<String> {
        let now = self.shared.clock.now().seconds();
        let mut claims = code.person.clone();
        claims.extend(Map::from_iter([
            ("iss".to_owned(), json!(self.issuer())),
            ("aud".to_owned(), json!(CLIENT)),
            ("nonce".to_owned(), json!(code.request.get("nonce"))),
            ("iat".to_owned(), json!(now)),
            ("exp".to_owned(), json!(now + 300)),
        ]));
        let claim = |lie: &Lie| match lie {
            Lie::Claim(name, value) => Some((*name, value.clone())),
            _ => None,
        };
        if let Some((name, value)) = self.lie(claim) {
            match value {
                Value::Null => claims.remove(name),
                value => claims.insert(name.to_owned(), value),
            };
        }
        let kid = self.shared.signer.kid();
        let text = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let body = || text(&Value::Object(claims.clone()));
        let how = self.lie(|lie| match lie {
            Lie::StrangerSigns | Lie::Unsigned | Lie::SharedSecretSigns | Lie::NoIdToken => Some(lie.clone()),
            _ => None,
        });
        Some(match how {
            Some(Lie::NoIdToken) => return None,
            Some(Lie::Unsigned) => format!("{}.{}.", text(&json!({ "alg": "none", "kid": kid })), body()),
            Some(Lie::SharedSecretSigns) => {
                let input = format!("{}.{}", text(&json!({ "alg": "HS256", "kid": kid })), body());
                let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
                let signature = aws_lc_rs::hmac::sign(&key, input.as_bytes());
                format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
            }
            Some(Lie::StrangerSigns) => {
                let input = format!("{}.{}", text(&json!({ "alg": "ES256", "kid": kid })), body());
                let signature = self.shared.stranger.signature(input.as_bytes()).unwrap();
                format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
            }
            _ => self.shared.signer.sign("JWT", &claims).unwrap(),
        })
    }

    /// What the UserInfo endpoint says.
    pub(super) fn userinfo(&self, person: &Map<String, Value>) -> Value {
        let mut info = person.clone();
        if self.lie(|lie| matches!(lie, Lie::OtherPersonAtUserinfo).then_some(())).is_some() {
            info.insert("sub".to_owned(), json!("somebody-else"));
        }
        Value::Object(info)
    }

    /// What is wrong with the answer to a path as a whole.
    pub(super) fn wrong_with(&self, path: &str) -> Option<Lie> {
        self.lie(|lie| match lie {
            Lie::Status(at, _) | Lie::Redirect(at, _) | Lie::Flood(at) | Lie::Silence(at) if *at == path => {
                Some(lie.clone())
            }
            _ => None,
        })
    }
}
