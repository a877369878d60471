//! How many rows a table has, and a sum over them that does not depend on their order, or on which database they lie in.

use super::{BATCH, CarryError, Progress};
use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::Store;
use store::carry::{Kind, Layout, Table};

/// Over the rows of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    /// How many there are.
    pub rows: u64,
    /// The sum of their SHA-256, in four parts.
    pub digest: [u64; 4],
}

/// Over all tables, by name.
pub type Sums = BTreeMap<String, Sum>;

impl Sum {
    /// Adds a row. `false` when it is none of the table's.
    pub fn add(&mut self, table: &Table, row: &str) -> bool {
        let Some(digest) = digest(table, row) else { return false };
        self.rows = self.rows.saturating_add(1);
        for (part, bytes) in self.digest.iter_mut().zip(digest.as_chunks::<8>().0) {
            *part = part.wrapping_add(u64::from_be_bytes(*bytes));
        }
        true
    }
}

/// Two databases write the same document in different ways: what counts is what it says.
fn digest(table: &Table, row: &str) -> Option<[u8; 32]> {
    let members: Map<String, Value> = serde_json::from_str(row).ok()?;
    if members.len() != table.columns.len() {
        return None;
    }
    let mut context = Context::new(&SHA256);
    context.update(table.name.as_bytes());
    for column in &table.columns {
        context.update(column.name.as_bytes());
        match (column.kind, members.get(&column.name)?) {
            (Kind::Json, Value::String(text)) => absorb(&mut context, &serde_json::from_str(text).ok()?),
            (_, value) => absorb(&mut context, value),
        }
    }
    context.finish().as_ref().try_into().ok()
}

fn absorb(context: &mut Context, value: &Value) {
    match value {
        Value::Null => context.update(b"n"),
        Value::Bool(yes) => context.update(if *yes { b"t" } else { b"f" }),
        Value::Number(number) => text(context, b'#', &number.to_string()),
        Value::String(words) => text(context, b'"', words),
        Value::Array(items) => {
            context.update(b"[");
            items.iter().for_each(|item| absorb(context, item));
            context.update(b"]");
        }
        Value::Object(members) => {
            context.update(b"{");
            for (name, member) in members.iter().collect::<BTreeMap<_, _>>() {
                text(context, b':', name);
                absorb(context, member);
            }
            context.update(b"}");
        }
    }
}

/// With its length, so that two texts are not the same as one.
fn text(context: &mut Context, kind: u8, words: &str) {
    context.update(&[kind]);
    context.update(words.len().to_string().as_bytes());
    context.update(b" ");
    context.update(words.as_bytes());
}

/// Reads every row of a database once.
///
/// # Errors
/// [`CarryError`] of the database, or of `each`.
pub(super) async fn each_row(
    store: &Store,
    layout: &Layout,
    mut each: impl AsyncFnMut(&Table, &[String]) -> Result<(), CarryError>,
    progress: Progress<'_>,
) -> Result<Sums, CarryError> {
    let mut snapshot = store.snapshot().await?;
    let mut sums = Sums::new();
    for table in &layout.tables {
        let mut sum = Sum::default();
        let mut after: Option<String> = None;
        loop {
            let rows = snapshot.rows(table, after.as_deref(), BATCH).await?;
            if !rows.iter().all(|row| sum.add(table, row)) {
                return Err(CarryError::Damaged(format!("a row of {} can't be read", table.name)));
            }
            each(table, &rows).await?;
            let last = rows.len() < BATCH;
            after = rows.into_iter().next_back();
            if last {
                break;
            }
        }
        progress(&table.name, sum.rows);
        sums.insert(table.name.clone(), sum);
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::carry::Column;

    fn sum(rows: &[&str]) -> Sum {
        let column = |name: &str, kind| Column { name: name.into(), kind };
        let columns = vec![column("id", Kind::Uid), column("data", Kind::Json)];
        let table = Table { name: "things".into(), key: vec!["id".into()], columns };
        let mut sum = Sum::default();
        assert!(rows.iter().all(|row| sum.add(&table, row)));
        sum
    }

    #[test]
    fn what_rows_say_counts_and_neither_their_order_nor_how_they_are_written() {
        let rows = [r#"{"id":"01","data":"{\"a\":1,\"b\":[true,null]}"}"#, r#"{"id":"02","data":null}"#];
        let written = [r#"{"data":null,"id":"02"}"#, r#"{"id":"01", "data":"{\"b\": [true, null], \"a\": 1}"}"#];
        assert_eq!(sum(&rows), sum(&written));
        assert_eq!(sum(&rows).rows, 2);
        for other in [
            r#"{"id":"03","data":null}"#,
            r#"{"id":"02","data":"null"}"#,
            r#"{"id":"02","data":"\"\""}"#,
            r#"{"id":null,"data":"2"}"#,
        ] {
            let changed = sum(&[rows[0], other]);
            // A document that says nothing is not the same as none, but to whoever reads it.
            assert_eq!(changed == sum(&rows), other.contains("\"null\""), "{other}");
        }
        assert_ne!(sum(&rows[..1]), sum(&rows));
        assert_ne!(sum(&[rows[0], rows[0]]), sum(&rows[..1]));
    }

    #[test]
    fn what_is_no_row_of_the_table_is_not_counted() {
        let table =
            Table { name: "things".into(), key: vec![], columns: vec![Column { name: "id".into(), kind: Kind::Uid }] };
        for bad in ["", "[]", "{}", r#"{"id":"01","more":1}"#, r#"{"other":"01"}"#] {
            assert!(!Sum::default().add(&table, bad), "{bad}");
        }
    }
}
