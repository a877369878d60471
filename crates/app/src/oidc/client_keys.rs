//! The keys of a client: those that it registered, those that it publishes, or its secret.
//!
//! What is published is fetched through the guarded client and used for a minute at most, so that a key that was withdrawn is
//! soon worth nothing. A token with a key that nobody knows has it fetched once more; how often, strangers do not decide.

use super::published::{Published, fetch};
use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::{Fault, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth::OAuthError;
use oauth::client::{Client, ClientAuthMethod, SealedSecret, recipient};
use oauth::jose::{ClientKeySet, JweAlg, JweEnc, Recipient};
use outbound::Outbound;
use std::sync::Arc;
use std::time::Duration;

/// How long fetched keys are used.
const FRESH: Duration = Duration::from_secs(60);

/// What clients publish, kept between requests.
#[derive(Default)]
pub(crate) struct PublishedKeys(Published<ClientKeySet>);

impl PublishedKeys {
    /// The keys at an address. `anew`: with what was fetched before, something could not be verified.
    pub(super) async fn get(
        &self,
        outbound: &Outbound,
        address: &str,
        anew: bool,
        now: Timestamp,
    ) -> Result<Arc<ClientKeySet>, String> {
        let keys = async {
            let answer = fetch(outbound, address).await?;
            Ok((ClientKeySet::parse(&answer.body).map_err(|e| e.to_string())?, FRESH))
        };
        self.0.get(address, (anew, now), keys).await
    }
}

impl Here {
    /// The keys that a client's signatures are verified with; none for a client that has none. `anew` asks for fresher ones
    /// after [`oauth::jose::JwtError::UnknownKey`].
    ///
    /// # Errors
    /// `invalid_client` when they can't be fetched or read.
    pub(crate) async fn client_keys(&self, client: &Client, anew: bool) -> Answer<Arc<ClientKeySet>, OAuthError> {
        if let Some(set) = &client.keys.jwks {
            return match ClientKeySet::of(set) {
                Ok(keys) => Ok(Arc::new(keys)),
                Err(invalid) => refuse(OAuthError::invalid_client(invalid.advice())),
            };
        }
        let Some(address) = &client.keys.jwks_uri else { return Ok(Arc::default()) };
        let keys = self.published_keys().get(&self.parts().outbound, address, anew, self.now()).await;
        keys.or_else(|why| {
            let text = "the keys at jwks_uri can't be fetched: check that it answers with a JWK set, and try again";
            refuse(OAuthError::invalid_assertion(text).because(why))
        })
    }

    /// Whom something for a client is encrypted to, if it is.
    ///
    /// # Errors
    /// `invalid_client` when the client publishes no key that fits.
    pub(super) async fn recipient(
        &self,
        client: &Client,
        encryption: Option<(JweAlg, JweEnc)>,
    ) -> Answer<Option<Recipient>, OAuthError> {
        let Some(encryption) = encryption else { return Ok(None) };
        match recipient(&*self.client_keys(client, false).await?, encryption) {
            Some(recipient) => Ok(Some(recipient)),
            None => {
                let text = "the client publishes no key to encrypt to with the algorithm that it is registered for";
                refuse(OAuthError::invalid_assertion(text))
            }
        }
    }

    /// The secret that a client signs under, as its key.
    pub(super) fn secret_key(&self, client: &Client) -> Result<ClientKeySet, Fault> {
        let (ClientAuthMethod::SecretJwt, Some(sealed)) = (client.auth_method, &client.proof.sealed_secret) else {
            return Ok(ClientKeySet::default());
        };
        let sealed = STANDARD.decode(&sealed.0).map_err(|e| Fault::new("read a client's secret", e))?;
        let secret = self.parts().keyring.open(&place_of(client.id), &sealed);
        Ok(ClientKeySet::of_secret(&secret.map_err(|e| Fault::new("open a client's secret", e))?))
    }

    /// Seals the secret of a client that signs under it.
    ///
    /// # Errors
    /// [`Fault`] when it can't be sealed.
    pub(crate) fn seal_secret(&self, client: base::Id, secret: &base::Secret) -> Result<SealedSecret, Fault> {
        let sealed = self.parts().keyring.seal(&place_of(client), secret.reveal().as_bytes(), self.rng())?;
        Ok(SealedSecret(STANDARD.encode(sealed)))
    }
}

fn place_of(client: base::Id) -> String {
    format!("clients.secret/{client}")
}
