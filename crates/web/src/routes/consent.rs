//! What an app may see.

use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use app::oidc::{ConsentAnswer, ConsentPage, DeviceAsks};
use base::routes;
use oauth::authorization_details::AuthorizationDetail;
use oauth::client::RegisteredBy;
use oauth::registration::host_of;
use serde_json::Value;
use url::Url;
use view::pages::ScopeLine;
use view::pages::device::AskingDevice;
use view::pages::error::Trouble;
use view::pages::login::{Consent, Detail, SaidBy};

/// The page of a flow.
pub(crate) async fn page(guest: Guest) -> Reply {
    let Some(flow) = guest.flow() else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    match guest.here().consent_page(flow, guest.visitor()).await {
        Ok(page) => {
            let sheet = Sheet::new(&guest).flow(flow).leads_to(page.redirect_uri.clone());
            sheet.show(&shown(&guest, page))
        }
        Err(problem) => Err(reply::flow(&guest, flow, problem).await),
    }
}

/// "Allow" or "Deny". Anything else is neither.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let Some(flow) = form.id("flow") else { return Err(reply::trouble(&guest, Trouble::FlowGone { restart: None })) };
    let allow = match form.filled("decision") {
        Some("allow") => true,
        Some("deny") => false,
        Some(_) | None => return Err(reply::unreadable(&guest)),
    };
    let answer = ConsentAnswer { flow, allow, email: form.filled("email").unwrap_or_default().to_owned() };
    let work = guest.clone();
    match run(async move { work.here().answer_consent(answer, work.visitor()).await }).await {
        Ok(made) => Ok(reply::step(&guest, reply::made(&guest, made, routes::ACCOUNT)?)),
        Err(problem) => Err(reply::flow(&guest, flow, problem).await),
    }
}

/// A scope in our words, or in the operator's for one of its own.
pub(crate) fn scope_line(guest: &Guest, name: &str) -> ScopeLine {
    ScopeLine { name: name.to_owned(), words: guest.here().scope_words(name, guest.locale().tag()) }
}

fn shown(guest: &Guest, page: ConsentPage) -> Consent {
    let origin = |uri: &str| Url::parse(uri).ok().map(|url| url.origin().ascii_serialization());
    let registered = page.client.registration.as_ref().map(|registration| registration.by);
    let host = |uri: String| Url::parse(&uri).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or(uri);
    let device = |asks: DeviceAsks| AskingDevice {
        code: asks.user_code,
        agent: asks.agent,
        place: asks.place,
        since: asks.since,
    };
    // The policy loads pictures from nowhere else, and who registers an app itself could take our own for it.
    let own = guest.here().tenant().origin.as_str();
    let logo = page.client.logo_uri.filter(|logo| registered.is_none() && origin(logo).as_deref() == Some(own));
    Consent {
        flow: page.flow.to_string(),
        app: page.client.name,
        logo,
        home: page.client.home_url,
        policy: page.client.policy_uri,
        terms: page.client.tos_uri,
        host: page.redirect_uri.map(host),
        device: page.device.map(device),
        email: page.email,
        scopes: page.scopes.iter().map(|name| scope_line(guest, name)).collect(),
        details: page.details.iter().map(detail).collect(),
        said_by: registered.map(|came| said_by(came, &page.client.client_id)),
    }
}

pub(crate) fn said_by(came: RegisteredBy, client_id: &str) -> SaidBy {
    match came {
        RegisteredBy::Anybody | RegisteredBy::InitialToken => SaidBy::Itself,
        RegisteredBy::Document => SaidBy::Document { host: host_of(client_id).unwrap_or_default() },
    }
}

/// The names that an app gives its members are all there is to show; spaced out they read like words.
pub(crate) fn detail(detail: &AuthorizationDetail) -> Detail {
    let mut lines = Vec::new();
    for (name, value) in &detail.members {
        describe(words(name), value, &mut lines);
    }
    Detail { title: words(&detail.kind), lines }
}

fn describe(label: String, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| describe(format!("{label}: {}", words(name)), value, lines));
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            lines.push((label, items.iter().map(plain).collect::<Vec<_>>().join(", ")));
        }
        Value::Array(items) => items.iter().for_each(|item| describe(label.clone(), item, lines)),
        one => lines.push((label, plain(one))),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `instructedAmount` and `payment_initiation` as words: "Instructed amount", "Payment initiation".
fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        match character {
            '_' | '-' => out.push(' '),
            upper if upper.is_uppercase() && out.ends_with(char::is_lowercase) => {
                out.push(' ');
                out.extend(upper.to_lowercase());
            }
            first if out.is_empty() => out.extend(first.to_uppercase()),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payment_of_the_specification_reads_like_words() {
        // RFC 9396 §2, figure 2.
        let payment: AuthorizationDetail = serde_json::from_str(
            r#"{"type":"payment_initiation","actions":["initiate","status"],
                "instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"Merchant A",
                "parts":[{"no":1},{"no":2}],"urgent":true}"#,
        )
        .unwrap();
        let shown = detail(&payment);
        assert_eq!(shown.title, "Payment initiation");
        let lines: Vec<String> = shown.lines.into_iter().map(|(label, value)| format!("{label} = {value}")).collect();
        assert_eq!(
            lines,
            [
                "Actions = initiate, status",
                "Creditor name = Merchant A",
                "Instructed amount: Amount = 123.50",
                "Instructed amount: Currency = EUR",
                "Parts: No = 1",
                "Parts: No = 2",
                "Urgent = true",
            ]
        );
    }
}
