//! A provider's documents, kept between requests: fetched once for all who wait, and not again too soon.

use crate::Upstream;
use crate::error::Trouble;
use crate::http_client::{HttpClient, HttpError};
use crate::key::PublicKey;
use crate::settings::Kind;
use arc_swap::ArcSwapOption;
use base::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, IssuerUrl, JsonWebKeySet, ProviderMetadata};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use url::{Host, Url};

/// How long documents are used without asking again.
const FRESH: Duration = Duration::from_secs(3600);
/// How long they are used while the provider does not answer: what it signed with last is what it signs with still.
const STALE: Duration = Duration::from_secs(24 * 3600);
/// After a failure nobody asks again so soon.
const PAUSE: Duration = Duration::from_secs(10);
/// A key that nobody has heard of makes us ask for the keys again, but not more often than this.
const KEYS_PAUSE: Duration = Duration::from_secs(60);

/// What discovery says besides the usual (RFC 9207 §3).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct More {
    /// Whether each answer names its issuer.
    #[serde(rename = "authorization_response_iss_parameter_supported", default)]
    pub(crate) sends_issuer: bool,
}

impl AdditionalProviderMetadata for More {}

/// Discovery, with the keys.
pub(crate) type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    PublicKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What is known of a provider.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    known: ArcSwapOption<Known>,
    /// Whoever holds it may fetch.
    fetching: Mutex<Fetching>,
}

#[derive(Debug)]
struct Known {
    metadata: Arc<Metadata>,
    at: Timestamp,
    keys_at: Timestamp,
}

#[derive(Debug, Default)]
struct Fetching {
    failed: Option<(Timestamp, Trouble)>,
}

/// Whether a moment is no longer ago than this. One that lies ahead is a clock that was set back, and counts as long ago.
fn is_within(at: Timestamp, span: Duration, now: Timestamp) -> bool {
    at <= now && now < at.plus(span)
}

impl Upstream {
    /// The provider's documents, fetched when they are not there or too old.
    pub(crate) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Trouble> {
        let usable = |span| {
            let known = self.cache.known.load_full();
            known.filter(|known| is_within(known.at, span, now)).map(|known| Arc::clone(&known.metadata))
        };
        if let Some(metadata) = usable(FRESH) {
            return Ok(metadata);
        }
        let mut fetching = match (self.cache.fetching.try_lock(), usable(STALE)) {
            (Ok(fetching), _) => fetching,
            // Somebody asks already; what was true an hour ago does for now.
            (Err(_), Some(metadata)) => return Ok(metadata),
            (Err(_), None) => self.cache.fetching.lock().await,
        };
        if let Some(metadata) = usable(FRESH) {
            return Ok(metadata);
        }
        let failed = fetching.failed.take().filter(|(at, _)| is_within(*at, PAUSE, now));
        let (at, trouble) = match failed {
            Some(failed) => failed,
            None => match self.discover().await {
                Ok(metadata) => {
                    let metadata = Arc::new(metadata);
                    let known = Known { metadata: Arc::clone(&metadata), at: now, keys_at: now };
                    self.cache.known.store(Some(Arc::new(known)));
                    return Ok(metadata);
                }
                Err(trouble) => (now, trouble),
            },
        };
        fetching.failed = Some((at, trouble.clone()));
        match usable(STALE) {
            Some(metadata) => {
                tracing::warn!(provider = self.provider.key.as_str(), %trouble, "older documents of a provider are used");
                Ok(metadata)
            }
            None => Err(trouble),
        }
    }

    /// The documents with keys that were fetched after something was signed with a key that nobody knew.
    pub(crate) async fn metadata_with_new_keys(&self, now: Timestamp) -> Result<Arc<Metadata>, Trouble> {
        let _turn = self.cache.fetching.lock().await;
        let Some(known) = self.cache.known.load_full() else {
            return Err(Trouble::Unreachable("its documents are gone".to_owned()));
        };
        if is_within(known.keys_at, KEYS_PAUSE, now) {
            return Ok(Arc::clone(&known.metadata));
        }
        let client = HttpClient(&self.outbound);
        let keys = JsonWebKeySet::fetch_async(known.metadata.jwks_uri(), &client).await.map_err(|e| trouble(&e))?;
        let metadata = Arc::new((*known.metadata).clone().set_jwks(keys));
        let known = Known { metadata: Arc::clone(&metadata), at: known.at, keys_at: now };
        self.cache.known.store(Some(Arc::new(known)));
        Ok(metadata)
    }

    async fn discover(&self) -> Result<Metadata, Trouble> {
        let Kind::Oidc { issuer } = &self.provider.kind else {
            return Err(Trouble::Unusable("it has no documents".to_owned()));
        };
        let issuer = IssuerUrl::new(issuer.clone())
            .map_err(|e| Trouble::Unusable(format!("the issuer {issuer} can't be read: {e}")))?;
        let metadata = Metadata::discover_async(issuer, &HttpClient(&self.outbound)).await.map_err(|e| trouble(&e))?;
        // The browser is sent there, by a link: it must be a web page and nothing else.
        if !is_web_page(metadata.authorization_endpoint().url()) {
            let found = metadata.authorization_endpoint().as_str().chars().take(100).collect::<String>();
            return Err(Trouble::Unusable(format!("its authorization endpoint is no https address: {found}")));
        }
        Ok(metadata)
    }
}

/// Whether a browser can be sent there: https, or http on this machine.
pub(crate) fn is_web_page(url: &Url) -> bool {
    let local = url.host().is_some_and(|host: Host<&str>| base::origin::is_loopback(&host));
    url.scheme() == "https" || (url.scheme() == "http" && local)
}

fn trouble(error: &DiscoveryError<HttpError>) -> Trouble {
    match error {
        DiscoveryError::Request(e) => Trouble::Unreachable(e.to_string()),
        DiscoveryError::Response(status, _, what) if status.is_server_error() || status.as_u16() == 429 => {
            Trouble::Unreachable(what.clone())
        }
        DiscoveryError::Response(_, _, what) | DiscoveryError::Validation(what) | DiscoveryError::Other(what) => {
            Trouble::Unusable(what.clone())
        }
        DiscoveryError::Parse(e) => Trouble::Unusable(format!("its documents can't be read: {e}")),
        other => Trouble::Unusable(other.to_string()),
    }
}
