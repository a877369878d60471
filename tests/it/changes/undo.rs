//! Taking back what was done, within three days.

use super::*;
use actix_web::http::StatusCode;
use testkit::people::NEW_PASSWORD;
use testkit::stories;

/// Somebody with a session and the password changes the password, and signs everybody else out.
async fn thief_changes_the_password(thief: &mut Browser) {
    let page = thief.open("/account/signin/password").await;
    let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
    thief.submit_and_follow(form).await;
}

/// Jane changes her address, saying yes by mail; answers with the link of the mail to the old one.
async fn move_away(house: &House, laptop: &mut Browser) -> String {
    let change = path(&ask_for_email(laptop, NEW).await);
    let yes = house.post.take(JANE, "Confirm").await.code().unwrap();
    let new = house.post.take(NEW, "Your code").await.code().unwrap();
    give_code(laptop, &change, ("code", &yes)).await;
    give_code(laptop, &change, ("new_code", &new)).await;
    let letter = house.post.take(JANE, "was changed").await;
    assert!(letter.text.contains(NEW), "{}", letter.text);
    letter.link("/account/confirm")
}

async fn undo(browser: &mut Browser, link: &str) -> Reply {
    let page = browser.open(link).await;
    let action = attribute(&page, "form[action$='/undo']", "action");
    browser.submit_and_follow(page.form(&action)).await
}

stories! {
    /// The mail's link puts the old password back, ends every session, and freezes changes.
    async fn the_mails_link_puts_the_old_password_back(house: House) {
        jane(&house).await;
        let mut thief = stranger(&house).await;
        thief_changes_the_password(&mut thief).await;
        let link = house.post.take(JANE, "password was changed").await.link("/account/confirm");
        let mut owner = house.browser(CHROME);
        owner.open(&link).await.says("Undo it");
        undo(&mut owner, &link).await.says("Taken back");
        thief.open("/account").await.form("/login");
        sign_in(&mut house.browser(CHROME), JANE, NEW_PASSWORD).await.form("/login");
        let back = sign_in(&mut owner, JANE, PASSWORD).await;
        back.says("Your account is locked down");
        // Once is enough, and twice is the same.
        owner.open(&link).await.says("Taken back");
    }

    /// From a notice there is only the device cookie: it may be the one of somebody whom the new password was to shut out.
    async fn the_notice_alone_takes_the_new_password_away_and_gives_the_old_one_to_nobody(house: House) {
        let mut owner = jane(&house).await;
        let mut thief = stranger(&house).await;
        thief_changes_the_password(&mut thief).await;
        let link = house.post.take(JANE, "password was changed").await.link("/account/confirm");
        let change = {
            let page = owner.open(&link).await;
            attribute(&page, "form[action$='/undo']", "action").trim_end_matches("/undo").to_owned()
        };
        owner.cookies().retain(|name, _| name.contains("device"));
        undo(&mut owner, &change).await.says("Taken back");
        for password in [PASSWORD, NEW_PASSWORD] {
            sign_in(&mut house.browser(CHROME), JANE, password).await.form("/login");
        }
        thief.open("/account").await.form("/login");
        let page = owner.open("/recover").await;
        owner.submit_and_follow(page.form("/recover").with("username", JANE)).await;
        let page = owner.open(&house.post.take(JANE, "Set a new password").await.link("/reset")).await;
        owner.submit_and_follow(page.form("/reset").with("password", "violet anchor 31 meadow")).await;
        sign_in(&mut owner, JANE, "violet anchor 31 meadow").await.says("Jane");
        assert!(!owner.open("/account").await.text().contains("Your account is locked down"), "whoever sets a new password is back");
    }

    async fn the_old_address_gets_itself_back(house: House) {
        let mut laptop = jane(&house).await;
        let link = move_away(&house, &mut laptop).await;
        let mut owner = house.browser(CHROME);
        undo(&mut owner, &link).await.says("Taken back");
        laptop.open("/account").await.form("/login");
        sign_in(&mut house.browser(CHROME), NEW, PASSWORD).await.form("/login");
        sign_in(&mut owner, JANE, PASSWORD).await.says("Jane");
    }

    /// The address before says yes to the next ones while it can still have itself back, and its link reaches over them all.
    async fn a_second_new_address_is_asked_of_the_first_and_undone_with_it(house: House) {
        let mut laptop = jane(&house).await;
        let link = move_away(&house, &mut laptop).await;
        let change = path(&ask_for_email(&mut laptop, "jane@newest.example").await);
        let yes = house.post.take(JANE, "Confirm").await.code().unwrap();
        assert!(house.post.letters_to(NEW).iter().all(|letter| !letter.subject.contains("Confirm")));
        let new = house.post.take("jane@newest.example", "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("code", &yes)).await;
        give_code(&mut laptop, &change, ("new_code", &new)).await;
        assert_eq!(address(&mut laptop).await, "jane@newest.example");
        undo(&mut house.browser(CHROME), &link).await.says("Taken back");
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.says("Jane");
    }

    /// A device cookie moves no mailbox: it locks down, and no more.
    async fn a_notice_alone_puts_no_address_back(house: House) {
        let mut laptop = jane(&house).await;
        let link = move_away(&house, &mut laptop).await;
        let page = laptop.open(&link).await;
        let change = attribute(&page, "form[action$='/undo']", "action").trim_end_matches("/undo").to_owned();
        laptop.cookies().retain(|name, _| name.contains("device"));
        undo(&mut laptop, &change).await.says("can’t be taken back");
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.form("/login");
        sign_in(&mut laptop, NEW, PASSWORD).await.says("Your account is locked down");
    }

    async fn after_three_days_it_stays_as_it_is(house: House) {
        let mut laptop = jane(&house).await;
        let link = move_away(&house, &mut laptop).await;
        house.clock.advance(Duration::from_secs(72 * 3600 - 60));
        let mut owner = house.browser(CHROME);
        owner.open(&link).await.says("Undo it");
        house.clock.advance(Duration::from_secs(61));
        assert_eq!(owner.get(&link).await.status, StatusCode::NOT_FOUND);
    }

    /// Whoever changes it twice has not made the undo worthless: both links put back what was there before the first.
    async fn an_undo_reaches_back_over_several_changes(house: House) {
        let mut laptop = jane(&house).await;
        thief_changes_the_password(&mut laptop).await;
        let link = house.post.take(JANE, "password was changed").await.link("/account/confirm");
        house.clock.advance(Duration::from_secs(5));
        let page = laptop.open("/account/signin/password").await;
        let later = "violet anchor 31 meadow";
        let form = page.form("/account/signin/password").with("current", NEW_PASSWORD).with("password", later);
        laptop.submit_and_follow(form).await;
        let second = house.post.take(JANE, "password was changed").await.link("/account/confirm");
        undo(&mut house.browser(CHROME), &second).await.says("Taken back");
        sign_in(&mut house.browser(CHROME), JANE, later).await.form("/login");
        sign_in(&mut house.browser(CHROME), JANE, NEW_PASSWORD).await.form("/login");
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.says("Jane");
        assert!(!house.browser(CHROME).open(&link).await.body.contains("change-undo"), "undone once is enough");
    }

    /// A thief who is signed in takes nothing of the owner's back.
    async fn a_browser_that_nobody_has_confirmed_takes_nothing_back(house: House) {
        let mut owner = jane(&house).await;
        let page = owner.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD).with("password", NEW_PASSWORD);
        owner.submit_and_follow(form).await;
        let link = house.post.take(JANE, "password was changed").await.link("/account/confirm");
        let page = owner.open(&link).await;
        let undo = attribute(&page, "form[action$='/undo']", "action");
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, JANE, NEW_PASSWORD).await;
        let reply = thief.post(&undo, &[]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.form("/login");
    }
}
