//! Client authentication at the back channel (RFC 6749 §2.3), before any transaction.

use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use oauth::client_auth::{AuthenticatedClient, Presented, authenticate};
use oauth::{ErrorCode, OAuthError};

impl Here {
    pub(super) async fn authenticate_client(&self, call: &BackChannel) -> Answer<AuthenticatedClient, OAuthError> {
        let presented = match Presented::read(call.authorization.as_deref(), &call.body) {
            Ok(presented) => presented,
            Err(error) => return refuse(error),
        };
        let client = match presented.client_id() {
            id if id.len() <= 256 => self.read().await?.find_client(id).await?,
            _ => None,
        };
        let Some(client) = client.filter(|client| client.disabled_at.is_none()) else {
            return refuse(OAuthError::new(ErrorCode::InvalidClient, "unknown client, or wrong credentials"));
        };
        match authenticate(client, presented) {
            Ok(client) => Ok(client),
            Err(error) => refuse(error),
        }
    }
}
