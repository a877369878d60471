//! The template engine: embedded templates, strict about what is missing, and the functions that they call.

use crate::chrome::Chrome;
use crate::icons;
use crate::locale::Locale;
use crate::words::{Args, Reader, Words};
use crate::{assets, pages};
use base::{Fault, Timestamp, routes};
use fluent_bundle::FluentValue;
use identity::{Agent, Event, Place};
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, HtmlEscape, State, UndefinedBehavior};
use serde::Serialize;
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
    "register.html",
    "check-mail.html",
    "confirm-address.html",
    "confirmed-elsewhere.html",
    "recover.html",
    "recover-sent.html",
    "reset.html",
    "reset-done.html",
    "offer.html",
    "consent.html",
    "logout.html",
    "signed-out.html",
    "setup.html",
    "setup-done.html",
    "error.html",
    "account/overview.html",
    "account/profile.html",
    "account/signin.html",
    "account/devices.html",
    "account/apps.html",
    "account/notifications.html",
    "account/activity.html",
    "account/was-this-you.html",
    "account/secure.html",
    "mail/mail.html",
    "mail/mail.txt",
];

/// What a page may cost: a mistake in a template ends in an error, not in a page that never ends.
const FUEL: u64 = 500_000;

#[derive(Serialize)]
struct Root<'a, P> {
    chrome: &'a Chrome,
    page: &'a P,
}

pub(crate) fn environment(words: &Arc<Words>) -> Result<Environment<'static>, Fault> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|name| if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html });
    env.set_fuel(Some(FUEL));
    globals(&mut env);
    phrases(&mut env, words);
    for (name, source) in TEMPLATES {
        env.add_template(name, source).map_err(|e| Fault::new("read a template", e))?;
    }
    Ok(env)
}

pub(crate) fn render<P: Serialize>(
    env: &Environment<'_>,
    name: &str,
    (chrome, page): (&Chrome, &P),
) -> Result<String, Fault> {
    render_root(env, name, &Root { chrome, page })
}

pub(crate) fn render_root<T: Serialize>(env: &Environment<'_>, name: &str, root: &T) -> Result<String, Fault> {
    let template = env.get_template(name).map_err(|e| Fault::new("find a template", e))?;
    template.render(Serde(root)).map_err(|e| Fault::new("render a page", format!("{e:#}")))
}

fn globals(env: &mut Environment<'static>) {
    let paths = [
        ("login", routes::LOGIN),
        ("resume", routes::CONTINUE),
        ("offer", routes::OFFER),
        ("consent", routes::CONSENT),
        ("register", routes::REGISTER),
        ("register_state", routes::REGISTER_STATE),
        ("check_mail", routes::CHECK_MAIL),
        ("resend", routes::RESEND),
        ("confirm", routes::CONFIRM_EMAIL),
        ("recover", routes::RECOVER),
        ("reset", routes::RESET),
        ("logout", routes::LOGOUT),
        ("setup", routes::SETUP),
        ("account", routes::ACCOUNT),
        ("profile", routes::PROFILE),
        ("sign_in", routes::SIGN_IN),
        ("password", routes::PASSWORD),
        ("devices", routes::DEVICES),
        ("devices_end_others", routes::DEVICES_END_OTHERS),
        ("device_end", routes::DEVICE_END),
        ("device_forget", routes::DEVICE_FORGET),
        ("apps", routes::APPS),
        ("app_remove", routes::APP_REMOVE),
        ("notifications", routes::NOTIFICATIONS),
        ("subscription_remove", routes::SUBSCRIPTION_REMOVE),
        ("activity", routes::ACTIVITY),
        ("was_this_you", routes::WAS_THIS_YOU),
        ("secure", routes::SECURE),
    ];
    env.add_global("routes", Value::from_pairs(paths));
    let language = |locale: Locale| Value::from_pairs([("tag", locale.tag()), ("name", locale.name()), ("dir", locale.dir())]);
    env.add_global("languages", Value::from(Locale::ALL.map(language).to_vec()));
    let filters: Vec<&str> = pages::account::ActivityFilter::ALL.iter().map(|filter| filter.name()).collect();
    env.add_global("activity_filters", Value::from(filters));
    env.add_function("asset", |name: &str| {
        assets::url(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no asset {name}")))
    });
    env.add_function("icon", |name: &str| {
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

fn phrases(env: &mut Environment<'static>, words: &Arc<Words>) {
    let w = Arc::clone(words);
    env.add_function("t", move |state: &State, key: &str, args: Kwargs| message(&w, state, (key, args), false));
    let w = Arc::clone(words);
    env.add_function("th", move |state: &State, key: &str, args: Kwargs| {
        message(&w, state, (key, args), true).map(Value::from_safe_string)
    });
    let w = Arc::clone(words);
    env.add_function("device", move |state: &State, agent: Serde<Agent>| w.device(locale(state), &agent.0));
    let w = Arc::clone(words);
    env.add_function("place", move |state: &State, place: Serde<Place>| w.place(locale(state), &place.0));
    let w = Arc::clone(words);
    env.add_function("event", move |state: &State, event: Serde<Event>| w.event(locale(state), &event.0));
    let w = Arc::clone(words);
    env.add_function("scope", move |state: &State, scope: &str| w.scope(locale(state), scope));
    let w = Arc::clone(words);
    env.add_function("span", move |state: &State, seconds: u64| w.span(locale(state), seconds));
    let w = Arc::clone(words);
    env.add_function("when", move |state: &State, at: Serde<Timestamp>| w.when(&reader(state), at.0));
    let w = Arc::clone(words);
    env.add_function("day", move |state: &State, at: Serde<Timestamp>| w.day(&reader(state), at.0));
    env.add_function("iso", |at: Serde<Timestamp>| at.0.to_jiff().to_string());
}

fn chrome(state: &State, name: &str) -> Option<Value> {
    state.lookup("chrome")?.get_attr(name).ok().filter(|value| !value.is_undefined() && !value.is_none())
}

fn locale(state: &State) -> Locale {
    chrome(state, "locale").and_then(|tag| tag.as_str().and_then(Locale::from_tag)).unwrap_or_default()
}

fn reader(state: &State) -> Reader {
    let zone = chrome(state, "time_zone");
    let now = chrome(state, "now").and_then(|now| i64::try_from(now).ok()).map(Timestamp::from_micros);
    Reader::new(locale(state), zone.as_ref().and_then(Value::as_str), now)
}

/// A message with its arguments. With `strong`, the message is HTML and each text argument is escaped and set
/// in `<strong>`: for the names of apps and addresses within a sentence.
fn message(words: &Words, state: &State, (key, kwargs): (&str, Kwargs), strong: bool) -> Result<String, Error> {
    let mut args = Args::new();
    let names: Vec<String> = kwargs.args().map(str::to_owned).collect();
    for name in names {
        let value: Value = kwargs.get(&name)?;
        let value = match (u64::try_from(value.clone()), strong) {
            (Ok(number), _) if value.as_str().is_none() => FluentValue::from(number),
            (_, true) => FluentValue::from(format!("<strong>{}</strong>", HtmlEscape(&value.to_string()))),
            (_, false) => FluentValue::from(value.to_string()),
        };
        args.any(&name, value);
    }
    words
        .find(locale(state), key, &args)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no message {key}, or an argument of it is missing")))
}
