//! One row per endpoint, and none without its device.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;

stories! {
    an_endpoint_belongs_to_whoever_subscribed_last,
    a_renewed_endpoint_takes_the_place_of_the_old_one,
    failures_are_counted_until_a_success,
    subscriptions_go_with_their_device_or_session,
}

async fn an_endpoint_belongs_to_whoever_subscribed_last(at: &Place) {
    let ((first, _, one), (second, _, two)) = (at.signed_in().await, at.signed_in().await);
    let old = at.subscription(&one);
    let mut new = at.subscription(&two);
    new.endpoint = old.endpoint;
    let mut tx = at.begin().await;
    tx.put_subscription(&old).await.unwrap();
    tx.subscription_failed(old.id, NOW).await.unwrap();
    tx.put_subscription(&new).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    assert!(read.list_subscriptions(first.id).await.unwrap().is_empty());
    for some in [&[second.id][..], &[first.id, second.id, at.id()]] {
        assert_eq!(read.list_subscriptions_of(some).await.unwrap(), std::slice::from_ref(&new));
    }
    assert_eq!(read.list_subscriptions(second.id).await.unwrap(), std::slice::from_ref(&new));
    assert_eq!(read.find_subscription_by_endpoint(old.endpoint).await.unwrap().unwrap(), new);
    assert!(read.find_subscription(old.id).await.unwrap().is_none());
}

async fn a_renewed_endpoint_takes_the_place_of_the_old_one(at: &Place) {
    let (account, _, session) = at.signed_in().await;
    let old = at.subscription(&session);
    let mut new = at.subscription(&session);
    new.id = old.id;
    let mut tx = at.begin().await;
    for subscription in [&old, &old, &new] {
        tx.put_subscription(subscription).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(at.read().await.list_subscriptions(account.id).await.unwrap(), [new]);
}

async fn failures_are_counted_until_a_success(at: &Place) {
    let (_, _, session) = at.signed_in().await;
    let new = at.subscription(&session);
    let mut tx = at.begin().await;
    tx.put_subscription(&new).await.unwrap();
    tx.subscription_failed(new.id, NOW).await.unwrap();
    tx.subscription_failed(new.id, NOW.plus(HOUR)).await.unwrap();
    let failing = tx.find_subscription(new.id).await.unwrap().unwrap();
    assert_eq!((failing.strikes, failing.failing_since, failing.delivered_at), (2, Some(NOW), None));
    tx.subscription_delivered(new.id, NOW.plus(HOUR)).await.unwrap();
    let fine = tx.find_subscription(new.id).await.unwrap().unwrap();
    assert_eq!((fine.strikes, fine.failing_since, fine.delivered_at), (0, None, Some(NOW.plus(HOUR))));
}

async fn subscriptions_go_with_their_device_or_session(at: &Place) {
    let ((first, device, one), (second, _, two)) = (at.signed_in().await, at.signed_in().await);
    let (mine, theirs) = (at.subscription(&one), at.subscription(&two));
    let mut tx = at.begin().await;
    tx.put_subscription(&mine).await.unwrap();
    tx.put_subscription(&theirs).await.unwrap();
    assert_eq!(tx.delete_subscriptions_of_device(device.id).await.unwrap(), 1);
    assert!(tx.list_subscriptions(first.id).await.unwrap().is_empty());
    assert_eq!(tx.delete_subscriptions_of_session(two.id).await.unwrap(), 1);
    assert!(tx.list_subscriptions(second.id).await.unwrap().is_empty());
    tx.put_subscription(&theirs).await.unwrap();
    assert!(tx.delete_subscription(theirs.id).await.unwrap());
    assert!(!tx.delete_subscription(theirs.id).await.unwrap());
}
