//! How many requests may wait for an answer. Each is kept for minutes, and an app without a secret is whoever says so.

use crate::guard::{NetworkLane, TooMany};
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use identity::limit::Limit;
use oauth::OAuthError;
use oauth::client::{Client, ClientAuthMethod, RegisteredBy};
use store::Tx;

/// So many apps one address may be at once: who makes ever more of them gets no further.
const APPS: u32 = 4;
/// How many more an app gets that registered itself, as everybody may, and proves that it is the same one.
const PROVEN: u32 = 20;

impl Here {
    /// Counts a request in the transaction that keeps it. What the operator has registered, and proves itself, is not
    /// counted: all that it begins comes from the few addresses of its servers.
    ///
    /// # Errors
    /// `temporarily_unavailable`, with how long to wait.
    pub(super) async fn may_wait(&self, tx: &mut Tx, client: &Client, visitor: &Visitor) -> Answer<(), OAuthError> {
        let Some(times) = counted(client) else { return Ok(()) };
        let limit = self.settings().requests;
        let so_often = |times| Limit { tries: limit.tries.saturating_mul(times), ..limit };
        let lanes = [
            NetworkLane::of_app(b"waits", client.id, visitor, so_often(times)),
            NetworkLane::of(b"waits", visitor, so_often(times.saturating_mul(APPS))),
        ];
        for lane in lanes {
            if let Err(TooMany { wait }) = lane.reserve(self, tx).await? {
                let text =
                    "too many requests of such apps from your network address: use those that were taken, or wait";
                return refuse(OAuthError::too_many(text, wait));
            }
        }
        Ok(())
    }
}

/// How many times the usual it may have waiting; nothing where it is not counted.
fn counted(client: &Client) -> Option<u32> {
    let by_anybody = client.registration.as_ref().is_some_and(|one| one.by != RegisteredBy::InitialToken);
    match client.auth_method {
        ClientAuthMethod::None => Some(1),
        _ if by_anybody => Some(PROVEN),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Id, Timestamp};
    use oauth::client::Registration;

    #[test]
    fn who_can_be_anybody_is_counted() {
        let of = |method, by: Option<RegisteredBy>| {
            let client = Client::new(Id::from_bytes([7; 16]), "a", "A", method, Timestamp::from_seconds(0));
            counted(&Client { registration: by.map(Registration::new), ..client })
        };
        let (none, secret) = (ClientAuthMethod::None, ClientAuthMethod::SecretBasic);
        assert_eq!(of(secret, None), None);
        assert_eq!(of(secret, Some(RegisteredBy::InitialToken)), None);
        assert_eq!(of(none, None), Some(1));
        assert_eq!(of(none, Some(RegisteredBy::InitialToken)), Some(1));
        assert_eq!(of(secret, Some(RegisteredBy::Anybody)), Some(PROVEN));
        assert_eq!(of(ClientAuthMethod::PrivateKeyJwt, Some(RegisteredBy::Document)), Some(PROVEN));
    }
}
