//! The token endpoint.

use crate::house::{House, digest, house, now, random};
use crate::signing::Kind;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

const SCOPE: &str = "openid profile email offline_access";
const SUBJECT: &str = "01J9Z3K8Q4M6V2X7T5R1N0B8HD";

#[derive(Deserialize)]
pub(crate) struct Asked {
    grant_type: String,
    scope: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

#[derive(Serialize)]
struct AccessToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    jti: String,
    client_id: &'a str,
    scope: &'a str,
}

#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    auth_time: u64,
    nonce: Option<String>,
    sid: &'a str,
    email: &'a str,
    email_verified: bool,
}

/// The client that proved itself.
pub(crate) fn client(request: &HttpRequest, (id, secret): (Option<&str>, Option<&str>)) -> Option<String> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let (id, secret) = match header.and_then(|value| value.strip_prefix("Basic ")) {
        Some(both) => {
            let both = String::from_utf8(STANDARD.decode(both).ok()?).ok()?;
            let (id, secret) = both.split_once(':')?;
            (id.to_owned(), secret.to_owned())
        }
        None => (id?.to_owned(), secret?.to_owned()),
    };
    let given: [u8; 32] = Sha256::digest(secret).into();
    bool::from(house().clients.get(id.as_str())?.ct_eq(&given)).then_some(id)
}

pub(crate) async fn token(request: HttpRequest, asked: web::Form<Asked>) -> HttpResponse {
    let Some(client) = client(&request, (asked.client_id.as_deref(), asked.client_secret.as_deref())) else {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    };
    let house = house();
    match asked.grant_type.as_str() {
        "client_credentials" => {
            let scope = asked.scope.as_deref().unwrap_or(SCOPE);
            let token = house.access_token(&client, &client, scope);
            answer(&json!({ "access_token": token, "token_type": "Bearer", "expires_in": 900, "scope": scope }))
        }
        "refresh_token" => {
            let old = asked.refresh_token.as_deref().unwrap_or_default();
            match house.writer.rotate(old, &client).await {
                Some(new) => house.tokens(SUBJECT, &client, (new, None)),
                None => refused(),
            }
        }
        "authorization_code" => {
            let code = house.codes.lock().unwrap().remove(asked.code.as_deref().unwrap_or_default());
            let verifier = asked.code_verifier.as_deref().unwrap_or_default();
            let Some(code) = code.filter(|code| digest(verifier) == code.challenge) else { return refused() };
            let new = house.writer.insert(&code.user, &client).await;
            house.tokens(&code.user, &client, (new, code.nonce))
        }
        _ => HttpResponse::BadRequest().finish(),
    }
}

impl House {
    fn tokens(&self, subject: &str, client: &str, (refresh_token, nonce): (String, Option<String>)) -> HttpResponse {
        let access_token = self.access_token(subject, client, SCOPE);
        let id_token = self.id_token(subject, client, nonce);
        answer(&json!({
            "access_token": access_token,
            "refresh_token": refresh_token,
            "id_token": id_token,
            "token_type": "Bearer",
            "expires_in": 900,
        }))
    }

    fn access_token(&self, subject: &str, client: &str, scope: &str) -> String {
        let iat = now();
        let token = AccessToken {
            iss: &self.issuer,
            sub: subject,
            aud: "https://api.example.com",
            exp: iat + 900,
            iat,
            jti: random(16),
            client_id: client,
            scope,
        };
        self.signer(client).sign(Kind::AccessToken, &token)
    }

    fn id_token(&self, subject: &str, client: &str, nonce: Option<String>) -> String {
        let iat = now();
        let token = IdToken {
            iss: &self.issuer,
            sub: subject,
            aud: client,
            exp: iat + 900,
            iat,
            auth_time: iat,
            nonce,
            sid: "01J9Z3K8Q4M6V2X7T5R1N0B8HE",
            email: "user@example.com",
            email_verified: true,
        };
        self.signer(client).sign(Kind::IdToken, &token)
    }
}

fn answer(body: &serde_json::Value) -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(body)
}

fn refused() -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }))
}
