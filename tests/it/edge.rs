//! What stands around every page: headers, hosts, methods, limits.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use testkit::browser::FIREFOX;
use testkit::people::{App, jane};
use testkit::stories;

const PAGES: [&str; 12] = [
    "/login",
    "/recover",
    "/signed-out",
    "/account",
    "/account/devices",
    "/account/notifications",
    "/oauth/authorize",
    "/oauth/userinfo",
    "/no-such-page",
    "/confirm?token=x",
    "/reset?token=x",
    "/setup?token=x",
];

stories! {
    async fn every_answer_carries_the_headers_that_protect_it(house: House) {
        let mut browser = jane(&house).await;
        for path in PAGES {
            let reply = browser.get(path).await;
            let csp = reply.header("content-security-policy");
            assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"), "{path}: {csp}");
            assert!(!csp.contains("unsafe"), "{path}: {csp}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
            assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert!(reply.header("strict-transport-security").contains("max-age="), "{path}");
            assert!(reply.header("cache-control").contains("no-store"), "{path}: {}", reply.header("cache-control"));
            assert!(!reply.header("x-request-id").is_empty(), "{path}");
            assert_eq!(reply.header("server"), "", "{path}");
            assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        }
    }

    /// CVE-2025-64101: the host of a request is compared, never used.
    async fn a_poisoned_host_reaches_nothing_and_no_link(house: House) {
        let mut browser = jane(&house).await;
        let request = TestRequest::get().uri("/login").insert_header(("host", "evil.test"));
        let reply = house.call_as_is(request).await;
        assert!(reply.status.is_client_error(), "{}", reply.status);

        let page = browser.open("/recover").await;
        let form = page.form("/recover").with("username", "jane@example.com");
        let fields: Vec<(String, String)> = form.fields().to_vec();
        let request = browser
            .same_origin(browser.request(Method::POST, "/recover"))
            .set_form(&fields)
            .insert_header(("x-forwarded-host", "evil.test"))
            .insert_header(("forwarded", "host=evil.test"))
            .insert_header(("x-forwarded-proto", "http"));
        browser.send(request).await;
        let letter = house.post.take("jane@example.com", "").await;
        assert!(letter.link("/reset").starts_with("https://id.acme.test/reset"), "{}", letter.text);
        assert!(!letter.html.contains("evil.test"));
    }

    async fn cookies_are_bound_to_the_host_and_out_of_reach_of_scripts(house: House) {
        let mut browser = house.browser(FIREFOX);
        testkit::people::register(&house, &mut browser, "jane@example.com").await;
        let page = browser.open("/account").await;
        browser.submit_and_follow(page.form("/logout")).await;
        let page = browser.open("/login").await;
        let form = page.form("/login").with("username", "jane@example.com").with("password", testkit::people::PASSWORD);
        let reply = browser.submit(form).await;
        let cookies: Vec<&str> = reply.headers.iter().filter(|(n, _)| n == "set-cookie").map(|(_, v)| v.as_str()).collect();
        assert!(!cookies.is_empty());
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-"), "{cookie}");
            for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
                assert!(cookie.contains(part), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }

    /// RFC 9700 §4.12: after a POST with credentials the browser must not post them again elsewhere.
    async fn a_post_is_answered_by_a_see_other(house: House) {
        let mut browser = house.browser(FIREFOX);
        let page = browser.open("/login").await;
        let page = browser.open(&testkit::people::link(&page, "/register")).await;
        let form = page.form("/register").with("username", "jane@example.com").with("name", "Jane").with("password", testkit::people::PASSWORD);
        assert_eq!(browser.submit(form).await.status, StatusCode::SEE_OTHER);
    }

    async fn bad_bodies_are_refused_and_never_break_anything(house: House) {
        let app = App::first_party(&house).await;
        let huge = "x".repeat(200_000);
        for form in [vec![], vec![("grant_type", "password")], vec![("grant_type", "authorization_code"), ("code", "nonsense")], vec![("grant_type", huge.as_str())]] {
            let reply = app.call(&house, "/oauth/token", &form).await;
            assert!(reply.status.is_client_error(), "{form:?}: {}", reply.status);
        }
        for (kind, body) in [("text/plain", "grant_type=refresh_token"), ("application/json", "{"), ("application/x-www-form-urlencoded", "%ff%fe=%00")] {
            let request = TestRequest::post().uri("/oauth/token").insert_header(("content-type", kind)).set_payload(body);
            assert!(house.call(request).await.status.is_client_error(), "{kind}");
        }
        let request = TestRequest::post().uri("/oauth/token").insert_header(("authorization", &b"Basic \xff\xfe"[..]));
        assert!(house.call(request).await.status.is_client_error());
    }

    async fn a_lost_or_foreign_flow_leads_back_to_a_sign_in(house: House) {
        let mut browser = house.browser(FIREFOX);
        let page = browser.open("/login").await;
        let flow = page.form("/login").value("flow").to_owned();
        let mut other = house.browser(FIREFOX);
        let reply = other.open(&format!("/login?flow={flow}")).await;
        assert!(reply.status.is_client_error() || reply.status.is_success());
        reply.says("Sign in");
        let reply = browser.open("/login?flow=01890000-0000-7000-8000-000000000000").await;
        reply.says("Start again");
        // An expired one begins again by itself.
        house.clock.advance(std::time::Duration::from_secs(3_600));
        let again = browser.open(&format!("/login?flow={flow}")).await;
        assert_ne!(again.form("/login").value("flow"), flow);
    }
}
