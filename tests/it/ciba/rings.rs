//! The bell: what rings, what its buttons do, and that nobody is rung again and again.

use super::{allow, ask, bank, poll, refused, waiting};
use crate::bell::{SOON, bells, open, turn_on};
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::house::{Db, House};
use testkit::people::jane;
use testkit::push_service::PushService;

fn local(url: &Value) -> String {
    let url = url.as_str().unwrap();
    url.strip_prefix("https://id.acme.test").unwrap_or(url).to_owned()
}

bells! {
    async fn a_browser_rings_names_the_app_and_the_message_and_leads_to_the_page(house, service) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let bell = turn_on(&mut browser, &service).await;
        let asked = ask(&house, &app, &[]).await;
        let notice = bell.next_message(SOON).await;
        let shown = &notice.json["notification"];
        assert_eq!(shown["title"], "Acme Bank asks for your yes");
        assert!(shown["body"].as_str().unwrap().contains("W4-SCT"));
        assert_eq!((&shown["requireInteraction"], notice.urgency.to_string().as_str()), (&json!(true), "high"));
        assert!(!notice.json.to_string().contains("wb_"), "no secret: {}", notice.json);
        let path = local(&shown["navigate"]);
        assert_eq!(path, waiting(&mut browser).await);
        allow(&mut browser, &path, None).await.says("Allowed");
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
        service.assert_all_well_formed();
    }

    /// "No" needs only the notice: the service worker's call, without a session.
    async fn no_on_the_notice_is_enough_and_yes_is_not_there(house, service) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let bell = turn_on(&mut browser, &service).await;
        let asked = ask(&house, &app, &[]).await;
        let notice = bell.next_message(SOON).await;
        let shown = &notice.json["notification"];
        let actions: Vec<_> = shown["actions"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect();
        assert_eq!(actions, ["review", "deny"]);
        let deed = local(&shown["data"]["actions"][1]["post"]);
        browser.cookies().retain(|name, _| name.contains("device"));
        for _ in 0..2 {
            let reply = browser.json(Method::POST, &deed, &json!({})).await;
            assert_eq!(reply.status, StatusCode::OK, "clicked twice it is the same: {}", reply.body);
        }
        refused(&poll(&house, &app, &asked).await, "access_denied");
        let over = bell.next_message(SOON).await;
        assert_eq!(over.json["notification"]["title"], "Already answered");
        assert_eq!((&over.topic, &over.json["notification"]["tag"]), (&notice.topic, &shown["tag"]), "it takes its place");
    }

    /// ASVS 6.6.4: three in ten minutes, and then nobody is rung for an hour, whatever apps ask.
    async fn an_app_that_asks_again_and_again_rings_three_times(house, service) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let bell = turn_on(&mut browser, &service).await;
        for _ in 0..3 {
            ask(&house, &app, &[]).await;
            assert_eq!(bell.next_message(SOON).await.json["notification"]["title"], "Acme Bank asks for your yes");
        }
        for _ in 0..10 {
            ask(&house, &app, &[]).await;
        }
        assert_eq!(bell.next_message(SOON).await.json["notification"]["title"], "Too many requests");
        assert!(bell.try_next(Duration::from_millis(900)).await.is_none());
        // The last one waits where the person finds it by themselves.
        let path = waiting(&mut browser).await;
        browser.open(&path).await.says("Acme Bank");
        house.clock.advance(Duration::from_secs(31));
        let mails = house.post.letters_to(super::JANE).into_iter().filter(|one| one.subject.contains("asks for your yes"));
        assert!(mails.count() <= 3);
    }

    /// Where no browser rings, the mail goes at once; where one does, after half a minute without a click.
    async fn a_mail_reaches_who_does_not_click(house, service) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        ask(&house, &app, &[]).await;
        let letter = house.post.take(super::JANE, "Acme Bank asks for your yes").await;
        assert!(letter.text.contains("W4-SCT"), "{}", letter.text);
        let path = waiting(&mut browser).await;
        assert!(letter.text.contains(&path) && !letter.text.contains("token="), "{}", letter.text);
        let bell = turn_on(&mut browser, &service).await;
        ask(&house, &app, &[]).await;
        bell.next_message(SOON).await;
        let sent = || house.post.letters_to(super::JANE).iter().any(|letter| letter.subject.contains("asks for your yes"));
        assert!(!sent(), "too early");
        house.clock.advance(Duration::from_secs(31));
        house.post.take(super::JANE, "Acme Bank asks for your yes").await;
    }
}
