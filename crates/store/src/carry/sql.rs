//! The statements, for each database.

use super::layout::{Column, Kind, Table};

/// Whose SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Pg,
    Sqlite,
}

impl Dialect {
    /// Reads rows in the order of their key, each as one text. With `after`, those behind the row that is bound.
    pub(super) fn read(self, table: &Table, after: bool, limit: usize) -> String {
        let members = list(&table.columns, |column| format!("'{}', {}", column.name, self.out(column)));
        let object = match self {
            Self::Pg => format!("json_build_object({members})::text"),
            Self::Sqlite => format!("json_object({members})"),
        };
        let keys: Vec<_> = table.columns.iter().filter(|column| table.key.contains(&column.name)).collect();
        let names = list(&keys, |column| quoted(&column.name));
        let source = match self {
            Self::Pg => "$1::jsonb",
            Self::Sqlite => "?1",
        };
        let behind = match after {
            true => format!("WHERE ({names}) > ({})", list(&keys, |column| self.value(column, source))),
            false => String::new(),
        };
        let name = quoted(&table.name);
        format!("SELECT {object} AS told FROM {name} {behind} ORDER BY {names} LIMIT {limit}")
    }

    /// Writes the rows of a bound array; those that are there already stay as they are.
    pub(super) fn write(self, table: &Table) -> String {
        let names = list(&table.columns, |column| quoted(&column.name));
        let name = quoted(&table.name);
        match self {
            Self::Pg => {
                let values = list(&table.columns, |column| self.value(column, "told"));
                format!(
                    "INSERT INTO {name} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} \
                     FROM jsonb_array_elements($1::jsonb) AS rows (told) ON CONFLICT DO NOTHING"
                )
            }
            Self::Sqlite => {
                let values = list(&table.columns, |column| self.value(column, "rows.value"));
                format!(
                    "INSERT INTO {name} ({names}) SELECT {values} FROM json_each(?1) AS rows WHERE true \
                     ON CONFLICT DO NOTHING"
                )
            }
        }
    }

    /// A column as a member of the row.
    fn out(self, column: &Column) -> String {
        let name = quoted(&column.name);
        match (self, column.kind) {
            (Self::Pg, Kind::Uid) => format!("replace({name}::text, '-', '')"),
            (Self::Pg, Kind::Moment) => format!("(extract(epoch FROM {name}) * 1000000)::bigint"),
            (Self::Pg, Kind::Json) => format!("{name}::text"),
            (Self::Pg, Kind::Binary) => format!("encode({name}, 'hex')"),
            (Self::Pg, Kind::Bool) => format!("{name}::int"),
            // Its hex of nothing is an empty text.
            (Self::Sqlite, Kind::Uid | Kind::Binary) => {
                format!("CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END")
            }
            (_, Kind::Text | Kind::Whole) | (Self::Sqlite, Kind::Moment | Kind::Json | Kind::Bool) => name,
        }
    }

    /// A member of the row as the value of a column.
    fn value(self, column: &Column, row: &str) -> String {
        let name = &column.name;
        match self {
            Self::Pg => {
                let text = format!("({row} ->> '{name}')");
                match column.kind {
                    Kind::Uid => format!("{text}::uuid"),
                    Kind::Moment => format!("('epoch'::timestamptz + {text}::bigint * interval '1 microsecond')"),
                    Kind::Json => format!("{text}::jsonb"),
                    Kind::Text => text,
                    Kind::Binary => format!("decode({text}, 'hex')"),
                    Kind::Bool => format!("{text}::int::bool"),
                    Kind::Whole => format!("{text}::bigint"),
                }
            }
            Self::Sqlite => {
                let value = format!("json_extract({row}, '$.{name}')");
                match column.kind {
                    Kind::Uid | Kind::Binary => format!("unhex({value})"),
                    Kind::Moment | Kind::Json | Kind::Text | Kind::Bool | Kind::Whole => value,
                }
            }
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn list<T>(items: &[T], write: impl Fn(&T) -> String) -> String {
    items.iter().map(write).collect::<Vec<_>>().join(", ")
}
