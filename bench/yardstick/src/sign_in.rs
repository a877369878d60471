//! Authorization: at once with a live session, or after a page and a password.

use crate::house::{Code, house, random};
use actix_web::cookie::Cookie;
use actix_web::{HttpRequest, HttpResponse, web};
use aws_lc_rs::aead::{Aad, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde::{Deserialize, Serialize};
use std::time::Instant;

#[derive(Deserialize, Serialize)]
pub(crate) struct Asked {
    client_id: String,
    redirect_uri: String,
    code_challenge: String,
    state: Option<String>,
    nonce: Option<String>,
    #[serde(default)]
    csrf: String,
}

impl Asked {
    /// A code of somebody, and where it goes.
    fn code_for(self, user: String) -> (&'static str, String) {
        let code = random(24);
        let to = format!("{}?code={code}&state={}", self.redirect_uri, self.state.unwrap_or_default());
        let value = Code { challenge: self.code_challenge, user, nonce: self.nonce, made: Instant::now() };
        house().codes.lock().unwrap().insert(code, value);
        ("location", to)
    }
}

pub(crate) async fn authorize(request: HttpRequest, asked: web::Query<Asked>) -> HttpResponse {
    let (house, mut asked) = (house(), asked.into_inner());
    let session = request.cookie("sid");
    let user = session.and_then(|sid| house.sessions.lock().unwrap().get(sid.value()).cloned());
    if let Some(user) = user {
        return HttpResponse::SeeOther().insert_header(asked.code_for(user)).finish();
    }
    if !house.clients.contains_key(asked.client_id.as_str()) {
        return HttpResponse::BadRequest().finish();
    }
    asked.csrf = random(16);
    let mut nonce = [0; 12];
    getrandom::fill(&mut nonce).unwrap();
    let mut sealed = serde_json::to_vec(&asked).unwrap();
    house.seal.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).unwrap();
    let carried = B64.encode([&nonce[..], &sealed].concat());
    let padding = " ".repeat(256);
    HttpResponse::Ok()
        .content_type("text/html")
        .cookie(Cookie::build("az", carried).path("/").http_only(true).finish())
        .body(format!(
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>Sign in</title><link rel=stylesheet href=/a.css>\
             </head><body>{padding}<form method=post action=/login><input name=csrf type=hidden value=\"{}\">\
             <input name=login><input name=password type=password><button>Sign in</button></form></body></html>",
            asked.csrf
        ))
}

#[derive(Deserialize)]
pub(crate) struct Given {
    csrf: String,
    login: String,
    password: String,
}

pub(crate) async fn login(request: HttpRequest, given: web::Form<Given>) -> HttpResponse {
    let house = house();
    let carried = request.cookie("az").and_then(|cookie| B64.decode(cookie.value()).ok());
    let Some(mut carried) = carried.filter(|carried| carried.len() > 12) else {
        return HttpResponse::BadRequest().finish();
    };
    let (nonce, sealed) = carried.split_at_mut(12);
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let Ok(text) = house.seal.open_in_place(nonce, Aad::empty(), sealed) else {
        return HttpResponse::BadRequest().finish();
    };
    let asked: Asked = serde_json::from_slice(text).unwrap();
    if asked.csrf != given.csrf {
        return HttpResponse::Forbidden().finish();
    }
    let Some(expected) = house.people.get(&given.login) else { return HttpResponse::Unauthorized().finish() };
    if !house.hashers.is(&given.password, *expected).await {
        return HttpResponse::Unauthorized().finish();
    }
    // The session's row.
    house.writer.insert(&given.login, "session").await;
    let sid = random(32);
    house.sessions.lock().unwrap().insert(sid.clone(), given.login.clone());
    HttpResponse::SeeOther()
        .insert_header(asked.code_for(given.login.clone()))
        .cookie(Cookie::build("sid", sid).path("/").http_only(true).finish())
        .finish()
}
