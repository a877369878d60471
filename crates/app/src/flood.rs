//! How many forms one network address may send, on all nodes together.

use crate::guard::{TooMany, key, network};
use crate::here::App;
use bus::{Full, Rate, Where};
use std::net::IpAddr;

impl App {
    /// Counts a form of a network address: it may send `per_minute` at once, and as many in each minute. This machine's own
    /// addresses are not counted: a proxy that nobody was told of stands there for everybody.
    ///
    /// # Errors
    /// [`TooMany`], with how long to wait.
    pub async fn take_form(&self, ip: IpAddr, per_minute: u32) -> Result<(), TooMany> {
        if ip.to_canonical().is_loopback() {
            return Ok(());
        }
        let bucket = key(&[b"forms", &network(ip)]);
        let taken = self.bus().take(&bucket, Rate { burst: per_minute, per_minute }).await;
        taken.map_err(|Full { wait, at }| {
            self.meter().flooded(match at {
                Where::Here => "node",
                Where::Everywhere => "all",
            });
            TooMany { wait }
        })
    }
}
