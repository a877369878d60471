//! Events are relayed, and deliveries made, once each.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use base::{Id, Timestamp};
use identity::{Event, EventRecord};
use std::collections::HashSet;
use std::time::Duration;
use store::model::{Delivery, Outcome, Sink};
use tokio::task::JoinSet;

stories! {
    every_event_is_relayed_once,
    what_is_urgent_is_relayed_before_what_waited_longer,
    a_relay_that_dies_leaves_its_events_to_the_next,
    what_waits_without_its_event_holds_nothing_up,
    an_account_that_goes_while_its_events_are_relayed_leaves_nothing_to_tell,
    parallel_workers_never_get_the_same_delivery,
    the_urgent_goes_first_and_then_the_oldest,
    a_delivery_is_added_once_per_event_sink_and_target,
    what_was_made_before_is_told_and_nothing_beside_it_is_kept,
    a_lease_that_ran_out_is_claimed_again_with_the_same_body,
    a_retry_waits_until_it_is_due,
    what_was_given_up_is_seen_and_sent_again,
}

const LEASE: Duration = Duration::from_secs(60);

async fn claim(at: &Place, now: Timestamp) -> Vec<Delivery> {
    at.store.claim_deliveries(Sink::Push, 10, now, LEASE).await.unwrap()
}

/// An event with deliveries to these targets.
async fn with_deliveries(at: &Place, targets: &[&str]) -> Vec<Id> {
    let event = at.event(at.id());
    let mut tx = at.begin().await;
    tx.emit(&event).await.unwrap();
    let new: Vec<_> = targets.iter().map(|target| at.delivery(event.id, target)).collect();
    tx.add_deliveries(&new).await.unwrap();
    tx.commit().await.unwrap();
    new.into_iter().map(|new| new.id()).collect()
}

async fn finish(at: &Place, id: Id, outcome: Outcome) {
    let mut tx = at.begin().await;
    tx.finish_delivery(id, &outcome, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

async fn every_event_is_relayed_once(at: &Place) {
    let mut made = HashSet::new();
    for tenant in [at.tenant, at.other] {
        let mut tx = at.store.begin(tenant).await.unwrap();
        for _ in 0..40 {
            let event = at.event(at.id());
            tx.emit(&event).await.unwrap();
            made.insert((tenant, event.id));
        }
        tx.commit().await.unwrap();
    }
    let mut all = JoinSet::new();
    for _ in 0..8 {
        let store = at.store.clone();
        all.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let mut tx = store.begin_across().await.unwrap();
                let claimed = tx.take_events(3).await.unwrap();
                tx.commit().await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|event| (event.tenant, event.id)));
            }
        });
    }
    let relayed: Vec<_> = all.join_all().await.into_iter().flatten().collect();
    assert_eq!(relayed.len(), 80);
    assert_eq!(relayed.into_iter().collect::<HashSet<_>>(), made);
}

async fn what_is_urgent_is_relayed_before_what_waited_longer(at: &Place) {
    let mut made = Vec::new();
    let mut tx = at.begin().await;
    for event in [Event::ProfileChanged {}, Event::LockedDown {}, Event::ProfileChanged {}, Event::PasswordReset {}] {
        let record = EventRecord { event, ..at.event(at.id()) };
        tx.emit(&record).await.unwrap();
        made.push(record.id);
    }
    tx.commit().await.unwrap();
    let mut tx = at.store.begin_across().await.unwrap();
    let claimed: Vec<Id> = tx.take_events(3).await.unwrap().iter().map(|event| event.id).collect();
    assert_eq!(claimed, [made[1], made[3], made[0]]);
}

async fn a_relay_that_dies_leaves_its_events_to_the_next(at: &Place) {
    with_deliveries(at, &[]).await;
    let mut tx = at.store.begin_across().await.unwrap();
    let first = tx.take_events(10).await.unwrap();
    drop(tx);
    let again = async {
        loop {
            let mut tx = at.store.begin_across().await.unwrap();
            let found = tx.take_events(10).await.unwrap();
            if !found.is_empty() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(5), again).await.unwrap(), first);
}

async fn what_waits_without_its_event_holds_nothing_up(at: &Place) {
    let lost = at.event(at.id());
    let mut tx = at.begin().await;
    tx.emit(&lost).await.unwrap();
    tx.commit().await.unwrap();
    at.run(&format!("DELETE FROM events WHERE id = {}", at.literal(lost.id))).await;
    let event = at.event(at.id());
    let mut tx = at.begin().await;
    tx.emit(&event).await.unwrap();
    tx.commit().await.unwrap();
    let mut taken = Vec::new();
    for _ in 0..2 {
        let mut relay = at.store.begin_across().await.unwrap();
        taken.extend(relay.take_events(1).await.unwrap());
        relay.commit().await.unwrap();
    }
    assert_eq!(taken, [event]);
}

async fn an_account_that_goes_while_its_events_are_relayed_leaves_nothing_to_tell(at: &Place) {
    let (account, _, _) = at.signed_in().await;
    let (first, second) = (at.event(account.id), at.event(account.id));
    let mut tx = at.begin().await;
    tx.emit(&first).await.unwrap();
    tx.emit(&second).await.unwrap();
    tx.commit().await.unwrap();
    let mut relay = at.store.begin_across().await.unwrap();
    assert_eq!(relay.take_events(1).await.unwrap(), std::slice::from_ref(&first));
    relay.for_tenant(at.tenant);
    let (store, tenant) = (at.store.clone(), at.tenant);
    let going = tokio::spawn(async move {
        let mut tx = store.begin(tenant).await.unwrap();
        tx.delete_account(account.id).await.unwrap();
        tx.commit().await.unwrap();
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!going.is_finished(), "it waits for what is being told");
    relay.add_deliveries(&[at.delivery(first.id, "a")]).await.unwrap();
    relay.commit().await.unwrap();
    going.await.unwrap();
    assert_eq!(claim(at, NOW).await, []);
    let mut relay = at.store.begin_across().await.unwrap();
    assert_eq!(relay.take_events(9).await.unwrap(), []);
}

async fn parallel_workers_never_get_the_same_delivery(at: &Place) {
    let names: Vec<String> = (0..60).map(|i| format!("t{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let made = with_deliveries(at, &names).await;
    let mut all = JoinSet::new();
    for _ in 0..8 {
        let store = at.store.clone();
        all.spawn(async move {
            let mut mine = Vec::new();
            for _ in 0..30 {
                let claimed = store.claim_deliveries(Sink::Push, 4, NOW, LEASE).await.unwrap();
                assert!(claimed.iter().all(|delivery| delivery.attempts == 1));
                mine.extend(claimed.into_iter().map(|delivery| delivery.id));
            }
            mine
        });
    }
    let claimed: Vec<Id> = all.join_all().await.into_iter().flatten().collect();
    assert_eq!(claimed.len(), made.len());
    assert_eq!(claimed.into_iter().collect::<HashSet<_>>(), made.into_iter().collect());
}

async fn the_urgent_goes_first_and_then_the_oldest(at: &Place) {
    let event = at.event(at.id());
    let mut tx = at.begin().await;
    tx.emit(&event).await.unwrap();
    let wanted = [("late", 0, 2), ("early", 0, 1), ("urgent", 5, 3), ("not yet", 9, 4000)];
    for (target, priority, due) in wanted {
        let mut new = at.delivery(event.id, target);
        new.priority = priority;
        new.due_at = NOW.plus(Duration::from_secs(due));
        tx.add_deliveries(std::slice::from_ref(&new)).await.unwrap();
    }
    let mut mail = at.delivery(event.id, "mail");
    mail.sink = Sink::Mail;
    tx.add_deliveries(std::slice::from_ref(&mail)).await.unwrap();
    tx.commit().await.unwrap();
    let claimed = claim(at, NOW.plus(Duration::from_secs(60))).await;
    assert_eq!(claimed.iter().map(|d| d.target.as_str()).collect::<Vec<_>>(), ["urgent", "early", "late"]);
    assert_eq!((claimed[0].event, claimed[0].tenant), (event.id, at.tenant));
}

async fn a_delivery_is_added_once_per_event_sink_and_target(at: &Place) {
    let event = at.event(at.id());
    let mut tx = at.begin().await;
    tx.emit(&event).await.unwrap();
    let new = |targets: &[&str]| targets.iter().map(|target| at.delivery(event.id, target)).collect::<Vec<_>>();
    for some in [&["a", "a", "b"][..], &["b", "c"], &["a"], &[]] {
        tx.add_deliveries(&new(some)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(claim(at, NOW).await.len(), 3);
}

async fn what_was_made_before_is_told_and_nothing_beside_it_is_kept(at: &Place) {
    let event = at.event(at.id());
    let mut tx = at.begin().await;
    tx.emit(&event).await.unwrap();
    assert!(tx.add_new_deliveries(&[at.delivery(event.id, "a"), at.delivery(event.id, "b")]).await.unwrap());
    assert!(tx.add_new_deliveries(&[]).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = at.begin().await;
    assert!(!tx.add_new_deliveries(&[at.delivery(event.id, "c"), at.delivery(event.id, "b")]).await.unwrap());
    assert!(tx.commit().await.is_err());
    let told = claim(at, NOW).await;
    assert_eq!(told.iter().map(|delivery| delivery.target.as_str()).collect::<HashSet<_>>(), HashSet::from(["a", "b"]));

    let mut mail = at.delivery(event.id, "a");
    mail.sink = Sink::Mail;
    let mut tx = at.begin().await;
    assert!(tx.add_new_deliveries(&[mail, at.delivery(at.id(), "a")]).await.unwrap(), "another sink, another event");
    tx.commit().await.unwrap();
}

async fn a_lease_that_ran_out_is_claimed_again_with_the_same_body(at: &Place) {
    let ids = with_deliveries(at, &["a"]).await;
    assert_eq!(claim(at, NOW).await[0].body, None);
    let mut tx = at.begin().await;
    tx.save_delivery_body(ids[0], b"sealed for the first attempt").await.unwrap();
    tx.commit().await.unwrap();
    assert!(claim(at, NOW).await.is_empty());
    let again = claim(at, NOW.plus(LEASE)).await;
    assert_eq!((again[0].id, again[0].attempts), (ids[0], 2));
    assert_eq!(again[0].body.as_deref(), Some(b"sealed for the first attempt".as_slice()));
}

async fn a_retry_waits_until_it_is_due(at: &Place) {
    let ids = with_deliveries(at, &["later", "sent", "dropped"]).await;
    assert_eq!(claim(at, NOW).await.len(), 3);
    finish(at, ids[0], Outcome::Retry(NOW.plus(HOUR), "503".to_owned())).await;
    finish(at, ids[1], Outcome::Sent).await;
    finish(at, ids[2], Outcome::Dropped("the preference is off")).await;
    assert!(claim(at, NOW.plus(HOUR / 2)).await.is_empty());
    let again = claim(at, NOW.plus(HOUR)).await;
    assert_eq!(again.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), ids[..1]);
    assert_eq!((again[0].attempts, again[0].last_error.as_deref()), (2, Some("503")));
}

async fn what_was_given_up_is_seen_and_sent_again(at: &Place) {
    let ids = with_deliveries(at, &["a", "b"]).await;
    claim(at, NOW).await;
    finish(at, ids[0], Outcome::Dead("410 Gone".to_owned())).await;
    finish(at, ids[1], Outcome::Sent).await;
    finish(at, ids[1], Outcome::Dead("too late: it is over".to_owned())).await;
    let dead = at.store.dead_deliveries(10).await.unwrap();
    assert_eq!(dead.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), ids[..1]);
    assert_eq!(dead[0].last_error.as_deref(), Some("410 Gone"));
    let later = NOW.plus(24 * HOUR);
    assert!(!at.store.redrive(ids[1], later).await.unwrap());
    assert!(at.store.redrive(ids[0], later).await.unwrap());
    assert!(!at.store.redrive(ids[0], later).await.unwrap());
    assert!(at.store.dead_deliveries(10).await.unwrap().is_empty());
    let again = claim(at, later).await;
    assert_eq!((again[0].id, again[0].attempts), (ids[0], 1));
    assert_eq!(again[0].expires_at, later.plus(HOUR), "it has as much time as it had at first");
}
