//! A code by mail that signs in: asked for and typed in one browser, and worth little.

use actix_web::http::{Method, StatusCode};
use app::operate::NewUser;
use futures_util::future::join_all;
use identity::login::{Assurance, Method as Way, Methods};
use std::time::Duration;
use testkit::browser::{Browser, CHROME, FIREFOX, Reply, SAFARI};
use testkit::code_app::set_up_app;
use testkit::house::House;
use testkit::people::{App, PASSWORD, claims, jane};
use testkit::{planned, stories};

const JANE: &str = "jane@example.com";
const SUBJECT: &str = "Your code for Acme";

async fn post(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
    let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    browser.post(path, &fields).await
}

/// Begins a sign-in and asks for a code, as the button on the sign-in page does. Answers with the flow and the next page.
async fn ask(browser: &mut Browser, email: &str) -> (String, Reply) {
    let page = browser.open("/login").await;
    page.says("Email me a code");
    let flow = page.form("/login").value("flow").to_owned();
    let page = ask_again(browser, &flow, email).await;
    (flow, page)
}

async fn ask_again(browser: &mut Browser, flow: &str, email: &str) -> Reply {
    let reply = post(browser, "/login/code/send", &[("flow", flow), ("username", email), ("password", "")]).await;
    browser.follow(reply).await
}

async fn give(browser: &mut Browser, flow: &str, code: &str) -> Reply {
    post(browser, "/login/code", &[("flow", flow), ("code", code)]).await
}

async fn mailed(house: &House) -> String {
    house.post.take(JANE, SUBJECT).await.code().expect("a code")
}

/// A code that is not this one.
fn wrong(code: &str, n: u32) -> String {
    let right: u32 = code.parse().unwrap();
    format!("{:06}", (right + 1 + n) % 1_000_000)
}

fn has_session(browser: &mut Browser) -> bool {
    browser.cookies().contains_key("__Host-wb_session")
}

/// Without what differs between any two answers.
fn alike(reply: &Reply, email: &str, flow: &str) -> String {
    let id = reply.header("x-request-id");
    format!("{} {}", reply.status, reply.body.replace(email, "ADDRESS").replace(flow, "FLOW").replace(id, "ID"))
}

stories! {
    async fn a_code_from_the_mail_signs_in_the_browser_that_asked_and_no_other(house: House) {
        jane(&house).await;
        let mut here = house.browser(CHROME);
        let (flow, page) = ask(&mut here, JANE).await;
        page.says("If jane@example.com has an account here, a code is on its way");
        let letter = house.post.take(JANE, SUBJECT).await;
        let code = letter.code().unwrap();
        for word in ["Chrome on Windows", "10 minutes", "nobody gets in"] {
            assert!(letter.text.contains(word), "{word}: {}", letter.text);
        }
        assert!(!letter.subject.contains(&code), "a locked screen shows subjects");
        assert!(!letter.text.contains(&flow) && !letter.text.contains("/login"), "no link signs in: {}", letter.text);

        let mut thief = house.browser(SAFARI);
        assert_eq!(give(&mut thief, &flow, &code).await.status, StatusCode::FORBIDDEN, "another browser");
        let (own, _) = ask(&mut thief, JANE).await;
        assert_eq!(give(&mut thief, &own, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY, "another flow");
        assert!(!has_session(&mut thief));

        let grouped = format!(" {} {}", &code[..3], &code[3..]);
        let reply = give(&mut here, &flow, &grouped).await;
        here.follow(reply).await;
        here.open("/account").await.says("Jane Doe");
        house.post.take(JANE, "New sign-in").await;
        let mut again = house.browser(FIREFOX);
        assert_eq!(give(&mut again, &flow, &code).await.status, StatusCode::FORBIDDEN);
    }

    async fn an_app_learns_that_it_was_a_code_by_mail_and_one_factor(house: House) {
        jane(&house).await;
        let shop = App::first_party(&house).await;
        let mut browser = house.browser(CHROME);
        let page = browser.open(&shop.request(&[])).await;
        let flow = page.form("/login").value("flow").to_owned();
        ask_again(&mut browser, &flow, JANE).await.says("to continue to Acme Shop");
        let reply = give(&mut browser, &flow, &mailed(&house).await).await;
        let back = browser.follow(reply).await;
        let tokens = shop.redeem(&house, &back.parameter("code").unwrap()).await.json();
        let claims = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!((claims["acr"].as_str(), claims["amr"].to_string()), (Some(Assurance::OneFactor.acr()), "[\"email\"]".into()));
    }

    async fn only_the_newest_code_works_and_only_once_and_for_ten_minutes(house: House) {
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let (flow, page) = ask(&mut browser, JANE).await;
        let first = mailed(&house).await;
        let page = browser.submit_and_follow(page.form("/login/code/send")).await;
        page.says("We sent the mail again");
        let second = mailed(&house).await;
        if first != second {
            assert_eq!(give(&mut browser, &flow, &first).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        house.clock.advance(Duration::from_secs(10 * 60));
        let late = give(&mut browser, &flow, &second).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        late.says("too old");
        ask_again(&mut browser, &flow, JANE).await;
        let third = mailed(&house).await;
        // As many as are left: each is counted before it is looked at.
        let mut copies: Vec<Browser> = (0..4).map(|_| browser.clone()).collect();
        let replies = join_all(copies.iter_mut().map(|copy| give(copy, &flow, &third))).await;
        let won = replies.iter().filter(|reply| reply.header("set-cookie").contains("wb_")).count();
        assert_eq!(won, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
        let signed = copies.iter_mut().filter_map(|copy| has_session(copy).then_some(copy)).count();
        assert_eq!(signed, 1);
    }

    /// CVE-2024-4629 and its kin: what is guessed at once counts as what is guessed in a row.
    async fn five_wrong_codes_end_the_sign_in_also_when_twenty_come_at_once(house: House) {
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let (flow, _) = ask(&mut browser, JANE).await;
        let code = mailed(&house).await;
        assert_eq!(give(&mut browser, &flow, "12345").await.status, StatusCode::UNPROCESSABLE_ENTITY, "no code at all");
        for n in 0..4 {
            let page = give(&mut browser, &flow, &wrong(&code, n)).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says("isn’t the code of our newest mail");
        }
        let reply = give(&mut browser, &flow, &wrong(&code, 4)).await;
        let page = browser.follow(reply).await;
        page.says("Too many wrong codes, so we began again");
        assert_ne!(page.form("/login").value("flow"), flow);
        let dead = give(&mut browser, &flow, &code).await;
        assert!(dead.status.is_redirection(), "{}", dead.status);
        assert!(!has_session(&mut browser), "the right one comes too late");

        let (flow, _) = ask(&mut browser, JANE).await;
        let code = mailed(&house).await;
        let mut copies: Vec<Browser> = (0..20).map(|_| browser.clone()).collect();
        let guesses: Vec<String> = (0..20).map(|n| wrong(&code, n)).collect();
        let replies = join_all(copies.iter_mut().zip(&guesses).map(|(copy, guess)| give(copy, &flow, guess))).await;
        let looked_at = replies.iter().filter(|reply| reply.status == StatusCode::UNPROCESSABLE_ENTITY).count();
        assert!(looked_at <= 5, "{looked_at} were looked at");
        assert!(!copies.iter_mut().any(has_session));
        assert!(give(&mut browser, &flow, &code).await.status.is_redirection(), "it is over");
        assert!(!has_session(&mut browser));
    }

    /// ASVS 6.3.8.
    async fn an_unknown_address_is_answered_as_a_known_one(house: House) {
        jane(&house).await;
        let mut answers = Vec::new();
        for email in [JANE, "nobody@example.com"] {
            let mut browser = house.browser(CHROME);
            let page = browser.open("/login").await;
            let flow = page.form("/login").value("flow").to_owned();
            let sent = post(&mut browser, "/login/code/send", &[("flow", &flow), ("username", email)]).await;
            let mut all = vec![sent.location().replace(&flow, "FLOW")];
            let page = browser.follow(sent).await;
            all.push(alike(&page, email, &flow));
            let again = browser.submit_and_follow(page.form("/login/code/send")).await;
            all.push(alike(&again, email, &flow));
            for n in 0..4 {
                // Jane's own codes are not known here: one of a million is no matter.
                all.push(alike(&give(&mut browser, &flow, &format!("99999{n}")).await, email, &flow));
            }
            let over = give(&mut browser, &flow, "999999").await;
            all.push(over.location().split("flow=").next().unwrap().to_owned());
            // And until no more are sent.
            for _ in 0..4 {
                let page = browser.open("/login").await;
                let flow = page.form("/login").value("flow").to_owned();
                let reply = ask_again(&mut browser, &flow, email).await;
                all.push(alike(&reply, email, &flow));
            }
            answers.push(all);
        }
        for (known, unknown) in answers[0].iter().zip(&answers[1]) {
            assert_eq!(known, unknown);
        }
        assert!(answers[0].last().unwrap().starts_with("429"), "mails are limited: {}", answers[0].last().unwrap());
        house.post.take(JANE, SUBJECT).await;
        assert!(house.post.letters_to("nobody@example.com").is_empty());
    }

    async fn who_has_a_second_factor_or_runs_the_house_gets_a_mail_that_says_how_to_sign_in(house: House) {
        let mut owner = jane(&house).await;
        let mut early = house.browser(SAFARI);
        let (flow, _) = ask(&mut early, JANE).await;
        let code = mailed(&house).await;
        set_up_app(&house, &mut owner).await;
        let new = NewUser { email: "boss@example.com".into(), name: "Boss".into(), password: None, admin: true };
        house.here().add_user(new).await.unwrap_or_else(|e| panic!("{e:?}"));
        for email in [JANE, "boss@example.com"] {
            let mut browser = house.browser(CHROME);
            ask(&mut browser, email).await.1.says("a code is on its way");
            let letter = house.post.take(email, "another way").await;
            assert_eq!(letter.code(), None, "{}", letter.text);
        }
        // A code that was sent before the second factor was there.
        let reply = give(&mut early, &flow, &code).await;
        let page = early.follow(reply).await;
        page.says("Your account takes more than a code by mail");
        assert!(!has_session(&mut early));
        let page = early.submit_and_follow(page.form("/login").with("username", JANE).with("password", PASSWORD)).await;
        page.says("One more step");
    }

    /// A code by mail proves nobody anew, and never more than one weak factor.
    async fn where_more_is_asked_for_there_is_no_code_and_a_way_on(house: House) {
        let shop = App::first_party(&house).await;
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let (flow, _) = ask(&mut browser, JANE).await;
        let reply = give(&mut browser, &flow, &mailed(&house).await).await;
        browser.follow(reply).await;
        house.clock.advance(Duration::from_secs(10));
        // Its session changes nothing: it is asked for a better proof, and not for another code.
        let step_up = browser.open("/account/signin/app").await;
        let again = browser.open(&shop.request(&[("prompt", "login")])).await;
        let more = browser.open(&shop.request(&[("acr_values", "urn:watchbell:acr:2")])).await;
        let mut fresh = house.browser(FIREFOX);
        let strict = fresh.open(&shop.request(&[("acr_values", "urn:watchbell:acr:2")])).await;
        for (browser, page) in [(&mut browser, step_up), (&mut fresh, strict)] {
            assert!(!page.body.contains("/login/code"), "no button: {}", page.text());
            let flow = page.form("/login").value("flow").to_owned();
            for reply in [
                ask_again(browser, &flow, JANE).await,
                give(browser, &flow, "123456").await,
                browser.open(&format!("/login/code?flow={flow}")).await,
            ] {
                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.text());
                reply.says("something stronger than a code by mail");
                assert_eq!(testkit::people::link(&reply, "/login?flow="), format!("/login?flow={flow}"));
            }
        }
        for page in [again, more] {
            assert!(!page.body.contains("/login/code"), "no button beside a session: {}", page.text());
        }
        let options = browser.json(Method::POST, "/account/api/keys/options", &serde_json::json!({ "kind": "passkey" })).await;
        assert_eq!(options.status, StatusCode::FORBIDDEN, "{}", options.body);
    }
}

planned! {
    async fn an_operator_can_switch_it_off(house: House, plan) {
        plan.settings.sign_in.methods = Methods::of(Way::ALL.into_iter().filter(|way| *way != Way::MailCode));
    } {
        jane(&house).await;
        let mut browser = house.browser(CHROME);
        let page = browser.open("/login").await;
        assert!(!page.body.contains("/login/code"), "{}", page.text());
        let flow = page.form("/login").value("flow").to_owned();
        for reply in [ask_again(&mut browser, &flow, JANE).await, give(&mut browser, &flow, "123456").await] {
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.text());
            reply.says("Sign in another way");
        }
        let letters = house.post.letters_to(JANE);
        assert!(letters.iter().all(|letter| letter.code().is_none()), "none was sent");
    }
}
