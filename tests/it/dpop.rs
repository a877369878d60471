//! Tokens that are worth something only to whoever holds a key (RFC 9449).

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use oauth::client::{Client, ClientAuthMethod, ClientKeys, Profile};
use oauth::dpop::hash_of;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{Browser, Reply};
use testkit::client_key::{ASSERTION_TYPE, ClientKey};
use testkit::house::{House, ORIGIN};
use testkit::people::{App, CALLBACK, VERIFIER, claims, jane, template, userinfo};
use testkit::stories;

const TOKEN: (&str, &str) = ("POST", "/oauth/token");
const PAR: (&str, &str) = ("POST", "/oauth/par");
const USERINFO: (&str, &str) = ("GET", "/oauth/userinfo");

/// An app that runs in the browser.
async fn public(house: &House) -> App {
    App::add(house, Client { first_party: true, ..template("spa", ClientAuthMethod::None) }).await
}

/// Asks for tokens with these proofs.
async fn ask(house: &House, proofs: &[&str], form: &[(&str, &str)]) -> Reply {
    let mut request = TestRequest::with_uri(TOKEN.1).method(Method::POST).set_form(form);
    for proof in proofs {
        request = request.append_header(("dpop", *proof));
    }
    house.call(request).await
}

async fn redeem(house: &House, proofs: &[&str], code: &str) -> Reply {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "spa"),
    ];
    ask(house, proofs, &form).await
}

async fn refresh(house: &House, proofs: &[&str], token: &Value) -> Reply {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap()), ("client_id", "spa")];
    ask(house, proofs, &form).await
}

/// The tokens of a signed-in browser, bound to a key.
async fn bound(house: &House, app: &App, browser: &mut Browser, key: &ClientKey) -> Value {
    let code = app.code(browser).await;
    let reply = redeem(house, &[&key.proof(house, TOKEN, &json!({}))], &code).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

/// Asks userinfo with a token and a proof.
async fn show(house: &House, token: &str, proof: &str) -> Reply {
    let request = TestRequest::get().uri(USERINFO.1).insert_header(("authorization", format!("DPoP {token}")));
    house.call(request.insert_header(("dpop", proof))).await
}

fn proof_for(house: &House, key: &ClientKey, token: &str, otherwise: &Value) -> String {
    let mut more = json!({ "ath": hash_of(token) });
    more.as_object_mut().unwrap().extend(otherwise.as_object().unwrap().clone());
    key.proof(house, USERINFO, &more)
}

fn challenge(reply: &Reply) -> String {
    reply.header("www-authenticate").to_owned()
}

stories! {
    async fn a_token_that_is_bound_to_a_key_is_used_with_that_key_alone(house: House) {
        let (key, thief) = (ClientKey::new("k"), ClientKey::new("t"));
        let app = public(&house).await;
        let tokens = bound(&house, &app, &mut jane(&house).await, &key).await;
        assert_eq!(tokens["token_type"], "DPoP");
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["cnf"], json!({ "jkt": key.thumbprint() }));
        let reply = show(&house, token, &proof_for(&house, &key, token, &json!({}))).await;
        assert_eq!((reply.status, &reply.json()["name"]), (StatusCode::OK, &json!("Jane Doe")));

        let stolen = userinfo(&house, token).await;
        assert_eq!(stolen.status, StatusCode::UNAUTHORIZED);
        assert!(challenge(&stolen).starts_with("Bearer error=\"invalid_token\""), "{}", challenge(&stolen));
        assert!(challenge(&stolen).contains("DPoP algs=\"RS256 PS256 ES256 EdDSA\""));
        let stolen = show(&house, token, &proof_for(&house, &thief, token, &json!({}))).await;
        assert_eq!((stolen.status, &stolen.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
        assert!(challenge(&stolen).starts_with("DPoP error=\"invalid_token\""), "{}", challenge(&stolen));
        let request = TestRequest::get().uri(USERINFO.1).insert_header(("authorization", format!("DPoP {token}")));
        let bare = house.call(request).await;
        assert_eq!((bare.status, &bare.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_dpop_proof")));
        let form = TestRequest::post().uri(USERINFO.1).set_form([("access_token", token)]);
        assert_eq!(house.call(form).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn an_api_learns_which_key_a_token_is_bound_to(house: House) {
        let key = ClientKey::new("k");
        let app = public(&house).await;
        let api = Client { resource_server: true, ..template("api", ClientAuthMethod::SecretBasic) };
        let api = App::add(&house, api).await;
        let tokens = bound(&house, &app, &mut jane(&house).await, &key).await;
        let told = api.call(&house, "/oauth/introspect", &[("token", tokens["access_token"].as_str().unwrap())]).await;
        let told = told.json();
        assert_eq!((&told["active"], &told["token_type"]), (&json!(true), &json!("DPoP")));
        assert_eq!(told["cnf"]["jkt"], key.thumbprint());
    }

    /// RFC 9449 §5: who stole a refresh token of a public client can't use it, and its owner still can.
    async fn a_public_client_s_refresh_token_needs_the_key_that_it_began_with(house: House) {
        let (key, thief) = (ClientKey::new("k"), ClientKey::new("t"));
        let app = public(&house).await;
        let first = bound(&house, &app, &mut jane(&house).await, &key).await;
        let reply = refresh(&house, &[&thief.proof(&house, TOKEN, &json!({}))], &first["refresh_token"]).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
        let reply = refresh(&house, &[], &first["refresh_token"]).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_dpop_proof")));
        let second = refresh(&house, &[&key.proof(&house, TOKEN, &json!({}))], &first["refresh_token"]).await.json();
        assert_eq!(second["token_type"], "DPoP");
        assert_eq!(claims(second["access_token"].as_str().unwrap())["cnf"]["jkt"], key.thumbprint());
    }

    async fn a_client_with_a_secret_may_change_its_key_but_not_do_without(house: House) {
        let (old, new) = (ClientKey::new("old"), ClientKey::new("new"));
        let app = App::add(&house, Client { first_party: true, ..template("shop", ClientAuthMethod::SecretPost) }).await;
        let code = app.code(&mut jane(&house).await).await;
        let secret = app.secret.clone().unwrap();
        let own = [("client_id", "shop"), ("client_secret", secret.as_str())];
        let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        let proof = old.proof(&house, TOKEN, &json!({}));
        let first = ask(&house, &[&proof], &[form.as_slice(), &own].concat()).await.json();
        let form = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
        let form = [form.as_slice(), &own].concat();
        assert_eq!(ask(&house, &[], &form).await.json()["error"], "invalid_dpop_proof");
        let second = ask(&house, &[&new.proof(&house, TOKEN, &json!({}))], &form).await.json();
        assert_eq!(claims(second["access_token"].as_str().unwrap())["cnf"]["jkt"], new.thumbprint());
    }

    /// RFC 9449 §10; and a stranger's try costs the owner nothing.
    async fn a_code_is_bound_to_the_key_that_the_request_names(house: House) {
        let (key, thief) = (ClientKey::new("k"), ClientKey::new("t"));
        let app = public(&house).await;
        let mut browser = jane(&house).await;
        let reply = browser.open(&app.request(&[("dpop_jkt", key.thumbprint())])).await;
        let code = reply.parameter("code").unwrap();
        assert_eq!(redeem(&house, &[], &code).await.json()["error"], "invalid_dpop_proof");
        let proof = thief.proof(&house, TOKEN, &json!({}));
        assert_eq!(redeem(&house, &[&proof], &code).await.json()["error"], "invalid_grant");
        let proof = key.proof(&house, TOKEN, &json!({}));
        assert_eq!(redeem(&house, &[&proof], &code).await.json()["token_type"], "DPoP");
        let reply = browser.open(&app.request(&[("dpop_jkt", "short")])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("invalid_request"));
    }

    /// RFC 9449 §10.1: the proof of the push binds the code, as `dpop_jkt` would.
    async fn a_pushed_request_binds_its_code_to_the_key_of_its_proof(house: House) {
        let (key, thief) = (ClientKey::new("k"), ClientKey::new("t"));
        let app = public(&house).await;
        let mut browser = jane(&house).await;
        let query = app.request(&[]);
        let form: Vec<(String, String)> = url::form_urlencoded::parse(query.split_once('?').unwrap().1.as_bytes())
            .into_owned()
            .collect();
        let push = async |proof: &str, more: Option<(&str, &str)>| {
            let more = more.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let form: Vec<_> = form.iter().cloned().chain(more).collect();
            let request = TestRequest::with_uri(PAR.1).method(Method::POST).set_form(form);
            house.call(request.insert_header(("dpop", proof))).await
        };
        let reply = push(&key.proof(&house, PAR, &json!({ "nonce": null })), None).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("use_dpop_nonce")));
        assert!(!reply.header("dpop-nonce").is_empty());
        let other = Some(("dpop_jkt", thief.thumbprint()));
        let reply = push(&key.proof(&house, PAR, &json!({})), other).await;
        assert_eq!(reply.json()["error"], "invalid_dpop_proof");
        let reply = push(&key.proof(&house, TOKEN, &json!({})), None).await;
        assert_eq!(reply.json()["error"], "invalid_dpop_proof", "a proof for another endpoint");

        let reply = push(&key.proof(&house, PAR, &json!({})), None).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        let name = reply.json()["request_uri"].as_str().unwrap().to_owned();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", "spa").append_pair("request_uri", &name);
        let code = browser.open(&format!("/oauth/authorize?{}", query.finish())).await.parameter("code").unwrap();
        let proof = thief.proof(&house, TOKEN, &json!({}));
        assert_eq!(redeem(&house, &[&proof], &code).await.json()["error"], "invalid_grant");
        let proof = key.proof(&house, TOKEN, &json!({}));
        assert_eq!(redeem(&house, &[&proof], &code).await.json()["token_type"], "DPoP");
    }

    /// FAPI 2.0 Security Profile §5.3.2.1: its own key, for the issuer as one string, and every token bound.
    async fn a_fapi_client_proves_itself_by_its_key_and_gets_no_bearer_token(house: House) {
        let key = ClientKey::new("k");
        let keys = ClientKeys { jwks: Some(key.jwks()), jwks_uri: None };
        let client = Client { profile: Profile::Fapi2, keys, ..template("bank", ClientAuthMethod::PrivateKeyJwt) };
        App::add(&house, client).await;
        let get = async |otherwise: &Value, proof: Option<String>| {
            let assertion = key.assertion(&house, "bank", otherwise);
            let form = [
                ("grant_type", "client_credentials"),
                ("client_assertion_type", ASSERTION_TYPE),
                ("client_assertion", assertion.as_str()),
            ];
            let proofs: Vec<&str> = proof.iter().map(String::as_str).collect();
            ask(&house, &proofs, &form).await.json()
        };
        let proof = || Some(key.proof(&house, TOKEN, &json!({})));
        assert_eq!(get(&json!({}), proof()).await["token_type"], "DPoP");
        assert_eq!(get(&json!({}), None).await["error"], "invalid_dpop_proof");
        for aud in [json!([ORIGIN]), json!(format!("{ORIGIN}/oauth/token")), json!(format!("{ORIGIN}/oauth/par"))] {
            assert_eq!(get(&json!({ "aud": aud.clone() }), proof()).await["error"], "invalid_client", "{aud}");
        }
    }

    /// RFC 9449 §8 and §9.
    async fn a_proof_needs_a_nonce_which_the_refusal_hands_out(house: House) {
        let key = ClientKey::new("k");
        let app = public(&house).await;
        let code = app.code(&mut jane(&house).await).await;
        let reply = redeem(&house, &[&key.proof(&house, TOKEN, &json!({ "nonce": null }))], &code).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("use_dpop_nonce")));
        let nonce = reply.header("dpop-nonce").to_owned();
        let reply = redeem(&house, &[&key.proof(&house, TOKEN, &json!({ "nonce": nonce }))], &code).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert!(!reply.header("dpop-nonce").is_empty(), "the one for the next proof");
        let tokens = reply.json();
        let token = tokens["access_token"].as_str().unwrap();
        let reply = show(&house, token, &proof_for(&house, &key, token, &json!({ "nonce": "made up" }))).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert!(challenge(&reply).starts_with("DPoP error=\"use_dpop_nonce\""), "{}", challenge(&reply));
        let nonce = reply.header("dpop-nonce").to_owned();
        let reply = show(&house, token, &proof_for(&house, &key, token, &json!({ "nonce": nonce.clone() }))).await;
        assert_eq!(reply.status, StatusCode::OK);
        house.clock.advance(Duration::from_secs(241));
        let reply = show(&house, token, &proof_for(&house, &key, token, &json!({ "nonce": nonce }))).await;
        assert_eq!(reply.json()["error"], "use_dpop_nonce", "an old one");
    }

    async fn a_proof_is_good_for_one_request(house: House) {
        let key = ClientKey::new("k");
        let app = public(&house).await;
        let tokens = bound(&house, &app, &mut jane(&house).await, &key).await;
        let token = tokens["access_token"].as_str().unwrap();
        let proof = proof_for(&house, &key, token, &json!({}));
        let replies = futures_util::future::join_all((0..20).map(|_| show(&house, token, &proof))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == StatusCode::OK).count(), 1);
        let again = show(&house, token, &proof).await;
        assert_eq!((again.status, &again.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_dpop_proof")));
        assert!(again.json()["error_description"].as_str().unwrap().contains("used before"));
    }

    async fn a_proof_is_about_the_request_that_it_comes_with(house: House) {
        let key = ClientKey::new("k");
        let app = public(&house).await;
        let mut browser = jane(&house).await;
        let code = app.code(&mut browser).await;
        let now = house.clock.now().seconds();
        for (otherwise, word) in [
            (json!({ "htm": "GET" }), "htm"),
            (json!({ "htu": "https://evil.example/oauth/token" }), "htu"),
            (json!({ "iat": now + 61 }), "future"),
            (json!({ "iat": now - 300 }), "too old"),
            (json!({ "iat": null }), "iat"),
            (json!({ "jti": null }), "jti"),
        ] {
            let reply = redeem(&house, &[&key.proof(&house, TOKEN, &otherwise)], &code).await;
            assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_dpop_proof")));
            assert!(reply.json()["error_description"].as_str().unwrap().contains(word), "{otherwise}");
        }
        let twice = [key.proof(&house, TOKEN, &json!({})), key.proof(&house, TOKEN, &json!({}))];
        assert_eq!(redeem(&house, &[&twice[0], &twice[1]], &code).await.json()["error"], "invalid_dpop_proof");
        let fine = key.proof(&house, TOKEN, &json!({ "iat": now + 10, "exp": 1, "nbf": now + 999 }));
        let tokens = redeem(&house, &[&fine], &code).await.json();
        let token = tokens["access_token"].as_str().unwrap();
        let other = proof_for(&house, &key, "another token", &json!({}));
        assert_eq!(show(&house, token, &other).await.json()["error"], "invalid_dpop_proof");
    }

    async fn a_client_that_is_to_prove_possession_gets_nothing_without(house: House) {
        let key = ClientKey::new("k");
        let mut client = template("spa", ClientAuthMethod::None);
        (client.first_party, client.proof.dpop_bound) = (true, true);
        let app = App::add(&house, client).await;
        let code = app.code(&mut jane(&house).await).await;
        assert_eq!(redeem(&house, &[], &code).await.json()["error"], "invalid_dpop_proof");
        let proof = key.proof(&house, TOKEN, &json!({}));
        assert_eq!(redeem(&house, &[&proof], &code).await.json()["token_type"], "DPoP");
    }

    async fn a_bearer_token_gains_nothing_by_a_proof(house: House) {
        let key = ClientKey::new("k");
        let app = App::first_party(&house).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        assert_eq!(tokens["token_type"], "Bearer");
        let token = tokens["access_token"].as_str().unwrap();
        let reply = show(&house, token, &proof_for(&house, &key, token, &json!({}))).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
    }

    async fn an_app_that_acts_for_itself_binds_its_tokens_too(house: House) {
        let key = ClientKey::new("k");
        let app = App::add(&house, template("shop", ClientAuthMethod::SecretPost)).await;
        let secret = app.secret.clone().unwrap();
        let form = [("grant_type", "client_credentials"), ("client_id", "shop"), ("client_secret", secret.as_str())];
        let reply = ask(&house, &[&key.proof(&house, TOKEN, &json!({}))], &form).await.json();
        assert_eq!((&reply["token_type"], reply.get("refresh_token")), (&json!("DPoP"), None));
        assert_eq!(claims(reply["access_token"].as_str().unwrap())["cnf"]["jkt"], key.thumbprint());
    }

    /// A page of any origin may send a proof, and read the nonce.
    async fn a_page_may_send_a_proof_and_read_the_nonce(house: House) {
        let preflight = TestRequest::with_uri(TOKEN.1).method(Method::OPTIONS).insert_header(("origin", "https://spa.test"));
        let reply = house.call(preflight).await;
        assert!(reply.header("access-control-allow-headers").contains("DPoP"));
        assert!(reply.header("access-control-expose-headers").contains("DPoP-Nonce"));
    }
}
