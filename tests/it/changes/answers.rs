//! Answers that are not taken, and every end that a change can have.

use super::*;
use actix_web::http::StatusCode;
use testkit::people::register;
use testkit::stories;

stories! {
    /// A new request brings a new code, and no new guesses: they count over the life of the account.
    async fn wrong_codes_count_over_all_requests_together(house: House) {
        let mut laptop = jane(&house).await;
        for _ in 0..2 {
            let change = path(&ask_for_email(&mut laptop, NEW).await);
            house.post.take(JANE, "Confirm").await;
            house.post.take(NEW, "Your code").await;
            for _ in 0..5 {
                give_code(&mut laptop, &change, ("code", "000000")).await;
            }
            laptop.open(&change).await.says("Too many wrong tries");
        }
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let yes = house.post.take(JANE, "Confirm").await.code().unwrap();
        let page = give_code(&mut laptop, &change, ("code", &yes)).await;
        page.says("Too many wrong codes. Please wait").says("This page moves on by itself");
        // That whoever it is holds the new address buys no guesses either.
        let new = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("new_code", &new)).await.says("Too many wrong codes");
        assert_eq!(address(&mut laptop).await, JANE);
        laptop.open("/account/activity").await.says("Too many wrong tries: change mail address");

        house.clock.advance(Duration::from_secs(16 * 60));
        laptop.cookies().retain(|name, _| name.contains("device"));
        sign_in(&mut laptop, JANE, PASSWORD).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let yes = house.post.take(JANE, "Confirm").await.code().unwrap();
        give_code(&mut laptop, &change, ("code", &yes)).await.says("Confirmed.");
    }

    /// Tabs that were left open make room for the one that is looked at.
    async fn a_session_holds_four_streams_open_and_the_newest_win(house: House) {
        let mut laptop = jane(&house).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let open = |laptop: &Browser| {
            let (mut tab, to) = (laptop.clone(), format!("{change}/state"));
            tokio::task::spawn_local(async move { tab.get(&to).await })
        };
        let first = open(&laptop);
        tokio::time::sleep(Duration::from_millis(300)).await;
        let rest: Vec<_> = (0..4).map(|_| open(&laptop)).collect();
        let patience = Duration::from_secs(10);
        let ended = tokio::time::timeout(patience, first).await.expect("it gives way").unwrap();
        assert!(ended.body.contains("retry: 30000") && !ended.body.contains("moved"), "{}", ended.body);
        assert!(rest.iter().all(|tab| !tab.is_finished()), "four are open still");
        let page = laptop.open(&change).await;
        laptop.submit_and_follow(page.form(&format!("{change}/cancel"))).await;
        for tab in rest {
            let news = tokio::time::timeout(patience, tab).await.expect("it hears of it").unwrap();
            assert!(news.body.contains("event: moved"), "{}", news.body);
        }
    }

    /// CISA, "Implementing Number Matching in MFA Applications": a yes without the number is none.
    async fn the_number_wrong_changes_nothing_and_the_third_ends_it(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        for left in ["2 more tries", "One more try"] {
            let refused = approve(&mut phone, &change, "00").await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            refused.says(left);
        }
        approve(&mut phone, &change, "").await.says("Too many wrong tries");
        assert!(phone.open(&change).await.forms(&format!("{change}/approve")).is_empty());
        let late = phone.post(&format!("{change}/approve"), &[("number".into(), number)]).await;
        phone.follow(late).await.says("Too many wrong tries");
        laptop.open(&change).await.says("Too many wrong tries");
        assert_eq!(address(&mut laptop).await, JANE);
    }

    async fn the_fifth_wrong_code_ends_it(house: House) {
        let mut laptop = jane(&house).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let code = house.post.take(JANE, "Confirm").await.code().unwrap();
        for _ in 0..4 {
            give_code(&mut laptop, &change, ("code", "000000")).await.says("not the code");
        }
        give_code(&mut laptop, &change, ("new_code", "000000")).await.says("Too many wrong tries");
        let late = laptop.post(&format!("{change}/code"), &[("code".into(), code)]).await;
        laptop.follow(late).await.says("Too many wrong tries");
        assert_eq!(address(&mut laptop).await, JANE);
    }

    /// A thief who has the password signs in a second time: two browsers of theirs do not make one of the owner's.
    async fn a_browser_that_nobody_has_confirmed_says_no_yes(house: House) {
        let (mut laptop, _) = two_browsers(&house).await;
        let mut thief = stranger(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        thief.open(&change).await.says("too new");
        let tried = thief.post(&format!("{change}/approve"), &[("number".into(), number)]).await;
        thief.follow(tried).await;
        let new = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("new_code", &new)).await;
        assert_eq!(address(&mut laptop).await, JANE);
    }

    /// Nor does the browser that asked say yes to itself, whatever number it knows.
    async fn the_browser_that_asked_cannot_say_yes_with_its_own_number(house: House) {
        let mut laptop = jane(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        let new = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("new_code", &new)).await;
        let tried = laptop.post(&format!("{change}/approve"), &[("number".into(), number)]).await;
        laptop.follow(tried).await;
        assert_eq!(address(&mut laptop).await, JANE);
    }

    /// Another person, another account's session, nobody at all: for them there is no such change.
    async fn for_anybody_else_there_is_no_such_change(house: House) {
        let mut laptop = jane(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        let mut other = house.browser(CHROME);
        register(&house, &mut other, "other@example.com").await;
        assert_eq!(other.get(&change).await.status, StatusCode::NOT_FOUND);
        for (what, field) in [("approve", "number"), ("code", "code"), ("cancel", "x"), ("deny", "x"), ("undo", "x")] {
            let reply = other.post(&format!("{change}/{what}"), &[(field.into(), number.clone())]).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{what}");
        }
        let mut nobody = house.browser(FIREFOX);
        nobody.open(&change).await.form("/login");
        let forged = nobody.get("/account/confirm?token=wbl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND);
        laptop.open(&change).await.says("change mail address");
    }

    /// High risk: a session that stands open is not enough.
    async fn whoever_says_yes_to_what_is_risky_proves_who_they_are(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        house.clock.advance(Duration::from_secs(3600));
        let page = laptop.open("/account/email").await;
        let page = laptop.submit_and_follow(page.form("/login").with("password", PASSWORD)).await;
        let page = laptop.submit_and_follow(page.form("/account/email").with("email", NEW)).await;
        let (change, number) = (path(&page), number(&page));
        let seen = phone.open(&change).await;
        assert!(seen.forms(&format!("{change}/approve")).is_empty(), "it asks for a proof first");
        let page = phone.open(&link(&seen, "prove=1")).await;
        let page = phone.submit_and_follow(page.form("/login").with("password", PASSWORD)).await;
        phone.submit_and_follow(page.form(&format!("{change}/approve")).with("number", &number)).await;
        laptop.open(&change).await.says("Confirmed.");
    }

    async fn nobody_answers_and_it_ends_by_itself(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        house.clock.advance(Duration::from_secs(600));
        laptop.open(&change).await.says("Too late");
        let late = phone.post(&format!("{change}/approve"), &[("number".into(), number)]).await;
        phone.follow(late).await.says("Too late");
        assert_eq!(address(&mut laptop).await, JANE);
        house.here().tend_changes().await.unwrap();
        laptop.open("/account/activity").await.says("Nobody answered");
    }

    async fn whoever_asked_thinks_better_of_it(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let change = path(&page);
        laptop.submit_and_follow(page.form(&format!("{change}/cancel"))).await.says("Cancelled");
        phone.open(&change).await.says("Cancelled");
        // Said twice it is the same.
        let again = laptop.post(&format!("{change}/cancel"), &[]).await;
        laptop.follow(again).await.says("Cancelled");
    }

    async fn a_session_that_ends_takes_its_requests_with_it(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        let page = laptop.open("/account").await;
        laptop.submit_and_follow(page.form("/logout")).await;
        phone.open(&change).await.says("Withdrawn");
        let late = phone.post(&format!("{change}/approve"), &[("number".into(), number)]).await;
        phone.follow(late).await.says("Withdrawn");
        assert_eq!(address(&mut phone).await, JANE);
    }

    async fn a_second_request_for_the_same_takes_the_place_of_the_first(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let first = ask_for_email(&mut laptop, NEW).await;
        let second = ask_for_email(&mut laptop, "jane@newer.example").await;
        laptop.open(&path(&first)).await.says("Asked anew");
        let tried = phone.post(&format!("{}/approve", path(&first)), &[("number".into(), number(&first))]).await;
        phone.follow(tried).await.says("Asked anew");
        approve(&mut phone, &path(&second), &number(&second)).await;
        laptop.open(&path(&second)).await.says("Confirmed.");
    }

    /// Only the first answer counts; later ones end on a page that says what happened.
    async fn a_yes_after_a_no_is_none_and_the_other_way_round(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        house.post.take(NEW, "Your code").await;
        deny(&mut phone, &change).await.says("Denied");
        let late = phone.post(&format!("{change}/approve"), &[("number".into(), number)]).await;
        phone.follow(late).await.says("Denied");
        laptop.open(&change).await.says("Denied");
        assert_eq!(address(&mut laptop).await, JANE);

        let page = ask_for_email(&mut laptop, NEW).await;
        let change = path(&page);
        let code = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("new_code", &code)).await;
        approve(&mut phone, &change, &super::number(&page)).await;
        let late = phone.post(&format!("{change}/deny"), &[]).await;
        phone.follow(late).await.says("Changed");
        assert_eq!(address(&mut laptop).await, NEW);
    }

    /// The link of the mail needs no sign-in to say no, is not spent by being fetched, and is good for nothing else.
    async fn the_mails_link_says_no_and_is_not_spent_by_being_fetched(house: House) {
        let mut laptop = jane(&house).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let letter = house.post.take(JANE, "Confirm").await;
        let link = letter.link("/account/confirm");
        let mut elsewhere = house.browser(CHROME);
        for _ in 0..3 {
            elsewhere.open(&link).await.says(NEW).says("Firefox");
        }
        laptop.open(&change).await.says("change mail address");
        let token = link.rsplit("token=").next().unwrap();
        for path in ["/reset", "/account/was-this-you", "/confirm", "/recovery/finish"] {
            let reply = elsewhere.get(&format!("{path}?token={token}")).await;
            assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
        }
        let page = elsewhere.open(&link).await;
        elsewhere.submit_and_follow(page.form(&format!("{change}/deny"))).await.says("Denied");
        laptop.open(&change).await.says("Denied");
        elsewhere.open(&link).await.says("Denied");
    }
}
