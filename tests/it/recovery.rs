//! "I have lost everything": the way back, its wait, and who can stop it.

use actix_web::http::{Method, StatusCode};
use base::Id;
use identity::{Account, Device, FederatedIdentity, RecoveryCode, Role, Totp};
use serde_json::json;
use std::time::Duration;
use testkit::authenticator::Authenticator;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply, SAFARI};
use testkit::house::{Db, House, Plan};
use testkit::keys::{add_key, sign_in_with_passkey};
use testkit::people::{App, NEW_PASSWORD, PASSWORD, jane, sign_in};
use testkit::stories;

pub(crate) const JANE: &str = "jane@example.com";
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);
const WAIT: Duration = Duration::from_secs(72 * 3_600);
/// What the third password of a story is.
const THIRD_PASSWORD: &str = "lantern 4 cobalt pelican";

async fn account(house: &House) -> Account {
    let mut read = house.store.read(house.here().tenant().id).await.unwrap();
    read.find_account_by_email(JANE).await.unwrap().unwrap()
}

/// Gives Jane everything that one can have beside a password.
pub(crate) async fn give_everything(house: &House) -> Account {
    let jane = account(house).await;
    let now = house.clock.now();
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    let totp = Totp {
        account: jane.id,
        sealed: vec![1; 60],
        last_step: 0,
        created_at: now,
        confirmed_at: Some(now),
        last_used_at: None,
    };
    tx.put_totp(&totp).await.unwrap();
    let hash = base::SecretHash([7; 32]);
    tx.replace_recovery_codes(jane.id, &[RecoveryCode { account: jane.id, hash, created_at: now, used_at: None }])
        .await
        .unwrap();
    let identity = FederatedIdentity {
        id: Id::from_bytes([9; 16]),
        account: jane.id,
        provider: "google".into(),
        issuer: "https://accounts.google.test".into(),
        subject: "4711".into(),
        email: Some("jane@gmail.test".into()),
        name: None,
        created_at: now,
        last_used_at: None,
    };
    assert!(tx.insert_identity(&identity).await.unwrap());
    for device in tx.list_devices(jane.id).await.unwrap() {
        tx.update_device(&Device { trusted_until: Some(now.plus(720 * HOUR)), ..device }).await.unwrap();
    }
    tx.commit().await.unwrap();
    jane
}

async fn ask(browser: &mut Browser, email: &str) -> Reply {
    let page = browser.open("/recovery").await;
    browser.submit(page.form("/recovery").with("username", email)).await
}

/// Asks for it and begins the wait, in this browser. Answers with the link that began it.
pub(crate) async fn begin(house: &House, browser: &mut Browser) -> String {
    ask(browser, JANE).await.says("next step");
    let link = house.post.take(JANE, "way back").await.link("/recovery/begin");
    let page = browser.open(&link).await;
    browser.submit_and_follow(page.form("/recovery/begin")).await.says("under way");
    link
}

/// The time passes, and what is due is told.
pub(crate) async fn pass(house: &House, span: Duration) {
    house.clock.advance(span);
    house.app.tend_recoveries().await.unwrap();
}

/// Begins and waits; answers with the link that ends it.
async fn wait_for_the_link(house: &House, browser: &mut Browser) -> String {
    begin(house, browser).await;
    pass(house, WAIT).await;
    house.post.take(JANE, "now").await.link("/recovery/finish")
}

async fn finish(browser: &mut Browser, link: &str, password: &str) -> Reply {
    let page = browser.open(link).await;
    browser.submit(page.form("/recovery/finish").with("password", password)).await
}

async fn gone(browser: &mut Browser, link: &str) {
    let page = browser.open(link).await;
    assert!(page.status.is_client_error() && !page.body.contains("name=\"password\""), "{}: {}", link, page.text());
}

stories! {
    /// The whole way, from another browser: nothing before its time, everything at its end, and nobody signed in by it.
    async fn whoever_has_lost_everything_comes_back_after_the_wait(house: House) {
        let app = App::first_party(&house).await;
        let mut old = jane(&house).await;
        let tokens = app.tokens(&house, &mut old).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = begin(&house, &mut browser).await;
        let told = house.post.take(JANE, "started recovery").await;
        assert!(told.text.contains("Chrome"), "{}", told.text);
        gone(&mut browser, &link.replace("/recovery/begin", "/recovery/finish")).await;

        pass(&house, 47 * HOUR).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("nearly ready")));
        pass(&house, HOUR).await;
        house.post.take(JANE, "nearly ready").await.link("/account/recovery");
        pass(&house, 24 * HOUR).await;
        let link = house.post.take(JANE, "now").await.link("/recovery/finish");
        old.open("/account").await.says("Jane");
        for _ in 0..5 {
            house.browser(SAFARI).open(&link).await.says("choose a new password");
        }
        let weak = finish(&mut browser, &link, "12345678").await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "a weak password must not spend the link");
        assert_eq!(finish(&mut browser, &link, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the old one");
        finish(&mut browser, &link, NEW_PASSWORD).await.says("yours again");

        browser.open("/account").await.form("/login");
        old.open("/account").await.form("/login");
        assert!(!app.is_active(&house, tokens["refresh_token"].as_str().unwrap()).await);
        let factors = house.here().factors(account.id).await.unwrap();
        let nothing = identity::login::Factors { password: true, ..identity::login::Factors::default() };
        assert_eq!(factors, nothing, "a password, and nothing else that signs in");
        let mut read = house.store.read(house.here().tenant().id).await.unwrap();
        assert!(read.list_devices(account.id).await.unwrap().iter().all(|device| device.trusted_until.is_none()));
        drop(read);
        house.post.take(JANE, "was recovered").await;
        house.post.take(JANE, "no longer connected").await;
        gone(&mut browser, &link).await;
        sign_in(&mut browser, JANE, PASSWORD).await.form("/login");
        sign_in(&mut browser, JANE, NEW_PASSWORD).await;
        browser.open("/account/activity").await.says("google disconnected (jane@gmail.test)");
        browser.open("/account").await.says("Add a passkey");
    }

    /// CVE-2026-23511: known, unknown and half-known addresses look alike.
    async fn asking_tells_nobody_which_addresses_have_an_account(house: House) {
        let _jane = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let mut bodies = Vec::new();
        for email in [JANE, "nobody@example.com"] {
            let reply = ask(&mut browser, email).await;
            bodies.push(reply.body.replace(email, "*").replace(reply.header("x-request-id"), "*"));
        }
        assert_eq!(bodies[0], bodies[1]);
        house.post.take(JANE, "way back").await;
        assert!(house.post.letters_to("nobody@example.com").is_empty());
        let page = browser.open("/recovery").await;
        let reply = browser.submit(page.form("/recovery").with("username", "jane")).await;
        assert_eq!((reply.status, reply.form("/recovery").value("username")), (StatusCode::UNPROCESSABLE_ENTITY, "jane"));
    }

    async fn a_second_request_finds_the_first_and_its_clock_goes_on(house: House) {
        let _jane = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let first = begin(&house, &mut browser).await;
        house.post.take(JANE, "started recovery").await;
        house.clock.advance(Duration::from_secs(1_200));
        let page = browser.open(&first).await;
        assert!(page.says("under way").body.contains("/stop"));
        house.clock.advance(24 * HOUR);
        ask(&mut browser, JANE).await;
        let again = house.post.take(JANE, "started recovery").await;
        assert!(again.text.contains("26 Nov, 09:41"), "{}", again.text);
        pass(&house, 47 * HOUR).await;
        pass(&house, HOUR).await;
        let lost = house.post.take(JANE, "now").await.link("/recovery/finish");
        ask(&mut browser, JANE).await;
        let link = house.post.take(JANE, "now").await.link("/recovery/finish");
        gone(&mut browser, &lost).await;
        finish(&mut browser, &link, NEW_PASSWORD).await.says("yours again");
    }

    /// Whoever has nothing but a password has nothing to wait for; a mailbox is all that it takes, as ever.
    async fn who_has_no_second_factor_gets_a_new_password_at_once(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        ask(&mut browser, JANE).await;
        let link = house.post.take(JANE, "new password").await.link("/reset");
        let page = browser.open(&link).await;
        browser.submit(page.form("/reset").with("password", NEW_PASSWORD)).await.says("is set");
    }

    /// ASVS 6.4.3: a reset by mail leaves the second factor where it is, and hurries no recovery.
    async fn a_reset_by_mail_goes_round_no_second_factor(house: House) {
        let _jane = jane(&house).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        begin(&house, &mut browser).await;
        let page = browser.open("/recover").await;
        browser.submit(page.form("/recover").with("username", JANE)).await;
        let link = house.post.take(JANE, "new password").await.link("/reset");
        let page = browser.open(&link).await;
        browser.submit(page.form("/reset").with("password", NEW_PASSWORD)).await;
        assert!(house.here().factors(account.id).await.unwrap().totp);
        sign_in(&mut browser, JANE, NEW_PASSWORD).await;
        browser.open("/account").await.form("/login");
        pass(&house, WAIT - HOUR).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
    }

    /// The mail's link, the device's cookie, a live session: each stops it. A stranger's browser and a new device don't.
    async fn everybody_who_may_say_no_can_stop_it(house: House) {
        let mut owner = jane(&house).await;
        let mut fresh = house.browser(SAFARI);
        sign_in(&mut fresh, JANE, PASSWORD).await;
        give_everything(&house).await;
        let mut thief = house.browser(CHROME);
        let mut page = String::new();
        for way in ["mail", "cookie", "session"] {
            house.clock.advance(24 * 9 * HOUR);
            begin(&house, &mut thief).await;
            let mail = house.post.take(JANE, "started recovery").await.link("/account/recovery");
            let shown = house.browser(CHROME).open(&mail).await;
            let stop = shown.form("/stop");
            page = testkit::people::link(&owner.open("/account").await, "/account/recovery/");
            for stranger in [&mut thief, &mut fresh] {
                stranger.cookies().retain(|name, _| !name.contains("session"));
                let reply = stranger.post(&format!("{page}/stop"), &[]).await;
                assert!(!reply.status.is_success() && reply.location().contains("/login"), "{}", reply.status);
            }
            match way {
                "mail" => {
                    let ended = house.browser(SAFARI).submit_and_follow(stop).await;
                    ended.says("is stopped").says("read your mail");
                }
                "cookie" => {
                    let mut notice = owner.clone();
                    notice.cookies().retain(|name, _| name.contains("device"));
                    let reply = notice.json(Method::POST, &format!("{page}/stop"), &json!({})).await;
                    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
                    notice.open(&page).await.says("is stopped").says("j…@example.com");
                }
                _ => {
                    let overview = owner.open("/account").await;
                    owner.submit_and_follow(overview.says("is recovering").form("/stop")).await.says("is stopped");
                }
            }
            house.post.take(JANE, "was stopped").await;
            assert!(!owner.open("/account").await.text().contains("is recovering"));
        }
        pass(&house, WAIT).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
        owner.open(&page).await.says("is stopped");
    }

    /// Stopped when it is ready, its link is dead; and the next waits in full.
    async fn after_a_stop_the_link_is_dead_and_the_next_waits_in_full(house: House) {
        let mut owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let form = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        let overview = owner.open("/account").await;
        owner.submit_and_follow(overview.form("/stop")).await;
        let late = browser.submit(form).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("is stopped");
        owner.open("/account").await.says("Jane");
        begin(&house, &mut browser).await;
        pass(&house, 71 * HOUR).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
        gone(&mut browser, &link).await;
    }

    /// Each rings everything that its owner has: so there are three within thirty days.
    async fn the_fourth_within_a_month_is_refused_and_said(house: House) {
        let mut owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        for _ in 0..3 {
            begin(&house, &mut browser).await;
            let overview = owner.open("/account").await;
            owner.submit_and_follow(overview.form("/stop")).await;
            house.clock.advance(24 * HOUR);
        }
        for _ in 0..2 {
            ask(&mut browser, JANE).await;
            let letter = house.post.take(JANE, "No account recovery").await;
            assert!(letter.text.contains("23 Dec, 09:41") && !letter.text.contains("/recovery/begin"), "{}", letter.text);
        }
        let log = owner.open("/account/activity").await.text();
        assert_eq!(log.matches("too often").count(), 1, "said once in the log: {log}");
        house.clock.advance(27 * 24 * HOUR);
        begin(&house, &mut browser).await;
    }

    /// A real second factor shows that nothing is lost; what a device or a session merely remembers does not.
    async fn a_sign_in_with_the_second_factor_ends_it(house: House) {
        let mut owner = jane(&house).await;
        let mut phone = Authenticator::phone();
        add_key(&mut owner, &mut phone, "passkey").await;
        begin(&house, &mut house.browser(CHROME)).await;
        sign_in(&mut house.browser(SAFARI), JANE, PASSWORD).await;
        owner.open("/account").await.says("is recovering");
        let mut there = house.browser(SAFARI);
        sign_in_with_passkey(&mut there, &mut phone).await;
        assert!(!there.open("/account").await.text().contains("is recovering"));
        let letter = house.post.take(JANE, "was stopped").await;
        assert!(letter.text.contains("signed in with your second step"), "{}", letter.text);
        there.open("/account/activity").await.says("because you signed in");
    }

    async fn nobody_finishes_what_ran_out(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let form = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        pass(&house, 7 * 24 * HOUR).await;
        assert!(browser.submit(form).await.status.is_client_error());
        house.post.take(JANE, "ran out").await.link("/recovery");
        begin(&house, &mut browser).await;
    }

    /// Two browsers with the same link: one sets the password.
    async fn of_many_that_finish_at_once_one_does(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let link = wait_for_the_link(&house, &mut house.browser(CHROME)).await;
        let mut tries = Vec::new();
        for n in 0..8 {
            let mut browser = house.browser(if n % 2 == 0 { CHROME } else { SAFARI });
            let form = browser.open(&link).await.form("/recovery/finish");
            let password = if n % 2 == 0 { NEW_PASSWORD } else { THIRD_PASSWORD };
            tries.push(async move { (password, browser.submit(form.with("password", password)).await) });
        }
        let done = futures_util::future::join_all(tries).await;
        let won: Vec<&str> = done.iter().filter(|(_, reply)| reply.status.is_success()).map(|(p, _)| *p).collect();
        assert_eq!(won.len(), 1);
        let lost = if won[0] == NEW_PASSWORD { THIRD_PASSWORD } else { NEW_PASSWORD };
        let mut browser = house.browser(FIREFOX);
        sign_in(&mut browser, JANE, lost).await.form("/login");
        sign_in(&mut browser, JANE, won[0]).await;
        browser.open("/account").await.says("Jane");
        house.post.take(JANE, "was recovered").await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("was recovered")));
    }

    /// Stop and finish at once: one of them wins, and wholly.
    async fn of_a_stop_and_an_end_at_once_one_wins_wholly(house: House) {
        let mut owner = jane(&house).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let end = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        let stop = owner.open("/account").await.form("/stop");
        let (ended, _) = futures_util::future::join(browser.submit(end), owner.submit(stop)).await;
        let factors = house.here().factors(account.id).await.unwrap();
        let alive = owner.open("/account").await.text().contains("Jane");
        let mut again = house.browser(SAFARI);
        let new = sign_in(&mut again, JANE, NEW_PASSWORD).await;
        if ended.status.is_success() {
            assert!(!factors.totp && !alive, "it was finished: nothing of before is left");
            again.open("/account").await.says("Jane");
        } else {
            assert!(factors.totp && alive && factors.identities == 1, "it was stopped: all is as it was");
            new.form("/login");
        }
    }

    /// What is due is told once, however many servers look.
    async fn many_servers_tell_of_it_once(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        begin(&house, &mut browser).await;
        house.clock.advance(WAIT);
        let looks = (0..8).map(|_| house.app.tend_recoveries());
        assert!(futures_util::future::join_all(looks).await.into_iter().all(|told| told.is_ok()));
        house.post.take(JANE, "now").await;
        house.app.tend_recoveries().await.unwrap();
        house.clock.advance(HOUR);
        house.app.tend_recoveries().await.unwrap();
        ask(&mut browser, "nobody@example.com").await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.text.contains("/recovery/finish")));
    }

    /// CVE-2026-18963: what was half proven before the end opens nothing after it.
    async fn a_sign_in_that_was_begun_with_the_old_password_goes_no_further(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let mut thief = house.browser(SAFARI);
        let half = thief.open("/login").await.form("/login");
        let flow = half.value("flow").to_owned();
        thief.submit(half.with("username", JANE).with("password", PASSWORD)).await;
        house.clock.advance(Duration::from_secs(60));
        finish(&mut browser, &link, NEW_PASSWORD).await.says("yours again");
        for path in ["/login/continue", "/login/mfa", "/login/enrol", "/login"] {
            thief.open(&format!("{path}?flow={flow}")).await;
            thief.open("/account").await.form("/login");
        }
    }

    /// CVE-2026-37982: a link opens what it is for, and nothing else.
    async fn each_link_opens_its_own_door(house: House) {
        let _owner = jane(&house).await;
        give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        ask(&mut browser, JANE).await;
        let begin = house.post.take(JANE, "way back").await.link("/recovery/begin");
        let page = browser.open(&begin).await;
        browser.submit(page.form("/recovery/begin")).await;
        let stop = house.post.take(JANE, "started recovery").await.link("/account/recovery");
        pass(&house, WAIT).await;
        let finish = house.post.take(JANE, "now").await.link("/recovery/finish");
        let token = |link: &str| link.split("token=").nth(1).unwrap().to_owned();
        for path in ["/reset", "/confirm", "/invite"] {
            for link in [&begin, &stop, &finish] {
                gone(&mut browser, &format!("{path}?token={}", token(link))).await;
            }
        }
        for (path, link) in [("/recovery/finish", &begin), ("/recovery/finish", &stop), ("/recovery/begin", &finish)] {
            gone(&mut browser, &format!("{path}?token={}", token(link))).await;
            let fields = [("token".to_owned(), token(link)), ("password".to_owned(), NEW_PASSWORD.to_owned())];
            assert!(browser.post(path, &fields).await.status.is_client_error());
        }
        // Any of them may stop it.
        let page = browser.open(&format!("/account/recovery?token={}", token(&finish))).await;
        browser.submit_and_follow(page.form("/stop")).await.says("is stopped");
    }

    /// A mailbox is not enough for an account that runs the house. The command line is.
    async fn an_operators_account_comes_back_by_the_command_line_alone(house: House) {
        let mut owner = jane(&house).await;
        let account = give_everything(&house).await;
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        tx.update_account(&Account { role: Role::Admin, ..account.clone() }).await.unwrap();
        tx.commit().await.unwrap();
        let mut browser = house.browser(CHROME);
        ask(&mut browser, JANE).await;
        let letter = house.post.take(JANE, "not recovered by mail").await;
        assert!(!letter.text.contains("token="), "{}", letter.text);

        let first = house.here().recover_user(JANE).await.map_err(|e| format!("{e:?}")).unwrap();
        house.post.take(JANE, "operator started").await.link("/account/recovery");
        owner.open("/account").await.says("is recovering");
        let link = house.here().recover_user(JANE).await.map_err(|e| format!("{e:?}")).unwrap();
        house.post.take(JANE, "was stopped").await;
        gone(&mut browser, &first.url).await;
        ask(&mut browser, JANE).await;
        assert_eq!(link.until, house.clock.now().plus(24 * HOUR));
        finish(&mut browser, &link.url, NEW_PASSWORD).await.says("yours again");
        assert!(!house.here().factors(account.id).await.unwrap().totp);
        assert!(house.here().recover_user("nobody@example.com").await.is_err());
    }

    /// Who became an operator meanwhile is not had by mail any more.
    async fn an_operator_who_was_none_when_it_began_stops_nothing_but_gets_nothing(house: House) {
        let _owner = jane(&house).await;
        let account = give_everything(&house).await;
        let mut browser = house.browser(CHROME);
        let link = wait_for_the_link(&house, &mut browser).await;
        let form = browser.open(&link).await.form("/recovery/finish").with("password", NEW_PASSWORD);
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        tx.update_account(&Account { role: Role::Admin, ..account }).await.unwrap();
        tx.commit().await.unwrap();
        gone(&mut browser, &link).await;
        assert!(browser.submit(form).await.status.is_client_error());
    }
}

/// Where the operator wants none, there is none, and the page says whom to ask.
#[actix_web::test]
async fn switched_off_there_is_no_such_way() {
    let mut plan = Plan::default();
    plan.settings.recovery_wait = Duration::ZERO;
    let house = House::build(Db::Sqlite, plan).await;
    let _jane = jane(&house).await;
    give_everything(&house).await;
    let mut browser = house.browser(CHROME);
    let page = browser.open("/recovery").await;
    page.says("ask the people");
    assert!(!page.body.contains("name=\"username\""));
    let fields = [("username".to_owned(), JANE.to_owned())];
    browser.post("/recovery", &fields).await.says("ask the people");
    assert!(!browser.open("/recover").await.body.contains("/recovery"));
    // A mail that does come after it would have come before it.
    let page = browser.open("/recover").await;
    browser.submit(page.form("/recover").with("username", JANE)).await;
    house.post.take(JANE, "new password").await;
    assert!(house.post.letters_to(JANE).is_empty());
}
