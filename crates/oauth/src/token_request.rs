//! The token request (RFC 6749 §4.1.3, §4.4.2, §6; RFC 8628 §3.4): one variant for each grant.

use crate::authorization_details::{self, AuthorizationDetail};
use crate::client::{Client, DeliveryMode, GrantType};
use crate::client_auth::AuthenticatedClient;
use crate::code::CodeText;
use crate::error::{ErrorCode, OAuthError};
use crate::exchange::TokenExchangeRequest;
use crate::grant_terms::GrantTerms;
use crate::params::Params;
use crate::refresh::RefreshText;
use crate::resource;
use crate::scope::Scope;
use base::{Secret, SecretKind};
use zeroize::Zeroizing;

/// The longest secret that is looked at, in bytes.
const MAX_SECRET: usize = 256;
/// The longest `code_verifier` that is looked at, in bytes. Longer than allowed, so that the refusal says why.
const MAX_VERIFIER: usize = 512;

/// What a request wants of what was granted (RFC 8707 §2.2, RFC 9396 §6), read but not yet allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub(crate) resources: Params,
    pub(crate) details: Option<String>,
}

/// What a token is for, beside its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `aud` of the access token.
    pub audience: Vec<String>,
    /// What exactly it allows.
    pub authorization_details: Vec<AuthorizationDetail>,
}

impl Wanted {
    fn read(form: &Params) -> Result<Self, OAuthError> {
        let details = form.one("authorization_details")?.map(str::to_owned);
        Ok(Self { resources: form.only("resource"), details })
    }

    /// The same for a token exchange, where `audience` names an API as well as `resource` does (RFC 8693 §2.1).
    pub(crate) fn of_exchange(form: &Params) -> Result<Self, OAuthError> {
        let named = form.all("resource").chain(form.all("audience")).map(|api| ("resource".to_owned(), api.to_owned()));
        Ok(Self { resources: Params::from_pairs(named)?, ..Self::read(form)? })
    }

    /// What the token is for: within what was granted, and where nothing was, within what the client may have.
    ///
    /// # Errors
    /// `invalid_target`, `invalid_authorization_details`.
    pub fn within(&self, granted: &GrantTerms, client: &Client, issuer: &str) -> Result<Target, OAuthError> {
        let allowed = if granted.resources.is_empty() { &client.requests.resources } else { &granted.resources };
        let asked = resource::read(&self.resources, allowed)?;
        let types = &client.requests.detail_types;
        let details = self.details.as_deref().map(|text| authorization_details::read(text, types)).transpose()?;
        Ok(Target {
            audience: resource::audience(asked, &granted.resources, issuer),
            authorization_details: authorization_details::narrow(&granted.authorization_details, details)?,
        })
    }
}

/// What a client asks the token endpoint for.
pub enum TokenRequest {
    /// Tokens for a code.
    AuthorizationCode(AuthorizationCodeRequest),
    /// Tokens for a refresh token.
    RefreshToken(RefreshTokenRequest),
    /// A token for the client itself.
    ClientCredentials(ClientCredentialsRequest),
    /// Tokens for a device, once a person has let it in.
    DeviceCode(DeviceCodeRequest),
    /// Tokens for a client that asked a person elsewhere, once they said yes.
    Ciba(CibaRequest),
    /// A token for a token.
    TokenExchange(TokenExchangeRequest),
}

/// `grant_type=authorization_code`.
pub struct AuthorizationCodeRequest {
    /// The code.
    pub code: CodeText,
    /// The redirect URI of the authorization request.
    pub redirect_uri: Option<String>,
    /// The PKCE verifier.
    pub code_verifier: Option<Zeroizing<String>>,
    /// What the token shall be for.
    pub wanted: Wanted,
}

/// `grant_type=refresh_token`.
pub struct RefreshTokenRequest {
    /// The refresh token.
    pub token: RefreshText,
    /// A narrower scope, if one is wanted.
    pub scope: Option<Scope>,
    /// What the token shall be for.
    pub wanted: Wanted,
}

/// `grant_type=urn:ietf:params:oauth:grant-type:device_code` (RFC 8628 §3.4).
pub struct DeviceCodeRequest {
    /// The device code.
    pub code: Secret,
    /// What the token shall be for.
    pub wanted: Wanted,
}

/// `grant_type=urn:openid:params:grant-type:ciba` (CIBA Core §10.1).
pub struct CibaRequest {
    /// The request's name (`auth_req_id`).
    pub id: Secret,
    /// What the token shall be for.
    pub wanted: Wanted,
}

/// `grant_type=client_credentials`.
#[derive(Debug)]
pub struct ClientCredentialsRequest {
    /// The scope asked for; all that the client may have when left out.
    pub scope: Option<Scope>,
    /// What the token shall be for.
    pub wanted: Wanted,
}

impl TokenRequest {
    /// Reads a form ([`Params::from_form`] has checked its content type).
    ///
    /// # Errors
    /// `invalid_request`, `unsupported_grant_type`, `invalid_scope`; `invalid_grant` for a code or token that
    /// does not have the form of ours.
    pub fn parse(form: &Params) -> Result<Self, OAuthError> {
        let Ok(grant) = form.required("grant_type")?.parse() else {
            let text = "grant_type is not supported: see grant_types_supported of the metadata document";
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, text));
        };
        match grant {
            GrantType::AuthorizationCode => code_request(form).map(Self::AuthorizationCode),
            GrantType::RefreshToken => refresh_request(form).map(Self::RefreshToken),
            GrantType::ClientCredentials => Ok(Self::ClientCredentials(ClientCredentialsRequest {
                scope: scope(form)?,
                wanted: Wanted::read(form)?,
            })),
            GrantType::TokenExchange => TokenExchangeRequest::read(form).map(Self::TokenExchange),
            GrantType::Ciba => Ok(Self::Ciba(CibaRequest {
                id: secret(form, "auth_req_id", SecretKind::AuthRequest)?,
                wanted: Wanted::read(form)?,
            })),
            GrantType::DeviceCode => Ok(Self::DeviceCode(DeviceCodeRequest {
                code: secret(form, "device_code", SecretKind::DeviceCode)?,
                wanted: Wanted::read(form)?,
            })),
        }
    }

    /// Which grant it is.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode(_) => GrantType::AuthorizationCode,
            Self::RefreshToken(_) => GrantType::RefreshToken,
            Self::ClientCredentials(_) => GrantType::ClientCredentials,
            Self::DeviceCode(_) => GrantType::DeviceCode,
            Self::Ciba(_) => GrantType::Ciba,
            Self::TokenExchange(_) => GrantType::TokenExchange,
        }
    }

    /// Checks that a client may use the grant (RFC 6749 §5.2).
    ///
    /// # Errors
    /// `unauthorized_client`.
    pub fn check_client(&self, client: &AuthenticatedClient) -> Result<(), OAuthError> {
        let is_pushed = matches!(self, Self::Ciba(_)) && client.client().backchannel.mode == DeliveryMode::Push;
        if is_pushed {
            // CIBA Core §11.
            let text = "the client is sent its tokens (push): it can't ask for them here";
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, text));
        }
        if client.client().may_use(self.grant_type()) {
            return Ok(());
        }
        let text = "the client may not use this grant_type: register it for the grant type, and with a secret where it acts for itself";
        Err(OAuthError::new(ErrorCode::UnauthorizedClient, text))
    }
}

fn code_request(form: &Params) -> Result<AuthorizationCodeRequest, OAuthError> {
    let code = CodeText::parse(form.required("code")?).ok_or_else(not_ours)?;
    let redirect_uri = form.one("redirect_uri")?.map(str::to_owned);
    let code_verifier = form.one("code_verifier")?;
    if code_verifier.is_some_and(|v| v.len() > MAX_VERIFIER) {
        return Err(OAuthError::invalid_request("code_verifier is too long: send 43 to 128 characters"));
    }
    let code_verifier = code_verifier.map(|v| Zeroizing::new(v.to_owned()));
    Ok(AuthorizationCodeRequest { code, redirect_uri, code_verifier, wanted: Wanted::read(form)? })
}

fn refresh_request(form: &Params) -> Result<RefreshTokenRequest, OAuthError> {
    let token = RefreshText::parse(form.required("refresh_token")?).ok_or_else(not_ours)?;
    Ok(RefreshTokenRequest { token, scope: scope(form)?, wanted: Wanted::read(form)? })
}

fn secret(form: &Params, name: &'static str, kind: SecretKind) -> Result<Secret, OAuthError> {
    let text = form.required(name)?;
    let parsed = if text.len() > MAX_SECRET { None } else { Secret::parse(kind, text) };
    parsed.ok_or_else(not_ours)
}

fn not_ours() -> OAuthError {
    OAuthError::invalid_grant("it does not have the form of ours")
}

fn scope(form: &Params) -> Result<Option<Scope>, OAuthError> {
    Ok(form.one("scope")?.map(str::parse::<Scope>).transpose()?)
}

impl ClientCredentialsRequest {
    /// The scope that a client gets for itself: nothing that speaks of a person (RFC 6749 §4.4).
    ///
    /// # Errors
    /// `unauthorized_client` for a public client; `invalid_scope` for more than it may have.
    pub fn grant(&self, client: &AuthenticatedClient) -> Result<Scope, OAuthError> {
        if !client.is_confidential() {
            return Err(OAuthError::new(
                ErrorCode::UnauthorizedClient,
                "a public client can't use client_credentials: register it with a secret",
            ));
        }
        let allowed = client.client().scope.without_person();
        match &self.scope {
            None => Ok(allowed),
            Some(wanted) if wanted.is_subset(&allowed) => Ok(wanted.clone()),
            Some(_) => Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "scope is more than this client may have for itself: ask for what it is registered for",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{confidential, public};
    use crate::client_auth::tests::authenticated;
    use crate::refresh::RefreshToken;
    use base::Rng;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<TokenRequest, OAuthError> {
        TokenRequest::parse(&Params::decode(text.as_bytes()).unwrap())
    }

    fn code() -> String {
        Secret::generate(SecretKind::Code, &Rng::seeded(1)).reveal()
    }

    fn refresh() -> String {
        let token = RefreshToken { grant: base::Id::from_bytes([1; 16]), generation: 0 };
        token.reveal("https://id.example.com", &base::Keyring::generate(&Rng::seeded(1))).to_string()
    }

    #[track_caller]
    fn refused(text: &str) -> ErrorCode {
        parse(text).err().unwrap().code
    }

    #[test]
    fn each_grant_is_read() {
        let text =
            format!("grant_type=authorization_code&code={}&redirect_uri=https://a.example/&code_verifier=v", code());
        let TokenRequest::AuthorizationCode(request) = parse(&text).unwrap() else { panic!() };
        assert!(matches!(request.code, CodeText::Kept(kept) if kept.reveal() == code()));
        assert_eq!(request.redirect_uri.as_deref(), Some("https://a.example/"));
        assert_eq!(request.code_verifier.unwrap().as_str(), "v");
        let TokenRequest::RefreshToken(request) =
            parse(&format!("grant_type=refresh_token&refresh_token={}&scope=openid", refresh())).unwrap()
        else {
            panic!()
        };
        assert!(request.token.verify("https://id.example.com", &base::Keyring::generate(&Rng::seeded(1))).is_some());
        assert_eq!(request.scope.unwrap().to_string(), "openid");
        let device = Secret::generate(SecretKind::DeviceCode, &Rng::seeded(1)).reveal();
        let text = format!("grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={device}");
        let TokenRequest::DeviceCode(request) = parse(&text).unwrap() else { panic!() };
        assert_eq!(request.code.reveal(), device);
        assert!(matches!(parse("grant_type=client_credentials"), Ok(TokenRequest::ClientCredentials(_))));
    }

    #[test]
    fn what_is_missing_or_unknown_is_told() {
        assert_eq!(refused(""), ErrorCode::InvalidRequest);
        assert_eq!(refused("grant_type="), ErrorCode::InvalidRequest);
        assert_eq!(refused("grant_type=password&username=a&password=b"), ErrorCode::UnsupportedGrantType);
        assert_eq!(refused("grant_type=implicit"), ErrorCode::UnsupportedGrantType);
        assert_eq!(refused("grant_type=authorization_code"), ErrorCode::InvalidRequest);
        assert_eq!(refused("grant_type=refresh_token"), ErrorCode::InvalidRequest);
        assert_eq!(refused("grant_type=client_credentials&scope=%22"), ErrorCode::InvalidScope);
    }

    #[test]
    fn a_code_or_token_of_another_form_is_an_invalid_grant() {
        for bad in ["x", &code()[1..], &refresh(), &"a".repeat(5000), "%F0%9F%94%94"] {
            assert_eq!(refused(&format!("grant_type=authorization_code&code={bad}")), ErrorCode::InvalidGrant);
        }
        assert_eq!(refused(&format!("grant_type=refresh_token&refresh_token={}", code())), ErrorCode::InvalidGrant);
    }

    #[test]
    fn each_parameter_twice_is_refused() {
        let code = code();
        for twice in ["grant_type=authorization_code", &format!("code={code}"), "redirect_uri=a", "code_verifier=v"] {
            let text = format!("grant_type=authorization_code&code={code}&redirect_uri=a&code_verifier=v&{twice}");
            assert_eq!(refused(&text), ErrorCode::InvalidRequest, "{twice}");
        }
        let refresh = refresh();
        for twice in [&format!("refresh_token={refresh}"), "scope=openid"] {
            let text = format!("grant_type=refresh_token&refresh_token={refresh}&scope=openid&{twice}");
            assert_eq!(refused(&text), ErrorCode::InvalidRequest, "{twice}");
        }
    }

    #[test]
    fn a_client_acts_for_itself_within_its_own_scope() {
        let client = |c: Client| authenticated(Client { scope: "openid email reports".parse().unwrap(), ..c });
        let ask = |scope: Option<&str>, client: &AuthenticatedClient| {
            let scope = scope.map(|s| s.parse().unwrap());
            ClientCredentialsRequest { scope, wanted: Wanted::default() }
                .grant(client)
                .map(|s| s.to_string())
                .map_err(|e| e.code)
        };
        let with_secret = client(confidential());
        assert_eq!(ask(None, &with_secret).as_deref(), Ok("reports"));
        assert_eq!(ask(Some("reports"), &with_secret).as_deref(), Ok("reports"));
        assert_eq!(ask(Some("email"), &with_secret), Err(ErrorCode::InvalidScope));
        assert_eq!(ask(Some("other"), &with_secret), Err(ErrorCode::InvalidScope));
        assert_eq!(ask(None, &client(public())), Err(ErrorCode::UnauthorizedClient));
    }

    proptest! {
        #[test]
        fn no_form_makes_it_panic(text in any::<String>(), grant in proptest::sample::select(GrantType::ALL.map(GrantType::as_str).to_vec())) {
            let pairs = ["code", "refresh_token", "scope", "code_verifier"].map(|n| (n.to_owned(), text.clone()));
            let pairs = pairs.into_iter().chain([("grant_type".to_owned(), grant.to_owned())]);
            if let Ok(form) = Params::from_pairs(pairs) {
                let _ = TokenRequest::parse(&form);
            }
        }
    }
}
