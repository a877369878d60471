//! What could not be delivered: dead letters, and another try for them.

use super::format;
use crate::cli::{OutboxList, OutboxRetry};
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use base::{Fault, Id};
use serde::Serialize;
use store::model::Delivery;

/// How many are had again at once by `--all`; what is more is left for the next time.
const MOST: i64 = 100_000;

#[derive(Serialize)]
struct Dead {
    id: String,
    sink: &'static str,
    event: Option<String>,
    attempts: i32,
    why: String,
}

/// Lists them.
pub(super) async fn list(options: &OutboxList) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let mut rows = Vec::new();
    for delivery in installation.store.dead_deliveries(i64::from(options.most)).await? {
        rows.push(told(&installation, delivery).await?);
    }
    match format(&options.common) {
        Format::Json => say::json(&rows),
        Format::Text if rows.is_empty() => {
            say::line("Nothing was given up.");
            Ok(())
        }
        Format::Text => {
            let cells = |row: &Dead| {
                let event = row.event.clone().unwrap_or_default();
                vec![row.id.clone(), row.sink.to_owned(), event, row.attempts.to_string(), row.why.clone()]
            };
            let cells: Vec<_> = rows.iter().map(cells).collect();
            say::line(say::table(&["ID", "BY", "TELLS OF", "TRIED", "WHAT WENT WRONG LAST"], &cells));
            Ok(())
        }
    }
}

/// Has them sent again.
pub(super) async fn retry(options: &OutboxRetry) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let ids = if options.all {
        installation.store.dead_deliveries(MOST).await?.iter().map(|delivery| delivery.id).collect()
    } else {
        options.ids.iter().map(|text| id(text)).collect::<Result<Vec<_>, _>>()?
    };
    let mut again: usize = 0;
    for id in ids {
        let done = installation.store.redrive(id, installation.clock.now()).await?;
        if !done && !options.all {
            return Err(Trouble::new(format!("{id} was not given up: `watchbell outbox list` shows what was")));
        }
        again = again.saturating_add(usize::from(done));
    }
    match format(&options.common) {
        Format::Json => say::json(&serde_json::json!({ "again": again })),
        Format::Text => {
            say::line(format_args!("{again} will be sent again."));
            Ok(())
        }
    }
}

fn id(text: &str) -> Result<Id, Trouble> {
    text.parse().map_err(|_| Trouble::new(format!("{text} is no id: `watchbell outbox list` shows them")))
}

async fn told(installation: &Installation, delivery: Delivery) -> Result<Dead, Fault> {
    let record = installation.store.read(delivery.tenant).await?.find_event(delivery.event).await?;
    Ok(Dead {
        id: delivery.id.to_string(),
        sink: delivery.sink.as_str(),
        event: record.map(|record| record.event.kind().to_owned()),
        attempts: delivery.attempts,
        why: delivery.last_error.unwrap_or_default(),
    })
}
