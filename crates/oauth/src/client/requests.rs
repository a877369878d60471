//! What a client's authorization requests may ask for, and how they have to come.

use crate::jose::JwsAlg;
use serde::{Deserialize, Serialize};

/// Rules for one client's requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestRules {
    /// Whether they have to be pushed (RFC 9126 §6, `require_pushed_authorization_requests`).
    pub require_pushed: bool,
    /// Whether they have to be signed (RFC 9101 §10.5, `require_signed_request_object`).
    pub require_signed: bool,
    /// The one algorithm of its request objects (OpenID Connect Dynamic Client Registration 1.0 §2,
    /// `request_object_signing_alg`); any that fits its keys when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_alg: Option<JwsAlg>,
    /// The APIs that it may have tokens for (RFC 8707).
    pub resources: Vec<String>,
    /// The types of authorization details that it may ask for (RFC 9396 §10, `authorization_details_types`).
    pub detail_types: Vec<String>,
}
