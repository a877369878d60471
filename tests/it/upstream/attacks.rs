//! Answers that are not what they seem.

use super::{agreed, house, is_signed_in, jane_by, press, sign_in_by, with_provider};
use actix_web::http::Method;
use futures_util::future::join_all;
use identity::Purpose;
use serde_json::json;
use testkit::browser::{CHROME, FIREFOX, SAFARI};
use testkit::house::{Db, House, Plan};
use testkit::people::{PASSWORD, jane, link, register, sign_in};
use testkit::provider::{Lie, Provider};

with_provider! {
    /// CVE-2026-55669, GHSA-wxg7-w2v3-w38g, CVE-2022-21449: an ID token that does not hold signs nobody in, not even
    /// whom it is linked to.
    async fn an_answer_that_does_not_hold_signs_nobody_in(house, provider) {
        jane_by(&house, &provider).await;
        let now = house.clock.now().seconds();
        let lies = [
            Lie::Claim("aud", json!("somebody-else")),
            Lie::Claim("aud", json!(["watchbell-at-double", "somebody-else"])),
            Lie::Claim("azp", json!("somebody-else")),
            Lie::Claim("iss", json!("https://evil.test")),
            Lie::Claim("nonce", json!("another")),
            Lie::Claim("nonce", json!(null)),
            Lie::Claim("exp", json!(now - 60)),
            Lie::Claim("iat", json!(now + 600)),
            Lie::Claim("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")),
            Lie::StrangerSigns,
            Lie::Unsigned,
            Lie::SharedSecretSigns,
            Lie::NoIdToken,
        ];
        for lie in lies {
            provider.lies(lie.clone());
            let mut browser = house.browser(CHROME);
            sign_in_by(&mut browser, &provider).await.says("genuine");
            assert!(!is_signed_in(&mut browser).await, "{lie:?}");
        }
        for lie in [Lie::Claim("exp", json!(null)), Lie::Claim("iat", json!(null)), Lie::Claim("sub", json!(7))] {
            provider.lies(lie.clone());
            let mut browser = house.browser(CHROME);
            sign_in_by(&mut browser, &provider).await;
            assert!(!is_signed_in(&mut browser).await, "{lie:?}");
        }
        provider.is_honest();
        sign_in_by(&mut house.browser(CHROME), &provider).await.says("Jane");
    }

    /// OpenID Connect Core §5.3.2: the UserInfo endpoint speaks of the same person or is not heard.
    async fn claims_about_somebody_else_are_not_heard(house, provider) {
        provider.says(json!({ "email_verified": null }));
        provider.lies(Lie::OtherPersonAtUserinfo);
        let mut browser = house.browser(CHROME);
        sign_in_by(&mut browser, &provider).await.says("genuine");
        assert!(!is_signed_in(&mut browser).await);
    }

    /// CVE-2026-9087, CVE-2025-7365: unverified, not said, and "true" as a text are no verified address: no account is
    /// made of it at once, and an account of that address is neither shown nor linked.
    async fn only_true_makes_an_address_verified(house, provider) {
        jane(&house).await;
        for (n, said) in [json!(false), json!(null), json!("true"), json!("false"), json!(1)].into_iter().enumerate() {
            provider.says(json!({ "sub": format!("s{n}"), "email": "jane@example.com", "email_verified": said }));
            let mut browser = house.browser(CHROME);
            let page = sign_in_by(&mut browser, &provider).await;
            assert!(!is_signed_in(&mut browser).await, "{said}");
            assert!(!page.text().contains("There is an account"), "{said}: {}", page.text());
        }
    }

    /// CVE-2025-46815, CVE-2025-64717: an answer counts once, in whatever tab and however often at once.
    async fn an_answer_counts_once(house, provider) {
        let mut browser = house.browser(CHROME);
        let callback = agreed(&mut browser, &provider).await;
        let tabs = join_all((0..20).map(|_| {
            let (mut tab, callback) = (browser.clone(), callback.clone());
            async move {
                let reply = tab.get(&callback).await;
                reply.headers.iter().any(|(name, value)| name == "set-cookie" && value.contains("session"))
            }
        }))
        .await;
        assert_eq!(tabs.iter().filter(|signed| **signed).count(), 1, "{tabs:?}");
        assert_eq!(provider.asked("/token"), 1, "the code was shown once");
        let mut later = browser.clone();
        later.open(&callback).await.form("/login");
        assert!(!is_signed_in(&mut later).await);
    }

    /// Login CSRF: somebody else's answer, opened in my browser, does not sign me in as them.
    async fn an_answer_belongs_to_the_browser_that_asked(house, provider) {
        let mut thief = house.browser(CHROME);
        let callback = agreed(&mut thief, &provider).await;
        let mut victim = house.browser(FIREFOX);
        victim.open("/login").await;
        let refused = victim.open(&callback).await;
        assert_eq!(refused.status, 403);
        assert!(!is_signed_in(&mut victim).await);
        assert_eq!(provider.asked("/token"), 0);
        // And it was not spent by that.
        thief.open(&callback).await.says("Jane");
    }

    /// An answer is its attempt's: the code of one and the state of another do not fit (RFC 7636, OpenID Connect nonce).
    async fn a_code_of_another_attempt_is_refused(house, provider) {
        let mut browser = house.browser(CHROME);
        let one = agreed(&mut browser, &provider).await;
        let two = agreed(&mut browser, &provider).await;
        let part = |url: &str, name: &str| {
            let url = url::Url::parse(url).unwrap();
            url.query_pairs().find(|(found, _)| found == name).unwrap().1.into_owned()
        };
        let mixed = format!("/login/upstream/double/callback?state={}&code={}", part(&two, "state"), part(&one, "code"));
        browser.open(&mixed).await.says("genuine");
        assert!(!is_signed_in(&mut browser).await);
    }

    /// What is asked later is not in the database, and no secret of ours is in any answer or row.
    async fn nothing_that_is_secret_rests_in_the_database(house, provider) {
        let mut browser = house.browser(CHROME);
        let page = browser.open("/login").await;
        let url = press(&mut browser, &page, "double").await;
        let request: std::collections::HashMap<_, _> = url::Url::parse(&url).unwrap().query_pairs().into_owned().collect();
        let state = base::Secret::parse(base::SecretKind::Upstream, &request["state"]).unwrap();
        let tenant = house.here().tenant().id;
        let row = house.store.read(tenant).await.unwrap().find_single_use(state.hash(), Purpose::UpstreamState).await.unwrap();
        let data = row.unwrap().data.to_string();
        for secret in [&request["state"], &request["nonce"], testkit::provider::SECRET] {
            assert!(!data.contains(secret), "{data}");
        }
        assert!(!url.contains(testkit::provider::SECRET));
        assert_ne!(request["nonce"], request["state"]);
    }

    /// A HEAD, as a scanner sends it, spends nothing; nor does an answer without its state.
    async fn a_head_and_a_bare_answer_spend_nothing(house, provider) {
        let mut browser = house.browser(CHROME);
        let callback = agreed(&mut browser, &provider).await;
        let head = browser.request(Method::HEAD, &callback);
        assert_eq!(browser.send(head).await.status, 405);
        for bare in ["", "?code=x", "?state=x&code=y", "?state=&code="] {
            let reply = browser.get(&format!("/login/upstream/double/callback{bare}")).await;
            assert_eq!(reply.status, 400, "{bare}");
        }
        let twice = format!("{callback}&code=other");
        assert_eq!(browser.get(&twice).await.status, 400, "RFC 6749 §3.1");
        browser.open(&callback).await.says("Jane");
    }

    /// USENIX'22, classic-federated merge: an account that somebody made with my address elsewhere does not get mine, and
    /// mine does not get theirs.
    async fn a_classic_and_a_federated_account_are_not_merged(house, provider) {
        // The thief registers the address first, and never proves it.
        let mut thief = house.browser(CHROME);
        let page = thief.open("/login").await;
        let page = thief.open(&link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "T").with("password", PASSWORD);
        let waiting = thief.submit_and_follow(form).await;
        let letter = house.post.take("jane@example.com", "").await;
        // The owner comes by a provider that has verified it.
        let mut owner = jane_by(&house, &provider).await;
        sign_in(&mut house.browser(SAFARI), "jane@example.com", PASSWORD).await.says("don’t match");
        let page = thief.open(&letter.link("/confirm")).await;
        assert!(thief.submit(page.form("/confirm")).await.status.is_client_error(), "{}", waiting.text());
        owner.open("/account").await.says("Jane Doe");
        assert!(!is_signed_in(&mut thief).await);
    }

    /// USENIX'22, trojan identifier: an account keeps no other way in than those that its owner sees and can remove.
    async fn a_link_that_a_thief_made_is_seen_and_told(house, provider) {
        let mut owner = jane(&house).await;
        provider.says(json!({ "sub": "thief", "email": "thief@example.com", "name": "Thief" }));
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let page = thief.open("/account/signin").await;
        let away = thief.submit_and_follow(page.form("/account/signin/link").with("provider", "double")).await;
        thief.open(&provider.agree(&away.onward().unwrap())).await.says("Connected");
        let letter = house.post.take("jane@example.com", "Double").await;
        assert!(letter.text.contains("thief@example.com"), "{}", letter.text);
        let page = owner.open("/account/signin").await;
        page.says("thief@example.com");
        owner.submit_and_follow(page.form("/account/signin/unlink")).await.says("Disconnected");
        sign_in_by(&mut house.browser(CHROME), &provider).await;
        assert!(!is_signed_in(&mut house.browser(CHROME)).await);
    }

    /// A proof of another identity: what is linked or made is what the page showed, not what came later.
    async fn an_identity_that_changes_on_the_way_changes_nothing(house, provider) {
        provider.says(json!({ "email_verified": false }));
        let mut browser = house.browser(CHROME);
        let page = sign_in_by(&mut browser, &provider).await;
        let flow = page.form("/register/upstream").value("flow").to_owned();
        browser.submit_and_follow(page.form("/register/upstream")).await;
        let letter = house.post.take("jane@example.com", "").await;
        // In the same flow, somebody else signs in at the provider.
        provider.says(json!({ "sub": "mallory", "email": "mallory@example.com" }));
        let page = browser.open(&format!("/login?flow={flow}")).await;
        let url = press(&mut browser, &page, "double").await;
        browser.open(&provider.agree(&url)).await.says("Almost there").says("mallory@example.com");
        let page = browser.open(&letter.link("/confirm")).await;
        browser.submit_and_follow(page.form("/confirm")).await.says("Jane Doe");
        browser.open("/account/signin").await.says("jane@example.com");
        // Mallory's identity is nobody's still.
        sign_in_by(&mut house.browser(SAFARI), &provider).await.says("Almost there");
    }
}

/// CVE-2026-3009: a provider that is switched off between the way there and the way back vouches for nobody.
#[actix_web::test]
async fn a_provider_that_was_switched_off_meanwhile_vouches_for_nobody() {
    for db in [Db::Sqlite, Db::Postgres] {
        let (mut house, provider) = house(db, |_, _| ()).await;
        jane_by(&house, &provider).await;
        let mut browser = house.browser(CHROME);
        let callback = agreed(&mut browser, &provider).await;
        let asked = provider.asked("/token");
        house.open_again(testkit::house::settings()).await;
        house.welcomes(&mut browser);
        browser.open(&callback).await.says("isn’t offered here any more");
        assert!(!is_signed_in(&mut browser).await);
        assert_eq!(provider.asked("/token"), asked);
    }
}

/// The same for what waits to be linked, and for an account that waits for its mail.
#[actix_web::test]
async fn what_waits_when_a_provider_is_switched_off_is_not_linked() {
    let (mut house, provider) = house(Db::Sqlite, |_, _| ()).await;
    jane(&house).await;
    let mut browser = house.browser(CHROME);
    let waiting = sign_in_by(&mut browser, &provider).await;
    provider.says(json!({ "sub": "2", "email": "june@example.com", "email_verified": false }));
    let mut june = house.browser(SAFARI);
    let page = sign_in_by(&mut june, &provider).await;
    june.submit_and_follow(page.form("/register/upstream")).await;
    let letter = house.post.take("june@example.com", "").await;
    house.open_again(testkit::house::settings()).await;
    house.welcomes(&mut browser);
    house.welcomes(&mut june);
    browser.submit_and_follow(waiting.form("/login").with("password", PASSWORD)).await.says("Jane");
    let signin = browser.open("/account/signin").await;
    assert!(!signin.text().contains("Disconnect"), "{}", signin.text());
    let page = june.open(&letter.link("/confirm")).await;
    assert_eq!(june.submit(page.form("/confirm")).await.status, 403);
    assert!(!is_signed_in(&mut june).await);
}

/// The same for a method that the operator switches off as a whole.
#[actix_web::test]
async fn where_other_providers_do_not_count_none_is_offered_or_taken() {
    use identity::login::{Method, Methods};
    let (mut house, provider) = house(Db::Sqlite, |_, _| ()).await;
    jane_by(&house, &provider).await;
    let mut browser = house.browser(CHROME);
    let page = browser.open("/login").await;
    let form = page.form("/login/upstream").with("provider", "double");
    let mut settings = testkit::house::settings();
    settings.sign_in.methods = Methods::of([Method::Password]);
    let mut plan = Plan { settings, ..Plan::default() };
    provider.join(&mut plan, |_| ());
    house.open_again(plan.settings).await;
    house.welcomes(&mut browser);
    let page = browser.open("/login").await;
    assert!(!page.body.contains("/login/upstream"), "{}", page.body);
    // The flow was begun when it still counted: what a flow must prove is fixed, and what the operator has is not.
    let away = browser.submit(form).await;
    if let Some(url) = away.onward() {
        browser.open(&provider.agree(&url)).await;
        assert!(is_signed_in(&mut browser).await);
    }
    let mut other = house.browser(SAFARI);
    let page = other.open("/login").await;
    let flow = page.form("/login").value("flow").to_owned();
    let fields = [("flow".to_owned(), flow), ("provider".to_owned(), "double".to_owned())];
    assert_eq!(other.post("/login/upstream", &fields).await.status, 422);
}

/// RFC 9700 §4.4, mix-up: an answer counts only at the address of the provider that was asked, and under its name.
#[actix_web::test]
async fn an_answer_of_one_provider_is_not_taken_for_anothers() {
    let mut plan = Plan::default();
    let honest = Provider::start("honest", &plan.clock).await;
    let evil = Provider::start("evil", &plan.clock).await;
    honest.join(&mut plan, |_| ());
    evil.join(&mut plan, |_| ());
    let house = House::build(Db::Sqlite, plan).await;
    let mut browser = house.browser(CHROME);
    // The evil one was asked, and sends the honest one's code on to its own address, and the other way round.
    for (asked, answered) in [(&evil, &honest), (&honest, &evil)] {
        let page = browser.open("/login").await;
        let url = press(&mut browser, &page, asked.key()).await;
        let callback = asked.agree(&url).replace(asked.key(), answered.key());
        browser.open(&callback).await.says("didn’t come from");
        assert!(!is_signed_in(&mut browser).await);
        assert_eq!(answered.asked("/token") + asked.asked("/token"), 0, "no code was shown to anybody");
    }
    // By its name (RFC 9207), where it says that it has one, and where it does not.
    let (house, provider) = super::house(Db::Sqlite, |_, _| ()).await;
    for (sends, iss) in [(false, Some("https://evil.test")), (true, Some("https://evil.test")), (true, None)] {
        if sends {
            provider.sends_issuer();
            house.clock.advance(std::time::Duration::from_secs(3700));
        }
        let mut browser = house.browser(CHROME);
        let callback = agreed(&mut browser, &provider).await;
        let bare = callback.split("&iss=").next().unwrap();
        let iss = iss.map(|iss| format!("&iss={iss}")).unwrap_or_default();
        browser.open(&format!("{bare}{iss}")).await.says("didn’t come from");
        assert!(!is_signed_in(&mut browser).await);
    }
    assert_eq!(provider.asked("/token"), 0);
    sign_in_by(&mut house.browser(CHROME), &provider).await.says("Jane");
}

/// Two people of one subject at two providers are two people.
#[actix_web::test]
async fn who_someone_is_is_issuer_and_subject_together() {
    let mut plan = Plan::default();
    let one = Provider::start("one", &plan.clock).await;
    let two = Provider::start("two", &plan.clock).await;
    one.join(&mut plan, |_| ());
    two.join(&mut plan, |_| ());
    let house = House::build(Db::Sqlite, plan).await;
    sign_in_by(&mut house.browser(CHROME), &one).await.says("Jane Doe");
    two.says(json!({ "email": "john@example.com", "name": "John Doe" }));
    sign_in_by(&mut house.browser(CHROME), &two).await.says("John Doe");
    sign_in_by(&mut house.browser(CHROME), &one).await.says("Jane Doe");
    register(&house, &mut house.browser(FIREFOX), "else@example.com").await;
}
