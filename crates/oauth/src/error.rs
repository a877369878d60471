//! Errors as the standards write them: a code, a sentence, and a private half for the log.

use crate::bearer::TokenScheme;
use crate::jose::JwsAlg;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7591 §3.2.2, RFC 8628 §3.5, OpenID
/// Connect Core §3.1.2.6 and CIBA Core §13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// A parameter is missing, doubled, or malformed.
    InvalidRequest,
    /// The client may not do this.
    UnauthorizedClient,
    /// The person, or the server, said no.
    AccessDenied,
    /// Only `code` is known here.
    UnsupportedResponseType,
    /// The scope is malformed or wider than allowed.
    InvalidScope,
    /// Trouble on our side.
    ServerError,
    /// Trouble on our side that will pass.
    TemporarilyUnavailable,
    /// Client authentication failed.
    InvalidClient,
    /// The code or refresh token is wrong, used, expired, or another client's.
    InvalidGrant,
    /// The grant type is not known here.
    UnsupportedGrantType,
    /// The access token is wrong, expired or revoked.
    InvalidToken,
    /// The access token does not reach that far.
    InsufficientScope,
    /// The token can't be revoked by type.
    UnsupportedTokenType,
    /// The proof of possession is missing or wrong (RFC 9449 §5).
    InvalidDpopProof,
    /// The proof of possession lacks a nonce of ours (RFC 9449 §8).
    UseDpopNonce,
    /// Nobody is signed in (or not recently enough), and no page may be shown.
    LoginRequired,
    /// Consent is missing, and no page may be shown.
    ConsentRequired,
    /// Some page is needed, and none may be shown.
    InteractionRequired,
    /// An account has to be chosen, and no page may be shown.
    AccountSelectionRequired,
    /// The sign-in can't be as strong as the request asks (OpenID Connect Unmet Authentication Requirements 1.0).
    UnmetAuthenticationRequirements,
    /// `request` is not supported.
    RequestNotSupported,
    /// `request_uri` is not supported.
    RequestUriNotSupported,
    /// `registration` is not supported.
    RegistrationNotSupported,
    /// `request_uri` leads to nothing: used, too old, or another client's (RFC 9101 §6.2).
    InvalidRequestUri,
    /// The request object does not verify, or is not one (RFC 9101 §6.2).
    InvalidRequestObject,
    /// `resource` is not one that the client may have tokens for (RFC 8707 §2).
    InvalidTarget,
    /// `authorization_details` is malformed, unknown, or more than allowed (RFC 9396 §5).
    InvalidAuthorizationDetails,
    /// The person has not decided yet (RFC 8628 §3.5).
    AuthorizationPending,
    /// The same, and it was asked too soon: from now on less often.
    SlowDown,
    /// The person did not decide in time.
    ExpiredToken,
    /// Nobody can have the name that the hint gives (CIBA Core §13).
    UnknownUserId,
    /// The message that the person is to compare is missing or can't be shown (CIBA Core §13).
    InvalidBindingMessage,
    /// A redirect URI can't be registered (RFC 7591 §3.2.2).
    InvalidRedirectUri,
    /// What a client says of itself can't be registered (RFC 7591 §3.2.2).
    InvalidClientMetadata,
    /// The software statement does not verify (RFC 7591 §3.2.2).
    InvalidSoftwareStatement,
    /// The software statement is of somebody who is not trusted (RFC 7591 §3.2.2).
    UnapprovedSoftwareStatement,
}

impl ErrorCode {
    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::UnknownUserId => "unknown_user_id",
            Self::InvalidBindingMessage => "invalid_binding_message",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidSoftwareStatement => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
        }
    }

    /// The HTTP status of a direct answer (RFC 6749 §5.2, RFC 6750 §3.1).
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            Self::InvalidRequest
            | Self::UnauthorizedClient
            | Self::AccessDenied
            | Self::UnsupportedResponseType
            | Self::InvalidScope
            | Self::InvalidGrant
            | Self::UnsupportedGrantType
            | Self::UnsupportedTokenType
            | Self::InvalidDpopProof
            | Self::UseDpopNonce
            | Self::LoginRequired
            | Self::ConsentRequired
            | Self::InteractionRequired
            | Self::AccountSelectionRequired
            | Self::UnmetAuthenticationRequirements
            | Self::RequestNotSupported
            | Self::RequestUriNotSupported
            | Self::RegistrationNotSupported
            | Self::InvalidRequestUri
            | Self::InvalidRequestObject
            | Self::InvalidTarget
            | Self::InvalidAuthorizationDetails
            | Self::AuthorizationPending
            | Self::SlowDown
            | Self::ExpiredToken
            | Self::UnknownUserId
            | Self::InvalidBindingMessage
            | Self::InvalidRedirectUri
            | Self::InvalidClientMetadata
            | Self::InvalidSoftwareStatement
            | Self::UnapprovedSoftwareStatement => 400,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The longest description, in bytes.
const MAX_DESCRIPTION: usize = 300;

/// A refusal in the standards' form. Serializes to the JSON of RFC 6749 §5.2: code and description alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthError {
    /// The code.
    pub code: ErrorCode,
    description: String,
    detail: Option<Cow<'static, str>>,
    scheme: Option<TokenScheme>,
    wait: Option<Duration>,
}

impl OAuthError {
    /// An error with a sentence that names the next step. Characters that RFC 6749 §5.2 forbids are replaced.
    pub fn new(code: ErrorCode, description: &str) -> Self {
        Self { code, description: sanitise(description), detail: None, scheme: None, wait: None }
    }

    /// `invalid_request`.
    pub fn invalid_request(description: &str) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// `invalid_grant`, with one sentence for every cause: the cause itself is for the log.
    pub fn invalid_grant(detail: &'static str) -> Self {
        Self::new(
            ErrorCode::InvalidGrant,
            "the code or refresh token is wrong, expired, already used, or was issued to another client: start the authorization again",
        )
        .because(detail)
    }

    /// `invalid_client`, with one sentence for every cause.
    pub fn invalid_client(detail: &'static str) -> Self {
        Self::new(
            ErrorCode::InvalidClient,
            "client authentication failed: check client_id, its secret or key, and the method that the client is registered for",
        )
        .because(detail)
    }

    /// `invalid_client` for one that has proved to hold its key, so that it can be told what else is wrong.
    pub fn invalid_assertion(description: &str) -> Self {
        Self::new(ErrorCode::InvalidClient, description)
    }

    /// `temporarily_unavailable` for one that asked too often, and has to wait so long (RFC 9126 §2.3, RFC 6585 §4).
    pub fn too_many(description: &str, wait: Duration) -> Self {
        Self { wait: Some(wait), ..Self::new(ErrorCode::TemporarilyUnavailable, description) }
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn because(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Told at a resource, to whoever used an access token in this scheme.
    #[must_use]
    pub fn by(mut self, scheme: TokenScheme) -> Self {
        self.scheme = Some(scheme);
        self
    }

    /// The public sentence: printable ASCII without quote and backslash.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What only the log may know.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// How long to wait, for the `Retry-After` header; nothing for what waiting does not help.
    pub const fn wait(&self) -> Option<Duration> {
        self.wait
    }

    /// The HTTP status of a direct answer.
    pub const fn status(&self) -> u16 {
        match (self.code, self.scheme) {
            _ if self.wait.is_some() => 429,
            // RFC 9449 §7.1.
            (ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce, Some(_)) => 401,
            _ => self.code.status(),
        }
    }

    /// The `WWW-Authenticate` header that goes with a 401 or 403 (RFC 6749 §5.2, RFC 6750 §3, RFC 9449 §7.1).
    pub fn challenge(&self) -> Option<String> {
        match self.code {
            ErrorCode::InvalidClient => Some("Basic realm=\"client\", charset=\"UTF-8\"".to_owned()),
            ErrorCode::InvalidToken | ErrorCode::InsufficientScope => Some(self.token_challenge()),
            ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce if self.scheme.is_some() => {
                Some(self.token_challenge())
            }
            _ => None,
        }
    }
}

impl OAuthError {
    /// What is wrong, in the scheme that was used; the other one is named beside it.
    fn token_challenge(&self) -> String {
        let told = format!("error=\"{}\", error_description=\"{}\"", self.code, self.description);
        let algs = JwsAlg::ASYMMETRIC.map(JwsAlg::as_str).join(" ");
        match self.scheme {
            Some(TokenScheme::Dpop) => format!("DPoP {told}, algs=\"{algs}\""),
            Some(TokenScheme::Bearer) | None => format!("Bearer {told}, DPoP algs=\"{algs}\""),
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.description)
    }
}

impl std::error::Error for OAuthError {}

impl Serialize for OAuthError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("error", self.code.as_str())?;
        map.serialize_entry("error_description", &self.description)?;
        map.end()
    }
}

/// Keeps what RFC 6749 §5.2 allows: %x20-21 / %x23-5B / %x5D-7E.
fn sanitise(text: &str) -> String {
    text.chars()
        .take(MAX_DESCRIPTION)
        .map(|c| match c {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => c,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_holds_only_what_the_standard_allows() {
        let error = OAuthError::invalid_request("say \"x\"\\y\r\n\té<script>");
        assert_eq!(error.description(), "say 'x'/y????<script>");
        assert_eq!(OAuthError::invalid_request(&"é".repeat(5_000)).description().len(), MAX_DESCRIPTION);
    }

    #[test]
    fn the_private_half_never_leaves() {
        let json = serde_json::to_string(&OAuthError::invalid_client("no such client")).unwrap();
        assert!(json.contains("\"error\":\"invalid_client\"") && !json.contains("no such"));
    }

    #[test]
    fn only_a_failed_client_or_token_is_unauthorized() {
        assert_eq!(OAuthError::invalid_client("x").status(), 401);
        assert_eq!(OAuthError::invalid_grant("x").status(), 400);
        assert_eq!(ErrorCode::InvalidToken.status(), 401);
        assert_eq!(ErrorCode::InsufficientScope.status(), 403);
        assert!(OAuthError::invalid_client("x").challenge().unwrap().starts_with("Basic "));
        assert!(OAuthError::invalid_grant("x").challenge().is_none());
        let early = OAuthError::too_many("x", Duration::from_secs(7));
        assert_eq!((early.status(), early.wait()), (429, Some(Duration::from_secs(7))));
        assert_eq!(ErrorCode::TemporarilyUnavailable.status(), 503);
    }
}
