//! Whoever has a live session.

use crate::guest::Guest;
use crate::reply::{self, Reply, Stop};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};
use app::Signed;
use base::routes;
use futures_util::future::LocalBoxFuture;
use std::ops::Deref;

/// A signed-in person at a page. Without a session, the request leads to the sign-in page and back.
#[derive(Clone)]
pub(crate) struct SignedIn {
    guest: Guest,
    /// The session.
    pub(crate) signed: Signed,
}

/// A signed-in person at the JSON API. Without a session, the answer is 401.
#[derive(Clone)]
pub(crate) struct SignedInApi(SignedIn);

/// A guest who may have a session.
#[derive(Clone)]
pub(crate) struct Maybe {
    guest: Guest,
    /// The session.
    pub(crate) signed: Option<Signed>,
}

impl SignedIn {
    /// A guest whose session was found.
    pub(crate) fn new(guest: &Guest, signed: Signed) -> Self {
        Self { guest: guest.clone(), signed }
    }
}

impl Maybe {
    /// A signed-in person, among those who may be.
    pub(crate) fn of(person: &SignedIn) -> Self {
        Self { guest: person.guest.clone(), signed: Some(person.signed.clone()) }
    }
}

impl Deref for SignedIn {
    type Target = Guest;

    fn deref(&self) -> &Guest {
        &self.guest
    }
}

impl Deref for SignedInApi {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl Deref for Maybe {
    type Target = Guest;

    fn deref(&self) -> &Guest {
        &self.guest
    }
}

impl FromRequest for SignedIn {
    type Error = Stop;
    type Future = LocalBoxFuture<'static, Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (guest, method) = (Guest::of(request), request.method().clone());
        Box::pin(async move {
            let guest = guest?;
            match guest.here().signed_in(guest.visitor()).await {
                Ok(Some(signed)) => Ok(Self { guest, signed }),
                // A form can't be sent again after the sign-in: its page can be opened again.
                Ok(None) if method == Method::GET => Err(stop(begin(&guest, &guest.target()).await)),
                Ok(None) => Err(stop(begin(&guest, page_of(guest.path())).await)),
                Err(fault) => Err(reply::fault(&guest, &fault)),
            }
        })
    }
}

impl FromRequest for SignedInApi {
    type Error = Stop;
    type Future = LocalBoxFuture<'static, Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let guest = Guest::of(request);
        Box::pin(async move {
            let guest = guest?;
            match guest.here().signed_in(guest.visitor()).await {
                Ok(Some(signed)) => Ok(Self(SignedIn { guest, signed })),
                Ok(None) => Err(reply::json::sign_in_first(&guest).into()),
                Err(fault) => Err(reply::json::fault(&guest, &fault)),
            }
        })
    }
}

impl FromRequest for Maybe {
    type Error = Stop;
    type Future = LocalBoxFuture<'static, Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let guest = Guest::of(request);
        Box::pin(async move {
            let guest = guest?;
            match guest.here().signed_in(guest.visitor()).await {
                Ok(signed) => Ok(Self { guest, signed }),
                Err(fault) => Err(reply::fault(&guest, &fault)),
            }
        })
    }
}

/// To the sign-in page, and then to a page of ours.
pub(crate) async fn begin(guest: &Guest, return_to: &str) -> Reply {
    let step = guest.here().begin_login(guest.visitor(), Some(return_to)).await;
    let step = step.map_err(|fault| reply::fault(guest, &fault))?;
    Ok(reply::step(guest, step))
}

/// The page that a form stands on.
fn page_of(path: &str) -> &'static str {
    const PAGES: [&str; 10] = [
        routes::DEVICE,
        routes::EMAIL,
        routes::DATA,
        routes::LOCKDOWN,
        routes::PROFILE,
        routes::SIGN_IN,
        routes::DEVICES,
        routes::APPS,
        routes::NOTIFICATIONS,
        routes::ACTIVITY,
    ];
    PAGES.into_iter().find(|page| path.starts_with(page)).unwrap_or(routes::ACCOUNT)
}

fn stop(reply: Reply) -> Stop {
    match reply {
        Ok(response) => response.into(),
        Err(stop) => stop,
    }
}
