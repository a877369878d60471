//! What a request looked like when it arrived: told to `watchbell doctor`, which sends one through the public address, and to nobody
//! else.

use crate::edge::Site;
use crate::edge::client_ip::client_ip;
use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

/// The header with the question (`app::doctor::question`).
pub const QUESTION: &str = "x-watchbell-doctor";
/// The header with the answer: [`Seen`] as JSON.
pub const ANSWER: &str = "x-watchbell-seen";
/// What proxies add, and what is believed of it where they are trusted.
pub const FORWARDED: &str = "x-forwarded-for";
/// So many characters of a header are told at most.
const MOST: usize = 500;

/// What was seen of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Whose connection it was.
    pub peer: String,
    /// Whether that is one of `server.trusted_proxies`.
    pub trusted: bool,
    /// Whom the request counts as.
    pub client: String,
    /// The addresses in `X-Forwarded-For`, from left to right.
    pub forwarded: Vec<String>,
    /// What arrived in the header of `mtls.header`, where there is one.
    pub certificate: Option<String>,
}

/// The answer to the doctor's question; `None` when it was not asked, or by somebody who may not.
pub(crate) fn answer(site: &Site, request: &HttpRequest) -> Option<HeaderValue> {
    let (headers, settings) = (request.headers(), site.state.settings());
    let question = headers.get(QUESTION)?.to_str().ok()?;
    if !site.state.app().is_of_the_doctor(question) {
        return None;
    }
    let peer = request.peer_addr()?.ip();
    let lines = texts(headers, FORWARDED);
    let client = client_ip(peer, lines.iter().map(String::as_str), &settings.trusted_proxies);
    let certificate = settings.certificate_header.as_ref().and_then(|name| texts(headers, name.as_str()).pop());
    let peer = peer.to_canonical();
    let seen = Seen {
        trusted: settings.trusted_proxies.iter().any(|net| net.contains(&peer)),
        peer: peer.to_string(),
        client: client.to_string(),
        forwarded: lines.iter().flat_map(|line| line.split(',')).map(|hop| hop.trim().to_owned()).collect(),
        certificate,
    };
    HeaderValue::from_str(&serde_json::to_string(&seen).ok()?).ok()
}

/// The values of a header, without what is no printable ASCII.
fn texts(headers: &HeaderMap, name: &str) -> Vec<String> {
    let text = |value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.chars().filter(|c| matches!(c, ' '..='~')).take(MOST).collect()
    };
    headers.get_all(name).map(text).collect()
}
