//! Mails: one column, the same words as the notices, as text and as HTML.

use crate::notice::{FactorChange, Recipient, key_changed};
use crate::recovery::RecoveryMail;
use crate::render;
use crate::words::{Args, Reader, Words};
use base::{Fault, Timestamp};
use identity::login::Reason;
use identity::{Agent, CredentialKind, Place};
use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::Serialize;

/// What a mail tells. Links are absolute URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailModel {
    /// Confirms the address of a registration.
    ConfirmAddress {
        /// The name that was typed.
        name: String,
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// Someone tried to register an address that has an account.
    HaveAccount {
        /// What the person wants to be called.
        name: String,
        /// The sign-in page.
        sign_in: String,
        /// The page for a forgotten password.
        recover: String,
    },
    /// Invites somebody to make an account.
    Invitation {
        /// What the operator calls them.
        name: Option<String>,
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// Sets a new password.
    ResetPassword {
        /// What the person wants to be called.
        name: String,
        /// The link.
        link: String,
        /// How long it works, in seconds.
        lifetime: u64,
    },
    /// A code that signs in, in the browser that asked.
    SignInCode {
        /// What the person wants to be called.
        name: String,
        /// The six digits; `None` for an account that takes more than a code by mail.
        code: Option<String>,
        /// How long it works, in seconds.
        lifetime: u64,
        /// Where it was asked for, when.
        facts: Facts,
    },
    /// A sign-in from a device that we do not know.
    NewSignIn {
        /// What the person wants to be called.
        name: String,
        /// Where, when, to what.
        facts: Facts,
        /// "No, it wasn't me": the page that asks, which needs no sign-in.
        no_link: String,
    },
    /// Too many wrong passwords; guessing is slowed down.
    Guessing {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// The page for a forgotten password.
        recover: String,
    },
    /// A sign-in was odd, or was refused for it.
    Odd {
        /// What the person wants to be called.
        name: String,
        /// Where, when, to what.
        facts: Facts,
        /// What was odd.
        reasons: Vec<Reason>,
        /// Whether nobody was let in.
        refused: bool,
        /// The page for a forgotten password.
        recover: String,
    },
    /// Too many wrong codes after a right password.
    GuessingCodes {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// The page for a forgotten password.
        recover: String,
    },
    /// A second factor was changed, or a recovery code used.
    FactorChanged {
        /// What the person wants to be called.
        name: String,
        /// What happened.
        change: FactorChange,
        /// Where, when.
        facts: Facts,
        /// The page of ways to sign in.
        review: String,
        /// The page for a forgotten password.
        recover: String,
    },
    /// The password was changed.
    PasswordChanged {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// Whether it was set anew by mail.
        by_mail: bool,
        /// The page for a forgotten password: the way back in for the owner.
        recover: String,
    },
    /// A passkey or security key was added or removed.
    KeyChanged {
        /// What the person wants to be called.
        name: String,
        /// Which of the two.
        key: CredentialKind,
        /// What the key is called.
        called: String,
        /// Where, when.
        facts: Facts,
        /// Whether it was removed.
        removed: bool,
        /// The page of ways to sign in.
        review: String,
    },
    /// There may be a copy of a passkey or security key; the sign-in with it was refused.
    KeyCopied {
        /// What the person wants to be called.
        name: String,
        /// What the key is called.
        called: String,
        /// Where, when.
        facts: Facts,
        /// The page of ways to sign in.
        review: String,
    },
    /// About a way back.
    Recovery {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// What it tells.
        tells: RecoveryMail,
    },
    /// An account at another provider was connected or disconnected.
    IdentityChanged {
        /// What the person wants to be called.
        name: String,
        /// The provider's name for people.
        provider: String,
        /// The address or name that it told.
        who: Option<String>,
        /// Where, when.
        facts: Facts,
        /// Whether it was disconnected.
        removed: bool,
        /// The page of the ways to sign in.
        review: String,
    },
    /// An app was given access.
    AppConnected {
        /// What the person wants to be called.
        name: String,
        /// Where, when; `app` is the app.
        facts: Facts,
        /// What it may see, as scope names.
        scopes: Vec<String>,
        /// The page of connected apps.
        manage: String,
    },
    /// Notices were switched off in a browser, or can't reach it any more.
    PushOff {
        /// What the person wants to be called.
        name: String,
        /// Where, when.
        facts: Facts,
        /// Whether the browser's push service said that it is gone.
        gone: bool,
    },
}

/// The circumstances of what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Which browser.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// Which app.
    pub app: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject: one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, with its styles inline.
    pub html: String,
}

/// What the two templates show.
#[derive(Debug, Serialize)]
struct Letter {
    brand: String,
    lang: &'static str,
    dir: &'static str,
    subject: String,
    greeting: String,
    lead: String,
    facts: Vec<(String, String)>,
    code: Option<String>,
    button: Option<Link>,
    after: Vec<String>,
    second: Option<Link>,
    why: String,
    settings: Option<Link>,
}

#[derive(Debug, Serialize)]
struct Link {
    label: String,
    href: String,
}

struct Writer<'a> {
    words: &'a Words,
    to: &'a Recipient,
    reader: Reader,
}

pub(crate) fn mail(
    (templates, words): (&Environment<'static>, &Words),
    to: &Recipient,
    settings: &str,
    model: &MailModel,
) -> Result<Mail, Fault> {
    let writer = Writer { words, to, reader: Reader::new(to.locale, to.time_zone.as_deref(), None) };
    let letter = writer.letter(settings, model);
    let root = Value::from_pairs([("mail", Value::from(Serde(&letter)))]);
    let html = render::render(templates, "mail/mail.html", root.clone())?;
    let text = render::render(templates, "mail/mail.txt", root)?;
    // A name in a subject must not break the header.
    let subject = letter.subject.chars().filter(|c| !c.is_control()).collect();
    Ok(Mail { subject, text, html })
}

impl Writer<'_> {
    fn letter(&self, settings: &str, model: &MailModel) -> Letter {
        let key = model.key();
        let args = self.args(model);
        let say = |part: &str| self.words.say(self.to.locale, &format!("mail-{key}-{part}"), &args);
        let link = |part: &str, href: &str| Some(Link { label: say(part), href: href.to_owned() });
        let (button, second) = match model {
            MailModel::ConfirmAddress { link: href, .. }
            | MailModel::Invitation { link: href, .. }
            | MailModel::ResetPassword { link: href, .. } => (link("button", href), None),
            MailModel::HaveAccount { sign_in, recover, .. } => (link("button", sign_in), link("second", recover)),
            // No link: what signs in is typed in the browser that asked.
            MailModel::SignInCode { .. } => (None, None),
            MailModel::NewSignIn { no_link, .. } => (link("button", no_link), None),
            MailModel::FactorChanged { review, recover, .. } => {
                let common = |part: &str, href: &str| {
                    let label = self.words.say(self.to.locale, &format!("mail-factor-{part}"), &args);
                    Some(Link { label, href: href.to_owned() })
                };
                (common("button", review), common("second", recover))
            }
            MailModel::Guessing { recover, .. }
            | MailModel::GuessingCodes { recover, .. }
            | MailModel::Odd { recover, .. }
            | MailModel::PasswordChanged { recover, .. } => (link("button", recover), None),
            MailModel::KeyChanged { review, .. } | MailModel::KeyCopied { review, .. } => {
                (link("button", review), None)
            }
            MailModel::Recovery { tells, .. } => {
                let (button, second) = tells.links();
                (button.and_then(|href| link("button", href)), second.and_then(|href| link("second", href)))
            }
            MailModel::IdentityChanged { review, .. } => (link("button", review), None),
            MailModel::AppConnected { manage, .. } => (link("button", manage), None),
            MailModel::PushOff { .. } => (link("button", settings), None),
        };
        // What is said alike of every change of a second factor.
        let common = |part: &str| match model {
            MailModel::FactorChanged { .. } => self.words.say(self.to.locale, &format!("mail-factor-{part}"), &args),
            _ => say(part),
        };
        let lead = say(model.lead());
        let known = !matches!(model, MailModel::ConfirmAddress { .. } | MailModel::Invitation { .. });
        Letter {
            brand: self.to.brand.clone(),
            lang: self.to.locale.tag(),
            dir: self.to.locale.dir(),
            subject: say("subject"),
            // To an address that nobody has proven, nobody's own words are sent.
            greeting: self.words.say(
                self.to.locale,
                if known { "mail-greeting" } else { "mail-greeting-plain" },
                &args,
            ),
            lead,
            facts: self.facts(model),
            code: match model {
                MailModel::SignInCode { code, .. } => code.clone(),
                _ => None,
            },
            button,
            after: vec![common("after")],
            second,
            why: common("why"),
            // Who has no account yet has no settings either.
            settings: known.then(|| Link {
                label: self.words.say(self.to.locale, "mail-settings", &args),
                href: settings.to_owned(),
            }),
        }
    }

    fn args(&self, model: &MailModel) -> Args {
        let mut args = Args::new();
        args.text("brand", &self.to.brand).text("name", model.name());
        match model {
            MailModel::ConfirmAddress { lifetime, .. }
            | MailModel::Invitation { lifetime, .. }
            | MailModel::SignInCode { lifetime, .. }
            | MailModel::ResetPassword { lifetime, .. } => {
                args.text("span", &self.words.span(self.to.locale, *lifetime));
            }
            MailModel::KeyChanged { called, .. } | MailModel::KeyCopied { called, .. } => {
                args.text("key", called);
            }
            MailModel::AppConnected { facts, .. } => {
                args.text("app", facts.app.as_deref().unwrap_or_default());
            }
            MailModel::Recovery { tells, .. } => tells.args(&mut args, self.words, &self.reader),
            MailModel::FactorChanged { change, .. } => {
                if let Some(left) = change.left() {
                    args.number("left", left);
                }
            }
            MailModel::IdentityChanged { provider, .. } => {
                args.text("provider", provider);
            }
            MailModel::PushOff { facts, .. } => {
                args.text("device", &self.words.device(self.to.locale, &facts.agent));
            }
            MailModel::Odd { reasons, .. } => {
                args.text("why", &self.words.reasons(self.to.locale, reasons));
            }
            MailModel::HaveAccount { .. }
            | MailModel::NewSignIn { .. }
            | MailModel::Guessing { .. }
            | MailModel::GuessingCodes { .. }
            | MailModel::PasswordChanged { .. } => {}
        }
        args
    }

    fn facts(&self, model: &MailModel) -> Vec<(String, String)> {
        let (facts, scopes) = match model {
            MailModel::NewSignIn { facts, .. }
            | MailModel::SignInCode { facts, .. }
            | MailModel::Guessing { facts, .. }
            | MailModel::Odd { facts, .. }
            | MailModel::GuessingCodes { facts, .. }
            | MailModel::FactorChanged { facts, .. }
            | MailModel::PasswordChanged { facts, .. }
            | MailModel::KeyChanged { facts, .. }
            | MailModel::KeyCopied { facts, .. }
            | MailModel::IdentityChanged { facts, .. }
            | MailModel::PushOff { facts, .. } => (facts, &[][..]),
            MailModel::Recovery { facts, tells, .. } if tells.has_facts() => (facts, &[][..]),
            MailModel::AppConnected { facts, scopes, .. } => (facts, scopes.as_slice()),
            MailModel::ConfirmAddress { .. }
            | MailModel::HaveAccount { .. }
            | MailModel::Invitation { .. }
            | MailModel::Recovery { .. }
            | MailModel::ResetPassword { .. } => {
                return Vec::new();
            }
        };
        let locale = self.to.locale;
        let label = |key: &str| self.words.say(locale, key, &Args::new());
        let mut rows = vec![(label("fact-device"), self.words.device(locale, &facts.agent))];
        rows.extend(facts.place.as_ref().map(|place| (label("fact-place"), self.words.place(locale, place))));
        rows.push((label("fact-time"), self.words.when(&self.reader, facts.at)));
        rows.extend(facts.app.as_ref().map(|app| (label("fact-app"), app.clone())));
        if let MailModel::IdentityChanged { who: Some(who), .. } = model {
            rows.push((label("fact-who"), who.clone()));
        }
        if !scopes.is_empty() {
            let said: Vec<String> = scopes.iter().map(|scope| self.words.scope(locale, scope)).collect();
            rows.push((label("fact-scopes"), said.join(&label("list-semicolon"))));
        }
        rows
    }
}

impl MailModel {
    const fn key(&self) -> &'static str {
        match self {
            Self::ConfirmAddress { .. } => "confirm-address",
            Self::HaveAccount { .. } => "have-account",
            Self::Invitation { .. } => "invitation",
            Self::ResetPassword { .. } => "reset-password",
            Self::SignInCode { code: Some(_), .. } => "sign-in-code",
            Self::SignInCode { code: None, .. } => "no-sign-in-code",
            Self::NewSignIn { .. } => "new-sign-in",
            Self::Guessing { .. } => "guessing",
            Self::Odd { refused: false, .. } => "odd-sign-in",
            Self::Odd { refused: true, .. } => "refused",
            Self::GuessingCodes { .. } => "guessing-codes",
            Self::FactorChanged { change, .. } => change.key(),
            Self::PasswordChanged { .. } => "password-changed",
            Self::KeyChanged { key, removed, .. } => key_changed(*key, *removed),
            Self::KeyCopied { .. } => "key-copied",
            Self::Recovery { tells, .. } => tells.key(),
            Self::IdentityChanged { removed: false, .. } => "identity-linked",
            Self::IdentityChanged { removed: true, .. } => "identity-unlinked",
            Self::AppConnected { .. } => "app-connected",
            Self::PushOff { gone: false, .. } => "push-off",
            Self::PushOff { gone: true, .. } => "push-gone",
        }
    }

    /// The part that leads in: the same happening can have come about in several ways.
    const fn lead(&self) -> &'static str {
        match self {
            Self::PasswordChanged { by_mail: true, .. } => "lead-mail",
            Self::Recovery { tells, .. } => tells.lead(),
            _ => "lead",
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::ConfirmAddress { name, .. }
            | Self::HaveAccount { name, .. }
            | Self::ResetPassword { name, .. }
            | Self::SignInCode { name, .. }
            | Self::NewSignIn { name, .. }
            | Self::Guessing { name, .. }
            | Self::Odd { name, .. }
            | Self::GuessingCodes { name, .. }
            | Self::FactorChanged { name, .. }
            | Self::PasswordChanged { name, .. }
            | Self::KeyChanged { name, .. }
            | Self::KeyCopied { name, .. }
            | Self::Recovery { name, .. }
            | Self::IdentityChanged { name, .. }
            | Self::AppConnected { name, .. }
            | Self::PushOff { name, .. } => name,
            Self::Invitation { name, .. } => match name {
                Some(name) => name.as_str(),
                None => "",
            },
        }
    }
}
