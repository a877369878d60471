//! Another mail address: the old one's owner says yes, and the new one proves itself.

use super::*;
use identity::change::{ChangePolicy, Mode};
use testkit::stories;

stories! {
    async fn a_yes_in_another_browser_and_the_code_of_the_new_address_change_it(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        assert_eq!(address(&mut laptop).await, JANE, "nothing is changed yet");
        let seen = phone.open(&change).await;
        seen.says(JANE).says(NEW).says("Firefox").says("change mail address");
        approve(&mut phone, &change, &number).await;
        assert_eq!(address(&mut laptop).await, JANE, "the new address has to prove itself");
        let code = house.post.take(NEW, "Your code").await.code().unwrap();
        let done = give_code(&mut laptop, &change, ("new_code", &code)).await;
        done.says("Confirmed and changed");
        assert_eq!(address(&mut laptop).await, NEW);
        sign_in(&mut house.browser(CHROME), NEW, PASSWORD).await.says("Jane");
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.form("/login");
    }

    /// No other browser at all: the mailbox that the account has speaks for its owner.
    async fn the_code_of_the_old_address_says_yes_where_no_browser_can(house: House) {
        let mut laptop = jane(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let change = path(&page);
        let letter = house.post.take(JANE, "Confirm").await;
        assert!(letter.text.contains(NEW), "it says what is asked for: {}", letter.text);
        let (yes, new) = (letter.code().unwrap(), house.post.take(NEW, "Your code").await.code().unwrap());
        assert_ne!(yes, new);
        give_code(&mut laptop, &change, ("new_code", &new)).await;
        assert_eq!(address(&mut laptop).await, JANE, "it alone is not enough");
        give_code(&mut laptop, &change, ("code", &yes)).await.says("Confirmed and changed");
        assert_eq!(address(&mut laptop).await, NEW);
    }

    /// The codes are bound to what they are for.
    async fn the_new_addresses_code_is_no_yes(house: House) {
        let mut laptop = jane(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let change = path(&page);
        let new = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("code", &new)).await.says("not the code");
        assert_eq!(address(&mut laptop).await, JANE);
    }

    /// Whether an address has an account is told to its owner alone: the page says the same.
    async fn an_address_that_has_an_account_hears_of_it_and_the_page_does_not_tell(house: House) {
        let mut other = house.browser(FIREFOX);
        testkit::people::register(&house, &mut other, "other@example.com").await;
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, "other@example.com").await;
        page.says("other@example.com");
        let change = path(&page);
        approve(&mut phone, &change, &number(&page)).await;
        let letter = house.post.take("other@example.com", "You have an account").await;
        assert_eq!(letter.code(), None);
        assert_eq!(address(&mut laptop).await, JANE);
    }

    async fn what_is_no_address_or_the_present_one_is_told_and_kept_in_the_field(house: House) {
        let mut laptop = jane(&house).await;
        let page = ask_for_email(&mut laptop, "jane").await;
        page.says("does not look like a mail address");
        assert_eq!(attribute(&page, "#new-email", "value"), "jane");
        ask_for_email(&mut laptop, JANE).await.says("your address already");
    }

    /// USENIX Security 2022, "Account Pre-hijacking": a pending change of the address does not survive its owner's return.
    async fn a_new_password_by_mail_withdraws_what_waits(house: House) {
        let mut thief = jane(&house).await;
        let page = ask_for_email(&mut thief, NEW).await;
        let change = path(&page);
        let code = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut thief, &change, ("new_code", &code)).await;
        let mut owner = house.browser(CHROME);
        let page = owner.open("/recover").await;
        owner.submit_and_follow(page.form("/recover").with("username", JANE)).await;
        let link = house.post.take(JANE, "Set a new password").await.link("/reset");
        let page = owner.open(&link).await;
        owner.submit_and_follow(page.form("/reset").with("password", testkit::people::NEW_PASSWORD)).await;
        sign_in(&mut owner, JANE, testkit::people::NEW_PASSWORD).await;
        owner.open(&change).await.says("Withdrawn");
        assert_eq!(address(&mut owner).await, JANE);
    }
}

testkit::planned! {
    /// Where the operator has nobody asked, the address still proves itself.
    async fn without_a_yes_the_new_address_still_proves_itself(house: House, plan) {
        plan.settings.changes = ChangePolicy::all(Mode::Off);
    } {
        let mut laptop = jane(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        assert_eq!(address(&mut laptop).await, JANE);
        let code = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &path(&page), ("new_code", &code)).await.says("Confirmed and changed");
        assert_eq!(address(&mut laptop).await, NEW);
    }
}
