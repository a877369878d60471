//! A registered client: an app that people sign in to.

mod auth_method;
mod backchannel;
mod exchange_rules;
mod grant_type;
mod keys;
mod login_rules;
mod logout;
mod profile;
mod proof;
mod registration;
mod requests;
mod subject;
mod tokens;
mod validate;

pub use auth_method::ClientAuthMethod;
pub use backchannel::{BackchannelRules, DeliveryMode, UnknownDeliveryMode};
pub use exchange_rules::ExchangeRules;
pub use grant_type::{GrantType, UnknownGrantType};
pub use keys::ClientKeys;
pub use login_rules::LoginRules;
pub use logout::LogoutRules;
pub use profile::Profile;
pub use proof::{ProofRules, SealedSecret};
pub use registration::{ApplicationType, RegisteredBy, Registration};
pub use requests::{RequestRules, without_fragment};
pub use subject::SubjectRules;
pub use tokens::{AccessTokenForm, TokenRules, recipient};
pub use validate::InvalidClient;

use crate::jose::SigningAlg;
use crate::redirect_uri::RedirectUri;
use crate::scope::Scope;
use crate::seconds;
use base::{Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// The longest life of a code (RFC 9700 and FAPI 2.0 want a minute or less).
pub const MAX_CODE_LIFETIME: Duration = Duration::from_secs(60);

/// A client, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Row id.
    pub id: Id,
    /// The public identifier (RFC 6749 §2.2).
    pub client_id: String,
    /// The name that people read.
    pub name: String,
    /// How it proves itself.
    pub auth_method: ClientAuthMethod,
    /// Hash of its secret; `None` for a client that has none.
    pub secret_hash: Option<SecretHash>,
    /// What its proofs have to be.
    #[serde(default)]
    pub proof: ProofRules,
    /// Its public keys.
    #[serde(default)]
    pub keys: ClientKeys,
    /// Where codes may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// All that it may ask for.
    pub scope: Scope,
    /// Whether it belongs to the operator, so that people are not asked for consent.
    pub first_party: bool,
    /// Whether what it can do is risky enough for its access to wait for a yes in another browser of the person.
    #[serde(default)]
    pub high_risk: bool,
    /// Whether it must use PKCE. Only a confidential client may be spared.
    pub require_pkce: bool,
    /// Whether its ID tokens carry the claims that its scopes open, which otherwise stand at userinfo alone
    /// (OpenID Connect Core §5.4).
    #[serde(default)]
    pub claims_in_id_token: bool,
    /// How its ID tokens are signed.
    pub id_token_alg: SigningAlg,
    /// Life of a code, in seconds.
    #[serde(with = "seconds")]
    pub code_lifetime: Duration,
    /// Life of an access token, in seconds.
    #[serde(with = "seconds")]
    pub access_token_lifetime: Duration,
    /// Life of a refresh token, in seconds.
    #[serde(with = "seconds")]
    pub refresh_token_lifetime: Duration,
    /// What its tokens are like.
    #[serde(default)]
    pub tokens: TokenRules,
    /// Its home page.
    pub home_url: Option<String>,
    /// Its logo.
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// What a sign-in to it takes.
    #[serde(default)]
    pub login: LoginRules,
    /// The set of rules that it is held to.
    #[serde(default)]
    pub profile: Profile,
    /// What its authorization requests may ask for.
    #[serde(default)]
    pub requests: RequestRules,
    /// Who a person is to it.
    #[serde(default)]
    pub subject: SubjectRules,
    /// The grants that it uses; `None` for those that its kind of client usually does.
    #[serde(default)]
    pub grant_types: Option<BTreeSet<GrantType>>,
    /// Whose tokens it may exchange, and who its own.
    #[serde(default)]
    pub exchange: ExchangeRules,
    /// How it hears that somebody signed out.
    #[serde(default)]
    pub logout: LogoutRules,
    /// How it asks people who are elsewhere.
    #[serde(default)]
    pub backchannel: BackchannelRules,
    /// How it came here without an operator; `None` for one that an operator wrote down.
    #[serde(default)]
    pub registration: Option<Registration>,
    /// Whether it is an API that may introspect others' tokens (RFC 7662 §2.1).
    pub resource_server: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
}

impl Client {
    /// A client with the product's defaults: PKCE required, ES256, a minute for codes, five for access tokens,
    /// thirty days for refresh tokens, scope `openid profile email offline_access`.
    pub fn new(
        id: Id,
        client_id: impl Into<String>,
        name: impl Into<String>,
        auth_method: ClientAuthMethod,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            client_id: client_id.into(),
            name: name.into(),
            auth_method,
            secret_hash: None,
            proof: ProofRules::default(),
            keys: ClientKeys::default(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            scope: default_scope(),
            first_party: false,
            high_risk: false,
            require_pkce: true,
            claims_in_id_token: false,
            id_token_alg: SigningAlg::ES256,
            code_lifetime: MAX_CODE_LIFETIME,
            access_token_lifetime: Duration::from_secs(300),
            refresh_token_lifetime: Duration::from_secs(30 * 24 * 3600),
            tokens: TokenRules::default(),
            home_url: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            login: LoginRules::default(),
            profile: Profile::default(),
            requests: RequestRules::default(),
            subject: SubjectRules::default(),
            grant_types: None,
            exchange: ExchangeRules::default(),
            logout: LogoutRules::default(),
            backchannel: BackchannelRules::default(),
            registration: None,
            resource_server: false,
            created_at,
            disabled_at: None,
        }
    }

    /// Whether it may use a grant.
    pub fn may_use(&self, grant: GrantType) -> bool {
        match &self.grant_types {
            Some(types) => types.contains(&grant),
            None => match grant {
                GrantType::AuthorizationCode | GrantType::RefreshToken => true,
                GrantType::ClientCredentials => self.auth_method.is_confidential(),
                // A code that anybody can be talked into typing, notices in people's browsers, tokens of others: only for
                // whom it is registered.
                GrantType::DeviceCode | GrantType::Ciba | GrantType::TokenExchange => false,
            },
        }
    }

    /// Whether it is held to FAPI 2.0.
    pub fn is_fapi(&self) -> bool {
        self.profile == Profile::Fapi2
    }

    /// Whether all its tokens are bound to a key or a certificate (RFC 9449 §5.2, RFC 8705 §3.4, FAPI 2.0 Security Profile
    /// §5.3.2.1).
    pub fn is_sender_bound(&self) -> bool {
        self.proof.dpop_bound || self.proof.certificate_bound || self.is_fapi()
    }

    /// Whether its authorization requests have to be pushed.
    pub fn must_push(&self) -> bool {
        self.requests.require_pushed || self.is_fapi()
    }

    /// Whether it has to use PKCE. Only a confidential client may be spared.
    pub fn must_use_pkce(&self) -> bool {
        self.require_pkce || self.is_fapi() || !self.auth_method.is_confidential()
    }

    /// How introspection is signed for it (RFC 9701 §6: RS256 unless it says otherwise; FAPI 2.0 does not allow that).
    pub fn introspection_alg(&self) -> SigningAlg {
        let usual = if self.is_fapi() { SigningAlg::ES256 } else { SigningAlg::RS256 };
        self.tokens.introspection_signed_response_alg.unwrap_or(usual)
    }

    /// Whether it is in use.
    pub const fn is_enabled(&self) -> bool {
        self.disabled_at.is_none()
    }
}

fn default_scope() -> Scope {
    use crate::scope::{EMAIL, OFFLINE_ACCESS, OPENID, PROFILE};
    [OPENID, PROFILE, EMAIL, OFFLINE_ACCESS].join(" ").parse().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A public client of the demo's kind, for tests all over the crate.
    pub(crate) fn public() -> Client {
        let mut client = Client::new(
            Id::from_bytes([7; 16]),
            "app",
            "The App",
            ClientAuthMethod::None,
            Timestamp::from_seconds(1_790_000_000),
        );
        client.redirect_uris = vec!["https://app.example.com/cb".parse().unwrap()];
        client
    }

    /// The same with a secret, `hush`.
    pub(crate) fn confidential() -> Client {
        Client { auth_method: ClientAuthMethod::SecretBasic, secret_hash: Some(SecretHash::of(b"hush")), ..public() }
    }

    fn fault(change: impl FnOnce(&mut Client)) -> &'static str {
        let mut client = public();
        change(&mut client);
        client.validate().unwrap_err().field
    }

    #[test]
    fn a_client_with_defaults_is_valid_and_comes_back_from_json() {
        for client in [public(), confidential()] {
            assert_eq!(client.validate(), Ok(()));
            let json = serde_json::to_string(&client).unwrap();
            assert_eq!(serde_json::from_str::<Client>(&json).unwrap(), client);
        }
    }

    #[test]
    fn each_bad_field_is_named() {
        assert_eq!(fault(|c| c.client_id = String::new()), "client_id");
        assert_eq!(fault(|c| c.client_id = "a b".into()), "client_id");
        assert_eq!(fault(|c| c.name = " ".into()), "name");
        assert_eq!(fault(|c| c.name = "a\nb".into()), "name");
        assert_eq!(fault(|c| c.name = "Acme\u{202e}eciffO".into()), "name");
        assert_eq!(fault(|c| c.secret_hash = Some(SecretHash::of(b"x"))), "auth_method");
        assert_eq!(fault(|c| c.auth_method = ClientAuthMethod::SecretPost), "auth_method");
        assert_eq!(fault(|c| c.require_pkce = false), "require_pkce");
        assert_eq!(fault(|c| c.resource_server = true), "resource_server");
        assert_eq!(fault(|c| c.redirect_uris.clear()), "redirect_uris");
        assert_eq!(fault(|c| c.code_lifetime = Duration::from_secs(61)), "code_lifetime");
        assert_eq!(fault(|c| c.code_lifetime = Duration::ZERO), "code_lifetime");
        assert_eq!(fault(|c| c.access_token_lifetime = Duration::ZERO), "access_token_lifetime");
        assert_eq!(fault(|c| c.refresh_token_lifetime = Duration::MAX), "refresh_token_lifetime");
        assert_eq!(fault(|c| c.tokens.id_token_lifetime = Duration::ZERO), "id_token_lifetime");
        assert_eq!(fault(|c| c.tokens.id_token_lifetime = Duration::from_secs(86_401)), "id_token_lifetime");
        assert_eq!(fault(|c| c.requests.require_signed = true), "require_signed");
        assert_eq!(fault(|c| c.requests.resources = vec!["/api".into()]), "resources");
        assert_eq!(fault(|c| c.requests.detail_types = vec!["a b".into()]), "authorization_details_types");
        assert_eq!(fault(|c| c.requests.object_alg = Some(crate::jose::JwsAlg::HS256)), "object_alg");
        assert_eq!(fault(|c| c.grant_types = Some([GrantType::ClientCredentials].into())), "grant_types");
        assert_eq!(fault(|c| c.profile = Profile::Fapi2), "auth_method");
        assert_eq!(fault(|c| c.logo_uri = Some("javascript:alert(1)".into())), "logo_uri");
        assert_eq!(fault(|c| c.home_url = Some("http://app.example.com".into())), "home_url");
        assert_eq!(fault(|c| c.tos_uri = Some("https://a@b.example".into())), "tos_uri");
        assert_eq!(fault(|c| c.policy_uri = Some("data:text/html,x".into())), "policy_uri");
    }

    #[test]
    fn a_scheme_of_its_own_is_for_public_clients() {
        let own: RedirectUri = "com.example.app:/cb".parse().unwrap();
        let mut client = public();
        client.redirect_uris.push(own.clone());
        assert_eq!(client.validate(), Ok(()));
        let mut client = confidential();
        client.redirect_uris.push(own);
        assert_eq!(client.validate().unwrap_err().field, "redirect_uris");
    }

    #[test]
    fn only_a_confidential_client_can_be_spared_pkce() {
        let mut client = confidential();
        client.require_pkce = false;
        assert_eq!(client.validate(), Ok(()));
    }

    #[test]
    fn a_stored_client_with_a_redirect_uri_that_could_not_be_registered_is_not_read() {
        let json = serde_json::to_string(&public()).unwrap().replace("https://app", "javascript://app");
        assert!(serde_json::from_str::<Client>(&json).is_err());
    }
}
