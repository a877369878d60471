//! Which tables there are, with which columns.

use crate::schema::{
    accounts, changes, clients, consents, counters, credentials, deliveries, devices, events, events_to_relay, flows,
    grants, identities, initial_tokens, keys, lockdowns, own_scopes, passwords, polls, preference_revisions,
    preferences, recoveries, recovery_codes, revoked_tokens, sessions, single_uses, subscriptions, tenants, totps,
};
use crate::types::sql;
use diesel::sql_types::is_nullable::NotNull;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, SqlType, Text};
use diesel::{Expression, Table as _};
use serde::{Deserialize, Serialize};

/// What lies in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An id: 32 hex digits.
    Uid,
    /// Microseconds since 1970.
    Moment,
    /// A JSON document, as text.
    Json,
    /// Text.
    Text,
    /// Bytes in hex.
    Binary,
    /// 0 or 1.
    Bool,
    /// A whole number.
    Whole,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What lies in it.
    pub kind: Kind,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns of its primary key.
    pub key: Vec<String>,
    /// All its columns.
    pub columns: Vec<Column>,
}

/// The tables of one version, each after those that it refers to. The installation's own row is not among them: it makes a
/// database one that can be used, and comes last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The newest migration in it.
    pub migration: String,
    /// The tables.
    pub tables: Vec<Table>,
}

/// A layout that no version of ours has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadLayout(String);

/// The most columns of a table, and the most tables.
const MANY: usize = 64;

impl Layout {
    /// That of this version.
    pub fn current() -> Self {
        Self { migration: crate::migrate::newest(), tables: tables() }
    }

    /// Whether a layout that was read can be asked for: its names become part of statements.
    ///
    /// # Errors
    /// [`BadLayout`] for names that are none, and for a version that is newer than this one.
    pub fn check(&self) -> Result<(), BadLayout> {
        let bad = |why: String| Err(BadLayout(why));
        let is_version = !self.migration.is_empty() && self.migration.bytes().all(|b| b.is_ascii_digit());
        if !is_version || self.migration > crate::migrate::newest() {
            return bad(format!("it has the tables of a newer version ({}): use that one", self.migration));
        }
        if self.tables.len() > MANY {
            return bad("it has too many tables".to_owned());
        }
        for table in &self.tables {
            let names = table.columns.iter().map(|column| &column.name).chain([&table.name]);
            let known = |key: &String| table.columns.iter().any(|column| column.name == *key);
            let whole = !table.key.is_empty() && table.key.iter().all(known) && table.columns.len() <= MANY;
            if !whole || !names.clone().all(|name| is_name(name)) {
                return bad(format!("it has a table that is none of ours: {:.40}", table.name));
            }
        }
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 63 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

trait Kinded {
    const KIND: Kind;
}

macro_rules! kinds {
    ($($sql:ty => $kind:ident),+ $(,)?) => { $(impl Kinded for $sql { const KIND: Kind = Kind::$kind; })+ };
}

kinds! {
    sql::Uid => Uid,
    sql::Moment => Moment,
    sql::Json => Json,
    Text => Text,
    Binary => Binary,
    Bool => Bool,
    Integer => Whole,
    BigInt => Whole,
}

impl<T: Kinded + SqlType<IsNull = NotNull>> Kinded for Nullable<T> {
    const KIND: Kind = T::KIND;
}

trait Columns {
    fn columns() -> Vec<Column>;
}

macro_rules! tuples {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> Columns for ($first, $($rest,)*)
        where
            $first: diesel::Column + Expression<SqlType: Kinded>,
            $($rest: diesel::Column + Expression<SqlType: Kinded>,)*
        {
            fn columns() -> Vec<Column> {
                vec![
                    Column { name: $first::NAME.to_owned(), kind: <$first as Expression>::SqlType::KIND },
                    $(Column { name: $rest::NAME.to_owned(), kind: <$rest as Expression>::SqlType::KIND },)*
                ]
            }
        }
        tuples! { $($rest)* }
    };
    () => {};
}

tuples! { A B C D E F G H I J K L M N O P Q R S T U V W X }

macro_rules! carried {
    ($($table:ident by $($key:ident)+;)+) => {
        vec![$(Table {
            name: stringify!($table).to_owned(),
            key: vec![$(<$table::$key as diesel::Column>::NAME.to_owned()),+],
            columns: columns_of(&$table::table::all_columns()),
        }),+]
    };
}

fn columns_of<T: Columns>(_: &T) -> Vec<Column> {
    T::columns()
}

fn tables() -> Vec<Table> {
    carried! {
        tenants by id;
        keys by tenant_id id;
        own_scopes by tenant_id name;
        clients by tenant_id id;
        initial_tokens by tenant_id id;
        accounts by tenant_id id;
        passwords by tenant_id account_id;
        devices by tenant_id id;
        sessions by tenant_id id;
        changes by tenant_id id;
        lockdowns by tenant_id account_id;
        credentials by tenant_id id;
        totps by tenant_id account_id;
        recovery_codes by tenant_id account_id hash;
        identities by tenant_id id;
        recoveries by tenant_id id;
        preference_revisions by tenant_id account_id;
        preferences by tenant_id account_id topic channel;
        subscriptions by tenant_id id;
        consents by tenant_id account_id client_id;
        grants by tenant_id id;
        revoked_tokens by tenant_id jti;
        flows by tenant_id id;
        polls by tenant_id id;
        single_uses by tenant_id hash;
        counters by tenant_id key;
        events by seq;
        events_to_relay by seq;
        deliveries by id;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_of_ours_can_be_asked_for_and_another_can_not() {
        let ours = Layout::current();
        assert_eq!(ours.check(), Ok(()));
        let tables = |change: &dyn Fn(&mut Table)| {
            let mut layout = ours.clone();
            layout.tables.truncate(1);
            layout.tables.iter_mut().for_each(change);
            layout.check()
        };
        assert_eq!(tables(&|_| {}), Ok(()));
        let changes: [&dyn Fn(&mut Table); 5] = [
            &|table: &mut Table| table.name = "tenants; DROP TABLE accounts".to_owned(),
            &|table: &mut Table| table.name = "Tenants".to_owned(),
            &|table: &mut Table| table.columns.iter_mut().for_each(|column| column.name = "a\" b".to_owned()),
            &|table: &mut Table| table.key.clear(),
            &|table: &mut Table| table.key = vec!["other".to_owned()],
        ];
        for change in changes {
            assert!(tables(change).is_err());
        }
        assert!(Layout { migration: "9999".to_owned(), ..ours.clone() }.check().is_err());
        assert!(Layout { migration: "1 OR 1".to_owned(), ..ours.clone() }.check().is_err());
        let read: Layout = serde_json::from_str(&serde_json::to_string(&ours).unwrap_or_default())
            .unwrap_or(Layout { migration: String::new(), tables: Vec::new() });
        assert_eq!(read, ours);
    }
}
