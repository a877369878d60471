//! What apps send that ask a person elsewhere, or let a device in: forms of clients that have proved themselves.

use crate::requests::{NOW, client};
use oauth::authorize::{Asked, AuthorizationParams, AuthorizationRequest, HintClaims, Via};
use oauth::backchannel::{Asking, Hint, LONGEST, check_beside};
use oauth::client::{BackchannelRules, DeliveryMode, GrantType};
use oauth::client_auth::{AuthenticatedClient, Presented, authenticate};
use oauth::{Client, Params};
use std::sync::Arc;

/// A client without a secret may not ask; the same one is sent its tokens, and so proves itself where they go.
fn sent() -> AuthenticatedClient {
    let backchannel = BackchannelRules {
        mode: DeliveryMode::Push,
        notification_endpoint: Some("https://app.example.com/told".to_owned()),
        ..BackchannelRules::default()
    };
    let grant_types = Some([GrantType::Ciba].into());
    let mut client = Client { auth_method: oauth::ClientAuthMethod::SecretBasic, backchannel, grant_types, ..client() };
    client.requests.detail_types = vec!["payment_initiation".to_owned()];
    AuthenticatedClient::to_be_sent(client).expect("a client that is sent its tokens")
}

fn device_client() -> AuthenticatedClient {
    let client = Client { grant_types: Some([GrantType::DeviceCode].into()), ..client() };
    let form = Params::from_pairs([("client_id".to_owned(), "app".to_owned())]).expect("a form");
    authenticate(&Arc::new(client), Presented::parse(None, &form).expect("a name")).expect("a client without a secret")
}

/// What holds of every request that no browser brought: it leads nowhere, and asks for nothing that the client may not have.
fn check(request: &AuthorizationRequest, client: &Client) {
    assert_eq!(request.redirect_uri, "", "an address to send somebody to");
    assert!(request.scope.is_subset(&client.scope), "{} is more than {}", request.scope, client.scope);
    assert!(request.terms.resources.is_empty(), "an API that the client may not have tokens for");
}

/// A form of the backchannel authentication endpoint (CIBA Core section 7.1). What is taken names one person, in one way,
/// shows them plain text, and lets itself be told by a token that is not guessed.
pub(crate) fn backchannel(form: &[u8]) -> bool {
    let Ok(form) = Params::from_form(Some("application/x-www-form-urlencoded"), form) else { return false };
    let alone = check_beside(&form).is_ok();
    let (client, hints) = (sent(), ["login_hint", "id_token_hint", "login_hint_token"]);
    let named = hints.iter().filter(|name| form.one(name).is_ok_and(|value| value.is_some())).count();
    let jane = || HintClaims { subject: "jane".to_owned(), audience: vec!["app".to_owned()], session: None };
    let hint = |token: &str| (token == "good").then(jane);
    let asked = Asked { via: Via::Pushed, signed: false, hint: &hint, now: NOW };
    let request = AuthorizationParams::new(form.clone()).validate_backchannel(&client, &asked);
    let (Ok(request), Ok(hint), Ok(asking)) = (request, Hint::read(&form), Asking::read(&form, client.client())) else {
        return false;
    };
    check(&request, client.client());
    assert!(request.is_openid() && named == 1, "{named} hints were taken");
    assert!(!alone, "what says something does not stand beside a signed request");
    match hint {
        Hint::Login(name) => assert!(!name.is_empty() && name.len() <= 320, "{name:?}"),
        Hint::IdToken => assert_eq!(request.hint_subject.as_deref(), Some("jane"), "a hint that nobody signed"),
    }
    let message = asking.message.expect("who shows no number sends a message");
    assert!(message.chars().count() <= 100 && !message.chars().any(char::is_control), "{message:?}");
    assert!(!message.to_lowercase().contains("://") && !message.trim().is_empty(), "{message:?}");
    assert!(!asking.lifetime.is_zero() && asking.lifetime <= LONGEST, "{:?}", asking.lifetime);
    let token = asking.notification_token.expect("who is told sends a token");
    assert!((22..=1024).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic()), "in a header");
    true
}

/// A form of the device authorization endpoint (RFC 8628 section 3.1).
pub(crate) fn device(form: &[u8]) -> bool {
    let Ok(form) = Params::from_form(Some("application/x-www-form-urlencoded"), form) else { return false };
    let client = device_client();
    let asked = Asked { via: Via::Pushed, signed: false, hint: &|_| None, now: NOW };
    let Ok(request) = AuthorizationParams::new(form).validate_device(&client, &asked) else { return false };
    check(&request, client.client());
    assert!(!request.scope.is_empty(), "nothing is asked for");
    true
}
