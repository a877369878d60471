//! The door to the sign-in page while more passwords come than can be hashed.
//!
//! Whoever would be refused after typing a password is told so before, where it costs next to nothing, and the machine is left to
//! those who are inside. Each password that is hashed lets in as many as it took, lately, for one of them to go on and type theirs, and a
//! little more, so that the queue stays full; no network takes all the places.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long after a password was refused for want of room the door is watched.
const CROWDED: Duration = Duration::from_secs(2);
/// What one place is worth: places are counted in eighths.
const PLACE: u32 = 8;
/// How many eighths come in for each password that was hashed where everybody who comes in types one: nine people for eight.
const LEAST: u32 = PLACE + 1;
/// The same where hardly anybody does, and as long as nobody knows.
const MOST: u32 = 2 * PLACE;
/// Of how many who came in the last ones count: those before them count half.
const LATELY: u32 = 512;

/// The door. Open to everybody until a password was refused.
pub(crate) struct Door {
    state: Mutex<State>,
    /// The most places there are, in eighths.
    most: u32,
    /// The most people that one network sends in during a second.
    share: u32,
}

struct State {
    /// In eighths.
    places: u32,
    refused: Option<Instant>,
    second: Instant,
    /// Who came in during this second: no more entries than there were places.
    networks: HashMap<u64, u32>,
    turnout: Turnout,
}

/// How many of those who came in went on.
#[derive(Default)]
struct Turnout {
    came_in: u32,
    typed: u32,
}

impl Turnout {
    fn came_in(&mut self) {
        self.came_in = self.came_in.saturating_add(1);
        if self.came_in >= LATELY {
            (self.came_in, self.typed) = (self.came_in / 2, self.typed / 2);
        }
    }

    /// Counted no further than those who came in are: whatever is sent past the door is forgotten as soon as they are.
    fn typed(&mut self) {
        self.typed = self.typed.saturating_add(1).min(LATELY);
    }

    /// How many eighths one password lets in.
    fn for_each(&self) -> u32 {
        let eighths = self.came_in.saturating_mul(LEAST).checked_div(self.typed);
        eighths.map_or(MOST, |eighths| eighths.clamp(LEAST, MOST))
    }
}

impl Door {
    /// A door to a queue of so many passwords.
    pub(crate) fn new(queue: usize, now: Instant) -> Self {
        let most = u32::try_from(queue / 4).unwrap_or(u32::MAX / PLACE).max(2);
        let state = State {
            places: most.saturating_mul(PLACE),
            refused: None,
            second: now,
            networks: HashMap::new(),
            turnout: Turnout::default(),
        };
        Self { state: Mutex::new(state), most: most.saturating_mul(PLACE), share: (most / 8).max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A password was typed, and waits to be hashed.
    pub(crate) fn typed(&self) {
        self.lock().turnout.typed();
    }

    /// A password was typed and refused, as the queue is full.
    pub(crate) fn refused(&self, now: Instant) {
        let mut state = self.lock();
        state.turnout.typed();
        state.refused = Some(now);
    }

    /// A password was hashed.
    pub(crate) fn hashed(&self) {
        let mut state = self.lock();
        state.places = state.places.saturating_add(state.turnout.for_each()).min(self.most);
    }

    /// Whether somebody may come in now. `None` stands for a network that is not counted.
    pub(crate) fn lets_in(&self, network: Option<u64>, now: Instant) -> bool {
        let mut state = self.lock();
        let crowded = state.refused.is_some_and(|refused| now.saturating_duration_since(refused) < CROWDED);
        if crowded && !state.takes_place(network, self.share, now) {
            return false;
        }
        state.turnout.came_in();
        true
    }
}

impl State {
    /// Takes one of the places, unless there is none or the network had its share of them.
    fn takes_place(&mut self, network: Option<u64>, share: u32, now: Instant) -> bool {
        if now.saturating_duration_since(self.second) >= Duration::from_secs(1) {
            self.second = now;
            self.networks.clear();
        }
        let Some(left) = self.places.checked_sub(PLACE) else { return false };
        if let Some(network) = network {
            let came = self.networks.entry(network).or_default();
            if *came >= share {
                return false;
            }
            *came = came.saturating_add(1);
        }
        self.places = left;
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
    fn in_a_crowd_two_come_in_for_each_password_that_was_hashed_where_half_of_them_go_on() {
        let now = Instant::now();
        let door = Door::new(64, now);
        assert_eq!(of_a_hundred(&door, now), 100);
        (0..57).for_each(|_| door.typed());
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16, "the places that were left");
        assert_eq!(of_a_hundred(&door, now), 0);
        let later = now + Duration::from_secs(1);
        door.hashed();
        door.hashed();
        assert_eq!(of_a_hundred(&door, later), 4);
    }

    #[test]
    fn in_a_crowd_where_everybody_goes_on_nine_come_in_for_eight_passwords() {
        let now = Instant::now();
        let door = Door::new(64, now);
        assert_eq!(of_a_hundred(&door, now), 100);
        (0..100).for_each(|_| door.typed());
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16);
        (0..16).for_each(|_| door.typed());
        (0..8).for_each(|_| door.hashed());
        assert_eq!(of_a_hundred(&door, now + Duration::from_secs(1)), 9);
    }

    #[test]
    fn in_a_crowd_where_three_of_four_go_on_three_come_in_for_two_passwords() {
        let now = Instant::now();
        let door = Door::new(64, now);
        assert_eq!(of_a_hundred(&door, now), 100);
        (0..74).for_each(|_| door.typed());
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16);
        (0..12).for_each(|_| door.typed());
        (0..8).for_each(|_| door.hashed());
        assert_eq!(of_a_hundred(&door, now + Duration::from_secs(1)), 12);
    }

    #[test]
    fn who_tries_again_and_again_keeps_nobody_out() {
        let now = Instant::now();
        let door = Door::new(64, now);
        (0..10_000).for_each(|_| door.typed());
        door.refused(now);
        assert_eq!(of_a_hundred(&door, now), 16);
        (0..8).for_each(|_| door.hashed());
        assert_eq!(of_a_hundred(&door, now + Duration::from_secs(1)), 9);
    }

    #[test]
    fn what_people_did_long_ago_counts_less_and_less() {
        let now = Instant::now();
        let door = Door::new(64, now);
        (0..20).for_each(|_| {
            assert_eq!(of_a_hundred(&door, now), 100);
            (0..100).for_each(|_| door.typed());
        });
        // Then nobody goes on any more.
        (0..10).for_each(|_| assert_eq!(of_a_hundred(&door, now), 100));
        door.refused(now);
        of_a_hundred(&door, now);
        (0..4).for_each(|_| door.hashed());
        assert_eq!(of_a_hundred(&door, now + Duration::from_secs(1)), 8);
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
