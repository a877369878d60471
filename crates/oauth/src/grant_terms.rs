//! What was agreed for one authorization beside its scope, and holds for every token of it.

use crate::authorization_details::AuthorizationDetail;
use crate::confirmation::Confirmation;
use serde::{Deserialize, Serialize};

/// Kept with the grant. What an older build wrote lacks the newer members, so each has a default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GrantTerms {
    /// The key that it was begun with, and that its refresh tokens need.
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    pub confirmation: Confirmation,
    /// Single claims that were asked for (OpenID Connect Core §5.5).
    pub claims: ClaimsWish,
    /// The APIs that its access tokens are for (RFC 8707); our own when there are none.
    pub resources: Vec<String>,
    /// What exactly was allowed (RFC 9396).
    pub authorization_details: Vec<AuthorizationDetail>,
}

/// Claims about a person that a request asked for by name, as far as the client may have them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsWish {
    /// In the ID token.
    pub id_token: Vec<String>,
    /// At userinfo.
    pub userinfo: Vec<String>,
}
