//! Signing in with a password, and guessing at one.

use actix_web::http::StatusCode;
use base::Timestamp;
use identity::account::PasswordHash;
use std::time::Duration;
use testkit::browser::CHROME;
use testkit::house::House;
use testkit::people::{NEW_PASSWORD, PASSWORD, jane, sign_in};
use testkit::stories;

/// [`PASSWORD`] as others store it: bcrypt's three, scrypt, Firebase's scrypt, PBKDF2 in its spellings, Argon2i and
/// Argon2d, salted SHA of directories. Made with Python's bcrypt, argon2-cffi, passlib and OpenSSL.
const FROM_ELSEWHERE: &[&str] = &[
    "$2a$05$Q4oDwuoBZ3kg/FXUuwhdkemRjWRz.aiRNEJtCJ1iecRfh9bOwdNNW",
    "$2b$05$Q4oDwuoBZ3kg/FXUuwhdkemRjWRz.aiRNEJtCJ1iecRfh9bOwdNNW",
    "$2y$05$Q4oDwuoBZ3kg/FXUuwhdkemRjWRz.aiRNEJtCJ1iecRfh9bOwdNNW",
    "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$DMvUgcVdK7OjslFpNCBiDBx4zryPzyER3ulCXIVeNPI",
    "$fbscrypt$v=1,n=10,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDz\
     ZvpjeJ9WmXA==$42xEC+ixf3L2lw==$YDtXi323H6ubSX/RTJPdyO5Y3CDJvOXWeubpApMvG4pUflp1H7TVVBz8LG3sT8l4PsdKgz/gKzOmI9pxLn\
     m2sA==",
    "$pbkdf2$1000$VOodA8C41zrHGEOI0TpnrA$7ORNzphRH7Y1Il2RMnvi0i7yfd0",
    "$pbkdf2-sha256$1000$7d07xziH8L53LoUwBuAcIw$HQK2DlijHeg0Q/RIkUWoGf4dOPllzMqzuvx0K8GIgf0",
    "$pbkdf2-sha256$i=1000,l=32$7d07xziH8L53LoUwBuAcIw$HQK2DlijHeg0Q/RIkUWoGf4dOPllzMqzuvx0K8GIgf0",
    "$pbkdf2-sha512$1000$DSGEsPY.Z0yp9b6Xcs7Zuw$2NaL.SGZgnNw6IvXra9lguh5YS2HlYMSZOQgJdQtA6f605WF9kT6LLqW/Yz7E.Wi68hxv.K\
     96PPFczmMmyvCew",
    "pbkdf2_sha256$1000$qQvoMpuCktre$HKPoZN7hj6WH946EpeE4wYqoOvkJCLlihg38bHiyYMg=",
    "$argon2i$v=19$m=256,t=2,p=1$crbpZyA3cHDh13JZ/tJ5xA$eY2qWLKYaCmzpHSdhyuIHENlHckLNt8v2BcnSnXvA24",
    "$argon2d$v=19$m=256,t=2,p=1$NFjW75w9iPe5fDPYEkPS3Q$XmDXzMSGtZFe253hMABDyoH6FpPzQD8Xtb4Sx/wvVT8",
    "{SSHA}77/9fd6UCpoPjXS0lpffzQqAFsbImRMi",
    "{SSHA256}Zjtuo/SSMoCZFh0YWX27/wLB4M+SlDtcnQx7Q8Ccr/E7R0gJ4XwvZQ==",
    "{SSHA512}QbcUUOYGcKEXaEywThoNomR25P5iGMSDs5hBc83QBFKxnBa7AnshFKAZLluQcg6YxWFOhVc53Mnl2GjKrxFZHlrrHYNQCgHA",
];

/// Gives Jane's account the record that another system has made, as an import would.
async fn bring(house: &House, record: &str, at: Timestamp) {
    let tenant = house.here().tenant().id;
    let mut tx = house.store.begin(tenant).await.unwrap();
    let jane = tx.find_account_by_email("jane@example.com").await.unwrap().unwrap().id;
    tx.put_password(jane, &PasswordHash(record.to_owned()), at).await.unwrap();
    tx.commit().await.unwrap();
}

/// Jane's record, and when her password was set.
async fn stored(house: &House) -> (String, Timestamp) {
    let mut read = house.store.read(house.here().tenant().id).await.unwrap();
    let jane = read.find_account_by_email("jane@example.com").await.unwrap().unwrap().id;
    (read.find_password(jane).await.unwrap().unwrap().0, read.password_changed_at(jane).await.unwrap().unwrap())
}

stories! {
    async fn a_wrong_password_keeps_the_typed_address_and_does_not_say_which_was_wrong(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let mut replies = Vec::new();
        for email in ["jane@example.com", "nobody@example.com"] {
            let page = browser.open("/login").await;
            let reply = browser.submit(page.form("/login").with("username", email).with("password", "not the one")).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(reply.form("/login").value("username"), email);
            assert_eq!(reply.form("/login").value("password"), "");
            let flow = reply.form("/login").value("flow").to_owned();
            let request = reply.header("x-request-id").to_owned();
            replies.push(reply.body.replace(email, "*").replace(&flow, "*").replace(&request, "*"));
        }
        assert_eq!(replies[0], replies[1], "a known and an unknown address must look alike");
    }

    /// CVE-2024-4629: attempts that come together count before any of them is hashed.
    async fn two_hundred_guesses_at_once_are_ten_at_most(house: House) {
        let _jane = jane(&house).await;
        let mut guesses = Vec::new();
        for n in 0..200 {
            let mut browser = house.browser(CHROME).from_address(&format!("198.51.100.{}", n % 250));
            guesses.push(async move {
                let page = browser.open("/login").await;
                if page.status != StatusCode::OK {
                    return page.status;
                }
                browser.submit(page.form("/login").with("username", "jane@example.com").with("password", "guess")).await.status
            });
        }
        let statuses = futures_util::future::join_all(guesses).await;
        let tried = statuses.iter().filter(|s| **s == StatusCode::UNPROCESSABLE_ENTITY).count();
        // A busy database says so, which is as good as a refusal.
        let no = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
        let refused = statuses.iter().filter(|s| no.contains(s)).count();
        assert!(tried <= 10, "{tried} guesses were hashed");
        assert_eq!(tried + refused, 200);
    }

    /// CVE-2024-1722: who hammers an account from outside does not lock its owner out.
    async fn the_owner_still_signs_in_from_a_known_device_while_others_guess(house: House) {
        let mut owner = jane(&house).await;
        for n in 0..12 {
            let mut thief = house.browser(CHROME).from_address(&format!("198.51.100.{n}"));
            sign_in(&mut thief, "jane@example.com", "guess").await;
        }
        let mut thief = house.browser(CHROME).from_address("198.51.100.99");
        let page = thief.open("/login").await;
        let reply = thief.submit(page.form("/login").with("username", "jane@example.com").with("password", PASSWORD)).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "a stranger with the right password has to wait too");
        assert!(!reply.header("retry-after").is_empty());

        let page = owner.open("/account").await;
        owner.submit_and_follow(page.form("/logout")).await;
        sign_in(&mut owner, "jane@example.com", PASSWORD).await;
        owner.open("/account").await.says("Jane");
    }

    /// CVE-2025-64102: the password page is no second door for guessing.
    async fn guesses_at_the_password_page_count_with_those_at_the_sign_in(house: House) {
        let mut browser = jane(&house).await;
        let page = browser.open("/account/signin").await;
        let mut last = StatusCode::OK;
        for n in 0..12 {
            let form = page.form("/account/signin/password").with("current", &format!("guess {n}")).with("password", NEW_PASSWORD);
            last = browser.submit(form).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        let mut same = browser.clone();
        let page = same.open("/account").await;
        same.submit_and_follow(page.form("/logout")).await;
        let page = same.open("/login").await;
        let reply = same.submit(page.form("/login").with("username", "jane@example.com").with("password", PASSWORD)).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn changing_the_password_ends_the_other_devices_and_gives_this_one_a_new_cookie(house: House) {
        let mut here = jane(&house).await;
        let mut there = house.browser(CHROME);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
        there.open("/account").await.says("Jane");
        let before = here.cookies().clone();

        let page = here.open("/account/signin").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD).with("end_others", "on");
        here.submit_and_follow(form).await;
        here.open("/account").await.says("Jane");
        assert_ne!(before, *here.cookies(), "the session's cookie must change");
        there.open("/account").await.form("/login");
        let letter = house.post.take("jane@example.com", "assword").await;
        assert!(!letter.text.contains(NEW_PASSWORD));
        sign_in(&mut there, "jane@example.com", PASSWORD).await.form("/login");
        sign_in(&mut there, "jane@example.com", NEW_PASSWORD).await;
        there.open("/account").await.says("Jane");
    }

    async fn a_forgotten_password_is_set_by_mail_and_every_session_ends(house: House) {
        let mut here = jane(&house).await;
        let mut forgetful = house.browser(CHROME);
        let page = forgetful.open("/recover").await;
        forgetful.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let link = house.post.take("jane@example.com", "").await.link("/reset");
        for _ in 0..3 {
            forgetful.open(&link).await;
        }
        let page = forgetful.open(&link).await;
        let weak = forgetful.submit(page.form("/reset").with("password", "12345678")).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "a weak password must not spend the link");
        forgetful.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        forgetful.open("/account").await.form("/login");
        here.open("/account").await.form("/login");
        house.post.take("jane@example.com", "assword").await;

        let again = forgetful.submit(page.form("/reset").with("password", PASSWORD)).await;
        assert!(again.status.is_client_error(), "a link works once: {}", again.status);
        sign_in(&mut forgetful, "jane@example.com", NEW_PASSWORD).await;
        forgetful.open("/account").await.says("Jane");
    }

    async fn a_reset_link_dies_with_the_next_one_and_with_time(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let mut links = Vec::new();
        for _ in 0..2 {
            let page = browser.open("/recover").await;
            browser.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
            links.push(house.post.take("jane@example.com", "").await.link("/reset"));
        }
        assert!(browser.open(&links[0]).await.status.is_client_error(), "the older link must be dead");
        assert_eq!(browser.open(&links[1]).await.status, StatusCode::OK);
        house.clock.advance(Duration::from_secs(3_601));
        assert!(browser.open(&links[1]).await.status.is_client_error(), "an hour later it must be dead");
    }

    async fn asking_for_an_unknown_address_looks_the_same_and_sends_nothing(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let mut bodies = Vec::new();
        for email in ["jane@example.com", "nobody@example.com"] {
            let page = browser.open("/recover").await;
            let reply = browser.submit_and_follow(page.form("/recover").with("username", email)).await;
            bodies.push(reply.body.replace(email, "*").replace(reply.header("x-request-id"), "*"));
        }
        assert_eq!(bodies[0], bodies[1]);
        house.post.take("jane@example.com", "").await;
        assert!(house.post.letters_to("nobody@example.com").is_empty());
    }

    /// What others hashed opens here, once: from then on there is a hash of our own. A wrong password changes nothing,
    /// and it is not the password that has changed (an open "it wasn't me" must not close by it).
    async fn people_from_elsewhere_sign_in_as_before_and_are_hashed_as_ours_from_then_on(house: House) {
        let _jane = jane(&house).await;
        let set = house.clock.now();
        house.clock.advance(Duration::from_secs(60));
        for record in FROM_ELSEWHERE {
            bring(&house, record, set).await;
            sign_in(&mut house.browser(CHROME), "jane@example.com", NEW_PASSWORD).await.form("/login");
            assert_eq!(stored(&house).await, ((*record).to_owned(), set), "a wrong password changed the record");

            let mut browser = house.browser(CHROME);
            sign_in(&mut browser, "jane@example.com", PASSWORD).await;
            browser.open("/account").await.says("Jane");
            let (ours, still) = stored(&house).await;
            assert!(ours.starts_with("$argon2id$v=19$m=16,t=1,p=1$"), "{record} became {ours}");
            assert_eq!(still, set, "the password is the same one");

            let mut again = house.browser(CHROME);
            sign_in(&mut again, "jane@example.com", PASSWORD).await;
            again.open("/account").await.says("Jane");
            sign_in(&mut house.browser(CHROME), "jane@example.com", NEW_PASSWORD).await.form("/login");
            assert_eq!(stored(&house).await.0, ours, "it is replaced once");
        }
    }

    async fn people_from_elsewhere_who_sign_in_twice_at_once_are_let_in_twice(house: House) {
        let _jane = jane(&house).await;
        bring(&house, "$2b$08$1MgPFoFJEZois0f50MYyje8asOdc12WPsmqzm0jWwe3YfQowEH38S", house.clock.now()).await;
        let tabs = (0..4).map(|_| async {
            let mut browser = house.browser(CHROME);
            sign_in(&mut browser, "jane@example.com", PASSWORD).await;
            browser.open("/account").await.says("Jane");
        });
        futures_util::future::join_all(tabs).await;
        assert!(stored(&house).await.0.starts_with("$argon2id$"));
    }

    /// A record that asks for hours of work, or that nobody can read, is no way in and no sign of an account. Its owner
    /// sets a new password by mail.
    async fn an_unusable_record_looks_like_a_wrong_password_and_is_mended_by_mail(house: House) {
        let _jane = jane(&house).await;
        for record in ["$2b$31$Q4oDwuoBZ3kg/FXUuwhdkemRjWRz.aiRNEJtCJ1iecRfh9bOwdNNW", "{SSHA}", "plain"] {
            bring(&house, record, house.clock.now()).await;
            let mut bodies = Vec::new();
            for email in ["jane@example.com", "nobody@example.com"] {
                let mut browser = house.browser(CHROME);
                let page = browser.open("/login").await;
                let reply = browser.submit(page.form("/login").with("username", email).with("password", PASSWORD)).await;
                assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{record}");
                let flow = reply.form("/login").value("flow").to_owned();
                let request = reply.header("x-request-id").to_owned();
                bodies.push(reply.body.replace(email, "*").replace(&flow, "*").replace(&request, "*"));
            }
            assert_eq!(bodies[0], bodies[1], "{record}");
            assert_eq!(stored(&house).await.0, record);
        }
        let mut browser = house.browser(CHROME);
        let page = browser.open("/recover").await;
        browser.submit_and_follow(page.form("/recover").with("username", "jane@example.com")).await;
        let link = house.post.take("jane@example.com", "").await.link("/reset");
        let page = browser.open(&link).await;
        browser.submit_and_follow(page.form("/reset").with("password", NEW_PASSWORD)).await;
        sign_in(&mut browser, "jane@example.com", NEW_PASSWORD).await;
        browser.open("/account").await.says("Jane");
    }
}
