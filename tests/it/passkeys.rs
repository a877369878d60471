//! Passkeys and security keys: adding, signing in, naming, removing.

use actix_web::http::StatusCode;
use app::operate::NewUser;
use futures_util::future::join_all;
use identity::change::{ChangePolicy, Mode};
use identity::webauthn::{Challenge, Creation, Owner, RelyingParty};
use identity::{AccountStatus, Credential, CredentialKind};
use serde_json::Value;
use std::time::Duration;
use testkit::authenticator::{Authenticator, UV};
use testkit::browser::{Browser, CHROME, FIREFOX, Reply, SAFARI};
use testkit::house::{Db, House, ORIGIN, Plan, settings};
use testkit::keys::{
    add_key, ask_for_key, ask_for_new_key, begin, prove, prove_again, send_key, send_new_key, sign_in_with_passkey,
};
use testkit::people::{App, PASSWORD, claims, jane, register, sign_in};
use testkit::stories;

/// Without what differs between any two answers.
fn alike(reply: &Reply) -> (StatusCode, Value) {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("forget");
    (reply.status, body)
}

/// The ids of the rows of the keys that the page shows, by the forms that remove them.
async fn rows(browser: &mut Browser) -> Vec<String> {
    let page = browser.open("/account/signin").await;
    let document = scraper::Html::parse_document(&page.body);
    let fields = scraper::Selector::parse("form[action='/account/signin/keys/rename'] input[name=key]").unwrap();
    document.select(&fields).map(|field| field.value().attr("value").unwrap().to_owned()).collect()
}

async fn remove(browser: &mut Browser, key: &str) -> Reply {
    browser.post("/account/signin/keys/remove", &[("key".to_owned(), key.to_owned())]).await
}

/// An account with passkeys and nothing else.
async fn passwordless(house: &House, phones: &mut [Authenticator]) -> identity::Account {
    let new = NewUser { email: "sam@example.com".into(), name: "Sam".into(), password: None, admin: false };
    let account = house.here().add_user(new).await.unwrap_or_else(|e| panic!("{e:?}"));
    let party = RelyingParty::of(&ORIGIN.parse().unwrap(), "Acme").unwrap();
    let rng = base::Rng::system();
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    for phone in phones {
        let challenge = Challenge::new(&rng);
        let owner = Owner { account: account.id, email: "sam@example.com", name: "Sam" };
        let options = party.creation_options(&challenge, CredentialKind::Passkey, &owner, &[]);
        let creation = Creation::read(&phone.create(&options, ORIGIN)).unwrap();
        let key = party.register(&challenge, CredentialKind::Passkey, &creation, &[]).unwrap();
        let credential = Credential {
            id: base::Id::new(&house.clock, &rng),
            account: account.id,
            credential_id: key.credential_id,
            kind: CredentialKind::Passkey,
            name: "Phone".into(),
            aaguid: key.aaguid,
            synced: key.synced,
            record: key.record,
            created_at: house.clock.now(),
            last_used_at: None,
            last_used_in: None,
        };
        assert!(tx.insert_credential(&credential).await.unwrap());
    }
    tx.commit().await.unwrap();
    account
}

async fn switch_off(house: &House, email: &str) {
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    let account = tx.find_account_by_email(email).await.unwrap().unwrap();
    let account = identity::Account { status: AccountStatus::Disabled, ..account };
    tx.update_account(&account).await.unwrap();
    tx.commit().await.unwrap();
}

stories! {
    async fn a_passkey_is_named_after_its_provider_and_signs_in_without_a_name_as_two_factors(house: House) {
        let app = App::first_party(&house).await;
        let mut here = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut here, &mut phone, "passkey").await;
        here.open("/account/signin").await.says("iCloud Keychain").says("synced").says("not used yet");
        assert!(house.post.take("jane@example.com", "passkey was added").await.text.contains("iCloud Keychain"));

        let mut there = house.browser(SAFARI);
        sign_in_with_passkey(&mut there, &mut phone).await.says("Jane");
        there.open("/account/signin").await.says("last used").says("Safari");
        let tokens = app.tokens(&house, &mut there).await;
        let token = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(token["acr"], "urn:watchbell:acr:3");
        assert_eq!(token["amr"], serde_json::json!(["swk", "mfa"]));
    }

    async fn everybody_is_asked_the_same_and_nobody_is_named(house: House) {
        let mut here = jane(&house).await;
        add_key(&mut here, &mut Authenticator::phone(), "passkey").await;
        let mut asked = Vec::new();
        for mut browser in [here, house.browser(CHROME)] {
            let page = browser.open("/account").await;
            if page.body.contains("/logout") {
                browser.submit_and_follow(page.form("/logout")).await;
            }
            let flow = begin(&mut browser).await;
            let mut options = ask_for_key(&mut browser, &flow, "first").await.json();
            assert_ne!(options["challenge"].take(), Value::Null);
            assert_eq!(options["allowCredentials"], serde_json::json!([]));
            asked.push(options);
        }
        assert_eq!(asked[0], asked[1]);
    }

    async fn a_challenge_is_answered_once_in_its_flow_and_in_its_browser(house: House) {
        let mut here = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut here, &mut phone, "passkey").await;

        let mut browser = house.browser(CHROME);
        let flow = begin(&mut browser).await;
        let options = ask_for_key(&mut browser, &flow, "first").await.json();
        let answer = phone.get(&options, ORIGIN).unwrap();
        let mut thief = house.browser(CHROME);
        let stolen = send_key(&mut thief, &flow, &answer).await;
        assert_eq!(stolen.json()["error"], "flow_gone", "another browser has no part in it");
        let other = begin(&mut thief).await;
        assert_eq!(send_key(&mut thief, &other, &answer).await.json()["error"], "late", "nothing was asked there");
        ask_for_key(&mut thief, &other, "first").await;
        assert_eq!(send_key(&mut thief, &other, &answer).await.json()["error"], "failed", "something else was asked there");

        // Twenty at once are one.
        let answers = (0..20).map(|_| {
            let (mut browser, flow, answer) = (browser.clone(), flow.clone(), answer.clone());
            async move { send_key(&mut browser, &flow, &answer).await.status }
        });
        let statuses = join_all(answers).await;
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
        let again = send_key(&mut browser, &flow, &answer).await;
        assert!(again.status.is_client_error(), "{}", again.body);
    }

    async fn a_newer_challenge_makes_the_older_one_void(house: House) {
        let mut here = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut here, &mut phone, "passkey").await;
        let mut browser = house.browser(CHROME);
        let flow = begin(&mut browser).await;
        let old = ask_for_key(&mut browser, &flow, "first").await.json();
        ask_for_key(&mut browser, &flow, "first").await;
        let answer = phone.get(&old, ORIGIN).unwrap();
        assert!(send_key(&mut browser, &flow, &answer).await.status.is_client_error());
        browser.open("/account").await.form("/login");
    }

    async fn a_security_key_is_asked_for_after_the_password_and_signs_nobody_in_by_itself(house: House) {
        let app = App::first_party(&house).await;
        let mut here = jane(&house).await;
        let mut key = Authenticator::security_key();
        add_key(&mut here, &mut key, "security_key").await;
        here.open("/account/signin").await.says("YubiKey 5");
        house.post.take("jane@example.com", "security key was added").await;

        let mut there = house.browser(CHROME);
        let page = there.open("/login").await;
        let flow = page.form("/login").value("flow").to_owned();
        assert_eq!(ask_for_key(&mut there, &flow, "second").await.json()["error"], "unsupported", "nobody is known yet");
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let reply = there.submit(form).await;
        assert!(reply.location().starts_with("/login/mfa"), "{}", reply.location());
        there.open("/account").await.form("/login");

        let options = ask_for_key(&mut there, &flow, "second").await.json();
        assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
        let mut stranger = Authenticator::security_key();
        let mut other = house.browser(FIREFOX);
        register(&house, &mut other, "mallory@example.com").await;
        add_key(&mut other, &mut stranger, "security_key").await;
        let mut theirs = options.clone();
        theirs["allowCredentials"] = serde_json::json!([]);
        stranger.keys[0].user_handle = Some(vec![0; 16]);
        let answer = stranger.get(&theirs, ORIGIN).unwrap();
        assert!(send_key(&mut there, &flow, &answer).await.status.is_client_error(), "a key of somebody else");

        let reply = prove(&mut there, &mut key, (&flow, "second")).await;
        there.open(reply.json()["to"].as_str().unwrap()).await;
        there.open("/account").await.says("Jane");
        let tokens = app.tokens(&house, &mut there).await;
        let token = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((&token["acr"], &token["amr"]), (&"urn:watchbell:acr:3".into(), &serde_json::json!(["pwd", "hwk", "mfa"])));
    }

    /// Beside a security key without a PIN a passkey is asked for no more than it "prefers": one that left it out is told.
    async fn a_passkey_that_did_not_verify_its_user_says_so_and_can_be_used_again(house: House) {
        let mut here = jane(&house).await;
        let (mut phone, mut key) = (Authenticator::phone(), Authenticator::security_key());
        add_key(&mut here, &mut key, "security_key").await;
        prove_again(&mut here, &mut key).await;
        add_key(&mut here, &mut phone, "passkey").await;
        let mut there = house.browser(CHROME);
        let page = there.open("/login").await;
        let flow = page.form("/login").value("flow").to_owned();
        let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
        let page = there.submit_and_follow(form).await;
        assert!(page.body.contains("data-unverified=\"Your key did not check that it is you"), "{}", page.body);
        let options = ask_for_key(&mut there, &flow, "second").await.json();
        assert_eq!(options["userVerification"], "preferred");
        let answer = phone.get_as(&options, ORIGIN, |draft| draft.flags &= !UV).unwrap();
        let reply = send_key(&mut there, &flow, &answer).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNPROCESSABLE_ENTITY, &"unverified".into()));
        there.open("/account").await.form("/login");
        let reply = prove(&mut there, &mut phone, (&flow, "second")).await;
        there.open(reply.json()["to"].as_str().unwrap()).await.says("Jane");
    }

    /// A question is the session's that asked: nobody adds a key to somebody else's account with it.
    async fn a_new_key_belongs_to_the_session_that_asked_for_it(house: House) {
        let mut here = jane(&house).await;
        let mut mallory = house.browser(CHROME);
        register(&house, &mut mallory, "mallory@example.com").await;
        let options = ask_for_new_key(&mut here, "passkey").await.json();
        let mut phone = Authenticator::phone();
        let made = phone.create(&options, ORIGIN);
        assert_eq!(send_new_key(&mut mallory, &made).await.json()["error"], "late");
        assert_eq!(send_new_key(&mut here, &made).await.json()["error"], "late", "it was answered, if wrongly");
        let options = ask_for_new_key(&mut here, "passkey").await.json();
        let made = phone.create(&options, ORIGIN);
        let added = send_new_key(&mut here, &made).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.body);
        assert_eq!(send_new_key(&mut here, &made).await.json()["error"], "late", "it counts once");

        // The same credential once more, by somebody else.
        let options = ask_for_new_key(&mut mallory, "passkey").await.json();
        let id = phone.keys[1].id.clone();
        let copy = phone.create_as(&options, ORIGIN, |draft| (draft.id, draft.attested_id) = (id.clone(), id.clone()));
        let taken = send_new_key(&mut mallory, &copy).await;
        assert_eq!((taken.json()["error"].clone(), taken.json()["forget"].clone()), ("taken".into(), false.into()));
        assert_eq!(rows(&mut mallory).await.len(), 0);
    }

    async fn a_counter_that_went_back_is_refused_and_told_to_the_owner(house: House) {
        let mut here = jane(&house).await;
        let mut key = Authenticator::security_key_with_pin();
        add_key(&mut here, &mut key, "passkey").await;
        let mut copy = key.clone();
        for _ in 0..2 {
            sign_in_with_passkey(&mut house.browser(CHROME), &mut key).await.says("Jane");
        }
        let mut thief = house.browser(CHROME);
        let flow = begin(&mut thief).await;
        let reply = prove(&mut thief, &mut copy, (&flow, "first")).await;
        assert_eq!((reply.status, reply.json()["error"].clone()), (StatusCode::UNPROCESSABLE_ENTITY, "copied".into()));
        thief.open("/account").await.form("/login");
        assert!(house.post.take("jane@example.com", "refused a key").await.text.contains("YubiKey 5"));
        here.open("/account/activity").await.says("there may be a copy");
    }

    async fn there_are_only_so_many_keys(house: House) {
        let mut here = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut here, &mut phone, "passkey").await;
        prove_again(&mut here, &mut phone).await;
        for _ in 1..app::account::MAX_KEYS {
            add_key(&mut here, &mut Authenticator::phone(), "passkey").await;
        }
        assert_eq!(ask_for_new_key(&mut here, "passkey").await.json()["error"], "many");
    }

    async fn a_password_manager_finds_the_page_of_passkeys(house: House) {
        let found = house.browser(SAFARI).get("/.well-known/passkey-endpoints").await.json();
        assert_eq!(found["enroll"], format!("{ORIGIN}/account/signin"));
        assert_eq!(found["manage"], format!("{ORIGIN}/account/signin"));
    }

    async fn calls_from_elsewhere_and_calls_that_make_no_sense_are_refused(house: House) {
        let mut browser = house.browser(CHROME);
        let flow = begin(&mut browser).await;
        for path in ["/login/passkey/options", "/login/passkey", "/account/api/keys/options", "/account/api/keys"] {
            let request = browser.request(actix_web::http::Method::POST, path).set_json(serde_json::json!({ "flow": flow }));
            assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for body in [serde_json::json!({}), serde_json::json!([]), serde_json::json!({ "flow": flow, "stage": "third" })] {
            let reply = browser.json(actix_web::http::Method::POST, "/login/passkey/options", &body).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        }
        ask_for_key(&mut browser, &flow, "first").await;
        let reply = send_key(&mut browser, &flow, &serde_json::json!({ "id": "x" })).await;
        assert_eq!(reply.json()["error"], "failed");
        assert_eq!(browser.json(actix_web::http::Method::POST, "/account/api/keys", &serde_json::json!({})).await.status, 401);
    }
}

#[actix_web::test]
async fn one_address_tries_only_so_many_keys_and_who_has_one_gets_in() {
    // Twenty times as many as passwords: behind one address there may be a whole office, and no signature is guessed.
    let limit = identity::limit::Limit { tries: 1, ..identity::limit::Limit::address() };
    let plan = Plan { settings: app::Settings { address: limit, ..settings() }, ..Plan::default() };
    let house = House::build(Db::Sqlite, plan).await;
    let mut here = jane(&house).await;
    let mut phone = Authenticator::phone();
    add_key(&mut here, &mut phone, "passkey").await;
    for _ in 0..30 {
        sign_in_with_passkey(&mut house.browser(CHROME), &mut phone).await.says("Jane");
    }
    let mut thief = house.browser(CHROME);
    let flow = begin(&mut thief).await;
    let mut last = StatusCode::OK;
    for _ in 0..20 {
        assert_ne!(last, StatusCode::TOO_MANY_REQUESTS);
        ask_for_key(&mut thief, &flow, "first").await;
        last = send_key(&mut thief, &flow, &serde_json::json!({})).await.status;
    }
    ask_for_key(&mut thief, &flow, "first").await;
    last = send_key(&mut thief, &flow, &serde_json::json!({})).await.status;
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn where_passkeys_are_switched_off_nobody_is_offered_one() {
    use identity::login::{Method, Methods, SignInPolicy};
    let methods = Methods::of([Method::Password, Method::Totp]);
    let sign_in_policy = SignInPolicy { methods, ..SignInPolicy::default() };
    let plan = Plan { settings: app::Settings { sign_in: sign_in_policy, ..settings() }, ..Plan::default() };
    let house = House::build(Db::Sqlite, plan).await;
    let mut here = jane(&house).await;
    assert_eq!(ask_for_new_key(&mut here, "passkey").await.json()["error"], "unsupported");
    assert!(!here.open("/account/signin").await.body.contains("data-key-add"));
    let mut browser = house.browser(CHROME);
    assert!(!browser.open("/login").await.body.contains("data-passkey"));
    let flow = begin(&mut browser).await;
    assert_eq!(ask_for_key(&mut browser, &flow, "first").await.json()["error"], "unsupported");
    sign_in(&mut browser, "jane@example.com", PASSWORD).await;
}

// Done at once: whether its owner is asked first is told elsewhere.
testkit::planned! {
    async fn a_key_is_renamed_and_removed_and_the_browser_is_told_which_ones_count(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut here = jane(&house).await;
        let (mut phone, mut tablet) = (Authenticator::phone(), Authenticator::phone());
        add_key(&mut here, &mut phone, "passkey").await;
        prove_again(&mut here, &mut phone).await;
        house.clock.advance(Duration::from_secs(1));
        add_key(&mut here, &mut tablet, "passkey").await;
        let page = here.open("/account/signin").await;
        page.says("iCloud Keychain 2");
        let ids = [&phone, &tablet].map(|one| testkit::authenticator::encode(&one.keys[0].id));
        assert!(ids.iter().all(|id| page.body.contains(id)), "both count");

        let form = page.form("/keys/rename").with("name", "My phone");
        here.submit_and_follow(form).await.says("Renamed").says("My phone");
        let refused = here.submit(page.form("/keys/rename").with("name", "\u{202e}enohp")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.form("/keys/rename").value("name"), "\u{202e}enohp", "nothing typed is lost");

        let page = here.submit_and_follow(page.form("/keys/remove")).await;
        page.says("Removed");
        assert!(!page.body.contains(&ids[0]) && page.body.contains(&ids[1]));
        house.post.take("jane@example.com", "passkey was removed").await;
        here.open("/account/activity").await.says("Passkey renamed to My phone").says("Passkey removed: My phone");
        let mut browser = house.browser(CHROME);
        let flow = begin(&mut browser).await;
        assert_eq!(prove(&mut browser, &mut phone, (&flow, "first")).await.json()["error"], "unknown");
        sign_in_with_passkey(&mut browser, &mut tablet).await.says("Jane");
    }

    /// A key that nobody has and one whose account is switched off look alike; only of the first the browser is told that
    /// it may forget it, as that can't be undone.
    async fn a_key_that_opens_nothing_is_told_alike_whatever_the_reason(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut here = jane(&house).await;
        let (mut phone, mut tablet) = (Authenticator::phone(), Authenticator::phone());
        add_key(&mut here, &mut phone, "passkey").await;
        prove_again(&mut here, &mut phone).await;
        house.clock.advance(Duration::from_secs(1));
        add_key(&mut here, &mut tablet, "passkey").await;
        let keys = rows(&mut here).await;
        remove(&mut here, &keys[1]).await;
        let mut browser = house.browser(CHROME);
        let flow = begin(&mut browser).await;
        let unknown = prove(&mut browser, &mut tablet, (&flow, "first")).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!((&unknown.json()["error"], &unknown.json()["forget"]), (&"unknown".into(), &true.into()));
        switch_off(&house, "jane@example.com").await;
        let disabled = prove(&mut browser, &mut phone, (&flow, "first")).await;
        assert_eq!(alike(&disabled), alike(&unknown));
        assert_eq!(disabled.json()["forget"], false);
        browser.open("/account").await.form("/login");
    }

    /// CVE-2026-3429, ASVS 7.5.1: an old session adds and removes nothing until its owner has proven who they are, with the
    /// strongest that they have.
    async fn keys_are_added_and_removed_by_those_who_proved_who_they_are_a_moment_ago(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut here = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut here, &mut phone, "passkey").await;
        let key = rows(&mut here).await.remove(0);
        // Her session knows a password. The passkey is the strongest that she has.
        for _ in 0..2 {
            assert_eq!(ask_for_new_key(&mut here, "passkey").await.status, StatusCode::FORBIDDEN);
            let reply = remove(&mut here, &key).await;
            assert!(reply.location().starts_with("/login"), "{}", reply.location());
            assert_eq!(rows(&mut here).await, std::slice::from_ref(&key), "nothing was removed");
            prove_again(&mut here, &mut phone).await.says("iCloud Keychain");
            assert_eq!(ask_for_new_key(&mut here, "passkey").await.status, StatusCode::OK);
            // And ten minutes later once more.
            house.clock.advance(Duration::from_secs(601));
        }
        prove_again(&mut here, &mut phone).await;
        let reply = remove(&mut here, &key).await;
        here.follow(reply).await.says("Removed");
    }

    /// ASVS 15.4.2.
    async fn the_last_way_in_stays_however_many_hands_remove_it(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Notify);
    } {
        let mut phones = [Authenticator::phone(), Authenticator::phone()];
        passwordless(&house, &mut phones).await;
        let mut sam = house.browser(SAFARI);
        sign_in_with_passkey(&mut sam, &mut phones[0]).await.says("Sam");
        let keys = rows(&mut sam).await;
        assert_eq!(keys.len(), 2);
        let removals = (0..20).map(|n| {
            let (mut sam, key) = (sam.clone(), keys[n % 2].clone());
            async move { remove(&mut sam, &key).await.status }
        });
        let statuses = join_all(removals).await;
        assert!(statuses.iter().all(|status| status.is_redirection()), "{statuses:?}");
        let left = rows(&mut sam).await;
        assert_eq!(left.len(), 1, "one survives");
        let reply = remove(&mut sam, &left[0]).await;
        sam.follow(reply).await.says("only way to sign in");
        let page = sam.open("/account/signin").await;
        assert!(!page.body.contains("/account/signin/keys/remove"), "there is no button for it either");
    }
}
