//! What an operator lets clients register by themselves.

use super::{invalid, invalid_redirect};
use crate::client::{Client, ClientAuthMethod, GrantType};
use crate::error::OAuthError;
use crate::redirect_uri::RedirectUri;
use crate::scope::Scope;
use base::{Id, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use url::Url;

/// What may be registered, and what everybody gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The scopes that a client may have. One that asks for none gets all of them.
    pub scope: Scope,
    /// The grants.
    pub grant_types: BTreeSet<GrantType>,
    /// The ways to prove itself.
    pub auth_methods: Vec<ClientAuthMethod>,
    /// The hosts of redirect URIs, with a dot in front for any below it; empty for any.
    pub redirect_hosts: Vec<String>,
    /// Whether a confidential client has to use PKCE, too.
    pub require_pkce: bool,
    /// The APIs that every client may have tokens for (RFC 8707): agents meet an API first, and this server by it.
    pub resources: Vec<String>,
    /// Life of a code.
    pub code_lifetime: Duration,
    /// Life of an access token.
    pub access_token_lifetime: Duration,
    /// Life of a refresh token.
    pub refresh_token_lifetime: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        let usual =
            Client::new(Id::from_bytes([0; 16]), "", "", ClientAuthMethod::SecretBasic, Timestamp::from_seconds(0));
        Self {
            scope: usual.scope,
            grant_types: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
            auth_methods: ClientAuthMethod::every().collect(),
            redirect_hosts: Vec::new(),
            require_pkce: true,
            resources: Vec::new(),
            code_lifetime: usual.code_lifetime,
            access_token_lifetime: usual.access_token_lifetime,
            refresh_token_lifetime: usual.refresh_token_lifetime,
        }
    }
}

impl Policy {
    /// A client before it has said anything of itself: a third party's, which people are asked about.
    pub fn blank(&self, id: Id, client_id: String, now: Timestamp) -> Client {
        Client {
            require_pkce: self.require_pkce,
            code_lifetime: self.code_lifetime,
            access_token_lifetime: self.access_token_lifetime,
            refresh_token_lifetime: self.refresh_token_lifetime,
            ..Client::new(id, client_id, "", ClientAuthMethod::SecretBasic, now)
        }
    }

    /// The way to prove itself that was asked for, or the usual one (RFC 7591 §2).
    pub(super) fn auth_method(
        &self,
        asked: Option<String>,
        usual: ClientAuthMethod,
    ) -> Result<ClientAuthMethod, OAuthError> {
        let member = "token_endpoint_auth_method";
        let method = match asked {
            None => usual,
            Some(name) => ClientAuthMethod::every()
                .find(|method| method.as_str() == name)
                .ok_or_else(|| invalid(&format!("{member}: {name} is not offered: see the metadata document")))?,
        };
        if self.auth_methods.contains(&method) {
            return Ok(method);
        }
        let allowed = self.auth_methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ");
        Err(invalid(&format!("{member}: {} may not be registered here: use {allowed}", method.as_str())))
    }

    pub(super) fn grant_types(&self, asked: Option<Vec<String>>) -> Result<BTreeSet<GrantType>, OAuthError> {
        let Some(asked) = asked else { return Ok([GrantType::AuthorizationCode].into()) };
        let mut types = BTreeSet::new();
        for name in asked {
            match name.parse::<GrantType>() {
                Ok(one) if self.grant_types.contains(&one) => types.insert(one),
                _ => {
                    let allowed = self.grant_types.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
                    return Err(invalid(&format!("grant_types: {name} may not be registered here: use {allowed}")));
                }
            };
        }
        if types.is_empty() { Err(invalid("grant_types: name at least one, or leave it out")) } else { Ok(types) }
    }

    /// RFC 7591 §2: what was asked can be replaced; the answer says what it became.
    pub(super) fn scope(&self, asked: Option<Scope>) -> Result<Scope, OAuthError> {
        let Some(asked) = asked else { return Ok(self.scope.clone()) };
        let scope = asked.intersection(&self.scope);
        if scope.is_empty() && !asked.is_empty() {
            return Err(invalid(&format!("scope: none of these may be registered here: use {}", self.scope)));
        }
        Ok(scope)
    }

    /// Those of the policy, after what the operator gave to this client alone.
    pub(super) fn resources(&self, before: &[String]) -> Vec<String> {
        let new = self.resources.iter().filter(|api| !before.contains(api));
        before.iter().chain(new).cloned().collect()
    }

    pub(super) fn check_hosts(&self, uris: &[RedirectUri]) -> Result<(), OAuthError> {
        let is_allowed = |uri: &&RedirectUri| {
            let host = Url::parse(uri.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned));
            is_host_of(&self.redirect_hosts, host.as_deref().unwrap_or_default())
        };
        match uris.iter().find(|uri| !is_allowed(uri)) {
            Some(uri) if !self.redirect_hosts.is_empty() => {
                Err(invalid_redirect(&format!("redirect_uris: {uri}: this host may not be registered here")))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a host is one of these: the same, or, for one that begins with a dot, below it.
pub fn is_host_of(hosts: &[String], host: &str) -> bool {
    hosts.iter().any(|known| match known.strip_prefix('.') {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => known == host,
    })
}
