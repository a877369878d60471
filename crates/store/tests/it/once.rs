//! What can be done once is done once, however many try.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use identity::{EndReason, Purpose, Session};
use std::future::Future;
use store::model::Grant;
use tokio::task::JoinSet;

stories! {
    of_thirty_two_that_redeem_a_code_one_gets_it,
    of_thirty_two_that_exchange_a_refresh_token_one_may,
    whoever_comes_too_late_to_exchange_it_reads_why,
    of_thirty_two_that_bring_the_same_assertion_one_is_first,
    an_expired_or_foreign_code_is_not_redeemed,
    a_new_link_makes_the_older_ones_void,
    thirty_two_attempts_are_counted_as_thirty_two,
    a_session_ends_once_and_stays_ended,
    an_address_has_one_account,
}

/// Runs something 32 times at once and counts the winners.
async fn winners<F: Future<Output = bool> + Send + 'static>(run: impl Fn() -> F) -> usize {
    let mut all = JoinSet::new();
    for _ in 0..32 {
        all.spawn(run());
    }
    all.join_all().await.into_iter().filter(|won| *won).count()
}

async fn of_thirty_two_that_redeem_a_code_one_gets_it(at: &Place) {
    let (account, ..) = at.signed_in().await;
    let code = at.single_use(account.id);
    let mut tx = at.begin().await;
    tx.put_single_use(&code).await.unwrap();
    tx.commit().await.unwrap();
    let (store, tenant, hash) = (at.store.clone(), at.tenant, code.hash);
    let won = winners(move || {
        let store = store.clone();
        async move {
            let mut tx = store.begin(tenant).await.unwrap();
            let won = tx.consume_single_use(hash, Purpose::Code, NOW).await.unwrap().is_some();
            tx.commit().await.unwrap();
            won
        }
    });
    assert_eq!(won.await, 1);
    let kept = at.read().await.find_single_use(code.hash, Purpose::Code).await.unwrap().unwrap();
    assert_eq!(kept.consumed_at, Some(NOW), "the row stays, so that a replay is told from a guess");
}

async fn of_thirty_two_that_bring_the_same_assertion_one_is_first(at: &Place) {
    let used = identity::SingleUse {
        purpose: Purpose::ClientAssertion,
        account: None,
        consumed_at: Some(NOW),
        ..at.single_use(at.id())
    };
    let (store, tenant) = (at.store.clone(), at.tenant);
    let won = winners(move || {
        let (store, used) = (store.clone(), used.clone());
        async move {
            let mut tx = store.begin(tenant).await.unwrap();
            let won = tx.take_single_use(&used).await.unwrap();
            tx.commit().await.unwrap();
            won
        }
    });
    assert_eq!(won.await, 1);
}

/// What somebody who is signed in has granted an app.
async fn granted(at: &Place) -> (Grant, Session) {
    let (account, _, session) = at.signed_in().await;
    let client = at.client("shop");
    let grant = at.grant(account.id, client.id, session.id);
    let mut tx = at.begin().await;
    assert!(tx.insert_client(&client).await.unwrap());
    tx.insert_grant(&grant).await.unwrap();
    tx.commit().await.unwrap();
    (grant, session)
}

async fn of_thirty_two_that_exchange_a_refresh_token_one_may(at: &Place) {
    let (grant, _) = granted(at).await;
    let (store, tenant) = (at.store.clone(), at.tenant);
    let won = winners(move || {
        let store = store.clone();
        async move {
            let mut tx = store.begin(tenant).await.unwrap();
            let won = tx.rotate_grant(grant.id, 0, NOW).await.unwrap();
            tx.commit().await.unwrap();
            won
        }
    });
    assert_eq!(won.await, 1);
}

async fn whoever_comes_too_late_to_exchange_it_reads_why(at: &Place) {
    let (grant, session) = granted(at).await;
    let (store, tenant) = (at.store.clone(), at.tenant);
    let won = winners(move || {
        let store = store.clone();
        async move {
            let (found, rotation) = store.begin_rotation(tenant, grant.id).await.unwrap();
            let won = match found.unwrap().grant.generation {
                0 => rotation.rotate(0, NOW).await.unwrap(),
                _ => rotation.leave().await.map(|()| false).unwrap(),
            };
            let mut read = store.read(tenant).await.unwrap();
            let standing = read.find_standing(grant.id).await.unwrap().unwrap();
            assert_eq!((standing.grant.generation, standing.grant.rotated_at), (1, Some(NOW)));
            won
        }
    });
    assert_eq!(won.await, 1);
    let (found, rotation) = at.store.begin_rotation(at.other, grant.id).await.unwrap();
    assert!(found.is_none() && !rotation.rotate(1, NOW).await.unwrap(), "another tenant's");
    let (found, rotation) = at.store.begin_rotation(at.tenant, grant.id).await.unwrap();
    rotation.touch(NOW.plus(HOUR)).await.unwrap();
    assert_eq!(found.unwrap().grant.last_used_at, NOW);
    let mut tx = at.begin().await;
    assert!(tx.revoke_grant(grant.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let (found, rotation) = at.store.begin_rotation(at.tenant, grant.id).await.unwrap();
    assert_eq!(found.unwrap().grant.last_used_at, NOW.plus(HOUR));
    assert!(!rotation.rotate(1, NOW).await.unwrap(), "it was ended");
    let standing = at.read().await.find_standing(grant.id).await.unwrap().unwrap();
    assert_eq!((standing.grant.revoked_at, standing.session.map(|found| found.id)), (Some(NOW), Some(session.id)));
}

async fn an_expired_or_foreign_code_is_not_redeemed(at: &Place) {
    let code = at.single_use(at.id());
    let mut tx = at.begin().await;
    tx.put_single_use(&code).await.unwrap();
    assert!(tx.consume_single_use(code.hash, Purpose::ResetPassword, NOW).await.unwrap().is_none());
    assert!(tx.consume_single_use(code.hash, Purpose::Code, code.expires_at).await.unwrap().is_none());
    assert!(tx.consume_single_use(at.hash(), Purpose::Code, NOW).await.unwrap().is_none());
    assert!(tx.consume_single_use(code.hash, Purpose::Code, NOW).await.unwrap().is_some());
}

async fn a_new_link_makes_the_older_ones_void(at: &Place) {
    let (mine, theirs) = (at.single_use(at.id()), at.single_use(at.id()));
    let mut tx = at.begin().await;
    tx.put_single_use(&mine).await.unwrap();
    tx.put_single_use(&theirs).await.unwrap();
    tx.void_single_uses(Purpose::Code, mine.account.unwrap(), NOW).await.unwrap();
    assert!(tx.consume_single_use(mine.hash, Purpose::Code, NOW).await.unwrap().is_none());
    assert!(tx.consume_single_use(theirs.hash, Purpose::Code, NOW).await.unwrap().is_some());
}

async fn thirty_two_attempts_are_counted_as_thirty_two(at: &Place) {
    let (store, tenant, key) = (at.store.clone(), at.tenant, at.hash());
    winners(move || {
        let store = store.clone();
        async move {
            let mut tx = store.begin(tenant).await.unwrap();
            let mut counter = tx.lock_counter(key).await.unwrap();
            counter.tries += 1;
            tx.save_counter(key, &counter, NOW).await.unwrap();
            tx.commit().await.unwrap();
            true
        }
    })
    .await;
    assert_eq!(at.begin().await.lock_counter(key).await.unwrap().tries, 32);
}

async fn a_session_ends_once_and_stays_ended(at: &Place) {
    let (account, _, mut session) = at.signed_in().await;
    let mut tx = at.begin().await;
    assert!(tx.end_session(session.id, EndReason::SignedOut, NOW).await.unwrap());
    assert!(!tx.end_session(session.id, EndReason::Denied, NOW.plus(HOUR)).await.unwrap());
    session.expires_at = NOW.plus(2 * HOUR);
    tx.update_session(&session).await.unwrap();
    tx.commit().await.unwrap();
    let kept = at.read().await.find_session(session.id).await.unwrap().unwrap();
    assert_eq!((kept.ended_at, kept.expires_at), (Some(NOW), NOW.plus(HOUR)));
    assert!(at.read().await.list_sessions(account.id, NOW).await.unwrap().is_empty());
    let found = at.read().await.find_signed_in(session.secret).await.unwrap();
    assert!(found.is_some(), "an ended session is found too: the caller looks at it");
}

async fn an_address_has_one_account(at: &Place) {
    let (first, second) = (at.account("Jane@example.com"), at.account("jane@example.com"));
    let mut tx = at.begin().await;
    assert!(tx.insert_account(&first).await.unwrap());
    assert!(!tx.insert_account(&second).await.unwrap());
    // The refusal is an answer, no fault: the transaction goes on.
    assert_eq!(tx.count_accounts().await.unwrap(), 1);
    tx.commit().await.unwrap();
    let found = at.read().await.find_account_by_email("jane@example.com").await.unwrap().unwrap();
    assert_eq!(found, first);
    let mut tx = at.store.begin(at.other).await.unwrap();
    assert!(tx.insert_account(&second).await.unwrap(), "another tenant's addresses are its own");
}
