//! What is saved comes back as it was, to the microsecond.

use crate::place::{NOW, Place};
use crate::samples::HOUR;
use crate::stories;
use base::Cursor;
use identity::account::PasswordHash;
use identity::{
    AccountStatus, Agent, AskedForCode, AskedForReset, AskedToJoin, EndReason, Event, EventRecord, Invitation, Purpose,
    PushOffer, Role, Topic,
};
use oauth::Client;
use store::model::{AppInSession, Installation, KeyUse};

stories! {
    the_installation_and_its_tenants,
    an_account_and_its_password,
    accounts_page_by_page,
    devices_and_sessions,
    flows_and_single_uses,
    clients_and_consents,
    grants_and_tokens,
    ending_a_session_spares_offline_access_when_told,
    an_app_that_came_again_and_again_is_one_app_in_a_session,
    an_app_is_signed_out_of_one_session_and_everything_of_all_others,
    keys,
    every_event,
    events_newest_first_page_by_page,
}

async fn the_installation_and_its_tenants(at: &Place) {
    assert!(at.store.installation().await.unwrap().is_none());
    let new = |byte| Installation { wrapped_key: vec![byte; 61], created_at: NOW };
    assert!(at.store.install(&new(1)).await.unwrap());
    assert!(!at.store.install(&new(2)).await.unwrap(), "the first writer wins");
    let kept = at.store.installation().await.unwrap().unwrap();
    assert_eq!((kept.wrapped_key, kept.created_at), (vec![1; 61], NOW));

    let mut tenants = at.store.tenants().await.unwrap();
    assert_eq!(tenants.len(), 2);
    let mut tenant = tenants.swap_remove(usize::from(tenants[0].id != at.tenant));
    tenant.set_up_at = Some(NOW);
    tenant.name = "Renamed".to_owned();
    at.store.update_tenant(&tenant).await.unwrap();
    assert!(at.store.tenants().await.unwrap().contains(&tenant));
    tenant.id = at.id();
    assert!(!at.store.add_tenant(&tenant).await.unwrap(), "one origin, one tenant");
}

async fn an_account_and_its_password(at: &Place) {
    let mut account = at.account("Jane.Doe@Example.com");
    let hash = PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned());
    let mut tx = at.begin().await;
    assert!(tx.insert_account(&account).await.unwrap());
    assert_eq!(tx.lock_account(account.id).await.unwrap().unwrap(), account);
    account.status = AccountStatus::Active;
    account.role = Role::User;
    account.email = "jane@example.org".parse().unwrap();
    account.locale = None;
    account.time_zone = Some("Europe/Paris".to_owned());
    account.push_offer_declined = false;
    tx.update_account(&account).await.unwrap();
    assert!(tx.find_password(account.id).await.unwrap().is_none());
    tx.put_password(account.id, &PasswordHash("old".to_owned()), NOW).await.unwrap();
    let (old, new) = (PasswordHash("old".to_owned()), PasswordHash("new".to_owned()));
    tx.put_password(account.id, &new, NOW.plus(HOUR)).await.unwrap();
    assert!(!tx.renew_password(account.id, &old, &hash).await.unwrap(), "another has taken its place");
    assert!(tx.renew_password(account.id, &new, &hash).await.unwrap());
    assert!(!tx.renew_password(at.id(), &hash, &new).await.unwrap());
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    assert_eq!(read.find_account(account.id).await.unwrap().unwrap(), account);
    assert_eq!(read.find_account_by_email("jane@example.org").await.unwrap().unwrap(), account);
    assert!(read.find_account_by_email("jane.doe@example.com").await.unwrap().is_none());
    assert_eq!(read.find_password(account.id).await.unwrap(), Some(hash));
    assert_eq!(read.password_changed_at(account.id).await.unwrap(), Some(NOW.plus(HOUR)));
}

async fn accounts_page_by_page(at: &Place) {
    let mut tx = at.begin().await;
    let mut made = Vec::new();
    for i in 0..5 {
        let account = at.account(&format!("p{i}@example.com"));
        tx.insert_account(&account).await.unwrap();
        made.push(account.id);
    }
    tx.commit().await.unwrap();
    made.sort();
    let (mut seen, mut from) = (Vec::new(), None);
    loop {
        let page = at.read().await.list_accounts(Cursor(from), 2).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|account| account.id));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(seen, made);
    assert_eq!(at.read().await.count_accounts().await.unwrap(), 5);
}

async fn devices_and_sessions(at: &Place) {
    let (account, mut device, mut session) = at.signed_in().await;
    let mut read = at.read().await;
    let found = read.find_signed_in(session.secret).await.unwrap().unwrap();
    assert_eq!((&found.session, &found.account, &found.device), (&session, &account, &device));
    assert!(read.find_signed_in(at.hash()).await.unwrap().is_none());
    assert_eq!(read.find_device_by_secret(account.id, device.secret).await.unwrap().unwrap(), device);
    assert!(read.find_device_by_secret(at.id(), device.secret).await.unwrap().is_none());
    assert_eq!(read.list_devices(account.id).await.unwrap(), std::slice::from_ref(&device));
    assert_eq!(read.list_sessions(account.id, NOW).await.unwrap(), std::slice::from_ref(&session));
    assert!(read.list_sessions(account.id, session.expires_at).await.unwrap().is_empty());

    let old = session.secret;
    (device.place, device.known_at, device.push_offer, device.push_wanted) = (None, None, PushOffer::default(), false);
    device.agent = Agent::default();
    session.secret = at.hash();
    session.auth_time = NOW.plus(HOUR);
    session.amr = Vec::new();
    session.last_seen_at = NOW.plus(HOUR);
    let mut tx = at.begin().await;
    tx.update_device(&device).await.unwrap();
    tx.update_session(&session).await.unwrap();
    tx.touch_session(session.id, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(read.find_signed_in(old).await.unwrap().is_none());
    let found = read.find_signed_in(session.secret).await.unwrap().unwrap();
    assert_eq!(
        (found.session, found.device),
        (session.clone(), device.clone()),
        "an older use does not turn time back"
    );

    let subscription = at.subscription(&session);
    let (later, brussels) =
        (NOW.plus(2 * HOUR), identity::Place { city: None, country: "BE".to_owned(), position: None });
    let mut tx = at.begin().await;
    tx.touch_device(device.id, later, Some(&brussels)).await.unwrap();
    tx.touch_device(device.id, later, None).await.unwrap();
    (device.last_seen_at, device.place) = (later, Some(brussels));
    assert_eq!(tx.find_device(device.id).await.unwrap().unwrap(), device, "a place that is not known changes nothing");
    tx.put_subscription(&subscription).await.unwrap();
    assert!(tx.end_session(session.id, EndReason::EndedByOwner, NOW).await.unwrap());
    assert!(tx.delete_device(device.id).await.unwrap());
    assert!(!tx.delete_device(device.id).await.unwrap());
    tx.commit().await.unwrap();
    assert!(read.find_session(session.id).await.unwrap().is_none());
    assert!(read.find_subscription(subscription.id).await.unwrap().is_none());
    assert!(read.find_account(account.id).await.unwrap().is_some());
}

async fn flows_and_single_uses(at: &Place) {
    let (mut flow, single) = (at.flow(), at.single_use(at.id()));
    let mut tx = at.begin().await;
    tx.insert_flow(&flow).await.unwrap();
    assert_eq!(tx.lock_flow(flow.id).await.unwrap().unwrap(), flow);
    flow.finished_at = Some(NOW);
    flow.registration = None;
    tx.save_flow(&flow).await.unwrap();
    tx.put_single_use(&single).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    assert_eq!(read.find_flow(flow.id).await.unwrap().unwrap(), flow);
    assert_eq!(read.find_single_use(single.hash, Purpose::Code).await.unwrap().unwrap(), single);
    assert!(read.find_single_use(single.hash, Purpose::Setup).await.unwrap().is_none());
}

async fn clients_and_consents(at: &Place) {
    let (account, ..) = at.signed_in().await;
    let mut client = at.client("shop");
    let mut consent = at.consent(account.id, client.id);
    let mut tx = at.begin().await;
    assert!(tx.insert_client(&client).await.unwrap());
    assert!(!tx.insert_client(&at.client("shop")).await.unwrap(), "a client_id belongs to one client");
    client.name = "Shop".to_owned();
    client.disabled_at = Some(NOW);
    tx.update_client(&client).await.unwrap();
    tx.put_consent(&consent).await.unwrap();
    consent.scope = "openid".to_owned();
    consent.last_used_at = NOW.plus(HOUR);
    tx.put_consent(&consent).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    assert_eq!(read.find_client("shop").await.unwrap().unwrap(), client);
    assert_eq!(read.find_client_by_id(client.id).await.unwrap().unwrap(), client);
    assert!(read.find_client("SHOP").await.unwrap().is_none());
    assert_eq!(read.list_clients().await.unwrap(), [client.clone()]);
    assert_eq!(read.find_consent(account.id, client.id).await.unwrap().unwrap(), consent);
    assert_eq!(read.list_consents(account.id).await.unwrap(), [consent]);
    let mut tx = at.begin().await;
    assert!(tx.delete_consent(account.id, client.id).await.unwrap());
    assert!(!tx.delete_consent(account.id, client.id).await.unwrap());
}

async fn grants_and_tokens(at: &Place) {
    let (account, _, session) = at.signed_in().await;
    let client = at.client("shop");
    let mut grant = at.grant(account.id, client.id, session.id);
    let mut own = at.grant(account.id, client.id, session.id);
    (own.account, own.session) = (None, None);
    let mut tx = at.begin().await;
    tx.insert_client(&client).await.unwrap();
    tx.insert_grant(&grant).await.unwrap();
    tx.insert_grant(&own).await.unwrap();
    assert_eq!(tx.lock_grant(grant.id).await.unwrap().unwrap(), grant);
    tx.touch_grant(grant.id, NOW.plus(HOUR)).await.unwrap();
    grant.last_used_at = NOW.plus(HOUR);
    tx.revoke_token("at-1", NOW.plus(HOUR)).await.unwrap();
    tx.revoke_token("at-1", NOW.plus(HOUR)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    assert_eq!(read.find_grant(own.id).await.unwrap().unwrap(), own);
    let there = |now| (session.id, client.id, now);
    let (in_session, of, now) = there(NOW);
    assert_eq!(read.find_grant_in_session(in_session, of, now).await.unwrap(), Some(grant.clone()));
    let (in_session, of, now) = there(grant.expires_at);
    assert_eq!(read.find_grant_in_session(in_session, of, now).await.unwrap(), None);
    assert!(read.is_token_revoked("at-1").await.unwrap());
    assert!(!read.is_token_revoked("at-2").await.unwrap());

    let mut tx = at.begin().await;
    assert!(!tx.begin_grant(&grant).await.unwrap(), "it was made before");
    assert!(tx.rotate_grant(grant.id, 0, NOW).await.unwrap());
    let rotated = tx.lock_grant(grant.id).await.unwrap().unwrap();
    assert_eq!((rotated.generation, rotated.rotated_at, rotated.last_used_at), (1, Some(NOW), NOW));
    assert!(!tx.rotate_grant(grant.id, 0, NOW).await.unwrap(), "another one is due");
    assert!(tx.revoke_grant(grant.id, NOW).await.unwrap());
    assert!(!tx.rotate_grant(grant.id, 1, NOW).await.unwrap(), "it was ended");
    assert!(!tx.revoke_grant(grant.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(read.find_grant(grant.id).await.unwrap().unwrap().revoked_at, Some(NOW));
    assert!(read.apps_in_sessions(account.id, NOW).await.unwrap().is_empty());
}

async fn ending_a_session_spares_offline_access_when_told(at: &Place) {
    let (account, _, session) = at.signed_in().await;
    let (shop, bank) = (at.client("shop"), at.client("bank"));
    let online = at.grant(account.id, shop.id, session.id);
    let mut offline = at.grant(account.id, bank.id, session.id);
    offline.offline = true;
    let mut tx = at.begin().await;
    for client in [&shop, &bank] {
        tx.insert_client(client).await.unwrap();
    }
    for grant in [&online, &offline] {
        tx.insert_grant(grant).await.unwrap();
    }
    assert_eq!(tx.revoke_grants_of_session(session.id, NOW, true).await.unwrap(), 1);
    assert_eq!(tx.find_grant_in_session(session.id, shop.id, NOW).await.unwrap(), None);
    assert_eq!(tx.find_grant_in_session(session.id, bank.id, NOW).await.unwrap().as_ref(), Some(&offline));
    assert_eq!(tx.revoke_grants_of(account.id, Some(shop.id), NOW).await.unwrap(), 0);
    assert_eq!(tx.revoke_grants_of_session(session.id, NOW, false).await.unwrap(), 1);
    for client in [&shop, &bank] {
        tx.insert_grant(&at.grant(account.id, client.id, session.id)).await.unwrap();
    }
    assert_eq!(tx.revoke_grants_of(account.id, Some(shop.id), NOW).await.unwrap(), 1);
    assert_eq!(tx.revoke_grants_of(account.id, None, NOW).await.unwrap(), 1);
    for client in [&shop, &bank] {
        tx.insert_grant(&at.grant(account.id, client.id, session.id)).await.unwrap();
    }
    assert_eq!(tx.revoke_grants_of_device(at.id(), NOW).await.unwrap(), 0);
    assert_eq!(tx.revoke_grants_of_device(session.device, NOW).await.unwrap(), 2);
}

async fn an_app_that_came_again_and_again_is_one_app_in_a_session(at: &Place) {
    let other = at.signed_in().await;
    let (account, device, session) = at.signed_in().await;
    let (shop, bank) = (at.client("shop"), at.client("bank"));
    let mut tx = at.begin().await;
    for client in [&shop, &bank] {
        tx.insert_client(client).await.unwrap();
        for hours in [3, 1, 2] {
            let mut grant = at.grant(account.id, client.id, session.id);
            grant.last_used_at = NOW.plus(HOUR * if client == &shop { hours } else { hours + 10 });
            tx.insert_grant(&grant).await.unwrap();
        }
    }
    let mut old = at.grant(account.id, shop.id, session.id);
    (old.last_used_at, old.expires_at) = (NOW.plus(HOUR * 50), NOW);
    let mut ended = at.grant(account.id, shop.id, session.id);
    (ended.last_used_at, ended.revoked_at) = (NOW.plus(HOUR * 50), Some(NOW));
    let mut nowhere = at.grant(account.id, shop.id, session.id);
    nowhere.session = None;
    let mut elsewhere = at.session(&device);
    elsewhere.id = at.id();
    tx.insert_session(&elsewhere).await.unwrap();
    let mut there = at.grant(account.id, shop.id, elsewhere.id);
    there.last_used_at = NOW.plus(HOUR * 20);
    let (other, _, other_session) = other;
    let theirs = at.grant(other.id, shop.id, other_session.id);
    for grant in [&old, &ended, &nowhere, &there, &theirs] {
        tx.insert_grant(grant).await.unwrap();
    }
    let used = |client: &Client, hours| AppInSession {
        session: session.id,
        client: client.id,
        last_used: NOW.plus(HOUR * hours),
    };
    let in_the_other = AppInSession { session: elsewhere.id, ..used(&shop, 20) };
    let found = tx.apps_in_sessions(account.id, NOW).await.unwrap();
    assert_eq!(found, [in_the_other, used(&bank, 13), used(&shop, 3)]);
    let last = tx.find_grant_in_session(session.id, shop.id, NOW).await.unwrap().unwrap();
    assert_eq!(last.last_used_at, NOW.plus(HOUR * 3));
}

async fn an_app_is_signed_out_of_one_session_and_everything_of_all_others(at: &Place) {
    let (other, _, other_session) = at.signed_in().await;
    let (account, _, session) = at.signed_in().await;
    let (shop, bank) = (at.client("shop"), at.client("bank"));
    let mut tx = at.begin().await;
    let mut nowhere = at.grant(account.id, shop.id, session.id);
    nowhere.session = None;
    for client in [&shop, &bank] {
        tx.insert_client(client).await.unwrap();
        tx.insert_grant(&at.grant(account.id, client.id, session.id)).await.unwrap();
        tx.insert_grant(&at.grant(account.id, client.id, session.id)).await.unwrap();
    }
    let theirs = at.grant(other.id, shop.id, other_session.id);
    let mut old = at.grant(account.id, shop.id, session.id);
    old.expires_at = NOW;
    for grant in [&nowhere, &theirs, &old] {
        tx.insert_grant(grant).await.unwrap();
    }
    assert_eq!(tx.revoke_grants_of_app(at.id(), shop.id, NOW).await.unwrap(), 0, "another session");
    assert_eq!(tx.revoke_grants_elsewhere(account.id, session.id, NOW).await.unwrap(), 1, "the one of no session");
    assert_eq!(tx.revoke_grants_of_app(session.id, shop.id, NOW).await.unwrap(), 2);
    assert_eq!(tx.revoke_grants_of_app(session.id, shop.id, NOW).await.unwrap(), 0, "they have ended");
    assert_eq!(tx.revoke_grants_elsewhere(account.id, at.id(), NOW).await.unwrap(), 3, "the bank's, and what expired");
    assert_eq!(tx.find_grant(theirs.id).await.unwrap().unwrap().revoked_at, None, "another's");
}

async fn keys(at: &Place) {
    let (mut first, mut second, vapid) = (at.key(KeyUse::Sign), at.key(KeyUse::Sign), at.key(KeyUse::Vapid));
    second.signs_from = NOW;
    let mut tx = at.begin().await;
    for key in [&first, &second, &vapid] {
        tx.insert_key(key).await.unwrap();
    }
    first.retired_at = Some(NOW);
    tx.update_key(&first).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = at.read().await;
    let found = read.list_keys(KeyUse::Sign).await.unwrap();
    assert_eq!(format!("{found:?}"), format!("{:?}", [second, first]), "in the order in which they sign");
    assert_eq!(read.list_keys(KeyUse::Vapid).await.unwrap()[0].private, vapid.private);
}

async fn every_event(at: &Place) {
    let (id, agent, app) = (at.id(), at.agent(), "Acme".to_owned());
    let (email, name): (base::Email, _) = ("jane@example.com".parse().unwrap(), "Jane".to_owned());
    let (topic, channel) = (Topic::NewDevice, identity::Channel::Email);
    let all = [
        Event::AccountCreated {},
        Event::RegistrationRequested(AskedToJoin { flow: id, email: email.clone(), name, locale: None, number: 2 }),
        Event::Invited(Invitation { email: email.clone(), name: None, until: NOW }),
        Event::SignInCodeRequested(AskedForCode { flow: id, number: 3, email: email.clone(), locale: None }),
        Event::ResetRequested(AskedForReset { email, locale: Some("fr".to_owned()) }),
        Event::LoginSucceeded { session: id, app: None },
        Event::NewDevice { session: id, device: id, app: Some(app.clone()) },
        Event::Guessing {},
        Event::Risk {
            findings: vec![identity::risk::Finding {
                rule: identity::risk::Rule::ManyAddresses,
                action: identity::risk::Action::Ask,
            }],
            outcome: identity::risk::Outcome::Asked,
            app: Some("Acme".to_owned()),
        },
        Event::ManyAccountsTried { network: "2001:db8::/64".to_owned(), accounts: 12 },
        Event::ManyAddressesTried { addresses: 700 },
        Event::DeviceConfirmed { device: id, agent: agent.clone() },
        Event::SessionEnded { session: id, agent, reason: EndReason::Replaced },
        Event::AppConnected { app: app.clone(), scope: "openid".to_owned() },
        Event::PreferencesChanged { topic, channel, on: false },
        Event::TokenReplayed { app },
    ];
    for event in all {
        let record = EventRecord { event, ..at.event(id) };
        let bare = EventRecord { account: None, device: None, place: None, id: at.id(), ..record.clone() };
        let mut tx = at.begin().await;
        tx.emit(&record).await.unwrap();
        tx.emit(&bare).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(at.read().await.find_event(record.id).await.unwrap().unwrap(), record);
        assert_eq!(at.read().await.find_event(bare.id).await.unwrap().unwrap(), bare);
    }
}

async fn events_newest_first_page_by_page(at: &Place) {
    let account = at.id();
    let mut tx = at.begin().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        let event = at.event(account);
        tx.emit(&event).await.unwrap();
        made.push(event.id);
    }
    tx.emit(&at.event(at.id())).await.unwrap();
    tx.commit().await.unwrap();
    made.reverse();
    let mut read = at.read().await;
    let first = read.list_events(account, Cursor(None), 3).await.unwrap();
    assert_eq!(first.items.iter().map(|event| event.id).collect::<Vec<_>>(), made[..3]);
    let second = read.list_events(account, Cursor(first.next), 3).await.unwrap();
    assert_eq!(second.items.iter().map(|event| event.id).collect::<Vec<_>>(), made[3..]);
    assert_eq!(second.next, None);
    assert!(read.list_events(account, Cursor(Some(at.id())), 3).await.unwrap().items.is_empty());
}
