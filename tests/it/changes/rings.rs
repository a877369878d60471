//! The bell: who is rung for a change, what it says, what its buttons do, and how the question is taken back.

use super::*;
use crate::bell::{SOON, bells, open, turn_on};
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::house::Db;
use testkit::push_service::PushService;

fn local(url: &Value) -> String {
    let url = url.as_str().unwrap();
    url.strip_prefix("https://id.acme.test").unwrap_or(url).to_owned()
}

bells! {
    /// The other browsers ring, the asking one does not; the notice says who asks for what, until when, and no secret.
    async fn the_other_browsers_ring_and_the_first_answer_is_shown_in_all(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let mut tablet = known(&house, &mut laptop).await;
        let (at_phone, at_tablet) = (turn_on(&mut phone, &service).await, turn_on(&mut tablet, &service).await);
        let at_laptop = turn_on(&mut laptop, &service).await;
        let page = ask_for_email(&mut laptop, NEW).await;
        let (change, number) = (path(&page), number(&page));
        let notice = at_phone.next_message(SOON).await;
        let shown = &notice.json["notification"];
        assert_eq!(shown["title"], "Confirm: change mail address");
        let body = shown["body"].as_str().unwrap();
        assert!(body.contains("Firefox") && body.contains("j…@new.example") && body.contains("Expires"), "{body}");
        assert!(!notice.json.to_string().contains("wb_") && !body.contains(NEW), "{}", notice.json);
        assert!(!notice.json.to_string().contains(&format!("\"{number}\"")), "the number is on the other screen alone");
        assert_eq!((local(&shown["navigate"]), &shown["requireInteraction"]), (change.clone(), &json!(true)));
        assert_eq!(notice.urgency.to_string(), "high");
        at_tablet.next_message(SOON).await;

        let code = house.post.take(NEW, "Your code").await.code().unwrap();
        give_code(&mut laptop, &change, ("new_code", &code)).await;
        approve(&mut phone, &change, &number).await;
        let told = [at_tablet.next_message(SOON).await, at_tablet.next_message(SOON).await];
        let of = |title: &str| told.iter().find(|one| one.json["notification"]["title"] == title);
        let over = of("Already handled").unwrap();
        assert_eq!(over.json["notification"]["silent"], true);
        assert_eq!((&over.topic, &over.json["notification"]["tag"]), (&notice.topic, &shown["tag"]), "it takes its place");
        let changed = of("Mail address changed").unwrap();
        assert_ne!(changed.topic, over.topic, "a push service that keeps the last of a topic loses neither");
        let actions: Vec<_> =
            changed.json["notification"]["actions"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
        assert_eq!(actions, ["undo", "ok"]);
        let next = at_laptop.next_message(SOON).await;
        assert_eq!(next.json["notification"]["title"], "Already handled", "whoever asks is not asked");
        service.assert_all_well_formed();
    }

    /// "No" needs only the notice: the service worker's call, without a session.
    async fn no_on_the_notice_is_enough(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let bell = turn_on(&mut phone, &service).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let notice = bell.next_message(SOON).await;
        let shown = &notice.json["notification"];
        let actions: Vec<_> = shown["actions"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
        assert_eq!(actions, ["review", "deny"]);
        let deed = local(&shown["data"]["actions"][1]["post"]);
        phone.cookies().retain(|name, _| name.contains("device"));
        for _ in 0..2 {
            let reply = phone.json(Method::POST, &deed, &json!({})).await;
            assert_eq!(reply.status, StatusCode::OK, "clicked twice it is the same: {}", reply.body);
        }
        laptop.open(&change).await.says("Denied").says("Chrome");
        assert_eq!(address(&mut laptop).await, JANE);
    }

    /// The mail waits half a minute for a click, and does not come when it was decided before.
    async fn the_mail_comes_when_nobody_has_clicked(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let bell = turn_on(&mut phone, &service).await;
        let first = path(&ask_for_email(&mut laptop, NEW).await);
        bell.next_message(SOON).await;
        deny(&mut phone, &first).await;
        let second = path(&ask_for_email(&mut laptop, NEW).await);
        bell.next_message(SOON).await;
        assert!(house.post.letters_to(JANE).iter().all(|letter| !letter.subject.contains("Confirm")), "too early");
        no_click(&house);
        let letter = house.post.take(JANE, "Confirm").await;
        give_code(&mut laptop, &second, ("code", &letter.code().unwrap())).await.says("Confirmed.");
        let sent = house.post.letters_to(JANE).into_iter().filter(|letter| letter.subject.contains("Confirm")).count();
        assert_eq!(sent, 0, "the one that was denied sends none");
    }

    /// Whoever has clicked the notice is at it: the mail does not come. The receipt is the browser's that got the notice,
    /// and no yes.
    async fn a_click_spares_the_mail_and_is_no_yes(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let bell = turn_on(&mut phone, &service).await;
        let change = path(&ask_for_email(&mut laptop, NEW).await);
        let notice = bell.next_message(SOON).await;
        let receipt = notice.json["notification"]["data"]["receipt"].as_str().unwrap().to_owned();
        let mut worker = house.browser(CHROME);
        // A browser that nobody has confirmed hears of it, too. Its click spares nobody the mail.
        let say = |receipt: &str, got: &str| json!({ "receipt": receipt, "got": got });
        for (body, status) in [
            (say(&receipt, "shown"), StatusCode::NO_CONTENT),
            (say(&receipt, "clicked"), StatusCode::NO_CONTENT),
            (say(&receipt, "clicked"), StatusCode::NO_CONTENT),
            (say(&receipt, "approved"), StatusCode::BAD_REQUEST),
            (say(&receipt[1..], "clicked"), StatusCode::NOT_FOUND),
            (say("", "clicked"), StatusCode::NOT_FOUND),
        ] {
            let reply = worker.json(Method::POST, "/account/receipts", &body).await;
            assert_eq!(reply.status, status, "{body}: {}", reply.body);
        }
        let here = phone.get("/account/api/push/subscriptions").await.json()["browsers"][0].clone();
        assert!(here["last_shown_at"].is_string() && here["last_clicked_at"].is_string(), "{here}");
        phone.open("/account/notifications").await.says("last shown today").says("last clicked today");
        phone.open("/account/notifications/data").await.says("Last notice shown").says("Last notice clicked");
        no_click(&house);
        // A later one without a click: its mail is the only one.
        laptop.open(&change).await.says("Confirm this change");
        let page = laptop.open(&change).await;
        laptop.submit_and_follow(page.form(&format!("{change}/cancel"))).await;
        ask_for_email(&mut laptop, "jane@newer.example").await;
        no_click(&house);
        let letter = house.post.take(JANE, "Confirm").await;
        assert!(letter.text.contains("jane@newer.example"), "{}", letter.text);
        assert_eq!(address(&mut laptop).await, JANE);
    }

    /// A thief's own browser is rung, too: that they click there spares the owner nothing.
    async fn a_click_in_a_browser_that_nobody_has_confirmed_spares_no_mail(house, service) {
        let mut laptop = jane(&house).await;
        let mut thief = stranger(&house).await;
        let bell = turn_on(&mut thief, &service).await;
        ask_for_email(&mut laptop, NEW).await;
        let notice = bell.next_message(SOON).await;
        let receipt = &notice.json["notification"]["data"]["receipt"];
        let clicked = json!({ "receipt": receipt, "got": "clicked" });
        let reply = thief.json(Method::POST, "/account/receipts", &clicked).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.body);
        no_click(&house);
        house.post.take(JANE, "Confirm").await;
    }

    /// Switched off for push, the question goes out by mail, at once.
    async fn whoever_wants_no_push_for_it_gets_the_mail_at_once(house, service) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let bell = turn_on(&mut phone, &service).await;
        let revision = phone.get("/account/api/preferences").await.json()["rev"].clone();
        let off = json!({ "topic": "change.requested", "channel": "push", "on": false, "rev": revision });
        assert_eq!(phone.json(Method::PATCH, "/account/api/preferences", &off).await.status, StatusCode::OK);
        let locked = json!({ "topic": "change.requested", "channel": "email", "on": false, "rev": revision });
        let refused = phone.json(Method::PATCH, "/account/api/preferences", &locked).await;
        assert!(refused.status.is_client_error(), "a thief must not silence the mail: {}", refused.body);
        ask_for_email(&mut laptop, NEW).await;
        house.post.take(JANE, "Confirm").await;
        assert_eq!(bell.waiting(), 0);
    }
}
