//! What apps and strangers try.

use super::{GRANT, JANE, allow, ask, bank, banking, call, name, poll, refused, waiting};
use actix_web::http::StatusCode;
use oauth::client::{Client, DeliveryMode};
use std::time::Duration;
use testkit::people::{App, jane};
use testkit::stories;

stories! {
    /// ASVS 6.3.8: an app that guesses names learns nothing, neither by the answer nor by coming back.
    async fn whether_there_is_such_a_person_is_not_told(house: House) {
        let app = bank(&house).await;
        let _ = jane(&house).await;
        let (known, unknown) = (ask(&house, &app, &[]).await, ask(&house, &app, &[("login_hint", "nobody@example.com")]).await);
        let members = |told: &serde_json::Value| told.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(&known), members(&unknown));
        assert_eq!(name(&known).len(), name(&unknown).len());
        for asked in [&known, &unknown] {
            refused(&poll(&house, &app, asked).await, "authorization_pending");
            refused(&poll(&house, &app, asked).await, "slow_down");
        }
        house.clock.advance(Duration::from_secs(301));
        for asked in [&known, &unknown] {
            refused(&poll(&house, &app, asked).await, "expired_token");
        }
        for who in [JANE, "nobody@example.com"] {
            let mut reply = call(&house, &app, &[("login_hint", who)]).await;
            for _ in 0..40 {
                reply = call(&house, &app, &[("login_hint", who)]).await;
            }
            let told = (reply.status, reply.json()["error"].as_str().map(str::to_owned));
            assert_eq!(told, (StatusCode::FORBIDDEN, Some("access_denied".to_owned())), "{who}");
        }
    }

    /// One request of an app waits for a person and no more.
    async fn a_newer_request_takes_the_place_of_the_one_before(house: House) {
        let app = bank(&house).await;
        let shop = App::add(&house, Client { client_id: "other".to_owned(), name: "Other App".to_owned(), ..banking(DeliveryMode::Poll) }).await;
        let mut browser = jane(&house).await;
        let others = ask(&house, &shop, &[]).await;
        let first = ask(&house, &app, &[]).await;
        let page = browser.open("/account").await;
        let paths = page.body.split("/account/asks/").skip(1).filter_map(|rest| rest.split('"').next());
        let old: Vec<_> = paths.map(|id| format!("/account/asks/{id}")).collect();
        let second = ask(&house, &app, &[("binding_message", "second")]).await;
        refused(&poll(&house, &app, &first).await, "expired_token");
        refused(&poll(&house, &app, &second).await, "authorization_pending");
        refused(&poll(&house, &shop, &others).await, "authorization_pending");
        let page = browser.open("/account").await;
        assert_eq!(page.text().matches("asks for your yes").count(), 2, "one of each app");
        let gone = old.iter().find(|path| !page.body.contains(path.as_str())).unwrap();
        browser.open(gone).await.says("Asked anew");
    }

    async fn another_client_neither_redeems_a_request_nor_slows_it_down(house: House) {
        let app = bank(&house).await;
        let thief = App::add(&house, Client { client_id: "thief".to_owned(), ..banking(DeliveryMode::Poll) }).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        for _ in 0..3 {
            refused(&poll(&house, &thief, &asked).await, "invalid_grant");
        }
        refused(&poll(&house, &app, &asked).await, "authorization_pending");
        let path = waiting(&mut browser).await;
        allow(&mut browser, &path, None).await;
        refused(&poll(&house, &thief, &asked).await, "invalid_grant");
        assert_eq!(poll(&house, &app, &asked).await.status, StatusCode::OK);
    }

    /// CVE-2026-27840.
    async fn a_changed_name_is_none(house: House) {
        let app = bank(&house).await;
        let _ = jane(&house).await;
        let id = name(&ask(&house, &app, &[]).await);
        for bad in [id[1..].to_owned(), format!("{id}A"), id.to_uppercase(), id.replace("wb_ar_", "wb_dc_")] {
            refused(&app.call(&house, "/oauth/token", &[("grant_type", GRANT), ("auth_req_id", &bad)]).await, "invalid_grant");
        }
        refused(&app.call(&house, "/oauth/token", &[("grant_type", GRANT)]).await, "invalid_request");
    }

    async fn an_app_that_was_switched_off_is_not_answered(house: House) {
        let app = bank(&house).await;
        let mut browser = jane(&house).await;
        let asked = ask(&house, &app, &[]).await;
        let path = waiting(&mut browser).await;
        let open = browser.open(&path).await;
        let mut client = house.here().client("bank").await.unwrap().unwrap();
        client.disabled_at = Some(house.clock.now());
        house.here().save_client(client).await.map(drop).map_err(|e| format!("{e:?}")).unwrap();
        browser.submit_and_follow(open.form(&format!("{path}/allow"))).await.says("Too late");
        let reply = poll(&house, &app, &asked).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (StatusCode::UNAUTHORIZED, Some("invalid_client")));
    }
}
