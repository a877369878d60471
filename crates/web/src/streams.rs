//! Streams that pages hold open for their news: a few for each session, so that nobody fills a server with them.

use crate::state::WebState;
use base::Id;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How many a session has at once. The newest win: a tab that was left open makes room for the one that is looked at.
const MOST: usize = 4;

/// All that are open.
#[derive(Default)]
pub(crate) struct Streams(Mutex<Open>);

#[derive(Default)]
struct Open {
    last: u64,
    of: HashMap<Id, VecDeque<u64>>,
}

/// An open one. It makes room when it is dropped.
pub(crate) struct Stream {
    state: WebState,
    session: Id,
    number: u64,
}

impl Streams {
    fn open(&self, session: Id) -> u64 {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.last = open.last.wrapping_add(1);
        let number = open.last;
        let mine = open.of.entry(session).or_default();
        mine.push_back(number);
        if mine.len() > MOST {
            mine.pop_front();
        }
        number
    }

    fn has(&self, session: Id, number: u64) -> bool {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.of.get(&session).is_some_and(|mine| mine.contains(&number))
    }

    fn close(&self, session: Id, number: u64) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = open.of.get_mut(&session) {
            mine.retain(|one| *one != number);
            if mine.is_empty() {
                open.of.remove(&session);
            }
        }
    }
}

impl Stream {
    /// Opens one for a session, in the place of its oldest where it has too many.
    pub(crate) fn open(state: &WebState, session: Id) -> Self {
        Self { state: state.clone(), session, number: state.streams().open(session) }
    }

    /// Whether newer ones have taken its place.
    pub(crate) fn gave_way(&self) -> bool {
        !self.state.streams().has(self.session, self.number)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.state.streams().close(self.session, self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_a_session_win_and_what_is_closed_leaves_nothing_behind() {
        let (streams, jane, anna) = (Streams::default(), Id::from_bytes([1; 16]), Id::from_bytes([2; 16]));
        let numbers: Vec<u64> = (0..5).map(|_| streams.open(jane)).collect();
        let other = streams.open(anna);
        let open: Vec<bool> = numbers.iter().map(|number| streams.has(jane, *number)).collect();
        assert_eq!(open, [false, true, true, true, true]);
        assert!(streams.has(anna, other) && !streams.has(anna, numbers[1]));
        for number in numbers {
            streams.close(jane, number);
        }
        streams.close(anna, other);
        assert!(streams.0.lock().unwrap().of.is_empty());
    }
}
