//! Ways back: one at a time, finished or stopped once, told of once, and cleared away when they count no more.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use base::Id;
use identity::Recovery;
use identity::recovery::WINDOW;
use tokio::task::JoinSet;

stories! {
    a_way_back_is_read_as_it_was_written_and_by_its_tenant_alone,
    an_account_has_one_that_is_open,
    of_stops_and_ends_at_once_one_wins,
    it_ends_only_within_its_time,
    what_is_due_is_told_once,
    it_goes_long_after_it_counts_no_more,
}

async fn account(at: &Place) -> Id {
    at.signed_in().await.0.id
}

fn begun(at: &Place, account: Id) -> Recovery {
    let place = Some(identity::Place { city: None, country: "NO".to_owned(), position: None });
    Recovery::begin(at.id(), account, (at.agent(), place), NOW, 72 * HOUR)
}

async fn insert(at: &Place, recovery: &Recovery) {
    let mut tx = at.begin().await;
    tx.insert_recovery(recovery).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_way_back_is_read_as_it_was_written_and_by_its_tenant_alone(at: &Place) {
    let account = account(at).await;
    let recovery = begun(at, account);
    insert(at, &recovery).await;
    let mut read = at.read().await;
    assert_eq!(read.find_recovery(recovery.id).await.unwrap().as_ref(), Some(&recovery));
    assert_eq!(read.find_open_recovery(account).await.unwrap().as_ref(), Some(&recovery));
    assert_eq!(read.list_recoveries(account, NOW).await.unwrap(), std::slice::from_ref(&recovery));
    assert_eq!(read.list_recoveries(account, NOW.plus(HOUR)).await.unwrap(), []);
    let mut other = at.store.read(at.other).await.unwrap();
    assert_eq!(other.find_recovery(recovery.id).await.unwrap(), None);
    assert_eq!(other.list_recoveries(account, NOW).await.unwrap(), []);
    assert_eq!(other.due_recoveries(NOW.plus(WINDOW), 9).await.unwrap(), []);
}

async fn an_account_has_one_that_is_open(at: &Place) {
    let account = account(at).await;
    let first = begun(at, account);
    insert(at, &first).await;
    assert!(at.begin().await.insert_recovery(&begun(at, account)).await.is_err());
    let mut tx = at.begin().await;
    assert!(tx.stop_recovery(first.id, NOW).await.unwrap());
    let second = begun(at, account);
    tx.insert_recovery(&second).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    assert_eq!(read.find_open_recovery(account).await.unwrap().map(|open| open.id), Some(second.id));
    assert_eq!(read.list_recoveries(account, NOW).await.unwrap().len(), 2, "the stopped one is remembered");
}

async fn of_stops_and_ends_at_once_one_wins(at: &Place) {
    let account = account(at).await;
    let recovery = begun(at, account);
    insert(at, &recovery).await;
    let mut all = JoinSet::new();
    for n in 0..32 {
        let (store, tenant, id, now) = (at.store.clone(), at.tenant, recovery.id, recovery.ready_at);
        all.spawn(async move {
            let mut tx = store.begin(tenant).await.unwrap();
            let stops = n % 2 == 0;
            let won = if stops { tx.stop_recovery(id, now).await } else { tx.finish_recovery(id, now).await };
            tx.commit().await.unwrap();
            won.unwrap().then_some(stops)
        });
    }
    let won: Vec<bool> = all.join_all().await.into_iter().flatten().collect();
    let found = at.read().await.find_recovery(recovery.id).await.unwrap().unwrap();
    assert_eq!(won.len(), 1);
    assert_eq!((found.stopped_at.is_some(), found.finished_at.is_some()), (won[0], !won[0]));
}

async fn it_ends_only_within_its_time(at: &Place) {
    let account = account(at).await;
    let recovery = begun(at, account);
    insert(at, &recovery).await;
    let mut tx = at.begin().await;
    assert!(!tx.finish_recovery(recovery.id, recovery.ready_at.minus(HOUR)).await.unwrap());
    assert!(!tx.finish_recovery(recovery.id, recovery.expires_at).await.unwrap());
    assert!(tx.finish_recovery(recovery.id, recovery.ready_at).await.unwrap());
    assert!(!tx.finish_recovery(recovery.id, recovery.ready_at).await.unwrap());
    assert!(!tx.stop_recovery(recovery.id, recovery.ready_at).await.unwrap());
}

async fn what_is_due_is_told_once(at: &Place) {
    let account = account(at).await;
    let recovery = begun(at, account);
    insert(at, &recovery).await;
    let mut read = at.read().await;
    let due = recovery.due_at;
    assert_eq!(read.due_recoveries(NOW.plus(47 * HOUR), 9).await.unwrap(), []);
    assert_eq!(read.due_recoveries(NOW.plus(48 * HOUR), 9).await.unwrap(), std::slice::from_ref(&recovery));
    let mut tx = at.begin().await;
    assert!(tx.recovery_told(recovery.id, due, Some(recovery.ready_at)).await.unwrap());
    assert!(!tx.recovery_told(recovery.id, due, Some(recovery.ready_at)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(read.due_recoveries(NOW.plus(48 * HOUR), 9).await.unwrap(), []);
    assert_eq!(read.due_recoveries(recovery.ready_at, 9).await.unwrap().len(), 1);
    let mut tx = at.begin().await;
    assert!(tx.stop_recovery(recovery.id, NOW).await.unwrap());
    assert!(!tx.recovery_told(recovery.id, Some(recovery.ready_at), None).await.unwrap(), "it is over");
    tx.commit().await.unwrap();
    assert_eq!(read.due_recoveries(recovery.ready_at, 9).await.unwrap(), []);
}

async fn it_goes_long_after_it_counts_no_more(at: &Place) {
    let account = account(at).await;
    let recovery = begun(at, account);
    insert(at, &recovery).await;
    at.store.purge(recovery.started_at.plus(WINDOW)).await.unwrap();
    assert!(at.read().await.find_recovery(recovery.id).await.unwrap().is_some());
    at.store.purge(recovery.expires_at.plus(91 * 24 * HOUR)).await.unwrap();
    assert!(at.read().await.find_recovery(recovery.id).await.unwrap().is_none());
}
