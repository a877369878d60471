use super::*;
use crate::client::tests::{confidential, public};
use crate::client::{GrantType, Profile, RequestRules};
use proptest::prelude::*;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn good() -> Vec<(String, String)> {
    [
        ("client_id", "app"),
        ("redirect_uri", "https://app.example.com/cb"),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "s1"),
        ("nonce", "n1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
    .map(|(n, v)| (n.to_owned(), v.to_owned()))
    .to_vec()
}

/// The good request with parameters set (or, with an empty value, left out).
fn with(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs = good();
    for (name, value) in changes {
        pairs.retain(|(n, _)| n != name);
        if !value.is_empty() {
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    pairs
}

fn no_hint(_: &str) -> Option<HintClaims> {
    None
}

fn asked(hint: HintVerifier<'_>) -> Asked<'_> {
    Asked { via: Via::Browser, signed: false, hint, now: NOW }
}

fn run_for(client: &Client, pairs: Vec<(String, String)>) -> Result<AuthorizationRequest, AuthorizeError> {
    AuthorizationParams::new(Params::from_pairs(pairs).unwrap()).validate(Some(client), &asked(&no_hint))
}

fn run(changes: &[(&str, &str)]) -> Result<AuthorizationRequest, AuthorizeError> {
    run_for(&public(), with(changes))
}

#[track_caller]
fn redirected(result: Result<AuthorizationRequest, AuthorizeError>, code: ErrorCode, word: &str) -> ReturnTo {
    match result {
        Err(AuthorizeError::Redirect { to, error }) => {
            assert_eq!(error.code, code);
            assert!(error.description().starts_with(word), "{error}");
            assert_eq!(to.redirect_uri, "https://app.example.com/cb");
            *to
        }
        other => panic!("expected a redirect: {other:?}"),
    }
}

#[track_caller]
fn on_page(result: Result<AuthorizationRequest, AuthorizeError>, word: &str) {
    match result {
        Err(AuthorizeError::Page(error)) => assert!(error.description().starts_with(word), "{error}"),
        other => panic!("expected a page: {other:?}"),
    }
}

#[test]
fn a_good_request_is_taken_whole() {
    let request = run(&[
        ("prompt", "login consent"),
        ("max_age", "60"),
        ("login_hint", "jane@example.com"),
        ("ui_locales", "de-CH en <x>"),
        ("acr_values", "a b"),
        ("response_mode", "form_post"),
    ])
    .unwrap();
    assert_eq!(request.client_id, "app");
    assert_eq!(request.redirect_uri, "https://app.example.com/cb");
    assert!(request.redirect_uri_sent && request.is_openid());
    assert_eq!(request.scope.to_string(), "openid email");
    assert_eq!(request.state.as_deref(), Some("s1"));
    assert_eq!(request.nonce.as_deref(), Some("n1"));
    assert_eq!(request.code_challenge.as_deref(), Some(CHALLENGE));
    assert_eq!(request.prompt, BTreeSet::from([Prompt::Login, Prompt::Consent]));
    assert_eq!(request.max_age, Some(60));
    assert_eq!(request.login_hint.as_deref(), Some("jane@example.com"));
    assert_eq!(request.ui_locales, ["de-CH", "en"]);
    assert_eq!(request.acr_values, ["a", "b"]);
    assert_eq!(request.response_mode, ResponseMode::FormPost);
    assert_eq!(request.started_at, NOW);
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<AuthorizationRequest>(&json).unwrap(), request);
}

#[test]
fn an_unknown_or_switched_off_client_gets_a_page() {
    let params = AuthorizationParams::new(Params::from_pairs(good()).unwrap());
    on_page(params.validate(None, &asked(&no_hint)), "client_id");
    on_page(run_for(&Client { disabled_at: Some(NOW), ..public() }, good()), "client_id");
    on_page(run_for(&Client { client_id: "other".into(), ..public() }, good()), "client_id");
    on_page(run(&[("client_id", "")]), "client_id");
    on_page(run(&[("client_id", &"a".repeat(300))]), "client_id");
}

#[test]
fn a_doubtful_redirect_uri_gets_a_page_and_never_a_redirect() {
    for bad in
        ["https://evil.example/cb", "https://app.example.com/cb?x=1", "https://app.example.com/cb#", "javascript:1"]
    {
        on_page(run(&[("redirect_uri", bad)]), "redirect_uri");
        on_page(run(&[("redirect_uri", bad), ("prompt", "none")]), "redirect_uri");
    }
    on_page(run(&[("redirect_uri", "")]), "redirect_uri");
    on_page(run(&[("redirect_uri", &format!("https://app.example.com/{}", "a".repeat(3000)))]), "redirect_uri");
}

#[test]
fn plain_oauth_may_leave_out_the_only_redirect_uri() {
    let client = Client { scope: "reports".parse().unwrap(), ..public() };
    let request = run_for(&client, with(&[("redirect_uri", ""), ("scope", "reports")])).unwrap();
    assert!(!request.redirect_uri_sent && !request.is_openid());
    let mut two = client;
    two.redirect_uris.push("https://app.example.com/two".parse().unwrap());
    on_page(run_for(&two, with(&[("redirect_uri", ""), ("scope", "reports")])), "redirect_uri");
}

/// CVE-2026-9689; RFC 6749 §3.1.
#[test]
fn each_parameter_sent_twice_is_refused_by_name() {
    let optional = [
        "prompt",
        "max_age",
        "login_hint",
        "id_token_hint",
        "ui_locales",
        "acr_values",
        "display",
        "claims",
        "request",
        "request_uri",
        "registration",
        "response_mode",
    ];
    for name in good().iter().map(|(n, _)| n.as_str()).chain(optional) {
        let mut pairs = good();
        let value = pairs.iter().find(|(n, _)| n == name).map_or("1".to_owned(), |(_, v)| v.clone());
        pairs.retain(|(n, _)| n != name);
        pairs.extend([(name.to_owned(), value.clone()), (name.to_owned(), value)]);
        let result = run_for(&public(), pairs);
        if matches!(name, "client_id" | "redirect_uri") {
            on_page(result, name);
        } else {
            let to = redirected(result, ErrorCode::InvalidRequest, name);
            assert_eq!(to.state.is_none(), name == "state");
        }
    }
}

#[test]
fn unknown_parameters_and_scopes_are_no_error() {
    let mut pairs = with(&[("scope", "weird openid email more"), ("display", "popup"), ("claims_locales", "xx")]);
    pairs.extend([("x".to_owned(), "1".to_owned()), ("x".to_owned(), "2".to_owned())]);
    assert_eq!(run_for(&public(), pairs).unwrap().scope.to_string(), "openid email");
    for (name, value) in [("ui_locales", "\u{0}"), ("acr_values", "é"), ("login_hint", "a\nb")] {
        assert!(run(&[(name, value)]).is_ok(), "{name}");
    }
    assert!(run(&[("login_hint", &"a".repeat(5000)), ("ui_locales", &"a ".repeat(5000))]).is_ok());
    assert!(run(&[("nonce", ""), ("state", "")]).is_ok());
}

#[test]
fn only_the_code_response_type_is_known() {
    for bad in ["token", "id_token", "code id_token", "none", "Code"] {
        redirected(run(&[("response_type", bad)]), ErrorCode::UnsupportedResponseType, "response_type");
    }
    redirected(run(&[("response_type", "")]), ErrorCode::InvalidRequest, "response_type");
    for bad in ["web_message", "none", "Query"] {
        redirected(run(&[("response_mode", bad)]), ErrorCode::InvalidRequest, "response_mode");
    }
}

#[test]
fn request_objects_are_refused_rather_than_ignored() {
    redirected(run(&[("request", "e30.e30.")]), ErrorCode::RequestNotSupported, "request ");
    redirected(run(&[("request_uri", "https://a.example/r")]), ErrorCode::RequestUriNotSupported, "request_uri");
    redirected(run(&[("registration", "{}")]), ErrorCode::RegistrationNotSupported, "registration");
}

#[test]
fn pkce_is_required_and_only_s256_will_do() {
    for (changes, word) in [
        (&[("code_challenge", ""), ("code_challenge_method", "")][..], "code_challenge is missing"),
        (&[("code_challenge", "")], "code_challenge is missing"),
        (&[("code_challenge_method", "plain")], "code_challenge_method"),
        (&[("code_challenge_method", "")], "code_challenge_method"),
        (&[("code_challenge_method", "s256")], "code_challenge_method"),
        (&[("code_challenge", "short")], "code_challenge is malformed"),
    ] {
        redirected(run(changes), ErrorCode::InvalidRequest, word);
    }
}

#[test]
fn only_a_confidential_client_s_own_setting_spares_it_pkce() {
    let without = || with(&[("code_challenge", ""), ("code_challenge_method", "")]);
    assert!(run_for(&Client { require_pkce: false, ..confidential() }, without()).is_ok());
    assert!(run_for(&confidential(), without()).is_err());
    assert!(run_for(&Client { require_pkce: false, ..public() }, without()).is_err());
    let with_plain = with(&[("code_challenge_method", "plain")]);
    assert!(run_for(&Client { require_pkce: false, ..confidential() }, with_plain).is_err());
}

#[test]
fn a_scope_without_anything_the_client_may_have_is_refused() {
    redirected(run(&[("scope", "")]), ErrorCode::InvalidScope, "scope");
    redirected(run(&[("scope", "weird")]), ErrorCode::InvalidScope, "scope");
    redirected(run(&[("scope", "openid \"")]), ErrorCode::InvalidScope, "scope");
    redirected(run(&[("scope", &"a".repeat(2000))]), ErrorCode::InvalidScope, "scope");
}

#[test]
fn state_and_nonce_come_whole_or_not_at_all() {
    let long = "x".repeat(384);
    let request = run(&[("state", &long), ("nonce", &long)]).unwrap();
    assert_eq!((request.state.unwrap().len(), request.nonce.unwrap().len()), (384, 384));
    let to = redirected(run(&[("state", &"x".repeat(5000))]), ErrorCode::InvalidRequest, "state");
    assert_eq!(to.state, None);
    redirected(run(&[("nonce", &"x".repeat(5000))]), ErrorCode::InvalidRequest, "nonce");
}

#[test]
fn state_and_mode_survive_the_errors_of_other_parameters() {
    let to = redirected(
        run(&[("prompt", "none login"), ("response_mode", "form_post")]),
        ErrorCode::InvalidRequest,
        "prompt",
    );
    assert_eq!(to.state.as_deref(), Some("s1"));
    assert_eq!(to.response_mode, ResponseMode::FormPost);
}

#[test]
fn max_age_is_a_number_of_seconds() {
    assert_eq!(run(&[("max_age", "0")]).unwrap().max_age, Some(0));
    for bad in ["-1", "+1", "1.5", "a", "99999999999999999999", " 1"] {
        redirected(run(&[("max_age", bad)]), ErrorCode::InvalidRequest, "max_age");
    }
}

#[test]
fn a_hint_counts_only_when_it_is_ours_and_this_client_s() {
    let hint = |token: &str| {
        let audience = vec![if token == "mine" { "app" } else { "other" }.to_owned()];
        (token != "broken").then(|| HintClaims { subject: "sub-1".into(), audience, session: None })
    };
    let run = |token| {
        let params = Params::from_pairs(with(&[("id_token_hint", token)])).unwrap();
        AuthorizationParams::new(params).validate(Some(&public()), &asked(&hint))
    };
    assert_eq!(run("mine").unwrap().hint_subject.as_deref(), Some("sub-1"));
    redirected(run("broken"), ErrorCode::InvalidRequest, "id_token_hint");
    redirected(run("foreign"), ErrorCode::InvalidRequest, "id_token_hint");
}

#[test]
fn single_claims_are_wishes_within_what_the_client_may_have() {
    // OpenID Connect Core §5.5, without what the client's scope does not open.
    let example = r#"{"userinfo":{"given_name":{"essential":true},"nickname":null,"email":{"essential":true},
        "phone_number":null},"id_token":{"auth_time":{"essential":true},"email":null,
        "acr":{"values":["urn:mace:incommon:iap:silver"]}}}"#;
    let request = run(&[("scope", "openid"), ("claims", example)]).unwrap();
    assert_eq!(request.terms.claims.userinfo, ["email", "given_name", "nickname"]);
    assert_eq!(request.terms.claims.id_token, ["email"]);
    assert_eq!((request.acr_values, request.acr_essential), (vec!["urn:mace:incommon:iap:silver".to_owned()], false));
}

#[test]
fn single_claims_take_the_consent_of_their_scope() {
    let request = run(&[("scope", "openid"), ("claims", r#"{"userinfo":{"email":null,"name":null}}"#)]).unwrap();
    assert_eq!(request.consent_scope(), "openid email profile".parse().unwrap());
    assert_eq!(request.scope.to_string(), "openid");
}

#[test]
fn the_claims_parameter_says_how_strong_a_sign_in_must_be() {
    let asked = |claims: &str| {
        let request = run(&[("acr_values", "other"), ("claims", claims)]).unwrap();
        (request.acr_values, request.acr_essential)
    };
    let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
    assert_eq!(asked(r#"{"id_token":{"acr":{"essential":true,"value":"a"}}}"#), (list(&["a"]), true));
    assert_eq!(asked(r#"{"id_token":{"acr":{"values":["a","b"]}}}"#), (list(&["a", "b"]), false));
    assert_eq!(asked(r#"{"id_token":{"acr":{"essential":true}}}"#), (list(&[]), true));
    for nothing in [r#"{"id_token":{"acr":null}}"#, r#"{"id_token":{}}"#, r#"{"userinfo":{"acr":null}}"#, "{}"] {
        assert_eq!(asked(nothing), (list(&["other"]), false), "{nothing}");
    }
}

#[test]
fn a_subject_that_is_asked_for_by_value_is_the_one_who_has_to_sign_in() {
    let request = run(&[("claims", r#"{"id_token":{"sub":{"value":"sub-1"}}}"#)]).unwrap();
    assert_eq!(request.hint_subject.as_deref(), Some("sub-1"));
}

#[test]
fn claims_that_can_not_be_read_are_refused_and_not_overlooked() {
    let long = format!(r#"{{"x":"{}"}}"#, "x".repeat(5_000));
    for broken in ["{", "[]", "1", r#"{"id_token":[]}"#, r#"{"id_token":{"acr":"x"}}"#, &long] {
        redirected(run(&[("claims", broken)]), ErrorCode::InvalidRequest, "claims is malformed");
    }
}

#[test]
fn a_client_that_has_to_push_is_not_heard_in_the_browser() {
    for client in [
        Client { requests: RequestRules { require_pushed: true, ..RequestRules::default() }, ..public() },
        Client { profile: Profile::Fapi2, ..public() },
    ] {
        redirected(run_for(&client, good()), ErrorCode::InvalidRequest, "request_uri is missing");
        let params = AuthorizationParams::new(Params::from_pairs(good()).unwrap());
        assert!(params.validate(Some(&client), &Asked { via: Via::Pushed, ..asked(&no_hint) }).is_ok());
    }
}

#[test]
fn a_client_that_has_to_sign_is_not_heard_without() {
    let client = Client { requests: RequestRules { require_signed: true, ..RequestRules::default() }, ..public() };
    redirected(run_for(&client, good()), ErrorCode::InvalidRequest, "request is missing");
    let params = AuthorizationParams::new(Params::from_pairs(good()).unwrap());
    assert!(params.validate(Some(&client), &Asked { signed: true, ..asked(&no_hint) }).is_ok());
}

#[test]
fn a_client_asks_only_for_its_own_apis_and_details() {
    let requests = RequestRules {
        resources: vec!["https://api.example.com/".into()],
        detail_types: vec!["payment".into()],
        ..RequestRules::default()
    };
    let client = Client { requests, ..public() };
    let ask = |name: &str, value: &str| run_for(&client, with(&[(name, value)]));
    let terms = ask("resource", "https://api.example.com/").unwrap().terms;
    assert_eq!(terms.resources, ["https://api.example.com/"]);
    redirected(ask("resource", "https://other.example.com/"), ErrorCode::InvalidTarget, "resource");
    let terms = ask("authorization_details", r#"[{"type":"payment","amount":"1"}]"#).unwrap().terms;
    assert_eq!(terms.authorization_details.len(), 1);
    let other = ask("authorization_details", r#"[{"type":"other"}]"#);
    redirected(other, ErrorCode::InvalidAuthorizationDetails, "authorization_details");
}

#[test]
fn a_grant_that_the_client_is_not_registered_for_is_refused() {
    let client = Client { grant_types: Some([GrantType::ClientCredentials].into()), ..public() };
    redirected(run_for(&client, good()), ErrorCode::UnauthorizedClient, "response_type");
}

proptest! {
    #[test]
    fn no_parameters_make_it_panic_and_no_foreign_uri_gets_a_redirect(
        pairs in proptest::collection::vec((proptest::sample::select(vec![
            "client_id", "redirect_uri", "response_type", "scope", "state", "prompt", "max_age", "code_challenge",
            "ui_locales", "request", "response_mode", "claims", "resource", "authorization_details",
        ]), any::<String>()), 0..12),
    ) {
        let pairs: Vec<_> = pairs.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        if let Ok(params) = Params::from_pairs(pairs) {
            let result = AuthorizationParams::new(params).validate(Some(&public()), &asked(&no_hint));
            if let Err(AuthorizeError::Redirect { to, .. }) = result {
                prop_assert_eq!(to.redirect_uri, "https://app.example.com/cb");
            }
        }
    }
}
