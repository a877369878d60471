//! The template engine: embedded templates, strict about what is missing, and the functions that they call.

use crate::assets;
use crate::chrome::Chrome;
use crate::escape::{self, Escaped};
use crate::icons;
use crate::locale::Locale;
use crate::pages::{Page, account::ActivityFilter};
use crate::qr;
use crate::words::{Args, Reader, Words};
use base::{Fault, Timestamp, routes};
use fluent_bundle::FluentValue;
use identity::login::Reason;
use identity::{Agent, Event, Place};
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use std::sync::Arc;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// Every template by its name.
        pub(crate) const TEMPLATES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../templates/", $name)))),*];
    };
}

templates![
    "layout.html",
    "auth.html",
    "shell.html",
    "parts.html",
    "login.html",
    "login-code.html",
    "login-code-ask.html",
    "refused.html",
    "register.html",
    "register-upstream.html",
    "upstream/buttons.html",
    "upstream/pending.html",
    "check-mail.html",
    "confirm-address.html",
    "confirmed-elsewhere.html",
    "mfa.html",
    "mfa-code.html",
    "enrol.html",
    "enrol-app.html",
    "enrol-lead.html",
    "enrol-foot.html",
    "totp-qr.html",
    "codes.html",
    "recover.html",
    "recover-sent.html",
    "reset.html",
    "reset-done.html",
    "recovery.html",
    "recovery-sent.html",
    "recovery-begin.html",
    "recovery-stands.html",
    "recovery-finish.html",
    "recovery-done.html",
    "offer.html",
    "connect-upstream.html",
    "consent.html",
    "device.html",
    "device-done.html",
    "logout.html",
    "way-off.html",
    "signed-out.html",
    "invite.html",
    "setup.html",
    "setup-done.html",
    "error.html",
    "account/overview.html",
    "account/profile.html",
    "account/signin.html",
    "account/signin-password.html",
    "account/signin-totp.html",
    "account/signin-codes.html",
    "account/password.html",
    "account/totp.html",
    "account/totp-remove.html",
    "account/codes.html",
    "account/other-accounts.html",
    "account/devices.html",
    "account/apps.html",
    "account/notifications.html",
    "account/kept.html",
    "account/activity.html",
    "account/was-this-you.html",
    "account/secure.html",
    "account/change.html",
    "account/ask.html",
    "account/email.html",
    "account/data.html",
    "account/lockdown.html",
    "mail/mail.html",
    "account/keys.html",
    "login-key.html",
    "mail/mail.txt",
];

/// What a page may cost: a mistake in a template ends in an error, not in a page that never ends.
const FUEL: u64 = 500_000;

pub(crate) fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|name| if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html });
    env.set_formatter(escape::format);
    env.set_fuel(Some(FUEL));
    globals(&mut env);
    env.add_function("iso", |at: Serde<Timestamp>| at.0.to_jiff().to_string());
    // Read when it is first asked for: all of them take 2 MiB, and most servers show few of them often.
    env.set_loader(|name| Ok(TEMPLATES.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)));
    env
}

/// A page, with the functions that its reader needs.
pub(crate) fn page<P: Page>(
    (env, words): (&Environment<'_>, &Arc<Words>),
    chrome: &Chrome,
    page: &P,
) -> Result<String, Fault> {
    let reader = Arc::new(Reader::new(chrome.locale, chrome.time_zone.as_deref(), Some(chrome.now)));
    let mut root = phrases(words, &reader);
    root.push(("dir", Value::from(chrome.locale.dir())));
    root.push(("chrome", Value::from(Serde(chrome))));
    root.push(("page", Value::from(Serde(page))));
    render(env, P::TEMPLATE, Value::from_pairs(root))
}

/// A template with its whole context.
pub(crate) fn render(env: &Environment<'_>, name: &str, root: Value) -> Result<String, Fault> {
    let template = env.get_template(name).map_err(|e| Fault::new("find a template", e))?;
    // The alternate form tells the place in the template, for the log.
    template.render(root).map_err(|e| Fault::new("render a template", format!("{e:#}")))
}

fn globals(env: &mut Environment<'static>) {
    let paths = [
        ("login", routes::LOGIN),
        ("login_passkey", routes::LOGIN_PASSKEY),
        ("login_code", routes::LOGIN_CODE),
        ("login_code_send", routes::LOGIN_CODE_SEND),
        ("mfa", routes::MFA),
        ("enrol", routes::ENROL),
        ("enrol_key", routes::ENROL_KEY),
        ("new_codes", routes::NEW_CODES),
        ("resume", routes::CONTINUE),
        ("upstream", routes::UPSTREAM),
        ("upstream_connect", routes::UPSTREAM_CONNECT),
        ("upstream_forget", routes::UPSTREAM_FORGET),
        ("register_upstream", routes::REGISTER_UPSTREAM),
        ("offer", routes::OFFER),
        ("consent", routes::CONSENT),
        ("device", routes::DEVICE),
        ("register", routes::REGISTER),
        ("register_state", routes::REGISTER_STATE),
        ("check_mail", routes::CHECK_MAIL),
        ("resend", routes::RESEND),
        ("confirm", routes::CONFIRM_EMAIL),
        ("recover", routes::RECOVER),
        ("reset", routes::RESET),
        ("recovery", routes::RECOVERY),
        ("recovery_begin", routes::RECOVERY_BEGIN),
        ("recovery_finish", routes::RECOVERY_FINISH),
        ("recovery_stop", routes::RECOVERY_STOP),
        ("logout", routes::LOGOUT),
        ("invite", routes::INVITE),
        ("setup", routes::SETUP),
        ("account", routes::ACCOUNT),
        ("profile", routes::PROFILE),
        ("sign_in", routes::SIGN_IN),
        ("password", routes::PASSWORD),
        ("key_rename", routes::KEY_RENAME),
        ("key_remove", routes::KEY_REMOVE),
        ("totp", routes::TOTP),
        ("totp_remove", routes::TOTP_REMOVE),
        ("recovery_codes", routes::RECOVERY_CODES),
        ("recovery_codes_file", routes::RECOVERY_CODES_FILE),
        ("identity_link", routes::IDENTITY_LINK),
        ("identity_unlink", routes::IDENTITY_UNLINK),
        ("devices", routes::DEVICES),
        ("devices_end_others", routes::DEVICES_END_OTHERS),
        ("device_end", routes::DEVICE_END),
        ("device_forget", routes::DEVICE_FORGET),
        ("device_app_end", routes::DEVICE_APP_END),
        ("device_ask", routes::DEVICE_ASK),
        ("apps", routes::APPS),
        ("app_remove", routes::APP_REMOVE),
        ("notifications", routes::NOTIFICATIONS),
        ("quiet", routes::QUIET),
        ("notice_data", routes::NOTICE_DATA),
        ("way_off", routes::WAY_OFF),
        ("subscription_remove", routes::SUBSCRIPTION_REMOVE),
        ("activity", routes::ACTIVITY),
        ("was_this_you", routes::WAS_THIS_YOU),
        ("secure", routes::SECURE),
        ("change", routes::CHANGE),
        ("ask", routes::ASK),
        ("email", routes::EMAIL),
        ("phone", routes::PHONE),
        ("data", routes::DATA),
        ("delete", routes::DELETE),
        ("lockdown", routes::LOCKDOWN),
        ("lockdown_lift", routes::LOCKDOWN_LIFT),
    ];
    env.add_global("routes", Value::from_pairs(paths));
    let language =
        |locale: Locale| Value::from_pairs([("tag", locale.tag()), ("name", locale.name()), ("dir", locale.dir())]);
    env.add_global("languages", Value::from(Locale::ALL.map(language).to_vec()));
    let filters: Vec<&str> = ActivityFilter::ALL.iter().map(|filter| filter.name()).collect();
    env.add_global("activity_filters", Value::from(filters));
    env.add_function("asset", |name: &str| {
        assets::url(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no asset {name}")))
    });
    env.add_function("icon", |name: &str| {
        icons::svg(name)
            .map(Value::from_safe_string)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no icon {name}")))
    });
    env.add_function("qr", |text: &str, name: &str| {
        qr::svg(text, name)
            .map(Value::from_safe_string)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no QR code is large enough for the text"))
    });
    env.add_function("event_icon", |event: Serde<Event>| {
        let name = icons::of_event(&event.0);
        icons::svg(name)
            .map(Value::from_safe_string)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no icon {name}")))
    });
    env.add_function("time_zones", || {
        jiff::tz::db().available().map(|name| name.to_string()).filter(|name| is_offered(name)).collect::<Vec<_>>()
    });
}

/// The zones that a person would look for: a region and a city, without the database's historical names.
fn is_offered(zone: &str) -> bool {
    const REGIONS: [&str; 9] =
        ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    zone.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region))
}

/// The functions that put things into words for one reader. They stand in the context of a page, and not in
/// the engine, because macros see no more of the context than what they name.
fn phrases(words: &Arc<Words>, reader: &Arc<Reader>) -> Vec<(&'static str, Value)> {
    let both = || (Arc::clone(words), Arc::clone(reader));
    let (w, r) = both();
    let t = Value::from_function(move |key: &str, args: Kwargs| message(&w, &r, (key, args), false));
    let (w, r) = both();
    let th = Value::from_function(move |key: &str, args: Kwargs| {
        message(&w, &r, (key, args), true).map(Value::from_safe_string)
    });
    let (w, r) = both();
    let device = Value::from_function(move |agent: Serde<Agent>| w.device(r.locale, &agent.0));
    let (w, r) = both();
    let place = Value::from_function(move |place: Serde<Place>| w.place(r.locale, &place.0));
    let (w, r) = both();
    let event = Value::from_function(move |event: Serde<Event>| w.event(r.locale, &event.0));
    let (w, r) = both();
    let scope = Value::from_function(move |scope: &str| w.scope(r.locale, scope));
    let (w, r) = both();
    let reason = Value::from_function(move |reason: Serde<Reason>| w.reason(r.locale, reason.0));
    let (w, r) = both();
    let span = Value::from_function(move |seconds: u64| w.span(r.locale, seconds));
    let (w, r) = both();
    let when = Value::from_function(move |at: Serde<Timestamp>| w.when(&r, at.0));
    let (w, r) = both();
    let day = Value::from_function(move |at: Serde<Timestamp>| w.day(&r, at.0));
    vec![
        ("t", t),
        ("th", th),
        ("device", device),
        ("place", place),
        ("event", event),
        ("scope", scope),
        ("reason", reason),
        ("span", span),
        ("when", when),
        ("day", day),
    ]
}

/// A message with its arguments. With `strong`, the message is HTML and each text argument is escaped and set
/// in `<strong>`: for the names of apps and addresses within a sentence.
fn message(words: &Words, reader: &Reader, (key, kwargs): (&str, Kwargs), strong: bool) -> Result<String, Error> {
    let mut args = Args::new();
    let names: Vec<String> = kwargs.args().map(str::to_owned).collect();
    for name in names {
        let value: Value = kwargs.get(&name)?;
        let number = if value.is_number() { u64::try_from(value.clone()).ok() } else { None };
        let value = match (number, strong) {
            (Some(number), _) => FluentValue::from(number),
            (None, true) => FluentValue::from(format!("<strong>{}</strong>", Escaped(&value.to_string()))),
            (None, false) => FluentValue::from(value.to_string()),
        };
        args.any(&name, value);
    }
    words.find(reader.locale, key, &args).ok_or_else(|| {
        Error::new(ErrorKind::InvalidOperation, format!("no message {key}, or an argument of it is missing"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read() {
        let env = environment();
        for (name, _) in TEMPLATES {
            env.get_template(name).unwrap();
        }
        assert!(env.get_template("no-such.html").is_err());
    }
}
