//! "I have lost everything": the way back, its wait, and who can stop it.

mod at_once;
mod doors;
mod rings;
mod stops;
mod way;

use base::Id;
use identity::{Account, Device, FederatedIdentity, RecoveryCode, Totp};
use std::time::Duration;
use testkit::browser::{Browser, Reply};
use testkit::house::House;

const JANE: &str = "jane@example.com";
const HOUR: Duration = Duration::from_secs(3_600);
const WAIT: Duration = Duration::from_secs(72 * 3_600);

async fn account(house: &House) -> Account {
    let mut read = house.store.read(house.here().tenant().id).await.unwrap();
    read.find_account_by_email(JANE).await.unwrap().unwrap()
}

/// Gives Jane everything that one can have beside a password.
pub(crate) async fn give_everything(house: &House) -> Account {
    let jane = account(house).await;
    let now = house.clock.now();
    let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
    let totp = Totp {
        account: jane.id,
        sealed: vec![1; 60],
        last_step: 0,
        created_at: now,
        confirmed_at: Some(now),
        last_used_at: None,
    };
    tx.put_totp(&totp).await.unwrap();
    let hash = base::SecretHash([7; 32]);
    tx.replace_recovery_codes(jane.id, &[RecoveryCode { account: jane.id, hash, created_at: now, used_at: None }])
        .await
        .unwrap();
    let identity = FederatedIdentity {
        id: Id::from_bytes([9; 16]),
        account: jane.id,
        provider: "google".into(),
        issuer: "https://accounts.google.test".into(),
        subject: "4711".into(),
        email: Some("jane@gmail.test".into()),
        name: None,
        created_at: now,
        last_used_at: None,
    };
    assert!(tx.insert_identity(&identity).await.unwrap());
    for device in tx.list_devices(jane.id).await.unwrap() {
        tx.update_device(&Device { trusted_until: Some(now.plus(720 * HOUR)), ..device }).await.unwrap();
    }
    tx.commit().await.unwrap();
    jane
}

async fn ask(browser: &mut Browser, email: &str) -> Reply {
    let page = browser.open("/recovery").await;
    browser.submit(page.form("/recovery").with("username", email)).await
}

/// Asks for it and begins the wait, in this browser. Answers with the link that began it.
pub(crate) async fn begin(house: &House, browser: &mut Browser) -> String {
    ask(browser, JANE).await.says("next step");
    let link = house.post.take(JANE, "way back").await.link("/recovery/begin");
    let page = browser.open(&link).await;
    browser.submit_and_follow(page.form("/recovery/begin")).await.says("under way");
    link
}

/// The time passes, and what is due is told.
async fn pass(house: &House, span: Duration) {
    house.clock.advance(span);
    house.app.tend_recoveries().await.unwrap();
}

/// Begins and waits; answers with the link that ends it.
async fn wait_for_the_link(house: &House, browser: &mut Browser) -> String {
    begin(house, browser).await;
    pass(house, WAIT).await;
    house.post.take(JANE, "now").await.link("/recovery/finish")
}

async fn finish(browser: &mut Browser, link: &str, password: &str) -> Reply {
    let page = browser.open(link).await;
    browser.submit(page.form("/recovery/finish").with("password", password)).await
}

async fn gone(browser: &mut Browser, link: &str) {
    let page = browser.open(link).await;
    assert!(page.status.is_client_error() && !page.body.contains("name=\"password\""), "{}: {}", link, page.text());
}
