//! One node loses its way to Redis, and the other does not: what is sent is lost, and nobody is told. Both go on, and agree.

use super::faults::{IN_VAIN, hears, waited_in_vain};
use actix_web::http::StatusCode;
use serde_json::json;
use testkit::browser::{CHROME, refused};
use testkit::client_key::{ASSERTION_TYPE, ClientKey};
use testkit::house::{Db, House, Plan};
use testkit::line::Line;
use testkit::people::{App, PASSWORD, jane, redemption, sign_in, template};
use testkit::redis::{place, private, until};

use oauth::client::{ClientAuthMethod, GrantType};

const JANE: &str = "jane@example.com";

#[actix_web::test]
async fn a_node_that_is_cut_off_from_redis_goes_on_agrees_with_the_other_and_joins_it_again() {
    let server = private();
    let line = Line::to(server.port()).await;
    let by_line = place(&format!("redis://127.0.0.1:{}", line.port()));
    let plan = Plan { redis: Some(by_line), forms_per_minute: 600, ..Plan::default() };
    let house = House::build(Db::Postgres, plan).await;
    let other = house.another_node_by(&place(&server.url())).await;
    let (shop, key) = (App::first_party(&house).await, ClientKey::new("k"));
    let mut robot = template("robot", ClientAuthMethod::PrivateKeyJwt);
    robot.keys.jwks = Some(key.jwks());
    robot.grant_types = Some([GrantType::ClientCredentials].into());
    robot.redirect_uris = Vec::new();
    App::add(&house, robot).await;
    let mut browser = jane(&house).await;
    until(house.app.bus(), true).await;
    until(other.app.bus(), true).await;

    line.cut();
    let nodes = [house.server(), &other.server];
    for node in nodes.into_iter().cycle().take(6) {
        let mut browser = house.browser(CHROME);
        browser.moves_to(node);
        sign_in(&mut browser, JANE, PASSWORD).await;
        assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    }
    for (first, second) in [(nodes[0], nodes[1]), (nodes[1], nodes[0])] {
        browser.moves_to(first);
        let code = shop.code(&mut browser).await;
        let form = redemption(&code);
        assert_eq!(shop.call_at(second, "/oauth/token", &form).await.status, StatusCode::OK);
        refused(&shop.call_at(first, "/oauth/token", &form).await, "invalid_grant");
        let assertion = key.assertion(&house, "robot", &json!({}));
        let form = [
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion.as_str()),
            ("grant_type", "client_credentials"),
        ];
        let app = App { client_id: "robot".to_owned(), secret: None };
        assert_eq!(app.call_at(first, "/oauth/token", &form).await.status, StatusCode::OK);
        assert_eq!(app.call_at(second, "/oauth/token", &form).await.status, StatusCode::UNAUTHORIZED);
    }
    let mut guesser = house.browser(CHROME).from_address("198.51.100.9");
    let form = guesser.open("/login").await.form("/login").with("username", JANE).with("password", "guess");
    let mut tried = 0;
    for node in nodes.into_iter().cycle().take(16) {
        guesser.moves_to(node);
        tried += usize::from(guesser.submit(form.clone()).await.status == StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(tried, 10, "guesses are counted over both");
    let waited = waited_in_vain(&house.app);
    assert!((1..=IN_VAIN).contains(&waited), "{waited} requests waited for it in vain");
    assert_eq!(waited_in_vain(&other.app), 0, "the other has it");
    until(house.app.bus(), false).await;
    assert_eq!(other.app.bus().health(), bus::Health::Up);

    line.mend();
    until(house.app.bus(), true).await;
    hears(&other.app, &house.app).await;
    hears(&house.app, &other.app).await;
}
