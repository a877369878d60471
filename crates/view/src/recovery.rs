//! The words about a way back from having lost everything: in notices and in mails.

use crate::words::{Args, Reader, Words};
use base::Timestamp;
use identity::recovery::StopReason;

/// What is told of a way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryNews {
    /// It was begun. Actions `stop`, `mine`.
    Started {
        /// When it can be finished.
        ready_at: Timestamp,
        /// Whether an operator began it.
        by_operator: bool,
    },
    /// It will soon be ready. Actions `stop`, `mine`.
    Reminder {
        /// When it can be finished.
        ready_at: Timestamp,
    },
    /// It is ready. Actions `stop`, `mine`.
    Ready {
        /// Until when it can be finished.
        expires_at: Timestamp,
    },
    /// It ended, and nothing was changed. Actions `secure`, `ok`.
    Stopped {
        /// Why.
        why: StopReason,
    },
    /// It led to its end. Actions `secure`, `ok`.
    Finished,
}

/// A mail about a way back. Links are absolute URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecoveryMail {
    /// It was asked for: the link begins the wait.
    Asked {
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
        /// How long the wait is, in seconds.
        wait: u64,
    },
    /// It was asked for, and a new password is all that the account needs.
    NewPassword {
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// It was asked for too often.
    TooOften {
        /// Not before.
        until: Timestamp,
        /// The page for a forgotten password.
        recover: String,
    },
    /// It was asked for, and an operator's account has none by mail.
    Operator,
    /// Something happened to it.
    News {
        /// What.
        news: RecoveryNews,
        /// What to do about it: to stop it, to finish it, or to set a new password.
        link: String,
        /// To stop it, beside finishing it.
        stop: Option<String>,
    },
}

impl RecoveryNews {
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Started { by_operator: false, .. } => "recovery-started",
            Self::Started { by_operator: true, .. } => "recovery-started-operator",
            Self::Reminder { .. } => "recovery-reminder",
            Self::Ready { .. } => "recovery-ready",
            Self::Stopped { why: StopReason::Expired } => "recovery-expired",
            Self::Stopped { .. } => "recovery-stopped",
            Self::Finished => "recovery-finished",
        }
    }

    /// Why it was stopped, where that is told in other words.
    const fn reason(&self) -> Option<StopReason> {
        match self {
            Self::Stopped { why } => Some(*why),
            _ => None,
        }
    }

    pub(crate) const fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::Started { .. } | Self::Reminder { .. } | Self::Ready { .. } => &["stop", "mine"],
            Self::Stopped { .. } | Self::Finished => &["secure", "ok"],
        }
    }

    const fn moment(&self) -> Option<Timestamp> {
        match self {
            Self::Started { ready_at: at, .. } | Self::Reminder { ready_at: at } | Self::Ready { expires_at: at } => {
                Some(*at)
            }
            Self::Stopped { .. } | Self::Finished => None,
        }
    }

    fn say_when(&self, args: &mut Args, words: &Words, reader: &Reader) {
        if let Some(at) = self.moment() {
            args.text("when", &words.when(reader, at));
        }
    }

    /// The key of a notice's body, and what stands in it.
    pub(crate) fn body(&self, args: &mut Args, words: &Words, reader: &Reader) -> String {
        self.say_when(args, words, reader);
        let body = format!("notice-{}-body", self.key());
        match self.reason() {
            Some(StopReason::SignedIn) => body + "-signed-in",
            Some(StopReason::CredentialChanged) => body + "-credential-changed",
            Some(StopReason::Replaced) => body + "-replaced",
            Some(StopReason::Asked | StopReason::Expired) | None => body,
        }
    }
}

impl RecoveryMail {
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "recovery-asked",
            Self::NewPassword { .. } => "recovery-new-password",
            Self::TooOften { .. } => "recovery-too-often",
            Self::Operator => "recovery-operator",
            Self::News { news, .. } => news.key(),
        }
    }

    /// The part of the mail's texts that leads in.
    pub(crate) const fn lead(&self) -> &'static str {
        let reason = match self {
            Self::News { news, .. } => news.reason(),
            _ => None,
        };
        match reason {
            Some(StopReason::SignedIn) => "lead-signed-in",
            Some(StopReason::CredentialChanged) => "lead-credential-changed",
            Some(StopReason::Replaced) => "lead-replaced",
            Some(StopReason::Asked | StopReason::Expired) | None => "lead",
        }
    }

    /// Where the button leads, and the second link.
    pub(crate) fn links(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Asked { link, .. } | Self::NewPassword { link, .. } => (Some(link), None),
            Self::TooOften { recover, .. } => (Some(recover), None),
            Self::Operator => (None, None),
            Self::News { link, stop, .. } => (Some(link), stop.as_deref()),
        }
    }

    /// Whether the circumstances are told: of what happened, not of what is merely answered.
    pub(crate) const fn has_facts(&self) -> bool {
        match self {
            Self::News { news, .. } => !matches!(
                news,
                RecoveryNews::Started { by_operator: true, .. }
                    | RecoveryNews::Stopped { why: StopReason::Expired | StopReason::Replaced }
            ),
            _ => false,
        }
    }

    pub(crate) fn args(&self, args: &mut Args, words: &Words, reader: &Reader) {
        match self {
            Self::Asked { lifetime, wait, .. } => {
                args.text("span", &words.span(reader.locale, *lifetime));
                args.text("wait", &words.span(reader.locale, *wait));
            }
            Self::NewPassword { lifetime, .. } => {
                args.text("span", &words.span(reader.locale, *lifetime));
            }
            Self::TooOften { until, .. } => {
                args.text("when", &words.when(reader, *until));
            }
            Self::Operator => {}
            Self::News { news, .. } => news.say_when(args, words, reader),
        }
    }
}
