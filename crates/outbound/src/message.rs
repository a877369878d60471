//! What is sent and what comes back.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use url::Url;

/// Why a request is made: it decides which rules hold, and is what the log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A message to a push service (RFC 8030): port 443 only; of a long answer only the head is kept.
    Push,
    /// A range query on leaked passwords.
    PwnedPasswords,
    /// What a client registered: its keys, logo, sector identifier, client metadata document.
    ClientMetadata,
    /// A back-channel logout notice to a client (OpenID Connect Back-Channel Logout 1.0): of a long answer only the head is
    /// kept.
    BackChannelLogout,
    /// What a person said to a client that asked (CIBA Core §10.2, §10.3): likewise.
    BackchannelAnswer,
    /// Discovery, keys, tokens and claims of an upstream provider.
    Upstream,
    /// An event for an operator's webhook.
    Webhook,
    /// A question of `watchbell doctor` at this server's own public address.
    OwnOrigin,
    /// Traces for the operator's collector (OTLP over HTTP): of a long answer only the head is kept.
    Telemetry,
}

impl Purpose {
    /// A word for it, as traces have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::PwnedPasswords => "pwned_passwords",
            Self::ClientMetadata => "client_metadata",
            Self::BackChannelLogout => "back_channel_logout",
            Self::BackchannelAnswer => "backchannel_answer",
            Self::Upstream => "upstream",
            Self::Webhook => "webhook",
            Self::OwnOrigin => "own_origin",
            Self::Telemetry => "telemetry",
        }
    }

    /// Whether of the answer little more than the status is of use.
    pub(crate) const fn wants_the_head_alone(self) -> bool {
        matches!(self, Self::Push | Self::BackChannelLogout | Self::BackchannelAnswer | Self::Telemetry)
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to. It is checked by [`crate::Outbound::send`].
    pub url: Url,
    /// Headers; `Host`, lengths and `User-Agent` are added.
    pub headers: HeaderMap,
    /// The body, empty for none.
    pub body: Bytes,
    /// What for.
    pub purpose: Purpose,
}

impl Request {
    /// A GET.
    pub fn get(url: Url, purpose: Purpose) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: Bytes::new(), purpose }
    }

    /// A POST.
    pub fn post(url: Url, purpose: Purpose, body: impl Into<Bytes>) -> Self {
        Self { method: Method::POST, url, headers: HeaderMap::new(), body: body.into(), purpose }
    }

    /// The same with a header added.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }
}

/// An answer of any status: redirects and errors too.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it came: never decompressed, never longer than the limit.
    pub body: Bytes,
}
