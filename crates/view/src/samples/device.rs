//! A device that is let in.

use super::{Sample, ago, firefox, germany};
use crate::pages::device::{AskingDevice, Device, DeviceDone, DeviceEnd, DeviceProblem};
use crate::pages::login::Consent;
use base::routes;

pub(super) fn pages() -> Vec<Sample> {
    let page = Device { code: String::new(), email: "jane@example.com".to_owned(), problem: None };
    let filled = Device { code: "BCDF-GHJK".to_owned(), ..page.clone() };
    let with = |name, problem| Sample::new(name, routes::DEVICE, Device { problem: Some(problem), ..filled.clone() });
    let done = |name, how| Sample::new(name, routes::DEVICE_DONE, DeviceDone { app: "Acme TV".to_owned(), how });
    vec![
        Sample::new("device", routes::DEVICE, page),
        Sample::new("device-filled", routes::DEVICE, filled.clone()),
        with("device-malformed", DeviceProblem::Malformed),
        with("device-wrong", DeviceProblem::Wrong),
        with("device-late", DeviceProblem::Late),
        with("device-used", DeviceProblem::Used),
        with("device-too-many", DeviceProblem::TooMany { wait: 540 }),
        done("device-done", DeviceEnd::Allowed),
        done("device-done-denied", DeviceEnd::Denied),
        done("device-done-over", DeviceEnd::Over),
    ]
}

/// The consent page, asked for by a device.
pub(super) fn consent(page: Consent) -> Consent {
    let device = AskingDevice { code: "BCDF-GHJK".to_owned(), agent: firefox(), place: Some(germany()), since: ago(2) };
    Consent { app: "Acme TV".to_owned(), host: None, device: Some(device), ..page }
}
