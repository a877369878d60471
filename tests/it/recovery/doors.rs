//! What a way back does not open: other doors, an operator's account, a house that wants none.

use super::{HOUR, JANE, WAIT, ask, finish, give_everything, gone, pass, wait_for_the_link};
use identity::{Account, Role};
use std::time::Duration;
use testkit::browser::{CHROME, SAFARI};
use testkit::house::{Db, House, Plan};
use testkit::people::{NEW_PASSWORD, PASSWORD, jane};
use testkit::stories;

stories! {
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
