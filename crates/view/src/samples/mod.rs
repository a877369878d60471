//! Sample data for every page, mail and notice, in every state: for tests, and for looking at them.

mod account;
mod ask;
mod change;
mod device;
mod enrol;
mod events;
mod kept;
mod keys;
mod mail_code;
mod messages;
mod recovery;
mod second_factor;
mod sign_in;
mod upstream;
mod way_off;

pub use events::events;
pub use messages::{foot, mails, notices};
pub use sign_in::new_login;

use crate::chrome::{Chrome, KeysMeta, Links, PushMeta, SignedIn};
use crate::{Locale, Page, View};
use base::{Fault, Timestamp};
use identity::{Agent, FormFactor, Place};

/// The moment at which the samples are looked at: Tuesday, 3 November 2026, 09:45 UTC.
pub const NOW: Timestamp = Timestamp::from_seconds(1_793_699_100);

type Render = Box<dyn Fn(&View, &Chrome) -> Result<String, Fault> + Send + Sync>;

/// A page in one of its states.
pub struct Sample {
    /// A name for a file: the page and its state.
    pub name: &'static str,
    /// The page's path.
    pub path: &'static str,
    /// Whether someone is signed in.
    pub signed_in: bool,
    render: Render,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Sample {
    pub(crate) fn new<P: Page + Send + Sync + 'static>(name: &'static str, path: &'static str, page: P) -> Self {
        let signed_in = P::TEMPLATE.starts_with("account/") && path != base::routes::WAS_THIS_YOU;
        Self { name, path, signed_in, render: Box::new(move |view, chrome| view.page(chrome, &page)) }
    }

    /// The HTML of the page.
    ///
    /// # Errors
    /// [`Fault`] when the template asks for something that is not there.
    pub fn html(&self, view: &View, locale: Locale) -> Result<String, Fault> {
        self.html_in(view, &self.chrome(locale))
    }

    /// The HTML of the page within a given frame.
    ///
    /// # Errors
    /// [`Fault`] when the template asks for something that is not there.
    pub fn html_in(&self, view: &View, chrome: &Chrome) -> Result<String, Fault> {
        (self.render)(view, chrome)
    }

    /// A frame that fits the page.
    pub fn chrome(&self, locale: Locale) -> Chrome {
        let account = SignedIn { name: "Jane Doe".to_owned(), email: "jane@example.com".to_owned() };
        let push = PushMeta {
            vapid_key: "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"
                .to_owned(),
            endpoint: None,
            wanted: false,
        };
        Chrome {
            brand: "Acme".to_owned(),
            locale,
            time_zone: Some("Europe/Paris".to_owned()),
            now: NOW,
            path: self.path.to_owned(),
            query: vec![("flow".to_owned(), "0199".to_owned())],
            account: self.signed_in.then_some(account),
            banner: None,
            push: (self.signed_in || self.path == base::routes::CONTINUE).then_some(push),
            keys: self.signed_in.then(|| KeysMeta {
                rp_id: "id.example.com".to_owned(),
                user_id: "AZmbfgAAcACAAAAAAAAADg".to_owned(),
                ids: vec!["c2FtcGxlLWNyZWRlbnRpYWwtaWQ".to_owned()],
                name: "jane@example.com".to_owned(),
                display_name: "Jane \"J\" Doe".to_owned(),
            }),
            links: Links { privacy: Some("https://acme.example/privacy".to_owned()), ..Links::default() },
            request_id: "01JD7Q4WX8".to_owned(),
        }
    }
}

/// Every page, in every state.
pub fn pages() -> Vec<Sample> {
    let mut samples = sign_in::pages();
    samples.extend(recovery::pages());
    samples.extend(change::pages());
    samples.extend(account::pages());
    samples.extend(second_factor::pages());
    samples.extend(enrol::pages());
    samples.extend(mail_code::pages());
    samples.extend(device::pages());
    samples.extend(ask::pages());
    samples.extend(way_off::pages());
    samples.extend(kept::pages());
    samples
}

/// "Firefox on Linux".
pub fn firefox() -> Agent {
    agent("Firefox", "Linux", "", FormFactor::Desktop)
}

/// "Chrome on Pixel 9".
pub fn pixel() -> Agent {
    agent("Chrome", "Android", "Pixel 9", FormFactor::Phone)
}

/// "Edge on Windows".
pub fn windows() -> Agent {
    agent("Edge", "Windows", "", FormFactor::Desktop)
}

fn agent(browser: &str, os: &str, model: &str, kind: FormFactor) -> Agent {
    Agent { browser: browser.to_owned(), os: os.to_owned(), model: model.to_owned(), kind }
}

/// "near Lyon".
pub fn lyon() -> Place {
    Place { city: Some("Lyon".to_owned()), country: "FR".to_owned(), position: None }
}

/// "Germany".
pub fn germany() -> Place {
    Place { city: None, country: "DE".to_owned(), position: None }
}

fn ago(minutes: u64) -> Timestamp {
    NOW.minus(std::time::Duration::from_secs(minutes * 60))
}

fn later(hours: u64) -> Timestamp {
    NOW.plus(std::time::Duration::from_secs(hours * 3_600))
}

fn ahead(minutes: u64) -> Timestamp {
    NOW.plus(std::time::Duration::from_secs(minutes * 60))
}

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;
