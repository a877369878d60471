//! Whoever calls the account API: a person with a live session, or an app with an access token (RFC 6750).

use crate::guest::Guest;
use crate::reply::{self, Stop};
use crate::routes::proofs;
use crate::run::run;
use crate::signed::SignedIn;
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use app::oidc::{ByApp, ResourceCall, Steerer};
use app::{Signed, Visitor};
use base::routes;
use futures_util::future::LocalBoxFuture;
use oauth::bearer::{self, TokenScheme};
use std::ops::Deref;

/// Where an app comes with a person's access token, beside our own pages. A request that brings one is judged by it alone:
/// no page can have a browser send it, as it does a cookie.
pub(crate) const BY_TOKEN: [&str; 6] = [
    routes::API_PREFERENCES,
    routes::API_SUBSCRIPTIONS,
    routes::API_ROTATE,
    routes::API_TEST,
    routes::API_OFFER,
    routes::API_NOTICE_DATA,
];

/// A caller of the account API. A request that brings a token is judged by it alone, and never by its cookies.
#[derive(Clone)]
pub(crate) struct ApiCaller {
    guest: Guest,
    who: Who,
}

#[derive(Clone)]
enum Who {
    Person(Signed),
    App(ByApp, Box<Visitor>),
}

impl ApiCaller {
    /// Who they are to the use cases.
    pub(crate) const fn steerer(&self) -> Steerer<'_> {
        match &self.who {
            Who::Person(signed) => Steerer::Person(signed),
            Who::App(app, _) => Steerer::App(app),
        }
    }

    /// The browser; or the app, by its name.
    pub(crate) fn visitor(&self) -> &Visitor {
        match &self.who {
            Who::Person(_) => self.guest.visitor(),
            Who::App(_, visitor) => visitor,
        }
    }

    /// Whether it is an app.
    pub(crate) const fn is_app(&self) -> bool {
        matches!(self.who, Who::App(..))
    }

    /// The person: for what needs their browser, or makes the bell quieter about their security.
    ///
    /// # Errors
    /// [`Stop`] for an app: 403, with the page where the person does it.
    pub(crate) fn person(&self) -> Result<SignedIn, Stop> {
        match &self.who {
            Who::Person(signed) => Ok(SignedIn::new(&self.guest, signed.clone())),
            Who::App(..) => Err(reply::json::not_by_app(&self.guest).into()),
        }
    }

    async fn find(guest: Guest, method: String, token: Option<Vec<u8>>) -> Result<Self, Stop> {
        let Some(header) = token else {
            return match guest.here().signed_in(guest.visitor()).await {
                Ok(Some(signed)) => Ok(Self { guest, who: Who::Person(signed) }),
                Ok(None) => Err(reply::json::sign_in_first(&guest).into()),
                Err(fault) => Err(reply::json::fault(&guest, &fault)),
            };
        };
        let read = bearer::token(Some(&header), None);
        let (token, scheme) = read.map_err(|error| reply::json::token(&guest, &error))?;
        let path = BY_TOKEN.into_iter().find(|path| *path == guest.path()).unwrap_or_default();
        let call = ResourceCall { token, scheme, proofs: proofs(&guest), method, path, connection: guest.connection() };
        let work = guest.clone();
        match run(async move { work.here().steering_app(&call).await }).await {
            Ok(app) => {
                let said = app.agent().into();
                let visitor = Visitor {
                    said,
                    place: None,
                    session: None,
                    device: None,
                    browser: None,
                    ..guest.visitor().clone()
                };
                Ok(Self { guest, who: Who::App(app, Box::new(visitor)) })
            }
            Err(problem) => Err(reply::json::token_problem(&guest, &problem)),
        }
    }
}

impl Deref for ApiCaller {
    type Target = Guest;

    fn deref(&self) -> &Guest {
        &self.guest
    }
}

impl FromRequest for ApiCaller {
    type Error = Stop;
    type Future = LocalBoxFuture<'static, Result<Self, Stop>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (guest, method) = (Guest::of(request), request.method().to_string());
        let token = token_header(request.headers()).map(<[u8]>::to_vec);
        Box::pin(async move {
            let guest = guest?;
            // What stands in an address is kept in logs and histories (RFC 6750 §2.3): it is no way to bring one.
            if !matches!(guest.query().one("access_token"), Ok(None)) {
                return Err(reply::json::token_in_query().into());
            }
            Self::find(guest, method, token).await
        })
    }
}

/// The header that brings an access token. Other schemes are a proxy's business.
pub(crate) fn token_header(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(AUTHORIZATION)?.as_bytes();
    let scheme = value.split(|byte| *byte == b' ').next()?;
    let known = [TokenScheme::Bearer, TokenScheme::Dpop];
    known.iter().any(|known| scheme.eq_ignore_ascii_case(known.as_str().as_bytes())).then_some(value)
}
