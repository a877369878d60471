//! Preparing and delivering messages (RFC 8030 §5).

use crate::contact::Contact;
use crate::encryption::encrypt;
use crate::endpoint::{Endpoint, Vendors};
use crate::lanes::{Lanes, OriginStatus};
use crate::message::Message;
use crate::prepared::Prepared;
use crate::reply::{Refused, Reply};
use crate::subscription::{NotASubscription, Subscription};
use crate::vapid::{Tokens, VapidKey};
use base::{Rng, Timestamp};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use outbound::{Outbound, Purpose, Request};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a message waits for room in its lane before it is put back.
const QUEUE: Duration = Duration::from_secs(10);

/// Sends messages. Cheap to clone; clones share tokens, pauses and limits.
#[derive(Clone)]
pub struct Sender(Arc<Inner>);

struct Inner {
    outbound: Outbound,
    contact: Contact,
    rng: Rng,
    vendors: Vendors,
    tokens: Tokens,
    lanes: Lanes,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sender({}, {:?})", self.0.contact, self.0.vendors)
    }
}

impl Sender {
    /// A sender to the push services of `vendors`, which write to `contact` when something is wrong.
    pub fn new(outbound: Outbound, contact: Contact, vendors: Vendors, rng: Rng) -> Self {
        let (tokens, lanes) = (Tokens::default(), Lanes::default());
        Self(Arc::new(Inner { outbound, contact, rng, vendors, tokens, lanes }))
    }

    /// Reads a subscription that a browser has just given, by the same rules by which it is sent to.
    ///
    /// # Errors
    /// [`NotASubscription`], which says what is wrong.
    pub fn subscription(&self, json: &str) -> Result<Subscription, NotASubscription> {
        let subscription = Subscription::parse(json, self.0.outbound.guard())?;
        if self.0.vendors.allow(subscription.endpoint()) { Ok(subscription) } else { Err(NotASubscription::Vendor) }
    }

    /// Encrypts a message for a subscription. The result may be stored, and is sent unchanged in every try.
    #[allow(clippy::expect_used, reason = "a subscription's key was checked to be on the curve when it was made")]
    pub fn prepare(&self, to: &Subscription, message: &Message, now: Timestamp) -> Prepared {
        let (payload, ttl, urgency, topic) = message.parts();
        let body = encrypt(to.p256dh(), to.auth(), payload, &self.0.rng).expect("a valid subscription").into();
        Prepared { body, made: now, ttl: Prepared::clamp(ttl), urgency, topic: topic.cloned() }
    }

    /// Tries once to deliver. `key` is the one with which the subscription was made.
    ///
    /// The TTL sent is what is left of it. Where the push service asked for a pause, or refuses the key for many
    /// subscriptions, nothing is sent and the reply says how long to wait.
    pub async fn deliver(&self, to: &Endpoint, key: &VapidKey, prepared: &Prepared, now: Timestamp) -> Reply {
        let Some(ttl) = prepared.remaining(now) else { return Reply::Expired };
        if let Err(refusal) = self.0.outbound.guard().check(to.url(), Purpose::Push) {
            return Reply::Refused(Refused::Rule(refusal));
        }
        if !self.0.vendors.allow(to) {
            return Reply::Refused(Refused::Vendor);
        }
        let origin = to.origin();
        let lane = self.0.lanes.lane(&origin, now);
        let Ok(Some(_permit)) = tokio::time::timeout(QUEUE, lane.permit()).await else {
            return Reply::Throttled { retry_after: Some(Duration::from_secs(1)) };
        };
        // Asked only now: those that waited for room must heed what those before them were told.
        if let Some(reply) = lane.hold(to, key, now) {
            return reply;
        }
        let token = self.0.tokens.header(key, &origin, &self.0.contact, now);
        let mut request = Request::post(to.url().clone(), Purpose::Push, prepared.body.clone());
        request.headers = headers(prepared, ttl, &token);
        let reply = Reply::read(self.0.outbound.send(request).await, now);
        lane.note(to, key, &reply, now);
        tracing::debug!(endpoint = %to, ?reply, "a push message was tried");
        reply
    }

    /// What each push service did since the start, for metrics and alerts.
    pub fn status(&self, now: Timestamp) -> Vec<OriginStatus> {
        self.0.lanes.status(now)
    }
}

/// TTL, Urgency and Topic (RFC 8030 §5.2–5.4), the coding (RFC 8291 §4) and the sender (RFC 8292 §3).
fn headers(prepared: &Prepared, ttl: Duration, token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("ttl"), HeaderValue::from(ttl.as_secs()));
    headers.insert(HeaderName::from_static("urgency"), HeaderValue::from_static(prepared.urgency.as_str()));
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let Some(topic) = prepared.topic.as_ref().and_then(|topic| HeaderValue::from_str(topic.as_str()).ok()) {
        headers.insert(HeaderName::from_static("topic"), topic);
    }
    if let Ok(mut token) = HeaderValue::from_str(token) {
        token.set_sensitive(true);
        headers.insert(AUTHORIZATION, token);
    }
    headers
}
