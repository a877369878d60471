//! From a page's data to an answer.

use crate::cookies::Jar;
use crate::edge::csp;
use crate::guest::Guest;
use crate::reply::{self, Again, Reply};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use app::Signed;
use app::account::AcceptedKeys;
use app::push::PushState;
use base::Id;
use identity::webauthn::encode;
use view::{Banner, Chrome, KeysMeta, Locale, Page, PushMeta, SignedIn};

/// A page on its way: what surrounds it, and how it is answered.
pub(crate) struct Sheet<'a> {
    guest: &'a Guest,
    status: StatusCode,
    account: Option<&'a Signed>,
    push: Option<PushState>,
    keys: Option<AcceptedKeys>,
    banner: Option<Banner>,
    leads_to: Option<String>,
    frames: Vec<String>,
    kept: Vec<(String, String)>,
    wait: Option<u64>,
}

/// Parameters that the language switch keeps.
const KEPT: [&str; 9] = ["user_code", "flow", "token", "show", "after", "return_to", "with", "attempt", "set"];

impl<'a> Sheet<'a> {
    /// An ordinary page.
    pub(crate) fn new(guest: &'a Guest) -> Self {
        let kept = KEPT.iter().filter_map(|name| Some(((*name).to_owned(), guest.asked(name)?.to_owned())));
        Self {
            guest,
            status: StatusCode::OK,
            account: None,
            push: None,
            keys: None,
            banner: guest.banner(),
            leads_to: None,
            frames: Vec::new(),
            kept: kept.collect(),
            wait: None,
        }
    }

    /// With another status.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With a message about what has just been done.
    pub(crate) fn saying(mut self, banner: Banner) -> Self {
        self.banner = Some(banner);
        self
    }

    /// Of a signed-in person.
    pub(crate) fn of(mut self, signed: &'a Signed) -> Self {
        self.account = Some(signed);
        self
    }

    /// With what the scripts need for notices.
    pub(crate) fn push(mut self, push: PushState) -> Self {
        self.push = Some(push);
        self
    }

    /// With what the browser is told of the account's passkeys.
    pub(crate) fn accepted(mut self, keys: Option<AcceptedKeys>) -> Self {
        self.keys = keys;
        self
    }

    /// A page whose forms lead to an app in the end: its redirect URI.
    pub(crate) fn leads_to(mut self, redirect_uri: Option<String>) -> Self {
        self.leads_to = redirect_uri;
        self
    }

    /// A page that loads these addresses in frames.
    pub(crate) fn frames(mut self, addresses: Vec<String>) -> Self {
        self.frames = addresses;
        self
    }

    /// A page of a flow: the language switch keeps it.
    pub(crate) fn flow(mut self, flow: Id) -> Self {
        self.kept.retain(|(name, _)| name != "flow");
        self.kept.push(("flow".to_owned(), flow.to_string()));
        self
    }

    /// A page that is asked for again with these: the language switch keeps them.
    pub(crate) fn keeping(mut self, fields: &[(String, String)]) -> Self {
        self.kept.retain(|(name, _)| fields.iter().all(|(kept, _)| kept != name));
        self.kept.extend_from_slice(fields);
        self
    }

    /// With what was wrong with the form before, if it was sent before.
    pub(crate) fn again<P>(mut self, again: Option<Again<P>>) -> (Self, Option<P>) {
        match again {
            Some(Again { problem, status, wait }) => {
                self.status = status;
                self.wait = wait;
                (self, Some(problem))
            }
            None => (self, None),
        }
    }

    /// The client should wait so many seconds (RFC 9110 §10.2.3).
    pub(crate) fn wait(mut self, seconds: Option<u64>) -> Self {
        self.wait = seconds;
        self
    }

    /// The answer.
    pub(crate) fn show<P: Page>(self, page: &P) -> Reply {
        let guest = self.guest;
        let html = match guest.state().view().page(&self.chrome(), page) {
            Ok(html) => html,
            Err(fault) => return Err(reply::plain::broken(guest, &fault).into()),
        };
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
        if self.leads_to.is_some() || !self.frames.is_empty() {
            let policy = csp::with_frames(self.leads_to.as_deref(), &self.frames);
            response.insert_header((CONTENT_SECURITY_POLICY, policy));
        }
        if let Some(seconds) = self.wait {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Some(locale) = guest.asked_locale() {
            response.cookie(Jar::Locale.set(locale.tag().to_owned(), guest.is_https()));
        }
        if guest.banner().is_some() {
            response.cookie(Jar::Banner.removed(guest.is_https()));
        }
        Ok(response.body(html))
    }

    fn chrome(&self) -> Chrome {
        let guest = self.guest;
        let account = self.account.map(|signed| &signed.account);
        let locale = account.and_then(|account| account.locale.as_deref()).and_then(Locale::from_tag);
        Chrome {
            brand: guest.here().tenant().name.clone(),
            locale: locale.unwrap_or(guest.locale()),
            time_zone: account.and_then(|account| account.time_zone.clone()),
            now: guest.here().now(),
            path: guest.path().to_owned(),
            query: self.kept.clone(),
            account: account
                .map(|account| SignedIn { name: account.name.clone(), email: account.email.as_str().to_owned() }),
            banner: self.banner,
            push: self.push.clone().map(|push| PushMeta {
                vapid_key: push.vapid_key,
                endpoint: push.endpoint,
                wanted: push.wanted,
            }),
            keys: self.keys.as_ref().zip(account).map(|(keys, account)| KeysMeta {
                rp_id: keys.rp_id.clone(),
                user_id: encode(keys.account.as_bytes()),
                ids: keys.ids.iter().map(|id| encode(id)).collect(),
                name: account.email.as_str().to_owned(),
                display_name: account.name.clone(),
            }),
            links: guest.state().settings().links.clone(),
            request_id: guest.request_id().to_owned(),
        }
    }
}
