//! Secrets that a page shows once: they follow from the browser's cookie, of which only a hash is stored, and a key of
//! the server. So a page that was lost on its way, or is loaded again, shows the same, and nothing was kept that somebody
//! could find.

use crate::here::Here;
use crate::visitor::{Cookies, Visitor};
use base::{Id, Secret, SecretKind};
use zeroize::Zeroizing;

/// What is shown: one of them tells nothing of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The seed of an authenticator app that is being set up.
    Seed,
    /// A set of recovery codes.
    RecoveryCodes,
}

impl Shown {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Seed => "shown: seed of an authenticator app",
            Self::RecoveryCodes => "shown: recovery codes",
        }
    }
}

impl Here {
    /// 256 bits that this browser alone can have shown, for an account. `which` tells one try from the next.
    pub(crate) fn shown(&self, what: Shown, browser: &Secret, account: Id, which: Id) -> Zeroizing<[u8; 32]> {
        let key = self.parts().keyring.subkey(what.purpose());
        let context = [account.as_bytes().as_slice(), which.as_bytes()].concat();
        Zeroizing::new(browser.derive(SecretKind::Shown, &key, &context).hash().0)
    }
}

/// The browser's cookie; a new one when it has none.
pub(crate) fn browser_of(here: &Here, visitor: &Visitor) -> (Secret, Cookies) {
    match &visitor.browser {
        Some(browser) => (browser.clone(), Cookies::default()),
        None => {
            let browser = here.secret(SecretKind::Browser);
            (browser.clone(), Cookies { browser: Some(browser), ..Cookies::default() })
        }
    }
}
