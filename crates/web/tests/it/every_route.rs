//! The walk over every path that there is.

use crate::requests::{open, own, stranger};
use actix_web::http::{Method, StatusCode};
use base::routes::*;
use testkit::browser::Reply;

/// Every path of the product; those with an id get one of nobody's.
fn paths() -> Vec<String> {
    let fixed = [
        "/",
        "/livez",
        "/readyz",
        "/sw.js",
        "/favicon.ico",
        "/robots.txt",
        "/a/none.css",
        "/no-such-page",
        DISCOVERY,
        SERVER_METADATA,
        CHANGE_PASSWORD,
        JWKS,
        AUTHORIZE,
        TOKEN,
        USERINFO,
        INTROSPECT,
        PAR,
        REVOKE,
        END_SESSION,
        LOGIN,
        REFUSED,
        LOGIN_CODE,
        LOGIN_CODE_SEND,
        MFA,
        ENROL,
        ENROL_KEY,
        ENROL_KEY_OPTIONS,
        NEW_CODES,
        CONTINUE,
        UPSTREAM,
        "/login/upstream/none/callback",
        UPSTREAM_FORGET,
        REGISTER_UPSTREAM,
        OFFER,
        CONSENT,
        REGISTER,
        CHECK_MAIL,
        RESEND,
        REGISTER_STATE,
        CONFIRM_EMAIL,
        INVITE,
        RECOVER,
        RESET,
        RECOVERY,
        RECOVERY_BEGIN,
        RECOVERY_FINISH,
        RECOVERY_STOP,
        WAY_OFF,
        LOGOUT,
        SIGNED_OUT,
        SETUP,
        ACCOUNT,
        PROFILE,
        PHONE,
        SIGN_IN,
        PASSWORD,
        TOTP,
        TOTP_REMOVE,
        RECOVERY_CODES,
        RECOVERY_CODES_FILE,
        IDENTITY_LINK,
        IDENTITY_UNLINK,
        DEVICES,
        DEVICES_END_OTHERS,
        DEVICE_END,
        DEVICE_FORGET,
        DEVICE_APP_END,
        DEVICE_ASK,
        APPS,
        APP_REMOVE,
        NOTIFICATIONS,
        QUIET,
        SUBSCRIPTION_REMOVE,
        NOTICE_DATA,
        ACTIVITY,
        WAS_THIS_YOU,
        SECURE,
        API_PREFERENCES,
        API_SUBSCRIPTIONS,
        API_ROTATE,
        API_TEST,
        API_OFFER,
        API_NOTICE_DATA,
    ];
    let nobody: base::Id = "01890000-0000-7000-8000-000000000000".parse().unwrap();
    let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
    all.extend([
        recovery(nobody),
        recovery_stop(nobody),
        was_this_you(nobody),
        was_this_you_answer(nobody, "yes"),
        was_this_you_answer(nobody, "no"),
    ]);
    all.extend(
        [LOGIN, REFUSED, MFA, NEW_CODES, CONTINUE, OFFER, CONSENT, REGISTER, CHECK_MAIL, REGISTER_STATE]
            .map(|path| with_flow(path, nobody)),
    );
    all
}

fn assert_protected(reply: &Reply, what: &str) {
    let csp = reply.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(csp.contains(rule), "{what}: {csp}");
    }
    assert!(!csp.contains("unsafe") && !csp.contains('*'), "{what}: {csp}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(reply.header("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{what}");
    assert!(!reply.header("permissions-policy").is_empty(), "{what}");
    assert!(!reply.header("cache-control").is_empty(), "{what}");
    assert_eq!(reply.header("x-request-id").len(), 36, "{what}");
    assert_eq!(reply.header("server"), "", "{what}");
}

#[actix_web::test]
async fn every_answer_of_every_route_is_protected_and_none_is_a_fault() {
    let house = open().await;
    for path in paths() {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
        ] {
            let what = format!("{method} {path}");
            let reply = house.call(own(method, &path)).await;
            assert_protected(&reply, &what);
            assert!(reply.header("strict-transport-security").starts_with("max-age="), "{what}");
            assert!(!reply.status.is_server_error(), "{what}: {} {}", reply.status, reply.body);
        }
    }
}

#[actix_web::test]
async fn only_documents_and_assets_may_be_kept() {
    let house = open().await;
    for path in paths() {
        let reply = house.call(own(Method::GET, &path)).await;
        let kept = [DISCOVERY, SERVER_METADATA, JWKS, "/robots.txt", "/sw.js", "/favicon.ico"].contains(&path.as_str());
        assert_eq!(reply.header("cache-control") == "no-store", !kept, "{path}: {}", reply.header("cache-control"));
    }
    let styles = view::assets::url("app.css").unwrap();
    let reply = house.call(own(Method::GET, styles).insert_header(("accept-encoding", "gzip, br"))).await;
    assert!(reply.header("cache-control").contains("immutable"));
    assert_eq!(reply.header("content-encoding"), "br");
    let again =
        house.call(own(Method::GET, styles).insert_header(("if-none-match", reply.header("etag").to_owned()))).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_take_is_told_with_those_that_it_takes() {
    let house = open().await;
    for (method, path, allow) in [
        (Method::DELETE, LOGIN, "GET, HEAD, POST, OPTIONS"),
        (Method::GET, TOKEN, "POST, OPTIONS"),
        (Method::POST, DISCOVERY, "GET, HEAD, OPTIONS"),
        (Method::TRACE, LOGIN, "GET, HEAD, POST"),
    ] {
        let reply = house.call(own(method.clone(), path)).await;
        assert_eq!((reply.status, reply.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, allow), "{method} {path}");
    }
    let reply = house.call(own(Method::OPTIONS, LOGIN)).await;
    assert_eq!((reply.status, reply.header("allow")), (StatusCode::NO_CONTENT, "GET, HEAD, POST, OPTIONS"));
}

/// A HEAD must not begin a sign-in, issue a code or sign anybody out.
#[actix_web::test]
async fn a_head_changes_nothing() {
    let house = open().await;
    for path in [AUTHORIZE, CONTINUE, END_SESSION, OFFER, "/login/upstream/none/callback"] {
        assert_eq!(house.call(stranger(Method::HEAD, path)).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(house.call(stranger(Method::HEAD, SIGNED_OUT)).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_host_that_is_not_ours_gets_nothing() {
    let house = open().await;
    for host in ["evil.test", "id.acme.test.evil.test", "id.acme.test:8443", "", "id.acme.test@evil.test"] {
        let request = actix_web::test::TestRequest::with_uri(LOGIN).insert_header(("host", host));
        let reply = house.call_as_is(request).await;
        assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!reply.body.contains("acme"), "{}", reply.body);
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
    let host = ("host", "id.acme.test");
    let twice = own(Method::GET, LOGIN).append_header(host).append_header(("host", "evil.test"));
    assert_eq!(house.call_as_is(twice).await.status, StatusCode::MISDIRECTED_REQUEST);
    // A load balancer knows an address, and no name.
    for path in ["/livez", "/readyz"] {
        let request = actix_web::test::TestRequest::with_uri(path).insert_header(("host", "10.0.0.7:8080"));
        assert_eq!(house.call_as_is(request).await.status, StatusCode::OK, "{path}");
    }
}

#[actix_web::test]
async fn nobody_gets_at_an_account_without_a_session() {
    let house = open().await;
    for path in paths().into_iter().filter(|path| path.starts_with("/account")) {
        let open = path.starts_with(WAS_THIS_YOU) || path.starts_with(RECOVERY_STOP) || path == SECURE;
        for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
            let json = path.starts_with("/account/api/");
            let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
            let reply = house.call(own(method.clone(), &path).insert_header(("content-type", kind))).await;
            let refused = match reply.status {
                StatusCode::UNAUTHORIZED => json,
                StatusCode::SEE_OTHER => reply.header("location").starts_with("/login?"),
                StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => true,
                _ => false,
            };
            assert!(refused || (open && method == Method::GET), "{method} {path}: {}", reply.status);
        }
    }
}

#[actix_web::test]
async fn a_body_that_is_too_large_or_has_too_many_fields_is_refused() {
    let house = open().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let large = own(Method::POST, LOGIN).insert_header(form).set_payload("a".repeat(65 * 1024));
    assert_eq!(house.call(large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many = own(Method::POST, LOGIN).insert_header(form).set_payload("a=1&".repeat(101));
    assert_eq!(house.call(many).await.status, StatusCode::BAD_REQUEST);
    let query = format!("{LOGIN}?{}", "a=1&".repeat(101));
    assert_eq!(house.call(own(Method::GET, &query)).await.status, StatusCode::BAD_REQUEST);
    for body in [&b"\xff\xfe"[..], b"%ff=%00", b"=&=&"] {
        let odd = own(Method::POST, LOGIN).insert_header(form).set_payload(body);
        assert!(!house.call(odd).await.status.is_server_error(), "{body:?}");
    }
}
