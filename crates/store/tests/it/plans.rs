//! How SQLite looks for rows: whatever a story asks is planned again beside it, and may not go through all rows of a tenant.

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection, set_default_instrumentation};
use diesel::prelude::*;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use store::{Store, StoreSettings};
use tokio::sync::OnceCell;

/// What goes through all on purpose.
const MAY: [&str; 8] = [
    // As far as is asked for, in the order in which it is told.
    "SCAN events_to_relay USING COVERING INDEX events_to_relay_in_order",
    // An operator's lists and numbers.
    "SEARCH accounts USING COVERING INDEX sqlite_autoindex_accounts_2 (tenant_id=?)",
    "SEARCH clients USING INDEX sqlite_autoindex_clients_1 (tenant_id=?)",
    // Apps that registered themselves and are used by nobody, once in a while.
    "SCAN clients",
    "SEARCH consents USING COVERING INDEX consents_of_client (tenant_id=?)",
    "SEARCH grants USING COVERING INDEX grants_of_client (tenant_id=?)",
    // There are few.
    "SCAN initial_tokens",
    "SCAN recoveries",
];

/// A step of a plan.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

/// A database with nothing in it but its layout, and what was asked before.
struct Reference {
    conn: SqliteConnection,
    known: HashSet<String>,
    _folder: tempfile::TempDir,
}

static REFERENCE: OnceCell<Mutex<Reference>> = OnceCell::const_new();

/// Looks at every statement from here on.
pub(crate) async fn watch() {
    REFERENCE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("test.db").display().to_string();
            let store = Store::open(&format!("sqlite:{file}"), StoreSettings::default()).await.unwrap();
            store.migrate().await.unwrap();
            store.close().await;
            let conn = SqliteConnection::establish(&file).unwrap();
            set_default_instrumentation(|| Some(Box::new(Watch))).unwrap();
            Mutex::new(Reference { conn, known: HashSet::new(), _folder: folder })
        })
        .await;
}

/// Foreign keys whose columns no index begins with, unless it leaves rows out.
const UNINDEXED: &str = "WITH keys AS (SELECT t.name AS tbl, f.id, f.\"from\" AS col, count(*) OVER (PARTITION BY t.name, f.id) AS columns
        FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table'),
    indexed AS (SELECT keys.tbl, keys.id FROM keys JOIN pragma_index_list(keys.tbl) AS i JOIN pragma_index_info(i.name) AS c
        ON c.name = keys.col AND c.seqno < keys.columns
        WHERE i.partial = 0 GROUP BY keys.tbl, keys.id, i.name HAVING count(*) = min(keys.columns))
    SELECT tbl || '.' || col AS detail FROM keys
        WHERE NOT EXISTS (SELECT * FROM indexed WHERE indexed.tbl = keys.tbl AND indexed.id = keys.id)";

#[tokio::test]
async fn what_goes_with_another_row_is_found_by_an_index() {
    watch().await;
    let mut reference = REFERENCE.get().unwrap().lock().unwrap_or_else(PoisonError::into_inner);
    let all: Vec<Step> = diesel::sql_query(UNINDEXED).load(&mut reference.conn).unwrap();
    assert_eq!(all.into_iter().map(|key| key.detail).collect::<Vec<_>>(), [""; 0]);
    let probe =
        "CREATE TABLE probe (id BLOB REFERENCES tenants (id), of BLOB REFERENCES accounts (id), UNIQUE (id, of));
        CREATE INDEX probe_of ON probe (of) WHERE id IS NULL";
    reference.conn.batch_execute(&format!("BEGIN; {probe}")).unwrap();
    let one: Vec<Step> = diesel::sql_query(UNINDEXED).load(&mut reference.conn).unwrap();
    reference.conn.batch_execute("ROLLBACK").unwrap();
    assert_eq!(one.into_iter().map(|key| key.detail).collect::<Vec<_>>(), ["probe.of"]);
}

struct Watch;

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        let text = query.to_string();
        let sql = text.split(" -- binds").next().unwrap_or_default();
        // PostgreSQL's have numbers there. What asks for nothing in particular is the installation's one row.
        if sql.contains('?') {
            look_at(sql);
        }
    }
}

fn look_at(sql: &str) {
    let Some(reference) = REFERENCE.get() else { return };
    let mut reference = reference.lock().unwrap_or_else(PoisonError::into_inner);
    if !reference.known.insert(sql.to_owned()) {
        return;
    }
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut reference.conn).unwrap();
    for Step { detail } in steps {
        assert!(!goes_through_all(&detail) || MAY.contains(&detail.as_str()), "{detail}, for {sql}");
    }
}

/// Whether a step looks at every row of a table, or at every one that a tenant has there.
fn goes_through_all(step: &str) -> bool {
    if let Some(table) = step.strip_prefix("SCAN ") {
        return !table.starts_with("CONSTANT") && !table.starts_with('(');
    }
    let Some((_, by)) = step.split_once('(') else { return false };
    let by = by.trim_end_matches(')');
    step.starts_with("SEARCH ") && by.split(" AND ").all(|one| one == "tenant_id=?" || one == "expires_at>?")
}
