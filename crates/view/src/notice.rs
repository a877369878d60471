//! The words of a notice: what a browser shows when the bell rings.

use crate::change::ChangeNews;
use crate::locale::Locale;
use crate::recovery::RecoveryNews;
use crate::words::{Args, Reader, Words, ask_key};
use base::Timestamp;
use identity::login::Reason;
use identity::{Agent, AskEnding, CredentialKind, Place};

/// What a notice tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeModel {
    /// A sign-in from a device that we do not know: "was this you?" Actions `yes`, `no`.
    NewDevice {
        /// Which browser.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// To which app.
        app: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// Too many wrong passwords; guessing is slowed down. Actions `secure`, `ok`.
    Guessing {
        /// By which browser.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// When.
        at: Timestamp,
    },
    /// A sign-in was odd, or was refused for it. Actions `secure`, `ok`.
    Odd {
        /// Which browser.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// When.
        at: Timestamp,
        /// What was odd.
        reasons: Vec<Reason>,
        /// Whether nobody was let in.
        refused: bool,
    },
    /// Too many wrong codes after a right password. Actions `secure`, `ok`.
    GuessingCodes {
        /// By which browser.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// When.
        at: Timestamp,
    },
    /// A second factor was changed, or a recovery code used. Actions `secure`, `ok`.
    FactorChanged {
        /// What happened.
        change: FactorChange,
        /// In which browser.
        agent: Agent,
        /// When.
        at: Timestamp,
    },
    /// Something about a sensitive change. Actions as [`ChangeNews`] says.
    Change {
        /// In which browser it was asked for or done.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// When.
        at: Timestamp,
        /// What.
        news: ChangeNews,
    },
    /// The password was changed. Actions `undo` or `secure`, and `ok`.
    PasswordChanged {
        /// In which browser.
        agent: Agent,
        /// When.
        at: Timestamp,
        /// Whether it was set anew by mail.
        by_mail: bool,
        /// Whether it can be undone.
        undo: bool,
    },
    /// An account at another provider was connected or disconnected. Actions `secure`, `ok`.
    IdentityChanged {
        /// The provider's name for people.
        provider: String,
        /// In which browser.
        agent: Agent,
        /// When.
        at: Timestamp,
        /// Whether it was disconnected.
        removed: bool,
    },
    /// A passkey or security key was added or removed. Actions `review`, `ok`.
    KeyChanged {
        /// Which of the two.
        key: CredentialKind,
        /// What it is called.
        name: String,
        /// In which browser.
        agent: Agent,
        /// When.
        at: Timestamp,
        /// Whether it was removed.
        removed: bool,
    },
    /// There may be a copy of a passkey or security key. Actions `review`, `ok`.
    KeyCopied {
        /// What it is called.
        name: String,
        /// By which browser.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// When.
        at: Timestamp,
    },
    /// Something happened to a way back. Actions as [`RecoveryNews`] says.
    Recovery {
        /// By which browser.
        agent: Agent,
        /// Where that seemed to be.
        place: Option<Place>,
        /// When.
        at: Timestamp,
        /// What.
        news: RecoveryNews,
    },
    /// An app asks for a yes. Actions `review`, `deny`.
    AppAsks {
        /// Its name.
        app: String,
        /// What it shows, too.
        message: Option<String>,
        /// Until when.
        until: Timestamp,
    },
    /// It was answered; this takes the place of the question. No actions.
    AppAnswered {
        /// Its name.
        app: String,
        /// What was said.
        how: AskEnding,
        /// In which browser.
        by: Agent,
    },
    /// An app was given access. Actions `manage`, `ok`.
    AppConnected {
        /// Its name.
        app: String,
    },
    /// Notices were switched on in this browser. Actions `settings`, `off`.
    PushEnabled,
    /// A test. Action `settings`.
    PushTest {
        /// When it was asked for.
        at: Timestamp,
    },
    /// The last notice in a browser where they were switched off. Action `settings`.
    PushDisabled,
}

/// What happened to a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorChange {
    /// An authenticator app was set up.
    TotpAdded,
    /// It was removed.
    TotpRemoved,
    /// New recovery codes were made.
    CodesMade,
    /// A recovery code was used.
    CodeUsed {
        /// How many are left.
        left: usize,
    },
}

impl FactorChange {
    /// The part of the messages' keys that is its own.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::TotpAdded => "totp-added",
            Self::TotpRemoved => "totp-removed",
            Self::CodesMade => "codes-made",
            Self::CodeUsed { .. } => "code-used",
        }
    }

    /// How many recovery codes are left, where that is told.
    pub(crate) fn left(self) -> Option<u64> {
        match self {
            Self::CodeUsed { left } => Some(u64::try_from(left).unwrap_or(u64::MAX)),
            Self::TotpAdded | Self::TotpRemoved | Self::CodesMade => None,
        }
    }
}

/// The text of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeText {
    /// The title.
    pub title: String,
    /// The body.
    pub body: String,
    /// The buttons, the most important first; browsers show two at most, and Safari none.
    pub actions: Vec<NoticeAction>,
    /// The language tag (`lang` of the notification).
    pub lang: &'static str,
    /// The writing direction (`dir` of the notification).
    pub dir: &'static str,
}

/// A button of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeAction {
    /// The action's name: `yes`, `no`, `secure`, `review`, `stop`, `mine`, `deny`, `undo`, `manage`, `settings`, `off`, `ok`.
    pub action: &'static str,
    /// Its label.
    pub title: String,
}

/// Who reads a notice or a mail, and whose it is.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The brand's name.
    pub brand: String,
    /// The language.
    pub locale: Locale,
    /// The IANA time zone; `None` means UTC.
    pub time_zone: Option<String>,
    /// Whether the text is for a lock screen that others may read: then it says only that there is something.
    pub hide_details: bool,
}

impl NoticeModel {
    const fn key(&self) -> &'static str {
        match self {
            Self::NewDevice { .. } => "new-device",
            Self::Guessing { .. } => "guessing",
            Self::Odd { refused: false, .. } => "odd-sign-in",
            Self::Odd { refused: true, .. } => "refused",
            Self::GuessingCodes { .. } => "guessing-codes",
            Self::FactorChanged { change, .. } => change.key(),
            Self::PasswordChanged { .. } => "password-changed",
            Self::KeyChanged { key, removed, .. } => key_changed(*key, *removed),
            Self::KeyCopied { .. } => "key-copied",
            Self::Recovery { news, .. } => news.key(),
            Self::Change { news, .. } => news.key(),
            Self::IdentityChanged { removed: false, .. } => "identity-linked",
            Self::IdentityChanged { removed: true, .. } => "identity-unlinked",
            Self::AppConnected { .. } => "app-connected",
            Self::AppAsks { .. } => "app-asks",
            Self::AppAnswered { .. } => "app-answered",
            Self::PushEnabled => "push-enabled",
            Self::PushTest { .. } => "push-test",
            Self::PushDisabled => "push-disabled",
        }
    }

    const fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::NewDevice { .. } => &["yes", "no"],
            Self::PasswordChanged { undo: true, .. } => &["undo", "ok"],
            Self::Change { news, .. } => news.actions(),
            Self::Guessing { .. }
            | Self::GuessingCodes { .. }
            | Self::FactorChanged { .. }
            | Self::IdentityChanged { .. }
            | Self::Odd { .. }
            | Self::PasswordChanged { .. } => &["secure", "ok"],
            Self::KeyChanged { .. } | Self::KeyCopied { .. } => &["review", "ok"],
            Self::Recovery { news, .. } => news.actions(),
            Self::AppConnected { .. } => &["manage", "ok"],
            Self::AppAsks { .. } => &["review", "deny"],
            Self::AppAnswered { .. } => &[],
            Self::PushEnabled => &["settings", "off"],
            Self::PushTest { .. } | Self::PushDisabled => &["settings"],
        }
    }

    /// Whether "hide details" hides anything: what says nothing about the person is said openly.
    const fn has_details(&self) -> bool {
        matches!(
            self,
            Self::NewDevice { .. }
                | Self::Guessing { .. }
                | Self::Odd { .. }
                | Self::PasswordChanged { .. }
                | Self::KeyChanged { .. }
                | Self::KeyCopied { .. }
                | Self::Recovery { .. }
                | Self::Change { .. }
                | Self::GuessingCodes { .. }
                | Self::FactorChanged { .. }
                | Self::IdentityChanged { .. }
                | Self::AppConnected { .. }
                | Self::AppAsks { .. }
                | Self::AppAnswered { .. }
        )
    }
}

/// What was done to a key, as the texts call it.
pub(crate) const fn key_changed(key: CredentialKind, removed: bool) -> &'static str {
    match (key, removed) {
        (CredentialKind::Passkey, false) => "passkey-added",
        (CredentialKind::Passkey, true) => "passkey-removed",
        (CredentialKind::SecurityKey, false) => "security-key-added",
        (CredentialKind::SecurityKey, true) => "security-key-removed",
    }
}

pub(crate) fn notice(words: &Words, to: &Recipient, model: &NoticeModel) -> NoticeText {
    let reader = Reader::new(to.locale, to.time_zone.as_deref(), None);
    let mut args = Args::new();
    args.text("brand", &to.brand);
    let hidden = to.hide_details && model.has_details();
    let (title, body) = if hidden {
        (words.say(to.locale, "notice-hidden-title", &args), words.say(to.locale, "notice-hidden-body", &args))
    } else {
        let body = match model {
            NoticeModel::NewDevice { agent, place, app, at } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts);
                args.text("app", app.as_deref().unwrap_or_default());
                if app.is_some() { "notice-new-device-body-app" } else { "notice-new-device-body" }
            }
            NoticeModel::Guessing { agent, place, at } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts);
                "notice-guessing-body"
            }
            NoticeModel::Odd { agent, place, at, reasons, refused } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts).text("why", &words.reasons(to.locale, reasons));
                if *refused { "notice-refused-body" } else { "notice-odd-sign-in-body" }
            }
            NoticeModel::GuessingCodes { agent, place, at } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts);
                "notice-guessing-codes-body"
            }
            NoticeModel::FactorChanged { change, agent, at } => {
                let facts = facts(words, &reader, agent, (None, *at));
                args.text("facts", &facts);
                match change.left() {
                    Some(left) => {
                        args.number("left", left);
                        "notice-code-used-body"
                    }
                    None => "notice-factor-body",
                }
            }
            NoticeModel::PasswordChanged { agent, at, by_mail, undo } => {
                let facts = facts(words, &reader, agent, (None, *at));
                args.text("facts", &facts);
                match (by_mail, undo) {
                    (true, _) => "notice-password-changed-body-mail",
                    (false, true) => "notice-password-changed-body-undo",
                    (false, false) => "notice-password-changed-body",
                }
            }
            NoticeModel::KeyChanged { key, name, agent, at, removed } => {
                let facts = facts(words, &reader, agent, (None, *at));
                args.text("facts", &facts).text("name", name);
                match (key, removed) {
                    (_, true) => "notice-key-removed-body",
                    (CredentialKind::Passkey, false) => "notice-passkey-added-body",
                    (CredentialKind::SecurityKey, false) => "notice-security-key-added-body",
                }
            }
            NoticeModel::KeyCopied { name, agent, place, at } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts).text("name", name);
                "notice-key-copied-body"
            }
            NoticeModel::Recovery { agent, place, at, news } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts);
                &news.body(&mut args, words, &reader)
            }
            NoticeModel::Change { agent, place, at, news } => {
                let facts = facts(words, &reader, agent, (place.as_ref(), *at));
                args.text("facts", &facts);
                &news.body(&mut args, words, &reader)
            }
            NoticeModel::IdentityChanged { provider, agent, at, removed } => {
                let facts = facts(words, &reader, agent, (None, *at));
                args.text("facts", &facts).text("provider", provider);
                if *removed { "notice-identity-unlinked-body" } else { "notice-identity-linked-body" }
            }
            NoticeModel::AppConnected { app } => {
                args.text("app", app);
                "notice-app-connected-body"
            }
            NoticeModel::AppAsks { app, message, until } => {
                args.text("app", app).text("time", &reader.clock(*until));
                args.text("message", message.as_deref().unwrap_or_default());
                if message.is_some() { "notice-app-asks-body" } else { "notice-app-asks-body-number" }
            }
            NoticeModel::AppAnswered { app, how, by } => {
                args.text("app", app).text("device", &words.device(to.locale, by));
                &format!("notice-app-answered-body-{}", ask_key(*how))
            }
            NoticeModel::PushTest { at } => {
                args.text("time", &reader.clock(*at));
                "notice-push-test-body"
            }
            NoticeModel::PushEnabled => "notice-push-enabled-body",
            NoticeModel::PushDisabled => "notice-push-disabled-body",
        };
        (words.say(to.locale, &format!("notice-{}-title", model.key()), &args), words.say(to.locale, body, &args))
    };
    let label = |action: &&'static str| NoticeAction {
        action,
        title: words.say(to.locale, &format!("notice-action-{action}"), &Args::new()),
    };
    // With hidden details the question itself is not shown: an answer would be a guess.
    let actions = if hidden { Vec::new() } else { model.actions().iter().map(label).collect() };
    NoticeText { title, body, actions, lang: to.locale.tag(), dir: to.locale.dir() }
}

/// "Firefox on Windows, near Lyon, 09:41".
fn facts(words: &Words, reader: &Reader, agent: &Agent, (place, at): (Option<&Place>, Timestamp)) -> String {
    let mut parts = vec![words.device(reader.locale, agent)];
    parts.extend(place.map(|place| words.place(reader.locale, place)));
    parts.push(reader.clock(at));
    parts.join(&words.say(reader.locale, "list-comma", &Args::new()))
}
