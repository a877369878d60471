//! A code by mail, asked for and typed.

use super::Sample;
use crate::pages::mail_code::{AskCode, MailCodeProblem, TypeCode};
use base::routes;

pub(super) fn pages() -> Vec<Sample> {
    let flow = || "01999b7e-0000-7000-8000-000000000001".to_owned();
    let app = || Some("Acme Shop".to_owned());
    let ask = AskCode { flow: flow(), app: app(), username: String::new(), problem: None };
    let page = TypeCode { flow: flow(), app: app(), email: "jane@example.com".to_owned(), problem: None };
    let asked = |name, problem| {
        let (username, problem) = ("jane@example".to_owned(), Some(problem));
        Sample::new(name, routes::LOGIN_CODE, AskCode { username, problem, ..ask.clone() })
    };
    let with =
        |name, problem| Sample::new(name, routes::LOGIN_CODE, TypeCode { problem: Some(problem), ..page.clone() });
    vec![
        Sample::new("mail-code-ask", routes::LOGIN_CODE, ask.clone()),
        asked("mail-code-ask-email", MailCodeProblem::Email),
        asked("mail-code-ask-too-many", MailCodeProblem::TooMany { wait: 3_600 }),
        Sample::new("mail-code", routes::LOGIN_CODE, page.clone()),
        Sample::new("mail-code-no-app", routes::LOGIN_CODE, TypeCode { app: None, ..page.clone() }),
        with("mail-code-wrong", MailCodeProblem::Wrong),
        with("mail-code-malformed", MailCodeProblem::Malformed),
        with("mail-code-late", MailCodeProblem::Late),
        with("mail-code-closed", MailCodeProblem::Closed),
        with("mail-code-too-many", MailCodeProblem::TooMany { wait: 540 }),
    ]
}
