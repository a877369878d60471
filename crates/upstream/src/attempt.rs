//! One attempt to sign in by a provider.

use std::time::Duration;
use zeroize::Zeroizing;

/// What ties an answer to the request that it answers.
#[derive(Clone)]
pub struct Attempt {
    /// The `state` (RFC 6749 §10.12).
    pub state: Zeroizing<String>,
    /// The `nonce` (OpenID Connect Core §3.1.2.1).
    pub nonce: Zeroizing<String>,
    /// The PKCE verifier (RFC 7636 §4.1).
    pub verifier: Zeroizing<String>,
    /// The redirect URI: each provider has its own (RFC 9700 §4.4.2).
    pub redirect_uri: String,
    /// The address that was typed before, to begin with there.
    pub login_hint: Option<String>,
    /// How long ago at most the person may have signed in there (OpenID Connect Core §3.1.2.1).
    pub max_age: Option<Duration>,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempt").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}
