//! What to call a browser: "Firefox on Linux", from its User-Agent and its client hints.
//!
//! Both are whatever the other side wants them to be. So names come from closed lists, and the one free text,
//! the model, is cut short and stripped of everything that a model's name does not need: nobody can write a
//! sentence of their own into somebody's notice.

use crate::device::{Agent, FormFactor};
use std::sync::OnceLock;

/// What is read of a User-Agent.
const MAX_USER_AGENT: usize = 512;
/// What is read of one hint.
const MAX_HINT: usize = 256;
/// The longest model that is shown.
const MAX_MODEL: usize = 32;

/// The client hints of a request, as the headers stand (UA Client Hints, WICG). Leave out what was not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints<'a> {
    /// `Sec-CH-UA`: a list of brands.
    pub brands: Option<&'a str>,
    /// `Sec-CH-UA-Platform`.
    pub platform: Option<&'a str>,
    /// `Sec-CH-UA-Mobile`: `?0` or `?1`.
    pub mobile: Option<&'a str>,
    /// `Sec-CH-UA-Model`.
    pub model: Option<&'a str>,
}

/// What a request says of its browser. Its name is found when somebody asks for it, as finding it takes longer than most of
/// what is asked of this server, and most of that has no use for it.
#[derive(Debug, Clone)]
pub struct Said {
    user_agent: Box<str>,
    hints: Option<Box<[Option<Box<str>>; 4]>>,
    agent: OnceLock<Agent>,
}

impl Said {
    /// Keeps a User-Agent and its hints.
    pub fn new(user_agent: &str, hints: &Hints<'_>) -> Self {
        let kept = |hint: Option<&str>| hint.map(|hint| cut(hint, MAX_HINT).into());
        let hints = [hints.brands, hints.platform, hints.mobile, hints.model].map(kept);
        let hints = hints.iter().any(Option::is_some).then(|| Box::new(hints));
        Self { user_agent: cut(user_agent, MAX_USER_AGENT).into(), hints, agent: OnceLock::new() }
    }

    /// The browser's name.
    pub fn agent(&self) -> &Agent {
        self.agent.get_or_init(|| {
            let [brands, platform, mobile, model] = match self.hints.as_deref() {
                Some(hints) => hints.each_ref().map(Option::as_deref),
                None => [None; 4],
            };
            agent(&self.user_agent, &Hints { brands, platform, mobile, model })
        })
    }
}

impl From<Agent> for Said {
    fn from(agent: Agent) -> Self {
        Self { user_agent: Box::default(), hints: None, agent: agent.into() }
    }
}

/// Brands of `Sec-CH-UA`, the particular before the general. "Chromium" alone is no brand that people know.
const BRANDS: [(&str, &str); 11] = [
    ("Brave", "Brave"),
    ("Microsoft Edge", "Edge"),
    ("Opera GX", "Opera GX"),
    ("Opera", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("Samsung Internet", "Samsung Internet"),
    ("YaBrowser", "Yandex Browser"),
    ("DuckDuckGo", "DuckDuckGo"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Google Chrome", "Chrome"),
    ("Chromium", "Chromium"),
];

/// Marks in a User-Agent, the particular before the general: most browsers claim to be several others.
const MARKS: [(&str, &str); 31] = [
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("Edge/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPX/", "Opera GX"),
    ("OPiOS/", "Opera"),
    ("Opera", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("Brave/", "Brave"),
    ("UCBrowser/", "UC Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("Silk/", "Silk"),
    ("Ecosia", "Ecosia"),
    ("Focus/", "Firefox Focus"),
    ("FxiOS/", "Firefox"),
    ("SeaMonkey/", "SeaMonkey"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("GSA/", "Google app"),
    ("Epiphany/", "GNOME Web"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("MSIE ", "Internet Explorer"),
    ("Trident/", "Internet Explorer"),
];

/// Programs that speak HTTP for themselves.
const PROGRAMS: [(&str, &str); 13] = [
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("python-requests/", "Python"),
    ("python-httpx/", "Python"),
    ("Python-urllib/", "Python"),
    ("aiohttp/", "Python"),
    ("Go-http-client/", "Go"),
    ("okhttp/", "OkHttp"),
    ("axios/", "Node.js"),
    ("node", "Node.js"),
    ("undici", "Node.js"),
    ("PostmanRuntime/", "Postman"),
    ("Java/", "Java"),
];

/// The name of a browser, from what it says of itself. What it does not say stays empty.
pub fn agent(user_agent: &str, hints: &Hints<'_>) -> Agent {
    let text = cut(user_agent, MAX_USER_AGENT);
    if let Some(program) = program(text) {
        return Agent { browser: program, kind: FormFactor::Program, ..Agent::default() };
    }
    let os = platform(hints).or_else(|| system(text)).unwrap_or_default();
    let browser = brand(hints).or_else(|| browser(text, os)).unwrap_or_default();
    Agent { browser: browser.to_owned(), os: os.to_owned(), model: model(text, hints), kind: form(text, os, hints) }
}

fn program(text: &str) -> Option<String> {
    if let Some((_, name)) = PROGRAMS.iter().find(|(mark, _)| text.starts_with(mark)) {
        return Some((*name).to_owned());
    }
    let known = woothee::parser::Parser::new().parse(text).filter(|found| found.category == "crawler");
    match known.map(|found| found.name) {
        // The names are those of its own closed list.
        Some(name) if !matches!(name, "" | "UNKNOWN") => Some(name.to_owned()),
        Some(_) => Some("bot".to_owned()),
        None => text.contains("HeadlessChrome/").then(|| "Headless Chrome".to_owned()),
    }
}

fn brand(hints: &Hints<'_>) -> Option<&'static str> {
    let named = brands_in(cut(hints.brands?, MAX_HINT));
    BRANDS.iter().find(|(brand, _)| named.contains(brand)).map(|(_, name)| *name)
}

/// The quoted names of a `Sec-CH-UA` list (RFC 8941 §3.1), without their versions.
fn brands_in(list: &str) -> Vec<&str> {
    list.split(',').filter_map(|item| item.trim().strip_prefix('"')?.split_once('"').map(|(name, _)| name)).collect()
}

fn browser(text: &str, os: &str) -> Option<&'static str> {
    if let Some((_, name)) = MARKS.iter().find(|(mark, _)| text.contains(mark)) {
        return Some(name);
    }
    if text.contains("AppleWebKit/") && matches!(os, "macOS" | "iOS" | "iPadOS") {
        return Some("Safari");
    }
    let found = woothee::parser::Parser::new().parse(text)?;
    match found.name {
        "Firefox" => Some("Firefox"),
        "Safari" => Some("Safari"),
        "Chrome" => Some("Chrome"),
        "Opera" => Some("Opera"),
        "Internet Explorer" => Some("Internet Explorer"),
        _ => None,
    }
}

fn platform(hints: &Hints<'_>) -> Option<&'static str> {
    match cut(hints.platform?, MAX_HINT).trim().trim_matches('"') {
        "Windows" => Some("Windows"),
        "macOS" | "Mac OS X" => Some("macOS"),
        "Linux" => Some("Linux"),
        "Android" => Some("Android"),
        "Chrome OS" | "Chromium OS" | "ChromeOS" => Some("ChromeOS"),
        "iOS" => Some("iOS"),
        _ => None,
    }
}

fn system(text: &str) -> Option<&'static str> {
    // The order matters: an Android says Linux, an iPhone "like Mac OS X", a Windows Phone all of them.
    const SYSTEMS: [(&str, &str); 16] = [
        ("Windows Phone", "Windows Phone"),
        ("Windows", "Windows"),
        ("iPad", "iPadOS"),
        ("iPhone", "iOS"),
        ("iPod", "iOS"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Macintosh", "macOS"),
        ("Mac OS X", "macOS"),
        ("KAIOS", "KaiOS"),
        ("Tizen", "Tizen"),
        ("Web0S", "webOS"),
        ("Linux", "Linux"),
        ("FreeBSD", "FreeBSD"),
        ("OpenBSD", "OpenBSD"),
        ("X11", "Unix"),
    ];
    SYSTEMS.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

/// The model: what the hint names, or Apple's, whose browsers name it in the User-Agent.
fn model(text: &str, hints: &Hints<'_>) -> String {
    let hinted = hints.model.map(|model| clean_model(cut(model, MAX_HINT))).unwrap_or_default();
    if !hinted.is_empty() {
        return hinted;
    }
    ["iPhone", "iPad", "iPod"].into_iter().find(|model| text.contains(model)).unwrap_or_default().to_owned()
}

fn clean_model(model: &str) -> String {
    let needed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')' | '+' | '/');
    let kept: String = model.chars().filter(needed).take(MAX_MODEL).collect();
    let name = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    // "K" is what Chrome says instead of a model when it tells none.
    if name == "K" { String::new() } else { name }
}

fn form(text: &str, os: &str, hints: &Hints<'_>) -> FormFactor {
    let mobile = match hints.mobile.map(str::trim) {
        Some("?1") => true,
        Some("?0") => false,
        _ => text.contains("Mobile") || text.contains("Mobi/"),
    };
    match os {
        "iPadOS" => FormFactor::Tablet,
        "iOS" | "Windows Phone" | "KaiOS" => FormFactor::Phone,
        "Android" | "Tizen" if mobile => FormFactor::Phone,
        "Android" => FormFactor::Tablet,
        "Windows" | "macOS" | "Linux" | "ChromeOS" | "FreeBSD" | "OpenBSD" | "Unix" => FormFactor::Desktop,
        _ if mobile => FormFactor::Phone,
        _ => FormFactor::Unknown,
    }
}

/// The beginning of a text, at most so many bytes, never half a character.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
