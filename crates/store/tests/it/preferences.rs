//! A choice is made on what the person saw, or not at all.

use crate::place::{NOW, Place};
use crate::stories;
use identity::{Channel, Preferences, Topic};
use std::collections::HashMap;
use tokio::task::JoinSet;

stories! {
    a_stale_revision_changes_nothing,
    of_two_changes_of_one_revision_one_is_made,
    what_many_have_chosen_is_read_at_once,
}

async fn what_many_have_chosen_is_read_at_once(at: &Place) {
    let (mut ids, mut expected) = (Vec::new(), HashMap::new());
    for n in 0..3 {
        let (account, ..) = at.signed_in().await;
        ids.push(account.id);
        if n > 0 {
            let mut tx = at.begin().await;
            tx.set_preference(account.id, &at.change(n == 1, 0)).await.unwrap();
            tx.commit().await.unwrap();
            expected.insert(account.id, at.read().await.preferences(account.id).await.unwrap());
        }
    }
    let mut read = at.read().await;
    for some in [&ids[..], &ids[..1], &ids[1..2], &[]] {
        let found = read.preferences_of(some).await.unwrap();
        for id in some {
            let one = found.get(id).cloned().unwrap_or_default();
            assert_eq!(one, expected.get(id).cloned().unwrap_or_default());
        }
    }
    let mut theirs = at.store.read(at.other).await.unwrap();
    let found = theirs.preferences_of(&ids).await.unwrap();
    assert!(found.into_values().all(|chosen| chosen == Preferences::default()), "another tenant's");
}

async fn a_stale_revision_changes_nothing(at: &Place) {
    let (account, ..) = at.signed_in().await;
    assert_eq!(at.read().await.preferences(account.id).await.unwrap(), Preferences::default());
    let mut tx = at.begin().await;
    assert_eq!(tx.set_preference(account.id, &at.change(true, 0)).await.unwrap(), Some(1));
    assert_eq!(tx.set_preference(account.id, &at.change(false, 0)).await.unwrap(), None);
    assert_eq!(tx.set_preference(account.id, &at.change(false, 9)).await.unwrap(), None);
    tx.commit().await.unwrap();
    let kept = at.read().await.preferences(account.id).await.unwrap();
    assert_eq!((kept.revision, kept.changed_at, kept.changed_in), (1, Some(NOW), Some(at.agent())));
    assert_eq!(kept.chosen.into_iter().collect::<Vec<_>>(), [((Topic::AppConnected, Channel::Push), true)]);
    let mut tx = at.begin().await;
    assert_eq!(tx.set_preference(account.id, &at.change(false, 1)).await.unwrap(), Some(2));
    assert!(!tx.preferences(account.id).await.unwrap().is_on(Topic::AppConnected, Channel::Push));
}

async fn of_two_changes_of_one_revision_one_is_made(at: &Place) {
    let (account, ..) = at.signed_in().await;
    let mut all = JoinSet::new();
    for i in 0..16 {
        let (store, tenant, change) = (at.store.clone(), at.tenant, at.change(i % 2 == 0, 0));
        all.spawn(async move {
            let mut tx = store.begin(tenant).await.unwrap();
            let made = tx.set_preference(account.id, &change).await.unwrap();
            tx.commit().await.unwrap();
            made
        });
    }
    let made: Vec<_> = all.join_all().await.into_iter().flatten().collect();
    assert_eq!(made, [1]);
}
