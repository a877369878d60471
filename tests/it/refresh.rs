//! Refresh tokens: rotation, reuse, and the end of a family.

use actix_web::http::StatusCode;
use oauth::jose::SigningAlg;
use std::time::Duration;
use testkit::people::{App, jane, userinfo};
use testkit::stories;

stories! {
    async fn a_refresh_token_is_exchanged_for_another(house: House) {
        let app = App::first_party(&house).await;
        let first = app.tokens(&house, &mut jane(&house).await).await;
        let second = app.refresh(&house, first["refresh_token"].as_str().unwrap()).await.json();
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        assert_ne!(first["access_token"], second["access_token"]);
        assert_eq!(userinfo(&house, second["access_token"].as_str().unwrap()).await.json()["name"], "Jane Doe");
    }

    async fn an_answer_that_was_lost_is_given_again_for_ten_seconds(house: House) {
        let app = App::first_party(&house).await;
        let first = app.tokens(&house, &mut jane(&house).await).await;
        let token = first["refresh_token"].as_str().unwrap();
        let lost = app.refresh(&house, token).await.json();
        house.clock.advance(Duration::from_secs(9));
        let again = app.refresh(&house, token).await.json();
        assert_eq!(lost["refresh_token"], again["refresh_token"], "the same child");
        assert_eq!(app.refresh(&house, again["refresh_token"].as_str().unwrap()).await.status, StatusCode::OK);
    }

    /// RFC 9700 §4.14.2: a token used twice means that somebody else has it.
    async fn a_token_used_again_later_ends_the_whole_family(house: House) {
        let app = App::first_party(&house).await;
        let first = app.tokens(&house, &mut jane(&house).await).await;
        let old = first["refresh_token"].as_str().unwrap();
        let new = app.refresh(&house, old).await.json();
        house.clock.advance(Duration::from_secs(11));
        assert_eq!(app.refresh(&house, old).await.json()["error"], "invalid_grant");
        for token in ["refresh_token", "access_token"] {
            assert!(!app.is_active(&house, new[token].as_str().unwrap()).await, "{token}");
        }
        assert_eq!(app.refresh(&house, new["refresh_token"].as_str().unwrap()).await.json()["error"], "invalid_grant");
    }

    async fn fifty_refreshes_at_once_leave_one_descendant(house: House) {
        let app = App::first_party(&house).await;
        let first = app.tokens(&house, &mut jane(&house).await).await;
        let token = first["refresh_token"].as_str().unwrap();
        let replies = futures_util::future::join_all((0..50).map(|_| app.refresh(&house, token))).await;
        let mut children: Vec<String> = replies
            .iter()
            .map(|reply| {
                assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
                reply.json()["refresh_token"].as_str().unwrap().to_owned()
            })
            .collect();
        children.sort();
        children.dedup();
        assert_eq!(children.len(), 1);
    }

    async fn revoking_a_refresh_token_ends_its_family_and_an_access_token_itself(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let tokens = app.tokens(&house, &mut browser).await;
        let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
        assert_eq!(app.call(&house, "/oauth/revoke", &[("token", access)]).await.status, StatusCode::OK);
        assert_eq!(userinfo(&house, access).await.status, StatusCode::UNAUTHORIZED);
        assert!(app.is_active(&house, refresh).await);
        assert_eq!(app.call(&house, "/oauth/revoke", &[("token", refresh)]).await.status, StatusCode::OK);
        assert!(!app.is_active(&house, refresh).await);
        assert_eq!(app.call(&house, "/oauth/revoke", &[("token", "unknown")]).await.status, StatusCode::OK);
    }

    async fn an_access_token_ends_with_its_time(house: House) {
        let app = App::first_party(&house).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        let access = tokens["access_token"].as_str().unwrap();
        assert!(app.is_active(&house, access).await);
        house.clock.advance(Duration::from_secs(tokens["expires_in"].as_u64().unwrap() + 1));
        assert!(!app.is_active(&house, access).await);
        assert_eq!(userinfo(&house, access).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_rotation_of_keys_fails_nobody(house: House) {
        let app = App::first_party(&house).await;
        let mut browser = jane(&house).await;
        let before = app.tokens(&house, &mut browser).await;
        house.here().rotate_keys(&SigningAlg::ALL).await.unwrap();
        assert!(app.is_active(&house, before["access_token"].as_str().unwrap()).await);
        house.clock.advance(Duration::from_secs(3_601));
        let after = app.tokens(&house, &mut browser).await;
        assert!(app.is_active(&house, after["access_token"].as_str().unwrap()).await);
        let kid = |token: &serde_json::Value| token["id_token"].as_str().unwrap().split('.').next().unwrap().to_owned();
        assert_ne!(kid(&before), kid(&after), "the new key signs");
    }
}
