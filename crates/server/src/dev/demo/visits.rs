//! The demo app's own sessions, in memory: the newest 500.

use super::provider::{Pending, SignedIn};
use base::Rng;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

const MOST: usize = 500;
/// How many sign-ins one browser may have begun: one per tab.
const MOST_PENDING: usize = 8;

/// What the app knows of one browser.
#[derive(Default)]
struct Visit {
    pending: VecDeque<Pending>,
    person: Option<SignedIn>,
}

/// The browsers that the app knows, by the value of their cookie.
pub(super) struct Visits {
    rng: Rng,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    visits: HashMap<String, Visit>,
    order: VecDeque<String>,
}

impl Visits {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, known: Mutex::default() }
    }

    /// Remembers a sign-in that has begun, and answers the cookie to set.
    pub(super) fn begin(&self, cookie: Option<&str>, pending: Pending) -> String {
        let mut known = self.lock();
        let cookie = match cookie.filter(|cookie| known.visits.contains_key(*cookie)) {
            Some(cookie) => cookie.to_owned(),
            None => known.add(self.fresh(), Visit::default()),
        };
        if let Some(visit) = known.visits.get_mut(&cookie) {
            visit.pending.push_back(pending);
            if visit.pending.len() > MOST_PENDING {
                visit.pending.pop_front();
            }
        }
        cookie
    }

    /// Takes the begun sign-in of a `state`, once.
    pub(super) fn take(&self, cookie: Option<&str>, state: &str) -> Option<Pending> {
        let mut known = self.lock();
        let visit = known.visits.get_mut(cookie?)?;
        let at = visit.pending.iter().position(|pending| pending.state.secret() == state)?;
        visit.pending.remove(at)
    }

    /// Signs a person in under a new cookie, so that one from before gives nothing.
    pub(super) fn sign_in(&self, cookie: Option<&str>, person: SignedIn) -> String {
        let mut known = self.lock();
        let mut visit = cookie.and_then(|cookie| known.visits.remove(cookie)).unwrap_or_default();
        visit.person = Some(person);
        let fresh = self.fresh();
        known.add(fresh, visit)
    }

    /// Who is signed in.
    pub(super) fn person(&self, cookie: Option<&str>) -> Option<SignedIn> {
        self.lock().visits.get(cookie?)?.person.clone()
    }

    /// Puts new tokens in the place of the old.
    pub(super) fn replace(&self, cookie: Option<&str>, person: SignedIn) {
        let mut known = self.lock();
        if let Some(visit) = cookie.and_then(|cookie| known.visits.get_mut(cookie)).filter(|v| v.person.is_some()) {
            visit.person = Some(person);
        }
    }

    /// Signs out here.
    pub(super) fn sign_out(&self, cookie: Option<&str>) -> Option<SignedIn> {
        self.lock().visits.remove(cookie?)?.person
    }

    fn fresh(&self) -> String {
        self.rng.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn add(&mut self, cookie: String, visit: Visit) -> String {
        self.visits.insert(cookie.clone(), visit);
        self.order.push_back(cookie.clone());
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.visits.remove(&oldest);
            }
        }
        cookie
    }
}
