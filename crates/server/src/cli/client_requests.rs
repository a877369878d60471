//! What an app may ask for, and how its requests have to come.

use clap::{Args, ValueEnum};

/// What an app may ask for. What is named takes the place of what was there.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Requests {
    /// Hold it to a whole set of rules.
    #[arg(long, value_enum)]
    pub profile: Option<Profile>,
    /// Its authorization requests have to be pushed (RFC 9126).
    #[arg(long)]
    pub require_pushed: bool,
    /// Its authorization requests have to be signed with one of its keys (RFC 9101).
    #[arg(long)]
    pub require_signed: bool,
    /// An address where its signed requests may be fetched, where outbound.request_uris is on. May be given several times.
    #[arg(long, value_name = "URL")]
    pub request_uri: Vec<String>,
    /// How old a sign-in to it may be, in seconds, where its requests don't say.
    #[arg(long, value_name = "SECONDS")]
    pub default_max_age: Option<u32>,
    /// How strong a sign-in to it should be, as a value of acr, where its requests don't say. May be given several times,
    /// best first.
    #[arg(long, value_name = "ACR")]
    pub default_acr: Vec<String>,
    /// Where it begins a sign-in: people open it there from their account. An empty one takes it away.
    #[arg(long, value_name = "URL")]
    pub initiate_login_uri: Option<String>,
    /// An API that it may have access tokens for (RFC 8707). May be given several times.
    #[arg(long, value_name = "URI")]
    pub resource: Vec<String>,
    /// A type of authorization details that it may ask for (RFC 9396). May be given several times.
    #[arg(long, value_name = "TYPE")]
    pub detail_type: Vec<String>,
    /// A grant that it uses, as in authorization_code. May be given several times. Default: what its kind of app usually does.
    #[arg(long, value_name = "GRANT")]
    pub grant_type: Vec<String>,
    /// A client whose tokens it may exchange (RFC 8693). May be given several times.
    #[arg(long, value_name = "CLIENT_ID")]
    pub exchange_from: Vec<String>,
    /// Let it act as the person by what it exchanges, without being named in the token.
    #[arg(long)]
    pub exchange_as_person: bool,
    /// The one client that may act by this one's tokens. An empty one takes it away.
    #[arg(long, value_name = "CLIENT_ID")]
    pub may_act: Option<String>,
    /// Tell it a subject of its own for each person, so that apps can't compare notes.
    #[arg(long)]
    pub pairwise: bool,
    /// The document that lists the redirect URIs which belong together, for apps on several hosts.
    #[arg(long, value_name = "URL")]
    pub sector_identifier_uri: Option<String>,
}

/// A set of rules by one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// The defaults.
    Plain,
    /// FAPI 2.0 Security Profile.
    Fapi2,
}
