//! A telephone number: set, changed, removed; told and taken back, or held, as the operator has it.

use super::*;
use crate::bell::{SOON, bells, open, turn_on};
use actix_web::http::StatusCode;
use identity::change::{ChangeKind, ChangePolicy, Mode};
use testkit::house::Db;
use testkit::people::{App, userinfo};
use testkit::push_service::PushService;
use testkit::{planned, stories};

const NUMBER: &str = "+41446681800";
const OTHER: &str = "+493090182044";

/// Saves a number on the profile page.
async fn save(browser: &mut Browser, phone: &str) -> Reply {
    let page = browser.open("/account/profile").await;
    browser.submit_and_follow(page.form("/account/phone").with("phone", phone)).await
}

/// The number that the profile shows.
async fn shown(browser: &mut Browser) -> String {
    let page = browser.open("/account/profile").await;
    attribute(&page, "#phone", "value")
}

/// Takes it back by the link of the mail.
async fn undo(browser: &mut Browser, link: &str) -> Reply {
    let page = browser.open(link).await;
    let to = attribute(&page, "form[action$='/undo']", "action");
    browser.submit_and_follow(page.form(&to)).await
}

stories! {
    async fn a_number_is_set_changed_and_removed_and_each_is_told(house: House) {
        let mut laptop = jane(&house).await;
        assert_eq!(shown(&mut laptop).await, "");
        save(&mut laptop, "+41 44 668 18 00").await.says("Saved");
        assert_eq!(shown(&mut laptop).await, NUMBER);
        let letter = house.post.take(JANE, "phone number").await;
        assert!(letter.text.contains("no number") && letter.text.contains(NUMBER), "{}", letter.text);
        save(&mut laptop, OTHER).await.says("Saved");
        let letter = house.post.take(JANE, "phone number").await;
        assert!(letter.text.contains(NUMBER) && letter.text.contains(OTHER), "{}", letter.text);
        save(&mut laptop, " ").await.says("Saved");
        assert_eq!(shown(&mut laptop).await, "");
        house.post.take(JANE, "phone number").await;
        let log = laptop.open("/account/activity").await;
        log.says(&format!("Phone number changed to {OTHER}")).says("Phone number removed");
        let copy = laptop.open("/account/profile").await;
        assert!(!copy.body.contains(OTHER));
    }

    /// What was typed stays in the field, and the sentence says how a number looks.
    async fn what_is_no_number_is_told_and_kept_in_the_field(house: House) {
        let mut laptop = jane(&house).await;
        save(&mut laptop, NUMBER).await;
        for typed in ["044 668 18 00", "+41 (0)44 668 18 00", "call me"] {
            let page = save(&mut laptop, typed).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says("doesn’t look like a phone number").says("+41 44 668 18 00");
            assert_eq!(attribute(&page, "#phone", "value"), typed);
            assert_eq!(attribute(&page, "#name", "value"), "Jane Doe", "the rest of the page is as it was");
        }
        assert_eq!(shown(&mut laptop).await, NUMBER);
    }

    async fn the_mails_link_puts_the_number_before_back(house: House) {
        let mut laptop = jane(&house).await;
        save(&mut laptop, NUMBER).await;
        house.post.take(JANE, "phone number").await;
        house.clock.advance(Duration::from_secs(73 * 3600));
        save(&mut laptop, OTHER).await;
        let link = house.post.take(JANE, "phone number").await.link("/account/confirm");
        undo(&mut house.browser(CHROME), &link).await.says("Taken back");
        sign_in(&mut laptop, JANE, PASSWORD).await.says("Your account is locked down");
        assert_eq!(shown(&mut laptop).await, NUMBER);
        assert!(!house.browser(CHROME).open(&link).await.body.contains("change-undo"), "once");
    }

    /// OpenID Connect Core, section 5.4: `phone` asks for both claims. Nothing here proves a number, and it is told so.
    async fn an_app_sees_the_number_with_the_scope_phone_alone_and_as_unproven(house: House) {
        let mut laptop = jane(&house).await;
        save(&mut laptop, NUMBER).await;
        let shop = App::first_party(&house).await;
        let token = shop.tokens(&house, &mut laptop).await["access_token"].as_str().unwrap().to_owned();
        assert!(userinfo(&house, &token).await.json()["phone_number"].is_null());
        let mut client = testkit::people::template("caller", oauth::client::ClientAuthMethod::SecretBasic);
        client.scope = "openid phone".parse().unwrap();
        client.first_party = true;
        let caller = App::add(&house, client).await;
        let reply = laptop.open(&caller.request(&[("scope", "openid phone")])).await;
        let tokens = caller.redeem(&house, &reply.parameter("code").unwrap()).await.json();
        let claims = userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json();
        assert_eq!((&claims["phone_number"], &claims["phone_number_verified"]), (&NUMBER.into(), &false.into()));
        save(&mut laptop, "").await;
        let claims = userinfo(&house, tokens["access_token"].as_str().unwrap()).await.json();
        assert!(claims.get("phone_number").is_none() && claims.get("phone_number_verified").is_none(), "{claims}");
    }
}

bells! {
    /// The other browsers ring, and a lock screen shows little of either number.
    async fn the_other_browsers_are_told_with_both_numbers_masked(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        save(&mut laptop, NUMBER).await;
        let bell = turn_on(&mut phone, &service).await;
        save(&mut laptop, OTHER).await;
        let notice = bell.next_message(SOON).await;
        let shown = &notice.json["notification"];
        assert_eq!(shown["title"], "Phone number changed");
        let body = shown["body"].as_str().unwrap().replace(['\u{2068}', '\u{2069}'], "");
        assert!(body.contains("+41…00 → +49…44"), "{body}");
        assert!(!notice.json.to_string().contains(OTHER) && !notice.json.to_string().contains(NUMBER));
    }
}

planned! {
    async fn where_the_operator_has_it_wait_the_number_comes_with_the_yes(house: House, plan) {
        plan.settings.changes = ChangePolicy::of([(ChangeKind::Phone, Mode::Confirm)]);
    } {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = save(&mut laptop, NUMBER).await;
        page.says("change phone number");
        let (change, number) = (path(&page), number(&page));
        assert_eq!(shown(&mut laptop).await, "", "nothing is changed yet");
        phone.open(&change).await.says(NUMBER);
        approve(&mut phone, &change, &number).await;
        laptop.open(&change).await.says("Confirmed and changed");
        assert_eq!(shown(&mut laptop).await, NUMBER);
        let page = save(&mut laptop, OTHER).await;
        deny(&mut phone, &path(&page)).await.says("Denied");
        assert_eq!(shown(&mut laptop).await, NUMBER);
    }

    async fn where_the_operator_has_it_off_it_stands_in_the_log_alone(house: House, plan) {
        plan.settings.changes = ChangePolicy::of([(ChangeKind::Phone, Mode::Off)]);
    } {
        let mut laptop = jane(&house).await;
        save(&mut laptop, NUMBER).await.says("Saved");
        laptop.open("/account/activity").await.says(&format!("Phone number changed to {NUMBER}"));
        let page = laptop.open("/account/signin/password").await;
        let form = page.form("/account/signin/password").with("current", PASSWORD);
        laptop.submit_and_follow(form.with("password", testkit::people::NEW_PASSWORD)).await;
        house.post.take(JANE, "password was changed").await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("phone number")));
    }
}
