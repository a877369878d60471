//! What has to be shown before a request can be granted (OpenID Connect Core §3.1.2.3 and §3.1.2.4).

use crate::authorize::AuthorizationRequest;
use crate::client::Client;
use crate::error::{ErrorCode, OAuthError};
use crate::prompt::Prompt;
use crate::scope::Scope;
use base::Timestamp;
use std::time::Duration;

/// The part of a live session that counts here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Who is signed in (`sub`).
    pub subject: String,
    /// When the person last proved who they are.
    pub auth_time: Timestamp,
    /// How much that proves.
    pub acr: String,
    /// Whether that is as much as this request, its client and the operator ask for.
    pub enough: bool,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interaction {
    /// Show the sign-in page.
    Login {
        /// Whether the same person has to prove again who they are; otherwise anybody may sign in.
        reauth: bool,
    },
    /// Show the consent page.
    Consent,
    /// Nothing: issue the code.
    Done,
    /// Send the client an error.
    Refuse(OAuthError),
}

/// Decides what comes next, from the request, the live session if there is one, and what its account has
/// consented to for this client.
///
/// A sign-in later than the request satisfies whatever the request asked of it: `prompt=login`,
/// `prompt=select_account` and `max_age` never ask twice.
pub fn decide_interaction(
    request: &AuthorizationRequest,
    session: Option<&SessionView>,
    consent: Option<&Scope>,
    client: &Client,
    now: Timestamp,
) -> Interaction {
    let next = match session {
        None => Interaction::Login { reauth: false },
        Some(session) => match needs_login(request, session, now) {
            Some(login) => login,
            None if needs_consent(request, session, consent, client) => Interaction::Consent,
            None => Interaction::Done,
        },
    };
    if request.prompt.contains(&Prompt::None) { without_pages(next) } else { next }
}

fn needs_login(request: &AuthorizationRequest, session: &SessionView, now: Timestamp) -> Option<Interaction> {
    let fresh = session.auth_time >= request.started_at;
    if request.hint_subject.as_ref().is_some_and(|subject| *subject != session.subject) {
        return Some(if fresh {
            Interaction::Refuse(OAuthError::new(
                ErrorCode::LoginRequired,
                "another account signed in than id_token_hint names: leave the hint out, or sign in with that account",
            ))
        } else {
            Interaction::Login { reauth: false }
        });
    }
    if !session.enough {
        return Some(Interaction::Login { reauth: true });
    }
    if fresh {
        return None;
    }
    if request.prompt.contains(&Prompt::SelectAccount) || request.prompt.contains(&Prompt::Create) {
        return Some(Interaction::Login { reauth: false });
    }
    if request.prompt.contains(&Prompt::Login) || is_too_old(request, session, now) {
        return Some(Interaction::Login { reauth: true });
    }
    None
}

/// Measured in microseconds and compared once: rounding either moment first would let an older sign-in pass.
fn is_too_old(request: &AuthorizationRequest, session: &SessionView, now: Timestamp) -> bool {
    request.max_age.is_some_and(|max| max == 0 || now.since(session.auth_time) > Duration::from_secs(u64::from(max)))
}

fn needs_consent(
    request: &AuthorizationRequest,
    session: &SessionView,
    consent: Option<&Scope>,
    client: &Client,
) -> bool {
    // The page of a device is shown each time, and answered for this one device, by whom it was shown to.
    if let Some(device) = &request.device {
        return device.allowed_by.as_ref() != Some(&session.subject);
    }
    // What one person has answered is no answer of the next, who may sign in within the same flow.
    let answered = request.allowed_by.as_ref() == Some(&session.subject);
    let details = !request.terms.authorization_details.is_empty();
    if (request.prompt.contains(&Prompt::Consent) && !answered) || (details && !(answered && request.details_allowed)) {
        return true;
    }
    !client.first_party && !consent.is_some_and(|given| request.consent_scope().is_subset(given))
}

/// `prompt=none`: the page that would have been shown becomes an error.
fn without_pages(next: Interaction) -> Interaction {
    match next {
        Interaction::Login { .. } => Interaction::Refuse(OAuthError::new(
            ErrorCode::LoginRequired,
            "a sign-in is needed: send the person here without prompt=none",
        )),
        Interaction::Consent => Interaction::Refuse(OAuthError::new(
            ErrorCode::ConsentRequired,
            "consent is needed: send the person here without prompt=none",
        )),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::AskingDevice;
    use crate::client::tests::public;
    use crate::grant_terms::GrantTerms;
    use crate::user_code::UserCode;
    use std::collections::BTreeSet;

    const START: Timestamp = Timestamp::from_seconds(1_000);

    fn request(prompts: &[Prompt]) -> AuthorizationRequest {
        AuthorizationRequest {
            scope: "openid email".parse().unwrap(),
            prompt: prompts.iter().copied().collect::<BTreeSet<_>>(),
            ..AuthorizationRequest::draft(&public(), ("https://app.example.com/cb".into(), true), START)
        }
    }

    fn signed_in(auth_time: Timestamp) -> SessionView {
        SessionView { subject: "jane".into(), auth_time, acr: "pwd".into(), enough: true }
    }

    fn old() -> SessionView {
        signed_in(START.minus(Duration::from_secs(500)))
    }

    fn decide(request: &AuthorizationRequest, session: Option<&SessionView>) -> Interaction {
        let all: Scope = "openid email".parse().unwrap();
        decide_interaction(request, session, Some(&all), &public(), START.plus(Duration::from_millis(1)))
    }

    fn refusal(interaction: Interaction) -> ErrorCode {
        match interaction {
            Interaction::Refuse(error) => error.code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_live_session_with_consent_needs_nothing() {
        assert_eq!(decide(&request(&[]), Some(&old())), Interaction::Done);
        assert_eq!(decide(&request(&[Prompt::None]), Some(&old())), Interaction::Done);
    }

    #[test]
    fn a_session_that_proves_too_little_means_the_sign_in_page_or_login_required_however_fresh_it_is() {
        let weak = SessionView { enough: false, ..signed_in(START.plus(Duration::from_micros(500))) };
        assert_eq!(decide(&request(&[]), Some(&weak)), Interaction::Login { reauth: true });
        assert_eq!(refusal(decide(&request(&[Prompt::None]), Some(&weak))), ErrorCode::LoginRequired);
    }

    #[test]
    fn nobody_signed_in_means_the_sign_in_page_or_login_required() {
        assert_eq!(decide(&request(&[]), None), Interaction::Login { reauth: false });
        assert_eq!(refusal(decide(&request(&[Prompt::None]), None)), ErrorCode::LoginRequired);
    }

    #[test]
    fn prompt_login_shows_the_page_once() {
        let request = request(&[Prompt::Login]);
        assert_eq!(decide(&request, Some(&old())), Interaction::Login { reauth: true });
        assert_eq!(decide(&request, Some(&signed_in(START))), Interaction::Done);
        let just_before = Timestamp::from_micros(START.micros() - 1);
        assert_eq!(decide(&request, Some(&signed_in(just_before))), Interaction::Login { reauth: true });
    }

    #[test]
    fn select_account_lets_anybody_sign_in_once() {
        let request = request(&[Prompt::SelectAccount]);
        assert_eq!(decide(&request, Some(&old())), Interaction::Login { reauth: false });
        assert_eq!(decide(&request, Some(&signed_in(START))), Interaction::Done);
    }

    #[test]
    fn max_age_has_no_slack() {
        let mut request = request(&[]);
        request.max_age = Some(1);
        let at = |micros| {
            let session = signed_in(Timestamp::from_micros(START.micros() - 10));
            decide_interaction(
                &request,
                Some(&session),
                Some(&request.scope),
                &public(),
                session.auth_time.plus(Duration::from_micros(micros)),
            )
        };
        assert_eq!(at(1_000_000), Interaction::Done);
        assert_eq!(at(1_000_001), Interaction::Login { reauth: true });
        request.prompt.insert(Prompt::None);
        assert_eq!(refusal(decide(&request, Some(&old()))), ErrorCode::LoginRequired);
    }

    #[test]
    fn max_age_zero_always_asks_but_never_twice() {
        let mut request = request(&[]);
        request.max_age = Some(0);
        let just_before = Timestamp::from_micros(START.micros() - 1);
        assert_eq!(decide(&request, Some(&signed_in(just_before))), Interaction::Login { reauth: true });
        assert_eq!(decide(&request, Some(&signed_in(START))), Interaction::Done);
        // A clock that was set back makes no sign-in young.
        let earlier = just_before.minus(Duration::from_secs(1));
        let got = decide_interaction(&request, Some(&signed_in(just_before)), None, &public(), earlier);
        assert_eq!(got, Interaction::Login { reauth: true });
    }

    #[test]
    fn a_hint_for_somebody_else_asks_and_then_refuses() {
        let mut request = request(&[]);
        request.hint_subject = Some("john".into());
        assert_eq!(decide(&request, Some(&old())), Interaction::Login { reauth: false });
        assert_eq!(refusal(decide(&request, Some(&signed_in(START)))), ErrorCode::LoginRequired);
        request.prompt.insert(Prompt::None);
        assert_eq!(refusal(decide(&request, Some(&old()))), ErrorCode::LoginRequired);
        request.hint_subject = Some("jane".into());
        assert_eq!(decide(&request, Some(&old())), Interaction::Done);
    }

    #[test]
    fn consent_is_asked_for_what_was_not_given() {
        let request = request(&[]);
        let some: Scope = "openid".parse().unwrap();
        let go = |consent: Option<&Scope>, client: &Client| {
            decide_interaction(&request, Some(&old()), consent, client, START)
        };
        assert_eq!(go(None, &public()), Interaction::Consent);
        assert_eq!(go(Some(&some), &public()), Interaction::Consent);
        assert_eq!(go(Some(&request.scope), &public()), Interaction::Done);
        assert_eq!(go(None, &Client { first_party: true, ..public() }), Interaction::Done);
    }

    #[test]
    fn without_consent_and_without_pages_the_client_is_told() {
        let request = request(&[Prompt::None]);
        let got = decide_interaction(&request, Some(&old()), None, &public(), START);
        assert_eq!(refusal(got), ErrorCode::ConsentRequired);
    }

    #[test]
    fn prompt_consent_asks_again_until_it_is_answered() {
        let request = request(&[Prompt::Consent]);
        let own = Client { first_party: true, ..public() };
        assert_eq!(decide(&request, Some(&old())), Interaction::Consent);
        assert_eq!(decide_interaction(&request, Some(&old()), None, &own, START), Interaction::Consent);
        assert_eq!(decide(&request.clone().after_consent("max"), Some(&old())), Interaction::Consent, "not by them");
        assert_eq!(decide(&request.after_consent("jane"), Some(&old())), Interaction::Done);
    }

    /// RFC 9396 §4: what is done for one person was shown to them.
    #[test]
    fn details_are_allowed_each_time_and_by_whom_they_were_shown_to() {
        let payment = serde_json::json!([{ "type": "payment" }]);
        let request = request(&[]);
        let terms =
            GrantTerms { authorization_details: serde_json::from_value(payment).unwrap(), ..GrantTerms::default() };
        let request = AuthorizationRequest { terms, ..request };
        let own = Client { first_party: true, ..public() };
        let go = |request: &AuthorizationRequest| {
            decide_interaction(request, Some(&old()), Some(&request.scope), &own, START)
        };
        assert_eq!(go(&request), Interaction::Consent);
        assert_eq!(go(&request.clone().after_consent("max")), Interaction::Consent);
        let allowed = request.after_consent("jane");
        assert_eq!(go(&allowed), Interaction::Done);
        assert_eq!(go(&allowed.begun_again(START)), Interaction::Consent);
    }

    /// RFC 8628 §5.4.
    #[test]
    fn a_device_is_allowed_each_time_and_by_whom_its_page_was_shown_to() {
        let user_code = UserCode::read("BCDF-GHJK").unwrap();
        let device = AskingDevice { poll: base::Id::from_bytes([1; 16]), user_code, allowed_by: None };
        let request = request(&[]).of_device(device);
        let own = Client { first_party: true, ..public() };
        for client in [&public(), &own] {
            let go = |request: &AuthorizationRequest| {
                decide_interaction(request, Some(&old()), Some(&request.scope), client, START)
            };
            assert_eq!(go(&request), Interaction::Consent);
            assert_eq!(go(&request.clone().after_consent("jane")), Interaction::Done);
            assert_eq!(go(&request.clone().after_consent("max")), Interaction::Consent);
        }
    }

    #[test]
    fn signing_in_comes_before_consent() {
        let request = request(&[Prompt::Login, Prompt::Consent]);
        assert_eq!(decide(&request, Some(&old())), Interaction::Login { reauth: true });
        assert_eq!(decide(&request, Some(&signed_in(START))), Interaction::Consent);
    }
}
