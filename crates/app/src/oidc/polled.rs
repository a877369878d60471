//! Tokens for whoever comes back for them (RFC 8628 §3.4, CIBA Core §10.1).

use super::device::poll_of;
use super::grant::LiveGrant;
use super::mint::Extras;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::Secret;
use identity::Purpose;
use oauth::OAuthError;
use oauth::client_auth::AuthenticatedClient;
use oauth::confirmation::Confirmation;
use oauth::polling::Decision;
use oauth::scope::Scope;
use oauth::token_request::{CibaRequest, DeviceCodeRequest, Wanted};
use oauth::token_response::TokenResponse;

/// What an app comes back for.
pub(super) struct Polled {
    name: Secret,
    purpose: Purpose,
    wanted: Wanted,
}

impl From<DeviceCodeRequest> for Polled {
    fn from(request: DeviceCodeRequest) -> Self {
        Self { name: request.code, purpose: Purpose::DeviceCode, wanted: request.wanted }
    }
}

impl From<CibaRequest> for Polled {
    fn from(request: CibaRequest) -> Self {
        Self { name: request.id, purpose: Purpose::AuthRequest, wanted: request.wanted }
    }
}

impl Here {
    /// An app asks whether it was let in. The name of its request is used once; a second use ends everything that came of the
    /// first.
    pub(super) async fn redeem_polled(
        &self,
        request: Polled,
        (client, shown): (&AuthenticatedClient, Confirmation),
        visitor: &Visitor,
    ) -> Answer<TokenResponse, OAuthError> {
        let (now, purpose) = (self.now(), request.purpose);
        let recipient = self.recipient(client.client(), client.client().tokens.id_token_encryption()).await?;
        let unknown = || OAuthError::invalid_grant("there is no such request");
        let mut tx = self.begin().await?;
        let row = tx.find_single_use(request.name.hash(), purpose).await?;
        // Whose request it is comes first: another client must neither redeem it nor slow it down.
        let Some(row) = row.filter(|row| row.client == Some(client.client().id)) else { return refuse(unknown()) };
        let Some(id) = poll_of(&row) else { return refuse(unknown()) };
        let Some(mut poll) = tx.lock_poll(id).await? else { return refuse(unknown()) };
        // Read again under the lock: a parallel question may have been first.
        let used = tx.find_single_use(row.hash, purpose).await?.is_none_or(|row| row.consumed_at.is_some());
        if used {
            if let Some(Decision::Granted(grant)) = poll.polling.decision {
                self.replayed(tx, grant, client, visitor).await?;
            }
            return refuse(OAuthError::invalid_grant("the request was redeemed before; its tokens are revoked"));
        }
        let grant = match poll.polling.ask(now) {
            Ok(grant) => grant,
            Err(error) => {
                tx.save_poll(&poll).await?;
                tx.commit().await?;
                return refuse(error);
            }
        };
        let mut live = LiveGrant::lock(self, &mut tx, grant, client.client().id).await?;
        let target = match request.wanted.within(&live.grant().terms, client.client(), self.issuer()) {
            Ok(target) => target,
            Err(error) => return refuse(error),
        };
        if !tx.spend_single_use(row.hash, purpose, now).await? {
            return refuse(unknown());
        }
        live.bind(&mut tx, &shown).await?;
        let scope: Scope = live.grant().scope.parse().unwrap_or_default();
        let extras = Extras { nonce: None, generation: 0, target, shown, recipient, answers: None };
        let response = self.mint(&live, client, scope, extras)?;
        tx.commit().await?;
        Ok(response)
    }
}
