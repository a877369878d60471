//! More people at once than passwords can be hashed for.

use actix_web::http::StatusCode;
use futures_util::future::{join, join_all};
use identity::password::HashParams;
use std::time::Duration;
use testkit::browser::{Browser, CHROME, Form, Reply, SAFARI};
use testkit::house::{House, Plan};
use testkit::people::{App, PASSWORD, jane, link};
use testkit::planned;

const JANE: &str = "jane@example.com";

/// One thread that takes its time over a password, and one place to wait for it.
fn slow(plan: &mut Plan) {
    plan.settings.hashing = HashParams { memory_kib: 19_456, iterations: 50, parallelism: 1 };
    (plan.settings.hashers, plan.settings.hash_queue) = (1, 1);
}

/// A browser that nobody knows, in a network of its own.
fn stranger(house: &House, n: usize) -> Browser {
    house.browser(CHROME).from_address(&format!("198.51.100.{n}"))
}

/// The sign-in page of an app.
async fn page_of(browser: &mut Browser, app: &App) -> Reply {
    let reply = browser.open(&app.request(&[])).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply
}

/// Strangers who have typed a password each, more than there is room for.
async fn crowd(house: &House, app: &App, emails: impl IntoIterator<Item = String>) -> Vec<(Browser, Form)> {
    let mut forms = Vec::new();
    for (n, email) in emails.into_iter().enumerate() {
        let mut browser = stranger(house, n);
        let page = page_of(&mut browser, app).await;
        forms.push((browser, page.form("/login").with("username", &email).with("password", "guess")));
    }
    forms
}

/// Addresses that nobody has here.
fn nobodies() -> impl Iterator<Item = String> {
    (0..5).map(|n| format!("nobody{n}@example.com"))
}

/// They all send it in the same moment.
async fn send(crowd: &[(Browser, Form)]) {
    let replies =
        join_all(crowd.iter().cloned().map(|(mut browser, form)| async move { browser.submit(form).await })).await;
    let answers = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS];
    for reply in replies {
        assert!(answers.contains(&reply.status), "{} {}", reply.status, reply.body);
    }
}

fn is_told_to_come_back(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.body);
    assert!(!reply.header("retry-after").is_empty());
}

/// Comes to the app's door in new browsers, sent there by address and by a form, until one of each is turned away.
async fn turned_away(house: &House, app: &App) -> Option<[Reply; 2]> {
    let request = app.request(&[]);
    let (path, query) = request.split_once('?').unwrap();
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let (mut by_address, mut by_form) = (None, None);
    for n in 20..220 {
        let reply = match by_address {
            None => stranger(house, n).open(&request).await,
            Some(_) => stranger(house, n).post(path, &fields).await,
        };
        if reply.status == StatusCode::SERVICE_UNAVAILABLE {
            let turned_away = if by_address.is_none() { &mut by_address } else { &mut by_form };
            *turned_away = Some(reply);
        }
        if by_form.is_some() {
            break;
        }
    }
    Some([by_address?, by_form?])
}

planned! {
    async fn who_is_refused_in_a_crowd_finds_the_form_as_it_was_and_signs_in_later(house: House, plan) {
        slow(&mut plan);
    } {
        let mut own = jane(&house).await;
        let app = App::first_party(&house).await;
        let tokens = app.tokens(&house, &mut own).await;
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let mut elsewhere = stranger(&house, 9);
        let page = page_of(&mut elsewhere, &app).await;
        let crowd = crowd(&house, &app, nobodies()).await;
        let form = page.form("/login").with("username", JANE);
        let mut reply = page;
        for _ in 0..8 {
            let beside = async {
                let reply = elsewhere.submit(form.clone().with("password", "a typing mistake")).await;
                // What costs no hash goes on beside it.
                assert_eq!(app.refresh(&house, refresh).await.status, StatusCode::OK);
                reply
            };
            reply = join(send(&crowd), beside).await.1;
            if reply.status == StatusCode::SERVICE_UNAVAILABLE {
                break;
            }
        }
        is_told_to_come_back(&reply);
        reply.says("Too many people are signing in at once");
        let kept = reply.form("/login");
        assert_eq!(kept.value("username"), JANE, "what was typed is kept");
        assert_eq!(kept.value("flow"), form.value("flow"), "and so is the app");
        let reply = elsewhere.submit_and_follow(kept.with("password", PASSWORD)).await;
        assert!(reply.parameter("code").is_some(), "{} {}", reply.status, reply.body);
    }

    async fn a_password_that_was_not_looked_at_is_no_guess(house: House, plan) { slow(&mut plan); } {
        let _own = jane(&house).await;
        let app = App::first_party(&house).await;
        let guesses = crowd(&house, &app, (0..10).map(|_| JANE.to_owned())).await;
        send(&guesses).await;
        let mut elsewhere = stranger(&house, 99);
        let form = page_of(&mut elsewhere, &app).await.form("/login").with("username", JANE).with("password", PASSWORD);
        let reply = elsewhere.submit_and_follow(form).await;
        assert!(reply.parameter("code").is_some(), "{} {}", reply.status, reply.body);
    }

    async fn in_a_crowd_strangers_are_told_at_the_door_and_known_browsers_come_in(house: House, plan) {
        slow(&mut plan);
    } {
        let mut own = jane(&house).await;
        let app = App::first_party(&house).await;
        let page = own.open("/account").await;
        own.submit_and_follow(page.form("/logout")).await;
        let crowd = crowd(&house, &app, nobodies()).await;
        let mut away = None;
        for _ in 0..8 {
            let beside = async {
                let away = turned_away(&house, &app).await;
                page_of(&mut own, &app).await.form("/login");
                away
            };
            away = join(send(&crowd), beside).await.1;
            if away.is_some() {
                break;
            }
        }
        let again = away.unwrap().map(|reply| {
            is_told_to_come_back(&reply);
            link(reply.says("Too many people at once"), "/oauth/authorize")
        });
        assert_eq!(again, [app.request(&[]), app.request(&[])], "what the app asked for is asked for again");
        let [again, _] = again;

        // When nobody is refused any more, everybody comes in.
        let mut later = house.browser(SAFARI).from_address("203.0.113.7");
        let mut reply = later.open(&again).await;
        while reply.status == StatusCode::SERVICE_UNAVAILABLE {
            tokio::time::sleep(Duration::from_millis(50)).await;
            reply = later.open(&again).await;
        }
        let form = reply.form("/login").with("username", JANE).with("password", PASSWORD);
        let reply = later.submit_and_follow(form).await;
        assert!(reply.parameter("code").is_some(), "{} {}", reply.status, reply.body);
    }
}
