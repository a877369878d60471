//! Templates, translations, themes: what people read, on pages, in mails, in notices.

pub mod chrome;
pub mod locale;
pub mod pages;

pub use chrome::{Banner, Chrome, Links, PushMeta, SignedIn};
pub use locale::Locale;
pub use pages::Page;
