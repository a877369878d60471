//! Everything that can be wrong with a message, each with the status that a real service answers.

use super::state::{Arrived, Home, Sub};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Why a message is refused.
pub(super) type Rejection = (u16, String);

/// The request as it came.
pub(super) struct Posted<'a> {
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a [u8],
    pub(super) origin: &'a str,
    /// Seconds since the Unix epoch.
    pub(super) now: i64,
}

impl Posted<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

fn no<T>(status: u16, reason: impl Into<String>) -> Result<T, Rejection> {
    Err((status, reason.into()))
}

/// Checks a message for a subscription, and decrypts it where the service holds the keys.
pub(super) fn check(posted: &Posted<'_>, sub: &mut Sub) -> Result<Arrived, Rejection> {
    if let Some(key) = sub.key.clone() {
        vapid(posted, &key)?;
    }
    let Some(ttl) = posted.header("ttl") else { return no(400, "no TTL (RFC 8030 §5.2)") };
    let Ok(ttl) = ttl.parse() else { return no(400, format!("TTL {ttl:?} is no number")) };
    let topic = posted.header("topic").map(str::to_owned);
    if let Some(topic) = &topic {
        let plain = topic.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !plain || topic.is_empty() || topic.len() > 32 {
            return no(400, format!("Topic {topic:?} is not 1 to 32 characters of base64url (RFC 8030 §5.4)"));
        }
    }
    // RFC 8030 makes it optional; our product always says it.
    let Some(urgency) = posted.header("urgency") else { return no(400, "no Urgency") };
    if !["very-low", "low", "normal", "high"].contains(&urgency) {
        return no(400, format!("Urgency {urgency:?} is none of RFC 8030 §5.3"));
    }
    let payload = body(posted, sub)?;
    Ok(Arrived { payload, body: posted.body.to_vec(), ttl, urgency: urgency.to_owned(), topic })
}

/// RFC 8291 §4 and RFC 8188 §2.1.
fn body(posted: &Posted<'_>, sub: &mut Sub) -> Result<Option<Vec<u8>>, Rejection> {
    let body = posted.body;
    if body.is_empty() {
        return Ok(None);
    }
    if body.len() > 4096 {
        return no(413, format!("{} bytes are more than 4096", body.len()));
    }
    if posted.header("content-encoding") != Some("aes128gcm") {
        return no(415, "Content-Encoding is not aes128gcm");
    }
    if body.len() < 21 + 65 + 17 {
        return no(400, "too short for a header, a key and a record");
    }
    let record_size = u32::from_be_bytes([body[16], body[17], body[18], body[19]]);
    if body[20] != 65 || body[21] != 4 {
        return no(400, "the key id is not the sender's public key");
    }
    if record_size < 18 || body.len() - 86 > usize::try_from(record_size).unwrap_or(usize::MAX) {
        return no(400, "more than one record");
    }
    if !sub.salts.insert(body[..16].to_vec()) {
        return no(400, "the salt was used before");
    }
    if !sub.sender_keys.insert(body[21..86].to_vec()) {
        return no(400, "the sender's key was used before");
    }
    match &sub.home {
        // A real service can't tell. This one can, and must: only a browser would notice otherwise.
        Home::Headless(receiver) => match receiver.decrypt(body) {
            Ok(payload) => Ok(Some(payload)),
            Err(error) => no(400, error.to_string()),
        },
        Home::Browser { .. } => Ok(None),
    }
}

/// RFC 8292.
fn vapid(posted: &Posted<'_>, subscribed_with: &[u8]) -> Result<(), Rejection> {
    let Some(header) = posted.header("authorization") else { return no(401, "no Authorization") };
    let Some(rest) = header.strip_prefix("vapid ") else { return no(401, "the scheme is not vapid") };
    let part = |name: &str| rest.split(',').find_map(|p| p.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(token), Some(key)) = (part("t"), part("k")) else { return no(401, "vapid needs t and k") };
    let Ok(key) = URL_SAFE_NO_PAD.decode(key) else { return no(401, "k is not unpadded base64url") };
    if key.len() != 65 || key[0] != 4 {
        return no(401, "k is not an uncompressed point");
    }
    if key != subscribed_with {
        return no(403, "the key is not the one that the browser subscribed with");
    }
    let Some((signed, signature)) = token.rsplit_once('.') else { return no(401, "t is not a JWT") };
    let (Some(signature), Some((head, claims))) = (URL_SAFE_NO_PAD.decode(signature).ok(), signed.split_once('.'))
    else {
        return no(401, "t is not a JWT");
    };
    let json = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (Some(head), Some(claims)) = (json(head), json(claims)) else { return no(401, "t is not JSON inside") };
    if head["alg"] != "ES256" {
        return no(401, "alg is not ES256");
    }
    if UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key).verify(signed.as_bytes(), &signature).is_err() {
        return no(401, "the signature is wrong");
    }
    let Some(exp) = claims["exp"].as_i64() else { return no(401, "exp is no number") };
    if exp <= posted.now {
        return no(401, "the token has expired");
    }
    if exp > posted.now + 86_400 {
        return no(401, "exp is more than 24 hours ahead");
    }
    if claims["aud"] != posted.origin {
        return no(401, format!("aud is {}, not {}", claims["aud"], posted.origin));
    }
    contact(claims["sub"].as_str().unwrap_or_default())
}

/// As Apple is: 403 BadJwtToken.
fn contact(sub: &str) -> Result<(), Rejection> {
    let plain = !sub.contains(|c: char| c.is_whitespace() || c == '<' || c == '>') && !sub.contains("localhost");
    let address = sub.strip_prefix("mailto:").and_then(|mail| mail.split_once('@'));
    let mail = address.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
    let page = sub.strip_prefix("https://").is_some_and(|rest| rest.contains('.'));
    if plain && (mail || page) { Ok(()) } else { no(403, format!("sub {sub:?} is no contact")) }
}
