//! The account pages.

use actix_web::http::{Method, StatusCode};
use serde_json::json;
use testkit::browser::CHROME;
use testkit::people::{PASSWORD, jane, sign_in};
use testkit::stories;

stories! {
    async fn a_preference_follows_the_person_into_every_browser(house: House) {
        let mut here = jane(&house).await;
        let mut there = house.browser(CHROME);
        sign_in(&mut there, "jane@example.com", PASSWORD).await;
        let before = here.get("/account/api/preferences").await.json();
        let change = json!({ "topic": "app.connected", "channel": "push", "on": true, "rev": before["rev"] });
        let reply = here.json(Method::PATCH, "/account/api/preferences", &change).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let after = there.get("/account/api/preferences").await.json();
        assert_eq!(after["rev"], reply.json()["rev"]);
        assert_ne!(after["rev"], before["rev"]);

        let stale = there.json(Method::PATCH, "/account/api/preferences", &change).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "an update that saw an older state is not lost in silence");
    }

    /// Two tabs wait at the same sign-in: where one signs in, the other goes on too.
    async fn a_tab_that_another_one_overtook_moves_on_by_itself(house: House) {
        let _jane = jane(&house).await;
        let mut browser = house.browser(CHROME);
        let form = browser.open("/account/devices").await.form("/login");
        let tab = format!("/login?flow={}", form.value("flow"));
        let form = form.with("username", "jane@example.com").with("password", PASSWORD);
        browser.submit_and_follow(form).await;
        browser.open(&tab).await.says("This browser");
        browser.cookies().retain(|name, _| !name.contains("session"));
        browser.open(&tab).await.form("/login");
    }

    async fn a_thief_cannot_silence_the_warning_about_the_password(house: House) {
        let mut here = jane(&house).await;
        let rev = here.get("/account/api/preferences").await.json()["rev"].clone();
        let change = json!({ "topic": "credential.changed", "channel": "email", "on": false, "rev": rev });
        let reply = here.json(Method::PATCH, "/account/api/preferences", &change).await;
        assert!(reply.status.is_client_error(), "{}", reply.status);
    }

    async fn the_profile_is_saved_and_said(house: House) {
        let mut here = jane(&house).await;
        let page = here.open("/account/profile").await;
        let form = page.form("/account/profile").with("name", "Jane Roe").with("time_zone", "Europe/Lisbon").with("locale", "de");
        here.submit_and_follow(form).await;
        here.open("/account").await.says("Jane Roe");
        let bad = page.form("/account/profile").with("name", "Jane").with("time_zone", "Mars/Olympus");
        assert_eq!(here.submit(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn every_account_page_opens_and_tells_what_happened(house: House) {
        let mut here = jane(&house).await;
        for path in ["/account", "/account/profile", "/account/signin", "/account/devices", "/account/apps", "/account/notifications", "/account/activity"] {
            let page = here.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
            assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
        }
    }

    /// ASVS 3.5: a change that another site sends is refused.
    async fn a_change_from_another_site_is_refused(house: House) {
        let mut here = jane(&house).await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.test"), ("origin", "null"), ("x-nothing", "at-all")] {
            let request = here.request(Method::POST, "/account/devices/end-others").insert_header((name, value));
            assert_eq!(here.send(request).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
        }
        here.open("/account").await.says("Jane");
    }
}
