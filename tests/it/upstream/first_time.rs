//! The first sign-in by a provider.

use super::{house, is_signed_in, jane_by, press, sign_in_by, sign_in_from, with_provider};
use futures_util::future::join_all;
use serde_json::json;
use testkit::browser::{CHROME, FIREFOX, SAFARI};
use testkit::house::Db;
use testkit::people::{App, NEW_PASSWORD, PASSWORD, claims, jane, link, register, sign_in, userinfo};

with_provider! {
    /// On the way to an app, with an address that is believed: the account is made, and the app has its code.
    async fn a_person_comes_from_a_provider_and_arrives_at_the_app(house, provider) {
        let app = App::first_party(&house).await;
        let mut browser = house.browser(FIREFOX);
        let page = browser.open(&app.request(&[])).await;
        page.says("Acme Shop").says("Continue with Double");
        let url = press(&mut browser, &page, "double").await;
        let back = browser.open(&provider.agree(&url)).await;
        let onward = back.location();
        assert!(onward.starts_with("https://shop.acme.test/callback?"), "{onward}");
        let tokens = app.redeem(&house, &back.parameter("code").unwrap()).await.json();
        let id = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(id["amr"], json!(["fed"]));
        assert_eq!(id["acr"], "urn:watchbell:acr:1");
        let info = userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json();
        assert_eq!((&info["name"], &info["email"]), (&json!("Jane Doe"), &json!("jane@example.com")));
        assert_eq!(info["email_verified"], true);
        assert_ne!(info["sub"], "248289761001", "who one is elsewhere is told to nobody");
    }

    /// The second time it is the same account, whatever the provider says of address and name by now.
    async fn the_same_identity_is_the_same_account(house, provider) {
        jane_by(&house, &provider).await;
        provider.says(json!({ "email": "jane@elsewhere.example", "name": "J. Smith" }));
        let mut phone = house.browser(SAFARI);
        sign_in_by(&mut phone, &provider).await.says("Jane Doe");
        phone.open("/account/signin").await.says("jane@elsewhere.example").says("You sign in as jane@example.com");
        provider.says(json!({ "sub": "another" }));
        let mut other = house.browser(CHROME);
        sign_in_by(&mut other, &provider).await.says("J. Smith");
        assert!(!other.open("/account/devices").await.text().contains("Safari"), "another account");
    }

    /// CVE-2025-7365: an address leads to no account by itself, however verified. It is linked after its owner has
    /// signed in here.
    async fn an_identity_of_a_known_address_is_linked_only_after_its_owner_has_signed_in(house, provider) {
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        page.says("There is an account with the address jane@example.com here").says("we’ll connect Double");
        assert!(!is_signed_in(&mut browser).await);
        let form = page.form("/login");
        assert_eq!(form.value("username"), "jane@example.com", "nothing has to be typed again");
        let wrong = browser.submit(form.clone().with("password", "not it at all")).await;
        wrong.says("don’t match").says("we’ll connect Double");
        browser.submit_and_follow(form.with("password", PASSWORD)).await.says("Jane");
        let letter = house.post.take("jane@example.com", "Double").await;
        assert!(letter.text.contains("connected"), "{}", letter.text);
        browser.open("/account/activity").await.says("Double connected (jane@example.com)");
        let mut phone = house.browser(SAFARI);
        sign_in_by(&mut phone, &provider).await.says("Jane");
    }

    /// Whoever leaves that page has linked nothing.
    async fn an_identity_that_was_not_linked_stays_unlinked(house, provider) {
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        let page = browser.submit_and_follow(page.form("/login/upstream/forget")).await;
        assert!(!page.text().contains("we’ll connect"), "{}", page.text());
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        browser.submit_and_follow(form).await.says("Jane");
        let signin = browser.open("/account/signin").await;
        assert!(!signin.text().contains("Disconnect"), "{}", signin.text());
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("There is an account");
    }

    /// An identity whose address has an account waits for that account and no other.
    async fn it_is_not_linked_to_another_account_than_its_addresss(house, provider) {
        jane(&house).await;
        register(&house, &mut house.browser(FIREFOX), "john@example.com").await;
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        let form = page.form("/login").with("username", "john@example.com").with("password", PASSWORD);
        browser.submit_and_follow(form).await;
        assert!(is_signed_in(&mut browser).await);
        let signin = browser.open("/account/signin").await;
        assert!(!signin.text().contains("Disconnect"), "{}", signin.text());
    }

    /// What a provider calls somebody is cut and cleaned as if it had been typed.
    async fn a_told_name_is_cleaned(house, provider) {
        provider.says(json!({ "name": "Jane\u{202e}\r\nBcc: x" }));
        let mut browser = house.browser(FIREFOX);
        sign_in_by(&mut browser, &provider).await.says("Jane Bcc: x");
        provider.says(json!({ "sub": "2", "email": "nobody@example.com", "name": "\u{200f}" }));
        let mut other = house.browser(FIREFOX);
        sign_in_by(&mut other, &provider).await;
        let profile = other.open("/account/profile").await;
        assert_eq!(profile.form("/account/profile").value("name"), "nobody");
    }

    /// An account without a password has one set by mail, and both ways lead in.
    async fn an_account_without_a_password_can_have_one(house, provider) {
        let mut browser = jane_by(&house, &provider).await;
        browser.open("/account/signin").await.says("no password");
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await.says("don’t match");
        let page = browser.open("/recover").await;
        browser.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let reset = house.post.take("jane@example.com", "assword").await.link("/reset");
        let page = browser.open(&reset).await;
        browser.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        sign_in(&mut house.browser(CHROME), "jane@example.com", NEW_PASSWORD).await.says("Jane");
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Jane");
    }

    /// Two first sign-ins at once make one account, and nobody is stuck.
    async fn of_two_first_sign_ins_at_once_one_makes_the_account(house, provider) {
        let mut tabs = Vec::new();
        for _ in 0..6 {
            let mut browser = house.browser(FIREFOX);
            let callback = super::agreed(&mut browser, &provider).await;
            tabs.push((browser, callback));
        }
        join_all(tabs.into_iter().map(|(mut browser, callback)| async move { browser.get(&callback).await })).await;
        let users = house.here().users(None, 10).await.unwrap();
        assert_eq!(users.items.len(), 1);
        for _ in 0..3 {
            sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Jane Doe");
        }
    }

    /// A plain OAuth 2 provider, as GitHub is: its number is the person, its primary address the mail.
    async fn a_provider_without_openid_connect_signs_in_too(_house, _provider) {
        let mut plan = testkit::house::Plan::default();
        let hub = testkit::provider::Provider::start("hub", &plan.clock).await;
        hub.join_plain(&mut plan, |_| ());
        let house = testkit::house::House::build(Db::Sqlite, plan).await;
        let mut browser = house.browser(FIREFOX);
        sign_in_by(&mut browser, &hub).await.says("Jane Doe");
        browser.open("/account/signin").await.says("Hub").says("jane@example.com");
        hub.says(json!({ "email": "jane@elsewhere.example" }));
        sign_in_by(&mut house.browser(CHROME), &hub).await.says("Jane Doe");
    }
}

/// A provider whose word on addresses is not believed.
async fn unbelieved(db: Db) -> (testkit::house::House, testkit::provider::Provider) {
    house(db, |_, described| described.trust_email = false).await
}

/// CVE-2026-9087: nothing exists until the address is proven by our own mail; then no password is needed.
#[actix_web::test]
async fn an_address_that_is_not_believed_is_proven_first() {
    for db in [Db::Sqlite, Db::Postgres] {
        let (house, provider) = unbelieved(db).await;
        let app = App::first_party(&house).await;
        let mut browser = house.browser(FIREFOX);
        let page = browser.open(&app.request(&[])).await;
        let page = sign_in_from(&mut browser, &page, &provider).await;
        page.says("Almost there").says("jane@example.com").says("Acme Shop");
        let form = page.form("/register/upstream");
        assert_eq!((form.value("username"), form.value("name")), ("jane@example.com", "Jane Doe"));
        let bad = browser.submit(form.clone().with("username", "jane@")).await;
        assert_eq!(bad.status, 422);
        assert_eq!(bad.form("/register/upstream").value("name"), "Jane Doe");
        browser.submit_and_follow(form.with("username", "jane@work.example")).await.says("jane@work.example");
        assert!(!is_signed_in(&mut browser).await);
        let letter = house.post.take("jane@work.example", "").await;
        let page = browser.open(&letter.link("/confirm")).await;
        let back = browser.submit_and_follow(page.form("/confirm")).await;
        assert!(back.location().starts_with("https://shop.acme.test/callback?"), "{}", back.location());
        let tokens = app.redeem(&house, &back.parameter("code").unwrap()).await.json();
        assert_eq!(claims(tokens["id_token"].as_str().unwrap())["amr"], json!(["fed"]));
        browser.open("/account/signin").await.says("Double").says("no password");
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Jane Doe");
    }
}

/// The link may be opened in another browser: it wants the code, and the first browser goes on.
#[actix_web::test]
async fn the_link_of_such_an_account_is_bound_to_the_browser_that_asked() {
    let (house, provider) = unbelieved(Db::Sqlite).await;
    let mut browser = house.browser(FIREFOX);
    let page = sign_in_by(&mut browser, &provider).await;
    let waiting = browser.submit_and_follow(page.form("/register/upstream")).await;
    let code: String = waiting.text().chars().filter(char::is_ascii_digit).take(6).collect();
    let letter = house.post.take("jane@example.com", "").await;
    let mut phone = house.browser(SAFARI);
    let page = phone.open(&letter.link("/confirm")).await;
    assert_eq!(phone.submit(page.form("/confirm").with("code", "000000")).await.status, 422);
    phone.submit_and_follow(page.form("/confirm").with("code", &code)).await;
    assert!(!is_signed_in(&mut phone).await);
    browser.open(&format!("/register/check?flow={}", waiting.form("/register").value("flow"))).await.says("Jane Doe");
}

/// CVE-2026-23511: to whom nobody has confirmed an address, the page does not say whether it has an account.
#[actix_web::test]
async fn an_address_that_is_not_believed_tells_nothing_of_its_account() {
    let (house, provider) = unbelieved(Db::Sqlite).await;
    jane(&house).await;
    let mut pages = Vec::new();
    for (sub, email) in [("1", "jane@example.com"), ("2", "june@example.com")] {
        provider.says(json!({ "sub": sub, "email": email }));
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        let sent = browser.submit_and_follow(page.form("/register/upstream")).await;
        pages.push([page.clone(), sent].map(|page| (page.status, page.text().replace("june", "jane").len())));
        assert!(!is_signed_in(&mut browser).await);
    }
    assert_eq!(pages[0], pages[1]);
    let letter = house.post.take("jane@example.com", "account").await;
    assert!(!letter.text.contains("/confirm"), "the owner is told, and nothing can be confirmed: {}", letter.text);
    house.post.take("june@example.com", "").await.link("/confirm");
}

/// Whoever has an account signs in instead, and has it linked.
#[actix_web::test]
async fn whoever_has_an_account_already_links_it_instead() {
    let (house, provider) = unbelieved(Db::Sqlite).await;
    jane(&house).await;
    let mut browser = house.browser(CHROME);
    let page = sign_in_by(&mut browser, &provider).await;
    let page = browser.open(&link(&page, "/login?")).await;
    page.says("jane@example.com at Double isn’t connected");
    let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
    let page = browser.submit_and_follow(form).await;
    page.says("Connect Double?").says("jane@example.com at Double opens this account too");
    assert!(!browser.open("/account/signin").await.text().contains("Disconnect"), "not before she says so");
    let yes = page.form("/login/upstream/connect").with("answer", "yes");
    browser.submit_and_follow(yes.clone()).await.says("Jane");
    browser.open("/account/signin").await.says("Disconnect");
    browser.submit_and_follow(yes).await;
    browser.open("/account/signin").await.says("Disconnect");
}

/// On a shared computer, or led there by somebody else: what waits is not connected to whoever signs in next.
#[actix_web::test]
async fn what_somebody_else_left_waiting_is_not_connected_unasked() {
    let (house, provider) = unbelieved(Db::Sqlite).await;
    jane(&house).await;
    provider.says(json!({ "sub": "mallory", "email": "mallory@example.com" }));
    let mut browser = house.browser(CHROME);
    let page = sign_in_by(&mut browser, &provider).await;
    let page = browser.open(&link(&page, "/login?")).await;
    let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
    let page = browser.submit_and_follow(form).await;
    page.says("mallory@example.com").says("Only connect it if that account is yours");
    let no = page.form("/login/upstream/connect").with("answer", "no");
    browser.submit_and_follow(no).await.says("Jane");
    assert!(!browser.open("/account/signin").await.text().contains("Disconnect"));
    let yes = page.form("/login/upstream/connect").with("answer", "yes");
    browser.submit_and_follow(yes).await;
    assert!(!browser.open("/account/signin").await.text().contains("Disconnect"), "it was said once");
}

/// CVE-2024-49757, CVE-2026-29193: where nobody can sign up, a provider makes no accounts.
#[actix_web::test]
async fn where_sign_up_is_closed_a_provider_makes_no_account() {
    type Close = fn(&mut testkit::house::Plan, &mut upstream::Provider);
    let closed: [Close; 3] = [
        |plan, _| plan.settings.sign_in.sign_up = identity::login::SignUp::Closed,
        |plan, _| plan.settings.sign_in.sign_up = identity::login::SignUp::Invited,
        |_, described| described.sign_up = false,
    ];
    for (n, close) in closed.into_iter().enumerate() {
        for trust in [true, false] {
            let (house, provider) = house(Db::Sqlite, |plan, described| {
                close(plan, described);
                described.trust_email = trust;
            })
            .await;
            let mut browser = house.browser(FIREFOX);
            let page = sign_in_by(&mut browser, &provider).await;
            page.says("isn’t connected to an account here yet");
            assert!(!is_signed_in(&mut browser).await, "{n}");
            let flow = page.form("/login").value("flow").to_owned();
            let join = browser.get(&format!("/register/upstream?flow={flow}")).await;
            assert_eq!(join.status, 403, "{n}: {}", join.text());
            let fields = [("flow", flow.as_str()), ("username", "jane@example.com"), ("name", "Jane")];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(browser.post("/register/upstream", &fields).await.status, 403, "{n}");
        }
    }
}

/// Where other providers alone count, the page asks for no password and offers no account with one.
#[actix_web::test]
async fn where_only_providers_count_there_are_only_buttons() {
    use identity::login::{Method, Methods};
    for db in [Db::Sqlite, Db::Postgres] {
        let (house, provider) =
            house(db, |plan, _| plan.settings.sign_in.methods = Methods::of([Method::Upstream])).await;
        let mut browser = house.browser(FIREFOX);
        let page = browser.open("/login").await;
        for word in ["name=\"password\"", "/recover", "/register"] {
            assert!(!page.body.contains(word), "{word}: {}", page.body);
        }
        sign_in_from(&mut browser, &page, &provider).await.says("Jane");
        let page = browser.open("/account/signin").await;
        browser.submit_and_follow(page.form("/account/signin/unlink")).await.says("your last way to sign in");
    }
}
