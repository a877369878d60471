//! The file: one server, and what was answered is in it.

use crate::place::{NOW, Place};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use store::{Store, StoreSettings};

#[tokio::test]
async fn a_second_server_is_refused_and_told_why() {
    let at = Place::sqlite().await;
    let refused = Store::open(&at.url, StoreSettings::default()).await.err().unwrap().to_string();
    assert!(refused.contains("another server is using") && refused.contains("test.db"), "{refused}");
    at.begin().await.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_may_visit_beside_a_server() {
    let at = Place::sqlite().await;
    let visit = Store::open(&at.url, StoreSettings { shared: true, ..StoreSettings::default() }).await.unwrap();
    for i in 0..20 {
        let (one, two) = (at.account(&format!("a{i}@example.com")), at.account(&format!("b{i}@example.com")));
        let server = async {
            let mut tx = at.begin().await;
            tx.insert_account(&one).await.unwrap();
            tx.commit().await.unwrap();
        };
        let visitor = async {
            let mut tx = visit.begin(at.tenant).await.unwrap();
            tx.insert_account(&two).await.unwrap();
            tx.commit().await.unwrap();
        };
        tokio::join!(server, visitor);
    }
    assert_eq!(at.read().await.count_accounts().await.unwrap(), 40);
}

#[tokio::test]
async fn what_was_answered_is_there_after_reopening_without_a_close() {
    let dir = tempfile::tempdir().unwrap();
    let at = Place::sqlite().await;
    let account = at.account("jane@example.com");
    let mut tx = at.begin().await;
    tx.insert_account(&account).await.unwrap();
    tx.commit().await.unwrap();
    let mut open = at.begin().await;
    open.insert_account(&at.account("never@example.com")).await.unwrap();
    // A crash keeps the files as they are at this moment, with the log that is not folded in yet.
    let from = std::path::Path::new(at.url.strip_prefix("sqlite:").unwrap());
    let copy = dir.path().join("copy.db");
    for end in ["", "-wal"] {
        let name = |path: &std::path::Path| format!("{}{end}", path.display());
        std::fs::copy(name(from), name(&copy)).unwrap();
    }
    let store = Store::open(&format!("sqlite:{}", copy.display()), StoreSettings::default()).await.unwrap();
    let mut read = store.read(at.tenant).await.unwrap();
    assert_eq!(read.find_account(account.id).await.unwrap().unwrap(), account);
    assert_eq!(read.count_accounts().await.unwrap(), 1);
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

#[tokio::test]
async fn rows_that_somebody_has_counted_plan_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("test.db").display().to_string();
    let url = format!("sqlite:{file}");
    let open = async |settings| {
        let store = Store::open(&url, settings).await.unwrap();
        store.migrate().await.unwrap();
        store.close().await;
    };
    open(StoreSettings::default()).await;
    let somebody = |said: &str| SqliteConnection::establish(&file).unwrap().batch_execute(said).unwrap();
    let plan = |conn: &mut SqliteConnection| -> String {
        // What is explained alone is not run, and only who runs something sees that the schema is another.
        conn.batch_execute("SELECT * FROM grants LIMIT 1").unwrap();
        let update = "EXPLAIN QUERY PLAN UPDATE grants SET revoked_at = 1 WHERE tenant_id = 1 AND session_id = 2";
        diesel::sql_query(update).get_result::<Step>(conn).unwrap().detail
    };
    let by_session = "SEARCH grants USING INDEX grants_of_session (tenant_id=? AND session_id=?)";
    for said in ["DROP TABLE sqlite_stat1", "DELETE FROM sqlite_stat1"] {
        somebody(said);
        // A connection that is there all the time, as the server's own are.
        let mut conn = SqliteConnection::establish(&file).unwrap();
        let all = plan(&mut conn);
        assert!(all.ends_with("(tenant_id=?)"), "all of a tenant's rows are looked at: {all}, after {said}");
        open(StoreSettings::default()).await;
        assert_eq!(plan(&mut conn), by_session, "at once, also for those who were there before");
    }
    // Few rows, counted.
    somebody("ANALYZE; UPDATE sqlite_stat1 SET stat = '1 1 1'");
    open(StoreSettings { shared: true, ..StoreSettings::default() }).await;
    assert_eq!(plan(&mut SqliteConnection::establish(&file).unwrap()), by_session);
}

#[tokio::test]
async fn a_store_that_is_dropped_lets_go_of_its_file() {
    let at = Place::sqlite().await;
    let (url, tenant) = (at.url.clone(), at.tenant);
    let Place { store, _dir, .. } = at;
    let tx = store.begin(tenant).await.unwrap();
    drop(store);
    assert!(Store::open(&url, StoreSettings::default()).await.is_err(), "a transaction still holds it");
    drop(tx);
    let again = Store::open(&url, StoreSettings::default()).await.unwrap();
    assert_eq!(again.tenants().await.unwrap()[0].created_at, NOW);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let at = Place::sqlite().await;
    at.signed_in().await;
    for end in ["", "-wal", "-shm"] {
        let path = format!("{}{end}", at.url.strip_prefix("sqlite:").unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path}");
    }
}

#[tokio::test]
async fn a_url_of_another_kind_is_refused() {
    let refused = Store::open("mysql://localhost/x", StoreSettings::default()).await.err().unwrap().to_string();
    assert!(refused.contains("sqlite:") && refused.contains("postgres://"), "{refused}");
}

/// Versions before it can lose a commit in a rare race between a checkpoint and a restart of the log.
#[test]
fn the_bundled_sqlite_is_not_too_old() {
    const { assert!(libsqlite3_sys::SQLITE_VERSION_NUMBER >= 3_051_003) };
}

/// What the next test kills. It tells of every account that was answered for.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Ok(url) = std::env::var("STORE_TEST_WRITE_TO") else { return };
    let store = Store::open(&url, StoreSettings::default()).await.unwrap();
    let tenant: base::Id = std::env::var("STORE_TEST_TENANT").unwrap().parse().unwrap();
    for writer in 0..8 {
        let store = store.clone();
        tokio::spawn(async move {
            for i in 0.. {
                // Those that wait for no disk outlive the program as well.
                let begun = if writer % 2 == 0 { store.begin(tenant) } else { store.begin_unsynced(tenant) };
                let mut tx = begun.await.unwrap();
                let account = sample(&format!("w{writer}-{i}@example.com"));
                tx.insert_account(&account).await.unwrap();
                tx.commit().await.unwrap();
                println!("kept {}", account.id);
            }
        });
    }
    std::future::pending().await
}

fn sample(email: &str) -> identity::Account {
    identity::Account {
        id: base::Id::at(NOW, &base::Rng::system()),
        email: email.parse().unwrap(),
        email_verified_at: NOW,
        details: identity::Details::default(),
        attributes: identity::Attributes::default(),
        name: String::new(),
        status: identity::AccountStatus::Active,
        role: identity::Role::User,
        phone: None,
        locale: None,
        time_zone: None,
        push_offer_declined: false,
        enrol_by: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    use std::io::{BufRead, BufReader};
    let at = Place::sqlite().await;
    let Place { store, url, tenant, _dir, .. } = at;
    store.close().await;
    drop(store);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite::writes_until_it_is_killed", "--nocapture"])
        .env("STORE_TEST_WRITE_TO", &url)
        .env("STORE_TEST_TENANT", tenant.to_string())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut kept: Vec<base::Id> = Vec::new();
    while kept.len() < 300 {
        let line = lines.next().expect("the child writes");
        kept.extend(line.strip_prefix("kept ").and_then(|id| id.parse::<base::Id>().ok()));
    }
    child.kill().unwrap();
    kept.extend(lines.filter_map(|line| line.strip_prefix("kept ")?.parse::<base::Id>().ok()));
    child.wait().unwrap();
    let store = Store::open(&url, StoreSettings::default()).await.unwrap();
    let mut read = store.read(tenant).await.unwrap();
    for id in kept {
        assert!(read.find_account(id).await.unwrap().is_some(), "{id}");
    }
}
