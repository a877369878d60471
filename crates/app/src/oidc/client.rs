//! Client authentication at the back channel (RFC 6749 §2.3), before any transaction.

use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use oauth::OAuthError;
use oauth::client_auth::{AuthenticatedClient, Presented, authenticate, unknown_client};

impl Here {
    pub(super) async fn authenticate_client(&self, call: &BackChannel) -> Answer<AuthenticatedClient, OAuthError> {
        let presented = match Presented::parse(call.authorization.as_deref(), &call.form) {
            Ok(presented) => presented,
            Err(error) => return refuse(error),
        };
        let client = self.read().await?.find_client(presented.client_id()).await?;
        let Some(client) = client else { return refuse(unknown_client()) };
        match authenticate(&client, presented) {
            Ok(client) => Ok(client),
            Err(error) => refuse(error),
        }
    }
}
