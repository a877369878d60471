//! Whose tokens a client may exchange, and how (RFC 8693).

use super::{Client, GrantType, InvalidClient};
use serde::{Deserialize, Serialize};

/// The most clients that one may name.
const MAX_CLIENTS: usize = 50;

/// The operator's policy for one client's exchanges.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExchangeRules {
    /// The clients whose tokens it may exchange, beside its own.
    pub from: Vec<String>,
    /// Whether it may act as the person without being named (impersonation, RFC 8693 §1.1).
    pub impersonate: bool,
    /// The one client that may act by this one's tokens (`may_act`, RFC 8693 §4.4); as others' settings say when there is none.
    pub may_act: Option<String>,
}

impl Client {
    pub(super) fn check_exchange(&self) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        let rules = &self.exchange;
        let exchanges = self.may_use(GrantType::TokenExchange);
        if (!rules.from.is_empty() || rules.impersonate) && !exchanges {
            return refuse("exchange_from", "give the client the grant type of token exchange (RFC 8693) too");
        }
        if exchanges && !self.auth_method.is_confidential() {
            return refuse("grant_types", "give the client a secret or a key: anybody could exchange in its name");
        }
        if rules.from.len() > MAX_CLIENTS || rules.from.contains(&self.client_id) {
            return refuse("exchange_from", "name at most 50 other clients");
        }
        Ok(())
    }
}
