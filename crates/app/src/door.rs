//! The door to the sign-in page while more passwords come than can be hashed.
//!
//! Whoever would be refused after typing a password is told so before, where it costs next to nothing, and the machine is left to
//! those who are inside. Each password that is hashed lets two people in, as not everybody goes on; no network takes all the
//! places.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long after a password was refused for want of room the door is watched.
const CROWDED: Duration = Duration::from_secs(2);
/// How many come in for each password that was hashed.
const FOR_EACH: u32 = 2;

/// The door. Open to everybody until a password was refused.
pub(crate) struct Door {
    state: Mutex<State>,
    /// The most places there are.
    most: u32,
    /// The most that one network takes in a second.
    share: u32,
}

struct State {
    places: u32,
    refused: Option<Instant>,
    second: Instant,
    /// Who came in during this second: no more entries than there were places.
    came_in: HashMap<u64, u32>,
}

impl Door {
    /// A door to a queue of so many passwords.
    pub(crate) fn new(queue: usize, now: Instant) -> Self {
        let most = u32::try_from(queue / 4).unwrap_or(u32::MAX).max(2);
        let state = State { places: most, refused: None, second: now, came_in: HashMap::new() };
        Self { state: Mutex::new(state), most, share: (most / 8).max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A password was refused, as the queue is full.
    pub(crate) fn refused(&self, now: Instant) {
        self.lock().refused = Some(now);
    }

    /// A password was hashed.
    pub(crate) fn hashed(&self) {
        let mut state = self.lock();
        state.places = state.places.saturating_add(FOR_EACH).min(self.most);
    }

    /// Whether somebody may come in now. `None` stands for a network that is not counted.
    pub(crate) fn lets_in(&self, network: Option<u64>, now: Instant) -> bool {
        let mut state = self.lock();
        let crowded = state.refused.is_some_and(|refused| now.saturating_duration_since(refused) < CROWDED);
        if !crowded {
            return true;
        }
        if now.saturating_duration_since(state.second) >= Duration::from_secs(1) {
            state.second = now;
            state.came_in.clear();
        }
        let Some(left) = state.places.checked_sub(1) else { return false };
        if let Some(network) = network {
            let came = state.came_in.entry(network).or_default();
            if *came >= self.share {
                return false;
            }
            *came = came.saturating_add(1);
        }
        state.places = left;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a hundred networks come in.
    fn of_a_hundred(door: &Door, now: Instant) -> usize {
        (0..100).filter(|network| door.lets_in(Some(*network), now)).count()
    }

    #[test]
    fn everybody_comes_in_while_there_is_room() {
        let now = Instant::now();
        let door = Door::new(64, now);
        assert_eq!(of_a_hundred(&door, now), 100);
        assert_eq!(of_a_hundred(&door, now), 100);
    }

    #[test]
    fn in_a_crowd_two_come_in_for_each_password_that_was_hashed() {
        let now = Instant::now();
        let door = Door::new(64, now);
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16, "the places that were left");
        assert_eq!(of_a_hundred(&door, now), 0);
        let later = now + Duration::from_secs(1);
        door.hashed();
        door.hashed();
        assert_eq!(of_a_hundred(&door, later), 4);
    }

    #[test]
    fn in_a_crowd_no_network_takes_all_the_places() {
        let now = Instant::now();
        let door = Door::new(64, now);
        door.refused(now);
        let took = (0..100).filter(|_| door.lets_in(Some(7), now)).count();
        assert_eq!(took, 2);
        assert_eq!(of_a_hundred(&door, now), 14, "the others get the rest");
    }

    #[test]
    fn the_door_opens_when_nobody_was_refused_for_a_while() {
        let now = Instant::now();
        let door = Door::new(64, now);
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16);
        assert_eq!(of_a_hundred(&door, now + CROWDED), 100);
    }

    #[test]
    fn places_are_not_saved_up_without_end() {
        let now = Instant::now();
        let door = Door::new(64, now);
        (0..1000).for_each(|_| door.hashed());
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16);
    }
}
