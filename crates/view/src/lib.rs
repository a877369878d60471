//! Templates, translations, themes: what people read, on pages, in mails, in notices.
//!
//! A page is a plain struct ([`pages`]) within a [`Chrome`]; [`View`] puts it into words. Nothing here queries
//! or decides. Pages carry no inline script or style, so that a strict Content-Security-Policy holds, and work
//! as plain forms without scripts.

mod again;
pub mod assets;
mod change;
pub mod chrome;
mod escape;
mod icons;
pub mod locale;
pub mod mail;
pub mod notice;
pub mod pages;
mod qr;
mod recovery;
mod render;
pub mod samples;
pub mod words;

pub use change::{ChangeMail, ChangeNews, ending_key};
pub use chrome::{Banner, Chrome, KeysMeta, Links, PushMeta, SignedIn};
pub use locale::Locale;
pub use mail::{Foot, Mail, MailModel, Off};
pub use notice::{FactorChange, NoticeAction, NoticeModel, NoticeText, Recipient};
pub use pages::Page;
pub use recovery::{RecoveryMail, RecoveryNews};

use base::Fault;
use minijinja::Environment;
use std::sync::Arc;
use words::{Args, Words};

/// The templates and the translations, each read once, when it is first asked for. Share it.
#[derive(Debug)]
pub struct View {
    templates: Environment<'static>,
    words: Arc<Words>,
    pages: again::Pages,
}

impl Default for View {
    fn default() -> Self {
        Self { templates: render::environment(), words: Arc::default(), pages: again::Pages::default() }
    }
}

impl View {
    /// The HTML of a page.
    ///
    /// # Errors
    /// [`Fault`] when the template asks for something that is not there: a mistake in the build.
    pub fn page<P: Page>(&self, chrome: &Chrome, page: &P) -> Result<String, Fault> {
        self.pages.get((chrome, page), || render::page((&self.templates, &self.words), chrome, page))
    }

    /// The words of a notice.
    pub fn notice(&self, to: &Recipient, model: &NoticeModel) -> NoticeText {
        notice::notice(&self.words, to, model)
    }

    /// A mail, as text and as HTML.
    ///
    /// # Errors
    /// [`Fault`] when the template asks for something that is not there: a mistake in the build.
    pub fn mail(&self, to: &Recipient, foot: Foot<'_>, model: &MailModel) -> Result<Mail, Fault> {
        mail::mail((&self.templates, &self.words), to, foot, model)
    }

    /// Recovery codes as a text file, for someone at a brand with a mail address.
    pub fn codes_file<T: AsRef<str>>(&self, locale: Locale, (brand, email): (&str, &str), codes: &[T]) -> String {
        let mut args = Args::new();
        args.text("brand", brand).text("email", email);
        let say = |key| self.words.say(locale, key, &args);
        let mut text = format!("{}\r\n{}\r\n\r\n", say("codes-file-title"), say("codes-file-text"));
        for code in codes {
            text.push_str(code.as_ref());
            text.push_str("\r\n");
        }
        text
    }

    /// The translations, for what is said outside of pages (JSON answers, say).
    pub fn words(&self) -> &Words {
        &self.words
    }
}
