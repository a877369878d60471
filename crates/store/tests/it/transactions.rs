//! A transaction is all or nothing, and blocks nobody when it is dropped.

use crate::place::{NOW, Place};
use crate::stories;
use std::time::Duration;
use tokio::task::JoinSet;

stories! {
    a_dropped_transaction_leaves_nothing_and_blocks_nobody,
    a_cancelled_transaction_leaves_nothing_and_blocks_nobody,
    what_is_not_committed_is_not_seen,
    many_commits_at_once_are_all_kept,
    some_drop_while_others_commit,
    after_a_fault_a_transaction_keeps_nothing,
    who_waits_too_long_is_told_to_come_again,
    the_relay_is_woken_after_the_commit_and_not_before,
    a_transaction_over_all_tenants_chooses_one_first,
    a_closed_store_begins_nothing,
}

const SOON: Duration = Duration::from_millis(1500);

async fn a_dropped_transaction_leaves_nothing_and_blocks_nobody(at: &Place) {
    let account = at.account("jane@example.com");
    let mut tx = at.begin().await;
    assert!(tx.insert_account(&account).await.unwrap());
    drop(tx);
    assert!(at.read().await.find_account(account.id).await.unwrap().is_none());
    let mut tx = tokio::time::timeout(SOON, at.begin()).await.unwrap();
    assert!(tokio::time::timeout(SOON, tx.insert_account(&account)).await.unwrap().unwrap());
    tx.commit().await.unwrap();
    assert!(at.read().await.find_account(account.id).await.unwrap().is_some());
}

async fn a_cancelled_transaction_leaves_nothing_and_blocks_nobody(at: &Place) {
    let account = at.account("jane@example.com");
    for wait in [0, 1, 2, 5, 20] {
        let cancelled = tokio::time::timeout(Duration::from_millis(wait), async {
            let mut tx = at.begin().await;
            loop {
                tx.insert_account(&at.account(&format!("{}@example.com", at.id()))).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        let _: Result<(), _> = cancelled.await;
    }
    assert_eq!(at.read().await.count_accounts().await.unwrap(), 0);
    let mut tx = tokio::time::timeout(SOON, at.begin()).await.unwrap();
    assert!(tokio::time::timeout(SOON, tx.insert_account(&account)).await.unwrap().unwrap());
}

async fn what_is_not_committed_is_not_seen(at: &Place) {
    let account = at.account("jane@example.com");
    let mut tx = at.begin().await;
    tx.insert_account(&account).await.unwrap();
    assert!(tx.find_account(account.id).await.unwrap().is_some());
    assert!(at.read().await.find_account(account.id).await.unwrap().is_none());
    tx.commit().await.unwrap();
    assert!(at.read().await.find_account(account.id).await.unwrap().is_some());
}

async fn many_commits_at_once_are_all_kept(at: &Place) {
    let mut all = JoinSet::new();
    for i in 0..200 {
        let (store, tenant, account) = (at.store.clone(), at.tenant, at.account(&format!("p{i}@example.com")));
        all.spawn(async move {
            let mut tx = store.begin(tenant).await.unwrap();
            assert!(tx.insert_account(&account).await.unwrap());
            tx.commit().await.unwrap();
            // Answered means kept, and seen by everybody.
            assert!(store.read(tenant).await.unwrap().find_account(account.id).await.unwrap().is_some());
        });
    }
    all.join_all().await;
    assert_eq!(at.read().await.count_accounts().await.unwrap(), 200);
}

async fn some_drop_while_others_commit(at: &Place) {
    let mut all = JoinSet::new();
    for i in 0..120 {
        let (store, tenant, account) = (at.store.clone(), at.tenant, at.account(&format!("p{i}@example.com")));
        all.spawn(async move {
            let mut tx = store.begin(tenant).await.unwrap();
            assert!(tx.insert_account(&account).await.unwrap());
            if i % 3 == 0 {
                drop(tx);
            } else {
                tx.commit().await.unwrap();
            }
            let kept = store.read(tenant).await.unwrap().find_account(account.id).await.unwrap().is_some();
            assert_eq!(kept, i % 3 != 0);
        });
    }
    all.join_all().await;
    assert_eq!(at.read().await.count_accounts().await.unwrap(), 80);
}

async fn after_a_fault_a_transaction_keeps_nothing(at: &Place) {
    let account = at.account("jane@example.com");
    let mut tx = at.begin().await;
    assert!(tx.insert_account(&account).await.unwrap());
    // A device of an account that does not exist.
    assert!(tx.insert_device(&at.device(at.id())).await.is_err());
    assert!(tx.find_account(account.id).await.is_err());
    assert!(tx.commit().await.is_err());
    assert!(at.read().await.find_account(account.id).await.unwrap().is_none());
}

async fn who_waits_too_long_is_told_to_come_again(at: &Place) {
    let mut held = Vec::new();
    let fault = loop {
        match at.store.begin(at.tenant).await {
            Ok(tx) => held.push(tx),
            Err(fault) => break fault,
        }
    };
    assert!(fault.is_busy(), "{fault}");
    assert_eq!(held.len(), if at.is_sqlite() { 1 } else { 16 });
    drop(held);
    at.begin().await.commit().await.unwrap();
}

async fn the_relay_is_woken_after_the_commit_and_not_before(at: &Place) {
    let signal = at.store.events_signal();
    let quiet = Duration::from_millis(50);
    at.begin().await.commit().await.unwrap();
    let mut tx = at.begin().await;
    tx.emit(&at.event(at.id())).await.unwrap();
    assert!(tokio::time::timeout(quiet, signal.notified()).await.is_err(), "nothing is committed yet");
    tx.commit().await.unwrap();
    tokio::time::timeout(SOON, signal.notified()).await.unwrap();
    let mut tx = at.begin().await;
    tx.emit(&at.event(at.id())).await.unwrap();
    drop(tx);
    assert!(tokio::time::timeout(quiet, signal.notified()).await.is_err(), "nothing was kept");
}

async fn a_transaction_over_all_tenants_chooses_one_first(at: &Place) {
    let account = at.account("jane@example.com");
    let mut tx = at.store.begin_across().await.unwrap();
    assert!(tx.count_accounts().await.is_err());
    assert!(tx.for_tenant(at.other).insert_account(&account).await.unwrap());
    assert_eq!(tx.for_tenant(at.tenant).count_accounts().await.unwrap(), 0);
    tx.commit().await.unwrap();
    let mut other = at.store.read(at.other).await.unwrap();
    assert_eq!(other.find_account(account.id).await.unwrap().unwrap().created_at, NOW);
}

async fn a_closed_store_begins_nothing(at: &Place) {
    at.store.check().await.unwrap();
    at.store.close().await;
    assert!(at.store.begin(at.tenant).await.is_err());
}
