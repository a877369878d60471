//! What an app asks a person who is elsewhere.

use super::{Sample, ago, later};
use crate::pages::ScopeLine;
use crate::pages::ask::{AskPage, AskPhase};
use crate::pages::login::{Detail, SaidBy};
use base::routes;

const ID: &str = "01999b7e-0000-7000-8000-0000000000a5";

pub(super) fn pages() -> Vec<Sample> {
    let waits = |may, way: Option<&str>| AskPhase::Waits { until: later(0), may, way: way.map(str::to_owned) };
    let page = AskPage {
        id: ID.to_owned(),
        account: "jane@example.com".to_owned(),
        app: "Acme Bank".to_owned(),
        said_by: None,
        message: Some("W4-SCT".to_owned()),
        number: false,
        scopes: ["openid", "profile"].map(ScopeLine::from).to_vec(),
        details: Vec::new(),
        asked_at: ago(0),
        phase: waits("allow", None),
        left: None,
    };
    let payment = Detail {
        title: "Payment initiation".to_owned(),
        lines: vec![("Amount".to_owned(), "123.50".to_owned()), ("Creditor".to_owned(), "Merchant A".to_owned())],
    };
    let number = AskPage { message: None, number: true, ..page.clone() };
    let bare = AskPage { account: "j…@example.com".to_owned(), message: None, scopes: Vec::new(), ..page.clone() };
    let over = |name, how| Sample::new(name, routes::ASK, AskPage { phase: AskPhase::Over { how }, ..bare.clone() });
    let with = |name, page: AskPage| Sample::new(name, routes::ASK, page);
    let way = format!("{}?prove=1", routes::ASK);
    vec![
        with("ask", page.clone()),
        with("ask-number", number.clone()),
        with("ask-wrong-number", AskPage { left: Some(1), ..number }),
        with("ask-payment", AskPage { details: vec![payment], said_by: Some(SaidBy::Itself), ..page.clone() }),
        with("ask-prove-first", AskPage { phase: waits("prove-first", Some(&way)), ..page.clone() }),
        with("ask-sign-in-first", AskPage { phase: waits("sign-in-first", Some(routes::LOGIN)), ..bare.clone() }),
        with("ask-elsewhere", AskPage { phase: waits("elsewhere", None), ..page }),
        over("ask-allowed", "allowed"),
        over("ask-denied", "denied"),
        over("ask-replaced", "replaced"),
        over("ask-expired", "expired"),
    ]
}
