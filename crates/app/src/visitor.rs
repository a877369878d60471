//! Who is at the door: what a request says of its browser.

use base::{Id, Secret, SecretKind};
use identity::device_name::Said;
use identity::{Agent, Place};
use oauth::response::AuthorizationResponse;
use std::net::IpAddr;

/// A browser as one request shows it. Secrets come from cookies, everything else is only shown.
#[derive(Clone)]
pub struct Visitor {
    /// The address, from the connection or from a trusted proxy.
    pub ip: IpAddr,
    /// The browser, by its own word.
    pub said: Said,
    /// Where the address seems to be.
    pub place: Option<Place>,
    /// The language of the page.
    pub locale: Option<String>,
    /// The session cookie.
    pub session: Option<Secret>,
    /// The device cookie.
    pub device: Option<Secret>,
    /// The cookie that binds login flows to this browser.
    pub browser: Option<Secret>,
}

/// Cookies to set with the answer. `None` leaves one as it is.
#[derive(Clone, Default)]
pub struct Cookies {
    /// The session: a new one, or `Some(None)` to remove it.
    pub session: Option<Option<Secret>>,
    /// The device.
    pub device: Option<Secret>,
    /// The browser's binding.
    pub browser: Option<Secret>,
}

impl Cookies {
    /// These, and of the others those that are none of these.
    pub(crate) fn or(self, others: &Self) -> Self {
        Self {
            session: self.session.or_else(|| others.session.clone()),
            device: self.device.or_else(|| others.device.clone()),
            browser: self.browser.or_else(|| others.browser.clone()),
        }
    }
}

/// Where to go next.
#[derive(Clone)]
pub struct Step {
    /// The place.
    pub to: Destination,
    /// Cookies to set on the way.
    pub cookies: Cookies,
}

/// A place on our origin, or an app's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A path of ours.
    Here(String),
    /// Another provider's page, where one signs in.
    Away {
        /// The address.
        url: String,
        /// The provider's name for people.
        provider: String,
    },
    /// A registered redirect URI with its answer.
    App(String),
    /// The same, for an app that wants the answer posted (OAuth 2.0 Form Post Response Mode).
    AppByPost {
        /// The redirect URI.
        action: String,
        /// The fields, each once.
        fields: Vec<(&'static str, String)>,
    },
}

impl Step {
    /// A step to a path of ours.
    pub fn here(path: impl Into<String>) -> Self {
        Self { to: Destination::Here(path.into()), cookies: Cookies::default() }
    }

    /// A step back to an app.
    pub fn app(url: impl Into<String>) -> Self {
        Self { to: Destination::App(url.into()), cookies: Cookies::default() }
    }

    /// A step back to an app with the answer to its authorization request.
    pub(crate) fn answer(response: AuthorizationResponse) -> Self {
        let to = match response {
            AuthorizationResponse::Redirect(url) => Destination::App(url),
            AuthorizationResponse::FormPost { action, fields } => Destination::AppByPost { action, fields },
        };
        Self { to, cookies: Cookies::default() }
    }

    /// With cookies.
    #[must_use]
    pub fn with(mut self, cookies: Cookies) -> Self {
        self.cookies = cookies;
        self
    }
}

/// A live session, as the account pages need it.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The session.
    pub session: identity::Session,
    /// The person.
    pub account: identity::Account,
    /// The browser.
    pub device: identity::Device,
}

impl Signed {
    /// The account's id.
    pub const fn id(&self) -> Id {
        self.account.id
    }
}

impl Visitor {
    /// The browser, as it is shown.
    pub fn agent(&self) -> &Agent {
        self.said.agent()
    }

    /// The hash under which this browser's flows are kept; makes the cookie when there is none.
    pub(crate) fn binding(&self, rng: &base::Rng) -> (base::SecretHash, Cookies) {
        match &self.browser {
            Some(browser) => (browser.hash(), Cookies::default()),
            None => {
                let browser = Secret::generate(SecretKind::Browser, rng);
                (browser.hash(), Cookies { browser: Some(browser), ..Cookies::default() })
            }
        }
    }

    /// The browser as its next request will show it, once it has got these cookies.
    pub(crate) fn given(&self, cookies: &Cookies) -> Self {
        Self {
            session: cookies.session.clone().unwrap_or_else(|| self.session.clone()),
            device: cookies.device.clone().or_else(|| self.device.clone()),
            browser: cookies.browser.clone().or_else(|| self.browser.clone()),
            ..self.clone()
        }
    }

    /// Whether a flow was begun in this browser.
    pub(crate) fn owns(&self, flow: &identity::login::Flow) -> bool {
        self.browser.as_ref().is_some_and(|browser| browser.hash() == flow.browser)
    }
}
