//! What apps read first, errors in the standards' form, languages.

use crate::requests::{open, own};
use actix_web::http::{Method, StatusCode};
use base::routes::*;

#[actix_web::test]
async fn discovery_and_keys_are_for_everyone_and_kept_for_five_minutes() {
    let house = open().await;
    for path in [DISCOVERY, SERVER_METADATA, JWKS] {
        let reply = house.call(own(Method::GET, path)).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.header("cache-control"), "public, max-age=300");
        assert!(reply.header("content-type").contains("json"));
        let known = own(Method::GET, path).insert_header(("if-none-match", reply.header("etag").to_owned()));
        assert_eq!(house.call(known).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    let reply = house.call(own(Method::GET, DISCOVERY)).await;
    let document: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(document["issuer"], "https://id.acme.test");
    assert_eq!(document["token_endpoint"], "https://id.acme.test/oauth/token");
}

#[actix_web::test]
async fn an_oauth_error_is_json_that_nobody_keeps() {
    let house = open().await;
    let reply =
        house.call(own(Method::POST, TOKEN).insert_header(("content-type", "text/plain")).set_payload("x")).await;
    assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::BAD_REQUEST, "no-store"));
    assert!(reply.body.contains("\"invalid_request\""), "{}", reply.body);
    let reply = house.call(own(Method::GET, USERINFO)).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(reply.header("www-authenticate").starts_with("Bearer"), "{}", reply.header("www-authenticate"));
}

#[actix_web::test]
async fn a_language_is_chosen_in_the_footer_and_remembered() {
    let house = open().await;
    let reply = house.call(own(Method::GET, "/recover?ui_locales=de")).await;
    assert!(reply.body.contains("lang=\"de\""));
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-wb_locale=de"), "{cookie}");
    let later = own(Method::GET, "/recover").insert_header(("cookie", "__Host-wb_locale=de"));
    assert!(house.call(later).await.body.contains("lang=\"de\""));
    let first = own(Method::GET, "/recover").insert_header(("accept-language", "ar;q=0.9, de;q=0.2"));
    assert!(house.call(first).await.body.contains("dir=\"rtl\""));
}
