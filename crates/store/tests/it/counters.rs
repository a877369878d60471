//! What is counted is found again, and nobody who counts at the same time is forgotten.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use base::{Id, SecretHash};
use identity::limit::Counter;
use std::time::Duration;
use store::{HeldCounters, Store};
use tokio::task::JoinSet;

stories! {
    counters_come_back_as_they_were,
    what_is_raised_is_raised_as_it_is_worked_out,
    what_is_held_is_saved_where_it_changed,
    counters_are_held_in_the_order_in_which_they_are_named,
    of_many_who_count_at_once_nobody_is_forgotten,
}

async fn counters_come_back_as_they_were(at: &Place) {
    let (key, unseen, never) = (at.hash(), at.hash(), at.hash());
    let mut tx = at.begin().await;
    assert_eq!(tx.lock_counter(key).await.unwrap(), Counter::default());
    tx.save_counter(key, &at.counter(), NOW).await.unwrap();
    tx.save_counter(unseen, &at.counter(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let mut found = at.read().await.find_counters(&[key, never, unseen]).await.unwrap();
    found.sort_by_key(|(key, _)| key.0);
    let mut expected = vec![(key, at.counter()), (unseen, at.counter())];
    expected.sort_by_key(|(key, _)| key.0);
    assert_eq!(found, expected);
    let mut tx = at.begin().await;
    assert_eq!(tx.lock_counter(key).await.unwrap(), at.counter());
    assert_eq!(tx.lock_counter(unseen).await.unwrap(), at.counter());

    let other = Counter { tries: 3, window_at: None, ..at.counter() };
    let mut many = vec![(key, at.counter()), (never, other)];
    tx.save_counters(&many, NOW).await.unwrap();
    many.push((at.hash(), Counter::default()));
    let mut held = tx.lock_counters(&[never, many[2].0, key]).await.unwrap();
    for found in [&mut held, &mut many] {
        found.sort_by_key(|(key, _)| key.0);
    }
    assert_eq!(held, many, "saved ones and one that was never counted");
    drop(tx);
    let left = at.read().await.find_counters(&[never]).await.unwrap();
    assert!(left.is_empty(), "what was not committed was not counted");
}

async fn what_is_raised_is_raised_as_it_is_worked_out(at: &Place) {
    let (fresh, mut worked_out) = (at.hash(), Counter::default());
    let mut tx = at.begin().await;
    for (moment, count) in [(NOW, 1), (NOW, 2), (NOW.plus(HOUR / 2), 3), (NOW.plus(HOUR), 1), (NOW.minus(HOUR), 1)] {
        assert_eq!(tx.raise_counter(fresh, HOUR, moment).await.unwrap(), count, "a window of an hour");
        worked_out = worked_out.raise(HOUR, moment);
        assert_eq!(tx.lock_counter(fresh).await.unwrap(), worked_out, "as it is worked out without the database");
    }
}

async fn what_is_held_is_saved_where_it_changed(at: &Place) {
    let (fresh, key, never) = (at.hash(), at.hash(), at.hash());
    let mut tx = at.begin().await;
    tx.save_counter(key, &at.counter(), NOW).await.unwrap();
    tx.raise_counter(fresh, HOUR, NOW).await.unwrap();
    let mut held = HeldCounters::hold(&mut tx, vec![fresh, key, fresh, never]).await.unwrap();
    assert_eq!((held.get(fresh).tries, held.get(key)), (1, at.counter()));
    for counted in [fresh, fresh, never] {
        held.set(counted, held.get(counted).refund());
    }
    held.save(&mut tx, NOW).await.unwrap();
    assert_eq!(tx.lock_counter(fresh).await.unwrap().tries, 0, "never less than none");
    assert_eq!(tx.lock_counter(key).await.unwrap(), at.counter());
    assert_eq!(tx.lock_counter(never).await.unwrap(), Counter::default());
}

/// Somebody is counted under their address and then their account's lane is opened anew, while another try from there is counted in both.
async fn counters_are_held_in_the_order_in_which_they_are_named(at: &Place) {
    // In the order of their keys, which is the other one, the two would wait for each other.
    let (address, lane) = (SecretHash([9; 32]), SecretHash([1; 32]));
    let mut first = at.begin().await;
    let mut held = HeldCounters::hold(&mut first, vec![address]).await.unwrap();
    held.set(address, held.get(address).raise(HOUR, NOW));
    held.save(&mut first, NOW).await.unwrap();
    let (store, tenant) = (at.store.clone(), at.tenant);
    let second = tokio::spawn(async move { count(&store, tenant, vec![address, lane]).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    first.save_counter(lane, &at.counter(), NOW).await.unwrap();
    first.commit().await.unwrap();
    second.await.unwrap();
    let mut tx = at.begin().await;
    assert_eq!(tx.lock_counter(address).await.unwrap().tries, 2);
    assert_eq!(tx.lock_counter(lane).await.unwrap(), at.counter().raise(HOUR, NOW));
}

async fn of_many_who_count_at_once_nobody_is_forgotten(at: &Place) {
    let keys = [at.hash(), at.hash(), at.hash()];
    let mut all = JoinSet::new();
    for from in [0, 1] {
        for _ in 0..8 {
            let (store, tenant, keys) = (at.store.clone(), at.tenant, keys[from..].to_vec());
            all.spawn(async move { count(&store, tenant, keys).await });
        }
    }
    all.join_all().await;
    let mut tx = at.begin().await;
    for (key, counted) in keys.into_iter().zip([8, 16, 16]) {
        assert_eq!(tx.lock_counter(key).await.unwrap().tries, counted);
    }
}

async fn count(store: &Store, tenant: Id, keys: Vec<SecretHash>) {
    let mut tx = store.begin(tenant).await.unwrap();
    let mut held = HeldCounters::hold(&mut tx, keys.clone()).await.unwrap();
    for key in keys {
        held.set(key, held.get(key).raise(HOUR, NOW));
    }
    held.save(&mut tx, NOW).await.unwrap();
    tx.commit().await.unwrap();
}
