//! The account API is what its description says: every path, every method, every answer.

use crate::bell::{open, turn_on};
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::browser::{Browser, FIREFOX, Reply};
use testkit::people::jane;

const DOCUMENT: &str = include_str!("../../docs/guide/src/account-api.openapi.json");
const ROUTES: &str = include_str!("../../crates/base/src/routes.rs");
/// The ceremony of passkeys is the pages' own.
const NOT_DESCRIBED: [&str; 2] = ["/account/api/keys", "/account/api/keys/options"];

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// Whether a value is what a schema says (JSON Schema 2020-12, as far as the document uses it); or where it is not.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(&reference[1..]).ok_or_else(|| format!("{reference} leads nowhere"))?;
        return fits(document, found, value, at);
    }
    for (of, least, most) in [("anyOf", 1, usize::MAX), ("oneOf", 1, 1)] {
        if let Some(choices) = schema[of].as_array() {
            let fitting = choices.iter().filter(|choice| fits(document, choice, value, at).is_ok()).count();
            return if (least..=most).contains(&fitting) {
                Ok(())
            } else {
                Err(format!("{at}: {value} fits {fitting} of {of}"))
            };
        }
    }
    if let Some(allowed) = schema["enum"].as_array() {
        return if allowed.contains(value) { Ok(()) } else { Err(format!("{at}: {value} is none of {allowed:?}")) };
    }
    if let Some(only) = schema.get("const") {
        return if only == value { Ok(()) } else { Err(format!("{at}: {value} is not {only}")) };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::Array(kinds) => kinds.contains(&json!(kind)),
        one => one == kind,
    };
    if !allowed {
        return Err(format!("{at}: {value} is no {}", schema["type"]));
    }
    match value {
        Value::Array(items) => {
            items.iter().try_for_each(|item| fits(document, &schema["items"], item, &format!("{at}[]")))
        }
        Value::Object(fields) => {
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !fields.contains_key(name) {
                    return Err(format!("{at}: {name} is missing"));
                }
            }
            fields.iter().try_for_each(|(name, field)| match schema["properties"].get(name) {
                Some(known) => fits(document, known, field, &format!("{at}.{name}")),
                None if schema["additionalProperties"] == false => Err(format!("{at}: {name} is not described")),
                None => Ok(()),
            })
        }
        _ => Ok(()),
    }
}

/// Calls the API and holds what is sent and what comes back against the description.
async fn call(browser: &mut Browser, method: Method, path: &str, body: Option<Value>) -> Reply {
    let document = document();
    let told = &document["paths"][path][method.as_str().to_lowercase()];
    assert!(told.is_object(), "{method} {path} is not described");
    let reply = match &body {
        Some(body) => browser.json(method.clone(), path, body).await,
        None => browser.get(path).await,
    };
    let answer = &told["responses"][reply.status.as_str()];
    assert!(answer.is_object(), "{method} {path}: {} is not described: {}", reply.status, reply.body);
    let schema = &answer["content"]["application/json"]["schema"];
    fits(&document, schema, &reply.json(), "answer").unwrap_or_else(|wrong| panic!("{method} {path}: {wrong}"));
    if let (Some(body), true) = (body, reply.status != StatusCode::BAD_REQUEST) {
        let schema = &told["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_object() {
            fits(&document, schema, &body, "body").unwrap_or_else(|wrong| panic!("{method} {path}: {wrong}"));
        }
    }
    reply
}

#[test]
fn every_path_of_the_account_api_is_described_and_none_that_is_not() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let told: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let constants = ROUTES.lines().filter(|line| line.starts_with("pub const API_"));
    let there: BTreeSet<&str> =
        constants.filter_map(|line| line.split('"').nth(1)).filter(|path| !NOT_DESCRIBED.contains(path)).collect();
    assert_eq!(told, there);
}

testkit::stories! {
    /// Where the description names the token of an app, one is taken; and nowhere else.
    async fn an_app_may_do_what_the_description_says_and_nothing_besides(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        turn_on(&mut here, &service).await;
        let app = crate::account_api_apps::app(&house).await;
        let token = crate::account_api_apps::token(&house, &mut here, (&app, "openid notices")).await;
        let document = document();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, told) in methods.as_object().unwrap() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let may = told["security"].as_array().is_some_and(|ways| ways.iter().any(|way| way.get("app").is_some()));
                let body = (method != Method::GET).then(|| json!({}));
                let reply = crate::account_api_apps::call(&house, &token, (method.clone(), path), body).await;
                let refused = reply.json()["error"] == "not_by_app";
                assert_eq!(refused, !may, "{method} {path}: {} {}", reply.status, reply.body);
                let answer = &told["responses"][reply.status.as_str()];
                assert!(answer.is_object(), "{method} {path}: {} is not described: {}", reply.status, reply.body);
                let schema = &answer["content"]["application/json"]["schema"];
                fits(&document, schema, &reply.json(), "answer").unwrap_or_else(|wrong| panic!("{method} {path}: {wrong}"));
            }
        }
    }

    async fn every_method_that_is_described_is_taken_and_no_other(db: Db) {
        let (house, _service) = open(db).await;
        let mut here = jane(&house).await;
        let mut nobody = house.browser(FIREFOX);
        for (path, methods) in document()["paths"].as_object().unwrap() {
            for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let told = methods.get(method.as_str().to_lowercase()).is_some();
                let reply = here.json(method.clone(), path, &json!({ "nonsense": [] })).await;
                assert_eq!(reply.status != StatusCode::METHOD_NOT_ALLOWED, told, "{method} {path}: {}", reply.status);
                assert!(!reply.status.is_server_error(), "{method} {path}: {}", reply.body);
                if told {
                    let reply = nobody.json(method.clone(), path, &json!({})).await;
                    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{method} {path}");
                    fits(&document(), &json!({ "$ref": "#/components/schemas/Refusal" }), &reply.json(), "answer").unwrap();
                }
            }
        }
    }

    async fn every_answer_is_what_the_description_says(db: Db) {
        let (house, service) = open(db).await;
        let mut here = jane(&house).await;
        let (prefs, browsers) = ("/account/api/preferences", "/account/api/push/subscriptions");
        let (data, test) = ("/account/api/push/data", "/account/api/push/test");
        for path in [prefs, browsers, data] {
            assert_eq!(call(&mut here, Method::GET, path, None).await.status, StatusCode::OK);
        }
        let switch = |on: bool, rev: i64| json!({ "topic": "app.connected", "channel": "push", "on": on, "rev": rev });
        assert_eq!(call(&mut here, Method::PATCH, prefs, Some(switch(true, 0))).await.status, StatusCode::OK);
        assert_eq!(call(&mut here, Method::PATCH, prefs, Some(switch(false, 0))).await.status, StatusCode::CONFLICT);
        let floor = json!({ "topic": "credential.changed", "channel": "email", "on": false, "rev": 1 });
        assert_eq!(call(&mut here, Method::PATCH, prefs, Some(floor)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let hours = json!({ "from": "22:00", "until": "07:00" });
        for (rev, pause) in (1..).zip([json!("hour"), json!("until_tomorrow"), json!("until_resumed"), json!(null)]) {
            let quiet = json!({ "quiet": { "pause": pause, "hours": hours, "hide_details": true }, "rev": rev });
            assert_eq!(call(&mut here, Method::PATCH, prefs, Some(quiet)).await.status, StatusCode::OK);
        }
        let stale = json!({ "quiet": { "hours": null, "security_rings": false }, "rev": 0 });
        assert_eq!(call(&mut here, Method::PATCH, prefs, Some(stale)).await.status, StatusCode::CONFLICT);
        assert_eq!(call(&mut here, Method::PATCH, prefs, Some(json!({ "rev": 0 }))).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(call(&mut here, Method::POST, test, Some(json!({}))).await.status, StatusCode::CONFLICT);
        let none = json!({ "subscription": { "endpoint": "https://10.0.0.1/", "keys": { "p256dh": "", "auth": "" } } });
        assert_eq!(call(&mut here, Method::POST, browsers, Some(none)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        turn_on(&mut here, &service).await;
        let key = call(&mut here, Method::GET, browsers, None).await.json()["vapid_key"].as_str().unwrap().to_owned();
        let subscription: Value = serde_json::from_str(&service.subscribe(Some(&key)).json()).unwrap();
        let renewed = json!({ "old": null, "new": subscription });
        let rotate = "/account/api/push/rotate";
        assert_eq!(call(&mut here, Method::POST, rotate, Some(renewed.clone())).await.status, StatusCode::OK);
        let on = json!({ "subscription": subscription });
        assert_eq!(call(&mut here, Method::POST, browsers, Some(on)).await.status, StatusCode::CREATED);
        assert_eq!(call(&mut here, Method::POST, test, Some(json!({}))).await.status, StatusCode::ACCEPTED);
        for path in [browsers, data] {
            let reply = call(&mut here, Method::GET, path, None).await;
            assert_eq!(reply.json()["browsers"].as_array().unwrap().len(), 1);
        }
        assert_eq!(call(&mut here, Method::DELETE, browsers, Some(json!({}))).await.status, StatusCode::OK);
        assert_eq!(call(&mut here, Method::POST, rotate, Some(renewed)).await.status, StatusCode::CONFLICT);
        assert_eq!(call(&mut here, Method::DELETE, data, Some(json!({}))).await.status, StatusCode::OK);
        let offer = "/account/api/push/offer";
        assert_eq!(call(&mut here, Method::POST, offer, Some(json!({ "answer": "not_now" }))).await.status, StatusCode::OK);
        let named = call(&mut here, Method::POST, test, Some(json!({ "id": "01890000-0000-7000-8000-000000000000" }))).await;
        assert_eq!(named.status, StatusCode::CONFLICT);
        let odd = json!({ "answer": "perhaps" });
        assert_eq!(call(&mut here, Method::POST, offer, Some(odd)).await.status, StatusCode::BAD_REQUEST);
    }
}
