//! Settings about apps that register themselves.

use super::Config;
use super::value::as_text;
use app::oidc::{RegistrationMode, RegistrationSettings, StatementIssuer};
use identity::limit::Limit;
use oauth::registration::Policy;
use oauth::{ClientAuthMethod, GrantType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::time::Duration;
use url::Url;

/// Who may register an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WhoRegisters {
    /// Nobody but you, with `watchbell client add`.
    Off,
    /// Whoever has a token of `watchbell client token add`.
    Token,
    /// Everybody.
    Open,
}

/// A grant, by its registered name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Grant(String);

as_text!(Grant);

/// How an app proves itself, by its registered name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct AuthMethod(String);

as_text!(AuthMethod);

/// Who vouches for apps: `ISSUER=JWKS_URI`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Issuer(String);

as_text!(Issuer);

impl FromStr for Grant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || format!("no grant: it is one of {}", GrantType::ALL.map(GrantType::as_str).join(", "));
        text.parse::<GrantType>().map(|_| Self(text.to_owned())).map_err(|_| known())
    }
}

impl FromStr for AuthMethod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut known = ClientAuthMethod::every().map(ClientAuthMethod::as_str);
        if known.clone().any(|name| name == text) {
            return Ok(Self(text.to_owned()));
        }
        let first = known.next().unwrap_or_default().to_owned();
        Err(known.fold(format!("it is one of {first}"), |told, name| format!("{told}, {name}")))
    }
}

impl Issuer {
    fn parts(&self) -> Option<(&str, &str)> {
        self.0.split_once('=')
    }
}

impl FromStr for Issuer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let issuer = Self(text.to_owned());
        let keys = issuer.parts().filter(|(name, _)| !name.is_empty()).and_then(|(_, keys)| Url::parse(keys).ok());
        match keys {
            Some(keys) if keys.scheme() == "https" => Ok(issuer),
            _ => Err("write the issuer and where its keys are, like \
                      https://directory.example=https://directory.example/jwks"
                .to_owned()),
        }
    }
}

/// Apps that register themselves (RFC 7591).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AppRegistration {
    /// Who may register an app.
    pub mode: WhoRegisters,
    /// The scopes that such an app may ask for, separated by spaces.
    pub scope: String,
    /// The grants that it may use.
    pub grant_types: Vec<Grant>,
    /// How it may prove itself.
    pub auth_methods: Vec<AuthMethod>,
    /// The hosts that its redirect URIs may have, with a dot in front for any below it; empty for any.
    pub redirect_hosts: Vec<String>,
    /// Whether an app that proves itself has to use PKCE, too.
    pub require_pkce: bool,
    /// The APIs that it may have tokens for (RFC 8707): absolute URIs without fragment, as their own metadata has them.
    pub resources: Vec<String>,
    /// Whether a client id may be the `https` address of a document that says what the app is (OAuth Client ID Metadata
    /// Document), as agents have it. Such an app need not register.
    pub documents: bool,
    /// The hosts of such documents, with a dot in front for any below it; empty for any.
    pub document_hosts: Vec<String>,
    /// How many registrations one network address may send within an hour, and how many new documents it may have read.
    pub per_hour: u32,
    /// Who vouches for apps by signed software statements, each as `ISSUER=JWKS_URI`.
    pub statement_issuers: Vec<Issuer>,
    /// Whether only apps with such a statement are taken.
    pub statement_required: bool,
}

impl Default for AppRegistration {
    fn default() -> Self {
        let usual = RegistrationSettings::default();
        Self {
            mode: WhoRegisters::Off,
            scope: usual.policy.scope.to_string(),
            grant_types: usual.policy.grant_types.iter().map(|one| Grant(one.as_str().to_owned())).collect(),
            auth_methods: usual.policy.auth_methods.iter().map(|one| AuthMethod(one.as_str().to_owned())).collect(),
            redirect_hosts: Vec::new(),
            require_pkce: usual.policy.require_pkce,
            resources: Vec::new(),
            documents: usual.documents,
            document_hosts: Vec::new(),
            per_hour: usual.per_address.tries,
            statement_issuers: Vec::new(),
            statement_required: usual.statement_required,
        }
    }
}

/// How apps register themselves, as the use cases take it. What is not right was told when the configuration was read.
pub(crate) fn settings(config: &Config) -> RegistrationSettings {
    let (here, tokens) = (&config.app_registration, &config.tokens);
    let issuer = |(name, keys): (&str, &str)| StatementIssuer { issuer: name.to_owned(), jwks_uri: keys.to_owned() };
    let is_allowed = |method: &ClientAuthMethod| here.auth_methods.iter().any(|one| one.0 == method.as_str());
    let usual = RegistrationSettings::default();
    RegistrationSettings {
        mode: match here.mode {
            WhoRegisters::Off => RegistrationMode::Off,
            WhoRegisters::Token => RegistrationMode::Token,
            WhoRegisters::Open => RegistrationMode::Open,
        },
        policy: Policy {
            scope: here.scope.parse().unwrap_or_default(),
            grant_types: here.grant_types.iter().filter_map(|one| one.0.parse().ok()).collect(),
            auth_methods: ClientAuthMethod::every().filter(is_allowed).collect(),
            redirect_hosts: here.redirect_hosts.clone(),
            require_pkce: here.require_pkce,
            resources: here.resources.clone(),
            code_lifetime: Duration::from_secs(u64::from(tokens.code_seconds)),
            access_token_lifetime: Duration::from_secs(u64::from(tokens.access_token_minutes) * 60),
            refresh_token_lifetime: Duration::from_secs(u64::from(tokens.refresh_token_days) * 86_400),
        },
        issuers: here.statement_issuers.iter().filter_map(Issuer::parts).map(issuer).collect(),
        statement_required: here.statement_required,
        documents: here.documents,
        document_hosts: here.document_hosts.clone(),
        per_address: Limit { tries: here.per_hour, ..usual.per_address },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_the_file_are_those_of_the_use_cases() {
        let (read, usual) = (settings(&Config::default()), RegistrationSettings::default());
        assert_eq!((read.mode, read.policy), (RegistrationMode::Off, usual.policy));
        assert!(!read.documents && read.document_hosts.is_empty());
        assert_eq!((read.per_address, read.statement_required), (usual.per_address, false));
    }

    #[test]
    fn an_issuer_is_named_with_its_keys() {
        let issuer: Issuer = "https://dir.example=https://dir.example/jwks?a=b".parse().unwrap();
        assert_eq!(issuer.parts(), Some(("https://dir.example", "https://dir.example/jwks?a=b")));
        for bad in
            ["https://dir.example", "=https://dir.example/jwks", "https://dir.example=http://dir.example/jwks", "a=b"]
        {
            assert!(bad.parse::<Issuer>().is_err(), "{bad}");
        }
        assert!("implicit".parse::<Grant>().is_err() && "tls".parse::<AuthMethod>().is_err());
    }
}
