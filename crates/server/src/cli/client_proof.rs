//! How an app proves itself, on the command line.

use clap::{Args, ValueEnum};
use std::net::IpAddr;
use std::path::PathBuf;

/// How an app proves itself at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Auth {
    /// With its secret in the Authorization header.
    #[value(alias = "client_secret_basic")]
    Basic,
    /// With its secret in the body.
    #[value(alias = "client_secret_post")]
    Post,
    /// By a signature under its secret, which is never sent.
    #[value(alias = "client_secret_jwt")]
    ClientSecretJwt,
    /// By a signature of its own key: see --jwks and --jwks-uri.
    #[value(alias = "private_key_jwt")]
    PrivateKeyJwt,
    /// By the certificate of its connection, from an authority of mtls.ca_file: name it by one --tls-client-auth-... option.
    #[value(name = "tls-client-auth", alias = "tls_client_auth")]
    TlsClient,
    /// By the certificate of its connection, which it registered: see --jwks and --jwks-uri.
    #[value(name = "self-signed-tls-client-auth", alias = "self_signed_tls_client_auth")]
    SelfSignedTlsClient,
    /// Not at all: a public client, such as a mobile app or one that runs in the browser.
    None,
}

/// What an app proves itself with.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Proof {
    /// A file with its public keys, as a JWK set.
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    pub jwks: Option<PathBuf>,
    /// Where it publishes its public keys, as a JWK set. Fetched when needed, and kept for a minute.
    #[arg(long, value_name = "URL")]
    pub jwks_uri: Option<String>,
    /// The one algorithm that it signs with, of PS256, ES256, EdDSA, RS256, HS256. Default: any that fits its keys.
    #[arg(long, value_name = "ALG")]
    pub assertion_alg: Option<String>,
    /// Bind all its tokens to a key that it proves to hold (DPoP, RFC 9449): a request without a proof gets none.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub dpop: Option<bool>,
    /// Bind all its tokens to the certificate of its connection (RFC 8705): a request without one gets none.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub certificate_bound: Option<bool>,
    /// The name in its certificates, for tls-client-auth.
    #[command(flatten)]
    pub certificate: CertificateName,
}

/// The one name by which an app's certificates are known.
#[derive(Debug, Clone, Default, Args)]
#[group(multiple = false)]
pub(crate) struct CertificateName {
    /// The subject of its certificates, as in CN=shop,O=Acme,C=DE.
    #[arg(long, value_name = "DN")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// A DNS name among the alternative names of its certificates.
    #[arg(long, value_name = "NAME")]
    pub tls_client_auth_san_dns: Option<String>,
    /// A URI among the alternative names of its certificates.
    #[arg(long, value_name = "URI")]
    pub tls_client_auth_san_uri: Option<String>,
    /// An IP address among the alternative names of its certificates.
    #[arg(long, value_name = "ADDRESS")]
    pub tls_client_auth_san_ip: Option<IpAddr>,
    /// A mail address among the alternative names of its certificates.
    #[arg(long, value_name = "MAIL")]
    pub tls_client_auth_san_email: Option<String>,
}
