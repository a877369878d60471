//! Devices without a browser, let in by a person with one (RFC 8628).

mod attacks;
mod polling;
mod way;

use actix_web::http::StatusCode;
use oauth::client::{Client, ClientAuthMethod, GrantType};
use serde_json::Value;
use testkit::browser::{Browser, Reply, refused};
use testkit::house::House;
use testkit::people::{App, template};

pub(crate) const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const SCOPE: &str = "openid profile offline_access";

/// A television's app: a public client, registered for the grant and for no redirect.
fn television() -> Client {
    let mut client = template("tv", ClientAuthMethod::None);
    client.name = "Acme TV".to_owned();
    client.redirect_uris = Vec::new();
    client.grant_types = Some([GrantType::DeviceCode, GrantType::RefreshToken].into());
    client
}

async fn tv(house: &House) -> App {
    App::add(house, television()).await
}

/// What a device is told.
struct Asked {
    device_code: String,
    user_code: String,
    link: String,
    told: Value,
}

/// A device asks.
async fn ask(house: &House, app: &App) -> Asked {
    let reply = call(house, app, "/oauth/device_authorization", &[("scope", SCOPE)]).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let told = reply.json();
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    let (device_code, user_code, link) = (text("device_code"), text("user_code"), text("verification_uri_complete"));
    Asked { device_code, user_code, link, told }
}

async fn call(house: &House, app: &App, path: &str, form: &[(&str, &str)]) -> Reply {
    let id = [("client_id", app.client_id.as_str())];
    let form = if app.secret.is_some() { form.to_vec() } else { [&id, form].concat() };
    app.call(house, path, &form).await
}

/// The device asks for its tokens.
async fn poll(house: &House, app: &App, asked: &Asked) -> Reply {
    call(house, app, "/oauth/token", &[("grant_type", GRANT), ("device_code", &asked.device_code)]).await
}

/// A person types the code.
async fn give(browser: &mut Browser, code: &str) -> Reply {
    let page = browser.open("/device").await;
    browser.submit_and_follow(page.form("/device").with("code", code)).await
}

/// A person answers who asks.
async fn answer(browser: &mut Browser, page: &Reply, decision: &str) -> Reply {
    browser.submit_and_follow(page.form("/consent").with("decision", decision)).await
}

/// A person types the code and allows it.
async fn let_in(browser: &mut Browser, code: &str) -> Reply {
    let page = give(browser, code).await;
    answer(browser, &page, "allow").await
}
