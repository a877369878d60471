//! Who a person is to one client (OpenID Connect Core §8).

use super::Client;
use serde::{Deserialize, Serialize};
use url::Url;

/// Which subject a client is told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SubjectRules {
    /// Whether it is one of its own, so that apps can't compare notes about a person.
    pub pairwise: bool,
    /// Whose document lists the redirect URIs that belong together (§8.1); it was fetched and checked when it was set.
    pub sector_identifier_uri: Option<String>,
}

impl Client {
    /// The sector that a pairwise subject is for: the host of the sector document, or else the one host of the redirect
    /// URIs (§8.1). `None` for a public subject, and where the hosts differ.
    pub fn sector(&self) -> Option<String> {
        if !self.subject.pairwise {
            return None;
        }
        let host = |uri: &str| Url::parse(uri).ok().and_then(|url| url.host_str().map(str::to_owned));
        if let Some(document) = &self.subject.sector_identifier_uri {
            return host(document);
        }
        let mut hosts = self.redirect_uris.iter().map(|uri| host(uri.as_str()));
        let first = hosts.next().flatten()?;
        hosts.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }
}
