//! What an operator measures: counters that every part of the process adds to, told in the text format of OpenMetrics.
//!
//! Labels have few values, all known beforehand: none is ever made of what somebody sent.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The media type of [`Meter::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A label with its value.
type Label = (&'static str, &'static str);

/// Seconds: from what memory answers to what somebody waits for.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Copy)]
struct Seconds;

impl MetricConstructor<Histogram> for Seconds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(BUCKETS)
    }
}

/// All that is measured. Cheap to clone.
#[derive(Clone)]
pub struct Meter(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<[Label; 2], Counter>,
    request_seconds: Family<[Label; 1], Histogram, Seconds>,
    proofs: Family<[Label; 2], Counter>,
    sign_ins: Family<[Label; 1], Counter>,
    grants: Family<[Label; 2], Counter>,
    hash_seconds: Histogram,
    hash_refused: Counter,
    hash_waiting: Gauge,
    deliveries: Family<[Label; 3], Counter>,
    outbox_waiting: Family<[Label; 1], Gauge>,
    outbox_lag: Family<[Label; 1], Gauge>,
    connections: Family<[Label; 1], Gauge>,
    refused: Family<[Label; 1], Counter>,
    replays: Family<[Label; 1], Counter>,
    redis: Family<[Label; 2], Counter>,
    redis_up: Family<[Label; 0], Gauge>,
    spans: Family<[Label; 1], Counter>,
}

/// What is asked of the rest of the process when somebody looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// Passwords that wait to be hashed.
    pub hash_waiting: u64,
    /// Of each sink of the outbox: how many deliveries are due, and for how many seconds the oldest has been.
    pub outbox: Vec<(&'static str, u64, u64)>,
    /// Connections to the database, by what they do.
    pub connections: Vec<(&'static str, u64)>,
    /// Whether Redis answers, where there is one.
    pub redis: Option<bool>,
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter")
    }
}

impl Meter {
    /// One that has counted nothing yet.
    pub fn new() -> Self {
        let mut inner = Inner {
            registry: Registry::with_prefix("watchbell"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(Seconds),
            proofs: Family::default(),
            sign_ins: Family::default(),
            grants: Family::default(),
            hash_seconds: Histogram::new(BUCKETS),
            hash_refused: Counter::default(),
            hash_waiting: Gauge::default(),
            deliveries: Family::default(),
            outbox_waiting: Family::default(),
            outbox_lag: Family::default(),
            connections: Family::default(),
            refused: Family::default(),
            replays: Family::default(),
            redis: Family::default(),
            redis_up: Family::default(),
            spans: Family::default(),
        };
        inner.register();
        Self(Arc::new(inner))
    }

    /// A request was answered. `endpoint` is one of a few names, `status` the status code.
    pub fn answered(&self, endpoint: &'static str, status: u16, took: Duration) {
        let class = match status / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.0.requests.get_or_create(&[("endpoint", endpoint), ("status", class)]).inc();
        self.0.request_seconds.get_or_create(&[("endpoint", endpoint)]).observe(took.as_secs_f64());
    }

    /// Somebody tried a password or a code: `right`, `wrong` or `paused`.
    pub fn tried(&self, what: &'static str, outcome: &'static str) {
        self.0.proofs.get_or_create(&[("what", what), ("outcome", outcome)]).inc();
    }

    /// A sign-in ended: `signed_in`, `refused` by the risk rules, or `turned_away` as too many passwords waited to be hashed.
    pub fn sign_in(&self, outcome: &'static str) {
        self.0.sign_ins.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// The token endpoint answered: `ok`, or the code of the error (RFC 6749 §5.2).
    pub fn token(&self, grant: &'static str, outcome: &'static str) {
        self.0.grants.get_or_create(&[("grant", grant), ("outcome", outcome)]).inc();
    }

    /// A password was hashed or verified.
    pub fn hashed(&self, took: Duration) {
        self.0.hash_seconds.observe(took.as_secs_f64());
    }

    /// A password was not: too many wait.
    pub fn hash_refused(&self) {
        self.0.hash_refused.inc();
    }

    /// A delivery was attempted. `service` is that of a known vendor, `other`, or empty where there is none.
    pub fn delivery(&self, sink: &'static str, outcome: &'static str, service: &'static str) {
        self.0.deliveries.get_or_create(&[("sink", sink), ("outcome", outcome), ("service", service)]).inc();
    }

    /// A form was not taken, for too many came from one address: as counted by this `node`, or by `all` of them.
    pub fn flooded(&self, by: &'static str) {
        self.0.refused.get_or_create(&[("counted_by", by)]).inc();
    }

    /// What can be used once came again, as `redis` or the `database` knew.
    pub fn replayed(&self, known_by: &'static str) {
        self.0.replays.get_or_create(&[("known_by", known_by)]).inc();
    }

    /// Redis was asked or told something: `ok`, `failed`, `slow`, `away`, or `forgotten`.
    pub fn redis(&self, what: &'static str, outcome: &'static str) {
        self.0.redis.get_or_create(&[("what", what), ("outcome", outcome)]).inc();
    }

    /// Spans of traces were `sent` to their collector, `refused` by it, or `dropped`, as it was away or there was no room.
    pub fn spans(&self, outcome: &'static str, number: u64) {
        self.0.spans.get_or_create(&[("outcome", outcome)]).inc_by(number);
    }

    /// Everything, with what was looked up for it.
    pub fn text(&self, levels: &Levels) -> String {
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.0.hash_waiting.set(whole(levels.hash_waiting));
        for (sink, waiting, lag) in &levels.outbox {
            self.0.outbox_waiting.get_or_create(&[("sink", *sink)]).set(whole(*waiting));
            self.0.outbox_lag.get_or_create(&[("sink", *sink)]).set(whole(*lag));
        }
        for (state, number) in &levels.connections {
            self.0.connections.get_or_create(&[("state", *state)]).set(whole(*number));
        }
        if let Some(up) = levels.redis {
            self.0.redis_up.get_or_create(&[]).set(i64::from(up));
        }
        let mut text = String::new();
        // A text takes whatever is written into it.
        let _ = encode(&mut text, &self.0.registry);
        text
    }
}

impl Inner {
    fn register(&mut self) {
        let r = &mut self.registry;
        r.register(
            "http_requests",
            "Requests that were answered, by endpoint and class of status",
            self.requests.clone(),
        );
        r.register("http_request_seconds", "How long they took", self.request_seconds.clone());
        r.register("proofs", "Passwords and codes that were tried", self.proofs.clone());
        r.register("sign_ins", "Sign-ins that ended", self.sign_ins.clone());
        r.register("token_grants", "Answers of the token endpoint, by grant type and error", self.grants.clone());
        r.register("hash_seconds", "How long hashing a password took, without the wait", self.hash_seconds.clone());
        r.register("hash_refused", "Passwords that were not hashed, as too many waited", self.hash_refused.clone());
        r.register("hash_waiting", "Passwords that wait to be hashed", self.hash_waiting.clone());
        r.register("deliveries", "Attempts to deliver a notice, a mail or a logout token", self.deliveries.clone());
        r.register("outbox_waiting", "Deliveries that are due", self.outbox_waiting.clone());
        r.register("outbox_lag_seconds", "For how long the oldest of them has been due", self.outbox_lag.clone());
        r.register("database_connections", "Connections to the database", self.connections.clone());
        r.register(
            "forms_refused",
            "Forms that were not taken, as too many came from one address",
            self.refused.clone(),
        );
        r.register("replays", "What can be used once and came again", self.replays.clone());
        r.register("redis_questions", "What Redis was asked or told, by how that ended", self.redis.clone());
        r.register("redis_up", "Whether Redis answers", self.redis_up.clone());
        r.register("trace_spans", "Spans of traces, by what became of them", self.spans.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let meter = Meter::new();
        meter.answered("token", 200, Duration::from_millis(2));
        meter.answered("token", 503, Duration::from_millis(2));
        meter.tried("password", "wrong");
        meter.clone().tried("password", "wrong");
        meter.token("refresh_token", "invalid_grant");
        meter.redis("take", "away");
        meter.spans("dropped", 5);
        let levels = Levels {
            hash_waiting: 3,
            outbox: vec![("push", 7, 2)],
            connections: vec![("idle", 4)],
            redis: Some(false),
        };
        let text = meter.text(&levels);
        for line in [
            "watchbell_http_requests_total{endpoint=\"token\",status=\"2xx\"} 1",
            "watchbell_http_requests_total{endpoint=\"token\",status=\"5xx\"} 1",
            "watchbell_http_request_seconds_count{endpoint=\"token\"} 2",
            "watchbell_proofs_total{what=\"password\",outcome=\"wrong\"} 2",
            "watchbell_token_grants_total{grant=\"refresh_token\",outcome=\"invalid_grant\"} 1",
            "watchbell_hash_waiting 3",
            "watchbell_outbox_waiting{sink=\"push\"} 7",
            "watchbell_outbox_lag_seconds{sink=\"push\"} 2",
            "watchbell_database_connections{state=\"idle\"} 4",
            "watchbell_redis_up 0",
            "watchbell_trace_spans_total{outcome=\"dropped\"} 5",
            "watchbell_redis_questions_total{what=\"take\",outcome=\"away\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }
}
