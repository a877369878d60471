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
