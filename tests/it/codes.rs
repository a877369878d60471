//! The authorization endpoint and its codes.

use actix_web::http::{Method, StatusCode};
use oauth::client::ClientAuthMethod;
use std::time::Duration;
use testkit::browser::FIREFOX;
use testkit::people::{App, CALLBACK, VERIFIER, claims, jane, template};
use testkit::stories;

stories! {
    async fn a_live_session_gets_its_code_without_a_page(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let reply = browser.get(&app.request(&[])).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        assert!(reply.location().starts_with(CALLBACK));
    }

    async fn an_app_of_others_asks_for_consent_once(house: House) {
        let app = App::ordinary(&house).await;
        let mut browser = jane(&house).await;
        let page = browser.open(&app.request(&[])).await;
        page.says("Acme Shop");
        let denied = browser.submit_and_follow(page.form("/consent").with("decision", "deny")).await;
        assert_eq!(denied.parameter("error").unwrap(), "access_denied");
        assert_eq!(denied.parameter("iss").unwrap(), "https://id.acme.test");

        let page = browser.open(&app.request(&[])).await;
        let allowed = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        assert!(allowed.parameter("code").is_some(), "{}", allowed.location());
        assert!(browser.open(&app.request(&[])).await.parameter("code").is_some(), "it is asked once");

        let page = browser.open("/account/apps").await;
        page.says("Acme Shop");
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        browser.open(&app.request(&[])).await.form("/consent");
    }

    /// Pages load pictures from our own origin alone.
    async fn the_consent_page_shows_a_logo_of_our_own_origin_and_no_other(house: House) {
        let mut browser = jane(&house).await;
        let logos = [("own", "https://id.acme.test/brand/shop.png"), ("elsewhere", "https://shop.acme.test/logo.png")];
        for (id, logo) in logos {
            let mut client = template(id, ClientAuthMethod::SecretBasic);
            client.logo_uri = Some(logo.to_owned());
            let app = App::add(&house, client).await;
            let page = browser.open(&app.request(&[])).await;
            page.form("/consent");
            assert_eq!(page.body.contains(logo), id == "own", "{logo}");
        }
    }

    /// RFC 6749 §4.1.2: a code is used once, and its second use ends what came of the first.
    async fn fifty_redemptions_of_one_code_give_tokens_once_and_then_to_nobody(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let code = app.code(&mut browser).await;
        let replies = futures_util::future::join_all((0..50).map(|_| app.redeem(&house, &code))).await;
        let won: Vec<_> = replies.iter().filter(|reply| reply.status == StatusCode::OK).collect();
        assert_eq!(won.len(), 1);
        let lost = replies.iter().find(|reply| reply.status != StatusCode::OK).unwrap();
        assert_eq!((lost.status, lost.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
        let tokens = won[0].json();
        for token in ["access_token", "refresh_token"] {
            assert!(!app.is_active(&house, tokens[token].as_str().unwrap()).await, "{token}");
        }
        assert_eq!(app.refresh(&house, tokens["refresh_token"].as_str().unwrap()).await.status, StatusCode::BAD_REQUEST);
    }

    /// Whoever guesses beside it costs its owner nothing; and a second use ends the tokens however late it comes.
    async fn a_wrong_try_burns_no_code_and_a_late_second_use_ends_its_tokens(house: House) {
        let app = App::first_party(&house).await;
        let code = app.code(&mut jane(&house).await).await;
        for (uri, verifier) in [("https://shop.acme.test/other", VERIFIER), (CALLBACK, "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong")] {
            let form = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", uri), ("code_verifier", verifier)];
            assert_eq!(app.call(&house, "/oauth/token", &form).await.json()["error"], "invalid_grant");
        }
        let tokens = app.redeem(&house, &code).await.json();
        assert!(app.is_active(&house, tokens["access_token"].as_str().unwrap()).await);
        house.clock.advance(Duration::from_secs(120));
        let late = app.redeem(&house, &code).await;
        assert_eq!((late.status, late.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
        for token in ["access_token", "refresh_token"] {
            assert!(!app.is_active(&house, tokens[token].as_str().unwrap()).await, "{token}");
        }
    }

    /// CVE-2026-55672: another client can neither use a code nor burn it.
    async fn a_code_is_its_own_clients_alone(house: House) {
        let app = App::first_party(&house).await;
        let thief = App::add(&house, template("thief", ClientAuthMethod::SecretBasic)).await;
        let mut browser = jane(&house).await;
        let code = app.code(&mut browser).await;
        let reply = thief.redeem(&house, &code).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
        assert_eq!(app.redeem(&house, &code).await.status, StatusCode::OK);
    }

    async fn a_code_needs_its_verifier_its_redirect_uri_and_its_minute(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let code = app.code(&mut browser).await;
        let wrong = [
            vec![("code_verifier", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"), ("redirect_uri", CALLBACK)],
            vec![("redirect_uri", CALLBACK)],
            vec![("code_verifier", VERIFIER), ("redirect_uri", "https://shop.acme.test/other")],
        ];
        for form in wrong {
            let mut form = form.clone();
            form.extend([("grant_type", "authorization_code"), ("code", code.as_str())]);
            let reply = app.call(&house, "/oauth/token", &form).await;
            assert_eq!(reply.json()["error"], "invalid_grant", "{form:?}");
        }
        house.clock.advance(Duration::from_secs(61));
        assert_eq!(app.redeem(&house, &code).await.json()["error"], "invalid_grant");
    }

    /// A code has no row that could be revoked on its way: what it was handed out on is looked at when it comes back.
    async fn a_code_on_its_way_ends_with_its_session(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        app.tokens(&house, &mut browser).await;
        let code = app.code(&mut browser).await;
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        let reply = app.redeem(&house, &code).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
    }

    async fn a_code_on_its_way_ends_when_its_app_is_removed_even_if_it_is_allowed_anew(house: House) {
        let app = App::ordinary(&house).await;
        let mut browser = jane(&house).await;
        let allow = async |browser: &mut testkit::browser::Browser| {
            let page = browser.open(&app.request(&[])).await;
            let back = browser.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
            back.parameter("code").unwrap()
        };
        let first = allow(&mut browser).await;
        assert_eq!(app.redeem(&house, &first).await.status, StatusCode::OK);
        let before = app.code(&mut browser).await;
        let page = browser.open("/account/apps").await;
        browser.submit_and_follow(page.form("/account/apps/remove")).await;
        assert_eq!(app.redeem(&house, &before).await.json()["error"], "invalid_grant");
        house.clock.advance(Duration::from_secs(1));
        let anew = allow(&mut browser).await;
        assert_eq!(app.redeem(&house, &before).await.json()["error"], "invalid_grant", "that was allowed before");
        assert_eq!(app.redeem(&house, &anew).await.status, StatusCode::OK);
    }

    /// A code that was changed on its way, or sealed elsewhere, is none; and it is long enough for nobody to guess, and short enough
    /// for an address.
    async fn a_code_that_was_changed_is_none(house: House) {
        let app = App::first_party(&house).await;
        let code = app.code(&mut jane(&house).await).await;
        assert!((200..=2_048).contains(&code.len()), "{}", code.len());
        let middle = code.len() / 2;
        let other = if code.as_bytes()[middle] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &code[..middle], &code[middle + 1..]);
        for wrong in [changed.as_str(), &code[..code.len() - 4], "wb_cd_", "wb_cd_AAAA"] {
            let reply = app.redeem(&house, wrong).await;
            assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
        }
        assert_eq!(app.redeem(&house, &code).await.status, StatusCode::OK);
    }

    /// Nothing that a stranger wrote into the address decides where an answer goes.
    async fn a_foreign_redirect_uri_is_told_on_our_own_page(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        for uri in ["https://evil.test/callback", "https://shop.acme.test/callback/", "https://shop.acme.test/callback?x=1", "https://shop.acme.test@evil.test/callback"] {
            for prompt in ["", "none"] {
                let reply = browser.get(&app.request(&[("redirect_uri", uri), ("prompt", prompt)])).await;
                assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{uri}");
                assert_eq!(reply.header("location"), "");
                assert!(reply.text().to_lowercase().contains("error"), "{}", reply.text());
            }
        }
    }

    async fn prompt_none_never_shows_a_page(house: House) {
        let app = App::first_party(&house).await;
        let mut stranger = house.browser(FIREFOX);
        let reply = stranger.get(&app.request(&[("prompt", "none")])).await;
        assert_eq!(reply.parameter("error").unwrap(), "login_required");
        assert_eq!(reply.parameter("state").unwrap(), "af0ifjsldkj");
        let mut browser = jane(&house).await;
        assert!(browser.get(&app.request(&[("prompt", "none")])).await.parameter("code").is_some());
    }

    async fn prompt_login_and_max_age_want_a_fresh_proof(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let first = claims(app.tokens(&house, &mut browser).await["id_token"].as_str().unwrap());
        house.clock.advance(Duration::from_secs(10));
        for more in [("prompt", "login"), ("max_age", "5")] {
            let page = browser.open(&app.request(&[more])).await;
            let form = page.form("/login").with("username", "jane@example.com").with("password", testkit::people::PASSWORD);
            let back = browser.submit_and_follow(form).await;
            let tokens = app.redeem(&house, &back.parameter("code").unwrap()).await.json();
            let second = claims(tokens["id_token"].as_str().unwrap());
            assert!(second["auth_time"].as_i64().unwrap() > first["auth_time"].as_i64().unwrap(), "{more:?}");
            assert_eq!(second["sid"], first["sid"], "the same session, proven again");
            house.clock.advance(Duration::from_secs(10));
        }
        // An old ID token still says who is meant.
        let hint = app.tokens(&house, &mut browser).await["id_token"].as_str().unwrap().to_owned();
        house.clock.advance(Duration::from_secs(7_200));
        let reply = browser.get(&app.request(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
        assert!(reply.parameter("code").is_some(), "{}", reply.location());
    }

    async fn the_authorization_endpoint_takes_a_post_from_another_site(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let query = app.request(&[]);
        let fields: Vec<(String, String)> =
            url::form_urlencoded::parse(query.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let request = browser
            .request(Method::POST, "/oauth/authorize")
            .set_form(&fields)
            .insert_header(("origin", "https://shop.acme.test"))
            .insert_header(("sec-fetch-site", "cross-site"));
        let reply = browser.send(request).await;
        let back = if reply.status == StatusCode::OK {
            let form = reply.form("/oauth/authorize");
            browser.submit_and_follow(form).await
        } else {
            browser.follow(reply).await
        };
        assert!(back.parameter("code").is_some(), "{}", back.location());
    }

    async fn what_discovery_says_is_there(house: House) {
        let document = house.call(actix_web::test::TestRequest::get().uri("/.well-known/openid-configuration")).await.json();
        assert_eq!(document["issuer"], "https://id.acme.test");
        assert_eq!(document["request_uri_parameter_supported"], false);
        let jwks = document["jwks_uri"].as_str().unwrap().replace("https://id.acme.test", "");
        let keys = house.call(actix_web::test::TestRequest::get().uri(&jwks)).await.json();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 3);
        for key in keys["keys"].as_array().unwrap() {
            assert!(key.get("d").is_none() && key["kid"].is_string());
        }
    }
}
