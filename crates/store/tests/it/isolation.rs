//! Nothing of one tenant is found, changed or ended from another.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use base::Cursor;
use identity::account::PasswordHash;
use identity::{EndReason, Purpose};
use store::model::{KeyUse, Outcome};

stories! { another_tenant_finds_nothing, another_tenant_changes_nothing }

/// Everything that one tenant has.
struct Everything {
    account: identity::Account,
    device: identity::Device,
    session: identity::Session,
    flow: identity::login::Flow,
    single: identity::SingleUse,
    client: oauth::Client,
    grant: store::model::Grant,
    key: store::model::StoredKey,
    event: identity::EventRecord,
    delivery: store::model::NewDelivery,
    subscription: store::model::Subscription,
    counter: base::SecretHash,
}

async fn everything(at: &Place) -> Everything {
    let (account, device, session) = at.signed_in().await;
    let client = at.client("shop");
    let grant = at.grant(account.id, client.id, session.id);
    let event = at.event(account.id);
    let all = Everything {
        flow: at.flow(),
        single: at.single_use(account.id),
        key: at.key(KeyUse::Sign),
        delivery: at.delivery(event.id, "a"),
        subscription: at.subscription(&session),
        counter: at.hash(),
        account,
        device,
        session,
        client,
        grant,
        event,
    };
    let mut tx = at.begin().await;
    tx.put_password(all.account.id, &PasswordHash("hash".to_owned()), NOW).await.unwrap();
    tx.insert_flow(&all.flow).await.unwrap();
    tx.put_single_use(&all.single).await.unwrap();
    tx.insert_client(&all.client).await.unwrap();
    tx.put_consent(&at.consent(all.account.id, all.client.id)).await.unwrap();
    tx.insert_grant(&all.grant).await.unwrap();
    tx.revoke_token("jti", NOW.plus(HOUR)).await.unwrap();
    tx.insert_key(&all.key).await.unwrap();
    tx.emit(&all.event).await.unwrap();
    tx.add_deliveries(std::slice::from_ref(&all.delivery)).await.unwrap();
    tx.set_preference(all.account.id, &at.change(true, 0)).await.unwrap();
    tx.put_subscription(&all.subscription).await.unwrap();
    tx.save_counter(all.counter, &at.counter(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    all
}

async fn another_tenant_finds_nothing(at: &Place) {
    let all = everything(at).await;
    let account = all.account.id;
    let mut read = at.store.read(at.other).await.unwrap();
    assert!(read.find_account(account).await.unwrap().is_none());
    assert!(read.find_account_by_email(&all.account.email.key()).await.unwrap().is_none());
    assert!(read.list_accounts(Cursor(None), 9).await.unwrap().items.is_empty());
    assert_eq!(read.count_accounts().await.unwrap(), 0);
    assert!(read.find_password(account).await.unwrap().is_none());
    assert!(read.password_changed_at(account).await.unwrap().is_none());
    assert!(read.find_device(all.device.id).await.unwrap().is_none());
    assert!(read.find_device_by_secret(account, all.device.secret).await.unwrap().is_none());
    assert!(read.list_devices(account).await.unwrap().is_empty());
    assert!(read.find_signed_in(all.session.secret).await.unwrap().is_none());
    assert!(read.find_session(all.session.id).await.unwrap().is_none());
    assert!(read.list_sessions(account, NOW).await.unwrap().is_empty());
    assert!(read.find_flow(all.flow.id).await.unwrap().is_none());
    assert!(read.find_single_use(all.single.hash, Purpose::Code).await.unwrap().is_none());
    assert!(read.find_client("shop").await.unwrap().is_none());
    assert!(read.find_client_by_id(all.client.id).await.unwrap().is_none());
    assert!(read.list_clients().await.unwrap().is_empty());
    assert!(read.find_consent(account, all.client.id).await.unwrap().is_none());
    assert!(read.list_consents(account).await.unwrap().is_empty());
    assert!(read.find_grant(all.grant.id).await.unwrap().is_none());
    assert!(read.apps_in_sessions(account, NOW).await.unwrap().is_empty());
    let (session, client) = (all.session.id, all.client.id);
    assert!(read.find_grant_in_session(session, client, NOW).await.unwrap().is_none());
    assert!(!read.is_token_revoked("jti").await.unwrap());
    assert!(read.list_keys(KeyUse::Sign).await.unwrap().is_empty());
    assert!(read.find_counters(&[all.counter]).await.unwrap().is_empty());
    assert!(read.find_event(all.event.id).await.unwrap().is_none());
    assert!(read.list_events(account, Cursor(None), 9).await.unwrap().items.is_empty());
    assert_eq!(read.preferences(account).await.unwrap().revision, 0);
    assert!(read.list_subscriptions(account).await.unwrap().is_empty());
    assert!(read.find_subscription(all.subscription.id).await.unwrap().is_none());
    assert!(read.find_subscription_by_endpoint(all.subscription.endpoint).await.unwrap().is_none());
}

async fn another_tenant_changes_nothing(at: &Place) {
    let mut all = everything(at).await;
    let before = (all.account.clone(), all.device.clone(), all.session.clone(), all.flow.clone(), all.client.clone());
    let (account, session, device, later) = (all.account.id, all.session.id, all.device.id, NOW.plus(HOUR));
    all.account.name = "Mallory".to_owned();
    all.device.push_wanted = false;
    all.session.acr = "forged".to_owned();
    all.flow.typed = None;
    all.client.name = "Forged".to_owned();
    all.key.alg = "none".to_owned();
    let mut tx = at.store.begin(at.other).await.unwrap();
    assert!(tx.lock_account(account).await.unwrap().is_none());
    assert!(tx.lock_flow(all.flow.id).await.unwrap().is_none());
    assert!(tx.lock_grant(all.grant.id).await.unwrap().is_none());
    assert_eq!(tx.lock_counter(all.counter).await.unwrap().tries, 0);
    tx.update_account(&all.account).await.unwrap();
    tx.update_device(&all.device).await.unwrap();
    tx.update_session(&all.session).await.unwrap();
    tx.touch_session(session, later).await.unwrap();
    tx.save_flow(&all.flow).await.unwrap();
    tx.update_client(&all.client).await.unwrap();
    tx.update_key(&all.key).await.unwrap();
    tx.touch_grant(all.grant.id, later).await.unwrap();
    tx.void_single_uses(Purpose::Code, account, NOW).await.unwrap();
    tx.save_delivery_body(all.delivery.id(), b"forged").await.unwrap();
    tx.finish_delivery(all.delivery.id(), &Outcome::Sent, NOW).await.unwrap();
    tx.subscription_delivered(all.subscription.id, NOW).await.unwrap();
    tx.subscription_failed(all.subscription.id, NOW).await.unwrap();
    assert!(tx.consume_single_use(all.single.hash, Purpose::Code, NOW).await.unwrap().is_none());
    assert!(!tx.rotate_grant(all.grant.id, 0, NOW).await.unwrap());
    assert!(!tx.end_session(session, EndReason::Denied, NOW).await.unwrap());
    assert!(!tx.delete_device(device).await.unwrap());
    assert!(!tx.delete_consent(account, all.client.id).await.unwrap());
    assert!(!tx.revoke_grant(all.grant.id, NOW).await.unwrap());
    assert_eq!(tx.revoke_grants_of_session(session, NOW, false).await.unwrap(), 0);
    assert_eq!(tx.revoke_grants_of(account, None, NOW).await.unwrap(), 0);
    assert_eq!(tx.revoke_grants_of_device(device, NOW).await.unwrap(), 0);
    assert_eq!(tx.revoke_grants_of_app(session, all.client.id, NOW).await.unwrap(), 0);
    assert_eq!(tx.revoke_grants_elsewhere(account, all.flow.id, NOW).await.unwrap(), 0);
    tx.touch_device(device, later, None).await.unwrap();
    assert!(!tx.delete_subscription(all.subscription.id).await.unwrap());
    assert_eq!(tx.delete_subscriptions_of_device(device).await.unwrap(), 0);
    assert_eq!(tx.delete_subscriptions_of_session(session).await.unwrap(), 0);
    tx.commit().await.unwrap();
    // What hangs on another row can't even be written beside it.
    assert!(at.store.begin(at.other).await.unwrap().insert_session(&all.session).await.is_err());
    assert!(at.store.begin(at.other).await.unwrap().set_preference(account, &at.change(true, 0)).await.is_err());

    let mut read = at.read().await;
    let found = read.find_signed_in(before.2.secret).await.unwrap().unwrap();
    assert_eq!((found.account, found.device, found.session), (before.0, before.1, before.2));
    assert_eq!(read.find_flow(before.3.id).await.unwrap().unwrap(), before.3);
    assert_eq!(read.find_client("shop").await.unwrap().unwrap(), before.4);
    assert_eq!(read.find_grant(all.grant.id).await.unwrap().unwrap(), all.grant);
    assert_eq!(read.find_single_use(all.single.hash, Purpose::Code).await.unwrap().unwrap(), all.single);
    assert_eq!(read.list_keys(KeyUse::Sign).await.unwrap()[0].alg, "ES256");
    assert_eq!(read.find_subscription(all.subscription.id).await.unwrap().unwrap(), all.subscription);
    assert!(read.find_consent(account, all.client.id).await.unwrap().is_some());
    assert_eq!(at.begin().await.lock_counter(all.counter).await.unwrap(), at.counter());
    let due = at.store.claim_deliveries(store::model::Sink::Push, 9, NOW, HOUR).await.unwrap();
    assert_eq!((due.len(), due[0].body.as_deref()), (1, None));
}
