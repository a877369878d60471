//! Apps whose client id is the address of a document that says what they are (OAuth Client ID Metadata Document).

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::browser::{CHROME, Reply};
use testkit::client_key::ClientKey;
use testkit::house::{Db, House, Plan};
use testkit::people::{App, CALLBACK, jane};
use testkit::publisher::Publisher;
use testkit::stories;

const HOST: &str = "agent.test";
const ID: &str = "https://agent.test/client.json";

fn agent(otherwise: Value) -> Value {
    let mut said = json!({
        "client_id": ID,
        "client_name": "The Agent",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    said.as_object_mut().unwrap().extend(otherwise.as_object().unwrap().clone());
    said
}

/// A house that reads documents, of one publisher.
async fn reading_house(db: Db, publisher: &Publisher) -> House {
    let mut plan = Plan::default();
    publisher.join(&mut plan);
    plan.settings.registration.documents = true;
    House::build(db, plan).await
}

fn app(id: &str) -> App {
    App { client_id: id.to_owned(), secret: None }
}

/// An authorization request, as a browser that is nobody's sends it.
async fn knock(house: &House, id: &str) -> Reply {
    house.browser(CHROME).get(&app(id).request(&[])).await
}

#[track_caller]
fn is_stopped(reply: &Reply, why: &str) {
    assert!(
        reply.status.is_client_error() && reply.header("location").is_empty(),
        "{} {}",
        reply.status,
        reply.header("location")
    );
    reply.says("client_id");
    assert!(reply.text().contains(why), "{why}: {}", reply.text());
}

async fn known(house: &House) -> Vec<String> {
    house.here().clients().await.unwrap().into_iter().map(|client| client.client_id).collect()
}

stories! {
    async fn nobody_s_document_is_read_unless_the_operator_says_so(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        let mut plan = Plan::default();
        publisher.join(&mut plan);
        let house = House::build(db, plan).await;
        is_stopped(&knock(&house, ID).await, "not known here");
        assert_eq!(publisher.asked(), 0);
        let request = actix_web::test::TestRequest::with_uri("/.well-known/oauth-authorization-server");
        assert!(house.call(request).await.json().get("client_id_metadata_document_supported").is_none());
    }

    async fn an_agent_comes_without_registering_and_the_page_names_its_host(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        let house = reading_house(db, &publisher).await;
        let request = actix_web::test::TestRequest::with_uri("/.well-known/oauth-authorization-server");
        assert_eq!(house.call(request).await.json()["client_id_metadata_document_supported"], true);
        let mut browser = jane(&house).await;
        let page = browser.open(&app(ID).request(&[])).await;
        page.says("The Agent").says("agent.test").says("Nobody here has checked it.");
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let code = back.parameter("code").unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", testkit::people::VERIFIER),
            ("client_id", ID),
        ];
        let tokens = app(ID).call(&house, "/oauth/token", &form).await;
        assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
        assert_eq!(publisher.asked(), 1);
        browser.open("/account/apps").await.says("The Agent");
        let client = house.here().client(ID).await.unwrap().unwrap();
        assert!(client.require_pkce && !client.first_party && client.secret_hash.is_none());
    }

    async fn a_document_is_read_again_when_it_is_not_fresh_any_more(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        publisher.answers("200 OK", "content-type: application/json\r\ncache-control: max-age=120\r\n", &agent(json!({})).to_string());
        let house = reading_house(db, &publisher).await;
        for _ in 0..3 {
            assert!(knock(&house, ID).await.status.is_redirection());
        }
        assert_eq!(publisher.asked(), 1);
        house.clock.advance(Duration::from_secs(119));
        publisher.publishes(&agent(json!({"redirect_uris": ["https://elsewhere.test/cb"]})));
        assert!(knock(&house, ID).await.status.is_redirection(), "still believed");
        house.clock.advance(Duration::from_secs(1));
        let reply = knock(&house, ID).await;
        assert!(reply.status.is_client_error() && reply.header("location").is_empty(), "the address is not listed any more");
        assert_eq!(publisher.asked(), 2);
        house.clock.advance(Duration::from_secs(3600));
        publisher.answers("500 Oops", "", "");
        is_stopped(&knock(&house, ID).await, "status 500");
        knock(&house, ID).await;
        assert_eq!(publisher.asked(), 3, "and not at once again");
    }

    /// A document says what it is itself, in one way, and shares no secret.
    async fn a_document_that_can_not_be_used_is_told_apart(db: Db) {
        let publisher = Publisher::secure(HOST, &json!({})).await;
        let house = reading_house(db, &publisher).await;
        for (document, why) in [
            (agent(json!({"client_id": "https://agent.test/other.json"})), "client_id: write the very address"),
            (agent(json!({"client_id": null})), "client_id: write the very address"),
            (agent(json!({"client_secret": "x"})), "client_secret"),
            (agent(json!({"token_endpoint_auth_method": "client_secret_basic"})), "token_endpoint_auth_method"),
            (agent(json!({"redirect_uris": ["javascript:alert(1)"]})), "redirect_uris"),
            (agent(json!({"client_name": "x".repeat(9_000)})), "8 KiB"),
            (json!([1]), "JSON object"),
        ] {
            publisher.publishes(&document);
            house.clock.advance(Duration::from_secs(61));
            is_stopped(&knock(&house, ID).await, why);
        }
        let canary = Publisher::secure("canary.test", &agent(json!({}))).await;
        let location = format!("location: {}/x\r\n", canary.origin());
        for (status, headers, why) in [
            ("302 Found", location.as_str(), "status 302"),
            ("404 Not Found", "", "status 404"),
            ("200 OK", "content-type: text/html\r\n", "media type"),
        ] {
            publisher.answers(status, headers, &agent(json!({})).to_string());
            house.clock.advance(Duration::from_secs(61));
            is_stopped(&knock(&house, ID).await, why);
        }
        assert_eq!(canary.asked(), 0);
        assert!(known(&house).await.is_empty(), "nothing of all that is kept");
    }

    /// CVE-2026-1180, CVE-2026-4366; ASVS 15.3.2.
    async fn a_client_id_leads_to_no_address_of_ours(db: Db) {
        let canary = Publisher::start(&agent(json!({}))).await;
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        let house = reading_house(db, &publisher).await;
        let port = canary.origin().rsplit_once(':').unwrap().1.to_owned();
        for id in [
            format!("https://127.0.0.1:{port}/client.json"),
            format!("https://localhost:{port}/client.json"),
            format!("https://[::1]:{port}/client.json"),
            format!("https://[::ffff:127.0.0.1]:{port}/client.json"),
            format!("http://127.0.0.1:{port}/client.json"),
            "https://10.0.0.1/client.json".to_owned(),
            "https://169.254.169.254/latest/meta-data".to_owned(),
            "https://2130706433/client.json".to_owned(),
            "file:///etc/passwd".to_owned(),
            "https://agent.test/../client.json".to_owned(),
            "https://user@agent.test/client.json".to_owned(),
            "https://agent.test/client.json#f".to_owned(),
            "https://agent.test/".to_owned(),
        ] {
            is_stopped(&knock(&house, &id).await, "client_id");
        }
        assert_eq!((canary.asked(), publisher.asked()), (0, 0));
        assert!(known(&house).await.is_empty());
    }

    /// RFC 8707: an agent that met an API first asks for a token for it, and for no other.
    async fn an_agent_gets_tokens_for_the_apis_that_the_operator_names(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({"resources": ["https://bank.test/"]}))).await;
        let mut plan = Plan::default();
        publisher.join(&mut plan);
        plan.settings.registration.documents = true;
        plan.settings.registration.policy.resources = vec!["https://mcp.test/mcp".into()];
        let house = House::build(db, plan).await;
        let mut browser = jane(&house).await;
        let refused = browser.open(&app(ID).request(&[("resource", "https://bank.test/")])).await;
        assert_eq!(refused.parameter("error").as_deref(), Some("invalid_target"));
        let page = browser.open(&app(ID).request(&[("resource", "https://mcp.test/mcp")])).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let code = back.parameter("code").unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", testkit::people::VERIFIER),
            ("client_id", ID),
            ("resource", "https://mcp.test/mcp"),
        ];
        let tokens = app(ID).call(&house, "/oauth/token", &form).await.json();
        assert_eq!(testkit::people::claims(tokens["access_token"].as_str().unwrap())["aud"], "https://mcp.test/mcp");
    }

    async fn an_operator_s_hosts_and_policy_bound_documents_too(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({"scope": "openid notices"}))).await;
        let mut plan = Plan::default();
        publisher.join(&mut plan);
        plan.settings.registration.documents = true;
        plan.settings.registration.document_hosts = vec![".example".into()];
        let mut house = House::build(db, plan).await;
        is_stopped(&knock(&house, ID).await, "not known here");
        assert_eq!(publisher.asked(), 0);
        let mut settings = testkit::house::settings();
        settings.registration.documents = true;
        house.open_again(settings.clone()).await;
        assert!(knock(&house, ID).await.status.is_redirection());
        assert_eq!(house.here().client(ID).await.unwrap().unwrap().scope.to_string(), "openid");
        // What the operator switches off is off, whatever the document says next.
        let client = house.here().client(ID).await.unwrap().unwrap();
        let off = oauth::Client { disabled_at: Some(house.clock.now()), ..client };
        house.here().save_client(off).await.map(drop).unwrap_or_else(|e| panic!("{e:?}"));
        house.clock.advance(Duration::from_secs(7200));
        let reply = knock(&house, ID).await;
        assert!(reply.status.is_client_error() && publisher.asked() == 1);
        settings.registration.documents = false;
        house.open_again(settings).await;
        is_stopped(&knock(&house, ID).await, "not known here");
    }

    async fn one_network_brings_so_many_new_ones_an_hour(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        let mut plan = Plan::default();
        publisher.join(&mut plan);
        plan.settings.registration.documents = true;
        plan.settings.registration.per_address.tries = 2;
        let house = House::build(db, plan).await;
        for n in 0..5 {
            knock(&house, &format!("https://agent.test/{n}.json")).await;
        }
        assert_eq!(publisher.asked(), 2);
        is_stopped(&knock(&house, ID).await, "too many");
        house.clock.advance(Duration::from_secs(3600));
        assert!(knock(&house, ID).await.status.is_redirection());
    }

    async fn of_twenty_who_bring_the_same_agent_at_once_one_has_it_read(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        let house = reading_house(db, &publisher).await;
        let replies = futures_util::future::join_all((0..20).map(|_| knock(&house, ID))).await;
        assert!(replies.iter().any(|reply| reply.status.is_redirection()));
        assert_eq!((publisher.asked(), known(&house).await.len()), (1, 1));
        assert!(knock(&house, ID).await.status.is_redirection());
    }

    async fn an_agent_with_a_key_pushes_its_request_first(db: Db) {
        let key = ClientKey::new("k1");
        let with_key = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": key.jwks()});
        let publisher = Publisher::secure(HOST, &agent(with_key)).await;
        let house = reading_house(db, &publisher).await;
        let path = app(ID).request(&[]);
        let query = path.split_once('?').unwrap().1;
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let form: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let pushed = key.call(&house, ID, "/oauth/par", &form).await;
        assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
        let stranger = ClientKey::new("k1").call(&house, ID, "/oauth/par", &form).await;
        assert_eq!((stranger.status, publisher.asked()), (StatusCode::UNAUTHORIZED, 1));
    }

    async fn an_agent_that_nobody_used_is_forgotten(db: Db) {
        let publisher = Publisher::secure(HOST, &agent(json!({}))).await;
        let house = reading_house(db, &publisher).await;
        knock(&house, ID).await;
        house.clock.advance(Duration::from_secs(8 * 24 * 3600));
        house.store.purge(house.clock.now()).await.unwrap();
        assert!(known(&house).await.is_empty());
        assert!(knock(&house, ID).await.status.is_redirection(), "and met anew");
    }
}
