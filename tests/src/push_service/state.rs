//! What the service knows: subscriptions, browsers, planned failures, the log.

use super::{Entry, Fault, Received, Report};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use push::receiver::Receiver;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// The reason of an entry that failed because a test wanted it.
pub(super) const PLANNED: &str = "planned by the test";

#[derive(Default)]
pub(super) struct State {
    pub(super) subs: HashMap<String, Sub>,
    pub(super) browsers: HashMap<String, Browser>,
    pub(super) faults: Vec<Planned>,
    pub(super) log: Vec<Entry>,
    pub(super) reports: Vec<Report>,
}

/// A subscription.
pub(super) struct Sub {
    /// The `applicationServerKey` that it was made with.
    pub(super) key: Option<Vec<u8>>,
    pub(super) home: Home,
    pub(super) gone: bool,
    pub(super) salts: HashSet<Vec<u8>>,
    pub(super) sender_keys: HashSet<Vec<u8>>,
    pub(super) inbox: VecDeque<Received>,
}

/// Who receives.
#[derive(Clone)]
pub(super) enum Home {
    Headless(Arc<Receiver>),
    Browser { uaid: String, channel: String },
}

/// A browser over its WebSocket.
#[derive(Default)]
pub(super) struct Browser {
    pub(super) line: Option<UnboundedSender<Value>>,
    pub(super) queue: Vec<Queued>,
}

/// A message that a browser has not acknowledged.
pub(super) struct Queued {
    pub(super) version: String,
    channel: String,
    topic: Option<String>,
    expires: Instant,
    pub(super) message: Value,
}

pub(super) struct Planned {
    pub(super) token: Option<String>,
    pub(super) fault: Fault,
    pub(super) left: usize,
}

/// A message that passed every check.
pub(super) struct Arrived {
    pub(super) payload: Option<Vec<u8>>,
    pub(super) body: Vec<u8>,
    pub(super) ttl: u64,
    pub(super) urgency: String,
    pub(super) topic: Option<String>,
}

pub(super) fn b64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// A name that can't be guessed.
pub(super) fn unguessable() -> String {
    URL_SAFE_NO_PAD.encode(base::Rng::system().bytes::<24>())
}

impl Sub {
    pub(super) fn new(key: Option<Vec<u8>>, home: Home) -> Self {
        let (salts, sender_keys, inbox) = (HashSet::new(), HashSet::new(), VecDeque::new());
        Self { key, home, gone: false, salts, sender_keys, inbox }
    }
}

impl State {
    pub(super) fn add(&mut self, sub: Sub) -> String {
        let token = unguessable();
        self.subs.insert(token.clone(), sub);
        token
    }

    /// The failure that is planned for a message to this endpoint, if any; it is used up.
    pub(super) fn fault(&mut self, token: &str) -> Option<Fault> {
        let due = |planned: &Planned| planned.left > 0 && planned.token.as_deref().is_none_or(|t| t == token);
        let planned = self.faults.iter_mut().find(|planned| due(planned))?;
        planned.left -= 1;
        Some(planned.fault.clone())
    }

    /// Hands a message to its subscription, in place of an older one with its topic. Gives its version.
    pub(super) fn deliver(&mut self, token: &str, message: Arrived) -> String {
        let version = unguessable();
        let Some(sub) = self.subs.get_mut(token) else { return version };
        match sub.home.clone() {
            Home::Headless(_) => {
                if message.topic.is_some() {
                    sub.inbox.retain(|older| older.topic != message.topic);
                }
                let payload = message.payload.unwrap_or_default();
                sub.inbox.push_back(Received {
                    json: serde_json::from_slice(&payload).unwrap_or(Value::Null),
                    payload,
                    ttl: message.ttl,
                    urgency: message.urgency,
                    topic: message.topic,
                });
            }
            Home::Browser { uaid, channel } => {
                let browser = self.browsers.entry(uaid).or_default();
                browser.deliver(&version, channel, message);
            }
        }
        version
    }
}

impl Browser {
    fn deliver(&mut self, version: &str, channel: String, message: Arrived) {
        let mut notice = json!({
            "messageType": "notification", "channelID": channel, "version": version, "ttl": message.ttl });
        if !message.body.is_empty() {
            notice["data"] = URL_SAFE_NO_PAD.encode(&message.body).into();
            notice["headers"] = json!({ "encoding": "aes128gcm" });
        }
        if message.topic.is_some() {
            self.queue.retain(|older| older.topic != message.topic || older.channel != channel);
        }
        let online = self.line.as_ref().is_some_and(|line| line.send(notice.clone()).is_ok());
        // "Now or never" is not kept for a browser that is away (RFC 8030 §5.2).
        if online || message.ttl > 0 {
            let expires = Instant::now() + Duration::from_secs(message.ttl.max(60));
            let (version, topic) = (version.to_owned(), message.topic);
            self.queue.push(Queued { version, channel, topic, expires, message: notice });
        }
    }

    /// What still waits, once the browser is back.
    pub(super) fn waiting(&mut self) -> Vec<Value> {
        let now = Instant::now();
        self.queue.retain(|queued| queued.expires > now);
        self.queue.iter().map(|queued| queued.message.clone()).collect()
    }
}
