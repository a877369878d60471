//! Revocation (RFC 7009).

use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use oauth::OAuthError;
use oauth::revocation::{RevocationRequest, may_revoke};

impl Here {
    /// Revokes a token of the client. A refresh token takes its whole family along (§2.1); an access token
    /// ends alone. A token that is unknown, or another client's, changes nothing and is no error (§2.2).
    ///
    /// # Errors
    /// `invalid_client`, `invalid_request`.
    pub async fn revoke(&self, call: BackChannel) -> Answer<(), OAuthError> {
        let client = self.authenticate_client(&call).await?;
        let token = match RevocationRequest::parse(&call.form) {
            Ok(request) => request.token,
            Err(error) => return refuse(error),
        };
        if let Some(text) = token.as_refresh() {
            let Some(token) = text.verify(self.issuer(), &self.parts().keyring) else { return Ok(()) };
            let mut tx = self.begin().await?;
            let grant = tx.lock_grant(token.grant).await?;
            if grant.is_some_and(|grant| grant.client == client.client().id) {
                tx.revoke_grant(token.grant, self.now()).await?;
                tx.commit().await?;
            }
            return Ok(());
        }
        if let Some(live) = self.live_token(token.reveal(), None).await?
            && may_revoke(&client, &live.token.client_id)
        {
            let mut tx = self.begin().await?;
            tx.revoke_token(&live.token.jti, live.token.expires_at).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
