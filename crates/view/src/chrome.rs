//! What every page shares: the brand, the person, the language, a message at the top.

use crate::locale::Locale;
use base::Timestamp;
use serde::Serialize;

/// What surrounds a page. Filled by whoever answers the request; plain data.
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    /// The name that people read: "Acme".
    pub brand: String,
    /// The language of the page: [`Locale::choose`].
    pub locale: Locale,
    /// The IANA time zone in which times are shown; `None` means UTC, and the page says so.
    pub time_zone: Option<String>,
    /// The present moment, against which "today" and "yesterday" are said.
    pub now: Timestamp,
    /// The path of this page, without a query: marks the place in the navigation, and is where the language
    /// switch leads.
    pub path: String,
    /// The query parameters that the language switch must keep (`flow`, `token`), without `ui_locales`.
    pub query: Vec<(String, String)>,
    /// Who is signed in; `None` on the pages of sign-in.
    pub account: Option<SignedIn>,
    /// A message about what has just been done.
    pub banner: Option<Banner>,
    /// What the scripts need for notices; `None` on pages without them.
    pub push: Option<PushMeta>,
    /// What browsers are told of the account's passkeys; `None` where nobody may be told.
    pub keys: Option<KeysMeta>,
    /// The operator's own pages, in the footer.
    pub links: Links,
    /// The request's id: shown on error pages, so that a person can name it.
    pub request_id: String,
}

/// Who is signed in.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
    /// What the person wants to be called.
    pub name: String,
    /// The address by which they sign in.
    pub email: String,
}

/// The operator's own pages. Absolute URLs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Links {
    /// Help.
    pub help: Option<String>,
    /// Privacy policy.
    pub privacy: Option<String>,
    /// Terms of use.
    pub terms: Option<String>,
}

/// What the scripts need to switch notices on in this browser, and to see whether they still are.
#[derive(Debug, Clone, Serialize)]
pub struct PushMeta {
    /// The key to subscribe with (`applicationServerKey`, RFC 8292 §4), base64url.
    pub vapid_key: String,
    /// SHA-256 of the endpoint that the server rings in this browser, base64url; `None` when it rings none.
    pub endpoint: Option<String>,
    /// Whether notices should be on here: they come back by themselves after a sign-out.
    pub wanted: bool,
}

/// What a browser is told of an account's passkeys, so that its password manager drops those that were removed and shows
/// the present name (WebAuthn §5.1.10, the Signal API). The names are the script's.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysMeta {
    /// The relying party's id.
    pub rp_id: String,
    /// The account's user handle, base64url.
    pub user_id: String,
    /// The ids of the credentials that count, base64url.
    pub ids: Vec<String>,
    /// The mail address.
    pub name: String,
    /// The name.
    pub display_name: String,
}

/// A message at the top of a page about what has just been done. It travels as its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Banner {
    /// The profile was saved.
    Saved,
    /// The password was changed.
    PasswordChanged,
    /// The password was changed, and every other device signed out.
    PasswordChangedOthersOut,
    /// An authenticator app was set up.
    TotpAdded,
    /// It was removed.
    TotpRemoved,
    /// A device is asked for the second factor again.
    DeviceAsked,
    /// A device was signed out.
    DeviceEnded,
    /// Every other device was signed out.
    OthersEnded,
    /// A device was forgotten.
    DeviceForgotten,
    /// An app's access was taken away.
    AppRemoved,
    /// An app was signed out on a device.
    AppEnded,
    /// A browser gets no notices any more.
    SubscriptionRemoved,
    /// The choices of notices were saved.
    PreferencesSaved,
    /// They were changed in another browser meanwhile: nothing was saved.
    PreferencesStale,
    /// The mail was sent again.
    MailSent,
    /// The address was confirmed.
    EmailConfirmed,
    /// A passkey or security key was added.
    KeyAdded,
    /// It was given another name.
    KeyRenamed,
    /// It was removed.
    KeyRemoved,
    /// It is the only way to sign in, and was not removed.
    LastWayIn,
    /// An account at another provider was connected.
    IdentityLinked,
    /// An account at another provider was disconnected.
    IdentityUnlinked,
    /// The account can be changed again.
    LockdownLifted,
    /// A change that waited was done.
    ChangeDone,
    /// Too many changes were asked for.
    ChangesTooMany,
    /// What was to be changed is gone, or taken.
    ChangeOvertaken,
    /// A copy of what is kept can't be fetched any more.
    CopyGone,
    /// What was asked for is there no more.
    Gone,
}

impl Banner {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::Saved,
        Self::PasswordChanged,
        Self::PasswordChangedOthersOut,
        Self::TotpAdded,
        Self::TotpRemoved,
        Self::DeviceAsked,
        Self::DeviceEnded,
        Self::OthersEnded,
        Self::DeviceForgotten,
        Self::AppRemoved,
        Self::AppEnded,
        Self::SubscriptionRemoved,
        Self::PreferencesSaved,
        Self::PreferencesStale,
        Self::MailSent,
        Self::EmailConfirmed,
        Self::KeyAdded,
        Self::KeyRenamed,
        Self::KeyRemoved,
        Self::LastWayIn,
        Self::IdentityLinked,
        Self::IdentityUnlinked,
        Self::LockdownLifted,
        Self::ChangeDone,
        Self::ChangesTooMany,
        Self::ChangeOvertaken,
        Self::CopyGone,
        Self::Gone,
    ];

    /// The name under which it travels to the next page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::PasswordChanged => "password-changed",
            Self::PasswordChangedOthersOut => "password-changed-others-out",
            Self::TotpAdded => "totp-added",
            Self::TotpRemoved => "totp-removed",
            Self::DeviceAsked => "device-asked",
            Self::DeviceEnded => "device-ended",
            Self::OthersEnded => "others-ended",
            Self::DeviceForgotten => "device-forgotten",
            Self::AppRemoved => "app-removed",
            Self::AppEnded => "app-ended",
            Self::SubscriptionRemoved => "subscription-removed",
            Self::PreferencesSaved => "preferences-saved",
            Self::PreferencesStale => "preferences-stale",
            Self::MailSent => "mail-sent",
            Self::EmailConfirmed => "email-confirmed",
            Self::KeyAdded => "key-added",
            Self::KeyRenamed => "key-renamed",
            Self::KeyRemoved => "key-removed",
            Self::LastWayIn => "last-way-in",
            Self::IdentityLinked => "identity-linked",
            Self::IdentityUnlinked => "identity-unlinked",
            Self::LockdownLifted => "lockdown-lifted",
            Self::ChangeDone => "change-done",
            Self::ChangesTooMany => "changes-too-many",
            Self::ChangeOvertaken => "change-overtaken",
            Self::CopyGone => "copy-gone",
            Self::Gone => "gone",
        }
    }

    /// The message of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|banner| banner.name() == name)
    }
}
