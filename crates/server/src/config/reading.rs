//! Reads file and environment, and says for every mistake where it stands and what to write instead.

mod tables;

#[cfg(test)]
pub(super) use tables::keys_of_a_table;

use super::{Config, rules};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml_edit::{Document, Item, TableLike, Value as Toml};

/// Where a setting was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the file, at this line (the first is 1).
    File {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
    },
    /// In this environment variable.
    Environment(String),
    /// Nowhere: it has its default.
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Default => f.write_str("not set"),
        }
    }
}

/// One mistake in the configuration: where, which key, what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {key}{}{what}", if key.is_empty() { "" } else { ": " })]
pub(crate) struct ConfigError {
    /// Where it stands.
    pub place: Place,
    /// The key with its section, as in `server.listen`; empty when the text as a whole can't be read.
    pub key: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// A configuration that was read, and where each of its settings was made.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    /// The settings.
    pub config: Config,
    /// The file, when there was one.
    pub file: Option<PathBuf>,
    places: BTreeMap<String, Place>,
}

impl Loaded {
    /// Where a setting was made.
    pub(crate) fn place(&self, key: &str) -> Place {
        self.places.get(key).cloned().unwrap_or(Place::Default)
    }

    /// A mistake about one setting, at its place.
    pub(crate) fn error(&self, key: &str, what: impl Into<String>) -> ConfigError {
        ConfigError { place: self.place(key), key: key.to_owned(), what: what.into() }
    }
}

/// Variables of the environment that are no settings of a section.
const OTHER_VARIABLES: [&str; 2] = ["WATCHBELL_CONFIG", "WATCHBELL_MASTER_KEY"];
/// Variables that this project's tests read, and that a server which they start inherits.
const OF_TESTS: [&str; 4] = ["WATCHBELL_BIN", "WATCHBELL_CHROMIUM", "WATCHBELL_FIREFOX", "WATCHBELL_WRITE_SCHEMA"];
const OF_TESTS_PREFIX: &str = "WATCHBELL_TEST_";
const PREFIX: &str = "WATCHBELL_";

/// Reads the configuration: `defaults`, above them the file, above that the environment.
///
/// # Errors
/// Every mistake that was found, in the order of the file.
pub(crate) fn load(
    defaults: &Config,
    file: Option<&Path>,
    environment: &[(String, String)],
) -> Result<Loaded, Vec<ConfigError>> {
    let mut reader = Reader::new(defaults);
    if let Some(path) = file {
        match std::fs::read_to_string(path) {
            Ok(text) => reader.file(path, &text),
            Err(e) => reader.errors.push(ConfigError {
                place: Place::File { path: path.to_owned(), line: 1 },
                key: String::new(),
                what: format!("the file can't be read: {e}"),
            }),
        }
    }
    reader.environment(environment);
    let loaded = Loaded { config: reader.config, file: file.map(Path::to_owned), places: reader.places };
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let errors = rules::broken(&loaded);
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

struct Reader {
    config: Config,
    tree: Json,
    places: BTreeMap<String, Place>,
    errors: Vec<ConfigError>,
}

impl Reader {
    fn new(defaults: &Config) -> Self {
        let tree = serde_json::to_value(defaults).unwrap_or_default();
        Self { config: defaults.clone(), tree, places: BTreeMap::new(), errors: Vec::new() }
    }

    fn file(&mut self, path: &Path, text: &str) {
        let at = |span: Option<Range<usize>>| Place::File { path: path.to_owned(), line: line_of(text, span) };
        let document = match Document::parse(text) {
            Ok(document) => document,
            Err(e) => {
                let what = format!("not TOML: {}", e.message().trim().replace('\n', ", "));
                return self.errors.push(ConfigError { place: at(e.span()), key: String::new(), what });
            }
        };
        let root = document.as_table();
        for (section, item) in root.iter() {
            let place = at(key_span(root, section));
            if self.is_list(section) {
                self.tables(section, item, &at);
                continue;
            }
            let Some(table) = item.as_table_like() else {
                let what = self.unknown_top(section);
                self.errors.push(ConfigError { place, key: section.to_owned(), what });
                continue;
            };
            if self.keys_of(section).is_empty() {
                let what = format!("there is no section [{section}]{}", nearest(section, &self.sections()));
                self.errors.push(ConfigError { place, key: section.to_owned(), what });
                continue;
            }
            for (key, item) in table.iter() {
                let place = at(key_span(table, key));
                if self.keys_of(section).iter().any(|known| known == key) {
                    self.set(section, key, to_json(item), place);
                } else {
                    let what = self.unknown(section, key);
                    self.errors.push(ConfigError { place, key: format!("{section}.{key}"), what });
                }
            }
        }
    }

    fn environment(&mut self, environment: &[(String, String)]) {
        let mut variables: Vec<_> = environment.iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        variables.sort();
        for (name, value) in variables {
            let rest = name.strip_prefix(PREFIX).unwrap_or_default();
            let place = Place::Environment(name.clone());
            let Some((section, key)) = rest.split_once("__") else {
                self.no_section(name, value);
                continue;
            };
            let (section, key) = (section.to_ascii_lowercase(), key.to_ascii_lowercase());
            if self.is_list(&section) {
                self.entry_of_environment(&section, &key, (name, value));
                continue;
            }
            let keys = self.keys_of(&section);
            if keys.contains(&key) {
                let json = read_text(self.value_of(&section, &key), value);
                self.set(&section, &key, json, place);
                continue;
            }
            // Orchestrators hand secrets over as files: …__SMTP_URL_FILE names a file with the value.
            let inner = key.strip_suffix("_file").filter(|inner| keys.iter().any(|known| known == inner));
            match inner.map(|inner| (inner, std::fs::read_to_string(value))) {
                Some((inner, Ok(text))) => {
                    let json = read_text(self.value_of(&section, inner), text.trim_end_matches(['\r', '\n']));
                    self.set(&section, inner, json, place);
                }
                Some((inner, Err(e))) => {
                    let what = format!("the file {value} can't be read: {e}");
                    self.errors.push(ConfigError { place, key: format!("{section}.{inner}"), what });
                }
                None => {
                    let what = format!("there is no such setting{}", nearest(name, &self.variables()));
                    self.errors.push(ConfigError { place, key: format!("{section}.{key}"), what });
                }
            }
        }
    }

    /// A variable without two underscores sets nothing, which would go unnoticed. Kubernetes' own are let pass.
    fn no_section(&mut self, name: &str, value: &str) {
        let of_tests = OF_TESTS.contains(&name) || name.starts_with(OF_TESTS_PREFIX);
        if OTHER_VARIABLES.contains(&name) || of_tests || is_of_kubernetes(name, value) {
            return;
        }
        let variables = self.variables();
        let rest = name.strip_prefix(PREFIX).unwrap_or_default();
        let of_key = |known: &&String| known.split_once("__").is_some_and(|(_, key)| key == rest);
        let what = if let Some(meant) = variables.iter().find(|known| known.replace("__", "_") == name) {
            format!("write two underscores after the section: {meant}")
        } else if let Some(meant) = variables.iter().find(of_key) {
            format!("there is no such setting; did you mean {meant}?")
        } else {
            let known: Vec<_> = OTHER_VARIABLES.iter().map(ToString::to_string).chain(variables).collect();
            let near = known.iter().min_by_key(|known| strsim::damerau_levenshtein(name, known));
            let near = near.map(|near| format!("; the nearest name is {near}")).unwrap_or_default();
            format!("there is no such setting: they are named {PREFIX}SECTION__KEY{near}")
        };
        self.errors.push(ConfigError { place: Place::Environment(name.to_owned()), key: String::new(), what });
    }

    /// Tries a value on its own, so that a mistake is told at its own place and all are told at once.
    fn set(&mut self, section: &str, key: &str, value: Json, place: Place) {
        let change = |tree: &mut Json| {
            if let Some(slot) = tree.get_mut(section).and_then(|s| s.get_mut(key)) {
                *slot = value;
            }
        };
        let default = self.default_of(section, key);
        self.change(format!("{section}.{key}"), place, &default, change);
    }

    /// Changes the tree, if it is a configuration afterwards.
    fn change(&mut self, name: String, place: Place, default: &str, change: impl FnOnce(&mut Json)) {
        let mut trial = self.tree.clone();
        change(&mut trial);
        match Config::deserialize(&trial) {
            Ok(config) => {
                self.config = config;
                self.tree = trial;
                self.places.insert(name, place);
            }
            Err(e) => {
                let what = format!("{}{default}", plain(&e.to_string()));
                self.errors.push(ConfigError { place, key: name, what });
            }
        }
    }

    fn value_of(&self, section: &str, key: &str) -> Option<&Json> {
        self.tree.get(section).and_then(|s| s.get(key))
    }

    fn unknown(&self, section: &str, key: &str) -> String {
        match self.sections_with(key) {
            Some(others) => format!("there is no such key in [{section}]; it belongs in {others}"),
            None => format!("there is no such key in [{section}]{}", nearest(key, &self.keys_of(section))),
        }
    }

    fn unknown_top(&self, key: &str) -> String {
        if self.sections().iter().any(|section| section == key) {
            return format!("expected a section: write [{key}] and its keys below");
        }
        match self.sections_with(key) {
            Some(sections) => format!("it belongs below {sections}"),
            None => format!("there is no such section{}", nearest(key, &self.sections())),
        }
    }

    /// The sections that know a key, as a sentence names them: more than one may.
    fn sections_with(&self, key: &str) -> Option<String> {
        let knows = |section: &String| self.keys_of(section).iter().any(|known| known == key);
        let named: Vec<_> = self.sections().into_iter().filter(knows).map(|section| format!("[{section}]")).collect();
        (!named.is_empty()).then(|| named.join(" or "))
    }

    fn default_of(&self, section: &str, key: &str) -> String {
        let default = serde_json::to_value(Config::default()).unwrap_or_default();
        match default.get(section).and_then(|s| s.get(key)) {
            Some(Json::String(text)) => format!(" (the default is \"{text}\")"),
            Some(value @ (Json::Number(_) | Json::Bool(_))) => format!(" (the default is {value})"),
            _ => String::new(),
        }
    }

    fn sections(&self) -> Vec<String> {
        self.tree.as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default()
    }

    fn keys_of(&self, section: &str) -> Vec<String> {
        let table = self.tree.get(section).and_then(Json::as_object);
        table.map(|o| o.keys().cloned().collect()).unwrap_or_default()
    }

    fn variables(&self) -> Vec<String> {
        let name = |section: &str, key: &str| format!("{PREFIX}{section}__{key}").to_ascii_uppercase();
        let sections = self.sections();
        sections.iter().flat_map(|s| self.keys_of(s).into_iter().map(move |key| name(s, &key))).collect()
    }
}

/// A variable's text as the kind of value that its key takes. A list is `a,b` or `["a", "b"]`.
fn read_text(present: Option<&Json>, text: &str) -> Json {
    let parsed = || text.trim().parse::<Toml>().ok().map(|value| value_to_json(&value));
    match present {
        Some(Json::Array(_)) if text.trim_start().starts_with('[') => parsed().unwrap_or(Json::Null),
        Some(Json::Array(_)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Json::Array(parts.map(|part| Json::String(part.to_owned())).collect())
        }
        Some(Json::Number(_) | Json::Bool(_)) => parsed().unwrap_or_else(|| Json::String(text.to_owned())),
        _ => Json::String(text.to_owned()),
    }
}

/// Whether Kubernetes set this variable for a service whose name begins with "watchbell": `…_SERVICE_HOST`,
/// `…_SERVICE_PORT`, `…_SERVICE_PORT_HTTP`, `…_PORT=tcp://10.0.0.1:80`, `…_PORT_80_TCP_ADDR`.
fn is_of_kubernetes(name: &str, value: &str) -> bool {
    let has_scheme = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    let of_port = |(_, rest): (&str, &str)| {
        let mut parts = rest.split('_');
        parts.next().is_some_and(|port| port.parse::<u16>().is_ok())
            && parts.next().is_some_and(|protocol| ["TCP", "UDP", "SCTP"].contains(&protocol))
    };
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && has_scheme)
        || name.split_once("_PORT_").is_some_and(of_port)
}

fn nearest(name: &str, known: &[String]) -> String {
    let best = known.iter().map(|k| (strsim::damerau_levenshtein(name, k), k)).min();
    match best {
        Some((distance, best)) if distance <= (name.len() / 3).max(2) => format!("; did you mean {best}?"),
        _ if known.len() <= 14 => format!("; there are {}", known.join(", ")),
        _ => String::new(),
    }
}

/// A sentence about types in words that stand in no programming language.
fn plain(message: &str) -> String {
    let words = [
        ("expected u16", "expected a whole number from 0 to 65535"),
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected usize", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list like [\"…\", \"…\"]"),
        ("expected a string", "expected text in quotes"),
        ("expected path string", "expected a path in quotes"),
        ("expected a boolean", "expected true or false"),
        ("expected socket address", "expected an address and port like \"127.0.0.1:8080\""),
        ("invalid socket address syntax", "expected an address and port like 127.0.0.1:8080"),
        ("invalid IP address syntax", "expected a network like 10.0.0.0/8"),
        ("invalid type: ", "found "),
        ("invalid value: ", "found "),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let before = text.get(..span.map_or(0, |s| s.start)).unwrap_or(text);
    before.matches('\n').count() + 1
}

fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.get_key_value(key).and_then(|(key, item)| key.span().or_else(|| item.span()))
}

fn to_json(item: &Item) -> Json {
    match item {
        Item::Value(value) => value_to_json(value),
        Item::Table(table) => Json::Object(table.iter().map(|(k, v)| (k.to_owned(), to_json(v))).collect()),
        Item::ArrayOfTables(_) | Item::None => Json::Null,
    }
}

fn value_to_json(value: &Toml) -> Json {
    match value {
        Toml::String(text) => Json::String(text.value().clone()),
        Toml::Integer(number) => Json::from(*number.value()),
        Toml::Float(number) => Json::from(*number.value()),
        Toml::Boolean(truth) => Json::Bool(*truth.value()),
        Toml::Datetime(moment) => Json::String(moment.value().to_string()),
        Toml::Array(array) => Json::Array(array.iter().map(value_to_json).collect()),
        Toml::InlineTable(table) => Json::Object(table.iter().map(|(k, v)| (k.to_owned(), value_to_json(v))).collect()),
    }
}
