//! What a backup carries is all that there is.

use crate::place::Place;
use crate::stories;
use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel::{Connection, SqliteConnection};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use std::collections::BTreeSet;
use store::carry::Layout;

stories! { every_column_of_every_table_is_carried }

/// Beside the installation's own row, which is carried by itself, and the list of migrations.
const SQLITE: &str = "SELECT m.name || '.' || c.name AS told FROM sqlite_master m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT IN ('installation', '__diesel_schema_migrations')";
const POSTGRES: &str = "SELECT table_name || '.' || column_name AS told FROM information_schema.columns \
    WHERE table_schema = 'public' AND table_name NOT IN ('installation', '__diesel_schema_migrations')";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    told: String,
}

async fn every_column_of_every_table_is_carried(at: &Place) {
    let found: Vec<Found> = match at.url.strip_prefix("sqlite:") {
        Some(file) => {
            let mut conn = <SqliteConnection as Connection>::establish(file).unwrap();
            diesel::RunQueryDsl::load(diesel::sql_query(SQLITE), &mut conn).unwrap()
        }
        None => {
            let mut conn = AsyncPgConnection::establish(&at.url).await.unwrap();
            diesel::sql_query(POSTGRES).load(&mut conn).await.unwrap()
        }
    };
    let there: BTreeSet<_> = found.into_iter().map(|found| found.told).collect();
    let tables = Layout::current().tables;
    let named = |table: &store::carry::Table| {
        table.columns.iter().map(|column| format!("{}.{}", table.name, column.name)).collect::<Vec<_>>()
    };
    let carried: BTreeSet<_> = tables.iter().flat_map(named).collect();
    assert_eq!(carried, there);
}
