//! Apps that register themselves: RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration 1.0.

mod manage;
mod register;
mod statements;
mod told;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use app::oidc::RegistrationMode;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use testkit::browser::Reply;
use testkit::house::{Db, House, Plan};
use testkit::people::{App, CALLBACK};

/// A house where everybody may register an app.
pub(crate) async fn open_house(db: Db) -> House {
    House::build(db, plan(RegistrationMode::Open)).await
}

/// A house where whoever has a token may.
pub(crate) async fn guarded_house(db: Db) -> House {
    House::build(db, plan(RegistrationMode::Token)).await
}

pub(crate) fn plan(mode: RegistrationMode) -> Plan {
    let mut plan = Plan::default();
    plan.settings.registration.mode = mode;
    plan
}

/// What the app of the stories says of itself, with some members otherwise.
pub(crate) fn shop(otherwise: Value) -> Value {
    let mut said = json!({
        "redirect_uris": [CALLBACK],
        "client_name": "Acme Shop",
        "grant_types": ["authorization_code", "refresh_token"],
    });
    said.as_object_mut().unwrap().extend(otherwise.as_object().unwrap().clone());
    said
}

/// A call with a bearer token, or without.
pub(crate) async fn call(house: &House, method: Method, path: &str, token: &str, body: &Value) -> Reply {
    let mut request = TestRequest::with_uri(path).method(method).peer_addr(from("198.51.100.7"));
    if !token.is_empty() {
        request = request.insert_header(("authorization", format!("Bearer {token}")));
    }
    if !body.is_null() {
        request = request.set_json(body);
    }
    house.call(request).await
}

pub(crate) fn from(ip: &str) -> SocketAddr {
    SocketAddr::new(ip.parse().unwrap(), 4711)
}

/// Registers, with an initial access token or without.
pub(crate) async fn register(house: &House, token: &str, said: &Value) -> Reply {
    call(house, Method::POST, "/oauth/register", token, said).await
}

/// A registration that was taken.
pub(crate) struct Registered {
    pub(crate) told: Value,
    pub(crate) path: String,
    pub(crate) token: String,
}

impl Registered {
    #[track_caller]
    pub(crate) fn of(reply: &Reply) -> Self {
        assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
        let told = reply.json();
        let path = told["registration_client_uri"].as_str().unwrap().replace("https://id.acme.test", "");
        let token = told["registration_access_token"].as_str().unwrap().to_owned();
        Self { told, path, token }
    }

    pub(crate) async fn shop(house: &House, otherwise: Value) -> Self {
        Self::of(&register(house, "", &shop(otherwise)).await)
    }

    pub(crate) fn client_id(&self) -> &str {
        self.told["client_id"].as_str().unwrap()
    }

    pub(crate) fn app(&self) -> App {
        let secret = self.told["client_secret"].as_str().map(str::to_owned);
        App { client_id: self.client_id().to_owned(), secret }
    }

    pub(crate) async fn call(&self, house: &House, method: Method, body: &Value) -> Reply {
        call(house, method, &self.path, &self.token, body).await
    }

    /// Everything that it was told, to be sent again.
    pub(crate) fn again(&self, otherwise: Value) -> Value {
        let mut said = self.told.clone();
        for name in
            ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"]
        {
            said.as_object_mut().unwrap().remove(name);
        }
        said.as_object_mut().unwrap().extend(otherwise.as_object().unwrap().clone());
        said
    }
}

/// An initial access token.
pub(crate) async fn given(house: &House, uses: u32, lifetime: Duration) -> app::oidc::GivenToken {
    house.here().add_initial_token("Build server", uses, lifetime).await.unwrap_or_else(|e| panic!("{e:?}"))
}

/// Refused with a code, in a sentence that begins with the member at fault.
#[track_caller]
pub(crate) fn refused(reply: &Reply, code: &str, member: &str) {
    assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!(code)), "{}", reply.body);
    let told = reply.json()["error_description"].as_str().unwrap().to_owned();
    assert!(told.starts_with(member), "{member}: {told}");
    assert_eq!(reply.header("cache-control"), "no-store");
}
