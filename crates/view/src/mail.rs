//! Mails: one column, the same words as the notices, as text and as HTML.

mod model;

pub use model::{Facts, MailModel};

use crate::notice::Recipient;
use crate::render;
use crate::words::{Args, Reader, Words};
use base::{Fault, Timestamp};
use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::Serialize;

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject: one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, with its styles inline.
    pub html: String,
    /// Where mails of its kind are switched off with one click (RFC 8058), if they can be.
    pub way_off: Option<String>,
}

/// What stands below a mail: how one changes that such mails come. Absolute URLs.
#[derive(Debug, Clone, Copy)]
pub struct Foot<'a> {
    /// The page of notices.
    pub settings: &'a str,
    /// How such mails are switched off.
    pub off: Off<'a>,
}

/// How mails of a kind are switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off<'a> {
    /// By this link.
    Link(&'a str),
    /// Not at all: it is the warning that a thief would silence.
    Never,
    /// There is nothing to switch off: somebody asked for this very mail.
    Asked,
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
    off: Option<Link>,
    never_off: Option<String>,
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
    foot: Foot<'_>,
    model: &MailModel,
) -> Result<Mail, Fault> {
    let writer = Writer { words, to, reader: Reader::new(to.locale, to.time_zone.as_deref(), None) };
    let letter = writer.letter(foot, model);
    let root = Value::from_pairs([("mail", Value::from(Serde(&letter)))]);
    let html = render::render(templates, "mail/mail.html", root.clone())?;
    let text = render::render(templates, "mail/mail.txt", root)?;
    // A name in a subject must not break the header.
    let subject = letter.subject.chars().filter(|c| !c.is_control()).collect();
    let way_off = letter.off.map(|link| link.href);
    Ok(Mail { subject, text, html, way_off })
}

impl Writer<'_> {
    fn letter(&self, Foot { settings, off }: Foot<'_>, model: &MailModel) -> Letter {
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
            | MailModel::PasswordChanged { recover, undo: None, .. } => (link("button", recover), None),
            MailModel::PasswordChanged { recover, undo: Some(undo), .. } => {
                (link("undo", undo), link("button", recover))
            }
            MailModel::Change { tells, .. } => {
                let (button, second) = tells.links();
                (button.and_then(|href| link("button", href)), second.and_then(|href| link("second", href)))
            }
            MailModel::KeyChanged { review, .. } | MailModel::KeyCopied { review, .. } => {
                (link("button", review), None)
            }
            MailModel::Recovery { tells, .. } => {
                let (button, second) = tells.links();
                (button.and_then(|href| link("button", href)), second.and_then(|href| link("second", href)))
            }
            MailModel::IdentityChanged { review, .. } => (link("button", review), None),
            MailModel::AppConnected { manage, .. } => (link("button", manage), None),
            MailModel::AppAsks { link: href, .. } => (link("button", href), None),
            MailModel::PushOff { .. } => (link("button", settings), None),
        };
        // What is said alike of every change of a second factor.
        let common = |part: &str| match model {
            MailModel::FactorChanged { .. } => self.words.say(self.to.locale, &format!("mail-factor-{part}"), &args),
            _ => say(part),
        };
        let lead = say(model.lead());
        let known = match model {
            MailModel::ConfirmAddress { .. } | MailModel::Invitation { .. } => false,
            MailModel::Change { tells, .. } => tells.is_to_owner(),
            _ => true,
        };
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
                MailModel::Change { tells, .. } => tells.code().map(str::to_owned),
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
            off: match off {
                Off::Link(href) => {
                    let label = self.words.say(self.to.locale, "mail-off", &args);
                    Some(Link { label, href: href.to_owned() })
                }
                Off::Never | Off::Asked => None,
            },
            never_off: (off == Off::Never).then(|| self.words.say(self.to.locale, "mail-never-off", &args)),
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
            MailModel::AppAsks { app, lifetime, .. } => {
                args.text("app", app).text("span", &self.words.span(self.to.locale, *lifetime));
            }
            MailModel::Recovery { tells, .. } => tells.args(&mut args, self.words, &self.reader),
            MailModel::Change { tells, .. } => tells.args(&mut args, self.words, &self.reader),
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

    /// Which app asks, what it shows, since when. Its server is no place of the person's.
    fn asks(&self, (app, message): (&str, Option<&str>), at: Timestamp) -> Vec<(String, String)> {
        let label = |key: &str| self.words.say(self.to.locale, key, &Args::new());
        let mut rows = vec![(label("fact-app"), app.to_owned())];
        rows.extend(message.map(|message| (label("fact-message"), message.to_owned())));
        rows.push((label("fact-time"), self.words.when(&self.reader, at)));
        rows
    }

    fn facts(&self, model: &MailModel) -> Vec<(String, String)> {
        if let MailModel::AppAsks { app, message, at, .. } = model {
            return self.asks((app, message.as_deref()), *at);
        }
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
            MailModel::Change { facts, tells, .. } if tells.is_to_owner() => (facts, &[][..]),
            MailModel::AppConnected { facts, scopes, .. } => (facts, scopes.as_slice()),
            MailModel::ConfirmAddress { .. }
            | MailModel::HaveAccount { .. }
            | MailModel::Invitation { .. }
            | MailModel::Recovery { .. }
            | MailModel::Change { .. }
            | MailModel::AppAsks { .. }
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
        if let MailModel::Change { tells, .. } = model
            && let Some(about) = tells.about()
        {
            rows.push((label("fact-change"), about.to_owned()));
        }
        if !scopes.is_empty() {
            let said: Vec<String> = scopes.iter().map(|scope| self.words.scope(locale, scope)).collect();
            rows.push((label("fact-scopes"), said.join(&label("list-semicolon"))));
        }
        rows
    }
}
