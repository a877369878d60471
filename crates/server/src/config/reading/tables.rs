//! Sections of which there can be several: `[[upstream]]`, each told apart by its `key`.

use super::{Place, Reader, Toml, key_span, nearest, read_text, to_json};
use crate::config::ConfigError;
use crate::config::providers;
use serde_json::{Map, Value as Json};
use std::ops::Range;
use toml_edit::Item;

impl Reader {
    /// Whether there can be several sections of that name.
    pub(super) fn is_list(&self, section: &str) -> bool {
        self.tree.get(section).is_some_and(Json::is_array)
    }

    /// Reads every table of a list.
    pub(super) fn tables(&mut self, section: &str, item: &Item, at: &dyn Fn(Option<Range<usize>>) -> Place) {
        let tables = match item {
            Item::ArrayOfTables(tables) => tables,
            Item::Value(Toml::Array(_)) | Item::Value(_) | Item::Table(_) | Item::None => {
                let what = format!("write [[{section}]], with two brackets, and its keys below: one table for each");
                self.errors.push(ConfigError { place: at(item.span()), key: section.to_owned(), what });
                return;
            }
        };
        for table in tables.iter() {
            let index = self.add(section, at(table.span()));
            for (key, item) in table.iter() {
                let place = at(key_span(table, key));
                self.set_in(section, index, (key, to_json(item)), place);
            }
            self.name(section, index, at(table.span()));
        }
    }

    /// A variable of the environment: `WATCHBELL_UPSTREAM__GOOGLE__CLIENT_SECRET`, or with `_FILE` at its end. A
    /// table that the file does not have begins with its first variable.
    pub(super) fn entry_of_environment(&mut self, section: &str, rest: &str, (name, value): (&str, &str)) {
        let place = Place::Environment(name.to_owned());
        let Some((entry, field)) = rest.split_once("__").map(|(entry, field)| (entry.replace('_', "-"), field)) else {
            let section = section.to_ascii_uppercase();
            let what = format!("name the table and its key: WATCHBELL_{section}__GOOGLE__CLIENT_SECRET");
            self.errors.push(ConfigError { place, key: section.to_ascii_lowercase(), what });
            return;
        };
        let found = self.entries(section).iter().position(|one| one.get("key").is_some_and(|key| *key == *entry));
        let index = found.unwrap_or_else(|| {
            let index = self.add(section, place.clone());
            self.set_in(section, index, ("key", Json::String(entry.clone())), place.clone());
            self.name(section, index, place.clone());
            index
        });
        let from_file = field.strip_suffix("_file").filter(|inner| template().contains_key(*inner));
        let (field, text) = match from_file.map(|inner| (inner, std::fs::read_to_string(value))) {
            Some((inner, Ok(text))) => (inner, text.trim_end_matches(['\r', '\n']).to_owned()),
            Some((inner, Err(e))) => {
                let what = format!("the file {value} can't be read: {e}");
                self.errors.push(ConfigError { place, key: format!("{section}.{entry}.{inner}"), what });
                return;
            }
            None => (field, value.to_owned()),
        };
        let json = read_text(template().get(field), &text);
        self.set_in(section, index, (field, json), place);
        self.name(section, index, Place::Environment(name.to_owned()));
    }

    fn entries(&self, section: &str) -> Vec<Json> {
        self.tree.get(section).and_then(Json::as_array).cloned().unwrap_or_default()
    }

    fn add(&mut self, section: &str, place: Place) -> usize {
        let index = self.entries(section).len();
        self.change(format!("{section}.{index}"), place, "", |tree| {
            if let Some(list) = tree.get_mut(section).and_then(Json::as_array_mut) {
                list.push(Json::Object(template()));
            }
        });
        index
    }

    fn set_in(&mut self, section: &str, index: usize, (key, value): (&str, Json), place: Place) {
        let name = format!("{section}.{index}.{key}");
        if !template().contains_key(key) {
            let known: Vec<String> = template().keys().cloned().collect();
            let what = format!("there is no such key in [[{section}]]{}", nearest(key, &known));
            self.errors.push(ConfigError { place, key: format!("{section}.{key}"), what });
            return;
        }
        self.change(name, place, "", |tree| {
            let entry = tree.get_mut(section).and_then(|list| list.get_mut(index));
            if let Some(slot) = entry.and_then(|entry| entry.get_mut(key)) {
                *slot = value;
            }
        });
    }

    /// Lets the settings of a table be found by its key: `upstream.google.issuer`, and the table as a whole as
    /// `upstream.google`.
    fn name(&mut self, section: &str, index: usize, place: Place) {
        let entries = self.entries(section);
        let Some(key) = entries.get(index).and_then(|entry| entry.get("key")).and_then(Json::as_str) else { return };
        let (by_number, by_key) = (format!("{section}.{index}."), format!("{section}.{key}."));
        let renamed: Vec<_> = self
            .places
            .iter()
            .filter_map(|(name, place)| Some((format!("{by_key}{}", name.strip_prefix(&by_number)?), place.clone())))
            .collect();
        self.places.extend(renamed);
        self.places.entry(format!("{section}.{key}")).or_insert(place);
    }
}

/// A table in which nothing is set, with every key that it can have.
fn template() -> Map<String, Json> {
    match serde_json::to_value(providers::Provider::default()) {
        Ok(Json::Object(keys)) => keys,
        _ => Map::new(),
    }
}

/// A table's keys, for those who show all of them.
#[cfg(test)]
pub(in crate::config) fn keys_of_a_table() -> Vec<String> {
    template().keys().cloned().collect()
}
