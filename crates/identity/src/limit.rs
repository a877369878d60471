//! Guessing limits: an attempt is reserved and saved before anything is hashed.

use base::Timestamp;
use serde::{Deserialize, Serialize};

/// How often something was tried, under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counter {
    /// Attempts in the present window, reserved ones included.
    pub tries: u32,
    /// Failures in a row since the last success.
    pub consecutive: u32,
    /// When the window began.
    pub window_at: Option<Timestamp>,
    /// No attempt before this moment.
    pub locked_until: Option<Timestamp>,
}

/// Wait this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub std::time::Duration);
