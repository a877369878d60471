//! What other sites send.

use crate::requests::{open, own, stranger};
use actix_web::http::{Method, StatusCode};
use base::routes::*;

const STATE_CHANGING: [&str; 21] = [
    LOGIN,
    CONTINUE,
    OFFER,
    CONSENT,
    REGISTER,
    RESEND,
    CONFIRM_EMAIL,
    RECOVER,
    RESET,
    LOGOUT,
    SETUP,
    PROFILE,
    PHONE,
    PASSWORD,
    DEVICES_END_OTHERS,
    DEVICE_END,
    APP_REMOVE,
    NOTIFICATIONS,
    API_SUBSCRIPTIONS,
    API_TEST,
    API_OFFER,
];

#[actix_web::test]
async fn a_form_of_another_site_changes_nothing() {
    let house = open().await;
    for path in STATE_CHANGING {
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site"), ("origin", "https://id.acme.test")],
            vec![("origin", "https://evil.test")],
            vec![("origin", "null")],
        ] {
            let mut request = stranger(Method::POST, path).insert_header(("content-type", "text/plain"));
            for header in &headers {
                request = request.insert_header(*header);
            }
            let reply = house.call(request).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(reply.header("set-cookie").is_empty(), "{path}");
        }
    }
}

#[actix_web::test]
async fn no_origin_may_read_anything_but_documents_and_what_its_own_token_opens() {
    let house = open().await;
    for origin in ["https://evil.test", "null", "https://a.id.acme.test"] {
        for path in [LOGIN, ACCOUNT, AUTHORIZE, REGISTER_STATE, INTROSPECT, REVOKE, END_SESSION, "/livez"] {
            let reply = house.call(own(Method::GET, path).insert_header(("origin", origin))).await;
            assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        }
        for path in [DISCOVERY, JWKS, USERINFO, API_PREFERENCES] {
            let reply = house.call(own(Method::GET, path).insert_header(("origin", origin))).await;
            assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(reply.header("access-control-allow-credentials"), "", "{path}");
        }
    }
    let preflight = stranger(Method::OPTIONS, TOKEN)
        .insert_header(("origin", "https://spa.test"))
        .insert_header(("access-control-request-method", "POST"));
    let reply = house.call(preflight).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (StatusCode::NO_CONTENT, "*"));
    assert!(reply.header("access-control-allow-headers").contains("Authorization"));
}

/// A request that another site posts comes without our cookies: it lands, and is sent once more from here.
#[actix_web::test]
async fn a_foreign_post_to_the_front_channel_is_sent_once_more_from_here() {
    let house = open().await;
    for path in [AUTHORIZE, END_SESSION] {
        let foreign = stranger(Method::POST, path)
            .insert_header(("sec-fetch-site", "cross-site"))
            .set_form([("state", "\"><script>alert(1)</script>"), ("decision", "confirm")]);
        let reply = house.call(foreign).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert!(reply.body.contains(&format!("action=\"{path}\"")), "{}", reply.body);
        assert!(!reply.body.contains("<script>alert"), "{}", reply.body);
        assert!(reply.body.contains("type=\"submit\""), "there is a button for browsers without scripts");
        let landed = stranger(Method::POST, path).set_form([("watchbell_landed", "1")]);
        assert_ne!(house.call(landed).await.status, StatusCode::OK, "{path}: it lands once");
    }
}
