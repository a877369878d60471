//! A second factor that is set up on the way in: by whom, with what, and by nobody else.

use actix_web::http::{Method, StatusCode};
use futures_util::future::join_all;
use identity::login::Assurance;
use identity::risk::{Action, Rules};
use oauth::client::{Client, ClientAuthMethod, LoginRules};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::authenticator::Authenticator;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply, SAFARI};
use testkit::code_app::{CodeApp, codes_of, set_up_app};
use testkit::house::{House, ORIGIN, Plan};
use testkit::people::{App, PASSWORD, claims, jane, register, sign_in, template};
use testkit::{planned, stories};

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Two factors of everybody, at once.
fn two_factors(plan: &mut Plan) {
    plan.settings.sign_in.require = Assurance::TwoFactors;
    plan.settings.sign_in.enrolment_grace = Duration::ZERO;
}

/// An app that asks for so much, and gives no time.
async fn bank(house: &House, level: Assurance) -> App {
    let rules =
        LoginRules { min_acr: Some(level.acr().into()), enrolment_grace_days: Some(0), ..LoginRules::default() };
    App::add(house, Client { login: rules, first_party: true, ..template("bank", ClientAuthMethod::SecretBasic) }).await
}

fn flow_of(page: &str) -> String {
    page.split("flow=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

/// Goes to the page that sets up an app, and answers with it.
async fn choose_app(browser: &mut Browser, page: &Reply) -> Reply {
    let way = testkit::people::link(page, "with=app");
    browser.open(&way).await
}

async fn ask_key(browser: &mut Browser, flow: &str, kind: &str) -> Reply {
    browser.json(Method::POST, "/login/enrol/key/options", &json!({ "flow": flow, "kind": kind })).await
}

async fn send_key(browser: &mut Browser, flow: &str, credential: &Value) -> Reply {
    browser.json(Method::POST, "/login/enrol/key", &json!({ "flow": flow, "credential": credential })).await
}

async fn send_code(browser: &mut Browser, flow: &str, code: &str) -> Reply {
    let fields = [("flow", flow), ("code", code)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    browser.post("/login/enrol", &fields).await
}

fn has_session(browser: &mut Browser) -> bool {
    browser.cookies().contains_key("__Host-wb_session")
}

/// Gives the password, and goes where it leads.
async fn password(browser: &mut Browser) -> (Reply, String) {
    let page = browser.open("/login").await;
    let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
    let reply = browser.submit(form).await;
    let flow = flow_of(reply.location());
    (reply, flow)
}

planned! {
    async fn whoever_has_no_second_factor_sets_one_up_and_goes_on(house: House, plan) {
        two_factors(&mut plan);
    } {
        let mut here = house.browser(FIREFOX);
        let page = register(&house, &mut here, "jane@example.com").await;
        page.says("Set up a second step").says("Passkey").says("Authenticator app");
        assert!(!has_session(&mut here), "nobody is signed in before that");
        let page = choose_app(&mut here, &page).await;
        assert!(page.header("cache-control").contains("no-store"));
        let app = CodeApp::from_page(&page);
        let wrong = here.submit(page.form("/login/enrol").with("code", &app.wrong(&house))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(CodeApp::from_page(&wrong).code(&house), app.code(&house), "the same key is shown again");
        let codes = here.submit_and_follow(wrong.form("/login/enrol").with("code", &app.code(&house))).await;
        assert_eq!(codes_of(&codes).len(), 8, "{}", codes.text());
        here.submit_and_follow(codes.form("/login/codes")).await;
        here.open("/account").await.says("Jane Doe");
        house.post.take("jane@example.com", "uthenticator app was set up").await;
        here.open("/account/activity").await.says("Authenticator app set up");

        house.clock.advance(Duration::from_secs(30));
        let mut there = house.browser(CHROME);
        let page = sign_in(&mut there, "jane@example.com", PASSWORD).await;
        let used = there.submit(page.form("/login/mfa").with("code", &app.code_in(&house, -1))).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "the code that set it up is used");
        let reply = there.submit(used.form("/login/mfa").with("code", &app.code(&house))).await;
        there.follow(reply).await;
        there.open("/account").await.says("Jane Doe");
    }

    async fn a_security_key_is_set_up_on_the_way_in_with_recovery_codes_beside_it(house: House, plan) {
        two_factors(&mut plan);
    } {
        let mut here = house.browser(FIREFOX);
        register(&house, &mut here, "jane@example.com").await;
        let (reply, flow) = password(&mut here).await;
        assert!(reply.location().starts_with("/login/enrol?flow="), "{}", reply.location());
        let options = ask_key(&mut here, &flow, "security_key").await;
        assert_eq!(options.status, StatusCode::OK, "{}", options.body);
        let mut key = Authenticator::security_key();
        let credential = key.create(&options.json(), ORIGIN);
        let mut other = house.browser(CHROME);
        assert_eq!(send_key(&mut other, &flow, &credential).await.status, StatusCode::FORBIDDEN, "another browser");
        let reply = send_key(&mut here, &flow, &credential).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let page = here.open(reply.json()["to"].as_str().unwrap()).await;
        assert_eq!(codes_of(&page).len(), 8, "{}", page.text());
        here.open("/account/signin").await.says("YubiKey");
        house.post.take("jane@example.com", "key was added").await;
        let again = send_key(&mut here, &flow, &credential).await;
        assert_ne!(again.status, StatusCode::INTERNAL_SERVER_ERROR);
        let keys = here.open("/account/signin").await;
        assert_eq!(keys.body.matches("/account/signin/keys/remove").count(), 1, "it is there once");
    }

    /// Whoever comes second finds it taken.
    async fn of_two_who_set_one_up_at_once_one_does(house: House, plan) {
        two_factors(&mut plan);
    } {
        register(&house, &mut house.browser(FIREFOX), "jane@example.com").await;
        let mut tries = Vec::new();
        for agent in [FIREFOX, CHROME, SAFARI] {
            let mut browser = house.browser(agent);
            let (_, flow) = password(&mut browser).await;
            let app = CodeApp::from_page(&browser.open(&format!("/login/enrol?flow={flow}&with=app")).await);
            tries.push((browser, flow, app));
        }
        let posts = tries.iter_mut().map(|(browser, flow, app)| {
            let code = app.code(&house);
            async move {
                let reply = send_code(browser, flow, &code).await;
                browser.follow(reply).await
            }
        });
        let pages = join_all(posts).await;
        let won = pages.iter().filter(|page| codes_of(page).len() == 8).count();
        let asked = pages.iter().filter(|page| page.text().contains("One more step")).count();
        assert_eq!((won, asked), (1, 2), "{:?}", pages.iter().map(Reply::text).collect::<Vec<_>>());
        let mut signed = tries.into_iter().filter_map(|(mut browser, ..)| has_session(&mut browser).then_some(browser));
        let mut owner = signed.next().unwrap();
        assert!(signed.next().is_none(), "one is signed in");
        let log = owner.open("/account/activity").await;
        assert_eq!(log.text().matches("Authenticator app set up").count(), 1, "{}", log.text());
    }

    async fn a_sign_in_that_the_risk_rules_refuse_sets_nothing_up(house: House, plan) {
        two_factors(&mut plan);
        plan.settings.risk = Rules { new_device: Action::Refuse, ..Rules::default() };
    } {
        let mut owner = house.browser(FIREFOX);
        let page = register(&house, &mut owner, "jane@example.com").await;
        let page = choose_app(&mut owner, &page).await;
        let app = CodeApp::from_page(&page);
        let codes = owner.submit_and_follow(page.form("/login/enrol").with("code", &app.code(&house))).await;
        owner.submit_and_follow(codes.form("/login/codes")).await;
        let page = owner.open("/account/signin/app/remove").await;
        let reply = owner.submit(page.form("/account/signin/app/remove")).await;
        testkit::people::say_yes(&house, &mut owner, reply).await.says("Confirmed and changed");

        let mut thief = house.browser(CHROME);
        let (reply, flow) = password(&mut thief).await;
        assert!(reply.location().starts_with("/login/refused"), "{}", reply.location());
        let page = thief.get(&format!("/login/enrol?flow={flow}&with=app")).await;
        assert!(page.location().starts_with("/login?flow="), "{}", page.location());
        assert!(send_code(&mut thief, &flow, "000000").await.location().starts_with("/login?flow="));
        assert_eq!(ask_key(&mut thief, &flow, "passkey").await.status, StatusCode::FORBIDDEN);
        assert!(!has_session(&mut thief));
    }

    async fn while_there_is_time_one_is_told_once_in_a_sign_in_and_goes_on(house: House, plan) {
        plan.settings.sign_in.require = Assurance::TwoFactors;
        plan.settings.sign_in.enrolment_grace = 3 * DAY;
    } {
        let shop = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let mut there = house.browser(CHROME);
        for _ in 0..2 {
            there.cookies().clear();
            let login = there.open(&shop.request(&[])).await;
            let form = login.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
            let page = there.submit_and_follow(form).await;
            page.says("on you need a second step to sign in here");
            assert!(has_session(&mut there), "they are in, whatever they answer");
            let silent = there.get(&shop.request(&[("prompt", "none")])).await;
            assert!(silent.parameter("code").is_some(), "no trap: {}", silent.location());
            let again = there.open(&testkit::people::link(&page, "with=app")).await;
            again.says("on you need a second step");
            let gone_on = there.submit_and_follow(page.form("/login/enrol").with("answer", "later")).await;
            assert!(gone_on.parameter("code").is_some(), "{}", gone_on.location());
        }
        // Now rather than later.
        house.clock.advance(Duration::from_secs(10));
        let login = browser.open(&shop.request(&[("prompt", "login")])).await;
        let form = login.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let page = browser.submit_and_follow(form).await;
        let page = choose_app(&mut browser, &page).await;
        let app = CodeApp::from_page(&page);
        let form = page.form("/login/enrol").with("code", &app.code(&house));
        assert_eq!(form.value("answer"), "");
        let codes = browser.submit_and_follow(form).await;
        assert_eq!(codes_of(&codes).len(), 8, "{}", codes.text());
        let back = browser.submit_and_follow(codes.form("/login/codes")).await;
        let tokens = shop.redeem(&house, &back.parameter("code").unwrap()).await.json();
        let claims = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["acr"], Assurance::TwoFactors.acr());
    }

    async fn who_signed_out_sets_nothing_up_on_the_page_that_was_left_open(house: House, plan) {
        plan.settings.sign_in.require = Assurance::TwoFactors;
        plan.settings.sign_in.enrolment_grace = DAY;
    } {
        jane(&house).await;
        let mut browser = house.browser(SAFARI);
        let (_, flow) = password(&mut browser).await;
        let page = browser.open(&format!("/login/enrol?flow={flow}&with=app")).await;
        let app = CodeApp::from_page(&page);
        let account = browser.open("/account").await;
        browser.submit_and_follow(account.form("/logout")).await;
        let reply = send_code(&mut browser, &flow, &app.code(&house)).await;
        browser.follow(reply).await.says("Sign in");
        assert!(!has_session(&mut browser));
        assert_eq!(ask_key(&mut browser, &flow, "passkey").await.status, StatusCode::FORBIDDEN);
        let mut again = house.browser(CHROME);
        sign_in(&mut again, "jane@example.com", PASSWORD).await.says("you need a second step");
    }

    /// An app is as strict as the house or stricter: what the house gives, it need not.
    async fn an_app_that_gives_no_time_gets_nobody_who_lives_on_the_houses(house: House, plan) {
        plan.settings.sign_in.require = Assurance::TwoFactors;
        plan.settings.sign_in.enrolment_grace = 7 * DAY;
    } {
        let bank = bank(&house, Assurance::TwoFactors).await;
        let mut browser = jane(&house).await;
        browser.open("/account").await.says("Jane Doe");
        let reply = browser.get(&bank.request(&[])).await;
        assert!(reply.location().starts_with("/login/enrol?flow="), "{}", reply.location());
        let silent = browser.get(&bank.request(&[("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
    }
}

stories! {
    async fn an_app_that_asks_for_what_cannot_be_phished_gets_a_passkey_and_no_less(house: House) {
        let bank = bank(&house, Assurance::PhishingResistant).await;
        let mut browser = jane(&house).await;
        // Whoever has just signed in is not asked for the password again; whoever did so an hour ago is.
        house.clock.advance(Duration::from_secs(3_600));
        let login = browser.open(&bank.request(&[])).await;
        let form = login.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let page = browser.submit_and_follow(form).await;
        page.says("Passkey").says("Security key");
        assert!(!page.body.contains("with=app"), "an app is not enough");
        let flow = page.body.split("data-flow=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let forced = browser.open(&format!("/login/enrol?flow={flow}&with=app")).await;
        assert!(!forced.body.contains("otpauth:"), "nor can it be forced");
        assert!(send_code(&mut browser, &flow, "123456").await.status != StatusCode::OK);
        let options = ask_key(&mut browser, &flow, "passkey").await;
        assert_eq!(options.status, StatusCode::OK, "{}", options.body);
        let mut phone = Authenticator::phone();
        let credential = phone.create(&options.json(), ORIGIN);
        let reply = send_key(&mut browser, &flow, &credential).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let back = browser.open(reply.json()["to"].as_str().unwrap()).await;
        let tokens = bank.redeem(&house, &back.parameter("code").unwrap()).await.json();
        let claims = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["acr"], Assurance::PhishingResistant.acr());
        house.post.take("jane@example.com", "passkey was added").await;
    }

    async fn whoever_has_just_signed_in_goes_straight_to_it(house: House) {
        let bank = bank(&house, Assurance::TwoFactors).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&bank.request(&[])).await;
        page.says("Set up a second step").says("to continue to Acme Shop");
    }

    /// CVE-2024-32868: an account that has a factor gets no other by this door, whatever is asked of it.
    async fn who_knows_the_password_adds_nothing_beside_what_the_owner_has(house: House) {
        let bank = bank(&house, Assurance::PhishingResistant).await;
        let mut owner = jane(&house).await;
        let (app, _) = set_up_app(&house, &mut owner).await;
        let mut thief = house.browser(CHROME);
        let login = thief.open(&bank.request(&[])).await;
        let form = login.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let reply = thief.submit(form).await;
        let flow = flow_of(reply.location());
        let page = thief.open(&format!("/login/enrol?flow={flow}&with=app")).await;
        page.says("Nothing can be set up here");
        assert!(!page.body.contains("otpauth:") && !page.body.contains("data-key-add"), "{}", page.body);
        for kind in ["passkey", "security_key"] {
            let refused = ask_key(&mut thief, &flow, kind).await;
            assert!(refused.status.is_client_error() && !refused.body.contains("challenge"), "{}", refused.body);
        }
        for code in [app.code(&house), "000000".to_owned()] {
            send_code(&mut thief, &flow, &code).await;
        }
        // Where its app would do, it is asked for.
        let (_, flow) = password(&mut thief).await;
        for reply in [thief.get(&format!("/login/enrol?flow={flow}")).await, send_code(&mut thief, &flow, "000000").await] {
            assert!(reply.location().starts_with("/login/mfa?flow="), "{}", reply.location());
        }
        let refused = ask_key(&mut thief, &flow, "passkey").await;
        assert_eq!(refused.json()["to"], format!("/login/mfa?flow={flow}"));
        assert!(!has_session(&mut thief));
        let keys = owner.open("/account/signin").await;
        assert!(!keys.body.contains("/account/signin/keys/remove"), "nothing was added");
    }

    async fn nobody_sets_up_anything_without_a_first_factor_in_this_browser(house: House) {
        let _owner = jane(&house).await;
        let mut stranger = house.browser(CHROME);
        let flow = stranger.open("/login").await.form("/login").value("flow").to_owned();
        assert!(stranger.get(&format!("/login/enrol?flow={flow}")).await.location().starts_with("/login?flow="));
        assert!(send_code(&mut stranger, &flow, "123456").await.location().starts_with("/login?flow="));
        assert_eq!(ask_key(&mut stranger, &flow, "passkey").await.status, StatusCode::FORBIDDEN);
        let mut other = house.browser(FIREFOX);
        assert_eq!(other.get(&format!("/login/enrol?flow={flow}")).await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.get("/login/enrol").await.status, StatusCode::BAD_REQUEST);
    }
}
