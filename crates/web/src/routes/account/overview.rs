//! The overview.

use crate::convert::line;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::signed::SignedIn;
use app::change::ShownChange;
use base::Fault;
use identity::recovery::Standing;
use view::pages::account::{OpenChange, OpenRecovery, Overview};
use view::pages::ask::OpenAsk;

/// Where the account stands, and the last that happened.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let page = overview(&person).await.map_err(|fault| reply::fault(&person, &fault))?;
    let push = person.here().push_state(&person.signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    let keys = person.here().accepted_keys(&person.signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    Sheet::new(&person).of(&person.signed).push(push).accepted(keys).show(&page)
}

async fn overview(person: &SignedIn) -> Result<Overview, Fault> {
    let found = person.here().overview(&person.signed).await?;
    let devices = person.here().devices(&person.signed).await?;
    Ok(Overview {
        devices: found.devices,
        apps: found.apps,
        rings_here: found.rings_here,
        rings_elsewhere: found.subscriptions > usize::from(found.rings_here),
        must_secure: found.must_secure,
        open_question: found.open_question.map(|event| event.to_string()),
        changes: found.changes.into_iter().map(open_change).collect(),
        asks: found.asks.into_iter().map(|one| OpenAsk { id: one.id.to_string(), app: one.app }).collect(),
        locked_down: found.locked_down.is_some(),
        recovery: found.recovery.map(|shown| OpenRecovery {
            id: shown.id.to_string(),
            ready_at: shown.ready_at,
            ready: shown.standing == Standing::Ready,
        }),
        recovered: found.recovered,
        recent: found.recent.into_iter().map(|one| line(one, &devices)).collect(),
    })
}

fn open_change(change: ShownChange) -> OpenChange {
    OpenChange { id: change.id.to_string(), kind: change.kind.as_str().replace('_', "-"), agent: change.agent }
}
