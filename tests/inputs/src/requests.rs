//! What browsers and apps send as forms and queries.

use base::{Id, Timestamp};
use oauth::authorize::{Asked, AuthorizationParams, AuthorizeError, Via};
use oauth::client_auth::Presented;
use oauth::logout::LogoutParams;
use oauth::token_request::TokenRequest;
use oauth::{Client, ClientAuthMethod, Params, RedirectUri};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const CALLBACK: &str = "https://app.example.com/cb";

/// A public client with one redirect URI.
pub(crate) fn client() -> Client {
    let mut client = Client::new(Id::from_bytes([7; 16]), "app", "The App", ClientAuthMethod::None, NOW);
    client.redirect_uris = vec![CALLBACK.parse().expect("a redirect URI")];
    client
}

/// A query of the authorization endpoint. No error and no code ever goes to an address that the client did not register.
pub(crate) fn authorize(query: &[u8]) -> bool {
    let Ok(params) = Params::decode(query) else { return false };
    let asked = Asked { via: Via::Browser, signed: false, hint: &|_| None, now: NOW };
    match AuthorizationParams::new(params).validate(Some(&client()), &asked) {
        Ok(request) => assert_eq!(request.return_to(&client()).redirect_uri, CALLBACK),
        Err(AuthorizeError::Redirect { to, .. }) => {
            assert_eq!(to.redirect_uri, CALLBACK);
            return false;
        }
        Err(AuthorizeError::Page(_)) => return false,
    }
    true
}

/// The first line is an `Authorization` header, the rest a form of the token endpoint. A form is read the same after it
/// was taken apart.
pub(crate) fn token(input: &[u8]) -> bool {
    let (header, form) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (Some(&input[..end]).filter(|line| !line.is_empty()), &input[end + 1..]),
        None => (None, input),
    };
    let Ok(form) = Params::from_form(Some("application/x-www-form-urlencoded"), form) else { return false };
    let named = Presented::parse(header, &form).is_ok();
    let first = TokenRequest::parse(&form).is_ok();
    let again = Params::from_pairs(form.into_pairs()).expect("what was read can be read again");
    assert_eq!(TokenRequest::parse(&again).is_ok(), first);
    named && first
}

/// A query of the end-session endpoint. Without a hint that names the client nobody is sent anywhere.
pub(crate) fn logout(query: &[u8]) -> bool {
    let Ok(params) = Params::decode(query) else { return false };
    let Ok(parsed) = LogoutParams::parse(&params) else { return false };
    let _ = parsed.decide(None, Some(&client()), None);
    true
}

/// An address to be registered, and one to be compared with it.
pub(crate) fn redirect_uri(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let (registered, sent) = text.split_once('\n').unwrap_or((&text, &text));
    let Ok(uri) = registered.parse::<RedirectUri>() else { return false };
    assert!(!uri.as_str().contains('#'), "a fragment was registered: {registered}");
    assert!(uri.matches(uri.as_str()), "an address that does not match itself: {registered}");
    // A port may differ on loopback alone (RFC 8252 section 7.3).
    if uri.matches(sent) && sent != uri.as_str() {
        let local = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
        assert!(local.iter().any(|host| registered.starts_with(host)), "{sent} was taken for {registered}");
    }
    uri.matches(sent)
}
