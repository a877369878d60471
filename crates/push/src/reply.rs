//! What a push service's answer means for what we do next.

use base::Timestamp;
use http::{HeaderMap, StatusCode};
use outbound::{OutboundError, Refusal, Response};
use std::time::{Duration, UNIX_EPOCH};

/// The longest wait that is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);
/// How much of an answer's text is kept for the log.
const REASON: usize = 200;

/// What came of a delivery, by what has to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The push service has it (not yet: it was shown).
    Accepted,
    /// The subscription is no more: delete it.
    Gone,
    /// The message is too large for this service: make a smaller one, once.
    TooLarge,
    /// Too many messages: try the same one later. Nothing was sent when a pause is still running.
    Throttled {
        /// How long the service wants us to wait, if it said so.
        retry_after: Option<Duration>,
    },
    /// The service does not accept our key, token or request. Mostly our own fault: count a strike, delete nothing.
    KeyRefused {
        /// The status.
        status: u16,
        /// What the service said, shortened.
        reason: String,
    },
    /// So many subscriptions of this service refuse our key that none is tried for now: an operator has to look.
    KeySuspended {
        /// When the next one is tried.
        retry_after: Duration,
    },
    /// The service is in trouble or not reached: try the same message later, with growing waits.
    ServerTrouble {
        /// How long the service wants us to wait, if it said so.
        retry_after: Option<Duration>,
        /// What happened, for the log.
        reason: String,
    },
    /// The message outlived its TTL: drop it.
    Expired,
    /// Our own rules forbid this endpoint: drop the message; the subscription is of no use.
    Refused(Refused),
}

/// Why we do not send to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It breaks a rule for outgoing requests.
    #[error("{0}")]
    Rule(Refusal),
    /// It is not of a vendor that is allowed.
    #[error("the push service is not one of the vendors that are allowed: allow others if it is meant")]
    Vendor,
}

impl Reply {
    /// Whether the same message is to be tried again, and after how long at least.
    pub const fn retry(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::ServerTrouble { retry_after, .. } => match retry_after {
                Some(wait) => Some(*wait),
                None => Some(Duration::ZERO),
            },
            Self::KeySuspended { retry_after } => Some(*retry_after),
            Self::KeyRefused { .. } => Some(Duration::ZERO),
            Self::Accepted | Self::Gone | Self::TooLarge | Self::Expired | Self::Refused(_) => None,
        }
    }

    pub(crate) fn read(outcome: Result<Response, OutboundError>, now: Timestamp) -> Self {
        match outcome {
            Ok(response) => Self::from_response(&response, now),
            Err(OutboundError::Refused(refusal)) => Self::Refused(Refused::Rule(refusal)),
            Err(error) => Self::ServerTrouble { retry_after: None, reason: error.to_string() },
        }
    }

    fn from_response(response: &Response, now: Timestamp) -> Self {
        let status = response.status;
        let retry_after = retry_after(&response.headers, now);
        match status {
            _ if status.is_success() => Self::Accepted,
            StatusCode::NOT_FOUND | StatusCode::GONE => Self::Gone,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            // Microsoft's WNS throttles with 406.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::NOT_ACCEPTABLE => Self::Throttled { retry_after },
            StatusCode::REQUEST_TIMEOUT => Self::ServerTrouble { retry_after, reason: said(response) },
            _ if status.is_client_error() => Self::KeyRefused { status: status.as_u16(), reason: said(response) },
            // A redirect too: it is not followed, and the service may be on its way to another place.
            _ => Self::ServerTrouble { retry_after, reason: said(response) },
        }
    }
}

fn said(response: &Response) -> String {
    let text = String::from_utf8_lossy(&response.body);
    let text: String = text.chars().filter(|c| !c.is_control()).take(REASON).collect();
    format!("{} {text}", response.status.as_u16()).trim_end().to_owned()
}

/// `Retry-After` in seconds or as a date (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are a long wait too.
        return Some(value.parse().map_or(LONGEST_WAIT, Duration::from_secs).min(LONGEST_WAIT));
    }
    let date = httpdate::parse_http_date(value).ok()?.duration_since(UNIX_EPOCH).ok()?;
    let date = Timestamp::from_seconds(i64::try_from(date.as_secs()).ok()?);
    Some(date.since(now).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    const NOW: Timestamp = Timestamp::from_seconds(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT

    fn reply(status: u16, retry_after: Option<&str>, body: &'static str) -> Reply {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert("retry-after", value.parse().unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        Reply::read(Ok(Response { status, headers, body: Bytes::from_static(body.as_bytes()) }), NOW)
    }

    #[test]
    fn each_status_says_what_to_do() {
        for status in [200, 201, 202, 204] {
            assert_eq!(reply(status, None, ""), Reply::Accepted);
        }
        for status in [404, 410] {
            assert_eq!(reply(status, None, ""), Reply::Gone);
        }
        assert_eq!(reply(413, None, ""), Reply::TooLarge);
        for status in [429, 406] {
            assert_eq!(reply(status, None, ""), Reply::Throttled { retry_after: None });
        }
        for status in [400, 401, 403, 405, 415] {
            assert!(matches!(reply(status, None, "{\"reason\":\"VapidPkHashMismatch\"}"), Reply::KeyRefused { .. }));
        }
        for status in [302, 408, 500, 502, 503, 504] {
            assert!(matches!(reply(status, None, ""), Reply::ServerTrouble { retry_after: None, .. }), "{status}");
        }
    }

    #[test]
    fn the_wait_is_read_in_both_its_forms() {
        let wait = |value| match reply(429, Some(value), "") {
            Reply::Throttled { retry_after } => retry_after.map(|w| w.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("0"), Some(0));
        assert_eq!(wait("99999999999999999999999"), Some(24 * 3_600));
        assert_eq!(wait("Sun, 06 Nov 1994 08:51:37 GMT"), Some(120));
        assert_eq!(wait("Sunday, 06-Nov-94 08:51:37 GMT"), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        for nonsense in ["", "soon", "-5", "1.5"] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
        assert!(
            matches!(reply(503, Some("7"), ""), Reply::ServerTrouble { retry_after: Some(w), .. } if w.as_secs() == 7)
        );
    }

    #[test]
    fn what_a_service_says_is_cut_and_cleaned() {
        let Reply::KeyRefused { reason, .. } = reply(403, None, "bad\r\n\u{1b}[31mtoken") else { panic!() };
        assert_eq!(reason, "403 bad[31mtoken");
    }

    #[test]
    fn trouble_on_the_way_is_tried_again_and_a_refusal_is_not() {
        assert!(Reply::read(Err(OutboundError::Timeout), NOW).retry().is_some());
        assert!(Reply::read(Err(OutboundError::Unreachable(String::new())), NOW).retry().is_some());
        let refused = Reply::read(Err(OutboundError::Refused(Refusal::Port)), NOW);
        assert_eq!((refused.retry(), refused), (None, Reply::Refused(Refused::Rule(Refusal::Port))));
    }
}
