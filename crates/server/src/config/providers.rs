//! Other providers by which people sign in.

use super::value::Private;
use super::{ConfigError, Loaded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use upstream::{ClientAuth, Fields, Hidden, Key, Kind, Plain, Preset, ResponseMode, is_directory, is_one_directory};
use url::{Host, Url};

/// What is known here already, so that nobody has to look it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Known {
    /// Google (OpenID Connect).
    Google,
    /// Microsoft Entra ID (OpenID Connect); it needs the `issuer` of your directory.
    Microsoft,
    /// GitHub (OAuth 2).
    GitHub,
}

/// How a provider works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum How {
    /// OpenID Connect by discovery.
    Oidc,
    /// OAuth 2 with an endpoint that says who someone is.
    OAuth2,
}

/// How a provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// By a redirect.
    Query,
    /// By a form that the browser posts, as Apple does.
    FormPost,
}

/// How the server authenticates at a provider's token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    /// By the header `Authorization`.
    Basic,
    /// In the form.
    Post,
}

/// A provider by which people sign in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Provider {
    /// Its name in the redirect URI, `https://YOUR-ORIGIN/login/upstream/KEY/callback`: lower-case letters, digits and
    /// dashes. Accounts that are linked keep it: don't change it later.
    pub key: String,
    /// Its name on the button.
    pub name: Option<String>,
    /// `google`, `microsoft` or `github`: endpoints, scopes and fields are known then.
    pub preset: Option<Known>,
    /// `oidc` (by discovery) or `oauth2`.
    pub kind: How,
    /// The issuer, as in `https://login.example.com`; its discovery document must name the same one.
    pub issuer: Option<String>,
    /// What this server is called there.
    pub client_id: String,
    /// The secret that it has there; nothing for a public client.
    pub client_secret: Option<Private>,
    /// What is asked for; nothing: `openid email profile`, or what the preset needs.
    pub scopes: Vec<String>,
    /// Whether a first sign-in by it may make an account, where sign-up is open.
    pub sign_up: bool,
    /// Whether its word that a mail address is verified is believed. If not, the address is confirmed by mail first.
    pub trust_email: bool,
    /// How it answers: `query`, or `form_post` for those that want that.
    pub response_mode: Answer,
    /// `oauth2`: where the browser is sent.
    pub authorization_endpoint: Option<String>,
    /// `oauth2`: where the code is exchanged.
    pub token_endpoint: Option<String>,
    /// `oauth2`: answers a JSON object about the person.
    pub userinfo_endpoint: Option<String>,
    /// `oauth2`: answers a list of addresses, each with `email`, `primary` and `verified`.
    pub emails_endpoint: Option<String>,
    /// `oauth2`: the field of that object that says who it is. It must never be given to another person.
    pub subject_field: Option<String>,
    /// `oauth2`: the field with the mail address.
    pub email_field: Option<String>,
    /// `oauth2`: the field that is `true` when the address is verified.
    pub email_verified_field: Option<String>,
    /// `oauth2`: the field with the name.
    pub name_field: Option<String>,
    /// `oauth2`: how to authenticate at the token endpoint, `basic` or `post`.
    pub client_auth: Option<Auth>,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            key: String::new(),
            name: None,
            preset: None,
            kind: How::Oidc,
            issuer: None,
            client_id: String::new(),
            client_secret: None,
            scopes: Vec::new(),
            sign_up: true,
            trust_email: false,
            response_mode: Answer::Query,
            authorization_endpoint: None,
            token_endpoint: None,
            userinfo_endpoint: None,
            emails_endpoint: None,
            subject_field: None,
            email_field: None,
            email_verified_field: None,
            name_field: None,
            client_auth: None,
        }
    }
}

/// How a directory of Microsoft's is written, and why no other way.
const DIRECTORY: &str = "https://login.microsoftonline.com/DIRECTORY-ID/v2.0, with the directory (tenant) ID in lower \
                         case that the Entra admin centre shows, or 9188040d-6c67-4c5b-b112-36a304b66dad for personal \
                         accounts. common, organizations and names of domains are no issuers";

/// A key that is wrong, and what to do.
type Wrong = (&'static str, String);

impl Provider {
    /// The provider, if it is described well enough.
    ///
    /// # Errors
    /// The first key that is not right.
    pub(crate) fn read(&self) -> Result<upstream::Provider, Wrong> {
        let key: Key = self.key.parse().map_err(|e: upstream::NotAKey| ("key", e.to_string()))?;
        let preset = self.preset.map(|known| match known {
            Known::Google => Preset::Google,
            Known::Microsoft => Preset::Microsoft,
            Known::GitHub => Preset::GitHub,
        });
        let name = self.name.clone().or_else(|| preset.map(|preset| preset.name().to_owned()));
        let name = name.filter(|name| identity::account::name(name).is_some_and(|clean| clean == *name));
        let name =
            name.ok_or_else(|| ("name", "expected a name, as it stands on the button: \"My Company\"".to_owned()))?;
        if self.client_id.trim().is_empty() {
            return Err((
                "client_id",
                "expected what this server is called there: you get it when you register it".to_owned(),
            ));
        }
        let kind = match (preset.and_then(Preset::endpoints).is_some(), self.kind) {
            (false, How::Oidc) => Kind::Oidc { issuer: self.issuer(preset)? },
            (true, _) | (_, How::OAuth2) => Kind::Plain(Box::new(self.plain(preset)?)),
        };
        if self.trust_email && preset.is_some_and(|preset| !preset.verifies_addresses()) {
            let why = "Microsoft says of no address that it is verified: leave this out, and it is confirmed by mail";
            return Err(("trust_email", why.to_owned()));
        }
        let secret = self.client_secret.as_ref().map(Private::reveal).filter(|text| !text.is_empty());
        Ok(upstream::Provider {
            key,
            name,
            client_id: self.client_id.trim().to_owned(),
            client_secret: secret.map(Hidden::new),
            scopes: self.scopes(preset, &kind),
            kind,
            response_mode: match self.response_mode {
                Answer::Query => ResponseMode::Query,
                Answer::FormPost => ResponseMode::FormPost,
            },
            sign_up: self.sign_up,
            trust_email: self.trust_email,
        })
    }

    fn scopes(&self, preset: Option<Preset>, kind: &Kind) -> Vec<String> {
        match (self.scopes.is_empty(), preset, kind) {
            (false, _, _) => self.scopes.clone(),
            (true, Some(preset), _) => preset.scopes(),
            (true, None, Kind::Oidc { .. }) => ["openid", "email", "profile"].map(str::to_owned).to_vec(),
            (true, None, Kind::Plain(_)) => Vec::new(),
        }
    }

    fn issuer(&self, preset: Option<Preset>) -> Result<String, Wrong> {
        let directory = format!("expected the issuer of one directory: {DIRECTORY}");
        let text = self.issuer.clone().or_else(|| preset.and_then(Preset::issuer).map(str::to_owned));
        let text = text.ok_or_else(|| match preset {
            Some(Preset::Microsoft) => ("issuer", directory.clone()),
            _ => ("issuer", "expected the provider's issuer, like https://login.example.com".to_owned()),
        })?;
        let url = web_address("issuer", &text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(("issuer", "an issuer has neither ? nor #: leave them out".to_owned()));
        }
        let is_microsoft = preset == Some(Preset::Microsoft) || is_directory(&url);
        if is_microsoft && !is_one_directory(&url) {
            return Err(("issuer", directory));
        }
        Ok(text)
    }

    fn plain(&self, preset: Option<Preset>) -> Result<Plain, Wrong> {
        let known = preset.and_then(Preset::endpoints);
        let needed = |name: &'static str, own: &Option<String>, known: Option<&str>| {
            let text = own.as_deref().or(known);
            web_address(
                name,
                text.ok_or_else(|| {
                    (name, "expected an address: a plain OAuth 2 provider has no document that names it".to_owned())
                })?,
            )
        };
        let authorization =
            needed("authorization_endpoint", &self.authorization_endpoint, known.map(|known| known.authorization))?;
        let emails = self.emails_endpoint.as_deref().or(known.map(|known| known.emails));
        let fields = preset.map(Preset::fields);
        let field = |own: &Option<String>, known: Option<String>| own.clone().filter(|name| !name.is_empty()).or(known);
        let subject = field(&self.subject_field, fields.as_ref().map(|fields| fields.subject.clone()));
        let issuer = match self.issuer.is_some() || preset.is_some() {
            true => self.issuer(preset)?,
            false => authorization.origin().ascii_serialization(),
        };
        Ok(Plain {
            issuer,
            token_endpoint: needed("token_endpoint", &self.token_endpoint, known.map(|known| known.token))?,
            userinfo_endpoint: needed("userinfo_endpoint", &self.userinfo_endpoint, known.map(|known| known.userinfo))?,
            emails_endpoint: emails.map(|text| web_address("emails_endpoint", text)).transpose()?,
            authorization_endpoint: authorization,
            fields: Fields {
                subject: subject
                    .ok_or_else(|| ("subject_field", "expected the field that says who it is, like id".to_owned()))?,
                email: field(&self.email_field, fields.as_ref().and_then(|fields| fields.email.clone())),
                email_verified: field(
                    &self.email_verified_field,
                    fields.as_ref().and_then(|f| f.email_verified.clone()),
                ),
                name: field(&self.name_field, fields.and_then(|fields| fields.name)),
            },
            client_auth: match self.client_auth {
                Some(Auth::Basic) => ClientAuth::Basic,
                Some(Auth::Post) => ClientAuth::Post,
                None => preset.map_or(ClientAuth::Basic, Preset::client_auth),
            },
        })
    }
}

/// An address that is asked with a secret: https, or http on this machine.
fn web_address(name: &'static str, text: &str) -> Result<Url, Wrong> {
    let form = || (name, format!("{text} is no https address: write it like https://login.example.com"));
    let url = Url::parse(text).map_err(|_| form())?;
    let local = url.host().is_some_and(|host: Host<&str>| base::origin::is_loopback(&host));
    let fine = url.scheme() == "https" || (url.scheme() == "http" && local);
    let bare = url.username().is_empty() && url.password().is_none();
    if fine && bare { Ok(url) } else { Err(form()) }
}

/// The providers that are not described well enough, or can't be told apart.
pub(super) fn broken(loaded: &Loaded) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    let (mut keys, mut issuers) = (BTreeMap::new(), BTreeMap::new());
    for (index, provider) in loaded.config.upstream.iter().enumerate() {
        let table =
            if provider.key.is_empty() { format!("upstream.{index}") } else { format!("upstream.{}", provider.key) };
        let mut wrong = |field: &str, what: String| {
            let name = format!("{table}.{field}");
            // A key that was left out has no place of its own: its table has.
            let place = [&name, &table]
                .into_iter()
                .map(|name| loaded.place(name))
                .find(|place| *place != super::reading::Place::Default);
            errors.push(ConfigError { place: place.unwrap_or(super::reading::Place::Default), key: name, what });
        };
        match provider.read() {
            Err((field, what)) => wrong(field, what),
            Ok(read) => {
                if keys.insert(read.key.as_str().to_owned(), index).is_some() {
                    wrong("key", "there is another provider of this key: give each its own".to_owned());
                } else if issuers.insert(read.issuer().to_owned(), index).is_some() {
                    // Who it is, is (issuer, subject): two of one issuer would mix up their people.
                    wrong("issuer", format!("there is another provider of the issuer {}: keep one", read.issuer()));
                }
            }
        }
    }
    errors
}
