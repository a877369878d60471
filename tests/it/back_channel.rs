//! Back-channel logout (OpenID Connect Back-Channel Logout 1.0): what the servers of apps are told when a session ends.

use oauth::client::{ClientAuthMethod, LogoutRules};
use std::time::Duration;
use testkit::browser::{Browser, CHROME, SAFARI};
use testkit::house::{Db, House, Plan};
use testkit::people::{App, NEW_PASSWORD, PASSWORD, claims, jane, say_yes, sign_in, template};
use testkit::relying_party::{Answer, Call, RelyingParty};

const JANE: &str = "jane@example.com";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Long enough for whatever would come, when nothing must.
const A_WHILE: Duration = Duration::from_millis(900);

async fn open(db: Db) -> (House, RelyingParty) {
    let party = RelyingParty::start().await;
    let mut plan = Plan::default();
    plan.outbound.trusted_origins.push(party.origin().parse().unwrap());
    plan.outbound.timeout = Duration::from_secs(2);
    (House::build(db, plan).await, party)
}

/// An app whose server is told of logouts there.
async fn app(house: &House, client_id: &str, uri: &str) -> App {
    let mut client = template(client_id, ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.logout = LogoutRules { backchannel_uri: Some(uri.to_owned()), ..LogoutRules::default() };
    App::add(house, client).await
}

/// Signs in in a fresh browser, and to an app there: the browser, and the session that the app knows.
async fn signed_in(house: &House, app: &App) -> (Browser, String) {
    let mut browser = house.browser(CHROME);
    sign_in(&mut browser, JANE, PASSWORD).await;
    let session = session(house, app, &mut browser).await;
    (browser, session)
}

async fn session(house: &House, app: &App, browser: &mut Browser) -> String {
    let tokens = app.tokens(house, browser).await;
    claims(tokens["id_token"].as_str().unwrap())["sid"].as_str().unwrap().to_owned()
}

/// The claims of the logout token of a call.
#[track_caller]
fn told(call: &Call) -> serde_json::Value {
    let token = call.body.strip_prefix("logout_token=").unwrap_or_else(|| panic!("{:?}", call.body));
    assert!(!token.contains('&'), "nothing but the token is posted");
    claims(token)
}

fn told_of(calls: &[Call]) -> Vec<String> {
    calls.iter().map(|call| told(call)["sid"].as_str().unwrap().to_owned()).collect()
}

macro_rules! parties {
    ($( $(#[$doc:meta])* async fn $name:ident($house:ident, $party:ident) $body:block )*) => { $(
        mod $name {
            #[actix_web::test]
            async fn on_sqlite() {
                super::$name(super::open(super::Db::Sqlite).await).await;
            }
            #[actix_web::test]
            async fn on_postgres() {
                super::$name(super::open(super::Db::Postgres).await).await;
            }
        }
        $(#[$doc])*
        async fn $name(($house, $party): (House, RelyingParty)) $body
    )* };
}

parties! {
    /// §2.4, §2.5: a form with the token alone; the token has its type, one event with nothing in it, and no nonce.
    async fn signing_out_tells_every_app_of_the_session_and_no_other(house, party) {
        let (shop, news) = (app(&house, "shop", &party.url("/shop")).await, app(&house, "news", &party.url("/news")).await);
        let _idle = app(&house, "idle", &party.url("/idle")).await;
        let mut here = jane(&house).await;
        let tokens = shop.tokens(&house, &mut here).await;
        let id_token = claims(tokens["id_token"].as_str().unwrap());
        news.tokens(&house, &mut here).await;
        let (_elsewhere, other) = signed_in(&house, &shop).await;

        let page = here.open("/account").await;
        here.submit_and_follow(page.form("/logout")).await;
        let mut calls = party.wait_for(2).await;
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(party.calls().len(), 2, "each app once");
        calls.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!((calls[0].path.as_str(), calls[1].path.as_str()), ("/news", "/shop"));
        let call = &calls[1];
        assert_eq!((call.method.as_str(), call.headers["content-type"].as_str()), ("POST", "application/x-www-form-urlencoded"));
        let said = told(call);
        assert_eq!(said["sub"], id_token["sub"]);
        assert_eq!(said["sid"], id_token["sid"]);
        assert_ne!(said["sid"].as_str(), Some(other.as_str()));
        assert_eq!((said["iss"].as_str(), said["aud"].as_str()), (Some("https://id.acme.test"), Some("shop")));
        assert_eq!(said["events"], serde_json::json!({ EVENT: {} }));
        assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 120);
        assert!(said["jti"].is_string() && said.get("nonce").is_none(), "{said}");
        assert_ne!(said["jti"], told(&calls[0])["jti"]);
    }

    /// Whatever ends a session, the app hears of it.
    async fn every_way_that_a_session_ends_is_told(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let mut here = jane(&house).await;
        let mut expected = Vec::new();

        let (mut browser, sid) = signed_in(&house, &shop).await;
        let hint = shop.tokens(&house, &mut browser).await["id_token"].as_str().unwrap().to_owned();
        browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await;
        expected.push(sid);
        assert_eq!(told_of(&party.wait_for(1).await), expected, "signed out by an app");

        let (_browser, sid) = signed_in(&house, &shop).await;
        let page = here.open("/account/devices").await;
        here.submit_and_follow(page.form("/account/devices/end")).await;
        expected.push(sid);
        assert_eq!(told_of(&party.wait_for(2).await), expected, "ended from the list of devices");

        let (_browser, sid) = signed_in(&house, &shop).await;
        let page = here.open("/account/devices").await;
        here.submit_and_follow(page.form("/account/devices/end-others")).await;
        expected.push(sid);
        assert_eq!(told_of(&party.wait_for(3).await), expected, "ended with all others");

        let (_browser, sid) = signed_in(&house, &shop).await;
        let page = here.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        let reply = here.submit(form.with("end_others", "on")).await;
        say_yes(&house, &mut here, reply).await;
        expected.push(sid);
        assert_eq!(told_of(&party.wait_for(4).await), expected, "ended by a new password");

        let own = session(&house, &shop, &mut here).await;
        let page = here.open("/account/lockdown").await;
        here.submit_and_follow(page.form("/account/lockdown")).await.says("locked down");
        expected.push(own);
        assert_eq!(told_of(&party.wait_for(5).await), expected, "ended by a lockdown");
    }

    async fn a_no_to_was_this_you_is_told(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let _here = jane(&house).await;
        let (_thief, sid) = signed_in(&house, &shop).await;
        let link = house.post.take(JANE, "ign-in").await.link("was-this-you");
        let mut anywhere = house.browser(SAFARI);
        let page = anywhere.open(&link).await;
        anywhere.submit_and_follow(page.form("/no")).await;
        assert_eq!(told_of(&party.wait_for(1).await), [sid]);
    }

    /// The account is gone when the app is told, and so is its log.
    async fn the_deletion_of_an_account_is_told(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let mut here = jane(&house).await;
        let sid = session(&house, &shop, &mut here).await;
        let page = here.open("/account/data").await;
        let reply = here.submit(page.form("/account/data/delete").with("sure", "on")).await;
        say_yes(&house, &mut here, reply).await;
        house.post.take(JANE, "account is deleted").await;
        assert_eq!(told_of(&party.wait_for(1).await), [sid]);
    }

    /// The access that was taken away is an end for the app too.
    async fn an_app_whose_access_is_taken_away_is_told(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let mut here = jane(&house).await;
        let sid = session(&house, &shop, &mut here).await;
        let page = here.open("/account/apps").await;
        here.submit_and_follow(page.form("/account/apps/remove")).await;
        assert_eq!(told_of(&party.wait_for(1).await), [sid]);
        here.open("/account").await.says("Jane");
    }

    /// One app is signed out on one device: its tokens there end and it is told; everything else goes on.
    async fn one_app_can_be_signed_out_from_the_list_of_devices(house, party) {
        let (shop, news) = (app(&house, "shop", &party.url("/shop")).await, app(&house, "news", &party.url("/news")).await);
        let mut here = jane(&house).await;
        let (mut there, sid) = signed_in(&house, &shop).await;
        let there_tokens = shop.tokens(&house, &mut there).await;
        let news_tokens = news.tokens(&house, &mut there).await;
        let own_tokens = shop.tokens(&house, &mut here).await;
        let page = here.open("/account/devices").await;
        page.says("Chrome");
        let forms = page.forms("/account/devices/apps/end");
        assert_eq!(forms.len(), 3, "the shop here, shop and news there");
        let shop_id = forms[0].value("client").to_owned();
        let there_form = forms.into_iter().skip(1).find(|form| form.value("client") == shop_id).unwrap();
        here.submit_and_follow(there_form).await.says("That app is signed out there");

        assert_eq!(told_of(&party.wait_for(1).await), [sid]);
        let access = |tokens: &serde_json::Value| tokens["access_token"].as_str().unwrap().to_owned();
        assert!(!shop.is_active(&house, &access(&there_tokens)).await);
        assert!(news.is_active(&house, &access(&news_tokens)).await);
        assert!(shop.is_active(&house, &access(&own_tokens)).await);
        there.open("/account").await.says("Jane");
        here.open("/account/activity").await.says("Signed out of Acme Shop");
        tokio::time::sleep(A_WHILE).await;
        assert_eq!(party.calls().len(), 1);
    }

    async fn another_s_device_is_not_signed_out_of_an_app(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let mut here = jane(&house).await;
        let tokens = shop.tokens(&house, &mut here).await;
        let form = here.open("/account/devices").await.form("/account/devices/apps/end");
        let mut other = house.browser(SAFARI);
        testkit::people::register(&house, &mut other, "other@example.com").await;
        other.submit_and_follow(form).await;
        assert!(shop.is_active(&house, tokens["access_token"].as_str().unwrap()).await);
        tokio::time::sleep(A_WHILE).await;
        assert!(party.calls().is_empty());
    }

    /// Neither an app that is off, nor one that was switched off before its turn, nor the end of a session by age.
    async fn nothing_is_told_to_apps_that_are_off_nor_of_sessions_that_grow_old(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let (mut browser, _) = { let _here = jane(&house).await; signed_in(&house, &shop).await };
        let client = house.here().client("shop").await.unwrap().unwrap();
        let off = oauth::Client { disabled_at: Some(house.clock.now()), ..client.clone() };
        house.here().save_client(off).await.unwrap();
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        house.here().save_client(client).await.unwrap();
        let (_browser, _) = signed_in(&house, &shop).await;
        house.clock.advance(Duration::from_secs(200 * 24 * 3600));
        tokio::time::sleep(A_WHILE).await;
        assert!(party.calls().is_empty(), "{:?}", party.calls());
    }

    /// A server that fails, breaks off or redirects is asked again, with a new token; the answer 200 is the end.
    async fn what_fails_is_tried_again_and_a_redirect_is_not_followed(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let _here = jane(&house).await;
        let (mut browser, sid) = signed_in(&house, &shop).await;
        party.answers([Answer::Status(500), Answer::Reset, Answer::Redirect(307, party.url("/elsewhere"))]);
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        for attempts in 1..=4 {
            let calls = party.wait_for(attempts).await;
            assert_eq!(calls.len(), attempts);
            tokio::time::sleep(Duration::from_millis(200)).await;
            house.clock.advance(Duration::from_secs(120));
        }
        tokio::time::sleep(A_WHILE).await;
        let calls = party.calls();
        assert_eq!(told_of(&calls), vec![sid; 4]);
        assert!(calls.iter().all(|call| call.path == "/out"), "nothing is followed");
        let mut ids: Vec<_> = calls.iter().map(|call| told(call)["jti"].to_string()).collect();
        ids.dedup();
        assert_eq!(ids.len(), 4, "each attempt has a token of its own");
    }

    /// §2.8: 400 says that the app will not have it. It is not asked again, and the operator can see why.
    async fn a_400_is_the_app_s_last_word(house, party) {
        let shop = app(&house, "shop", &party.url("/out")).await;
        let _here = jane(&house).await;
        let (mut browser, _) = signed_in(&house, &shop).await;
        party.answers([Answer::Status(400)]);
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        party.wait_for(1).await;
        for _ in 0..10 {
            house.clock.advance(Duration::from_secs(600));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(party.calls().len(), 1);
        let dead = house.store.dead_deliveries(10).await.unwrap();
        assert!(dead.iter().any(|d| d.last_error.as_deref().is_some_and(|e| e.contains("400"))), "{dead:?}");
    }

    /// A dead, a slow and an endless server hold up nobody else.
    async fn a_slow_app_holds_up_no_other(house, party) {
        let slow = RelyingParty::start().await;
        // Not trusted: it is on this machine, so it is not even connected to.
        let shop = app(&house, "shop", &party.url("/shop")).await;
        let hang = app(&house, "hang", &party.url("/hang")).await;
        let lost = app(&house, "lost", &slow.url("/lost")).await;
        let mut here = jane(&house).await;
        for app in [&hang, &lost, &shop] {
            app.tokens(&house, &mut here).await;
        }
        let (mut there, _) = signed_in(&house, &hang).await;
        party.answers([Answer::Slow(Duration::from_secs(60))]);
        let page = there.open("/account").await;
        there.submit_and_follow(page.form("/logout")).await;
        party.wait_for(1).await;
        party.answers([Answer::Endless, Answer::Status(204)]);
        let page = here.open("/account").await;
        here.submit_and_follow(page.form("/logout")).await;
        let calls = party.wait_for(3).await;
        assert!(calls.iter().any(|call| call.path == "/shop"));
        assert!(slow.calls().is_empty(), "a private address is never connected to");
        for _ in 0..50 {
            let dead = house.store.dead_deliveries(10).await.unwrap();
            if dead.iter().any(|d| d.last_error.as_deref().is_some_and(|e| e.contains("refused"))) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the private address was not refused for good");
    }

    /// What is written down with the end of the session is told after a restart.
    async fn a_logout_is_told_though_the_process_ended_before(house, party) {
        let mut house = house;
        let shop = app(&house, "shop", &party.url("/out")).await;
        let _here = jane(&house).await;
        let (mut browser, sid) = signed_in(&house, &shop).await;
        house.stop_relay().await;
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        tokio::time::sleep(A_WHILE).await;
        assert!(party.calls().is_empty());
        house.start_relay();
        assert_eq!(told_of(&party.wait_for(1).await), [sid]);
    }

    async fn discovery_says_so(house, _party) {
        let document = house.browser(CHROME).open("/.well-known/openid-configuration").await.json();
        assert_eq!(document["backchannel_logout_supported"], true);
        assert_eq!(document["backchannel_logout_session_supported"], true);
    }
}
