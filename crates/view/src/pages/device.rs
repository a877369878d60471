//! Letting a device in that has no browser of its own (RFC 8628 §3.3).

use super::Page;
use base::Timestamp;
use identity::{Agent, Place};
use serde::Serialize;

/// Takes the code that the device shows. Form: `code` → POST [`base::routes::DEVICE`].
#[derive(Debug, Clone, Serialize)]
pub struct Device {
    /// What was typed, or came with the link.
    pub code: String,
    /// Who is signed in.
    pub email: String,
    /// Why the last code led nowhere.
    pub problem: Option<DeviceProblem>,
}

/// Why a code led nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DeviceProblem {
    /// It can't be a code.
    Malformed,
    /// No device shows it.
    Wrong,
    /// It is too old.
    Late,
    /// It was used.
    Used,
    /// Too many were wrong.
    TooMany {
        /// How long to wait, in seconds.
        wait: u64,
    },
}

/// The device that asks, on the consent page.
#[derive(Debug, Clone, Serialize)]
pub struct AskingDevice {
    /// The code that it shows.
    pub code: String,
    /// What it says of itself.
    pub agent: Agent,
    /// Where it seems to be.
    pub place: Option<Place>,
    /// Since when it asks.
    pub since: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, Serialize)]
pub struct DeviceDone {
    /// The app's name.
    pub app: String,
    /// How it ended.
    pub how: DeviceEnd,
}

/// How a device's request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceEnd {
    /// It is signed in.
    Allowed,
    /// It is not.
    Denied,
    /// It was decided before, or not in time.
    Over,
}

impl Page for Device {
    const TEMPLATE: &'static str = "device.html";
}
impl Page for DeviceDone {
    const TEMPLATE: &'static str = "device-done.html";
}
