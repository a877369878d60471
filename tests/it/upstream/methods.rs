//! Which other ways count beside a provider: what its page says of them, and whoever has none of them left.

use super::{is_signed_in, sign_in_by, with_provider};
use app::Settings;
use base::Id;
use identity::FederatedIdentity;
use identity::login::{Method, Methods};
use testkit::browser::{CHROME, SAFARI};
use testkit::house::House;
use testkit::people::{PASSWORD, jane};

const JANE: &str = "jane@example.com";

/// The house's settings, with these ways to sign in alone.
fn with_methods(house: &House, methods: &[Method]) -> Settings {
    let mut settings = house.here().settings().clone();
    settings.sign_in.methods = Methods::of(methods.iter().copied());
    settings
}

with_provider! {
    /// An account from the time when passwords were taken is connected by nobody's word alone: its owner is told whom to ask,
    /// and connects it when passwords are taken for a while.
    async fn whose_account_has_nothing_that_is_taken_any_more_is_told_whom_to_ask(house, provider) {
        jane(&house).await;
        let usual = house.here().settings().clone();
        let upstream_alone = with_methods(&house, &[Method::Upstream]);
        house.open_again(upstream_alone.clone()).await;
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        page.says("There is an account with the address jane@example.com here").says("Please ask the people who run this service");
        assert!(!page.body.contains("name=\"password\""), "{}", page.text());
        assert!(!is_signed_in(&mut browser).await);

        house.open_again(usual).await;
        house.welcomes(&mut browser);
        let page = sign_in_by(&mut browser, &provider).await;
        page.says("Sign in to it, and we’ll connect Double");
        browser.submit_and_follow(page.form("/login").with("password", PASSWORD)).await.says("Jane");
        house.open_again(upstream_alone).await;
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Jane");
    }

    async fn whoever_came_by_another_provider_before_is_sent_there(house, provider) {
        jane(&house).await;
        let tenant = house.here().tenant().id;
        let mut tx = house.store.begin(tenant).await.unwrap();
        let account = tx.find_account_by_email(JANE).await.unwrap().unwrap().id;
        let (provider_key, issuer) = ("google".to_owned(), "https://accounts.google.test".to_owned());
        let identity = FederatedIdentity {
            id: Id::from_bytes([9; 16]),
            account,
            provider: provider_key,
            issuer,
            subject: "4711".into(),
            email: None,
            name: None,
            created_at: house.clock.now(),
            last_used_at: None,
        };
        assert!(tx.insert_identity(&identity).await.unwrap());
        tx.commit().await.unwrap();
        house.open_again(with_methods(&house, &[Method::Upstream])).await;
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        page.says("Sign in to it the way you did before").says("connect Double on its page");
        assert!(!is_signed_in(&mut browser).await);
    }

    /// There is a line with "or" wherever there is another way above the buttons, and nowhere else.
    async fn the_buttons_are_told_apart_from_the_other_ways(house, _provider) {
        for (methods, told) in [
            (vec![Method::Upstream], false),
            (vec![Method::Upstream, Method::MailCode], true),
            (vec![Method::Upstream, Method::Passkey], true),
            (vec![Method::Upstream, Method::Password], true),
        ] {
            house.open_again(with_methods(&house, &methods)).await;
            let page = house.browser(CHROME).open("/login").await;
            page.says("Continue with Double");
            assert_eq!(page.body.contains("class=\"or\""), told, "{methods:?}");
        }
    }
}
