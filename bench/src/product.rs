//! A product as its TOML file describes it: where it is, and the flows that are performed on it.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A product.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    /// Its name in the table.
    pub(crate) name: String,
    /// Where to connect to: an address and a port.
    pub(crate) address: String,
    /// The `Host` header, where it is not the address.
    pub(crate) host: Option<String>,
    /// Headers of every request.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// Variables.
    #[serde(default)]
    pub(crate) vars: BTreeMap<String, String>,
    /// Who signs in.
    pub(crate) users: Users,
    /// What is performed.
    pub(crate) scenario: BTreeMap<String, Scenario>,
}

/// People, numbered from 0: `{{n}}` in the address.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Users {
    pub(crate) count: u32,
    pub(crate) login: Text,
    pub(crate) password: Text,
}

/// A flow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// Another one, whose steps are performed once on each connection before.
    pub(crate) setup: Option<String>,
    /// What each connection lays in before the clock starts, and uses up, one each time: then the clock stops.
    pub(crate) stock: Option<Stock>,
    /// A new browser each time.
    #[serde(default)]
    pub(crate) fresh_cookies: bool,
    pub(crate) steps: Vec<Step>,
}

/// Values that are used once each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stock {
    /// The scenario that makes one.
    pub(crate) of: String,
    /// The variable in which it saves it.
    pub(crate) variable: String,
    /// How many.
    pub(crate) count: usize,
}

/// A request, with the redirects that it leads to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) name: String,
    #[serde(default = "get")]
    pub(crate) method: String,
    pub(crate) path: Text,
    #[serde(default)]
    pub(crate) query: Vec<(String, Text)>,
    pub(crate) form: Option<Vec<(String, Text)>>,
    #[serde(default)]
    pub(crate) headers: Vec<(String, Text)>,
    /// Client id and secret.
    pub(crate) basic: Option<(Text, Text)>,
    pub(crate) bearer: Option<Text>,
    /// The status of the last answer.
    #[serde(default = "ok")]
    pub(crate) status: u16,
    /// What must be in its body.
    pub(crate) expect: Option<String>,
    /// Whether redirects are followed, until one begins so.
    pub(crate) follow_until: Option<Text>,
    /// What is kept of the answer.
    #[serde(default)]
    pub(crate) save: Vec<(String, Find)>,
}

fn get() -> String {
    "GET".to_owned()
}

const fn ok() -> u16 {
    200
}

/// Where a value stands in an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Find {
    /// In a member of the JSON, by its pointer.
    Json(String),
    /// In the body, between two texts.
    Between(String, String),
    /// In the query of the `Location`.
    LocationQuery(String),
}

/// A text with `{{variables}}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Text(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Plain(String),
    Variable(String),
}

/// Variables with their values.
pub(crate) type Variables = HashMap<String, String>;

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some((plain, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or_else(|| format!("{text}: {{{{ without }}}}"))?;
            parts.push(Part::Plain(plain.to_owned()));
            parts.push(Part::Variable(name.trim().to_owned()));
            rest = after;
        }
        parts.push(Part::Plain(rest.to_owned()));
        Ok(Self(parts))
    }
}

impl Text {
    /// The text with its variables filled in.
    pub(crate) fn fill(&self, variables: &Variables) -> Result<String> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Plain(text) => out.push_str(text),
                Part::Variable(name) => match variables.get(name) {
                    Some(value) => out.push_str(value),
                    None => bail!("there is no variable {name}"),
                },
            }
        }
        Ok(out)
    }
}

impl Product {
    /// Reads a product's file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// One of its scenarios.
    pub(crate) fn scenario(&self, name: &str) -> Result<&Scenario> {
        self.scenario.get(name).with_context(|| format!("{} has no scenario {name}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_performs_the_same() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("products");
        let products: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| Product::read(&entry.unwrap().path())).collect();
        let names: Vec<Vec<String>> =
            products.iter().map(|p| p.as_ref().unwrap().scenario.keys().cloned().collect()).collect();
        assert!(names.len() >= 2 && names.windows(2).all(|pair| pair[0] == pair[1]), "{names:?}");
    }

    #[test]
    fn variables_are_filled_in() {
        let text = Text::try_from("a{{ x }}c{{y}}".to_owned()).unwrap();
        let variables = Variables::from([("x".to_owned(), "b".to_owned())]);
        assert!(text.fill(&variables).unwrap_err().to_string().contains('y'));
        assert!(Text::try_from("{{x".to_owned()).is_err());
    }
}
