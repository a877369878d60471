//! Clients that register themselves, or are described by a document: RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration 1.0.
//!
//! What a client says of itself ([`Metadata`]) becomes a client by an operator's [`Policy`], and is then held to the same
//! rules as one that the operator wrote down ([`Client::validate`](crate::Client::validate)).

mod apply;
mod described;
mod metadata;
mod policy;
mod response;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;

pub use apply::refused;
pub use described::{MAX_DESCRIPTION, freshness, host_of, is_document_id};
pub use metadata::{MAX_DOCUMENT, Metadata};
pub use policy::{Policy, is_host_of};
pub use response::{Issued, changed, document};
pub use statement::{issuer_of, unapproved, verify_statement};

use crate::error::{ErrorCode, OAuthError};

/// `invalid_client_metadata` (RFC 7591 §3.2.2): the sentence begins with the member at fault.
pub fn invalid(description: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClientMetadata, description)
}

/// `invalid_redirect_uri`, likewise.
fn invalid_redirect(description: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidRedirectUri, description)
}
