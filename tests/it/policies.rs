//! What an operator can set: who makes an account, what a password must be, what a sign-in must prove.

use actix_web::http::StatusCode;
use app::login::Invite;
use app::operate::NewUser;
use identity::login::{Assurance, Method, Methods, SignUp};
use identity::password_policy::Policy;
use oauth::client::{Client, ClientAuthMethod, LoginRules};
use std::time::Duration;
use testkit::browser::{CHROME, FIREFOX};
use testkit::people::{App, PASSWORD, jane, sign_in, template};

testkit::planned! {
    async fn whoever_is_invited_makes_the_account_and_nobody_else_does(house: House, plan) {
        plan.settings.sign_in.sign_up = SignUp::Invited;
    } {
        let mut stranger = house.browser(CHROME);
        let login = stranger.open("/login").await;
        assert!(!login.body.contains("/register"), "the sign-in page offers no account:\n{}", login.body);
        let register = stranger.open(&format!("/register?flow={}", login.form("/login").value("flow"))).await;
        assert_eq!(register.status, StatusCode::FORBIDDEN);

        let invite = Invite { email: "ann@example.com".into(), name: Some("Ann Lee".into()) };
        house.here().invite(invite).await.unwrap();
        let link = house.post.take("ann@example.com", "invited").await.link("/invite");
        let mut scanner = house.browser(CHROME);
        for _ in 0..5 {
            scanner.open(&link).await.says("ann@example.com");
        }
        let mut ann = house.browser(FIREFOX);
        let page = ann.open(&link).await;
        assert_eq!(page.form("/invite").value("name"), "Ann Lee");
        let weak = ann.submit(page.form("/invite").with("password", "12345678")).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        ann.submit_and_follow(weak.form("/invite").with("password", PASSWORD)).await;
        ann.open("/account").await.says("Ann Lee");

        let again = scanner.open(&link).await;
        assert!(again.status.is_client_error(), "a link works once: {}", again.status);
        let invite = Invite { email: "Ann@Example.com".into(), name: None };
        assert!(house.here().invite(invite).await.is_err(), "who has an account is not invited");
    }

    async fn an_invitation_that_is_too_old_makes_no_account(house: House, plan) {
        plan.settings.sign_in.sign_up = SignUp::Invited;
    } {
        house.here().invite(Invite { email: "ann@example.com".into(), name: None }).await.unwrap();
        let link = house.post.take("ann@example.com", "invited").await.link("/invite");
        let mut ann = house.browser(FIREFOX);
        let page = ann.open(&link).await;
        house.clock.advance(Duration::from_secs(7 * 24 * 3_600));
        let late = ann.submit(page.form("/invite").with("name", "Ann").with("password", PASSWORD)).await;
        assert!(late.status.is_client_error(), "{}", late.status);
        assert!(house.here().users(None, 10).await.unwrap().items.is_empty());
    }

    /// NIST SP 800-63B-4 §3.1.1.2.
    async fn by_the_preset_nist_a_password_that_stands_alone_has_fifteen_characters(house: House, plan) {
        plan.settings.password = Policy::nist();
    } {
        let mut browser = house.browser(FIREFOX);
        let login = browser.open("/login").await;
        let page = browser.open(&testkit::people::link(&login, "/register")).await;
        let form = page.form("/register").with("username", "ann@example.com").with("name", "Ann Lee");
        let short = browser.submit(form.clone().with("password", "xkcd-staple-77")).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        short.says("at least 15 characters");
        assert_eq!(browser.submit(form.with("password", "xkcd-staple-774")).await.status, StatusCode::SEE_OTHER);
    }

    async fn a_method_that_is_switched_off_opens_nothing(house: House, plan) {
        plan.settings.sign_in.methods = Methods::of([Method::Passkey]);
    } {
        let new = NewUser {
            email: "jane@example.com".into(),
            name: "Jane Doe".into(),
            password: Some(PASSWORD.to_owned().into()),
            admin: false,
        };
        house.here().add_user(new).await.unwrap_or_else(|e| panic!("{e:?}"));
        let mut browser = house.browser(CHROME);
        let page = browser.open("/login").await;
        assert!(!page.body.contains("name=\"password\"") && !page.body.contains("/register"), "nothing leads nowhere");
        let flow = page.form("/login").value("flow").to_owned();
        let fields = [("flow", flow.as_str()), ("username", "jane@example.com"), ("password", PASSWORD)];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        browser.post("/login", &fields).await.says("Passwords are not taken here");
        assert!(!browser.open("/account").await.body.contains("Jane Doe"), "a password is no way in here");
        let closed = browser.open(&format!("/register?flow={flow}")).await;
        assert!(!closed.body.contains("name=\"password\""), "{}", closed.text());
    }

    async fn what_is_required_of_everybody_can_wait_as_long_as_the_operator_says_and_no_longer(house: House, plan) {
        plan.settings.sign_in.require = Assurance::TwoFactors;
        plan.settings.sign_in.enrolment_grace = Duration::from_secs(24 * 3_600);
    } {
        let _first = jane(&house).await;
        let mut browser = house.browser(CHROME);
        sign_in(&mut browser, "jane@example.com", PASSWORD).await;
        browser.open("/account").await.says("Jane");
        house.clock.advance(Duration::from_secs(24 * 3_600));
        let mut late = house.browser(CHROME);
        let page = late.open("/login").await;
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let reply = late.submit(form).await;
        assert!(reply.location().starts_with("/login/enrol?flow="), "{}", reply.location());
        assert!(!late.cookies().contains_key("__Host-wb_session"), "nobody is signed in before that");
    }
}

testkit::stories! {
    /// An app can be stricter than the house. ASVS 6.8.4, 7.6.1.
    async fn an_app_that_requires_a_second_factor_lets_nobody_in_without(house: House) {
        let login = LoginRules {
            min_acr: Some(Assurance::TwoFactors.acr().into()),
            enrolment_grace_days: Some(0),
            ..LoginRules::default()
        };
        let bank = App::add(&house, Client { login, first_party: true, ..template("bank", ClientAuthMethod::SecretBasic) }).await;
        let shop = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        assert!(shop.code(&mut browser).await.len() > 20, "the shop asks for no more than the house");
        let reply = browser.get(&bank.request(&[])).await;
        assert!(reply.location().starts_with("/login/enrol?flow="), "{}", reply.location());
        let silent = browser.get(&bank.request(&[("prompt", "none")])).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("login_required"));
    }

    /// OpenID Connect Core §3.1.2.1: `acr_values` names what will do, best first.
    async fn an_app_can_ask_for_more_in_one_request(house: House) {
        let shop = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        for enough in ["urn:watchbell:acr:1", "urn:watchbell:acr:2 urn:watchbell:acr:1", "phr", "urn:example:loa:9"] {
            let reply = browser.get(&shop.request(&[("acr_values", enough)])).await;
            assert!(reply.parameter("code").is_some(), "{enough}: {}", reply.location());
        }
        for more in ["urn:watchbell:acr:2", "urn:watchbell:acr:3 urn:watchbell:acr:2", "urn:watchbell:acr:3"] {
            let reply = browser.get(&shop.request(&[("acr_values", more)])).await;
            assert!(reply.location().starts_with("/login/enrol?flow="), "{more}: {}", reply.location());
            let silent = browser.get(&shop.request(&[("acr_values", more), ("prompt", "none")])).await;
            assert_eq!(silent.parameter("error").as_deref(), Some("login_required"), "{more}");
        }
    }

    /// OpenID Connect Core §5.5.1.1: an essential `acr` that can't be reached is an error, told to the app.
    async fn an_app_can_insist(house: House) {
        let shop = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let ask = |acr: &str| format!(r#"{{"id_token":{{"acr":{acr}}}}}"#);
        let enough = ask(r#"{"essential":true,"values":["urn:watchbell:acr:1"]}"#);
        assert!(browser.get(&shop.request(&[("claims", &enough)])).await.parameter("code").is_some());
        let more = ask(r#"{"essential":true,"value":"urn:watchbell:acr:2"}"#);
        let reply = browser.get(&shop.request(&[("claims", &more)])).await;
        assert!(reply.location().starts_with("/login/enrol?flow="), "{}", reply.location());
        let foreign = ask(r#"{"essential":true,"value":"urn:example:loa:9"}"#);
        let reply = browser.get(&shop.request(&[("claims", &foreign)])).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("unmet_authentication_requirements"));
        let wish = ask(r#"{"value":"urn:example:loa:9"}"#);
        assert!(browser.get(&shop.request(&[("claims", &wish)])).await.parameter("code").is_some());
        let broken = browser.get(&shop.request(&[("claims", "{")])).await;
        assert_eq!(broken.parameter("error").as_deref(), Some("invalid_request"));
    }

    async fn a_rule_that_lets_nobody_in_or_means_nothing_is_not_saved(house: House) {
        let strict = |login| Client { login, ..template("bank", ClientAuthMethod::SecretBasic) };
        let nobody = LoginRules { methods: Some(vec!["totp".into()]), ..LoginRules::default() };
        let nonsense = LoginRules { methods: Some(vec!["pasword".into()]), ..LoginRules::default() };
        let elsewhere = LoginRules { methods: Some(vec!["upstream".into(), "totp".into()]), ..LoginRules::default() };
        let no_provider = "there is no other provider yet. Describe one";
        for (login, why) in
            [(nobody, "nobody could sign in"), (nonsense, "there is no \"pasword\" here"), (elsewhere, no_provider)]
        {
            let told = format!("{:?}", house.here().add_client(strict(login)).await.err().unwrap());
            assert!(told.replace('\\', "").contains(why), "{told}");
        }
    }
}
