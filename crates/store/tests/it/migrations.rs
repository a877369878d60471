//! Migrations go up and down, and up again.

use crate::place::{NOW, Place, migrations};
use crate::stories;
use base::Id;
use std::time::Duration;
use store::model::{Sink, Tenant};
use store::{Store, StoreSettings};

stories! {
    migrations_go_down_and_up_again,
    servers_that_start_at_once_migrate_once,
    what_waited_in_the_event_s_own_row_still_waits,
}

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

/// Step 25 gives what waits a table of its own.
async fn what_waited_in_the_event_s_own_row_still_waits(at: &Place) {
    at.store.revert_migrations().await.unwrap();
    at.store.migrate_up_to("0024").await.unwrap();
    let (origin, name) = ("https://id.one.example".parse().unwrap(), "Example".to_owned());
    let tenant = Tenant { id: at.tenant, origin, name, set_up_at: None, created_at: NOW };
    assert!(at.store.add_tenant(&tenant).await.unwrap());
    let (told, news, urgent, stranger, delivery) = (at.id(), at.id(), at.id(), at.id(), at.id());
    let moment = if at.is_sqlite() { "1" } else { "to_timestamp(1)" };
    let of = |id: Id, account: Option<Id>, relayed: &str, priority: i32| {
        let account = account.map_or_else(|| "NULL".to_owned(), |id| at.literal(id));
        format!(
            "INSERT INTO events (tenant_id, id, account_id, agent, kind, event, at, relayed_at, priority) VALUES ({}, {}, {account},
            '{{\"browser\":\"\",\"os\":\"\",\"model\":\"\",\"kind\":\"desktop\"}}', 'profile.changed', '{{\"kind\":\"profile.changed\",\"data\":{{}}}}', {moment}, {relayed}, {priority});",
            at.literal(at.tenant),
            at.literal(id)
        )
    };
    let events = [
        of(stranger, None, "NULL", 20),
        of(news, Some(at.id()), "NULL", 0),
        of(told, Some(at.id()), moment, 0),
        of(urgent, Some(at.id()), "NULL", 20),
    ];
    at.run(&events.concat()).await;
    let made = format!(
        "INSERT INTO deliveries (id, tenant_id, event_id, sink, target, state, priority, attempts, first_due_at, due_at, expires_at)
        VALUES ({}, {}, {}, 'push', 'a', 'pending', 0, 0, {moment}, {moment}, {moment})",
        at.literal(delivery),
        at.literal(at.tenant),
        at.literal(told)
    );
    at.run(&made).await;
    assert_eq!(at.store.migrate().await.unwrap(), 3);
    let claimed = at.store.claim_deliveries(Sink::Push, 9, NOW, Duration::ZERO).await.unwrap();
    assert_eq!(claimed.iter().map(|one| (one.id, one.event)).collect::<Vec<_>>(), [(delivery, told)]);
    let mut tx = at.store.begin_across().await.unwrap();
    let waiting: Vec<Id> = tx.take_events(9).await.unwrap().iter().map(|event| event.id).collect();
    assert_eq!(waiting, [urgent, news, stranger]);
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
