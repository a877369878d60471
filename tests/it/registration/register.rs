//! The registration endpoint, and who may use it.

use super::*;
use crate::certificates::reads_certificates;
use testkit::browser::CHROME;
use testkit::encryption_key::EncryptionKey;
use testkit::people::{claims, jane, link};
use testkit::publisher::Publisher;
use testkit::stories;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[track_caller]
fn no_entry(reply: &Reply) {
    assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
    assert!(reply.header("www-authenticate").starts_with("Bearer error="), "{}", reply.header("www-authenticate"));
}

async fn metadata(house: &House) -> Value {
    house.call(TestRequest::with_uri("/.well-known/openid-configuration")).await.json()
}

async fn registered(house: &House) -> usize {
    house.here().clients().await.unwrap().len()
}

stories! {
    async fn nobody_registers_an_app_unless_the_operator_says_so(house: House) {
        let token = given(&house, 1, DAY).await.secret.reveal();
        for token in ["", &token] {
            assert_eq!(register(&house, token, &shop(json!({}))).await.status, StatusCode::NOT_FOUND);
        }
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            assert_eq!(call(&house, method, "/oauth/register/x", &token, &json!({})).await.status, StatusCode::NOT_FOUND);
        }
        assert!(metadata(&house).await.get("registration_endpoint").is_none());
        assert_eq!(registered(&house).await, 0);
    }
}

stories! {
    /// OpenID Connect Dynamic Client Registration 1.0 §3; RFC 7591 §3.2.1.
    async fn an_app_registers_itself_and_signs_people_in(db: Db) {
        let house = open_house(db).await;
        let endpoint = metadata(&house).await["registration_endpoint"].as_str().unwrap().to_owned();
        assert_eq!(endpoint, "https://id.acme.test/oauth/register");
        let reply = register(&house, "", &shop(json!({"unknown_member": 1}))).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::CREATED, "no-store"));
        let app = Registered::of(&reply);
        for (name, value) in [
            ("client_name", json!("Acme Shop")),
            ("redirect_uris", json!([CALLBACK])),
            ("grant_types", json!(["authorization_code", "refresh_token"])),
            ("response_types", json!(["code"])),
            ("token_endpoint_auth_method", json!("client_secret_basic")),
            ("id_token_signed_response_alg", json!("RS256")),
            ("application_type", json!("web")),
            ("subject_type", json!("public")),
            ("scope", json!("openid profile email offline_access")),
            ("client_secret_expires_at", json!(0)),
            ("client_id_issued_at", json!(house.clock.now().seconds())),
        ] {
            assert_eq!(app.told[name], value, "{name}");
        }
        assert!(app.told.get("unknown_member").is_none());
        let mut browser = jane(&house).await;
        let page = browser.open(&app.app().request(&[])).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let tokens = app.app().redeem(&house, &back.parameter("code").unwrap()).await.json();
        assert!(app.app().is_active(&house, tokens["access_token"].as_str().unwrap()).await);
        let again = app.app().refresh(&house, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    }

    /// RFC 8705 §2.1.2 and §3.4: an app that would be bound must not believe that it is, where nobody reads certificates.
    async fn who_is_known_by_a_certificate_registers_where_certificates_are_read(db: Db) {
        let said = shop(json!({"token_endpoint_auth_method": "tls_client_auth",
            "tls_client_auth_san_dns": "shop.acme.test", "tls_client_certificate_bound_access_tokens": true}));
        let refused = register(&open_house(db).await, "", &said).await;
        assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_client_metadata")));
        let mut plan = plan(RegistrationMode::Open);
        reads_certificates(&mut plan);
        let house = House::build(db, plan).await;
        let app = Registered::of(&register(&house, "", &said).await);
        assert!(app.told.get("client_secret").is_none());
        let client = house.here().client(app.told["client_id"].as_str().unwrap()).await.unwrap().unwrap();
        assert!(client.is_sender_bound() && client.proof.certificate_name.is_some());
    }

    async fn what_an_app_gets_is_encrypted_to_the_key_that_it_registered(db: Db) {
        let house = open_house(db).await;
        let key = EncryptionKey::new("e1");
        let encrypted = json!({"jwks": {"keys": [key.jwk()]}, "id_token_encrypted_response_alg": "ECDH-ES",
            "id_token_encrypted_response_enc": "A256GCM"});
        let app = Registered::shop(&house, encrypted).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.app().request(&[])).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let tokens = app.app().redeem(&house, &back.parameter("code").unwrap()).await.json();
        let (header, jwt) = key.read(tokens["id_token"].as_str().unwrap());
        assert_eq!((&header["cty"], &claims(&jwt)["aud"]), (&json!("JWT"), &app.told["client_id"]));
    }

    async fn its_links_stand_on_the_consent_page(db: Db) {
        let house = open_house(db).await;
        let links = json!({"policy_uri": "https://shop.acme.test/privacy", "tos_uri": "https://shop.acme.test/terms",
            "client_uri": "https://shop.acme.test/", "logo_uri": "https://shop.acme.test/logo.png"});
        let app = Registered::shop(&house, links).await;
        let page = jane(&house).await.open(&app.app().request(&[])).await;
        assert_eq!(link(&page, "privacy"), "https://shop.acme.test/privacy");
        assert_eq!(link(&page, "terms"), "https://shop.acme.test/terms");
        page.says("shop.acme.test").says("This app registered itself.");
    }

    async fn without_a_token_of_the_operator_s_there_is_no_way(db: Db) {
        let house = guarded_house(db).await;
        let good = given(&house, 1, DAY).await.secret.reveal();
        no_entry(&register(&house, "", &shop(json!({}))).await);
        let flipped = good.replace('a', "b");
        for forged in ["x", "wb_ia_x", &good[..good.len() - 1], &format!("{good}x"), &good.replace("wb_ia", "wb_ra")] {
            no_entry(&register(&house, forged, &shop(json!({}))).await);
        }
        if flipped != good {
            no_entry(&register(&house, &flipped, &shop(json!({}))).await);
        }
        assert_eq!(registered(&house).await, 0);
        assert_eq!(register(&house, &good, &shop(json!({}))).await.status, StatusCode::CREATED);
    }

    async fn a_token_that_is_wrong_helps_nobody_where_none_is_needed(db: Db) {
        let house = open_house(db).await;
        no_entry(&register(&house, "wb_ia_x", &shop(json!({}))).await);
        assert_eq!(registered(&house).await, 0);
    }

    async fn a_token_ends_by_use_by_time_and_by_the_operator(db: Db) {
        let house = guarded_house(db).await;
        let twice = given(&house, 2, DAY).await.secret.reveal();
        for _ in 0..2 {
            assert_eq!(register(&house, &twice, &shop(json!({}))).await.status, StatusCode::CREATED);
        }
        no_entry(&register(&house, &twice, &shop(json!({}))).await);

        let withdrawn = given(&house, 9, DAY).await;
        assert!(house.here().withdraw_initial_token(withdrawn.token.id).await.unwrap());
        assert!(!house.here().withdraw_initial_token(withdrawn.token.id).await.unwrap());
        no_entry(&register(&house, &withdrawn.secret.reveal(), &shop(json!({}))).await);

        let short = given(&house, 9, Duration::from_secs(60)).await.secret.reveal();
        house.clock.advance(Duration::from_secs(59));
        assert_eq!(register(&house, &short, &shop(json!({}))).await.status, StatusCode::CREATED);
        house.clock.advance(Duration::from_secs(1));
        no_entry(&register(&house, &short, &shop(json!({}))).await);
        let kept = house.here().initial_tokens().await.unwrap();
        let mut used: Vec<_> = kept.iter().map(|token| token.used).collect();
        used.sort_unstable();
        assert_eq!(used, [0, 1, 2]);
    }

    async fn a_refused_app_uses_no_token_up(db: Db) {
        let house = guarded_house(db).await;
        let once = given(&house, 1, DAY).await.secret.reveal();
        let bad = shop(json!({"redirect_uris": ["http://shop.acme.test/"]}));
        refused(&register(&house, &once, &bad).await, "invalid_redirect_uri", "redirect_uris");
        assert_eq!(register(&house, &once, &shop(json!({}))).await.status, StatusCode::CREATED);
    }

    async fn of_twenty_apps_at_once_with_a_token_for_one_one_is_registered(db: Db) {
        let house = guarded_house(db).await;
        let once = given(&house, 1, DAY).await.secret.reveal();
        let said = shop(json!({}));
        let replies = futures_util::future::join_all((0..20).map(|_| register(&house, &once, &said))).await;
        let count = |status| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(StatusCode::CREATED), count(StatusCode::UNAUTHORIZED)), (1, 19));
        assert_eq!(registered(&house).await, 1);
    }

    /// RFC 7591 §3.2.2; CVE-2024-21637, CVE-2026-9086.
    async fn what_can_not_be_registered_is_named(db: Db) {
        let house = open_house(db).await;
        for uri in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "https://*.acme.test/",
            "http://shop.acme.test/", "https://shop.acme.test/#f", "*"] {
            let reply = register(&house, "", &shop(json!({"redirect_uris": [uri]}))).await;
            refused(&reply, "invalid_redirect_uri", "redirect_uris: ");
        }
        for (otherwise, member) in [
            (json!({"grant_types": ["client_credentials"]}), "grant_types: "),
            (json!({"grant_types": ["implicit"], "response_types": ["token"]}), "grant_types: "),
            (json!({"token_endpoint_auth_method": "private_key_jwt"}), "jwks: "),
            (json!({"scope": "notices"}), "scope: "),
            (json!({"logo_uri": "javascript:alert(1)"}), "logo_uri: "),
        ] {
            refused(&register(&house, "", &shop(otherwise)).await, "invalid_client_metadata", member);
        }
        let form = TestRequest::post().uri("/oauth/register").set_form([("client_name", "x")]);
        refused(&house.call(form).await, "invalid_client_metadata", "send a JSON object");
        let broken = TestRequest::post().uri("/oauth/register");
        let broken = broken.insert_header(("content-type", "application/json")).set_payload("{");
        refused(&house.call(broken).await, "invalid_client_metadata", "send a JSON object");
        assert_eq!(registered(&house).await, 0);
    }

    async fn an_app_gives_itself_no_privilege(db: Db) {
        let house = open_house(db).await;
        let greedy = json!({"first_party": true, "resource_server": true, "require_pkce": false, "client_id": "admin",
            "access_token_lifetime": 86_400, "scope": "openid notices"});
        let app = Registered::shop(&house, greedy).await;
        let client = house.here().client(app.client_id()).await.unwrap().unwrap();
        assert!(!client.first_party && !client.resource_server && client.require_pkce);
        assert_eq!((client.scope.to_string().as_str(), client.access_token_lifetime.as_secs()), ("openid", 300));
        assert_ne!(app.client_id(), "admin");
    }

    async fn one_network_registers_so_many_apps_an_hour(db: Db) {
        let mut plan = plan(RegistrationMode::Open);
        plan.settings.registration.per_address.tries = 3;
        let house = House::build(db, plan).await;
        for _ in 0..3 {
            assert_eq!(register(&house, "", &shop(json!({}))).await.status, StatusCode::CREATED);
        }
        let reply = register(&house, "", &shop(json!({}))).await;
        assert_eq!((reply.status, reply.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"));
        let elsewhere = TestRequest::post().uri("/oauth/register").peer_addr(from("203.0.113.9")).set_json(shop(json!({})));
        assert_eq!(house.call(elsewhere).await.status, StatusCode::CREATED);
        house.clock.advance(Duration::from_secs(3600));
        assert_eq!(register(&house, "", &shop(json!({}))).await.status, StatusCode::CREATED);
    }

    /// CVE-2026-1180, CVE-2026-4366; ASVS 15.3.2.
    async fn what_an_app_names_leads_to_no_address_of_ours(db: Db) {
        let house = open_house(db).await;
        let canary = Publisher::start(&json!([CALLBACK])).await;
        let port = canary.origin().rsplit_once(':').unwrap().1.to_owned();
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "10.0.0.1",
            "169.254.169.254", "100.64.0.1"] {
            let address = format!("https://{host}:{port}/jwks");
            let by_key = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": address});
            let reply = register(&house, "", &shop(by_key)).await;
            // A name is looked up when it is fetched; an address is refused at once.
            if host != "localhost" {
                refused(&reply, "invalid_client_metadata", "jwks_uri");
            }
            let by_sector = json!({"subject_type": "pairwise", "sector_identifier_uri": address});
            refused(&register(&house, "", &shop(by_sector)).await, "invalid_client_metadata", "sector_identifier_uri");
        }
        let plain = json!({"subject_type": "pairwise", "sector_identifier_uri": canary.address()});
        refused(&register(&house, "", &shop(plain)).await, "invalid_client_metadata", "sector_identifier_uri");
        assert_eq!(canary.asked(), 0);
    }

    /// OpenID Connect Dynamic Client Registration 1.0 §5.
    async fn a_sector_s_document_is_read_and_has_to_list_the_addresses(db: Db) {
        let publisher = Publisher::start(&json!([CALLBACK])).await;
        let mut plan = plan(RegistrationMode::Open);
        plan.outbound.trusted_origins.push(publisher.origin().parse().unwrap());
        let house = House::build(db, plan).await;
        let pairwise = json!({"subject_type": "pairwise", "sector_identifier_uri": publisher.address()});
        assert_eq!(Registered::shop(&house, pairwise.clone()).await.told["subject_type"], "pairwise");
        publisher.publishes(&json!(["https://other.example/"]));
        refused(&register(&house, "", &shop(pairwise)).await, "invalid_client_metadata", "sector_identifier_uri");
    }

    async fn the_operator_sees_who_came_by_themselves_and_purges_whom_nobody_uses(db: Db) {
        let house = open_house(db).await;
        App::first_party(&house).await;
        let (used, unused) = (Registered::shop(&house, json!({})).await, Registered::shop(&house, json!({})).await);
        let mut browser = jane(&house).await;
        let page = browser.open(&used.app().request(&[])).await;
        browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let here = house.here();
        let registered = async || {
            let all = here.clients().await.unwrap().into_iter().filter(|client| client.registration.is_some());
            all.map(|client| client.client_id).collect::<std::collections::BTreeSet<_>>()
        };
        let ids = |apps: &[&Registered]| apps.iter().map(|app| app.client_id().to_owned()).collect();
        assert_eq!(registered().await, ids(&[&used, &unused]));
        assert_eq!(here.purge_registered(DAY, false).await.unwrap(), 0, "they are of today");
        house.clock.advance(2 * DAY);
        assert_eq!(here.purge_registered(DAY, false).await.unwrap(), 1);
        assert_eq!(registered().await, ids(&[&used]));
        assert_eq!(here.purge_registered(DAY, true).await.unwrap(), 1);
        assert!(here.client("shop").await.unwrap().is_some(), "what the operator wrote down stays");
        let mut other = house.browser(CHROME);
        other.open(&used.app().request(&[])).await.says("client_id");
    }
}
