//! What a client's authorization requests may ask for, and how they have to come.

use serde::{Deserialize, Serialize};

/// Rules for one client's requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestRules {
    /// Whether they have to be pushed (RFC 9126 §6, `require_pushed_authorization_requests`).
    pub require_pushed: bool,
    /// Whether they have to be signed (RFC 9101 §10.5, `require_signed_request_object`).
    pub require_signed: bool,
    /// The APIs that it may have tokens for (RFC 8707).
    pub resources: Vec<String>,
    /// The types of authorization details that it may ask for (RFC 9396 §10, `authorization_details_types`).
    pub detail_types: Vec<String>,
}
