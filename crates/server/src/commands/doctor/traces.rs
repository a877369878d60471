//! The collector of traces, where there is one.

use super::super::report::Report;
use super::Patient;
use crate::wiring;
use std::sync::Arc;
use traces::NotTaken;

/// Looks whether it takes spans, by sending it none.
pub(super) async fn look(patient: Arc<Patient>) -> (Report, ()) {
    let (mut report, config) = (Report::default(), &patient.loaded.config);
    let settings = match wiring::traces(config) {
        Ok(Some(settings)) => settings,
        Ok(None) => return (report, ()),
        Err(trouble) => {
            report.wrong("traces", trouble.to_string(), "mend the section [telemetry]");
            return (report, ());
        }
    };
    let outbound = match wiring::outbound_to(config, Some(&settings.origin())) {
        Ok(outbound) => outbound,
        Err(trouble) => {
            report.wrong("traces", trouble.to_string(), "mend the section [outbound]");
            return (report, ());
        }
    };
    let shown = config.telemetry.traces_endpoint.as_str();
    match ::traces::greet(&settings, outbound).await {
        Ok(()) => report.ok("traces", format!("the collector {shown} takes them")),
        Err(NotTaken::Now(why, _)) => report.wrong(
            "traces",
            format!("the collector {shown} is of no use ({why}); traces are dropped, nothing else changes"),
            "see that it runs, and that telemetry.traces_endpoint is right",
        ),
        Err(NotTaken::Ever(why)) => report.wrong(
            "traces",
            format!("the collector {shown} refuses ({why})"),
            "see the path in telemetry.traces_endpoint, which ends with /v1/traces at most collectors, and the key in telemetry.headers",
        ),
    }
    (report, ())
}
