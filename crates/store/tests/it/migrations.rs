//! Migrations go up and down, and up again.

use crate::place::{Place, migrations};
use crate::stories;
use std::time::Duration;
use store::{Store, StoreSettings};

stories! { migrations_go_down_and_up_again, servers_that_start_at_once_migrate_once }

async fn migrations_go_down_and_up_again(at: &Place) {
    at.signed_in().await;
    assert_eq!(at.store.migrate().await.unwrap(), 0);
    assert_eq!(at.store.revert_migrations().await.unwrap(), migrations());
    assert!(at.store.tenants().await.is_err());
    assert_eq!(at.store.migrate().await.unwrap(), migrations());
    assert!(at.store.tenants().await.unwrap().is_empty());
}

async fn servers_that_start_at_once_migrate_once(at: &Place) {
    assert_eq!(at.store.revert_migrations().await.unwrap(), migrations());
    let shared = StoreSettings { shared: true, ..StoreSettings::default() };
    let second = Store::open(&at.url, shared).await.unwrap();
    let (one, two) = tokio::join!(at.store.migrate(), second.migrate());
    assert_eq!(one.unwrap() + two.unwrap(), migrations());
    second.close().await;
}

/// As a backup reads, for as long as it takes, while a server of the version before lets people in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_behind_a_migration_that_waits_for_a_table() {
    let Some(at) = Place::postgres().await else { return };
    at.store.revert_migrations().await.unwrap();
    at.store.migrate_up_to("0023").await.unwrap();
    let (url, store) = (at.url.clone(), at.store.clone());
    let read = "BEGIN; LOCK TABLE flows IN ACCESS SHARE MODE; SELECT pg_sleep(3); COMMIT";
    let backup = tokio::spawn(async move { crate::place::run(&url, read).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let migration = tokio::spawn(async move { store.migrate().await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    crate::place::run(&at.url, "DELETE FROM flows").await;
    assert!(!backup.is_finished(), "it went through between two tries");
    backup.await.unwrap();
    assert!(migration.await.unwrap().unwrap() >= 1);
    assert!(at.store.condition().await.unwrap().unknown.is_empty());
    at.leave().await;
}

/// A command beside a server that is just starting: in truth side by side, as processes are.
#[tokio::test]
async fn commands_that_start_at_once_migrate_a_file_once() {
    let at = Place::sqlite().await;
    assert_eq!(at.store.revert_migrations().await.unwrap(), migrations());
    let start = std::sync::Arc::new(std::sync::Barrier::new(4));
    let command = || {
        let (url, start) = (at.url.clone(), start.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let shared = StoreSettings { shared: true, ..StoreSettings::default() };
                let store = Store::open(&url, shared).await.unwrap();
                start.wait();
                let steps = store.migrate().await.unwrap();
                store.close().await;
                steps
            })
        })
    };
    let commands: Vec<_> = (0..4).map(|_| command()).collect();
    let steps: usize = commands.into_iter().map(|command| command.join().unwrap()).sum();
    assert_eq!(steps, migrations());
}
