//! Signed authorization requests (RFC 9101): opened with the client's keys before anything else is looked at.

use crate::here::Here;
use crate::problem::{Answer, Problem, refuse};
use oauth::client::Client;
use oauth::error::ErrorCode;
use oauth::request_object::{RequestObjectError, RequestUse, open};
use oauth::{OAuthError, Params};

impl Here {
    /// The parameters of a request, and whether they were signed. A request object of a client that has no keys stays where
    /// it is, and is refused by name later.
    ///
    /// # Errors
    /// `invalid_request_object`.
    pub(super) async fn opened(&self, params: Params, client: &Client) -> Answer<(Params, bool), OAuthError> {
        self.opened_for(params, client, RequestUse::Authorization).await
    }

    /// The same for what the request asks for.
    pub(super) async fn opened_for(
        &self,
        params: Params,
        client: &Client,
        purpose: RequestUse,
    ) -> Answer<(Params, bool), OAuthError> {
        let token = match params.one("request") {
            Ok(Some(token)) if client.keys.can_verify() => token,
            Ok(_) => return Ok((params, false)),
            Err(doubled) => return refuse(doubled.into()),
        };
        let by = (client, purpose);
        let mut opened = open(by, token, &*self.keys_of(client, false).await?, self.issuer(), self.now());
        if client.keys.jwks_uri.is_some() && matches!(opened, Err(RequestObjectError::UnknownKey)) {
            opened = open(by, token, &*self.keys_of(client, true).await?, self.issuer(), self.now());
        }
        match opened {
            Ok(params) => Ok((params, true)),
            Err(error) => refuse(error.into_error()),
        }
    }

    /// The client's keys. That they can't be had is the request's fault here, and not the client's proof.
    async fn keys_of(
        &self,
        client: &Client,
        anew: bool,
    ) -> Answer<std::sync::Arc<oauth::jose::ClientKeySet>, OAuthError> {
        self.client_keys(client, anew).await.map_err(|problem| match problem {
            Problem::Refusal(error) => {
                Problem::Refusal(OAuthError::new(ErrorCode::InvalidRequestObject, error.description()))
            }
            fault => fault,
        })
    }
}
