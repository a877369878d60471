//! Accounts at other providers: what is asked of a provider, and what is believed of its answer.
//!
//! A provider is OpenID Connect by discovery, or plain OAuth 2 with an endpoint that says who someone is. [`Upstream`]
//! leads a browser to one ([`Upstream::begin`]) and turns the code that comes back into what the provider
//! [told](Told) ([`Upstream::redeem`]). It knows nothing of accounts: whose identity that is, is for others to decide.
//!
//! Everything that goes out goes through [`outbound`]. Tokens of a provider are used at once and kept nowhere.

mod attempt;
mod cache;
mod error;
mod http_client;
mod key;
mod oidc;
mod plain;
mod preset;
mod settings;
#[cfg(test)]
mod tests;
mod told;

pub use attempt::Attempt;
pub use error::{Trouble, WrongIssuer};
pub use preset::{Preset, is_directory, is_one_directory};
pub use settings::{ClientAuth, Fields, Hidden, Key, Kind, NotAKey, Plain, Provider, ResponseMode};
pub use told::Told;

use base::Timestamp;
use outbound::Outbound;
use url::Url;

/// A provider, ready to be asked. It keeps the provider's documents between requests.
#[derive(Debug)]
pub struct Upstream {
    provider: Provider,
    outbound: Outbound,
    cache: cache::Cache,
}

impl Upstream {
    /// A provider as the operator describes it. Nothing is fetched yet.
    pub fn new(provider: Provider, outbound: Outbound) -> Self {
        Self { provider, outbound, cache: cache::Cache::default() }
    }

    /// How the operator describes it.
    pub const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Where to send the browser: the provider's authorization endpoint with `state`, PKCE (S256) and, for OpenID
    /// Connect, a nonce.
    ///
    /// # Errors
    /// [`Trouble`] when the provider's documents can't be had or are not what they should be.
    pub async fn begin(&self, attempt: &Attempt, now: Timestamp) -> Result<Url, Trouble> {
        self.noted(match &self.provider.kind {
            Kind::Oidc { .. } => oidc::begin(self, attempt, now).await,
            Kind::Plain(plain) => plain::begin(self, plain, attempt),
        })
    }

    /// Looks at the `iss` of an answer (RFC 9207 §2.4): it must be the provider's own, and must be there when the
    /// provider says that it sends one.
    ///
    /// # Errors
    /// `Ok(Err(_))` when it is another one's answer; [`Trouble`] when the provider's documents can't be had.
    pub async fn check_issuer(&self, iss: Option<&str>, now: Timestamp) -> Result<Result<(), WrongIssuer>, Trouble> {
        match &self.provider.kind {
            Kind::Oidc { issuer } => {
                let must = self.noted(self.metadata(now).await)?.additional_metadata().sends_issuer;
                Ok(if iss.map_or(!must, |iss| iss == issuer) { Ok(()) } else { Err(WrongIssuer) })
            }
            // Without a document nobody knows which `iss` it would send: its own redirect URI tells it apart.
            Kind::Plain(_) => Ok(Ok(())),
        }
    }

    /// Exchanges the code and answers what the provider told, verified.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn redeem(&self, code: &str, attempt: &Attempt, now: Timestamp) -> Result<Told, Trouble> {
        self.noted(match &self.provider.kind {
            Kind::Oidc { .. } => oidc::redeem(self, code, attempt, now).await,
            Kind::Plain(plain) => plain::redeem(self, plain, code, attempt).await,
        })
    }

    /// Fetches the provider's documents, to see whether its settings are right.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn check(&self, now: Timestamp) -> Result<(), Trouble> {
        match &self.provider.kind {
            Kind::Oidc { .. } => self.metadata(now).await.map(drop),
            Kind::Plain(_) => Ok(()),
        }
    }

    /// Says in the log what the person is not told.
    fn noted<T>(&self, outcome: Result<T, Trouble>) -> Result<T, Trouble> {
        if let Err(trouble) = &outcome {
            tracing::warn!(provider = self.provider.key.as_str(), %trouble, "a sign-in by another provider failed");
        }
        outcome
    }
}
