//! Pushed authorization requests (RFC 9126).

use actix_web::http::StatusCode;
use oauth::client::{ClientAuthMethod, RequestRules};
use std::time::Duration;
use testkit::browser::{CHROME, FIREFOX, Reply};
use testkit::house::House;
use testkit::people::{App, CALLBACK, PASSWORD, jane, template};
use testkit::stories;

/// Pushes the app's usual request, with more parameters.
async fn push(house: &House, app: &App, more: &[(&str, &str)]) -> Reply {
    let usual = app.request(more);
    let query = usual.split_once('?').unwrap().1.to_owned();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let form: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.call(house, "/oauth/par", &form).await
}

fn begin(app: &App, name: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &app.client_id).append_pair("request_uri", name);
    format!("/oauth/authorize?{}", query.finish())
}

async fn name_of(house: &House, app: &App) -> String {
    let reply = push(house, app, &[]).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
    reply.json()["request_uri"].as_str().unwrap().to_owned()
}

stories! {
    /// The browser throws the answer to the first click away, and the request was good for once.
    async fn a_form_that_is_clicked_twice_leads_to_the_app_both_times(house: House) {
        let app = App::first_party(&house).await;
        jane(&house).await;
        for more in [&[][..], &[("prompt", "login")]] {
            let name = push(&house, &app, more).await.json()["request_uri"].as_str().unwrap().to_owned();
            let mut browser = house.browser(CHROME);
            let form = browser.open(&begin(&app, &name)).await.form("/login");
            let form = form.with("username", "jane@example.com").with("password", PASSWORD);
            let mut again = browser.clone();
            house.clock.advance(Duration::from_secs(2));
            for clicked in [browser.submit(form.clone()).await, again.submit(form.clone()).await] {
                let code = clicked.parameter("code").unwrap_or_else(|| panic!("{}", clicked.location()));
                assert_eq!(app.redeem(&house, &code).await.status, StatusCode::OK);
            }
            // What comes later is no second click.
            house.clock.advance(Duration::from_secs(10));
            assert_eq!(again.submit(form).await.parameter("code"), None);
        }
    }

    async fn a_pushed_request_leads_to_a_code_and_its_name_says_nothing(house: House) {
        let app = App::first_party(&house).await;
        let reply = push(&house, &app, &[]).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::CREATED, "no-store"));
        let (name, life) = (reply.json()["request_uri"].clone(), reply.json()["expires_in"].as_i64().unwrap());
        assert!(name.as_str().unwrap().starts_with("urn:ietf:params:oauth:request_uri:"));
        assert!((5..600).contains(&life));
        let reply = jane(&house).await.open(&begin(&app, name.as_str().unwrap())).await;
        assert_eq!(reply.parameter("state").as_deref(), Some("af0ifjsldkj"));
        assert_eq!(app.redeem(&house, &reply.parameter("code").unwrap()).await.status, StatusCode::OK);
    }

    /// RFC 9126 §4: loading the sign-in page anew must not end the way; §2.2: a request is granted once.
    async fn a_name_survives_a_reload_and_is_used_up_by_the_code(house: House) {
        let app = App::first_party(&house).await;
        let name = name_of(&house, &app).await;
        let mut browser = house.browser(FIREFOX);
        for _ in 0..3 {
            browser.open(&begin(&app, &name)).await.form("/login");
        }
        let mut browser = jane(&house).await;
        assert!(browser.open(&begin(&app, &name)).await.parameter("code").is_some());
        let page = browser.open(&begin(&app, &name)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        page.says("request_uri is used");
    }

    async fn two_tabs_with_one_pushed_request_get_one_code(house: House) {
        let app = App::first_party(&house).await;
        let name = name_of(&house, &app).await;
        let (mut one, mut two) = (house.browser(FIREFOX), house.browser(FIREFOX));
        testkit::people::register(&house, &mut one, "jane@example.com").await;
        testkit::people::sign_in(&mut two, "jane@example.com", PASSWORD).await;
        let path = begin(&app, &name);
        let (one, two) = futures_util::future::join(one.open(&path), two.open(&path)).await;
        let codes = [&one, &two].into_iter().filter(|reply| reply.status.is_redirection() && reply.parameter("code").is_some()).count();
        assert_eq!(codes, 1, "{} / {}", one.status, two.status);
    }

    async fn a_name_is_its_own_clients_and_lives_for_seconds(house: House) {
        let app = App::first_party(&house).await;
        let thief = App::add(&house, template("thief", ClientAuthMethod::SecretBasic)).await;
        let mut browser = jane(&house).await;
        let name = name_of(&house, &app).await;
        for path in [begin(&thief, &name), begin(&app, "urn:ietf:params:oauth:request_uri:nothing"), begin(&app, &format!("{name}x"))] {
            let page = browser.open(&path).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "a page and no redirect: {path}");
            page.says("request_uri");
        }
        house.clock.advance(Duration::from_secs(91));
        // Who reads it is a person first: what happened, and what to do.
        browser.open(&begin(&app, &name)).await.says("this sign-in is over").says("sign in again").says("too old");
    }

    /// RFC 9126 §2.3: what the authorization endpoint would refuse is refused at once, and to the app itself.
    async fn what_would_be_refused_later_is_refused_when_it_is_pushed(house: House) {
        let app = App::first_party(&house).await;
        for (more, error) in [
            (&[("redirect_uri", "https://evil.example/")][..], "invalid_request"),
            (&[("code_challenge_method", "plain")], "invalid_request"),
            (&[("scope", "nothing")], "invalid_scope"),
            (&[("response_type", "token")], "unsupported_response_type"),
            (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
            (&[("client_id", "other")], "invalid_request"),
        ] {
            let reply = push(&house, &app, more).await;
            assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some(error)), "{more:?}");
        }
        let stranger = App { secret: Some("wrong".to_owned()), ..app.clone() };
        let reply = push(&house, &stranger, &[]).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_client")));
    }

    /// RFC 9126 §5: parameters beside the name are not looked at.
    async fn a_stranger_can_not_change_a_pushed_request_on_its_way(house: House) {
        let app = App::first_party(&house).await;
        let name = name_of(&house, &app).await;
        let path = format!("{}&state=other&scope=openid&redirect_uri=https%3A%2F%2Fevil.example%2F", begin(&app, &name));
        let reply = jane(&house).await.open(&path).await;
        assert_eq!(reply.parameter("state").as_deref(), Some("af0ifjsldkj"));
        assert!(reply.location().starts_with(CALLBACK));
    }

    /// RFC 9126 §2: who does not prove to be the app pushes nothing in its name, and no other address is ever asked.
    async fn who_does_not_prove_to_be_the_app_pushes_nothing(house: House) {
        let app = App::first_party(&house).await;
        for secret in [None, Some("wrong".to_owned())] {
            let stranger = App { secret, ..app.clone() };
            let reply = push(&house, &stranger, &[]).await;
            assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_client")));
        }
        // CVE-2020-10770: a name of ours or none.
        for name in ["http://127.0.0.1:9/", "https://evil.test/request.jwt", "file:///etc/passwd", "urn:x"] {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("client_id", &app.client_id).append_pair("request_uri", name).finish();
            let reply = house.browser(FIREFOX).open(&format!("/oauth/authorize?{query}")).await;
            assert!(reply.location().starts_with(CALLBACK), "{name}: {} {}", reply.status, reply.location());
            assert_eq!(reply.parameter("error").as_deref(), Some("request_uri_not_supported"), "{name}");
        }
    }

    async fn an_app_that_has_to_push_gets_nowhere_without(house: House) {
        let mut client = template("shop", ClientAuthMethod::SecretBasic);
        client.first_party = true;
        client.requests = RequestRules { require_pushed: true, ..RequestRules::default() };
        let app = App::add(&house, client).await;
        let mut browser = jane(&house).await;
        assert_eq!(browser.open(&app.request(&[])).await.parameter("error").as_deref(), Some("invalid_request"));
        let name = name_of(&house, &app).await;
        assert!(browser.open(&begin(&app, &name)).await.parameter("code").is_some());
    }
}
