//! Keys that an operator renews or takes away.

use crate::bell::{SOON, bells, open, turn_on};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use app::Problem;
use app::keys::{KeyState, RevokeRefusal};
use oauth::jose::SigningAlg;
use std::time::Duration;
use store::model::KeyUse;
use testkit::browser::CHROME;
use testkit::house::{Db, House};
use testkit::people::{App, PASSWORD, jane, sign_in};
use testkit::push_service::PushService;
use testkit::stories;

async fn jwks(house: &House) -> String {
    house.call(TestRequest::with_uri("/oauth/jwks")).await.body
}

async fn in_use(house: &House, usage: KeyUse, alg: &str) -> String {
    let keys = house.here().keys_status().await.unwrap();
    let mut found = keys.into_iter().filter(|key| key.usage == usage && key.alg == alg && key.state == KeyState::InUse);
    let kid = found.next().unwrap().kid;
    assert!(found.next().is_none(), "one at a time");
    kid
}

stories! {
    async fn what_a_revoked_key_signed_is_worth_nothing_any_more(house: House) {
        let app = App::first_party(&house).await;
        let tokens = app.tokens(&house, &mut jane(&house).await).await;
        let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
        let kid = in_use(&house, KeyUse::Sign, "ES256").await;
        assert!(jwks(&house).await.contains(&kid));
        house.here().revoke_key(&kid).await.unwrap_or_else(|e| panic!("{e:?}"));
        assert!(!jwks(&house).await.contains(&kid));
        assert!(!app.is_active(&house, access).await);
        let next = app.refresh(&house, refresh).await;
        assert_eq!(next.status, StatusCode::OK, "{}", next.body);
        assert!(app.is_active(&house, next.json()["access_token"].as_str().unwrap()).await);
        let new = in_use(&house, KeyUse::Sign, "ES256").await;
        assert!(new != kid && jwks(&house).await.contains(&new));
        assert!(matches!(house.here().revoke_key(&kid).await, Err(Problem::Refusal(RevokeRefusal::Unknown))));
    }

    /// What apps read first may be kept for some minutes, by caches too, and is asked for again by its mark.
    async fn keys_and_metadata_are_kept_for_a_while_and_change_their_mark_with_the_keys(house: House) {
        for path in ["/oauth/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
            let reply = house.call(TestRequest::with_uri(path)).await;
            assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::OK, "public, max-age=300"), "{path}");
            assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
            let mark = reply.header("etag").to_owned();
            let again = house.call(TestRequest::with_uri(path).insert_header(("if-none-match", mark))).await;
            assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        }
        let before = house.call(TestRequest::with_uri("/oauth/jwks")).await;
        let old = before.header("etag").to_owned();
        house.here().rotate_keys(&SigningAlg::ALL).await.unwrap();
        let after = house.call(TestRequest::with_uri("/oauth/jwks").insert_header(("if-none-match", old))).await;
        assert_eq!(after.status, StatusCode::OK, "the new keys are told well before they sign");
        let count = |reply: &testkit::browser::Reply| reply.json()["keys"].as_array().unwrap().len();
        assert!(count(&after) > count(&before));
    }

    /// One that is not in use leaves the one that is alone.
    async fn who_revokes_a_waiting_key_changes_nothing_else(house: House) {
        let kid = in_use(&house, KeyUse::Sign, "ES256").await;
        let waiting = house.here().rotate_keys(&SigningAlg::ALL).await.unwrap();
        let waiting = waiting.into_iter().find(|key| key.alg == "ES256").unwrap();
        house.here().revoke_key(&waiting.kid).await.unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(in_use(&house, KeyUse::Sign, "ES256").await, kid);
        assert!(!jwks(&house).await.contains(&waiting.kid));
    }

    async fn who_rotates_the_key_of_one_algorithm_leaves_the_others_alone(house: House) {
        let before = [in_use(&house, KeyUse::Sign, "RS256").await, in_use(&house, KeyUse::Sign, "EdDSA").await];
        let new = house.here().rotate_keys(&[SigningAlg::ES256]).await.unwrap();
        assert_eq!(new.iter().map(|key| key.alg.as_str()).collect::<Vec<_>>(), ["ES256"]);
        assert!(jwks(&house).await.contains(&new[0].kid));
        house.clock.advance(Duration::from_secs(3_601));
        assert_eq!(in_use(&house, KeyUse::Sign, "ES256").await, new[0].kid);
        assert_eq!([in_use(&house, KeyUse::Sign, "RS256").await, in_use(&house, KeyUse::Sign, "EdDSA").await], before);
        // Who renews all of them renews those of the others, too.
        assert_eq!(house.here().rotate_keys(&SigningAlg::ALL).await.unwrap().len(), 3);
    }
}

bells! {
    /// Browsers hang on the key that they subscribed with: they are rung under it until they took up the new one.
    async fn a_new_key_for_push_services_silences_nobody(house, service) {
        let mut old = jane(&house).await;
        let old_bell = turn_on(&mut old, &service).await;
        house.here().rotate_vapid().await.unwrap();
        let mut new = house.browser(CHROME);
        sign_in(&mut new, "jane@example.com", PASSWORD).await;
        old_bell.next_message(SOON).await;
        let new_bell = turn_on(&mut new, &service).await;
        let mut third = house.browser(testkit::browser::SAFARI);
        sign_in(&mut third, "jane@example.com", PASSWORD).await;
        old_bell.next_message(SOON).await;
        new_bell.next_message(SOON).await;
        service.assert_all_well_formed();
    }
}
