//! What people do with passkeys and security keys, told in one line each.

use crate::authenticator::Authenticator;
use crate::browser::{Browser, Reply};
use crate::house::ORIGIN;
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};

/// The options for a new key (`kind` is `passkey` or `security_key`), asked for in a signed-in browser.
pub async fn ask_for_new_key(browser: &mut Browser, kind: &str) -> Reply {
    browser.json(Method::POST, "/account/api/keys/options", &json!({ "kind": kind })).await
}

/// Sends a new key.
pub async fn send_new_key(browser: &mut Browser, credential: &Value) -> Reply {
    browser.json(Method::POST, "/account/api/keys", &json!({ "credential": credential })).await
}

/// Adds a key in a signed-in browser, whose sign-in is recent.
pub async fn add_key(browser: &mut Browser, authenticator: &mut Authenticator, kind: &str) {
    let options = ask_for_new_key(browser, kind).await;
    assert_eq!(options.status, StatusCode::OK, "{}", options.body);
    let added = send_new_key(browser, &authenticator.create(&options.json(), ORIGIN)).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
}

/// The flow of a fresh sign-in in this browser.
pub async fn begin(browser: &mut Browser) -> String {
    browser.open("/login").await.form("/login").value("flow").to_owned()
}

/// The options for a sign-in with a key (`stage` is `first` or `second`).
pub async fn ask_for_key(browser: &mut Browser, flow: &str, stage: &str) -> Reply {
    browser.json(Method::POST, "/login/passkey/options", &json!({ "flow": flow, "stage": stage })).await
}

/// Sends what a key signed.
pub async fn send_key(browser: &mut Browser, flow: &str, credential: &Value) -> Reply {
    browser.json(Method::POST, "/login/passkey", &json!({ "flow": flow, "credential": credential })).await
}

/// Proves the flow's next thing with a key.
pub async fn prove(browser: &mut Browser, authenticator: &mut Authenticator, (flow, stage): (&str, &str)) -> Reply {
    let options = ask_for_key(browser, flow, stage).await;
    assert_eq!(options.status, StatusCode::OK, "{}", options.body);
    let credential = authenticator.get(&options.json(), ORIGIN).expect("a key that fits");
    send_key(browser, flow, &credential).await
}

/// Signs in with a passkey, without typing a name, and goes on to the account.
pub async fn sign_in_with_passkey(browser: &mut Browser, authenticator: &mut Authenticator) -> Reply {
    let flow = begin(browser).await;
    let reply = prove(browser, authenticator, (&flow, "first")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let next = reply.json()["to"].as_str().unwrap().to_owned();
    browser.open(&next).await
}

/// Proves in a signed-in browser who one is, as a sensitive change asks for it, with a key.
pub async fn prove_again(browser: &mut Browser, authenticator: &mut Authenticator) -> Reply {
    let asked = ask_for_new_key(browser, "passkey").await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN, "{}", asked.body);
    let way = asked.json()["to"].as_str().unwrap().to_owned();
    let flow = way.split("flow=").nth(1).unwrap().to_owned();
    let reply = prove(browser, authenticator, (&flow, "second")).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let next = reply.json()["to"].as_str().unwrap().to_owned();
    browser.open(&next).await
}
