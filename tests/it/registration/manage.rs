//! What an app registered, read, changed and withdrawn by it (RFC 7592).

use super::*;
use testkit::people::jane;
use testkit::stories;

#[track_caller]
fn no_entry(reply: &Reply) {
    assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
}

stories! {
    async fn an_app_reads_what_it_registered(db: Db) {
        let house = open_house(db).await;
        let app = Registered::shop(&house, json!({})).await;
        let reply = app.call(&house, Method::GET, &Value::Null).await;
        assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "no-store"));
        let mut expected = app.told.clone();
        // It is kept as a hash: nobody can be shown it again.
        expected.as_object_mut().unwrap().remove("client_secret");
        assert_eq!(reply.json(), expected);
    }

    /// RFC 7592 §2.2: the whole registration is replaced, and the token with it.
    async fn an_app_changes_what_it_registered_and_gets_another_token(db: Db) {
        let house = open_house(db).await;
        let old = Registered::shop(&house, json!({"contacts": ["ops@acme.test"]})).await;
        let said = old.again(json!({"client_name": "Acme Market", "contacts": null}));
        let new = Registered::of(&old.call(&house, Method::PUT, &said).await);
        assert_eq!((&new.told["client_name"], new.told.get("contacts")), (&json!("Acme Market"), None));
        assert_eq!(new.told["client_id"], old.told["client_id"]);
        assert!(new.told.get("client_secret").is_none(), "the secret stays as it is");
        assert_ne!(new.token, old.token);
        no_entry(&old.call(&house, Method::GET, &Value::Null).await);
        assert_eq!(new.call(&house, Method::GET, &Value::Null).await.json()["client_name"], "Acme Market");
        assert!(!old.app().is_active(&house, "x").await, "the old secret still proves the app");
    }

    async fn an_app_that_changes_its_way_gets_a_secret_or_loses_it(db: Db) {
        let house = open_house(db).await;
        let basic = Registered::shop(&house, json!({})).await;
        let said = basic.again(json!({"token_endpoint_auth_method": "none", "client_secret": null}));
        let public = Registered::of(&basic.call(&house, Method::PUT, &said).await);
        assert!(public.told.get("client_secret").is_none() && public.told.get("client_secret_expires_at").is_none());
        let said = public.again(json!({"token_endpoint_auth_method": "client_secret_post"}));
        let post = Registered::of(&public.call(&house, Method::PUT, &said).await);
        assert!(post.told["client_secret"].is_string());
        assert_ne!(post.told["client_secret"], basic.told["client_secret"]);
    }

    /// RFC 7592 §2.2: what only the server says is not sent, and a secret is none that the app chose.
    async fn an_app_speaks_for_itself_alone(db: Db) {
        let house = open_house(db).await;
        let (app, other) = (Registered::shop(&house, json!({})).await, Registered::shop(&house, json!({})).await);
        for (otherwise, member) in [
            (json!({"client_id": other.client_id()}), "client_id"),
            (json!({"client_id": null}), "client_id"),
            (json!({"client_secret": "chosen"}), "client_secret"),
            (json!({"client_secret": other.told["client_secret"]}), "client_secret"),
            (json!({"registration_access_token": app.token}), "registration_access_token"),
            (json!({"registration_client_uri": "https://evil.example/"}), "registration_client_uri"),
            (json!({"client_id_issued_at": 1}), "client_id_issued_at"),
            (json!({"client_secret_expires_at": 0}), "client_secret_expires_at"),
        ] {
            refused(&app.call(&house, Method::PUT, &app.again(otherwise)).await, "invalid_client_metadata", member);
        }
        assert_eq!(app.call(&house, Method::GET, &Value::Null).await.status, StatusCode::OK, "nothing was changed");
    }

    async fn the_token_of_one_app_opens_no_other(db: Db) {
        let house = open_house(db).await;
        let initial = given(&house, 1, Duration::from_secs(60)).await.secret.reveal();
        let (app, other) = (Registered::shop(&house, json!({})).await, Registered::shop(&house, json!({})).await);
        App::first_party(&house).await;
        let secret = app.told["client_secret"].as_str().unwrap();
        for (path, token) in [
            (app.path.as_str(), other.token.as_str()),
            (&app.path, ""),
            (&app.path, "x"),
            (&app.path, secret),
            (&app.path, &initial),
            (&app.path, &app.token[..app.token.len() - 1]),
            ("/oauth/register/shop", &app.token),
            ("/oauth/register/nobody", &app.token),
        ] {
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                let body = if method == Method::PUT { app.again(json!({})) } else { Value::Null };
                no_entry(&call(&house, method, path, token, &body).await);
            }
        }
        assert_eq!(app.call(&house, Method::GET, &Value::Null).await.status, StatusCode::OK);
    }

    /// CVE-2026-9705.
    async fn an_app_gets_no_further_by_a_change_than_by_registering(db: Db) {
        let mut plan = plan(RegistrationMode::Open);
        plan.settings.registration.policy.redirect_hosts = vec!["shop.acme.test".into()];
        let house = House::build(db, plan).await;
        let app = Registered::shop(&house, json!({"scope": "openid"})).await;
        for (otherwise, code, member) in [
            (json!({"redirect_uris": ["https://evil.example/cb"]}), "invalid_redirect_uri", "redirect_uris"),
            (json!({"redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri", "redirect_uris"),
            (json!({"grant_types": ["client_credentials"]}), "invalid_client_metadata", "grant_types"),
            (json!({"scope": "notices"}), "invalid_client_metadata", "scope"),
        ] {
            refused(&app.call(&house, Method::PUT, &app.again(otherwise)).await, code, member);
        }
        let greedy = app.again(json!({"scope": "openid notices", "first_party": true, "resource_server": true}));
        let same = Registered::of(&app.call(&house, Method::PUT, &greedy).await);
        let client = house.here().client(app.client_id()).await.unwrap().unwrap();
        assert!(!client.first_party && !client.resource_server && client.scope.to_string() == "openid");
        // Switched off by the operator, it has no say: it does not switch itself on again.
        let off = oauth::Client { disabled_at: Some(house.clock.now()), ..client };
        house.here().save_client(off).await.map(drop).unwrap_or_else(|e| panic!("{e:?}"));
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let body = if method == Method::PUT { same.again(json!({})) } else { Value::Null };
            assert_eq!(same.call(&house, method, &body).await.status, StatusCode::FORBIDDEN);
        }
        assert!(!house.here().client(app.client_id()).await.unwrap().unwrap().is_enabled());
    }

    async fn what_the_operator_has_set_since_stays(db: Db) {
        let house = open_house(db).await;
        let app = Registered::shop(&house, json!({})).await;
        let mut client = house.here().client(app.client_id()).await.unwrap().unwrap();
        client.first_party = true;
        client.access_token_lifetime = Duration::from_secs(60);
        house.here().save_client(client).await.map(drop).unwrap_or_else(|e| panic!("{e:?}"));
        Registered::of(&app.call(&house, Method::PUT, &app.again(json!({"client_name": "X"}))).await);
        let after = house.here().client(app.client_id()).await.unwrap().unwrap();
        assert!(after.first_party && after.access_token_lifetime.as_secs() == 60 && after.name == "X");
    }

    async fn of_twenty_changes_at_once_one_counts(db: Db) {
        let house = open_house(db).await;
        let app = Registered::shop(&house, json!({})).await;
        let said = app.again(json!({"client_name": "Changed"}));
        let all = (0..20).map(|_| app.call(&house, Method::PUT, &said));
        let replies = futures_util::future::join_all(all).await;
        let count = |status| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((count(StatusCode::OK), count(StatusCode::UNAUTHORIZED)), (1, 19));
    }

    /// RFC 7592 §2.3.
    async fn an_app_that_withdraws_takes_its_tokens_with_it(db: Db) {
        let house = open_house(db).await;
        let app = Registered::shop(&house, json!({})).await;
        let api = App::add(&house, oauth::Client { resource_server: true, ..testkit::people::template("api", oauth::ClientAuthMethod::SecretBasic) }).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.app().request(&[])).await;
        let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        let unused = browser.open(&app.app().request(&[])).await.parameter("code").unwrap();
        let tokens = app.app().redeem(&house, &back.parameter("code").unwrap()).await.json();
        let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
        assert!(api.is_active(&house, access).await);
        browser.open("/account/apps").await.says("Acme Shop");
        let reply = app.call(&house, Method::DELETE, &Value::Null).await;
        assert_eq!((reply.status, reply.body.as_str()), (StatusCode::NO_CONTENT, ""));
        assert!(!api.is_active(&house, access).await);
        assert_eq!(testkit::people::userinfo(&house, access).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(app.app().refresh(&house, refresh).await.json()["error"], "invalid_client");
        assert_eq!(app.app().redeem(&house, &unused).await.json()["error"], "invalid_client");
        assert!(!browser.open("/account/apps").await.body.contains("Acme Shop"));
        no_entry(&app.call(&house, Method::GET, &Value::Null).await);
        no_entry(&app.call(&house, Method::DELETE, &Value::Null).await);
    }

    /// Whoever signs in to an app that withdraws meanwhile is led to their account, not into a fault.
    async fn a_sign_in_to_an_app_that_withdraws_meanwhile_ends_at_the_account(db: Db) {
        let house = open_house(db).await;
        let app = Registered::shop(&house, json!({})).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.app().request(&[])).await;
        app.call(&house, Method::DELETE, &Value::Null).await;
        let reply = browser.submit(page.form("/consent").with("decision", "allow")).await;
        assert!(!reply.status.is_server_error() && !reply.location().contains("code="), "{}", reply.body);
    }
}
