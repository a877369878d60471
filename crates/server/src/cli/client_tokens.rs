//! What an app's tokens are like, on the command line.

use super::Alg;
use clap::{Args, ValueEnum};
use oauth::jose::{JweAlg, JweEnc};

/// What an app's tokens are like.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Tokens {
    /// The form of its access tokens.
    #[arg(long, value_enum, value_name = "FORM")]
    pub access_token: Option<Form>,
    /// How they are signed, where they are. Default: es256.
    #[arg(long, value_enum, value_name = "ALG")]
    pub access_token_alg: Option<Alg>,
    /// How many seconds its access tokens work.
    #[arg(long, value_name = "SECONDS")]
    pub access_token_seconds: Option<u32>,
    /// How many seconds its ID tokens are to be believed.
    #[arg(long, value_name = "SECONDS")]
    pub id_token_seconds: Option<u32>,
    /// How many seconds it may go on without a new sign-in, by its refresh tokens.
    #[arg(long, value_name = "SECONDS")]
    pub refresh_token_seconds: Option<u32>,
    /// Sign what userinfo tells it, as a JWT.
    #[arg(long, value_enum, value_name = "ALG")]
    pub userinfo_signed_response_alg: Option<Alg>,
    /// Encrypt its ID tokens to its key (--jwks, --jwks-uri): RSA-OAEP-256 or ECDH-ES.
    #[arg(long, value_name = "ALG")]
    pub id_token_encrypted_response_alg: Option<JweAlg>,
    /// With what: A128CBC-HS256 (default) or A256GCM.
    #[arg(long, value_name = "ENC")]
    pub id_token_encrypted_response_enc: Option<JweEnc>,
    /// Encrypt what userinfo tells it to its key: RSA-OAEP-256 or ECDH-ES.
    #[arg(long, value_name = "ALG")]
    pub userinfo_encrypted_response_alg: Option<JweAlg>,
    /// With what: A128CBC-HS256 (default) or A256GCM.
    #[arg(long, value_name = "ENC")]
    pub userinfo_encrypted_response_enc: Option<JweEnc>,
    /// How introspection is signed for it when it asks for a JWT (RFC 9701). Default: rs256.
    #[arg(long, value_enum, value_name = "ALG")]
    pub introspection_signed_response_alg: Option<Alg>,
}

/// The form of access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Signed: APIs read it themselves (RFC 9068).
    Jwt,
    /// Sealed: only this server can read it, and APIs ask by introspection.
    Opaque,
}
