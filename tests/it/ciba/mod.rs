//! Apps that ask a person who is elsewhere (OpenID Connect Client-Initiated Backchannel Authentication Core 1.0).

mod answers;
mod attacks;
mod proofs;
mod requests;
mod rings;
mod told;
mod way;

use actix_web::http::StatusCode;
use oauth::client::{BackchannelRules, Client, ClientAuthMethod, DeliveryMode, GrantType};
use serde_json::Value;
use testkit::browser::{Browser, Reply, refused};
use testkit::house::House;
use testkit::people::{App, link, template};

pub(crate) const GRANT: &str = "urn:openid:params:grant-type:ciba";
const ENDPOINT: &str = "/oauth/bc-authorize";
const JANE: &str = "jane@example.com";
const SCOPE: &str = "openid profile offline_access";
/// What speaks for the house at an app that is told.
const TOKEN: &str = "8d67dc78-7faa-4d41-aabd-67707b374255";

/// A bank's app: it has a secret, and no redirect.
fn banking(mode: DeliveryMode) -> Client {
    let mut client = template("bank", ClientAuthMethod::SecretBasic);
    client.name = "Acme Bank".to_owned();
    client.redirect_uris = Vec::new();
    client.grant_types = Some([GrantType::Ciba, GrantType::RefreshToken].into());
    client.backchannel = BackchannelRules { mode, ..BackchannelRules::default() };
    client
}

async fn bank(house: &House) -> App {
    App::add(house, banking(DeliveryMode::Poll)).await
}

/// The same where it shows the number.
async fn counting_bank(house: &House) -> App {
    let mut client = banking(DeliveryMode::Poll);
    client.backchannel.shows_number = true;
    App::add(house, client).await
}

/// The app asks, with more parameters or others; an empty one leaves one out.
async fn call(house: &House, app: &App, more: &[(&str, &str)]) -> Reply {
    let usual = [("scope", SCOPE), ("login_hint", JANE), ("binding_message", "W4-SCT")];
    let usual = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let form: Vec<_> = usual.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
    app.call(house, ENDPOINT, &form).await
}

/// The app asks, and is told how to go on.
async fn ask(house: &House, app: &App, more: &[(&str, &str)]) -> Value {
    let reply = call(house, app, more).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

fn name(asked: &Value) -> String {
    asked["auth_req_id"].as_str().unwrap().to_owned()
}

/// The app comes for its tokens.
async fn poll(house: &House, app: &App, asked: &Value) -> Reply {
    app.call(house, "/oauth/token", &[("grant_type", GRANT), ("auth_req_id", &name(asked))]).await
}

/// The path of the request that waits for the person of a browser.
async fn waiting(browser: &mut Browser) -> String {
    let page = browser.open("/account").await;
    link(&page, "/account/asks/")
}

/// The person says yes on the request's page, with a number where one is wanted.
async fn allow(browser: &mut Browser, path: &str, number: Option<&str>) -> Reply {
    let page = browser.open(path).await;
    let form = page.form(&format!("{path}/allow"));
    let form = match number {
        Some(number) => form.with("number", number),
        None => form,
    };
    browser.submit_and_follow(form).await
}

/// The person says no.
async fn deny(browser: &mut Browser, path: &str) -> Reply {
    let page = browser.open(path).await;
    browser.submit_and_follow(page.form(&format!("{path}/deny"))).await
}
