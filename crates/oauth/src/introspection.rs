//! Token introspection (RFC 7662).

use crate::access_token::VerifiedAccessToken;
use crate::authorization_details::AuthorizationDetail;
use crate::client_auth::AuthenticatedClient;
use crate::confirmation::Confirmation;
use crate::exchange::{Actor, MayAct};
use crate::jose::SigningKey;
use crate::revocation::PresentedToken;
use crate::scope::Scope;
use base::{Fault, Timestamp};
use serde::Serialize;

/// The type of a response as a JWT (RFC 9701 §5).
const TYP: &str = "token-introspection+jwt";
/// The media type of such a response, by which an API asks for it (RFC 9701 §4).
pub const MEDIA_TYPE: &str = "application/token-introspection+jwt";

/// Neither `sub` nor `exp`: it can't be taken for a token of another kind (RFC 9701 §8.1).
#[derive(Serialize)]
struct Signed<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    token_introspection: &'a IntrospectionResponse,
}

/// The introspection request (RFC 7662 §2.1).
pub type IntrospectionRequest = PresentedToken;

/// The introspection response (RFC 7662 §2.2). Inactive tells nothing else, whatever the cause.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct IntrospectionResponse {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aud: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details: Vec<AuthorizationDetail>,
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    cnf: Confirmation,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    may_act: Option<MayAct>,
}

/// A live refresh token, as introspection tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveRefreshToken {
    /// Whose app it is.
    pub client_id: String,
    /// Who is signed in.
    pub subject: String,
    /// What was granted.
    pub scope: Scope,
    /// Since when.
    pub issued_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl IntrospectionResponse {
    /// `{"active":false}`.
    pub fn inactive() -> Self {
        Self::default()
    }

    /// An access token that was verified and whose grant stands.
    pub fn access_token(token: VerifiedAccessToken, issuer: &str) -> Self {
        Self {
            active: true,
            scope: Some(token.scope).filter(|s| !s.is_empty()),
            client_id: Some(token.client_id),
            token_type: Some(token.confirmation.scheme().as_str()),
            exp: Some(token.expires_at.seconds()),
            iat: Some(token.issued_at.seconds()),
            sub: Some(token.subject),
            aud: token.audience,
            iss: Some(issuer.to_owned()),
            jti: Some(token.jti),
            auth_time: token.auth_time.map(Timestamp::seconds),
            acr: token.acr,
            authorization_details: token.authorization_details,
            cnf: token.confirmation,
            act: token.act,
            may_act: token.may_act,
        }
    }

    /// A refresh token that can still be exchanged.
    pub fn refresh_token(token: LiveRefreshToken, issuer: &str) -> Self {
        Self {
            active: true,
            scope: Some(token.scope).filter(|s| !s.is_empty()),
            client_id: Some(token.client_id),
            exp: Some(token.expires_at.seconds()),
            iat: Some(token.issued_at.seconds()),
            sub: Some(token.subject),
            iss: Some(issuer.to_owned()),
            ..Self::default()
        }
    }

    /// The response as a JWT for one API, to be kept as evidence (RFC 9701 §5).
    ///
    /// # Errors
    /// [`Fault`] when the key can't sign.
    pub fn signed(&self, key: &SigningKey, (issuer, client_id): (&str, &str), now: Timestamp) -> Result<String, Fault> {
        key.sign(TYP, &Signed { iss: issuer, aud: client_id, iat: now.seconds(), token_introspection: self })
    }

    /// Whether the token works.
    pub const fn is_active(&self) -> bool {
        self.active
    }
}

/// Whether a client may know about an access token: an API may, and a confidential client about its own. For any
/// other the answer is [`IntrospectionResponse::inactive`] (RFC 7662 §4).
pub fn may_introspect(client: &AuthenticatedClient, owner: &str) -> bool {
    client.is_confidential() && (client.client().resource_server || client.client().client_id == owner)
}

/// Whether a client may know about a refresh token: its own alone, as no API is ever sent one.
pub fn may_introspect_refresh(client: &AuthenticatedClient, owner: &str) -> bool {
    client.is_confidential() && client.client().client_id == owner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::client::tests::{confidential, public};
    use crate::client_auth::tests::authenticated;
    use base::Id;

    #[test]
    fn inactive_tells_nothing_else() {
        assert_eq!(serde_json::to_string(&IntrospectionResponse::inactive()).unwrap(), r#"{"active":false}"#);
    }

    #[test]
    fn an_active_access_token_tells_what_it_holds() {
        let token = VerifiedAccessToken {
            subject: "jane".into(),
            client_id: "app".into(),
            audience: vec!["api".into()],
            scope: "openid".parse().unwrap(),
            grant: Id::from_bytes([1; 16]),
            jti: "j".into(),
            issued_at: Timestamp::from_seconds(1),
            expires_at: Timestamp::from_seconds(301),
            auth_time: None,
            acr: None,
            authorization_details: vec![],
            confirmation: Confirmation::default(),
            act: None,
            may_act: None,
        };
        let bound = Confirmation { jkt: Some("k".into()), certificate: None };
        let bound = VerifiedAccessToken { confirmation: bound, ..token.clone() };
        let told = serde_json::to_value(IntrospectionResponse::access_token(bound, "https://id.example.com")).unwrap();
        assert_eq!((&told["token_type"], &told["cnf"]["jkt"]), (&"DPoP".into(), &"k".into()));
        let json =
            serde_json::to_string(&IntrospectionResponse::access_token(token, "https://id.example.com")).unwrap();
        assert_eq!(
            json,
            r#"{"active":true,"scope":"openid","client_id":"app","token_type":"Bearer","exp":301,"iat":1,"sub":"jane","aud":["api"],"iss":"https://id.example.com","jti":"j"}"#
        );
    }

    /// RFC 9701 §5.
    #[test]
    fn as_a_jwt_it_is_evidence_and_no_token() {
        use crate::jose::{SigningAlg, verify::decode};
        let key = SigningKey::generate(SigningAlg::ES256).unwrap();
        let now = Timestamp::from_seconds(1_514_797_892);
        let issuer = "https://as.example.com/";
        let jwt = IntrospectionResponse::inactive().signed(&key, (issuer, "https://rs.example.com"), now).unwrap();
        let part = |n: usize| -> serde_json::Value {
            serde_json::from_slice(&decode(jwt.split('.').nth(n).unwrap()).unwrap()).unwrap()
        };
        assert_eq!(part(0)["typ"], "token-introspection+jwt");
        let expected = serde_json::json!({"iss": issuer, "aud": "https://rs.example.com", "iat": 1_514_797_892, "token_introspection": {"active": false}});
        assert_eq!(part(1), expected);
    }

    #[test]
    fn only_an_api_learns_of_others_tokens() {
        let api = authenticated(Client { resource_server: true, client_id: "api".into(), ..confidential() });
        let own = authenticated(confidential());
        assert!(may_introspect(&api, "app") && may_introspect(&own, "app"));
        assert!(!may_introspect(&own, "other"));
        assert!(!may_introspect(&authenticated(public()), "app"));
        assert!(may_introspect_refresh(&own, "app") && !may_introspect_refresh(&api, "app"));
    }
}
