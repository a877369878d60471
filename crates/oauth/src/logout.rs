//! Logout that an app asks for (OpenID Connect RP-Initiated Logout 1.0).

use crate::authorize::HintClaims;
use crate::client::Client;
use crate::error::OAuthError;
use crate::params::Params;
use crate::redirect_uri::MAX_REDIRECT_URI;
use crate::response::append_query;

/// The longest `state` that is given back, in bytes.
const MAX_STATE: usize = 4096;

/// The parameters of a logout request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogoutParams {
    /// An ID token of the session that is to end, not yet verified.
    pub id_token_hint: Option<String>,
    /// Who asks.
    pub client_id: Option<String>,
    /// Where to go afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// To be given back there.
    pub state: Option<String>,
}

/// The session of the browser that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutSession {
    /// The session's id (`sid`).
    pub id: String,
    /// Who is signed in (`sub`).
    pub subject: String,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// Ask the person first; then end the session, and go on if there is somewhere to go.
    ConfirmPage {
        /// A checked URL, `state` included.
        return_to: Option<String>,
    },
    /// End the session if there is one, without asking, and go on or show that it is done.
    SignOut {
        /// A checked URL, `state` included.
        return_to: Option<String>,
    },
    /// Show an error page; nothing ends and nobody is redirected.
    Refuse(OAuthError),
}

impl LogoutParams {
    /// Reads a query, a form, or both. No parameters at all are fine.
    ///
    /// # Errors
    /// `invalid_request` for a doubled or too long parameter.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        params.one("ui_locales")?;
        params.one("logout_hint")?;
        let owned = |value: Option<&str>| value.map(str::to_owned);
        Ok(Self {
            id_token_hint: owned(params.bounded("id_token_hint", crate::jose::verify::MAX_JWT)?),
            client_id: owned(params.bounded("client_id", 256)?),
            post_logout_redirect_uri: owned(params.bounded("post_logout_redirect_uri", MAX_REDIRECT_URI)?),
            state: owned(params.bounded("state", MAX_STATE)?),
        })
    }

    /// Which client to look up: the one that asks, or the one that the verified hint was issued to.
    pub fn client_id<'a>(&'a self, hint: Option<&'a HintClaims>) -> Option<&'a str> {
        let hinted = || hint.and_then(|h| h.audience.first()).map(String::as_str);
        self.client_id.as_deref().or_else(hinted)
    }

    /// Decides what comes next. `hint` is what [`verify_hint`](crate::id_token::verify_hint) made of the request's
    /// `id_token_hint`; `client` the one found by [`LogoutParams::client_id`].
    ///
    /// Only a hint of ours, issued to this very client, lets an app redirect or skip the question: without one
    /// any page could sign people out or send them on.
    pub fn decide(
        &self,
        hint: Option<&HintClaims>,
        client: Option<&Client>,
        session: Option<&LogoutSession>,
    ) -> LogoutOutcome {
        if let Err(error) = self.check_hint(hint) {
            return LogoutOutcome::Refuse(error);
        }
        let Some(hint) = hint else { return LogoutOutcome::ConfirmPage { return_to: None } };
        let return_to = match self.return_to(client) {
            Ok(return_to) => return_to,
            Err(error) => return LogoutOutcome::Refuse(error),
        };
        match session {
            Some(session) if !is_about(hint, session) => LogoutOutcome::ConfirmPage { return_to: None },
            _ => LogoutOutcome::SignOut { return_to },
        }
    }

    fn check_hint(&self, hint: Option<&HintClaims>) -> Result<(), OAuthError> {
        if self.id_token_hint.is_some() && hint.is_none() {
            return Err(OAuthError::invalid_request(
                "id_token_hint is not an ID token of this server: send the one that the app got, or none",
            ));
        }
        let foreign = |hint: &HintClaims| self.client_id.as_ref().is_some_and(|id| !hint.audience.contains(id));
        if hint.is_some_and(foreign) {
            return Err(OAuthError::invalid_request("client_id is not whom id_token_hint was issued to: send its own"));
        }
        Ok(())
    }

    fn return_to(&self, client: Option<&Client>) -> Result<Option<String>, OAuthError> {
        let Some(uri) = &self.post_logout_redirect_uri else { return Ok(None) };
        let registered = client
            .filter(|client| client.is_enabled())
            .is_some_and(|client| client.post_logout_redirect_uris.iter().any(|known| known.matches(uri)));
        if !registered {
            return Err(OAuthError::invalid_request(
                "post_logout_redirect_uri is not registered for this app: register it exactly as it is sent",
            ));
        }
        let state: Vec<_> = self.state.iter().map(|state| ("state", state.clone())).collect();
        Ok(Some(append_query(uri, &state)))
    }
}

/// Whether a hint is about the session of this browser. An old token of the same person, kept by some app, is not:
/// then the person is asked.
fn is_about(hint: &HintClaims, session: &LogoutSession) -> bool {
    match &hint.session {
        Some(sid) => *sid == session.id,
        None => hint.subject == session.subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::public;
    use proptest::prelude::*;

    const URI: &str = "https://app.example.com/bye";

    fn client() -> Client {
        Client { post_logout_redirect_uris: vec![URI.parse().unwrap()], ..public() }
    }

    fn hint() -> HintClaims {
        HintClaims { subject: "jane".into(), audience: vec!["app".into()], session: Some("s1".into()) }
    }

    fn session(subject: &str) -> LogoutSession {
        LogoutSession {
            id: if subject == "jane" { "s1".into() } else { format!("session of {subject}") },
            subject: subject.into(),
        }
    }

    fn params(uri: &str) -> LogoutParams {
        LogoutParams {
            id_token_hint: Some("token".into()),
            post_logout_redirect_uri: (!uri.is_empty()).then(|| uri.to_owned()),
            ..LogoutParams::default()
        }
    }

    #[test]
    fn a_valid_hint_signs_out_and_goes_on() {
        let decide = |params: &LogoutParams| params.decide(Some(&hint()), Some(&client()), Some(&session("jane")));
        assert_eq!(decide(&params(URI)), LogoutOutcome::SignOut { return_to: Some(URI.into()) });
        assert_eq!(decide(&params("")), LogoutOutcome::SignOut { return_to: None });
        let with_state = LogoutParams { state: Some("a b".into()), client_id: Some("app".into()), ..params(URI) };
        assert_eq!(decide(&with_state), LogoutOutcome::SignOut { return_to: Some(format!("{URI}?state=a+b")) });
    }

    #[test]
    fn a_session_that_is_over_goes_on_too() {
        let got = params(URI).decide(Some(&hint()), Some(&client()), None);
        assert_eq!(got, LogoutOutcome::SignOut { return_to: Some(URI.into()) });
    }

    #[test]
    fn without_a_hint_the_person_is_asked_and_nobody_is_redirected() {
        let none = LogoutParams::default();
        let confirm = LogoutOutcome::ConfirmPage { return_to: None };
        assert_eq!(none.decide(None, None, Some(&session("jane"))), confirm);
        let asking = LogoutParams { id_token_hint: None, client_id: Some("app".into()), ..params(URI) };
        assert_eq!(asking.decide(None, Some(&client()), Some(&session("jane"))), confirm);
    }

    #[test]
    fn a_hint_about_somebody_else_asks_first() {
        let got = params(URI).decide(Some(&hint()), Some(&client()), Some(&session("john")));
        assert_eq!(got, LogoutOutcome::ConfirmPage { return_to: None });
    }

    /// Any app keeps old ID tokens of its people: one of them must not sign them out from some page.
    #[test]
    fn a_hint_of_an_older_session_of_the_same_person_asks_first() {
        let newer = LogoutSession { id: "s2".into(), subject: "jane".into() };
        let got = params(URI).decide(Some(&hint()), Some(&client()), Some(&newer));
        assert_eq!(got, LogoutOutcome::ConfirmPage { return_to: None });
        let without_sid = HintClaims { session: None, ..hint() };
        let got = params(URI).decide(Some(&without_sid), Some(&client()), Some(&newer));
        assert_eq!(got, LogoutOutcome::SignOut { return_to: Some(URI.into()) });
    }

    #[test]
    fn a_bad_hint_a_foreign_client_or_an_unknown_uri_is_refused() {
        let refused = |params: &LogoutParams, hint: Option<&HintClaims>, client: Option<&Client>| {
            matches!(params.decide(hint, client, Some(&session("jane"))), LogoutOutcome::Refuse(_))
        };
        assert!(refused(&params(URI), None, Some(&client())));
        let foreign = LogoutParams { client_id: Some("other".into()), ..params(URI) };
        assert!(refused(&foreign, Some(&hint()), Some(&client())));
        for uri in [format!("{URI}?x=1"), format!("{URI}/"), "https://evil.example/".into(), "javascript:1".into()] {
            assert!(refused(&params(&uri), Some(&hint()), Some(&client())), "{uri}");
        }
        assert!(refused(&params(URI), Some(&hint()), None));
        let off = Client { disabled_at: Some(base::Timestamp::from_seconds(1)), ..client() };
        assert!(refused(&params(URI), Some(&hint()), Some(&off)));
    }

    #[test]
    fn the_client_is_the_one_named_or_the_hint_s() {
        assert_eq!(params(URI).client_id(Some(&hint())), Some("app"));
        assert_eq!(params(URI).client_id(None), None);
        let named = LogoutParams { client_id: Some("x".into()), ..params(URI) };
        assert_eq!(named.client_id(Some(&hint())), Some("x"));
    }

    #[test]
    fn each_parameter_twice_is_refused() {
        for name in ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales", "logout_hint"] {
            let twice = Params::decode(format!("{name}=a&{name}=a").as_bytes()).unwrap();
            assert!(LogoutParams::parse(&twice).unwrap_err().description().starts_with(name));
        }
        assert_eq!(LogoutParams::parse(&Params::default()), Ok(LogoutParams::default()));
    }

    proptest! {
        #[test]
        fn no_parameters_make_it_panic(uri in any::<String>(), state in any::<String>()) {
            let pairs = [("post_logout_redirect_uri".to_owned(), uri), ("state".to_owned(), state)];
            if let Ok(parsed) = Params::from_pairs(pairs).and_then(|p| LogoutParams::parse(&p)) {
                let _ = parsed.decide(Some(&hint()), Some(&client()), None);
            }
        }
    }
}
