//! What is over goes, but not before a late second use could be seen for what it is.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use identity::limit::Counter;
use identity::{CameBy, Event, EventRecord, OwnRegistration, Purpose, SingleUse};
use std::time::Duration;
use store::model::{Outcome, Sink};

stories! {
    what_is_over_goes_in_its_time, proofs_go_when_their_age_refuses_them, what_strangers_asked_for_is_not_kept, dead_deliveries_wait_a_quarter
}

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn what_is_over_goes_in_its_time(at: &Place) {
    let (account, _, session) = at.signed_in().await;
    let (client, flow, single, key) = (at.client("shop"), at.flow(), at.single_use(account.id), at.hash());
    let mut grant = at.grant(account.id, client.id, session.id);
    grant.expires_at = NOW.plus(90 * DAY);
    let event = at.event(account.id);
    let delivery = at.delivery(event.id, "a");
    let mut tx = at.begin().await;
    tx.insert_client(&client).await.unwrap();
    tx.insert_flow(&flow).await.unwrap();
    tx.put_single_use(&single).await.unwrap();
    tx.insert_grant(&grant).await.unwrap();
    tx.revoke_token("jti", NOW.plus(HOUR)).await.unwrap();
    let (clean, stranger) = (Counter { consecutive: 0, ..at.counter() }, at.hash());
    tx.save_counter(key, &at.counter(), NOW).await.unwrap();
    tx.save_counter(stranger, &clean, NOW).await.unwrap();
    tx.emit(&event).await.unwrap();
    tx.add_deliveries(std::slice::from_ref(&delivery)).await.unwrap();
    tx.finish_delivery(delivery.id(), &Outcome::Sent, NOW).await.unwrap();
    for _ in 0..1200 {
        tx.revoke_token(&at.id().to_string(), NOW.minus(2 * DAY)).await.unwrap();
    }
    tx.commit().await.unwrap();

    assert_eq!(at.store.purge(NOW.plus(DAY)).await.unwrap(), 1200, "in bites, but all of it");
    let mut read = at.read().await;
    assert!(read.find_single_use(single.hash, Purpose::Code).await.unwrap().is_some());

    assert_eq!(at.store.purge(NOW.plus(2 * DAY)).await.unwrap(), 3);
    assert!(read.find_flow(flow.id).await.unwrap().is_none());
    assert!(read.find_single_use(single.hash, Purpose::Code).await.unwrap().is_none());
    assert!(!read.is_token_revoked("jti").await.unwrap());
    assert!(read.find_grant(grant.id).await.unwrap().is_some());

    assert_eq!(at.store.purge(NOW.plus(8 * DAY)).await.unwrap(), 1);
    let mut tx = at.begin().await;
    assert_eq!(tx.lock_counter(stranger).await.unwrap(), Counter::default());
    assert_eq!(tx.lock_counter(key).await.unwrap(), at.counter(), "failures in a row are not forgotten by a pause");
    drop(tx);

    assert_eq!(at.store.purge(NOW.plus(31 * DAY)).await.unwrap(), 2);
    assert!(read.find_session(session.id).await.unwrap().is_none());
    assert!(read.find_event(event.id).await.unwrap().is_some(), "the activity log stays");
    assert_eq!(at.store.purge(NOW.plus(80 * DAY)).await.unwrap(), 0);
    assert_eq!(at.store.purge(NOW.plus(400 * DAY)).await.unwrap(), 2, "the grant, and the failures of long ago");
    let mut tx = at.begin().await;
    tx.add_deliveries(std::slice::from_ref(&delivery)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(at.store.claim_deliveries(Sink::Push, 9, NOW, HOUR).await.unwrap().len(), 1, "its row was gone");
}

async fn proofs_go_when_their_age_refuses_them(at: &Place) {
    let account = at.signed_in().await.0;
    let of = |purpose, until| SingleUse { purpose, expires_at: until, ..at.single_use(account.id) };
    let minutes = |count: u64| NOW.plus(Duration::from_secs(60 * count));
    let (proof, assertion, code) =
        (of(Purpose::DpopProof, minutes(5)), of(Purpose::ClientAssertion, minutes(5)), of(Purpose::Code, minutes(1)));
    let mut tx = at.begin().await;
    for one in [&proof, &assertion, &code] {
        assert!(tx.take_single_use(one).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(at.store.purge(minutes(65)).await.unwrap(), 0, "the clock may be set back an hour");
    assert_eq!(at.store.purge(minutes(67)).await.unwrap(), 2);
    assert!(at.read().await.find_single_use(code.hash, Purpose::Code).await.unwrap().is_some());
}

async fn what_strangers_asked_for_is_not_kept(at: &Place) {
    let (mine, mut theirs, mut waiting) = (at.event(at.id()), at.event(at.id()), at.event(at.id()));
    let attack = EventRecord { account: None, event: Event::ManyAddressesTried { addresses: 9 }, ..at.event(at.id()) };
    let app = OwnRegistration {
        client_id: "a".to_owned(),
        app: "A".to_owned(),
        by: CameBy::Anybody,
        token: None,
        changed: Vec::new(),
    };
    let came = EventRecord { account: None, event: Event::ClientRegistered(app), ..at.event(at.id()) };
    (theirs.account, waiting.account) = (None, None);
    let mut tx = at.begin().await;
    for event in [&mine, &theirs, &attack, &came] {
        tx.emit(event).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = at.store.begin_across().await.unwrap();
    assert_eq!(tx.take_events(9).await.unwrap().len(), 4);
    tx.for_tenant(at.tenant);
    tx.add_deliveries(&[at.delivery(mine.id, "a"), at.delivery(theirs.id, "b")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = at.begin().await;
    tx.emit(&waiting).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(at.store.purge(NOW.plus(DAY)).await.unwrap(), 0);
    assert_eq!(at.store.purge(NOW.plus(2 * DAY)).await.unwrap(), 1);
    let mut read = at.read().await;
    assert!(read.find_event(mine.id).await.unwrap().is_some());
    assert!(read.find_event(theirs.id).await.unwrap().is_none());
    assert!(read.find_event(waiting.id).await.unwrap().is_some(), "nobody has seen it yet");
    let left = at.store.claim_deliveries(Sink::Push, 9, NOW, HOUR).await.unwrap();
    assert_eq!(left.into_iter().map(|delivery| delivery.event).collect::<Vec<_>>(), [mine.id]);
    for told in [attack.id, came.id] {
        assert!(read.find_event(told).await.unwrap().is_some(), "the operator has time to look at it");
    }
    assert_eq!(at.store.purge(NOW.plus(91 * DAY)).await.unwrap(), 2);
    for told in [attack.id, came.id] {
        assert!(read.find_event(told).await.unwrap().is_none());
    }
}

async fn dead_deliveries_wait_a_quarter(at: &Place) {
    let event = at.event(at.id());
    let delivery = at.delivery(event.id, "a");
    let mut tx = at.begin().await;
    tx.emit(&event).await.unwrap();
    tx.add_deliveries(std::slice::from_ref(&delivery)).await.unwrap();
    tx.finish_delivery(delivery.id(), &Outcome::Dead("410".to_owned()), NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(at.store.purge(NOW.plus(90 * DAY)).await.unwrap(), 0);
    assert_eq!(at.store.dead_deliveries(9).await.unwrap().len(), 1);
    assert_eq!(at.store.purge(NOW.plus(91 * DAY)).await.unwrap(), 1);
}
