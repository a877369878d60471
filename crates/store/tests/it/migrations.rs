//! Migrations go up and down, and up again.

use crate::place::{Place, migrations};
use crate::stories;
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
