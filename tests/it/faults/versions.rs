//! A newer version was here and has changed the tables: what it added is in nobody's way, and what it took away is missed at once.

use super::{Stage, usual};
use diesel::SqliteConnection;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::rc::Rc;
use std::time::Duration;
use store::carry::Layout;
use testkit::binary::{self, Binary};
use testkit::database::Place;
use testkit::house::Db;
use testkit::smtp::Postbox;

/// How a version writes down that it has taken a step.
const LATER: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";

/// Takes steps as a newer version does, beside whoever uses the database.
async fn change(url: &str, steps: Vec<String>) {
    let Some(file) = url.strip_prefix("sqlite:").map(str::to_owned) else {
        let mut conn = AsyncPgConnection::establish(url).await.unwrap();
        for step in steps {
            conn.batch_execute(&step).await.unwrap();
        }
        return;
    };
    let changed = tokio::task::spawn_blocking(move || {
        let mut conn = <SqliteConnection as diesel::Connection>::establish(&file).unwrap();
        for step in ["PRAGMA busy_timeout = 60000".to_owned()].iter().chain(&steps) {
            diesel::connection::SimpleConnection::batch_execute(&mut conn, step).unwrap();
        }
    });
    changed.await.unwrap();
}

/// A version that adds to each table, and has new ones.
fn widened() -> Vec<String> {
    let columns = ["later_word TEXT", "later_number INTEGER NOT NULL DEFAULT 0"];
    let tables = Layout::current().tables.into_iter();
    let mut steps: Vec<_> = tables
        .flat_map(|table| columns.map(|column| format!("ALTER TABLE {} ADD COLUMN {column}", table.name)))
        .collect();
    steps.push("CREATE TABLE later_things (id INTEGER PRIMARY KEY, what TEXT NOT NULL)".to_owned());
    steps.push("CREATE INDEX accounts_by_later_word ON accounts (later_word)".to_owned());
    steps.push(LATER.to_owned());
    steps
}

async fn is_widened(db: Db) {
    let place = Place::new(db).await;
    let url = place.url().to_owned();
    let mut stage = Stage::set(&url).await;
    let (troubles, acts) = (Rc::clone(&stage.town.troubles), Rc::clone(&stage.town.acts));
    stage
        .so_many(1, async |program: &mut Binary| {
            change(&url, widened()).await;
            let until = acts.get() + 150;
            while acts.get() < until && troubles.borrow().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert!(troubles.borrow().is_empty(), "{:?}", troubles.borrow());
            // Going back: this version starts where the newer one was.
            assert!(program.stop().await.success());
            program.start_again().await;
        })
        .await;
}

#[actix_web::test]
async fn nobody_notices_that_a_newer_version_adds_to_the_tables_on_sqlite() {
    is_widened(Db::Sqlite).await;
}

#[actix_web::test]
async fn nobody_notices_that_a_newer_version_adds_to_the_tables_on_postgres() {
    is_widened(Db::Postgres).await;
}

async fn is_narrowed(db: Db) {
    let (place, post) = (Place::new(db).await, Postbox::open().await);
    let settings = usual(&post, place.url());
    let mut program = Binary::dev_with(&settings).await;
    assert!(program.stop().await.success());
    let says = async |arguments: &[&str]| {
        let mut command = binary::command(arguments);
        command.arg("--data").arg(program.data()).envs(settings);
        let ended = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(!ended.status.success());
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    let names = [("name", "full_name"), ("locale", "language")];
    let renamed = names.map(|(from, to)| format!("ALTER TABLE accounts RENAME COLUMN {from} TO {to}"));
    change(place.url(), [&renamed[..], &[LATER.to_owned()]].concat()).await;
    for command in [&["dev", "--port", "0"][..], &["user", "list"], &["migrate"]] {
        let told = says(command).await;
        assert!(told.contains("(accounts.name, accounts.locale): run that version"), "{command:?}: {told}");
    }
    let back = names.map(|(from, to)| format!("ALTER TABLE accounts RENAME COLUMN {to} TO {from}"));
    change(place.url(), back.to_vec()).await;
    program.start_again().await;
    assert!(program.stop().await.success());
}

#[actix_web::test]
async fn who_lacks_what_a_newer_version_took_away_is_told_so_and_does_not_start_on_sqlite() {
    is_narrowed(Db::Sqlite).await;
}

#[actix_web::test]
async fn who_lacks_what_a_newer_version_took_away_is_told_so_and_does_not_start_on_postgres() {
    is_narrowed(Db::Postgres).await;
}
