//! Whatever ended: nothing that was handed out before gives anything any more, by whichever grant it came
//! (CVE-2025-14559, CVE-2026-88770, CVE-2026-43983).

use actix_web::http::StatusCode;
use identity::{Account, AccountStatus};
use oauth::client::{Client, ClientAuthMethod, GrantType};
use serde_json::Value;
use std::time::Duration;
use testkit::browser::{Browser, Reply};
use testkit::house::House;
use testkit::people::{App, CALLBACK, VERIFIER, jane, link, template, userinfo};
use testkit::stories;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CIBA: &str = "urn:openid:params:grant-type:ciba";
const SCOPE: &str = "openid profile offline_access";

/// Everything that an app can hold for a person: tokens, and what it has not come for yet.
struct Held {
    app: App,
    api: App,
    access: String,
    refresh: String,
    code: String,
    device: String,
    ask: String,
}

fn text(told: &Value, name: &str) -> String {
    told[name].as_str().unwrap_or_else(|| panic!("no {name}: {told}")).to_owned()
}

impl Held {
    async fn by(house: &House, browser: &mut Browser) -> Self {
        let mut client = template("shop", ClientAuthMethod::SecretBasic);
        client.grant_types = Some(
            [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::DeviceCode, GrantType::Ciba].into(),
        );
        let app = App::add(house, client).await;
        let api = Client { resource_server: true, ..template("api", ClientAuthMethod::SecretBasic) };
        let api = App::add(house, api).await;
        let request = app.request(&[("scope", SCOPE)]);
        let page = browser.open(&request).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let tokens = app.redeem(house, &back.parameter("code").unwrap()).await.json();
        let code = browser.open(&request).await.parameter("code").unwrap();

        let asked = app.call(house, "/oauth/device_authorization", &[("scope", SCOPE)]).await.json();
        let page = browser.open("/device").await;
        let page =
            browser.submit_and_follow(page.form("/device").with("code", asked["user_code"].as_str().unwrap())).await;
        browser
            .submit_and_follow(page.form("/consent").with("decision", "allow"))
            .await
            .says("Your device is signed in");
        let device = text(&asked, "device_code");

        let form = [("scope", SCOPE), ("login_hint", "jane@example.com"), ("binding_message", "W4-SCT")];
        let asked = app.call(house, "/oauth/bc-authorize", &form).await.json();
        let path = link(&browser.open("/account").await, "/account/asks/");
        let page = browser.open(&path).await;
        browser.submit_and_follow(page.form(&format!("{path}/allow"))).await.says("Allowed");
        let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        assert!(api.is_active(house, &access).await);
        Self { app, api, access, refresh, code, device, ask: text(&asked, "auth_req_id") }
    }

    /// What each of them gets.
    async fn tried(&self, house: &House) -> Vec<(&'static str, Reply)> {
        let token = async |form: &[(&str, &str)]| self.app.call(house, "/oauth/token", form).await;
        let redirect = [("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        let code = [("grant_type", "authorization_code"), ("code", self.code.as_str()), redirect[0], redirect[1]];
        vec![
            ("code", token(&code).await),
            ("refresh", token(&[("grant_type", "refresh_token"), ("refresh_token", self.refresh.as_str())]).await),
            ("device", token(&[("grant_type", DEVICE), ("device_code", self.device.as_str())]).await),
            ("ask", token(&[("grant_type", CIBA), ("auth_req_id", self.ask.as_str())]).await),
        ]
    }

    /// Within a second all of it is worth nothing.
    async fn is_worth_nothing(&self, house: &House, error: &str) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        for (what, reply) in self.tried(house).await {
            assert_eq!(reply.json()["error"], error, "{what}: {}", reply.body);
        }
        assert_eq!(userinfo(house, &self.access).await.status, StatusCode::UNAUTHORIZED);
        assert!(!self.api.is_active(house, &self.access).await);
        assert!(!self.api.is_active(house, &self.refresh).await);
    }
}

async fn person(house: &House, change: impl FnOnce(Account) -> Account) {
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    let account = tx.find_account_by_email("jane@example.com").await.unwrap().unwrap();
    tx.update_account(&change(account)).await.unwrap();
    tx.commit().await.unwrap();
}

stories! {
    async fn while_nothing_ended_each_of_them_gets_tokens(house: House) {
        let held = Held::by(&house, &mut jane(&house).await).await;
        for (what, reply) in held.tried(&house).await {
            assert_eq!(reply.status, StatusCode::OK, "{what}: {}", reply.body);
        }
    }

    async fn a_person_who_is_disabled_has_nothing_left_anywhere(house: House) {
        let mut browser = jane(&house).await;
        let held = Held::by(&house, &mut browser).await;
        person(&house, |account| Account { status: AccountStatus::Disabled, ..account }).await;
        held.is_worth_nothing(&house, "invalid_grant").await;
        assert!(browser.get("/account").await.location().starts_with("/login"), "nor a session");
        browser.open(&held.app.request(&[])).await.form("/login");
        let silent = browser.get(&held.app.request(&[("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
    }

    async fn an_app_that_is_switched_off_gets_nothing_any_more(house: House) {
        let held = Held::by(&house, &mut jane(&house).await).await;
        let client = house.here().client("shop").await.unwrap().unwrap();
        let off = Client { disabled_at: Some(house.clock.now()), ..client };
        house.here().save_client(off).await.map(drop).unwrap_or_else(|e| panic!("{e:?}"));
        held.is_worth_nothing(&house, "invalid_client").await;
    }

    async fn an_app_whose_access_was_taken_away_has_nothing_left(house: House) {
        let mut browser = jane(&house).await;
        let held = Held::by(&house, &mut browser).await;
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        held.is_worth_nothing(&house, "invalid_grant").await;
        browser.open(&held.app.request(&[("scope", SCOPE)])).await.form("/consent");
    }

    /// "It wasn't me": what is offline ends too.
    async fn an_account_that_is_locked_down_leaves_no_app_anything(house: House) {
        let mut browser = jane(&house).await;
        let held = Held::by(&house, &mut browser).await;
        let form = [("scope", "openid"), ("login_hint", "jane@example.com"), ("binding_message", "not me")];
        assert_eq!(held.app.call(&house, "/oauth/bc-authorize", &form).await.status, StatusCode::OK);
        let path = link(&browser.open("/account").await, "/account/asks/");
        let page = browser.open(&path).await;
        let form = page.forms(&format!("{path}/deny")).into_iter().nth(1).unwrap();
        browser.submit_and_follow(form).await.says("locked");
        held.is_worth_nothing(&house, "invalid_grant").await;
    }
}
