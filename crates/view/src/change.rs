//! The words about sensitive changes, in notices and in mails.

use crate::words::{Args, Reader, Words};
use base::Timestamp;
use identity::Agent;
use identity::change::{ChangeKind, Ending};
use identity::{Channel, Topic};

/// What is told of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeNews {
    /// One waits for a yes. Actions `review`, `deny`.
    Requested {
        /// What is to be changed.
        what: ChangeKind,
        /// What it is about.
        about: Option<String>,
        /// Until when.
        until: Timestamp,
    },
    /// It is over; this takes the place of the question. No actions.
    Over {
        /// What was to be changed.
        what: ChangeKind,
        /// How it ended.
        how: Ending,
        /// The browser that decided.
        by: Agent,
    },
    /// The mail address was changed. Actions `undo`, `ok`.
    EmailChanged,
    /// The telephone number was changed. Actions `undo`, `ok`.
    PhoneChanged {
        /// The one before, masked.
        before: Option<String>,
        /// The one that it is now, masked.
        after: Option<String>,
    },
    /// A change was taken back. Actions `secure`, `ok`.
    Undone {
        /// What had been changed.
        what: ChangeKind,
    },
    /// There were too many requests. Actions `secure`, `ok`.
    Paused {
        /// Until when.
        until: Timestamp,
    },
    /// There was one denial after another. Actions `secure`, `ok`.
    DeniedOften {
        /// How many.
        times: u32,
    },
    /// The account is locked down. Actions `secure`, `ok`.
    LockedDown,
    /// Not any more. Actions `secure`, `ok`.
    LockdownLifted,
    /// A copy of everything that is kept was made. Actions `secure`, `ok`.
    Exported,
}

/// A mail about changes. Links are absolute URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeMail {
    /// One waits for a yes.
    Asked {
        /// What is to be changed.
        what: ChangeKind,
        /// What it would become, where that can be said.
        about: Option<String>,
        /// The six digits to type in the browser that asked.
        code: String,
        /// The page that shows it, and takes a no.
        link: String,
        /// How long it waits, in seconds.
        lifetime: u64,
    },
    /// To a new address: the code that proves it.
    NewAddress {
        /// The six digits.
        code: String,
        /// How long they work, in seconds.
        lifetime: u64,
    },
    /// To an address that somebody wanted and that has an account.
    AddressTaken,
    /// The mail address was changed: to the old one.
    EmailChanged {
        /// The new one.
        to: String,
        /// Takes it back.
        undo: String,
    },
    /// The telephone number was changed.
    PhoneChanged {
        /// The one before.
        before: Option<String>,
        /// The one that it is now.
        after: Option<String>,
        /// Takes it back.
        undo: String,
    },
    /// Something happened.
    News {
        /// What.
        news: ChangeNews,
        /// What to do about it.
        link: String,
        /// What else.
        second: Option<String>,
    },
    /// Notices about who gets into the account were switched off.
    NoticesOff {
        /// About what.
        topic: Topic,
        /// By what.
        channel: Channel,
        /// The page where they are switched on again.
        settings: String,
    },
    /// Notices about who gets into the account are held back by a pause or by quiet hours.
    NoticesQuiet {
        /// The page where they ring again.
        settings: String,
    },
    /// The account was deleted.
    Deleted,
}

impl ChangeNews {
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "change-requested",
            Self::Over { .. } => "change-over",
            Self::EmailChanged => "email-changed",
            Self::PhoneChanged { .. } => "phone-changed",
            Self::Undone { .. } => "change-undone",
            Self::Paused { .. } => "approvals-paused",
            Self::DeniedOften { .. } => "denied-often",
            Self::LockedDown => "locked-down",
            Self::LockdownLifted => "lockdown-lifted",
            Self::Exported => "exported",
        }
    }

    pub(crate) const fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::Requested { .. } => &["review", "deny"],
            Self::Over { .. } => &[],
            Self::EmailChanged | Self::PhoneChanged { .. } => &["undo", "ok"],
            Self::Undone { .. }
            | Self::Paused { .. }
            | Self::DeniedOften { .. }
            | Self::LockedDown
            | Self::LockdownLifted
            | Self::Exported => &["secure", "ok"],
        }
    }

    fn args(&self, args: &mut Args, words: &Words, reader: &Reader) {
        match self {
            Self::Requested { what, about, until } => {
                args.text("what", &words.change(reader.locale, *what));
                args.text("about", about.as_deref().unwrap_or_default()).text("time", &reader.clock(*until));
            }
            Self::Over { what, by, .. } => {
                args.text("what", &words.change(reader.locale, *what)).text("device", &words.device(reader.locale, by));
            }
            Self::Undone { what } => {
                args.text("what", &words.change(reader.locale, *what));
            }
            Self::Paused { until } => {
                args.text("time", &reader.clock(*until));
            }
            Self::DeniedOften { times } => {
                args.number("count", u64::from(*times));
            }
            Self::PhoneChanged { before, after } => phones(args, words, reader, (before, after)),
            Self::EmailChanged | Self::LockedDown | Self::LockdownLifted | Self::Exported => {}
        }
    }

    /// The key of a notice's body, and what stands in it.
    pub(crate) fn body(&self, args: &mut Args, words: &Words, reader: &Reader) -> String {
        self.args(args, words, reader);
        let body = format!("notice-{}-body", self.key());
        match self {
            Self::Requested { about: Some(_), .. } => body + "-about",
            Self::Over { how, .. } => format!("{body}-{}", ending_key(*how)),
            _ => body,
        }
    }
}

impl ChangeMail {
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "change-requested",
            Self::NewAddress { .. } => "new-address",
            Self::AddressTaken => "address-taken",
            Self::EmailChanged { .. } => "email-changed",
            Self::PhoneChanged { .. } => "phone-changed",
            Self::News { news, .. } => news.key(),
            Self::NoticesOff { .. } => "notices-off",
            Self::NoticesQuiet { .. } => "notices-quiet",
            Self::Deleted => "deleted",
        }
    }

    /// Where the button leads, and the second link.
    pub(crate) fn links(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Asked { link, .. } => (Some(link), None),
            Self::EmailChanged { undo, .. } | Self::PhoneChanged { undo, .. } => (Some(undo), None),
            Self::NoticesOff { settings, .. } | Self::NoticesQuiet { settings } => (Some(settings), None),
            Self::News { link, second, .. } => (Some(link), second.as_deref()),
            Self::NewAddress { .. } | Self::AddressTaken | Self::Deleted => (None, None),
        }
    }

    /// The code that the mail brings.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Asked { code, .. } | Self::NewAddress { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Whether it goes to somebody whose address this is: nobody else's name and circumstances are told there.
    pub(crate) const fn is_to_owner(&self) -> bool {
        !matches!(self, Self::NewAddress { .. } | Self::AddressTaken)
    }

    /// What it is about, beside the circumstances.
    pub(crate) fn about(&self) -> Option<&str> {
        match self {
            Self::Asked { about, .. } => about.as_deref(),
            Self::EmailChanged { to, .. } => Some(to),
            _ => None,
        }
    }

    pub(crate) fn args(&self, args: &mut Args, words: &Words, reader: &Reader) {
        match self {
            Self::Asked { what, lifetime, .. } => {
                args.text("what", &words.change(reader.locale, *what));
                args.text("span", &words.span(reader.locale, *lifetime));
            }
            Self::NewAddress { lifetime, .. } => {
                args.text("span", &words.span(reader.locale, *lifetime));
            }
            Self::News { news, .. } => news.args(args, words, reader),
            Self::NoticesOff { topic, channel, .. } => {
                let key = format!("topic-{}", topic.as_str().replace(['.', '_'], "-"));
                args.text("topic", &words.say(reader.locale, &key, &Args::new()));
                let key = format!("channel-{}", channel.as_str());
                args.text("channel", &words.say(reader.locale, &key, &Args::new()));
            }
            Self::PhoneChanged { before, after, .. } => phones(args, words, reader, (before, after)),
            Self::AddressTaken | Self::EmailChanged { .. } | Self::NoticesQuiet { .. } | Self::Deleted => {}
        }
    }
}

/// The number before and the one after, or a word where there is none.
fn phones(args: &mut Args, words: &Words, reader: &Reader, (before, after): (&Option<String>, &Option<String>)) {
    let shown = |phone: &Option<String>| match phone {
        Some(phone) => phone.clone(),
        None => words.say(reader.locale, "phone-none", &Args::new()),
    };
    args.text("before", &shown(before)).text("after", &shown(after));
}

/// How a change ended, as the texts call it.
pub const fn ending_key(how: Ending) -> &'static str {
    match how {
        Ending::Applied => "applied",
        Ending::Undone => "undone",
        Ending::Denied => "denied",
        Ending::Expired => "expired",
        Ending::Cancelled => "cancelled",
        Ending::Replaced => "replaced",
        Ending::Withdrawn => "withdrawn",
        Ending::WrongNumber => "wrong-number",
        Ending::Overtaken => "overtaken",
    }
}
