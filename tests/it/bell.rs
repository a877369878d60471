//! The bell: who is rung, with what, and what follows from an answer.

use actix_web::http::{Method, StatusCode};
use base::{Id, Rng};
use identity::{Agent, Event, EventRecord};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;
use store::model::{NewDelivery, Sink};
use testkit::browser::{Browser, CHROME, SAFARI};
use testkit::house::{Db, House, Plan};
use testkit::people::{PASSWORD, jane, sign_in};
use testkit::push_service::{Fault, PushService, Subscriber};

pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A house whose push service is the double.
pub(crate) async fn open(db: Db) -> (House, PushService) {
    let mut plan = Plan::default();
    let service = PushService::start_with(plan.clock.clone(), false).await;
    plan.outbound.trusted_origins.push(service.origin().parse().unwrap());
    (House::build(db, plan).await, service)
}

/// Switches notices on in a browser, and takes the first one.
pub(crate) async fn turn_on(browser: &mut Browser, service: &PushService) -> Subscriber {
    let page = browser.open("/account/notifications").await;
    let document = scraper::Html::parse_document(&page.body);
    let meta = scraper::Selector::parse("meta[name=vapid]").unwrap();
    let key = document.select(&meta).next().unwrap().value().attr("content").unwrap();
    let subscriber = service.subscribe(Some(key));
    let body = json!({ "subscription": serde_json::from_str::<serde_json::Value>(&subscriber.json()).unwrap() });
    let reply = browser.json(Method::POST, "/account/api/push/subscriptions", &body).await;
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
    let first = subscriber.next_message(SOON).await;
    assert_eq!(first.json["web_push"], 8030);
    subscriber
}

/// Writes so many events of Jane's at once, and for the first of them what her browser is told of it in these ways; says which.
async fn emit_beside(house: &House, number: usize, made: &[Sink]) -> Vec<Id> {
    let tenant = house.here().tenant().id;
    let mut tx = house.store.begin(tenant).await.unwrap();
    let account = tx.find_account_by_email("jane@example.com").await.unwrap().unwrap().id;
    let browser = tx.list_subscriptions(account).await.unwrap()[0].id;
    let now = house.clock.now();
    let mut ids = Vec::new();
    for _ in 0..number {
        let (id, agent, event) = (Id::new(&house.clock, &Rng::system()), Agent::default(), Event::LockedDown {});
        let record =
            EventRecord { id, tenant, account: Some(account), device: None, agent, place: None, event, at: now };
        tx.emit(&record).await.unwrap();
        ids.push(id);
    }
    let until = now.plus(Duration::from_secs(3_600));
    let new = |sink: &Sink| NewDelivery {
        event: ids[0],
        sink: *sink,
        target: browser.to_string(),
        due_at: now,
        expires_at: until,
        priority: 0,
    };
    tx.add_deliveries(&made.iter().map(new).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

macro_rules! bells {
    ($( $(#[$doc:meta])* async fn $name:ident($house:ident, $service:ident) $body:block )*) => { $(
        mod $name {
            #[actix_web::test]
            async fn on_sqlite() {
                super::$name(super::open(super::Db::Sqlite).await).await;
            }
            #[actix_web::test]
            async fn on_postgres() {
                super::$name(super::open(super::Db::Postgres).await).await;
            }
        }
        $(#[$doc])*
        async fn $name(($house, $service): (House, PushService)) $body
    )* };
}
pub(crate) use bells;

bells! {
    /// Sign in from another browser: the first one rings, with the question and its two answers, and no secret.
    async fn a_sign_in_from_a_new_device_rings_the_browser_that_is_on(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let mut there = house.browser(CHROME);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
        let notice = bell.next_message(SOON).await;
        let shown = &notice.json["notification"];
        assert!(shown["title"].as_str().unwrap().contains("Acme"), "{shown}");
        assert!(shown["body"].as_str().unwrap().contains("Chrome"), "{shown}");
        let actions: Vec<&str> = shown["actions"].as_array().unwrap().iter().map(|a| a["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["yes", "no"]);
        let text = notice.json.to_string();
        assert!(!text.contains("wb_"), "no secret travels in a notice: {text}");
        for url in [&shown["navigate"], &shown["data"]["actions"][1]["post"]] {
            assert!(url.as_str().unwrap().starts_with("https://id.acme.test/account/was-this-you/"), "{url}");
        }
        assert_eq!(notice.urgency.to_string(), "high");
        service.assert_all_well_formed();
    }

    /// More than fits into a batch: on PostgreSQL several are made side by side.
    async fn of_a_flood_of_events_each_is_told_once(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let mut waiting: HashSet<String> = emit_beside(&house, 900, &[]).await.iter().map(Id::to_string).collect();
        for _ in 0..900 {
            let notice = bell.next_message(SOON).await.json.to_string();
            let told: Vec<String> = waiting.iter().filter(|id| notice.contains(*id)).cloned().collect();
            assert_eq!(told.len(), 1, "it is of none that waits: {notice}");
            waiting.retain(|id| !told.contains(id));
        }
        assert!(bell.try_next(Duration::from_millis(500)).await.is_none());
    }

    /// Somebody has put it among what waits though it was told, by hand or from a copy: it must not hold the others up, nor be told twice.
    async fn an_event_that_waits_a_second_time_is_not_told_twice_and_holds_nothing_up(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let ids = emit_beside(&house, 3, &[Sink::Push]).await;
        let mut told = HashSet::new();
        for _ in 0..3 {
            let notice = bell.next_message(SOON).await.json.to_string();
            told.extend(ids.iter().filter(|id| notice.contains(&id.to_string())).copied());
        }
        assert_eq!(told, ids.into_iter().collect());
        assert!(bell.try_next(Duration::from_secs(1)).await.is_none());
    }

    /// No, clicked on the notice itself: the service worker's call, without a session.
    async fn no_from_the_notice_ends_the_session_at_once(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let mut thief = house.browser(CHROME);
        sign_in(&mut thief, "jane@example.com", PASSWORD).await;
        let notice = bell.next_message(SOON).await;
        let post = notice.json["notification"]["data"]["actions"][1]["post"].as_str().unwrap().to_owned();
        here.cookies().retain(|name, _| name.contains("device"));
        let reply = here.json(Method::POST, &post, &json!({})).await;
        assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
        thief.open("/account").await.form("/login");
    }

    /// Yes, clicked on the notice, needs the live session that is in the browser.
    async fn yes_from_the_notice_needs_a_live_session(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        let notice = bell.next_message(SOON).await;
        let post = notice.json["notification"]["data"]["actions"][0]["post"].as_str().unwrap().to_owned();
        let mut without = here.clone();
        without.cookies().retain(|name, _| name.contains("device"));
        assert!(without.json(Method::POST, &post, &json!({})).await.status.is_client_error());
        assert!(here.json(Method::POST, &post, &json!({})).await.status.is_success());
        here.open("/account/activity").await.says("Chrome");
    }

    /// A known browser rings nobody, and the browser that signs in is never rung itself.
    async fn a_known_browser_rings_nobody(house, service) {
        let mut here = jane(&house).await;
        let mut there = house.browser(CHROME);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
        let bell_there = turn_on(&mut there, &service).await;
        let page = here.open("/account").await;
        here.submit_and_follow(page.form("/logout")).await;
        sign_in(&mut here, "jane@example.com", PASSWORD).await;
        // A test notice after it: had the sign-in rung, it would have come first.
        let reply = there.json(Method::POST, "/account/api/push/test", &json!({})).await;
        assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
        let next = bell_there.next_message(SOON).await;
        assert!(!next.json.to_string().contains("was-this-you"), "{}", next.json);
    }

    async fn switched_off_it_rings_no_more(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let reply = here.json(Method::DELETE, "/account/api/push/subscriptions", &json!({})).await;
        assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
        sign_in(&mut house.browser(SAFARI), "jane@example.com", PASSWORD).await;
        house.post.take("jane@example.com", "ign-in").await;
        assert!(bell.try_next(Duration::from_millis(300)).await.is_none());
        let reply = here.json(Method::POST, "/account/api/push/test", &json!({})).await;
        assert_eq!(reply.status, StatusCode::CONFLICT);
    }

    /// RFC 8030 §7.3: 404 and 410 mean gone. The person is told.
    async fn a_dead_subscription_is_removed_and_said(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        service.drop_endpoint(&bell.endpoint());
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        house.post.take("jane@example.com", "no notices any more").await;
        let page = here.open("/account/notifications").await;
        assert!(!page.body.contains("/account/notifications/remove"), "no browser is on any more");
    }

    /// A push service that asks to wait is heeded, and the same ciphertext is sent then.
    async fn a_throttled_notice_comes_later_unchanged(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        service.fail(Some(&bell.endpoint()), Fault::wait(429, "30"), 1);
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        service.wait_until(SOON, |s| s.log().iter().any(|entry| entry.status == 429)).await;
        assert!(bell.try_next(Duration::from_millis(300)).await.is_none());
        for _ in 0..60 {
            house.clock.advance(Duration::from_secs(5));
            if bell.try_next(Duration::from_millis(200)).await.is_some() {
                return;
            }
        }
        panic!("the notice never came");
    }

    /// A subscription in the name of a foreign server is none.
    async fn an_endpoint_that_leads_inside_is_refused(house, service) {
        let mut here = jane(&house).await;
        let subscriber = service.subscribe(None);
        for endpoint in ["http://push.example/x", "https://127.0.0.1/x", "https://10.0.0.1/.push.services.mozilla.com/", "https://push.example:8443/x", "https://user@push.example/x", "https://[::ffff:10.0.0.1]/x"] {
            let mut subscription: serde_json::Value = serde_json::from_str(&subscriber.json()).unwrap();
            subscription["endpoint"] = endpoint.into();
            let body = json!({ "subscription": subscription });
            let reply = here.json(Method::POST, "/account/api/push/subscriptions", &body).await;
            assert!(reply.status.is_client_error(), "{endpoint}: {}", reply.status);
        }
    }

    /// Notices stop with the sign-out; another person in the same browser gets none of them.
    async fn a_sign_out_silences_the_browser(house, service) {
        let mut here = jane(&house).await;
        let bell = turn_on(&mut here, &service).await;
        let page = here.open("/account").await;
        here.submit_and_follow(page.form("/logout")).await;
        sign_in(&mut house.browser(CHROME), "jane@example.com", PASSWORD).await;
        house.post.take("jane@example.com", "ign-in").await;
        assert!(bell.try_next(Duration::from_millis(300)).await.is_none());
    }
}
