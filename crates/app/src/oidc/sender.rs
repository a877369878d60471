//! The keys that a caller proves to hold: what its tokens are bound to, and what bound tokens need.

use super::connection::Connection;
use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::{Id, routes};
use identity::Purpose;
use oauth::OAuthError;
use oauth::access_token::VerifiedAccessToken;
use oauth::bearer::TokenScheme;
use oauth::certificate::ClientCertificate;
use oauth::client::Client;
use oauth::confirmation::Confirmation;
use oauth::dpop::{self, Call, Nonces, Proof};
use oauth::jose::JwsAlg;
use oauth::token_text::TokenText;

/// A call of a resource of ours, with an access token.
pub struct ResourceCall {
    /// The token.
    pub token: TokenText,
    /// How it was sent.
    pub scheme: TokenScheme,
    /// The `DPoP` headers.
    pub proofs: Vec<Vec<u8>>,
    /// The request's method.
    pub method: String,
    /// The request's path.
    pub path: &'static str,
    /// The connection.
    pub connection: Connection,
}

impl Here {
    /// The nonce for the next proof (RFC 9449 §8), where proofs need one.
    pub fn dpop_nonce(&self) -> Option<String> {
        self.nonces().map(|nonces| nonces.current(self.now()))
    }

    fn nonces(&self) -> Option<Nonces> {
        self.settings().dpop_nonces.then(|| Nonces::new(self.parts().keyring.subkey("dpop nonces")))
    }

    /// The keys that a client shows at an endpoint of the back channel, and has to show if it is registered so.
    ///
    /// # Errors
    /// `invalid_dpop_proof`, `use_dpop_nonce`.
    pub(super) async fn shown_keys(
        &self,
        call: &BackChannel,
        path: &'static str,
        client: &Client,
    ) -> Answer<Confirmation, OAuthError> {
        let jkt = self.key_at(call, path, client).await?;
        // FAPI 2.0 Security Profile §5.3.2.1 leaves the client the choice between a proof and its certificate.
        let by_choice = client.is_fapi() && !client.proof.dpop_bound && jkt.is_none();
        let by_certificate = by_choice && call.connection.certificate.is_some();
        let certificate = match client.proof.certificate_bound || by_certificate {
            true => Some(self.bound_certificate(&call.connection)?),
            false => None,
        };
        let shown = Confirmation { jkt, certificate };
        let proof_missing = client.proof.dpop_bound && shown.jkt.is_none();
        if proof_missing || client.is_sender_bound() && shown.is_none() {
            return refuse(dpop::missing());
        }
        Ok(shown)
    }

    /// The key that a request is pushed with, if any: its code is bound to it (RFC 9449 §10.1).
    ///
    /// # Errors
    /// `invalid_dpop_proof`, `use_dpop_nonce`.
    pub(super) async fn pushed_key(&self, call: &BackChannel, client: &Client) -> Answer<Option<String>, OAuthError> {
        self.key_at(call, routes::PAR, client).await
    }

    async fn key_at(
        &self,
        call: &BackChannel,
        path: &'static str,
        client: &Client,
    ) -> Answer<Option<String>, OAuthError> {
        let at = Call { method: "POST", url: &self.url_by(&call.connection, path), access_token: None };
        let proof = self.proof(&call.proofs, &at, client.id).await?;
        if client.is_fapi() && proof.as_ref().is_some_and(|proof| !JwsAlg::FAPI.contains(&proof.alg)) {
            return refuse(dpop::weak());
        }
        Ok(proof.map(|proof| proof.jkt))
    }

    /// Whether an access token is used by whom it is bound to.
    ///
    /// # Errors
    /// `invalid_token`, `invalid_dpop_proof`, `use_dpop_nonce`: each with the challenge of a resource.
    pub(super) async fn check_sender(
        &self,
        call: &ResourceCall,
        token: &VerifiedAccessToken,
        client: Id,
    ) -> Answer<(), OAuthError> {
        let certificate = call.connection.certificate.as_ref().map(ClientCertificate::thumbprint);
        let mut shown = Confirmation { jkt: None, certificate };
        if call.scheme == TokenScheme::Dpop {
            let url = self.url_by(&call.connection, call.path);
            let at = Call { method: &call.method, url: &url, access_token: Some(call.token.reveal()) };
            let proof =
                self.proof(&call.proofs, &at, client).await.map_err(|problem| problem.map(|e| e.by(call.scheme)))?;
            let Some(proof) = proof else { return refuse(dpop::missing().by(call.scheme)) };
            shown.jkt = Some(proof.jkt);
        }
        match token.confirmation.check_use(call.scheme, &shown) {
            Ok(()) => Ok(()),
            Err(error) => refuse(error),
        }
    }

    async fn proof(&self, proofs: &[Vec<u8>], at: &Call<'_>, client: Id) -> Answer<Option<Proof>, OAuthError> {
        let verified = dpop::one(proofs)
            .and_then(|proof| proof.map(|p| dpop::verify(p, at, self.nonces().as_ref(), self.now())).transpose());
        let proof = match verified {
            Ok(Some(proof)) => proof,
            Ok(None) => return Ok(None),
            Err(error) => return refuse(error),
        };
        let is_first = self.is_first_use(Purpose::DpopProof, proof.once, client, proof.until).await?;
        if is_first { Ok(Some(proof)) } else { refuse(dpop::replayed()) }
    }
}
