//! Notices: the keys that push services know this server by, and whether the vendors' services can be reached.

use super::super::report::Report;
use super::Patient;
use crate::wiring;
use base::Fault;
use futures_util::future::join_all;
use outbound::{Outbound, Purpose, Request};
use std::sync::Arc;
use store::model::KeyUse;
use url::Url;

/// Looks at both.
pub(super) async fn look(patient: Arc<Patient>) -> (Report, ()) {
    let mut report = Report::default();
    match keys(&patient).await {
        Ok(Some(0)) => {
            report.wrong("push", "there is no key for push services (VAPID)", "run watchbell keys rotate --vapid")
        }
        Ok(Some(_)) => report.ok("push", "the key for push services (VAPID) is there"),
        Ok(None) => {}
        Err(fault) => report.wrong("push", format!("the keys can't be read ({fault})"), "see the database"),
    }
    match wiring::outbound(&patient.loaded.config) {
        Ok(outbound) => services(&patient, &outbound, &mut report).await,
        Err(trouble) => report.wrong("push", trouble.to_string(), "mend the section [outbound]"),
    }
    (report, ())
}

/// How many keys are in use; `None` where there is no installation yet.
async fn keys(patient: &Patient) -> Result<Option<usize>, Fault> {
    let Some(inside) = patient.inside.as_ref().filter(|inside| !inside.tenants.is_empty()) else { return Ok(None) };
    let mut fewest = usize::MAX;
    for tenant in &inside.tenants {
        let keys = inside.store.read(tenant.id).await?.list_keys(KeyUse::Vapid).await?;
        fewest = fewest.min(keys.iter().filter(|key| key.retired_at.is_none()).count());
    }
    Ok(Some(fewest))
}

async fn services(patient: &Patient, outbound: &Outbound, report: &mut Report) {
    let ask = |(vendor, address): (&'static str, &'static str)| async move {
        let reached = match Url::parse(address) {
            // Whatever it answers: it answers.
            Ok(url) => outbound.send(Request::get(url, Purpose::Push)).await.map(drop).map_err(|e| e.to_string()),
            Err(e) => Err(e.to_string()),
        };
        (vendor, reached)
    };
    let found = join_all(push::SERVICES.map(ask)).await;
    let reached: Vec<_> = found.iter().filter(|(_, reached)| reached.is_ok()).map(|(vendor, _)| *vendor).collect();
    let away: Vec<_> = found.iter().filter_map(|(vendor, reached)| Some((*vendor, reached.as_ref().err()?))).collect();
    let next = "let this machine connect to them at port 443; until then notices wait";
    let Some((_, why)) = away.first() else {
        return report.ok("push", format!("reached: {}", reached.join(", ")));
    };
    let names: Vec<_> = away.iter().map(|(vendor, _)| *vendor).collect();
    let text = match reached.as_slice() {
        [] => format!("no push service could be reached: {} ({why})", names.join(", ")),
        some => format!("reached: {}; not reached: {} ({why})", some.join(", "), names.join(", ")),
    };
    // To try it out on a machine without the internet is no mistake.
    if reached.is_empty() && !patient.is_dev {
        report.wrong("push", text, next)
    } else {
        report.warn("push", text, next)
    }
}
