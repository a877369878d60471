//! kill -9 while a yes is on its way: a change was done or it waits, and the log, the page and the account say the same.

use super::*;
use testkit::binary::Binary;
use testkit::smtp::Postbox;

const ROUNDS: u64 = 9;

/// Registers against the running program; mail goes to our own postbox, which outlives it.
async fn register(post: &Postbox, browser: &mut Browser) {
    let page = browser.open("/login").await;
    let page = browser.open(&link(&page, "/register")).await;
    let form = page.form("/register").with("username", JANE).with("name", "Jane Doe").with("password", PASSWORD);
    browser.submit_and_follow(form).await;
    let letter = post.take(JANE, "").await;
    let page = browser.open(&letter.link("/confirm")).await;
    browser.submit_and_follow(page.form("/confirm")).await;
}

/// The requests of one round: the new address has proven itself, only the yes is missing.
async fn ready(post: &Postbox, laptop: &mut Browser, email: &str) -> (String, String) {
    let page = ask_for_email(laptop, email).await;
    let change = path(&page);
    let code = post.take(email, "Your code").await.code().unwrap();
    give_code(laptop, &change, ("new_code", &code)).await;
    // The mailbox before is asked while it could still have itself back.
    let yes = post.take(JANE, "Confirm").await.code().unwrap();
    (change, yes)
}

#[actix_web::test]
async fn a_change_is_done_whole_or_not_at_all_whenever_the_process_is_killed() {
    let post = Postbox::open().await;
    let settings = [
        ("WATCHBELL_MAIL__SMTP_URL", post.url()),
        ("WATCHBELL_PASSWORD__MEMORY_KIB", "64"),
        ("WATCHBELL_PASSWORD__ITERATIONS", "1"),
    ];
    let mut program = Binary::dev_with(&settings).await;
    let mut laptop = program.browser(FIREFOX);
    register(&post, &mut laptop).await;
    let mut done = 0;
    for round in 0..ROUNDS {
        let before = address(&mut laptop).await;
        let email = format!("jane{round}@new.example");
        let (change, yes) = ready(&post, &mut laptop, &email).await;
        let mut answering = laptop.clone();
        let (to, fields) = (format!("{change}/code"), [("code".to_owned(), yes)]);
        let answer = tokio::task::spawn_local(async move { answering.post(&to, &fields).await.status });
        tokio::time::sleep(Duration::from_millis(4 * round)).await;
        program.kill();
        // What met the kill was not acknowledged.
        let acknowledged = answer.await.is_ok_and(|status| status.is_redirection());
        program.start_again().await;
        let now = address(&mut laptop).await;
        let seen = laptop.get(&change).await;
        let log = laptop.open("/account/activity").await.text();
        let told = log.matches(&format!("Mail address changed to {email}")).count();
        if now == email {
            assert!(seen.status.is_redirection(), "its page leads on: {}", seen.body);
            assert_eq!(told, 1, "it is told once: {log}");
            done += 1;
        } else {
            assert_eq!(now, before, "nothing else stands there");
            assert!(!acknowledged, "what was answered is done");
            seen.says("This page moves on by itself");
            assert_eq!(told, 0, "{log}");
        }
    }
    assert!(done > 0, "a kill that is late enough comes after the deed");
    assert!(program.stop().await.success());
}
