//! Apps that register themselves.

use super::format;
use crate::cli::{ClientLog, ClientPurge, ClientRemove, TokenAdd, TokenCommand, TokenWithdraw};
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use app::Problem;
use app::oidc::TokenRefusal;
use base::Timestamp;
use identity::{Event, OwnRegistration};
use serde_json::{Value, json};
use std::time::Duration;
use store::model::InitialToken;

/// The commands about initial access tokens.
pub(super) async fn token(command: &TokenCommand) -> Result<(), Trouble> {
    match command {
        TokenCommand::Add(options) => add(options).await,
        TokenCommand::List(common) => list(common).await,
        TokenCommand::Withdraw(options) => withdraw(options).await,
    }
}

async fn add(options: &TokenAdd) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let given = here.add_initial_token(&options.name, options.uses, days(options.days)).await.map_err(why)?;
    if !here.takes_registrations() {
        say::warning("apps can't register themselves: set mode = \"token\" in [app_registration]");
    }
    let secret = given.secret.reveal();
    if format(&options.common) == Format::Json {
        let mut row = row(&given.token, installation.clock.now());
        if let Some(members) = row.as_object_mut() {
            members.insert("token".to_owned(), json!(secret));
        }
        return say::json(&row);
    }
    say::line(format_args!("{secret}\n"));
    say::line(format_args!(
        "Keep it now: it can't be shown again. With it, {} can register at\n{}",
        if given.token.uses == 1 { "one app".to_owned() } else { format!("{} apps", given.token.uses) },
        here.url(base::routes::REGISTER_CLIENT),
    ));
    Ok(())
}

async fn list(common: &crate::cli::Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let (tokens, now) = (installation.here()?.initial_tokens().await?, installation.clock.now());
    match format(common) {
        Format::Json => return say::json(&tokens.iter().map(|token| row(token, now)).collect::<Vec<_>>()),
        Format::Text if tokens.is_empty() => say::line("No tokens: make one with `watchbell client token add`."),
        Format::Text => {
            let cells = |token: &InitialToken| {
                let used = format!("{} of {}", token.used, token.uses);
                vec![
                    token.id.to_string(),
                    token.name.clone(),
                    used,
                    token.expires_at.to_jiff().to_string(),
                    state(token, now).to_owned(),
                ]
            };
            let cells: Vec<_> = tokens.iter().map(cells).collect();
            say::line(say::table(&["ID", "NAME", "USED", "WORKS UNTIL", "STATE"], &cells));
        }
    }
    Ok(())
}

async fn withdraw(options: &TokenWithdraw) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let unknown = || Trouble::new(format!("no token {} stands: see `watchbell client token list`", options.id));
    let id = options.id.parse().map_err(|_| unknown())?;
    if !installation.here()?.withdraw_initial_token(id).await? {
        return Err(unknown());
    }
    match format(&options.common) {
        Format::Json => say::json(&json!({ "id": options.id, "state": "withdrawn" })),
        Format::Text => {
            say::line("Withdrawn. The apps that were registered with it stay.");
            Ok(())
        }
    }
}

/// Deletes one app.
pub(super) async fn remove(options: &ClientRemove) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    if !installation.here()?.remove_client(&options.id).await? {
        return Err(Trouble::new(format!("there is no app {}: `watchbell client list` shows them", options.id)));
    }
    match format(&options.common) {
        Format::Json => say::json(&json!({ "client_id": options.id, "removed": true })),
        Format::Text => {
            say::line(format_args!("Removed {}. Its tokens are worth nothing any more.", options.id));
            Ok(())
        }
    }
}

/// What apps did by themselves.
pub(super) async fn log(options: &ClientLog) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let told = here.own_registrations(here.now().minus(days(options.days))).await?;
    let rows = told.into_iter().filter_map(|record| Some((record.at, record.event.kind(), own(record.event)?)));
    match format(&options.common) {
        Format::Json => {
            let row = |(at, kind, own): (Timestamp, &str, OwnRegistration)| {
                json!({
                    "at": at.to_jiff().to_string(), "kind": kind, "client_id": own.client_id, "name": own.app,
                    "by": own.by, "token": own.token, "changed": own.changed,
                })
            };
            return say::json(&rows.map(row).collect::<Vec<_>>());
        }
        Format::Text => {
            let cells = |(at, kind, own): (Timestamp, &str, OwnRegistration)| {
                let what = kind.trim_start_matches("client.").to_owned();
                vec![at.to_jiff().to_string(), what, own.client_id, own.app, own.changed.join(", ")]
            };
            let cells: Vec<_> = rows.map(cells).collect();
            if cells.is_empty() {
                say::line(format_args!("No app did anything by itself in the last {} days.", options.days));
            } else {
                say::line(say::table(&["WHEN", "WHAT", "CLIENT ID", "NAME", "CHANGED"], &cells));
            }
        }
    }
    Ok(())
}

fn own(event: Event) -> Option<OwnRegistration> {
    match event {
        Event::ClientRegistered(own) | Event::ClientChanged(own) | Event::ClientWithdrawn(own) => Some(own),
        _ => None,
    }
}

/// Deletes apps that came by themselves.
pub(super) async fn purge(options: &ClientPurge) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let gone = installation.here()?.purge_registered(days(options.days), options.also_used).await?;
    match format(&options.common) {
        Format::Json => say::json(&json!({ "removed": gone })),
        Format::Text => {
            say::line(format_args!("Removed {gone}."));
            Ok(())
        }
    }
}

fn row(token: &InitialToken, now: Timestamp) -> Value {
    json!({
        "id": token.id.to_string(), "name": token.name, "uses": token.uses, "used": token.used,
        "created_at": token.created_at.to_jiff().to_string(), "expires_at": token.expires_at.to_jiff().to_string(),
        "state": state(token, now),
    })
}

fn state(token: &InitialToken, now: Timestamp) -> &'static str {
    if token.withdrawn_at.is_some() {
        "withdrawn"
    } else if token.used >= token.uses {
        "used up"
    } else if token.is_live(now) {
        "works"
    } else {
        "too old"
    }
}

fn days(n: u16) -> Duration {
    Duration::from_secs(u64::from(n) * 86_400)
}

fn why(problem: Problem<TokenRefusal>) -> Trouble {
    match problem {
        Problem::Refusal(TokenRefusal::Name) => Trouble::new("--name: use 1 to 100 bytes without control characters"),
        Problem::Refusal(TokenRefusal::Uses) => Trouble::new("--uses: use 1 to 1000000"),
        Problem::Refusal(TokenRefusal::Lifetime) => Trouble::new("--days: use 1 to 366"),
        Problem::Fault(fault) => fault.into(),
    }
}
