//! HTTP/1.1 by hand: discovery, keys, tokens, claims.

use super::{CLIENT, Code, Lie, Provider, SECRET};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

struct Call {
    path: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

/// Serves one connection to its end.
pub(super) async fn serve<S>(provider: Provider, mut stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    while let Some(call) = read(&mut stream).await {
        provider.state().asked.push(call.path.clone());
        let answer = match provider.wrong_with(&call.path) {
            Some(Lie::Status(_, status)) => text(status, &[], "{}"),
            Some(Lie::Redirect(_, to)) => text(302, &[("location", &to)], ""),
            Some(Lie::Flood(_)) => return flood(&mut stream).await,
            Some(Lie::Silence(_)) => {
                tokio::time::sleep(std::time::Duration::from_secs(60)).await;
                return;
            }
            _ => {
                let (status, body) = provider.answer(&call);
                text(status, &[("content-type", "application/json")], &body.to_string())
            }
        };
        if stream.write_all(answer.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

fn text(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} \r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

async fn flood<S: AsyncWrite + Unpin>(stream: &mut S) {
    let head = "HTTP/1.1 200 \r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    let _ = stream.write_all(head.as_bytes()).await;
    while stream.write_all(&[b' '; 16 * 1024]).await.is_ok() {}
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Call> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let split = |line: &str| line.split_once(':').map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned()));
    let headers: HashMap<_, _> = lines.filter_map(split).collect();
    let length = headers.get("content-length").map_or(Some(0), |text| text.parse().ok())?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Call { path, headers, body })
}

impl Provider {
    fn answer(&self, call: &Call) -> (u16, Value) {
        match call.path.as_str() {
            "/.well-known/openid-configuration" => (200, self.document()),
            "/jwks" => (200, self.keys()),
            "/token" => self.token(call),
            "/userinfo" => self.person(call, |provider, code| provider.userinfo(&code.person)),
            "/user" => self.person(call, |_, code| {
                let name = code.person.get("name").cloned().unwrap_or_default();
                json!({ "id": 583_231, "login": "octocat", "name": name, "email": null })
            }),
            "/user/emails" => self.person(call, |_, code| {
                let part = |name: &str| code.person.get(name).cloned().unwrap_or_default();
                json!([
                    { "email": "old@example.com", "primary": false, "verified": true },
                    { "email": part("email"), "primary": true, "verified": part("email_verified") },
                ])
            }),
            _ => (404, json!({})),
        }
    }

    /// Gives tokens for a code: once, to us, with the verifier of the request (RFC 6749 §4.1.3, RFC 7636 §4.6).
    fn token(&self, call: &Call) -> (u16, Value) {
        let form: HashMap<_, _> = url::form_urlencoded::parse(&call.body).into_owned().collect();
        let said = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
        let by_header = call.headers.get("authorization") == Some(&basic);
        let by_form = said("client_id") == CLIENT && said("client_secret") == SECRET;
        if !by_header && !by_form {
            return (401, json!({ "error": "invalid_client" }));
        }
        let Some(code) = self.state().codes.remove(said("code")) else {
            return (400, json!({ "error": "invalid_grant" }));
        };
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, said("code_verifier").as_bytes()));
        let fits = code.request["code_challenge"] == challenge
            && code.request["redirect_uri"] == said("redirect_uri")
            && said("grant_type") == "authorization_code";
        if !fits {
            return (400, json!({ "error": "invalid_grant" }));
        }
        let id_token = self.id_token(&code);
        let access = format!("at-{}", said("code"));
        self.state().codes.insert(access.clone(), code);
        let mut answer = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 300 });
        if let Some(id_token) = id_token {
            answer["id_token"] = json!(id_token);
        }
        (200, answer)
    }

    fn person(&self, call: &Call, say: impl FnOnce(&Self, &Code) -> Value) -> (u16, Value) {
        let bearer = call.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let code = bearer.and_then(|token| self.state().codes.get(token).cloned());
        match code {
            Some(code) => (200, say(self, &code)),
            None => (401, json!({})),
        }
    }
}
