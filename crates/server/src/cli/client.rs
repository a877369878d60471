//! The commands about apps.

use super::{Auth, ClientList, ClientLog, ClientPurge, ClientRemove, Common, Proof, Requests, TokenCommand, Tokens};
use clap::{Args, Subcommand, ValueEnum};

/// Commands about apps.
#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Add an app. Prints its client id and, unless it is public, its secret: the only time it is shown.
    #[command(after_help = "Examples:
  watchbell client add --dev --name \"My app\" --redirect-uri http://localhost:3000/callback
  watchbell client add --name \"Acme Mobile\" --auth none --redirect-uri com.acme.app:/callback
  watchbell client add --name \"Acme Web\" --first-party --redirect-uri https://acme.example/callback \\
      --post-logout-redirect-uri https://acme.example/
  watchbell client add --name \"Acme Bank\" --auth private-key-jwt --jwks-uri https://bank.example/jwks \\
      --redirect-uri https://bank.example/callback")]
    Add(ClientAdd),
    /// Change how an app proves itself, what it may ask for, what a sign-in to it takes, or how it hears of a sign-out. What
    /// is not named stays as it is.
    #[command(after_help = "Examples:
  watchbell client update acme-web-123456 --require second-factor
  watchbell client update acme-web-123456 --methods passkey,security_key --sign-up closed
  watchbell client update acme-web-123456 --like-tenant
  watchbell client update acme-web-123456 --backchannel-logout-uri https://acme.example/signed-out
  watchbell client update acme-web-123456 --auth private-key-jwt --jwks keys.json")]
    Update(ClientUpdate),
    /// List the apps.
    #[command(after_help = "Examples:
  watchbell client list --dev
  watchbell client list --registered --json")]
    List(ClientList),
    /// Remove an app: its tokens end, and what people allowed it is forgotten.
    #[command(after_help = "Examples:
  watchbell client remove acme-web-123456")]
    Remove(ClientRemove),
    /// Remove apps that came without you, registered by themselves or described by a document, and that nobody uses.
    #[command(after_help = "Examples:
  watchbell client purge
  watchbell client purge --days 0 --also-used")]
    Purge(ClientPurge),
    /// What apps did by themselves: registered, changed what they had registered, withdrew it.
    #[command(after_help = "Examples:
  watchbell client log
  watchbell client log --days 90 --json | jq '.[] | select(.kind == \"client.changed\")'")]
    Log(ClientLog),
    /// Tokens with which apps may register themselves.
    #[command(
        subcommand,
        after_help = "Examples:
  watchbell client token add --name \"Build server\"
  watchbell client token list"
    )]
    Token(TokenCommand),
}

/// Options of `client add`.
#[derive(Debug, Args)]
pub(crate) struct ClientAdd {
    /// The name that people read when they sign in to it.
    #[arg(long)]
    pub name: String,
    /// Where people return to with the code. May be given several times; compared byte by byte. An app that is
    /// given grants without a redirect needs none.
    #[arg(long, value_name = "URI", required_unless_present = "grant_type")]
    pub redirect_uri: Vec<String>,
    /// Where people may return to after signing out. May be given several times.
    #[arg(long, value_name = "URI")]
    pub post_logout_redirect_uri: Vec<String>,
    /// The client id. Default: one made from the name.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// How it proves itself at the token endpoint.
    #[arg(long, alias = "auth-method", value_enum, default_value_t = Auth::Basic)]
    pub auth: Auth,
    /// What it proves itself with.
    #[command(flatten)]
    pub proof: Proof,
    /// It is your own: people are not asked for consent.
    #[arg(long)]
    pub first_party: bool,
    /// What it can do is risky: its access waits for a yes in another browser of the person, or by mail.
    #[arg(long, conflicts_with = "first_party")]
    pub high_risk: bool,
    /// The scopes that it may ask for, of openid, profile, email, address, phone, notices and offline_access.
    #[arg(long, default_value = "openid profile email offline_access")]
    pub scope: String,
    /// A scope of your own API that it may ask for too. May be given several times.
    #[arg(long, value_name = "WORD")]
    pub api_scope: Vec<String>,
    /// Let it sign in without PKCE, for libraries that have none. Only with a secret.
    #[arg(long)]
    pub without_pkce: bool,
    /// It is an API that may ask about tokens of others (introspection).
    #[arg(long)]
    pub resource_server: bool,
    /// Put name and mail into its ID tokens too, for apps that never ask userinfo.
    #[arg(long)]
    pub(crate) claims_in_id_token: bool,
    /// How its ID tokens are signed.
    #[arg(long, value_enum, default_value_t = Alg::Es256)]
    pub id_token_alg: Alg,
    /// Its home page.
    #[arg(long, value_name = "URL")]
    pub home_url: Option<String>,
    /// Its logo, shown on the consent page where it has an address below your public origin: pages load no others.
    #[arg(long, value_name = "URL")]
    pub logo_uri: Option<String>,
    /// Its privacy policy, linked on the consent page.
    #[arg(long, value_name = "URL")]
    pub policy_uri: Option<String>,
    /// Its terms of service, linked on the consent page.
    #[arg(long, value_name = "URL")]
    pub tos_uri: Option<String>,
    /// What it may ask for.
    #[command(flatten)]
    pub requests: Requests,
    /// What its tokens are like.
    #[command(flatten)]
    pub tokens: Tokens,
    /// What a sign-in to it takes.
    #[command(flatten)]
    pub login: LoginRules,
    /// How it hears that somebody signed out.
    #[command(flatten)]
    pub logout: LogoutRules,
    /// How it asks people who are elsewhere.
    #[command(flatten)]
    pub ciba: Ciba,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// How an app asks people who are elsewhere (CIBA). An empty address takes one away.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Ciba {
    /// How it hears what they said: poll, ping or push.
    #[arg(long, value_name = "MODE")]
    pub ciba_mode: Option<String>,
    /// Where its server is told, for ping and push.
    #[arg(long, value_name = "URL")]
    pub ciba_notification_endpoint: Option<String>,
    /// Its requests have to be signed, by this algorithm: PS256, ES256, EdDSA or RS256. An empty one takes it away.
    #[arg(long, value_name = "ALG")]
    pub ciba_signing_alg: Option<String>,
    /// It shows people the number that they have to type.
    #[arg(long, value_name = "YES")]
    pub ciba_shows_number: Option<bool>,
}

/// How an app hears that somebody signed out. An empty address takes one away.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LogoutRules {
    /// Where its server is told that a session has ended (back-channel logout).
    #[arg(long, value_name = "URL")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether it must be told which session. It always is.
    #[arg(long, value_name = "YES")]
    pub backchannel_logout_session_required: Option<bool>,
    /// What the signed-out page loads in a hidden frame (front-channel logout): of the origin of a redirect URI.
    #[arg(long, value_name = "URL")]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether it must be told issuer and session there. It always is.
    #[arg(long, value_name = "YES")]
    pub frontchannel_logout_session_required: Option<bool>,
}

/// What a sign-in to an app takes, beyond what the configuration asks of everybody.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LoginRules {
    /// How much a sign-in to it must prove.
    #[arg(long, value_enum)]
    pub require: Option<Require>,
    /// The ways to sign in that count for it, of password, passkey, security_key, totp, mail_code, upstream.
    #[arg(long, value_name = "WAY", value_delimiter = ',')]
    pub methods: Option<Vec<String>>,
    /// Who can make an account on the way to it: open, invited, closed.
    #[arg(long, value_name = "WHO")]
    pub sign_up: Option<String>,
    /// How many days an account may do without a second factor that is required.
    #[arg(long, value_name = "DAYS")]
    pub enrolment_grace_days: Option<u16>,
    /// The rules for passwords of accounts that are made on the way to it: default, nist.
    #[arg(long, value_name = "PRESET")]
    pub password_preset: Option<String>,
}

/// How much a sign-in must prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Require {
    /// What the configuration asks of everybody.
    None,
    /// Two factors.
    SecondFactor,
    /// A passkey, or a security key beside a password.
    PhishingResistant,
}

/// Options of `client update`.
#[derive(Debug, Args)]
pub(crate) struct ClientUpdate {
    /// The client id.
    pub id: String,
    /// Forget its own rules first: a sign-in to it takes what the configuration asks.
    #[arg(long)]
    pub like_tenant: bool,
    /// How it proves itself at the token endpoint. Another way than before comes with a new secret, or with none.
    #[arg(long, alias = "auth-method", value_enum)]
    pub auth: Option<Auth>,
    /// What it proves itself with.
    #[command(flatten)]
    pub proof: Proof,
    /// What it may ask for.
    #[command(flatten)]
    pub requests: Requests,
    /// What its tokens are like.
    #[command(flatten)]
    pub tokens: Tokens,
    /// What a sign-in to it takes.
    #[command(flatten)]
    pub login: LoginRules,
    /// How it hears that somebody signed out.
    #[command(flatten)]
    pub logout: LogoutRules,
    /// How it asks people who are elsewhere.
    #[command(flatten)]
    pub ciba: Ciba,
    /// Which installation.
    #[command(flatten)]
    pub common: Common,
}

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Alg {
    /// ECDSA on P-256.
    Es256,
    /// RSA with 2048 bits, which every library knows.
    Rs256,
    /// Ed25519.
    Eddsa,
}
