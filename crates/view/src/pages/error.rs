//! What happened, what to do, a button that works, and a number to name.

use super::Page;
use serde::Serialize;

/// An error page. The word "error" and the parameter at fault stand in its heading.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// What went wrong.
    pub trouble: Trouble,
    /// The app that one came from, and the way back to it.
    pub app: Option<WayBack>,
}

/// A way back to an app.
#[derive(Debug, Clone, Serialize)]
pub struct WayBack {
    /// Its name.
    pub name: String,
    /// Its own page: never the redirect URI of a request that was refused.
    pub href: Option<String>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Trouble {
    /// The sign-in is too old, or was finished in another tab.
    FlowGone {
        /// Where the same sign-in begins again; `None` leads to the sign-in page.
        restart: Option<String>,
    },
    /// The sign-in was begun in another browser.
    OtherBrowser,
    /// A link from a mail was used, is too old, or was replaced by a newer one.
    LinkGone {
        /// Where a new one is asked for.
        again: Option<String>,
    },
    /// The address got an account meanwhile.
    Taken,
    /// Set-up was done before, or the link is not the one that was printed last.
    SetupClosed,
    /// Accounts are made by the operator here.
    RegistrationClosed,
    /// A code by mail opens nothing here, whoever it is.
    NoMailCode {
        /// The flow to go on with in another way.
        flow: String,
    },
    /// There is no such page, or it is not this person's.
    NotFound,
    /// Too many tries.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
    /// The form came from another site, or the browser hides where from.
    CrossSite,
    /// The form can't be read.
    Unreadable,
    /// Too much to do; try again soon (503).
    Busy {
        /// What was asked for, where asking again is enough.
        again: Option<String>,
    },
    /// Something went wrong on our side (500).
    Broken {
        /// Likewise.
        again: Option<String>,
    },
    /// The app's request is wrong and can't be answered by a redirect: for its developers.
    Request {
        /// The error code (RFC 6749 §4.1.2.1), as in `invalid_request`.
        code: String,
        /// The parameter at fault, as in `redirect_uri`.
        parameter: Option<String>,
        /// The sentence that names the next step. In English, as the specifications are.
        description: String,
        /// The values that are registered: for operators alone.
        registered: Vec<String>,
    },
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
}
