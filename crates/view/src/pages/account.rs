//! The account's own pages.

use super::keys::Keys;
use super::second_factor::{AppSection, CodesSection};
use super::upstream::OtherAccounts;
use super::{DeviceCard, Line, Page, PasswordProblem, PasswordRules, ScopeLine};
use base::Timestamp;
use identity::Detail;
use serde::Serialize;

/// The overview.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    /// How many devices are signed in.
    pub devices: usize,
    /// How many apps have access.
    pub apps: usize,
    /// Whether this browser is rung.
    pub rings_here: bool,
    /// Whether another one is.
    pub rings_elsewhere: bool,
    /// Whether a "no" has not been followed by a new password yet.
    pub must_secure: bool,
    /// A sign-in that waits for "was this you?": the event's id.
    pub open_question: Option<String>,
    /// Changes that wait for a yes.
    pub changes: Vec<OpenChange>,
    /// Apps that wait for one.
    pub asks: Vec<super::ask::OpenAsk>,
    /// Whether nothing can be changed until the owner is back.
    pub locked_down: bool,
    /// A way back that somebody has begun, and that can be stopped.
    pub recovery: Option<OpenRecovery>,
    /// Whether the account came back by one, and has nothing but a password since.
    pub recovered: bool,
    /// The last events, newest first.
    pub recent: Vec<Line>,
}

/// A change that waits.
#[derive(Debug, Clone, Serialize)]
pub struct OpenChange {
    /// Its id.
    pub id: String,
    /// What is to be changed, as the texts call it.
    pub kind: String,
    /// The browser that asked.
    pub agent: identity::Agent,
}

/// A way back that is open. Form: nothing → POST [`base::routes::recovery_stop`].
#[derive(Debug, Clone, Serialize)]
pub struct OpenRecovery {
    /// Its id.
    pub id: String,
    /// When it can be finished.
    pub ready_at: Timestamp,
    /// Whether it can be by now.
    pub ready: bool,
}

/// Name, language, time zone. Forms: `name`, `locale`, `time_zone` → POST [`base::routes::PROFILE`]; `phone` → POST
/// [`base::routes::PHONE`].
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// The address; it can't be changed here.
    pub email: String,
    /// The name.
    pub name: String,
    /// The language that was chosen, or none to follow the browser.
    pub locale: Option<String>,
    /// The IANA time zone that was chosen.
    pub time_zone: Option<String>,
    /// What else the person tells, or what was typed.
    pub details: Vec<DetailField>,
    /// The telephone number, or what was typed.
    pub phone: String,
    /// Whether another number waits for a yes.
    pub phone_confirms: bool,
    /// Why nothing was saved.
    pub problem: Option<ProfileProblem>,
}

/// Why the profile was not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileProblem {
    /// A name is needed, of at most 100 bytes.
    Name,
    /// There is no such language here.
    Locale,
    /// There is no such time zone.
    TimeZone,
    /// That is no telephone number.
    Phone,
    /// That can't be told of a person.
    Detail(Detail),
}

/// One optional thing that a person may tell.
#[derive(Debug, Clone, Serialize)]
pub struct DetailField {
    /// The name of its claim, and of its field.
    pub name: &'static str,
    /// The end of its message's name.
    pub label: String,
    /// What is kept, or was typed.
    pub value: String,
    /// What a browser fills in there (HTML §4.10.18.7).
    pub autocomplete: &'static str,
    /// What kind of thing it is: `text`, `link` or `birthdate`.
    pub kind: &'static str,
    /// Whether it is part of the postal address.
    pub of_address: bool,
    /// Whether what was typed can't be kept.
    pub wrong: bool,
}

impl DetailField {
    /// The field of one thing; `problem` is that of the page.
    pub fn new(detail: Detail, value: String, problem: Option<ProfileProblem>) -> Self {
        Self {
            name: detail.as_str(),
            label: detail.as_str().replace('_', "-"),
            value,
            autocomplete: autocomplete(detail),
            kind: match detail {
                _ if detail.is_link() => "link",
                Detail::Birthdate => "birthdate",
                _ => "text",
            },
            of_address: detail.is_of_address(),
            wrong: problem == Some(ProfileProblem::Detail(detail)),
        }
    }
}

const fn autocomplete(detail: Detail) -> &'static str {
    match detail {
        Detail::GivenName => "given-name",
        Detail::MiddleName => "additional-name",
        Detail::FamilyName => "family-name",
        Detail::Nickname => "nickname",
        Detail::Birthdate => "bday",
        Detail::Gender => "sex",
        Detail::Website => "url",
        Detail::Picture => "photo",
        Detail::StreetAddress => "address-line1",
        Detail::PostalCode => "postal-code",
        Detail::Locality => "address-level2",
        Detail::Region => "address-level1",
        Detail::Country => "country-name",
        Detail::PreferredUsername | Detail::Profile => "off",
    }
}

/// Ways to sign in. Form: `current`, `password` (the new one), `end_others` (checkbox, `on`) → POST
/// [`base::routes::PASSWORD`].
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {
    /// The address, for the password manager.
    pub email: String,
    /// When the password was last changed.
    pub changed_at: Option<Timestamp>,
    /// What a new one must have.
    pub rules: PasswordRules,
    /// Passkeys and security keys.
    pub keys: Keys,
    /// Whether a second factor has to be proven before the form for a new password is shown.
    pub prove_first: bool,
    /// The authenticator app.
    pub totp: AppSection,
    /// The recovery codes.
    pub codes: CodesSection,
    /// Why it was not changed.
    pub problem: Option<ChangeProblem>,
    /// Accounts at other providers.
    pub other_accounts: OtherAccounts,
}

/// A new password, on a page of its own. Form as in [`SignIn`].
#[derive(Debug, Clone, Serialize)]
pub struct NewPassword {
    /// The address, for the password manager.
    pub email: String,
    /// What a new one must have.
    pub rules: PasswordRules,
    /// Why it was not changed.
    pub problem: Option<ChangeProblem>,
}

/// Why the password was not changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "field", rename_all = "kebab-case")]
pub enum ChangeProblem {
    /// The present password is wrong.
    Wrong,
    /// Too many tries.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
    /// So many tries that waiting does not help: a new one by mail does.
    Closed,
    /// The new one is not good enough.
    Password {
        /// Why.
        why: PasswordProblem,
    },
}

/// Devices. Forms: `device` → POST [`base::routes::DEVICE_END`], [`base::routes::DEVICE_FORGET`]; nothing →
/// POST [`base::routes::DEVICES_END_OTHERS`].
#[derive(Debug, Clone, Serialize)]
pub struct Devices {
    /// This one first, then those that are signed in, then by last use.
    pub devices: Vec<DeviceCard>,
}

/// Connected apps. Form: `client` → POST [`base::routes::APP_REMOVE`].
#[derive(Debug, Clone, Serialize)]
pub struct Apps {
    /// The apps.
    pub apps: Vec<AppCard>,
}

/// An app that the person allowed.
#[derive(Debug, Clone, Serialize)]
pub struct AppCard {
    /// The client's row id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its own page.
    pub home: Option<String>,
    /// What it may see.
    pub scopes: Vec<ScopeLine>,
    /// Since when.
    pub since: Timestamp,
    /// Last sign-in to it.
    pub last_used: Timestamp,
}

/// What happened. The filter is a GET form: `show`; paging: `after`.
#[derive(Debug, Clone, Serialize)]
pub struct Activity {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// What is shown.
    pub show: ActivityFilter,
    /// The id after which older ones begin; `None` on the last page.
    pub next: Option<String>,
    /// Whether this is a later page: shows the way back to the newest.
    pub later_page: bool,
}

/// Which lines of the log are shown. Query parameter `show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityFilter {
    /// Everything.
    #[default]
    All,
    /// Sign-ins and sign-outs.
    SignIns,
    /// Changes of password, profile, devices and notices.
    Changes,
    /// Apps.
    Apps,
}

impl ActivityFilter {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::All, Self::SignIns, Self::Changes, Self::Apps];

    /// The name in the query.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::SignIns => "sign-ins",
            Self::Changes => "changes",
            Self::Apps => "apps",
        }
    }

    /// The filter of that name; everything for a name that there is not.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.name() == name).unwrap_or_default()
    }

    /// Whether a kind of event ([`identity::Event::kind`]) is shown.
    pub fn shows(self, kind: &str) -> bool {
        let family = kind.split('.').next().unwrap_or_default();
        match self {
            Self::All => true,
            Self::SignIns => matches!(family, "login" | "session"),
            Self::Apps => matches!(family, "app" | "token"),
            Self::Changes => !matches!(family, "login" | "session" | "app" | "token"),
        }
    }
}

impl Page for Overview {
    const TEMPLATE: &'static str = "account/overview.html";
}
impl Page for Profile {
    const TEMPLATE: &'static str = "account/profile.html";
}
impl Page for SignIn {
    const TEMPLATE: &'static str = "account/signin.html";
}
impl Page for NewPassword {
    const TEMPLATE: &'static str = "account/password.html";
}
impl Page for Devices {
    const TEMPLATE: &'static str = "account/devices.html";
}
impl Page for Apps {
    const TEMPLATE: &'static str = "account/apps.html";
}
impl Page for Activity {
    const TEMPLATE: &'static str = "account/activity.html";
}
