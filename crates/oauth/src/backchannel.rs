//! Asking a person who is elsewhere (OpenID Connect Client-Initiated Backchannel Authentication Core 1.0): what a request
//! says beside what every authorization request says, and the answer to it.

use crate::client::{Client, DeliveryMode};
use crate::error::{ErrorCode, OAuthError};
use crate::params::Params;
use crate::token_response::TokenResponse;
use crate::{polling, pushed, seconds};
use base::{Fault, Id, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a person is asked for, where the client does not say.
pub const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How long at most (NIST SP 800-63B-4 §3.1.3.3, for what comes out of band).
pub const LONGEST: Duration = Duration::from_secs(10 * 60);
/// The longest message, in characters: it has to fit onto a lock screen.
const MAX_MESSAGE: usize = 100;
/// The longest notification token (§7.1), in bytes.
const MAX_TOKEN: usize = 1024;
/// The shortest: 128 bits in base64url (§7.1).
const MIN_TOKEN: usize = 22;

/// Parameters that may stand beside a signed request: what the client proves itself with, and the request itself.
const BESIDE: [&str; 5] =
    [pushed::CREDENTIALS[0], pushed::CREDENTIALS[1], pushed::CREDENTIALS[2], "client_id", "request"];

/// What a request says of the asking itself (§7.1). It holds a secret, so it has no `Debug`.
pub struct Asking {
    /// What the person is shown here and there (`binding_message`).
    pub message: Option<String>,
    /// How long the person is asked for.
    pub lifetime: Duration,
    /// What speaks for us where the client is told (`client_notification_token`).
    pub notification_token: Option<Zeroizing<String>>,
}

/// Whom a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The person with this name (`login_hint`).
    Login(String),
    /// The person of an ID token (`id_token_hint`), which is read where all authorization requests are.
    IdToken,
}

impl Asking {
    /// Reads what a client asks.
    ///
    /// # Errors
    /// `invalid_request`, `invalid_binding_message`.
    pub fn read(params: &Params, client: &Client) -> Result<Self, OAuthError> {
        if params.one("user_code")?.is_some() {
            return Err(OAuthError::invalid_request(
                "user_code is not supported: leave it out, the person proves who they are themselves",
            ));
        }
        let message = message(params)?;
        if message.is_none() && !client.backchannel.shows_number {
            return Err(OAuthError::new(
                ErrorCode::InvalidBindingMessage,
                "binding_message is missing: send what the person sees at your side, or register that you show the number",
            ));
        }
        let lifetime = lifetime(params)?;
        let notification_token = match client.backchannel.mode {
            DeliveryMode::Poll => None,
            DeliveryMode::Ping | DeliveryMode::Push => Some(notification_token(params)?),
        };
        Ok(Self { message, lifetime, notification_token })
    }
}

impl Hint {
    /// Whom a request means: exactly one hint stands in it (§7.1).
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn read(params: &Params) -> Result<Self, OAuthError> {
        if params.one("login_hint_token")?.is_some() {
            let text = "login_hint_token is not supported: send login_hint or id_token_hint";
            return Err(OAuthError::invalid_request(text));
        }
        match (params.bounded("login_hint", 320)?, params.one("id_token_hint")?) {
            (Some(login), None) => Ok(Self::Login(login.to_owned())),
            (None, Some(_)) => Ok(Self::IdToken),
            (None, None) => Err(OAuthError::invalid_request("login_hint is missing: send it, or id_token_hint")),
            (Some(_), Some(_)) => {
                Err(OAuthError::invalid_request("login_hint and id_token_hint stand both: send one of them"))
            }
        }
    }
}

/// Checks that nothing stands beside a signed request that belongs into it (§7.1.1).
///
/// # Errors
/// `invalid_request`.
pub fn check_beside(form: &Params) -> Result<(), OAuthError> {
    let mut rest = form.clone().without(&BESIDE).into_pairs().into_iter();
    match rest.find(|(name, _)| KNOWN.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) => Err(OAuthError::invalid_request(&format!(
            "{name} stands beside the signed request: send it within, and nowhere else"
        ))),
    }
}

/// What a request may say.
const KNOWN: [&str; 12] = [
    "scope",
    "client_notification_token",
    "acr_values",
    "login_hint_token",
    "id_token_hint",
    "login_hint",
    "binding_message",
    "user_code",
    "requested_expiry",
    "resource",
    "authorization_details",
    "request_uri",
];

/// A short plain text: a link in it would be followed, and what turns the reading order around would deceive.
fn message(params: &Params) -> Result<Option<String>, OAuthError> {
    let refuse = |text: &str| Err(OAuthError::new(ErrorCode::InvalidBindingMessage, text));
    let Some(text) = params.one("binding_message")? else { return Ok(None) };
    if text.chars().count() > MAX_MESSAGE {
        return refuse("binding_message is too long: send at most 100 characters");
    }
    if text.trim().is_empty() || text.chars().any(is_hidden) {
        return refuse("binding_message has characters that are not seen: send plain text in one line");
    }
    let lower = text.to_lowercase();
    if lower.contains("://") || lower.contains("www.") {
        return refuse("binding_message has a link: send a short code or words to compare");
    }
    Ok(Some(text.trim().to_owned()))
}

fn is_hidden(c: char) -> bool {
    let shapes = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_control() || shapes
}

fn lifetime(params: &Params) -> Result<Duration, OAuthError> {
    let Some(text) = params.one("requested_expiry")? else { return Ok(LIFETIME) };
    let digits = text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(seconds) if digits && seconds > 0 => Ok(Duration::from_secs(seconds).min(LONGEST)),
        _ => Err(OAuthError::invalid_request("requested_expiry is malformed: send whole seconds, more than 0")),
    }
}

/// A bearer token (RFC 6750 §2.1) that is not guessed.
fn notification_token(params: &Params) -> Result<Zeroizing<String>, OAuthError> {
    let token = params.required("client_notification_token")?;
    let body = token.trim_end_matches('=');
    let plain = body.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b));
    if !(MIN_TOKEN..=MAX_TOKEN).contains(&token.len()) || !plain || body.is_empty() {
        return Err(OAuthError::invalid_request(
            "client_notification_token is malformed: send a bearer token of 22 to 1024 characters, with 128 random bits",
        ));
    }
    Ok(Zeroizing::new(token.to_owned()))
}

/// The answer (§7.3). It holds a secret, so it has no `Debug`.
#[derive(Serialize)]
pub struct BackchannelResponse {
    auth_req_id: String,
    #[serde(with = "seconds")]
    expires_in: Duration,
    /// Not where nobody asks again.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<u64>,
    /// What the person types, for clients that show it: no member of the standard, which lets others be.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_number: Option<String>,
}

impl BackchannelResponse {
    /// For a request that was kept under a secret.
    pub fn new(client: &Client, secret: &Secret, lifetime: Duration, number: impl FnOnce() -> String) -> Self {
        let rules = &client.backchannel;
        Self {
            auth_req_id: secret.reveal(),
            expires_in: lifetime,
            interval: (rules.mode != DeliveryMode::Push).then_some(polling::INTERVAL.as_secs()),
            user_number: rules.shows_number.then(number),
        }
    }
}

/// What is needed to tell a client what was said, and what is told (§10.2, §10.3). It is stored sealed alone.
#[derive(Serialize, Deserialize)]
pub struct Callback {
    /// What speaks for us there.
    pub token: String,
    /// The request's name.
    pub auth_req_id: String,
    /// What is sent: tokens or an error, once there is one. A client that is only told that there is something gets
    /// nothing else.
    #[serde(default)]
    pub answer: Option<Value>,
}

impl Callback {
    /// Where one is sealed for.
    pub fn place(request: Id) -> String {
        format!("polls.callback/{request}")
    }

    /// What is posted.
    pub fn body(&self) -> Value {
        self.answer.clone().unwrap_or_else(|| json!({ "auth_req_id": self.auth_req_id }))
    }

    /// With tokens to send.
    ///
    /// # Errors
    /// [`Fault`] when they can't be written.
    pub fn answer_with(&mut self, tokens: &TokenResponse) -> Result<(), Fault> {
        let mut told = serde_json::to_value(tokens).map_err(|e| Fault::new("write tokens to send", e))?;
        if let Some(members) = told.as_object_mut() {
            members.insert("auth_req_id".to_owned(), json!(self.auth_req_id));
        }
        self.answer = Some(told);
        Ok(())
    }

    /// With a no to send (§12).
    pub fn refuse_with(&mut self, error: &OAuthError) {
        let (code, text) = (error.code.as_str(), error.description());
        self.answer = Some(json!({ "auth_req_id": self.auth_req_id, "error": code, "error_description": text }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::BackchannelRules;
    use crate::client::tests::confidential;
    use base::{Rng, SecretKind};
    use proptest::prelude::*;

    fn client(mode: DeliveryMode, shows_number: bool) -> Client {
        let backchannel = BackchannelRules { mode, shows_number, ..BackchannelRules::default() };
        Client { backchannel, ..confidential() }
    }

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params::from_pairs(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).unwrap()
    }

    fn read(mode: DeliveryMode, shows_number: bool, pairs: &[(&str, &str)]) -> Result<Asking, ErrorCode> {
        Asking::read(&params(pairs), &client(mode, shows_number)).map_err(|error| error.code)
    }

    #[test]
    fn a_message_is_short_plain_and_no_link() {
        let code = |text: &str| read(DeliveryMode::Poll, false, &[("binding_message", text)]).map(|a| a.message);
        for fine in ["1234", "W4SCT", "Zahlung 12,50 € an Ärzte", "دفع ١٢", &"x".repeat(100)] {
            assert_eq!(code(fine).unwrap().as_deref(), Some(fine));
        }
        let long = "x".repeat(101);
        for bad in ["", " ", "a\nb", "a\u{202e}b", "\u{200b}", "see https://evil.example", "WWW.evil.example", &long] {
            assert_eq!(code(bad).err(), Some(ErrorCode::InvalidBindingMessage), "{bad:?}");
        }
        assert!(read(DeliveryMode::Poll, true, &[]).is_ok(), "whoever shows the number needs none");
    }

    #[test]
    fn how_long_is_asked_for_is_bounded() {
        let lifetime = |text: &str| read(DeliveryMode::Poll, true, &[("requested_expiry", text)]).map(|a| a.lifetime);
        assert_eq!(read(DeliveryMode::Poll, true, &[]).map(|a| a.lifetime).ok(), Some(LIFETIME));
        assert_eq!(lifetime("30").ok(), Some(Duration::from_secs(30)));
        assert_eq!(lifetime("86400").ok(), Some(LONGEST));
        for bad in ["0", "-1", "1.5", "x", "99999999999999999999", "+5"] {
            assert_eq!(lifetime(bad).err(), Some(ErrorCode::InvalidRequest), "{bad}");
        }
    }

    #[test]
    fn who_is_told_sends_a_token_that_is_not_guessed() {
        let token = |text: &str| read(DeliveryMode::Ping, true, &[("client_notification_token", text)]).map(drop);
        assert_eq!(token("8d67dc78-7faa-4d41-aabd-67707b374255"), Ok(()));
        assert_eq!(token(&"a".repeat(1024)), Ok(()));
        for bad in [
            "",
            "short",
            "with space with space with space",
            "aaaaaaaaaaaaaaaaaaaaaaaa\u{e9}",
            &"a".repeat(1025),
            &"=".repeat(30),
        ] {
            assert_eq!(token(bad), Err(ErrorCode::InvalidRequest), "{bad}");
        }
        assert!(read(DeliveryMode::Poll, true, &[]).is_ok_and(|asking| asking.notification_token.is_none()));
    }

    #[test]
    fn exactly_one_hint_names_the_person() {
        let hint = |pairs: &[(&str, &str)]| Hint::read(&params(pairs)).map_err(|error| error.code);
        assert_eq!(hint(&[("login_hint", "jane@example.com")]), Ok(Hint::Login("jane@example.com".into())));
        assert_eq!(hint(&[("id_token_hint", "x")]), Ok(Hint::IdToken));
        for bad in [
            &[][..],
            &[("login_hint", "a"), ("id_token_hint", "b")],
            &[("login_hint_token", "a")],
            &[("login_hint", "a"), ("login_hint_token", "b")],
            &[("login_hint", "a"), ("login_hint", "b")],
        ] {
            assert_eq!(hint(bad), Err(ErrorCode::InvalidRequest), "{bad:?}");
        }
    }

    #[test]
    fn nothing_stands_beside_a_signed_request() {
        let beside = |pairs: &[(&str, &str)]| check_beside(&params(pairs)).is_ok();
        assert!(beside(&[("request", "x"), ("client_id", "a"), ("client_assertion", "b"), ("other", "c")]));
        for name in KNOWN {
            assert!(!beside(&[("request", "x"), (name, "y")]), "{name}");
        }
    }

    #[test]
    fn the_answer_says_how_to_go_on() {
        let secret = Secret::generate(SecretKind::AuthRequest, &Rng::seeded(1));
        let told = |client: &Client| {
            let response = BackchannelResponse::new(client, &secret, LIFETIME, || "42".to_owned());
            serde_json::to_value(response).unwrap()
        };
        let id = secret.reveal();
        assert_eq!(
            told(&client(DeliveryMode::Ping, true)),
            json!({"auth_req_id": id, "expires_in": 300, "interval": 5, "user_number": "42"})
        );
        assert_eq!(told(&client(DeliveryMode::Push, false)), json!({"auth_req_id": id, "expires_in": 300}));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            for name in ["binding_message", "requested_expiry", "client_notification_token", "login_hint", "user_code"] {
                let params = params(&[(name, &text)]);
                let _ = Asking::read(&params, &client(DeliveryMode::Ping, true));
                let _ = Hint::read(&params);
            }
        }
    }
}
