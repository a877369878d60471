//! How many rows SQLite takes a table to have when it plans a statement.
//!
//! A statement is planned by what stands in `sqlite_stat1`. Counted rows would not do: what was counted when a table was small has it
//! searched from end to end when it has grown. Nor does it without: SQLite then takes a tenant to have ten rows of each kind, and looks at all of
//! them rather than into an index. So everything stands there as it is where it matters: a tenant has all the rows there are, and who
//! looks by more than the tenant looks for few of them.

use super::Conn;
use diesel::QueryResult;
use diesel::connection::{Connection, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

/// As many rows as there may be.
const ALL: i64 = 1_000_000;
/// Of what an index has of it that leaves most rows out: what waits, or is about somebody.
const WAITING: i64 = 10_000;
/// What one looks for.
const FEW: i64 = 10;

/// A row of `sqlite_stat1` (<https://sqlite.org/fileformat2.html#the_sqlite_stat1_table>).
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    tbl: String,
    #[diesel(sql_type = Text)]
    idx: String,
    #[diesel(sql_type = Text)]
    stat: String,
}

/// An index, as the schema tells it.
#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    tbl: String,
    #[diesel(sql_type = Text)]
    idx: String,
    #[diesel(sql_type = Bool)]
    is_unique: bool,
    #[diesel(sql_type = Bool)]
    is_partial: bool,
    #[diesel(sql_type = BigInt)]
    columns: i64,
    #[diesel(sql_type = Bool)]
    by_tenant: bool,
}

impl Index {
    /// All rows; then, for each column, how many have the same value there and in those before it.
    fn count(self) -> Count {
        let all = if self.is_partial { WAITING } else { ALL };
        let rows = (1..=self.columns).map(|columns| match columns {
            _ if columns == self.columns && self.is_unique => 1,
            1 if self.by_tenant => all,
            _ => FEW,
        });
        let stat = std::iter::once(all).chain(rows).map(|rows| rows.to_string()).collect::<Vec<_>>().join(" ");
        Count { tbl: self.tbl, idx: self.idx, stat }
    }
}

const INDEXES: &str = "SELECT tables.name AS tbl, indexes.name AS idx, indexes.\"unique\" AS is_unique, \
    indexes.partial AS is_partial, (SELECT count(*) FROM pragma_index_info(indexes.name)) AS columns, \
    EXISTS (SELECT * FROM pragma_index_info(indexes.name) WHERE seqno = 0 AND name = 'tenant_id') AS by_tenant \
    FROM sqlite_schema AS tables JOIN pragma_index_list(tables.name) AS indexes \
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' ORDER BY tbl, idx";

/// Writes them down, unless they stand there. All connections plan by them from then on: the table is made anew, and whoever has the
/// schema reads it again.
pub(crate) fn plant(conn: &mut Conn) -> QueryResult<()> {
    let indexes: Vec<Index> = diesel::sql_query(INDEXES).load(conn)?;
    let counts: Vec<Count> = indexes.into_iter().map(Index::count).collect();
    if present(conn)? == counts {
        return Ok(());
    }
    conn.transaction(|conn| {
        uproot(conn)?;
        // It looks at no table, and makes the one that the counts stand in.
        conn.batch_execute("ANALYZE sqlite_schema")?;
        for Count { tbl, idx, stat } in counts {
            let row = diesel::sql_query("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)");
            row.bind::<Text, _>(tbl).bind::<Text, _>(idx).bind::<Text, _>(stat).execute(conn)?;
        }
        Ok(())
    })
}

/// Takes away whatever was counted.
pub(crate) fn uproot(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("DROP TABLE IF EXISTS sqlite_stat1")
}

fn present(conn: &mut Conn) -> QueryResult<Vec<Count>> {
    let table =
        diesel::sql_query("SELECT name AS tbl, '' AS idx, '' AS stat FROM sqlite_schema WHERE name = 'sqlite_stat1'");
    if table.load::<Count>(conn)?.is_empty() {
        return Ok(Vec::new());
    }
    diesel::sql_query("SELECT tbl, coalesce(idx, '') AS idx, stat FROM sqlite_stat1 ORDER BY tbl, idx").load(conn)
}
