//! How a client asks people who are elsewhere, and how it hears what they said.

use super::validate::is_web_link;
use super::{Client, GrantType, InvalidClient};
use crate::jose::JwsAlg;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How a client hears what a person said (OpenID Connect Client-Initiated Backchannel Authentication Core 1.0 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMode {
    /// It comes back and asks.
    #[default]
    Poll,
    /// It is told that there is something, and comes for it.
    Ping,
    /// It is sent the tokens.
    Push,
}

impl DeliveryMode {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 3] = [Self::Poll, Self::Ping, Self::Push];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Ping => "ping",
            Self::Push => "push",
        }
    }
}

/// The text names no mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("use poll, ping or push")]
pub struct UnknownDeliveryMode;

impl FromStr for DeliveryMode {
    type Err = UnknownDeliveryMode;

    fn from_str(text: &str) -> Result<Self, UnknownDeliveryMode> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(UnknownDeliveryMode)
    }
}

/// Rules for one client's backchannel authentication requests (§4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BackchannelRules {
    /// `backchannel_token_delivery_mode`.
    pub mode: DeliveryMode,
    /// `backchannel_client_notification_endpoint`: where it is told, unless it only asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_endpoint: Option<String>,
    /// `backchannel_authentication_request_signing_alg`: with this its requests have to be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_alg: Option<JwsAlg>,
    /// Whether it shows people the number that they have to type. A client that does not has to send a message with each
    /// request.
    pub shows_number: bool,
}

impl Client {
    /// Whether its backchannel authentication requests have to be signed.
    pub fn must_sign_backchannel(&self) -> bool {
        self.backchannel.signing_alg.is_some() || self.requests.require_signed || self.is_fapi()
    }

    /// Checks the rules against what the client is.
    pub(super) fn check_backchannel(&self) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        let rules = &self.backchannel;
        if let Some(uri) = &rules.notification_endpoint
            && (!is_web_link(uri) || uri.contains('#'))
        {
            return refuse(
                "backchannel_client_notification_endpoint",
                "use an https address without a fragment, of at most 2048 bytes, or http on localhost",
            );
        }
        if rules.signing_alg.is_some_and(|alg| !JwsAlg::ASYMMETRIC.contains(&alg)) {
            return refuse("backchannel_authentication_request_signing_alg", "use PS256, ES256, EdDSA or RS256");
        }
        if !self.may_use(GrantType::Ciba) {
            return Ok(());
        }
        if !self.auth_method.is_confidential() {
            return refuse(
                "grant_types",
                "give the client a secret or a key: only such a one may ask people elsewhere",
            );
        }
        if self.must_sign_backchannel() && !self.keys.can_verify() {
            return refuse(
                "backchannel_authentication_request_signing_alg",
                "register the client's keys, which its requests are signed with",
            );
        }
        if rules.mode != DeliveryMode::Poll && rules.notification_endpoint.is_none() {
            return refuse("backchannel_client_notification_endpoint", "name the address that ping and push go to");
        }
        // FAPI-CIBA §5.2.2: no push. And what is pushed is bound to no key: nobody shows one then.
        if rules.mode == DeliveryMode::Push && self.is_sender_bound() {
            return refuse(
                "backchannel_token_delivery_mode",
                "use poll or ping: tokens that are pushed can't be bound to a key, and FAPI does not allow it",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::{confidential, public};

    fn asks(client: Client, mode: DeliveryMode, endpoint: Option<&str>) -> Client {
        let notification_endpoint = endpoint.map(str::to_owned);
        Client {
            grant_types: Some([GrantType::Ciba].into()),
            backchannel: BackchannelRules { mode, notification_endpoint, ..BackchannelRules::default() },
            ..client
        }
    }

    fn fault(client: &Client) -> Option<&'static str> {
        client.validate().err().map(|invalid| invalid.field)
    }

    #[test]
    fn who_asks_people_elsewhere_has_a_secret_and_an_address_where_it_is_told() {
        let endpoint = "backchannel_client_notification_endpoint";
        let there = Some("https://app.example.com/told");
        assert_eq!(fault(&asks(confidential(), DeliveryMode::Poll, None)), None);
        assert_eq!(fault(&asks(public(), DeliveryMode::Poll, None)), Some("grant_types"));
        for mode in [DeliveryMode::Ping, DeliveryMode::Push] {
            assert_eq!(fault(&asks(confidential(), mode, there)), None);
            assert_eq!(fault(&asks(confidential(), mode, None)), Some(endpoint));
            for bad in ["http://app.example.com/", "https://app.example.com/#f", "app.example.com", "javascript:1"] {
                assert_eq!(fault(&asks(confidential(), mode, Some(bad))), Some(endpoint), "{bad}");
            }
        }
    }

    #[test]
    fn what_is_bound_to_a_key_is_not_pushed() {
        let mut client = asks(confidential(), DeliveryMode::Push, Some("https://app.example.com/told"));
        client.proof.dpop_bound = true;
        assert_eq!(fault(&client), Some("backchannel_token_delivery_mode"));
        client.backchannel.mode = DeliveryMode::Ping;
        assert_eq!(fault(&client), None);
    }

    #[test]
    fn who_has_to_sign_has_keys() {
        let mut client = asks(confidential(), DeliveryMode::Poll, None);
        client.backchannel.signing_alg = Some(JwsAlg::ES256);
        assert_eq!(fault(&client), Some("backchannel_authentication_request_signing_alg"));
        client.backchannel.signing_alg = Some(JwsAlg::HS256);
        assert_eq!(fault(&client), Some("backchannel_authentication_request_signing_alg"));
    }
}
