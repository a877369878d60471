//! Requests by reference (RFC 9101 §5.2, OpenID Connect Core §6.2): named by an address from which they are fetched.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use app::Problem;
use app::operate::ClientRefusal;
use oauth::client::{Client, ClientAuthMethod, ClientKeys, RequestRules};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{Browser, Reply};
use testkit::client_key::ClientKey;
use testkit::house::{Db, House, ORIGIN, Plan};
use testkit::people::{App, CALLBACK, jane, template};
use testkit::publisher::Publisher;
use testkit::stories;

const HOST: &str = "published.acme.test";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REQUEST: &str = "content-type: application/oauth-authz-req+jwt\r\n";

/// A request object of the app, whose state tells which one it is.
fn object(key: &ClientKey, state: &str) -> String {
    let claims = json!({
        "iss": "shop", "aud": ORIGIN, "client_id": "shop", "response_type": "code", "redirect_uri": CALLBACK,
        "scope": "openid", "state": state, "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    key.sign(&json!({ "alg": "ES256", "kid": "k1", "typ": "oauth-authz-req+jwt" }), &claims)
}

fn described(key: &ClientKey, request_uris: &[String]) -> Client {
    let mut client = template("shop", ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.keys = ClientKeys { jwks: Some(key.jwks()), jwks_uri: None };
    client.requests = RequestRules { request_uris: request_uris.to_vec(), ..RequestRules::default() };
    client
}

fn plan(publisher: &Publisher) -> Plan {
    let mut plan = Plan::default();
    plan.settings.requests_by_reference = true;
    publisher.join(&mut plan);
    plan
}

/// An app with a key that publishes a request, and a house that may fetch it.
struct Scene {
    house: House,
    key: ClientKey,
    publisher: Publisher,
    address: String,
}

impl Scene {
    async fn new(db: Db) -> Self {
        let (key, publisher) = (ClientKey::new("k1"), Publisher::secure(HOST, &json!({})).await);
        publisher.answers("200 OK", REQUEST, &object(&key, "one"));
        let house = House::build(db, plan(&publisher)).await;
        let address = format!("https://{HOST}/request.jwt");
        App::add(&house, described(&key, std::slice::from_ref(&address))).await;
        Self { house, key, publisher, address }
    }
}

/// The way to a request, with a state beside it that does not count.
fn path(address: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("client_id", "shop"),
        ("request_uri", address),
        ("state", "beside"),
        ("redirect_uri", CALLBACK),
    ]);
    format!("/oauth/authorize?{}", query.extend_pairs([("response_type", "code"), ("scope", "openid")]).finish())
}

async fn state_of(browser: &mut Browser, address: &str) -> Option<String> {
    let reply = browser.open(&path(address)).await;
    assert!(reply.parameter("code").is_some(), "{} {}", reply.status, reply.body);
    reply.parameter("state")
}

#[track_caller]
fn is_refused(page: &Reply, words: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "a page and no redirect: {}", page.location());
    page.says("invalid_request_uri").says(words);
}

async fn metadata(house: &House) -> Value {
    house.call(TestRequest::with_uri("/.well-known/openid-configuration")).await.json()
}

stories! {
    /// RFC 9101 §6.3: what stands beside it does not count.
    async fn a_request_is_fetched_from_where_its_app_registered_it(db: Db) {
        let Scene { house, publisher, address, .. } = Scene::new(db).await;
        let told = metadata(&house).await;
        assert_eq!((&told["request_uri_parameter_supported"], &told["require_request_uri_registration"]), (&json!(true), &json!(true)));
        assert_eq!(state_of(&mut jane(&house).await, &address).await.as_deref(), Some("one"));
        assert_eq!(publisher.asked(), 1);
    }

    /// OpenID Connect Core §6.2.1: what follows the `#` changes with the document.
    async fn what_was_fetched_is_kept_for_a_minute_or_until_its_mark_changes(db: Db) {
        let Scene { house, key, publisher, address } = Scene::new(db).await;
        let mut browser = jane(&house).await;
        state_of(&mut browser, &address).await;
        publisher.answers("200 OK", REQUEST, &object(&key, "two"));
        house.clock.advance(Duration::from_secs(59));
        assert_eq!(state_of(&mut browser, &address).await.as_deref(), Some("one"));
        assert_eq!(state_of(&mut browser, &format!("{address}#v2")).await.as_deref(), Some("two"));
        assert_eq!(publisher.asked(), 2);
        publisher.answers("200 OK", REQUEST, &object(&key, "three"));
        house.clock.advance(Duration::from_secs(60));
        assert_eq!(state_of(&mut browser, &format!("{address}#v2")).await.as_deref(), Some("three"));
    }

    async fn nothing_is_fetched_unless_the_operator_says_so(db: Db) {
        let (key, publisher) = (ClientKey::new("k1"), Publisher::secure(HOST, &json!({})).await);
        let mut plan = plan(&publisher);
        plan.settings.requests_by_reference = false;
        let house = House::build(db, plan).await;
        let address = format!("https://{HOST}/request.jwt");
        App::add(&house, described(&key, std::slice::from_ref(&address))).await;
        let reply = jane(&house).await.open(&path(&address)).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("request_uri_not_supported"));
        let told = metadata(&house).await;
        assert_eq!(told["request_uri_parameter_supported"], false);
        assert!(told.get("require_request_uri_registration").is_none());
        assert_eq!(publisher.asked(), 0);
    }

    /// Else any link would have us call any address (RFC 9101 §10.4).
    async fn only_what_the_app_registered_is_fetched(db: Db) {
        let Scene { house, key, publisher, address } = Scene::new(db).await;
        App::add(&house, Client { client_id: "other".into(), ..described(&key, &[format!("https://{HOST}/other.jwt")]) }).await;
        let mut browser = jane(&house).await;
        for other in [
            format!("https://{HOST}/other.jwt"),
            format!("{address}?x=1"),
            format!("https://{HOST}.evil.example/request.jwt"),
            format!("http://{HOST}/request.jwt"),
            "https://127.0.0.1/".to_owned(),
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "file:///etc/passwd".to_owned(),
            "urn:example:request".to_owned(),
        ] {
            is_refused(&browser.open(&path(&other)).await, "none that this app registered");
        }
        assert_eq!(publisher.asked(), 0);
    }

    async fn an_app_without_keys_or_that_has_to_push_has_nothing_fetched(db: Db) {
        let (key, publisher) = (ClientKey::new("k1"), Publisher::secure(HOST, &json!({})).await);
        let house = House::build(db, plan(&publisher)).await;
        let address = format!("https://{HOST}/request.jwt");
        let mut client = described(&key, std::slice::from_ref(&address));
        client.requests.require_pushed = true;
        App::add(&house, client).await;
        let mut browser = jane(&house).await;
        assert_eq!(browser.open(&path(&address)).await.parameter("error").as_deref(), Some("invalid_request"));
        let keyless = described(&key, std::slice::from_ref(&address));
        let keyless = Client { client_id: "keyless".into(), keys: ClientKeys::default(), ..keyless };
        App::add(&house, keyless).await;
        let reply = browser.open(&path(&address).replace("client_id=shop", "client_id=keyless")).await;
        assert_eq!(reply.parameter("error").as_deref(), Some("request_uri_not_supported"));
        assert_eq!(publisher.asked(), 0);
    }

    /// RFC 9101 §10.2, §10.4.1: a redirect is an answer, not an order; what is fetched is believed by its signature alone.
    async fn what_is_no_request_of_the_app_leads_nowhere(db: Db) {
        let Scene { house, key, publisher, address } = Scene::new(db).await;
        let canary = Publisher::start(&json!({})).await;
        let mut browser = jane(&house).await;
        let (good, location) = (object(&key, "one"), format!("location: {}\r\n{REQUEST}", canary.address()));
        let (long, huge) = (format!("{good}{}", "x".repeat(17_000)), "x".repeat(70_000));
        for (status, headers, body, words) in [
            ("404 Not Found", REQUEST, good.as_str(), "status 404"),
            ("302 Found", location.as_str(), good.as_str(), "status 302"),
            ("200 OK", "content-type: text/html\r\n", good.as_str(), "media type"),
            ("200 OK", "", good.as_str(), "media type"),
            ("200 OK", REQUEST, long.as_str(), "16 KiB"),
            ("200 OK", REQUEST, huge.as_str(), "request_uri"),
        ] {
            publisher.answers(status, headers, body);
            house.clock.advance(Duration::from_secs(61));
            is_refused(&browser.open(&path(&address)).await, words);
        }
        assert_eq!(canary.asked(), 0);
        for forged in [object(&ClientKey::new("k1"), "one"), "e30.e30.".to_owned(), "<html>".to_owned(), String::new()] {
            publisher.answers("200 OK", REQUEST, &forged);
            house.clock.advance(Duration::from_secs(61));
            let page = browser.open(&path(&address)).await;
            let told = || page.parameter("error").is_some() && page.parameter("code").is_none();
            assert!(page.status == StatusCode::BAD_REQUEST || told(), "{forged}: {}", page.body);
        }
        publisher.answers("200 OK", "content-type: application/jwt\r\n", &good);
        house.clock.advance(Duration::from_secs(61));
        assert_eq!(state_of(&mut browser, &address).await.as_deref(), Some("one"));
    }

    /// An address in our own network is refused when it is registered, and a name that leads there when it is called.
    async fn nothing_inside_is_called(db: Db) {
        let Scene { house, key, .. } = Scene::new(db).await;
        let inside = Publisher::start(&json!({})).await;
        for bad in ["https://127.0.0.1/r", "https://10.0.0.1/r", "https://[::1]/r", "https://169.254.169.254/r", &inside.address()] {
            let client = Client { client_id: "inside".into(), ..described(&key, &[(*bad).to_owned()]) };
            match house.here().add_client(client).await {
                Err(Problem::Refusal(ClientRefusal::Invalid(why))) => assert!(why.contains("request_uris"), "{bad}: {why}"),
                other => panic!("{bad}: {:?}", other.map(|_| ())),
            }
        }
        let address = inside.address().replace("http://127.0.0.1", "https://localhost");
        App::add(&house, Client { client_id: "named".into(), ..described(&key, std::slice::from_ref(&address)) }).await;
        let page = jane(&house).await.open(&path(&address).replace("client_id=shop", "client_id=named")).await;
        is_refused(&page, "public address");
        assert_eq!(inside.asked(), 0);
    }

    async fn strangers_can_not_make_us_fetch_again_and_again(db: Db) {
        let Scene { house, publisher, address, .. } = Scene::new(db).await;
        let many = |from: usize| (from..from + 10).map(|mark| format!("{address}#{mark}")).collect::<Vec<_>>();
        for from in [0, 10] {
            for address in many(from) {
                house.browser(testkit::browser::CHROME).get(&path(&address)).await;
            }
            assert_eq!(publisher.asked(), 1 + from / 10);
            house.clock.advance(Duration::from_secs(5));
        }
    }

    /// RFC 9101 §5.
    async fn an_address_beside_a_request_is_refused(db: Db) {
        let Scene { house, key, publisher, address } = Scene::new(db).await;
        let both = format!("{}&request={}", path(&address), object(&key, "one"));
        let page = jane(&house).await.open(&both).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        page.says("request_uri stands beside request");
        assert_eq!(publisher.asked(), 0);
    }
}
