//! What the operator sets: a commented file, and the environment above it.
//!
//! `config/watchbell.toml` shows every key with its default; `config/schema.json` lets an editor complete them.
//! A key `memory_kib` in section `password` is also the variable `WATCHBELL_PASSWORD__MEMORY_KIB`; the `client_secret`
//! of the `[[upstream]]` whose key is `google` is `WATCHBELL_UPSTREAM__GOOGLE__CLIENT_SECRET`.

pub(crate) mod changes;
pub(crate) mod machine;
pub(crate) mod mtls;
pub(crate) mod people;
pub(crate) mod production;
pub(crate) mod providers;
pub(crate) mod reach;
mod reading;
pub(crate) mod registration;
pub(crate) mod risk;
mod rules;
pub(crate) mod telemetry;
pub(crate) mod value;

pub(crate) use reading::{ConfigError, Loaded, load};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Watchbell")]
pub(crate) struct Config {
    /// Where the server listens and under which address people know it.
    pub server: machine::Server,
    /// Whose server it is.
    pub tenant: machine::Tenant,
    /// The database.
    pub database: machine::Database,
    /// Redis, for nodes that work together.
    pub redis: machine::Redis,
    /// The master key, and the life of the keys that sign tokens.
    pub keys: machine::Keys,
    /// How passwords are hashed and which are good enough.
    pub password: people::Password,
    /// Sign-in, sessions, and the limits on guessing.
    pub sign_in: people::SignIn,
    /// Other providers by which people sign in: Google, GitHub, any with OpenID Connect. One table for each.
    pub upstream: Vec<providers::Provider>,
    /// What happens with a sensitive change of an account.
    pub changes: changes::Changes,
    /// What is odd about a sign-in that is otherwise right, and what follows.
    pub risk: risk::Risk,
    /// How long what an app receives is good for.
    pub tokens: people::Tokens,
    /// Apps that prove themselves by the certificate of their connection.
    pub mtls: mtls::Mtls,
    /// Apps that register themselves.
    pub app_registration: registration::AppRegistration,
    /// How mail is sent.
    pub mail: reach::Mail,
    /// Notices in the browser.
    pub push: reach::Push,
    /// Outgoing connections.
    pub outbound: reach::OutboundRules,
    /// Where a network address is.
    pub geo: reach::Geo,
    /// How much one client may take up.
    pub limits: machine::Limits,
    /// The log.
    pub log: machine::Log,
    /// Traces, for a collector.
    pub telemetry: telemetry::Telemetry,
}

#[cfg(test)]
mod deployed;
#[cfg(test)]
mod tests;
