//! What a token is worth: userinfo and introspection.

use crate::house::{house, now};
use crate::token::client;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

pub(crate) async fn userinfo(request: HttpRequest) -> HttpResponse {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "));
    match token.and_then(|token| house().signer("bench").verify(token)) {
        Some(claims) if claims["exp"].as_u64().unwrap_or(0) > now() => HttpResponse::Ok().json(json!({
            "sub": claims["sub"],
            "email": "user@example.com",
            "email_verified": true,
            "name": "User Example",
        })),
        _ => HttpResponse::Unauthorized().finish(),
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    token: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}

pub(crate) async fn introspect(request: HttpRequest, asked: web::Form<Asked>) -> HttpResponse {
    if client(&request, (asked.client_id.as_deref(), asked.client_secret.as_deref())).is_none() {
        return HttpResponse::Unauthorized().finish();
    }
    match house().signer("bench").verify(&asked.token) {
        Some(mut claims) => {
            claims["active"] = true.into();
            HttpResponse::Ok().json(claims)
        }
        None => HttpResponse::Ok().json(json!({ "active": false })),
    }
}
