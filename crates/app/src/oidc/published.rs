//! What others publish: fetched through the guarded client, and kept in memory for a while.
//!
//! How often somebody is asked, strangers do not decide: what was asked of an address is asked again after some seconds at the
//! earliest, whatever the answer was, and many who want it at once wait for one answer.

use base::Timestamp;
use outbound::{Outbound, Purpose, Request, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The least time between two fetches of one address, whoever asks.
const FLOOR: Duration = Duration::from_secs(5);
/// How many addresses are remembered.
const MOST: usize = 1_000;

/// Documents of one kind, by their addresses.
pub(crate) struct Published<T> {
    known: Mutex<HashMap<String, Arc<Place<T>>>>,
}

/// One address. Whoever holds its lock may fetch.
struct Place<T>(tokio::sync::Mutex<Option<Tried<T>>>);

struct Tried<T> {
    at: Timestamp,
    fresh: Duration,
    found: Result<Arc<T>, String>,
}

impl<T> Default for Published<T> {
    fn default() -> Self {
        Self { known: Mutex::default() }
    }
}

impl<T> Default for Place<T> {
    fn default() -> Self {
        Self(tokio::sync::Mutex::default())
    }
}

impl<T> Published<T> {
    /// The document at an address: the one at hand while it is fresh, or what `fetch` brings, with how long that will be.
    /// `anew`: the one at hand did not help.
    pub(crate) async fn get(
        &self,
        address: &str,
        (anew, now): (bool, Timestamp),
        fetch: impl Future<Output = Result<(T, Duration), String>>,
    ) -> Result<Arc<T>, String> {
        let place = self.place(address);
        let mut last = place.0.lock().await;
        if let Some(tried) = &*last {
            let span = if anew || tried.found.is_err() { FLOOR } else { tried.fresh };
            if tried.at <= now && now < tried.at.plus(span) {
                return tried.found.clone();
            }
        }
        let (found, fresh) = match fetch.await {
            Ok((found, fresh)) => (Ok(Arc::new(found)), fresh),
            Err(why) => (Err(why), FLOOR),
        };
        *last = Some(Tried { at: now, fresh, found: found.clone() });
        found
    }

    fn place(&self, address: &str) -> Arc<Place<T>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(address) {
            // Those that nobody is at right now.
            known.retain(|_, place| Arc::strong_count(place) > 1);
        }
        Arc::clone(known.entry(address.to_owned()).or_default())
    }
}

/// Fetches what a client names. A redirect is an answer like any other that is not 200.
///
/// # Errors
/// What is wrong, and what to do.
pub(super) async fn fetch(outbound: &Outbound, address: &str) -> Result<Response, String> {
    let url = outbound.guard().parse(address, Purpose::ClientMetadata).map_err(|e| e.to_string())?;
    let answer = outbound.send(Request::get(url, Purpose::ClientMetadata)).await.map_err(|e| e.to_string())?;
    match answer.status.as_u16() {
        200 => Ok(answer),
        other => Err(format!("its answer has the status {other}: publish the document there")),
    }
}
