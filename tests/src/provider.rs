//! Another provider for people to sign in by: OpenID Connect over TLS with an authority of its own, and a plain OAuth 2
//! one beside it. It checks what a provider should, and lies when a story tells it to.
#![allow(clippy::missing_panics_doc, reason = "a double fails its test by panicking")]

#[path = "provider/http.rs"]
mod http;
#[path = "provider/lies.rs"]
mod lies;

pub use lies::Lie;

use crate::house::Plan;
use base::Clock;

use oauth::jose::{SigningAlg, SigningKey};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};
use upstream::{ClientAuth, Fields, Hidden, Kind, Plain, ResponseMode};

/// What we are called there.
const CLIENT: &str = "watchbell-at-double";
/// The secret that we have there.
pub const SECRET: &str = "upstream-canary-s3cret";

/// The provider. Clones are the same one.
#[derive(Clone)]
pub struct Provider {
    shared: Arc<Shared>,
}

struct Shared {
    key: String,
    port: u16,
    ca_pem: String,
    clock: Clock,
    signer: SigningKey,
    stranger: SigningKey,
    state: Mutex<State>,
}

/// Who is signed in there, and what it does wrong.
struct State {
    person: Map<String, Value>,
    codes: HashMap<String, Code>,
    lies: Vec<Lie>,
    asked: Vec<String>,
    sends_iss: bool,
    count: usize,
}

/// A code, and the request that it answers.
#[derive(Clone)]
struct Code {
    request: HashMap<String, String>,
    person: Map<String, Value>,
}

impl Provider {
    /// A provider of that key at `https://KEY.test`, where Jane is signed in with a verified address.
    pub async fn start(key: &str, clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, ca_pem) = certificate(&format!("{key}.test"));
        let person = json!({
            "sub": "248289761001", "email": "jane@example.com", "email_verified": true, "name": "Jane Doe",
        });
        let state = State {
            person: person.as_object().unwrap().clone(),
            codes: HashMap::new(),
            lies: Vec::new(),
            asked: Vec::new(),
            sends_iss: false,
            count: 0,
        };
        let provider = Self {
            shared: Arc::new(Shared {
                key: key.to_owned(),
                port,
                ca_pem,
                clock: clock.clone(),
                signer: SigningKey::generate(SigningAlg::ES256).unwrap(),
                stranger: SigningKey::generate(SigningAlg::ES256).unwrap(),
                state: Mutex::new(state),
            }),
        };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (provider, acceptor) = (serving.clone(), acceptor.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        http::serve(provider, stream).await;
                    }
                });
            }
        });
        provider
    }

    /// Its issuer.
    pub fn issuer(&self) -> String {
        format!("https://{}.test", self.shared.key)
    }

    /// Its key in the configuration.
    pub fn key(&self) -> &str {
        &self.shared.key
    }

    /// Has a house know this provider, by OpenID Connect.
    pub fn join(&self, plan: &mut Plan, describe: impl FnOnce(&mut upstream::Provider)) {
        let mut described = self.described(Kind::Oidc { issuer: self.issuer() });
        describe(&mut described);
        self.connect(plan);
        plan.settings.upstreams.push(described);
    }

    /// Has a house know this provider as a plain OAuth 2 one with a list of addresses, as GitHub is.
    pub fn join_plain(&self, plan: &mut Plan, describe: impl FnOnce(&mut upstream::Provider)) {
        let at = |path: &str| format!("{}{path}", self.issuer()).parse().unwrap();
        let kind = Kind::Plain(Box::new(Plain {
            issuer: self.issuer(),
            authorization_endpoint: at("/authorize"),
            token_endpoint: at("/token"),
            userinfo_endpoint: at("/user"),
            emails_endpoint: Some(at("/user/emails")),
            fields: Fields {
                subject: "id".to_owned(),
                email: None,
                email_verified: None,
                name: Some("name".to_owned()),
            },
            client_auth: ClientAuth::Post,
        }));
        let mut described = self.described(kind);
        describe(&mut described);
        self.connect(plan);
        plan.settings.upstreams.push(described);
    }

    fn connect(&self, plan: &mut Plan) {
        let order = format!("{}.test:443=127.0.0.1:{}", self.shared.key, self.shared.port);
        plan.outbound.connect_to.push(order.parse().unwrap());
        plan.outbound.extra_ca_pem.push(self.shared.ca_pem.clone());
        plan.outbound.timeout = Duration::from_secs(2);
    }

    fn described(&self, kind: Kind) -> upstream::Provider {
        let (first, rest) = self.shared.key.split_at(1);
        upstream::Provider {
            key: self.shared.key.parse().unwrap(),
            name: format!("{}{rest}", first.to_uppercase()),
            client_id: CLIENT.to_owned(),
            client_secret: Some(Hidden::new(SECRET)),
            scopes: vec!["openid".to_owned(), "email".to_owned(), "profile".to_owned()],
            kind,
            response_mode: ResponseMode::Query,
            sign_up: true,
            trust_email: true,
        }
    }

    /// Signs somebody else in there, or says something else of them; `null` says nothing.
    pub fn says(&self, changes: Value) {
        let mut state = self.state();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => state.person.remove(name),
                value => state.person.insert(name.clone(), value.clone()),
            };
        }
    }

    /// Names itself in each answer, and says in its document that it does (RFC 9207).
    pub fn sends_issuer(&self) {
        self.state().sends_iss = true;
    }

    /// Lies from now on.
    pub fn lies(&self, lie: Lie) {
        self.state().lies = vec![lie];
    }

    /// Is honest again.
    pub fn is_honest(&self) {
        self.state().lies.clear();
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.state().asked.iter().filter(|asked| *asked == path).count()
    }

    /// The person arrives at the authorization endpoint and agrees: where the browser is sent back to.
    #[track_caller]
    pub fn agree(&self, url: &str) -> String {
        let request = self.request(url);
        let code = self.mint(&request);
        let state = request["state"].clone();
        self.back(&request["redirect_uri"], &[("code", &code), ("state", &state)])
    }

    /// The same, for a provider that answers by a form: where the form is posted to, and its fields.
    #[track_caller]
    pub fn agree_by_form(&self, url: &str) -> (String, Vec<(String, String)>) {
        let request = self.request(url);
        assert_eq!(request.get("response_mode").map(String::as_str), Some("form_post"));
        let code = self.mint(&request);
        let state = request["state"].clone();
        let fields = [("code", code), ("state", state), ("user", "{}".to_owned()), ("id_token", "x.y.z".to_owned())];
        (request["redirect_uri"].clone(), fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }

    /// The person says no, or something goes wrong there.
    #[track_caller]
    pub fn refuse(&self, url: &str, error: &str) -> String {
        let request = self.request(url);
        let state = request["state"].clone();
        self.back(&request["redirect_uri"], &[("error", error), ("state", &state)])
    }

    #[track_caller]
    fn request(&self, url: &str) -> HashMap<String, String> {
        assert!(url.starts_with(&format!("{}/authorize?", self.issuer())), "not this provider's page: {url}");
        let request: HashMap<_, _> = url::Url::parse(url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(request["client_id"], CLIENT);
        assert_eq!(request["response_type"], "code");
        assert_eq!(request["code_challenge_method"], "S256");
        let redirect = format!("{}/login/upstream/{}/callback", crate::house::ORIGIN, self.shared.key);
        assert_eq!(request["redirect_uri"], redirect);
        request
    }

    fn mint(&self, request: &HashMap<String, String>) -> String {
        let mut state = self.state();
        state.count += 1;
        let code = format!("code-{}", state.count);
        let person = state.person.clone();
        state.codes.insert(code.clone(), Code { request: request.clone(), person });
        code
    }

    fn back(&self, redirect_uri: &str, said: &[(&str, &str)]) -> String {
        let mut url = url::Url::parse(redirect_uri).unwrap();
        url.query_pairs_mut().extend_pairs(said);
        if self.state().sends_iss {
            url.query_pairs_mut().append_pair("iss", &self.issuer());
        }
        url.into()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
    }
}

pub(crate) fn certificate(name: &str) -> (TlsAcceptor, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}
