//! What an app's tokens are like, from the command line.

use crate::cli::{Alg, Form, Tokens};
use oauth::client::{AccessTokenForm, Client};
use oauth::jose::SigningAlg;
use std::time::Duration;

/// The algorithm's name in the standards.
pub(super) const fn signing(alg: Alg) -> SigningAlg {
    match alg {
        Alg::Es256 => SigningAlg::ES256,
        Alg::Rs256 => SigningAlg::RS256,
        Alg::Eddsa => SigningAlg::EdDSA,
    }
}

/// The client with what is named; the rest stays as it was.
pub(super) fn shape(options: &Tokens, client: Client) -> Client {
    let mut client = client;
    let seconds = |named: Option<u32>, before| named.map_or(before, |n| Duration::from_secs(u64::from(n)));
    client.access_token_lifetime = seconds(options.access_token_seconds, client.access_token_lifetime);
    client.refresh_token_lifetime = seconds(options.refresh_token_seconds, client.refresh_token_lifetime);
    let tokens = &mut client.tokens;
    tokens.id_token_lifetime = seconds(options.id_token_seconds, tokens.id_token_lifetime);
    match options.access_token {
        Some(Form::Jwt) => tokens.access_token = AccessTokenForm::Jwt,
        Some(Form::Opaque) => tokens.access_token = AccessTokenForm::Opaque,
        None => {}
    }
    let alg = |named: Option<Alg>, before| named.map(signing).or(before);
    tokens.access_token_alg = alg(options.access_token_alg, tokens.access_token_alg);
    tokens.userinfo_signed_response_alg =
        alg(options.userinfo_signed_response_alg, tokens.userinfo_signed_response_alg);
    tokens.introspection_signed_response_alg =
        alg(options.introspection_signed_response_alg, tokens.introspection_signed_response_alg);
    let or = |named: &Option<_>, before| named.or(before);
    tokens.id_token_encrypted_response_alg =
        or(&options.id_token_encrypted_response_alg, tokens.id_token_encrypted_response_alg);
    tokens.userinfo_encrypted_response_alg =
        or(&options.userinfo_encrypted_response_alg, tokens.userinfo_encrypted_response_alg);
    let or = |named: &Option<_>, before| named.or(before);
    tokens.id_token_encrypted_response_enc =
        or(&options.id_token_encrypted_response_enc, tokens.id_token_encrypted_response_enc);
    tokens.userinfo_encrypted_response_enc =
        or(&options.userinfo_encrypted_response_enc, tokens.userinfo_encrypted_response_enc);
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Id, Timestamp};
    use oauth::client::ClientAuthMethod;

    #[test]
    fn what_is_not_named_stays_as_it_was() {
        let (id, now) = (Id::from_bytes([1; 16]), Timestamp::from_seconds(1));
        let mut before = Client::new(id, "app", "App", ClientAuthMethod::SecretBasic, now);
        before.tokens.access_token = AccessTokenForm::Opaque;
        assert_eq!(shape(&Tokens::default(), before.clone()), before);
        let named = Tokens {
            access_token_seconds: Some(60),
            id_token_seconds: Some(70),
            access_token_alg: Some(Alg::Rs256),
            userinfo_signed_response_alg: Some(Alg::Eddsa),
            ..Tokens::default()
        };
        let after = shape(&named, before);
        assert_eq!(after.access_token_lifetime, Duration::from_secs(60));
        assert_eq!(after.tokens.id_token_lifetime, Duration::from_secs(70));
        assert_eq!(after.tokens.userinfo_signed_response_alg, Some(SigningAlg::EdDSA));
        assert_eq!(after.tokens.access_token_alg, Some(SigningAlg::RS256));
        assert_eq!(after.tokens.access_token, AccessTokenForm::Opaque);
    }
}
