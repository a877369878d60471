//! What apps may have waiting: who says to be an app without a secret is anybody, and fills no table.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use futures_util::future::join_all;
use oauth::client::{Client, ClientAuthMethod, GrantType, RegisteredBy, Registration};
use std::net::SocketAddr;
use std::time::Duration;
use testkit::browser::{FIREFOX, Reply};
use testkit::house::{Db, House, Plan};
use testkit::people::{App, template};
use testkit::stories;

const HOME: &str = "198.51.100.7";

/// A house where an app gets so many from one address.
async fn house_of(db: Db, tries: u32) -> House {
    let mut plan = Plan::default();
    plan.settings.requests.tries = tries;
    House::build(db, plan).await
}

fn described(id: &str, method: ClientAuthMethod) -> Client {
    let mut client = template(id, method);
    client.grant_types = Some([GrantType::AuthorizationCode, GrantType::DeviceCode].into());
    client
}

async fn anybody(house: &House, id: &str) -> App {
    App::add(house, described(id, ClientAuthMethod::None)).await
}

async fn post(house: &House, path: &str, form: &[(String, String)], ip: &str) -> Reply {
    let from = SocketAddr::new(ip.parse().unwrap(), 4711);
    house.call(TestRequest::with_uri(path).method(Method::POST).set_form(form).peer_addr(from)).await
}

/// A device of the app asks.
async fn device(house: &House, app: &App, ip: &str) -> Reply {
    let form = [("client_id", app.client_id.as_str()), ("scope", "openid")];
    post(house, "/oauth/device_authorization", &form.map(|(name, value)| (name.to_owned(), value.to_owned())), ip).await
}

/// The app pushes its usual request.
async fn push(house: &House, app: &App, ip: &str) -> Reply {
    let usual = app.request(&[]);
    let query = usual.split_once('?').unwrap().1;
    let form: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    post(house, "/oauth/par", &form, ip).await
}

#[track_caller]
fn too_many(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{}", reply.body);
    assert_eq!(reply.json()["error"], "temporarily_unavailable");
    assert_eq!((reply.header("retry-after"), reply.header("cache-control")), ("900", "no-store"));
    assert!(reply.json()["error_description"].as_str().unwrap().contains("wait"));
}

stories! {
    /// RFC 6585 §4; of many at once no more are taken than of many in a row.
    async fn one_address_has_so_many_codes_shown_and_no_more(db: Db) {
        let house = house_of(db, 3).await;
        let tv = anybody(&house, "tv").await;
        let replies = join_all((0..8).map(|_| device(&house, &tv, HOME))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == StatusCode::OK).count(), 3);
        replies.iter().filter(|reply| reply.status != StatusCode::OK).for_each(too_many);
        // Others are not held up by it; who holds a whole network is one.
        for ip in ["198.51.100.8", "2001:db8::1", "2001:db8::2", "2001:db8::3"] {
            assert_eq!(device(&house, &tv, ip).await.status, StatusCode::OK, "{ip}");
        }
        too_many(&device(&house, &tv, "2001:db8::4").await);
        house.clock.advance(Duration::from_secs(900));
        assert_eq!(device(&house, &tv, HOME).await.status, StatusCode::OK);
    }

    /// Whoever can have ever more apps gets no further by them.
    async fn many_apps_of_one_address_are_counted_together(db: Db) {
        let house = house_of(db, 3).await;
        for number in 0..4 {
            let app = anybody(&house, &format!("app-{number}")).await;
            for _ in 0..3 {
                assert_eq!(device(&house, &app, HOME).await.status, StatusCode::OK);
            }
            too_many(&device(&house, &app, HOME).await);
        }
        let fifth = anybody(&house, "app-4").await;
        too_many(&device(&house, &fifth, HOME).await);
        too_many(&push(&house, &fifth, HOME).await);
        assert_eq!(device(&house, &fifth, "198.51.100.8").await.status, StatusCode::OK);
    }

    /// RFC 9126 §2.3. What was taken before still leads to the sign-in page.
    async fn one_address_pushes_so_many_requests_and_no_more(db: Db) {
        let house = house_of(db, 3).await;
        let app = anybody(&house, "page").await;
        let mut name = String::new();
        for _ in 0..3 {
            let reply = push(&house, &app, HOME).await;
            assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
            name = reply.json()["request_uri"].as_str().unwrap().to_owned();
        }
        too_many(&push(&house, &app, HOME).await);
        let path = format!("/oauth/authorize?client_id=page&request_uri={name}");
        house.browser(FIREFOX).open(&path).await.form("/login");
        house.browser(FIREFOX).open(&app.request(&[])).await.form("/login");
        // One that the operator registered, and that proves itself, is not counted.
        let shop = App::add(&house, described("shop", ClientAuthMethod::SecretBasic)).await;
        for _ in 0..10 {
            let form = [("scope", "openid")];
            assert_eq!(shop.call(&house, "/oauth/device_authorization", &form).await.status, StatusCode::OK);
        }
    }

    /// An app that everybody may register asks no crowd of people, known or not.
    async fn an_app_that_registered_itself_asks_so_many_people_and_no_more(db: Db) {
        let house = house_of(db, 1).await;
        let bank = |id: &str, by: Option<RegisteredBy>| {
            let mut client = template(id, ClientAuthMethod::SecretBasic);
            client.redirect_uris = Vec::new();
            client.grant_types = Some([GrantType::Ciba].into());
            client.registration = by.map(Registration::new);
            client
        };
        let (own, other) = (bank("bank", None), bank("other", Some(RegisteredBy::Anybody)));
        let (own, other) = (App::add(&house, own).await, App::add(&house, other).await);
        for (app, refused) in [(own, false), (other, true)] {
            for number in 0..=20 {
                let hint = format!("person-{number}@example.com");
                let form = [("scope", "openid"), ("login_hint", hint.as_str()), ("binding_message", "W4-SCT")];
                let reply = app.call(&house, "/oauth/bc-authorize", &form).await;
                if refused && number == 20 {
                    too_many(&reply);
                } else {
                    assert_eq!(reply.status, StatusCode::OK, "{number}: {}", reply.body);
                }
            }
        }
    }
}
