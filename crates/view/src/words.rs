//! Translations (Fluent), and the phrases that are made of data: devices, places, times, events.

use crate::change::ending_key;
use crate::locale::Locale;
use base::Timestamp;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use identity::change::ChangeKind;
use identity::login::Reason;
use identity::recovery::StopReason;
use identity::risk::{Outcome, Rule, why};
use identity::{Agent, AskEnding, CredentialKind, EndReason, Event, Exchanged, FormFactor, Place};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;
use std::sync::OnceLock;

/// In seconds.
const DAY: u64 = 24 * 3600;

const SOURCES: [(Locale, &str, &str); 3] = [
    (Locale::English, include_str!("../locales/en.ftl"), include_str!("../locales/countries.en.txt")),
    (Locale::German, include_str!("../locales/de.ftl"), include_str!("../locales/countries.de.txt")),
    (Locale::Arabic, include_str!("../locales/ar.ftl"), include_str!("../locales/countries.ar.txt")),
];

/// All translations. Each is read when it is first asked for: most servers speak one or two languages.
pub struct Words {
    tongues: [Tongue; SOURCES.len()],
}

struct Tongue {
    locale: Locale,
    source: &'static str,
    countries: &'static str,
    /// Nothing where the translation is broken: a mistake in the build, which tests keep from happening.
    bundle: OnceLock<Option<FluentBundle<FluentResource>>>,
}

/// The arguments of a message.
#[derive(Debug, Default)]
pub struct Args(FluentArgs<'static>);

impl Args {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn text(&mut self, name: &'static str, text: &str) -> &mut Self {
        self.0.set(name, text.to_owned());
        self
    }

    /// Adds a number, by which a message can choose its plural.
    pub fn number(&mut self, name: &'static str, number: u64) -> &mut Self {
        self.0.set(name, FluentValue::from(number));
        self
    }

    pub(crate) fn any(&mut self, name: &str, value: FluentValue<'static>) {
        self.0.set(name.to_owned(), value);
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tongues.iter().map(|tongue| tongue.locale)).finish()
    }
}

impl Default for Words {
    fn default() -> Self {
        let tongue = |(locale, source, countries)| Tongue { locale, source, countries, bundle: OnceLock::new() };
        Self { tongues: SOURCES.map(tongue) }
    }
}

impl Words {
    /// A message in a language, or in English where the language lacks it; `None` when no language has it or
    /// an argument is missing.
    pub fn find(&self, locale: Locale, key: &str, args: &Args) -> Option<String> {
        [locale, Locale::English].into_iter().find_map(|locale| self.tongue(locale)?.say(key, args))
    }

    /// The same, with the key itself for what is missing: a text that must not fail. Tests keep it from happening.
    pub fn say(&self, locale: Locale, key: &str, args: &Args) -> String {
        self.find(locale, key, args).unwrap_or_else(|| key.to_owned())
    }

    /// Whether a language has a message itself.
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        self.tongue(locale).and_then(Tongue::bundle).is_some_and(|bundle| bundle.has_message(key))
    }

    fn tongue(&self, locale: Locale) -> Option<&Tongue> {
        self.tongues.iter().find(|tongue| tongue.locale == locale)
    }

    /// What people call a browser: "Firefox on Linux".
    pub fn device(&self, locale: Locale, agent: &Agent) -> String {
        let mut args = Args::new();
        args.text("browser", &agent.browser).text("machine", agent.machine());
        let key = match (agent.browser.is_empty(), agent.machine().is_empty()) {
            (false, false) => "device-both",
            (false, true) => "device-browser",
            (true, false) => "device-machine",
            (true, true) if agent.kind == FormFactor::Program => "device-program",
            (true, true) => "device-unknown",
        };
        self.say(locale, key, &args)
    }

    /// Where an address seems to be: "near Lyon", or the country.
    pub fn place(&self, locale: Locale, place: &Place) -> String {
        let mut args = Args::new();
        match &place.city {
            Some(city) => self.say(locale, "place-near", args.text("city", city)),
            None => self.country(locale, &place.country),
        }
    }

    /// The name of a country (ISO 3166-1 alpha-2); the code itself when there is no such country.
    fn country(&self, locale: Locale, code: &str) -> String {
        let names = self.tongue(locale).map_or("", |tongue| tongue.countries);
        let found = names.lines().find_map(|line| line.split_once(' ').filter(|(c, _)| *c == code));
        found.map_or_else(|| code.to_owned(), |(_, name)| name.to_owned())
    }

    /// What a scope lets an app see (RFC 6749 §3.3), in words; the scope itself when we do not know it.
    pub fn scope(&self, locale: Locale, scope: &str) -> String {
        let key = match scope {
            "openid" => "scope-openid",
            "profile" => "scope-profile",
            "email" => "scope-email",
            "address" => "scope-address",
            "phone" => "scope-phone",
            "notices" => "scope-notices",
            "offline_access" => "scope-offline-access",
            other => return other.to_owned(),
        };
        self.say(locale, key, &Args::new())
    }

    /// A length of time, rounded up: "5 minutes".
    pub fn span(&self, locale: Locale, seconds: u64) -> String {
        let (key, count) = match seconds {
            0..=90 => ("span-seconds", seconds.max(1)),
            91..=5400 => ("span-minutes", seconds.div_ceil(60)),
            _ if seconds >= 2 * DAY && seconds.is_multiple_of(DAY) => ("span-days", seconds / DAY),
            _ => ("span-hours", seconds.div_ceil(3600)),
        };
        self.say(locale, key, Args::new().number("count", count))
    }

    /// A day: "3 Nov", with the year when it is another one.
    pub fn day(&self, reader: &Reader, at: Timestamp) -> String {
        self.date(reader, reader.civil(at).date())
    }

    /// A moment: "today 09:41", "yesterday 21:40", "3 Nov, 09:41".
    pub fn when(&self, reader: &Reader, at: Timestamp) -> String {
        let date = reader.civil(at).date();
        let today = reader.now.map(|now| reader.civil(now).date());
        let mut args = Args::new();
        args.text("time", &reader.clock(at));
        let key = match today {
            Some(today) if today == date => "when-today",
            Some(today) if today.yesterday().is_ok_and(|yesterday| yesterday == date) => "when-yesterday",
            _ => {
                args.text("date", &self.date(reader, date));
                "when-date"
            }
        };
        self.say(reader.locale, key, &args)
    }

    fn date(&self, reader: &Reader, date: Date) -> String {
        let this_year = reader.now.is_none_or(|now| reader.civil(now).date().year() == date.year());
        let month = self.say(reader.locale, &format!("month-{}", date.month()), &Args::new());
        let mut args = Args::new();
        args.text("day", &date.day().to_string()).text("month", &month).text("year", &date.year().to_string());
        self.say(reader.locale, if this_year { "date-short" } else { "date-long" }, &args)
    }

    /// What a sensitive change is called: "change mail address".
    pub fn change(&self, locale: Locale, what: ChangeKind) -> String {
        self.say(locale, &format!("change-what-{}", what.as_str().replace('_', "-")), &Args::new())
    }

    /// Why more is asked for: a sentence.
    pub fn reason(&self, locale: Locale, reason: Reason) -> String {
        self.say(locale, &format!("reason-{}", reason.as_str()), &Args::new())
    }

    /// Several reasons, a sentence each.
    pub fn reasons(&self, locale: Locale, reasons: &[Reason]) -> String {
        reasons.iter().map(|reason| self.reason(locale, *reason)).collect::<Vec<_>>().join(" ")
    }

    /// A line of the activity log: "Signed in to Acme Shop".
    pub fn event(&self, locale: Locale, event: &Event) -> String {
        let mut args = Args::new();
        let base = format!("event-{}", event.kind().replace(['.', '_'], "-"));
        let key = match event {
            Event::LoginSucceeded { app: Some(app), .. } | Event::NewDevice { app: Some(app), .. } => {
                args.text("app", app);
                format!("{base}-app")
            }
            Event::ChangeRequested { what, .. } | Event::ChangeUndone { what, .. } => {
                args.text("what", &self.change(locale, *what));
                base
            }
            Event::ChangeEnded { what, how, .. } => {
                args.text("what", &self.change(locale, *what));
                format!("{base}-{}", ending_key(*how))
            }
            Event::EmailChanged { to, .. } => {
                args.text("to", to.as_str());
                base
            }
            Event::PhoneChanged { to, .. } => {
                args.text("to", to.as_ref().map(identity::Phone::as_str).unwrap_or_default());
                if to.is_some() { base } else { format!("{base}-removed") }
            }
            Event::DeniedOften { times } => {
                args.number("count", u64::from(*times));
                base
            }
            Event::TokenExchanged(Exchanged { app, from }) => {
                args.text("app", app);
                args.text("from", from);
                base
            }
            Event::AppAsks(asks) => {
                args.text("app", &asks.app);
                base
            }
            Event::AppAnswered(answered) => {
                args.text("app", &answered.app);
                format!("{base}-{}", ask_key(answered.how))
            }
            Event::ClientRegistered(one) | Event::ClientChanged(one) | Event::ClientWithdrawn(one) => {
                args.text("app", &one.app);
                base
            }
            Event::AppConnected { app, .. }
            | Event::AppRemoved { app }
            | Event::AppSignedOut { app, .. }
            | Event::TokenReplayed { app } => {
                args.text("app", app);
                base
            }
            Event::PasskeyAdded { key, name, .. }
            | Event::PasskeyRemoved { key, name }
            | Event::PasskeyRenamed { key, name }
            | Event::PasskeyCopied { key, name } => {
                args.text("name", name);
                match key {
                    CredentialKind::Passkey => base,
                    CredentialKind::SecurityKey => format!("{base}-security-key"),
                }
            }
            Event::Risk { findings, outcome, .. } => {
                let reasons: Vec<Reason> = why(findings, *outcome).map(Rule::reason).collect();
                args.text("why", &self.reasons(locale, &reasons));
                format!("{base}-{}", outcome_key(*outcome))
            }
            Event::ManyAccountsTried { network, accounts } => {
                args.text("network", network).number("count", u64::from(*accounts));
                base
            }
            Event::ManyAddressesTried { addresses } => {
                args.number("count", u64::from(*addresses));
                base
            }
            Event::RecoveryStarted { by_operator: true, .. } | Event::RecoveryRefused { until: None } => {
                format!("{base}-operator")
            }
            Event::RecoveryStopped { why, .. } => format!("{base}-{}", stop_key(*why)),
            Event::IdentityLinked { provider, who, .. } | Event::IdentityUnlinked { provider, who } => {
                args.text("provider", provider);
                args.text("who", who.as_deref().unwrap_or_default());
                if who.is_some() { format!("{base}-who") } else { base }
            }
            Event::DeviceConfirmed { agent, .. }
            | Event::LoginDenied { agent, .. }
            | Event::DeviceForgotten { agent }
            | Event::DeviceTrusted { agent, .. }
            | Event::PushDisabled { agent }
            | Event::PushGone { agent } => {
                args.text("device", &self.device(locale, agent));
                base
            }
            Event::RecoveryCodeUsed { left } => {
                args.number("left", u64::try_from(*left).unwrap_or(u64::MAX));
                base
            }
            Event::SessionEnded { agent, reason, .. } => {
                args.text("device", &self.device(locale, agent));
                format!("{base}-{}", reason_key(*reason))
            }
            Event::PreferencesChanged { topic, channel, on } => {
                let topic = format!("topic-{}", topic.as_str().replace(['.', '_'], "-"));
                let channel = format!("channel-{}", channel.as_str());
                args.text("topic", &self.say(locale, &topic, &Args::new()));
                args.text("channel", &self.say(locale, &channel, &Args::new()));
                format!("{base}-{}", if *on { "on" } else { "off" })
            }
            _ => base,
        };
        self.say(locale, &key, &args)
    }
}

/// What was said to an app, as the texts call it.
pub(crate) const fn ask_key(how: AskEnding) -> &'static str {
    match how {
        AskEnding::Allowed => "allowed",
        AskEnding::Denied => "denied",
        AskEnding::WrongNumber => "wrong-number",
    }
}

const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Nothing | Outcome::Recorded => "recorded",
        Outcome::Noted | Outcome::Told => "told",
        Outcome::Asked => "asked",
        Outcome::Refused => "refused",
    }
}

const fn stop_key(why: StopReason) -> &'static str {
    match why {
        StopReason::Asked => "asked",
        StopReason::SignedIn => "signed-in",
        StopReason::CredentialChanged => "credential-changed",
        StopReason::Expired => "expired",
        StopReason::Replaced => "replaced",
    }
}

const fn reason_key(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SignedOut => "signed-out",
        EndReason::SignedOutByApp => "signed-out-by-app",
        EndReason::EndedByOwner => "ended-by-owner",
        EndReason::Denied => "denied",
        EndReason::PasswordChanged => "password-changed",
        EndReason::LockedDown => "locked-down",
        EndReason::Replaced => "replaced",
        EndReason::EndedByOperator => "ended-by-operator",
        EndReason::Restored => "restored",
    }
}

impl Tongue {
    fn bundle(&self) -> Option<&FluentBundle<FluentResource>> {
        self.bundle.get_or_init(|| self.read()).as_ref()
    }

    fn read(&self) -> Option<FluentBundle<FluentResource>> {
        let resource = FluentResource::try_new(self.source.to_owned()).ok()?;
        let mut bundle = FluentBundle::new_concurrent(vec![self.locale.tag().parse().ok()?]);
        // Fluent would isolate every argument, numbers and our own phrases, too, and so turn dates around:
        // see `isolate`.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).ok()?;
        Some(bundle)
    }

    fn say(&self, key: &str, args: &Args) -> Option<String> {
        let bundle = self.bundle()?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let isolated = if self.locale.dir() == "rtl" { Some(isolate(&args.0)) } else { None };
        let args = isolated.as_ref().unwrap_or(&args.0);
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// Keeps foreign names in one piece within right-to-left text (Unicode TR 9, §2.4.2: first strong isolate).
/// Texts that have right-to-left letters themselves are ours, and already in order.
fn isolate<'a>(args: &'a FluentArgs<'static>) -> FluentArgs<'a> {
    let foreign = |text: &str| {
        text.chars().any(char::is_alphabetic) && !text.chars().any(|c| ('\u{590}'..='\u{8ff}').contains(&c))
    };
    let mut isolated = FluentArgs::new();
    for (name, value) in args.iter() {
        let value = match value {
            FluentValue::String(text) if foreign(text) => FluentValue::from(format!("\u{2068}{text}\u{2069}")),
            other => other.clone(),
        };
        isolated.set(name.to_owned(), value);
    }
    isolated
}

/// Who reads: the language, the time zone, and what "now" is for them.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The language.
    pub locale: Locale,
    zone: Option<TimeZone>,
    now: Option<Timestamp>,
}

impl Reader {
    /// A reader in an IANA time zone. Without one, or with one that is not known, times are in UTC and say so.
    /// Without `now`, no day is "today".
    pub fn new(locale: Locale, time_zone: Option<&str>, now: Option<Timestamp>) -> Self {
        Self { locale, zone: time_zone.and_then(|name| TimeZone::get(name).ok()), now }
    }

    fn civil(&self, at: Timestamp) -> jiff::civil::DateTime {
        at.to_jiff().to_zoned(self.zone.clone().unwrap_or(TimeZone::UTC)).datetime()
    }

    /// The time of day: "09:41", or "09:41 UTC".
    pub fn clock(&self, at: Timestamp) -> String {
        let time = self.civil(at).time();
        let zone = if self.zone.is_some() { "" } else { " UTC" };
        format!("{:02}:{:02}{zone}", time.hour(), time.minute())
    }
}
