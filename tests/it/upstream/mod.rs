//! Signing in by another provider.

mod account_page;
mod answers;
mod as_safe;
mod attacks;
mod first_time;
mod methods;

use testkit::browser::{Browser, FIREFOX, Reply};
use testkit::house::{Db, House, Plan};
use testkit::provider::Provider;

/// A house that knows one provider, `double`.
pub(crate) async fn house(db: Db, describe: impl FnOnce(&mut Plan, &mut upstream::Provider)) -> (House, Provider) {
    let mut plan = Plan::default();
    let provider = Provider::start("double", &plan.clock).await;
    let mut known = None;
    provider.join(&mut plan, |described| known = Some(described.clone()));
    let mut described = known.unwrap();
    plan.settings.upstreams.clear();
    describe(&mut plan, &mut described);
    plan.settings.upstreams.insert(0, described);
    (House::build(db, plan).await, provider)
}

/// Writes each story twice: once for each database, in a house that knows a provider whose word on addresses is believed.
macro_rules! with_provider {
    ($( $(#[$doc:meta])* async fn $name:ident($house:ident, $provider:ident) $body:block )*) => { $(
        mod $name {
            #[actix_web::test]
            async fn on_sqlite() {
                let (house, provider) = crate::upstream::house(testkit::house::Db::Sqlite, |_, _| ()).await;
                super::$name(house, provider).await;
            }
            #[actix_web::test]
            async fn on_postgres() {
                let (house, provider) = crate::upstream::house(testkit::house::Db::Postgres, |_, _| ()).await;
                super::$name(house, provider).await;
            }
        }
        $(#[$doc])*
        #[allow(unused_mut, unused_variables)]
        async fn $name(mut $house: testkit::house::House, $provider: testkit::provider::Provider) $body
    )* };
}
pub(crate) use with_provider;

/// Presses the provider's button of a sign-in page: the provider's address.
pub(crate) async fn press(browser: &mut Browser, page: &Reply, key: &str) -> String {
    let form = page.form("/login/upstream").with("provider", key);
    let away = browser.submit(form).await;
    assert_eq!(away.status, 200, "{}", away.text());
    away.onward().unwrap_or_else(|| panic!("leads nowhere: {}", away.body))
}

/// Signs in by the provider from a page, as whoever is signed in there.
pub(crate) async fn sign_in_from(browser: &mut Browser, page: &Reply, provider: &Provider) -> Reply {
    let url = press(browser, page, provider.key()).await;
    browser.open(&provider.agree(&url)).await
}

/// Signs in by the provider at `/login`.
pub(crate) async fn sign_in_by(browser: &mut Browser, provider: &Provider) -> Reply {
    let page = browser.open("/login").await;
    sign_in_from(browser, &page, provider).await
}

/// The address of a callback that waits to be opened: the person has agreed at the provider.
pub(crate) async fn agreed(browser: &mut Browser, provider: &Provider) -> String {
    let page = browser.open("/login").await;
    let url = press(browser, &page, provider.key()).await;
    provider.agree(&url)
}

/// Whether somebody is signed in in a browser.
pub(crate) async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

/// A browser in which Jane has an account that was made by the provider.
pub(crate) async fn jane_by(house: &House, provider: &Provider) -> Browser {
    let mut browser = house.browser(FIREFOX);
    sign_in_by(&mut browser, provider).await.says("Jane");
    browser
}
