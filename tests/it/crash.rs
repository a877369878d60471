//! kill -9 while people sign in: what was answered is there afterwards, and nothing is there twice.

use actix_web::http::Method;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use testkit::binary::Binary;
use testkit::browser::{Browser, CHROME, FIREFOX};
use testkit::people::{PASSWORD, link};
use testkit::push_service::{PushService, Subscriber};
use testkit::smtp::Postbox;

const SOON: Duration = Duration::from_secs(30);
const ROUNDS: usize = 4;

/// Registers against the running program; mail goes to our own postbox, which outlives it.
async fn register(post: &Postbox, browser: &mut Browser, email: &str) {
    let page = browser.open("/login").await;
    let page = browser.open(&link(&page, "/register")).await;
    let form = page.form("/register").with("username", email).with("name", "Jane Doe").with("password", PASSWORD);
    browser.submit_and_follow(form).await;
    let letter = post.take(email, "").await;
    let page = browser.open(&letter.link("/confirm")).await;
    browser.submit_and_follow(page.form("/confirm")).await;
}

async fn turn_on(browser: &mut Browser, service: &PushService) -> Subscriber {
    let page = browser.open("/account/notifications").await;
    let document = scraper::Html::parse_document(&page.body);
    let meta = scraper::Selector::parse("meta[name=vapid]").unwrap();
    let key = document.select(&meta).next().unwrap().value().attr("content").unwrap().to_owned();
    let subscriber = service.subscribe(Some(&key));
    let body = json!({ "subscription": serde_json::from_str::<serde_json::Value>(&subscriber.json()).unwrap() });
    let reply = browser.json(Method::POST, "/account/api/push/subscriptions", &body).await;
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
    subscriber.next_message(SOON).await;
    subscriber
}

/// One sign-in from a fresh browser. Answers with its session's cookies if the server said that it is signed in.
async fn one_sign_in(mut browser: Browser) -> Option<Browser> {
    let page = browser.open("/login").await;
    let form = page.form("/login").with("username", "jane@example.com").with("password", PASSWORD);
    let reply = browser.submit(form).await;
    (reply.status.is_redirection() && reply.location() == "/account").then_some(browser)
}

#[actix_web::test]
async fn every_acknowledged_sign_in_and_its_notice_survive_a_kill_and_none_comes_twice() {
    let post = Postbox::open().await;
    let service = PushService::start().await;
    let settings = [
        ("WATCHBELL_MAIL__SMTP_URL", post.url().to_owned()),
        ("WATCHBELL_PUSH__TRUSTED_ORIGINS", service.origin().to_owned()),
        ("WATCHBELL_PASSWORD__MEMORY_KIB", "64".to_owned()),
        ("WATCHBELL_PASSWORD__ITERATIONS", "1".to_owned()),
    ];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut program = Binary::dev_with(&settings).await;
    let mut owner = program.browser(FIREFOX);
    register(&post, &mut owner, "jane@example.com").await;
    let bell = turn_on(&mut owner, &service).await;

    let mut signed_in: Vec<Browser> = Vec::new();
    for round in 0..ROUNDS {
        let attempts: Vec<_> = (0..6).map(|_| tokio::task::spawn_local(one_sign_in(program.browser(CHROME)))).collect();
        tokio::time::sleep(Duration::from_millis(60 + 70 * u64::try_from(round).unwrap())).await;
        program.kill();
        for attempt in attempts {
            // An attempt that met the kill fails: it was not acknowledged.
            if let Ok(Some(browser)) = attempt.await {
                signed_in.push(browser);
            }
        }
        program.start_again().await;
    }
    signed_in.extend(one_sign_in(program.browser(CHROME)).await);
    assert!(!signed_in.is_empty());

    // Every acknowledged sign-in still opens the account.
    for browser in &mut signed_in {
        browser.open("/account").await.says("Jane");
    }
    // Every sign-in that is in the log rang once, and every acknowledged one is in the log.
    let mut rung: Vec<String> = Vec::new();
    let mut marks = Vec::new();
    let quiet = Duration::from_secs(4);
    while let Some(notice) =
        bell.try_next(if rung.len() < signed_in.len() { Duration::from_secs(20) } else { quiet }).await
    {
        let about = notice.json["notification"]["navigate"].as_str().unwrap_or_default().to_owned();
        if about.contains("was-this-you") {
            rung.push(about);
            marks.push((
                notice.topic.clone(),
                notice.json["notification"]["tag"].as_str().unwrap_or_default().to_owned(),
            ));
        }
    }
    let different: BTreeSet<&String> = rung.iter().collect();
    assert!(different.len() >= signed_in.len(), "{} acknowledged, {} rung", signed_in.len(), different.len());
    // A notice that was sent just before a kill may be sent again, never as another one: topic and tag are the same,
    // so that push service and browser show one. One that was settled is not sent again.
    let mut topics: BTreeMap<&String, BTreeSet<&(Option<String>, String)>> = BTreeMap::new();
    for (about, same) in rung.iter().zip(&marks) {
        topics.entry(about).or_default().insert(same);
    }
    assert!(topics.values().all(|marks| marks.len() == 1), "{topics:?}");
    assert!(rung.len() - different.len() <= ROUNDS, "{} sent for {} sign-ins", rung.len(), different.len());
    let log = owner.open("/account/activity").await;
    let events = scraper::Html::parse_document(&log.body);
    let lines = events.select(&scraper::Selector::parse("main li").unwrap()).count();
    assert!(lines >= different.len(), "{lines} lines in the log for {} notices", different.len());
    assert!(program.stop().await.success());
}
