use super::*;
use crate::client::tests::{confidential, public};
use crate::client::{Client, ExchangeRules};
use crate::client_auth::tests::authenticated;

const ISSUER: &str = "https://id.example";
const A: &str = "https://a.example/";
const B: &str = "https://b.example/";
const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn request(more: &[(&str, &str)]) -> Result<TokenExchangeRequest, OAuthError> {
    let usual = [("subject_token", "t"), ("subject_token_type", ACCESS_TOKEN)];
    let usual = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    let pairs = usual.chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    TokenExchangeRequest::read(&Params::from_pairs(pairs).unwrap())
}

fn subject() -> Subject {
    Subject {
        client_id: "shop".into(),
        scope: "openid email orders offline_access".parse().unwrap(),
        audience: vec![ISSUER.into()],
        authorization_details: Vec::new(),
        resources: Vec::new(),
        act: None,
        may_act: None,
        confirmation: Confirmation::default(),
        expires_at: NOW.plus(Duration::from_secs(100)),
    }
}

fn client(rules: ExchangeRules) -> Client {
    let mut client = Client { client_id: "api".into(), exchange: rules, ..confidential() };
    client.scope = "openid orders offline_access".parse().unwrap();
    client.requests.resources = vec![A.into(), B.into()];
    client
}

fn from_shop() -> ExchangeRules {
    ExchangeRules { from: vec!["shop".into()], ..ExchangeRules::default() }
}

fn run(more: &[(&str, &str)], subject: &Subject, client: Client) -> Result<Exchanged, ErrorCode> {
    let none = Confirmation::default();
    decide(&request(more).unwrap(), subject, None, (&authenticated(client), &none), (ISSUER, NOW)).map_err(|e| e.code)
}

#[test]
fn a_request_is_read_or_refused_by_name() {
    assert!(request(&[]).is_ok());
    for (more, word) in [
        (&[("subject_token", "")][..], "subject_token"),
        (&[("subject_token_type", "")], "subject_token_type"),
        (&[("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")], "subject_token_type"),
        (&[("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], "requested_token_type"),
        (&[("actor_token", "t")], "actor_token"),
        (&[("actor_token_type", ACCESS_TOKEN)], "actor_token"),
    ] {
        let error = request(more).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest);
        assert!(error.description().starts_with(word), "{error}");
    }
}

#[test]
fn the_token_of_another_app_tells_who_acts() {
    let got = run(&[], &subject(), client(from_shop())).unwrap();
    assert_eq!(got.act, Some(Actor { sub: "api".into(), act: None }));
    assert_eq!(got.scope.to_string(), "openid orders", "no more than both have, and nothing that lasts");
    assert_eq!(got.target.audience, [ISSUER]);
    assert_eq!(got.lifetime, Duration::from_secs(100), "no longer than the token itself");
}

#[test]
fn who_acted_before_stays_known_and_the_row_has_an_end() {
    let mut before = Subject { act: Some(Actor { sub: "first".into(), act: None }), ..subject() };
    let got = run(&[], &before, client(from_shop())).unwrap();
    let act = serde_json::to_value(got.act.unwrap()).unwrap();
    assert_eq!(act, serde_json::json!({ "sub": "api", "act": { "sub": "first" } }));
    for _ in 0..3 {
        before.act = Some(Actor { sub: "next".into(), act: before.act.map(Box::new) });
    }
    assert_eq!(run(&[], &before, client(from_shop())), Err(ErrorCode::InvalidRequest));
    let silent = client(ExchangeRules { impersonate: true, ..from_shop() });
    assert_eq!(run(&[], &before, silent).unwrap().act, before.act, "impersonation hides nobody who acted before");
}

#[test]
fn a_client_exchanges_what_its_settings_name_and_its_own() {
    assert_eq!(run(&[], &subject(), client(ExchangeRules::default())), Err(ErrorCode::InvalidRequest));
    let own = Subject { client_id: "api".into(), ..subject() };
    assert_eq!(run(&[], &own, client(ExchangeRules::default())).unwrap().act, None);
    let silent = client(ExchangeRules { impersonate: true, ..from_shop() });
    assert_eq!(run(&[], &subject(), silent).unwrap().act, None);
}

#[test]
fn may_act_keeps_others_out() {
    let only = |sub: &str| Subject { may_act: Some(MayAct { sub: sub.into() }), ..subject() };
    assert!(run(&[], &only("api"), client(from_shop())).is_ok());
    assert_eq!(run(&[], &only("other"), client(from_shop())), Err(ErrorCode::InvalidRequest));
}

#[test]
fn scope_is_only_ever_narrowed() {
    let of = |scope| run(&[("scope", scope)], &subject(), client(from_shop())).map(|got| got.scope.to_string());
    assert_eq!(of("orders").as_deref(), Ok("orders"));
    for more in ["email", "orders email", "admin", "offline_access"] {
        assert_eq!(of(more), Err(ErrorCode::InvalidScope), "{more}");
    }
    let nothing = Subject { scope: "email".parse().unwrap(), ..subject() };
    assert_eq!(run(&[], &nothing, client(from_shop())), Err(ErrorCode::InvalidScope));
}

#[test]
fn the_apis_are_only_ever_narrowed() {
    let of = |subject: &Subject, more: &[(&str, &str)]| {
        run(more, subject, client(from_shop())).map(|got| got.target.audience)
    };
    assert_eq!(of(&subject(), &[("resource", A)]).unwrap(), [A]);
    assert_eq!(of(&subject(), &[("audience", B)]).unwrap(), [B]);
    assert_eq!(of(&subject(), &[("resource", "https://c.example/")]), Err(ErrorCode::InvalidTarget));
    let for_a = Subject { audience: vec![A.into()], ..subject() };
    assert_eq!(of(&for_a, &[]).unwrap(), [A]);
    assert_eq!(of(&for_a, &[("resource", B)]), Err(ErrorCode::InvalidTarget), "the token is for A alone");
    let granted = Subject { resources: vec![A.into(), B.into()], ..for_a.clone() };
    assert_eq!(of(&granted, &[("resource", B)]).unwrap(), [B], "the person allowed both");
    let foreign = Subject { audience: vec!["https://c.example/".into()], ..subject() };
    assert_eq!(of(&foreign, &[]), Err(ErrorCode::InvalidTarget));
    let limited = Subject { resources: vec![A.into()], ..subject() };
    assert_eq!(of(&limited, &[("resource", B)]), Err(ErrorCode::InvalidTarget));
}

#[test]
fn a_bound_token_does_not_come_loose() {
    let key = |text: &str| Confirmation { jkt: Some(text.into()), certificate: None };
    let bound = Subject { confirmation: key("k"), ..subject() };
    assert_eq!(run(&[], &bound, client(from_shop())), Err(ErrorCode::InvalidDpopProof));
    let with = |client: Client, shown: Confirmation, subject: &Subject| {
        decide(&request(&[]).unwrap(), subject, None, (&authenticated(client), &shown), (ISSUER, NOW))
            .map_err(|e| e.code)
    };
    assert!(with(client(from_shop()), key("other"), &bound).is_ok(), "an API has a key of its own");
    let spa = Client { client_id: "shop".into(), scope: "openid".parse().unwrap(), ..public() };
    assert_eq!(with(spa.clone(), key("other"), &bound), Err(ErrorCode::InvalidGrant));
    assert!(with(spa, key("k"), &bound).is_ok());
}
