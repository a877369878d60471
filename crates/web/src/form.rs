//! What a request brings in its body: a form, or JSON. Bounded before it is read.

use crate::guest::Guest;
use crate::reply::{self, Stop};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use app::login::Browser;
use base::Id;
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use oauth::Params;
use serde::de::DeserializeOwned;
use std::time::Duration;
use zeroize::Zeroizing;

/// A body with its content type, not yet understood.
pub(crate) struct Body {
    /// The value of `Content-Type`.
    pub(crate) content_type: Option<String>,
    /// The bytes.
    pub(crate) bytes: Bytes,
}

/// A form of one of our pages.
#[derive(Default)]
pub(crate) struct Form(Params);

impl Body {
    /// The JSON of one of our scripts. Read by the handler, once it is known who asks.
    ///
    /// # Errors
    /// [`Stop`] when it is none, or not what is expected.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Stop> {
        if !is_json(self.content_type.as_deref()) {
            return Err(reply::json::unreadable("send a body of type application/json").into());
        }
        serde_json::from_slice(&self.bytes).map_err(|error| reply::json::unreadable(&error.to_string()).into())
    }
}

impl Body {
    /// A field of a form, where the body is one: of what takes a form of a page or the JSON of the service worker.
    pub(crate) fn field(&self, name: &'static str) -> Option<String> {
        let form = Params::from_form(self.content_type.as_deref(), &self.bytes).ok()?;
        form.one(name).ok().flatten().map(str::to_owned)
    }
}

impl Form {
    /// What was typed into a field; nothing when it was left out.
    pub(crate) fn text(&self, name: &'static str) -> String {
        self.0.one(name).ok().flatten().unwrap_or_default().to_owned()
    }

    /// A field that was filled in.
    pub(crate) fn filled(&self, name: &'static str) -> Option<&str> {
        self.0.one(name).ok().flatten()
    }

    /// A password.
    pub(crate) fn secret(&self, name: &'static str) -> Zeroizing<String> {
        Zeroizing::new(self.text(name))
    }

    /// An id.
    pub(crate) fn id(&self, name: &'static str) -> Option<Id> {
        self.filled(name)?.parse().ok()
    }

    /// Whether a checkbox was ticked.
    pub(crate) fn is_on(&self, name: &'static str) -> bool {
        self.filled(name) == Some("on")
    }

    /// Whether the browser said that it could show the card that offers notices.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.filled("push_state"), self.filled("time_zone").map(str::to_owned))
    }
}

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

impl FromRequest for Body {
    type Error = Stop;
    type Future = LocalBoxFuture<'static, Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let guest = Guest::of(request);
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let mut payload = payload.take();
        Box::pin(async move {
            let guest = guest?;
            let limit = guest.state().settings().body_limit;
            let read = async {
                let mut bytes = Vec::new();
                while let Some(chunk) = payload.next().await {
                    let Ok(chunk) = chunk else { return Err(reply::unreadable(&guest)) };
                    if bytes.len().saturating_add(chunk.len()) > limit {
                        return Err(reply::too_large(&guest));
                    }
                    bytes.extend_from_slice(&chunk);
                }
                Ok(bytes)
            };
            // Whoever announces a body and never sends it must not hold the connection.
            match actix_web::rt::time::timeout(PATIENCE, read).await {
                Ok(bytes) => Ok(Self { content_type, bytes: bytes?.into() }),
                Err(_) => Err(reply::too_slow()),
            }
        })
    }
}

impl FromRequest for Form {
    type Error = Stop;
    type Future = LocalBoxFuture<'static, Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let guest = Guest::of(request);
        let body = Body::from_request(request, payload);
        Box::pin(async move {
            let (guest, body) = (guest?, body.await?);
            match Params::from_form(body.content_type.as_deref(), &body.bytes) {
                Ok(params) => Ok(Self(params)),
                Err(_) => Err(reply::unreadable(&guest)),
            }
        })
    }
}

/// Whether a content type is JSON's: what a form of another site can't send (ASVS 3.5.2).
pub(crate) fn is_json(content_type: Option<&str>) -> bool {
    let essence = content_type.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
