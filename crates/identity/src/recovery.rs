//! "I have lost everything": the way back, which opens after a wait during which the owner can stop it.
//!
//! Whoever asks proves the mail address alone. The wait, the notices and the stop are what stands between a stolen
//! mailbox and the account: so the wait is never shortened, and every other way to prove oneself ends it.

use crate::account::Role;
use crate::device::{Agent, Place};
use crate::login::Factors;
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long one can be finished once it is ready.
pub const OPEN_FOR: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long the link works that an operator makes.
pub const OPERATORS_LINK: Duration = DAY;
/// So many are begun within [`WINDOW`], and no more: each rings everything that the owner has.
pub const MOST: usize = 3;
/// The time in which they are counted.
pub const WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);

/// A way back into an account of which everything was lost. At most one of an account is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Row id.
    pub id: Id,
    /// Whose account.
    pub account: Id,
    /// The browser that began it.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// Since when.
    pub started_at: Timestamp,
    /// From when on it can be finished. The same as [`Recovery::started_at`] for one that an operator began.
    pub ready_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When the next is to be told of it, while it is open.
    pub due_at: Option<Timestamp>,
    /// When it was stopped, or ran out.
    pub stopped_at: Option<Timestamp>,
    /// When it led to its end.
    pub finished_at: Option<Timestamp>,
}

/// How one stands at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can't be finished yet.
    Waiting,
    /// It can be finished.
    Ready,
    /// It was stopped.
    Stopped,
    /// Its time ran out.
    Expired,
    /// It led to its end.
    Finished,
}

/// Why one ended without having been finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// Its owner said so.
    Asked,
    /// Its owner signed in with a second factor: nothing is lost.
    SignedIn,
    /// Its owner, signed in, changed how one signs in.
    CredentialChanged,
    /// Nobody finished it in time.
    Expired,
    /// An operator began another one.
    Replaced,
}

/// What is to be told of an open one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// That it will soon be ready.
    Reminder,
    /// That it is ready.
    Ready,
    /// That its time is over.
    Expiry,
}

impl Recovery {
    /// One that begins now and is ready after `wait`.
    pub fn begin(id: Id, account: Id, (agent, place): (Agent, Option<Place>), now: Timestamp, wait: Duration) -> Self {
        let ready_at = now.plus(wait);
        // A day before it is ready; half-way where that would be hardly after the beginning.
        let reminder = if wait >= 48 * HOUR { ready_at.minus(DAY) } else { now.plus(wait / 2) };
        Self {
            id,
            account,
            agent,
            place,
            started_at: now,
            ready_at,
            expires_at: ready_at.plus(OPEN_FOR),
            due_at: Some(reminder),
            stopped_at: None,
            finished_at: None,
        }
    }

    /// One that an operator begins, who knows the person: ready at once, and not for long.
    pub fn by_operator(id: Id, account: Id, now: Timestamp) -> Self {
        let expires_at = now.plus(OPERATORS_LINK);
        let begun = Self::begin(id, account, (Agent::default(), None), now, Duration::ZERO);
        Self { expires_at, due_at: Some(expires_at), ..begun }
    }

    /// Whether an operator began it.
    pub fn is_by_operator(&self) -> bool {
        self.ready_at <= self.started_at
    }

    /// How it stands.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match (self.finished_at, self.stopped_at) {
            (Some(_), _) => Standing::Finished,
            (None, Some(stopped)) if stopped < self.expires_at => Standing::Stopped,
            (None, Some(_)) => Standing::Expired,
            (None, None) if now >= self.expires_at => Standing::Expired,
            (None, None) if now >= self.ready_at => Standing::Ready,
            (None, None) => Standing::Waiting,
        }
    }

    /// Whether it can still be finished, now or later.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.standing(now), Standing::Waiting | Standing::Ready)
    }

    /// What is to be told now, if its time has come, and when the next is. What was missed, as the server stood still,
    /// is passed over.
    pub fn due(&self, now: Timestamp) -> Option<(Due, Option<Timestamp>)> {
        let due_at = self.due_at.filter(|due| *due <= now)?;
        match self.standing(now) {
            Standing::Expired if self.stopped_at.is_none() => Some((Due::Expiry, None)),
            Standing::Ready if due_at <= self.ready_at => Some((Due::Ready, Some(self.expires_at))),
            Standing::Waiting => Some((Due::Reminder, Some(self.ready_at))),
            _ => None,
        }
    }
}

/// What a request for a way back leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'a> {
    /// There is no such way here.
    Off,
    /// A new password is all that the account needs: it has nothing else that could be lost.
    NewPassword,
    /// An operator's account: another operator helps, or the command line.
    Operator,
    /// One is open already. Its clock goes on.
    Open(&'a Recovery),
    /// Too many were begun; no other before this moment.
    TooOften {
        /// Not before.
        until: Timestamp,
    },
    /// One can begin.
    Begin,
}

/// Whose way back is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// What the person may do here.
    pub role: Role,
    /// What the account has to sign in with.
    pub factors: &'a Factors,
    /// The operator's wait; zero means that there is no such way.
    pub wait: Duration,
    /// The account's ways back that were begun within [`WINDOW`], in whatever order.
    pub recent: &'a [Recovery],
}

impl<'a> Asking<'a> {
    /// What it leads to.
    pub fn way(&self, now: Timestamp) -> Way<'a> {
        if self.wait.is_zero() {
            return Way::Off;
        }
        if !can_be_lost(self.factors) {
            return Way::NewPassword;
        }
        if self.role == Role::Admin {
            return Way::Operator;
        }
        if let Some(open) = self.recent.iter().find(|recovery| recovery.is_open(now)) {
            return Way::Open(open);
        }
        let counts = |recovery: &&Recovery| !recovery.is_by_operator() && now < recovery.started_at.plus(WINDOW);
        let mut begun: Vec<Timestamp> = self.recent.iter().filter(counts).map(|recovery| recovery.started_at).collect();
        begun.sort_unstable_by(|a, b| b.cmp(a));
        match begun.get(MOST.saturating_sub(1)) {
            Some(oldest) => Way::TooOften { until: oldest.plus(WINDOW) },
            None => Way::Begin,
        }
    }
}

/// Whether an account has anything that a new password does not replace.
pub const fn can_be_lost(factors: &Factors) -> bool {
    factors.has_second() || factors.passkeys > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const WAIT: Duration = Duration::from_secs(72 * 3600);
    const SECOND: Factors =
        Factors { password: true, totp: true, passkeys: 0, security_keys: 0, recovery_codes: 8, identities: 0 };

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn begun(n: u8, at: Timestamp) -> Recovery {
        Recovery::begin(id(n), id(9), (Agent::default(), None), at, WAIT)
    }

    fn stopped(n: u8, at: Timestamp) -> Recovery {
        Recovery { stopped_at: Some(at.plus(HOUR)), ..begun(n, at) }
    }

    fn way(recent: &[Recovery], now: Timestamp) -> Way<'_> {
        Asking { role: Role::User, factors: &SECOND, wait: WAIT, recent }.way(now)
    }

    #[test]
    fn it_waits_is_ready_and_runs_out_at_exactly_those_moments() {
        let one = begun(1, START);
        let tick = Duration::from_micros(1);
        for (now, standing) in [
            (START, Standing::Waiting),
            (START.plus(WAIT).minus(tick), Standing::Waiting),
            (START.plus(WAIT), Standing::Ready),
            (START.plus(WAIT).plus(OPEN_FOR).minus(tick), Standing::Ready),
            (START.plus(WAIT).plus(OPEN_FOR), Standing::Expired),
        ] {
            assert_eq!(one.standing(now), standing);
            assert_eq!(one.is_open(now), matches!(standing, Standing::Waiting | Standing::Ready));
        }
    }

    #[test]
    fn what_was_stopped_or_finished_stays_so() {
        let late = START.plus(WAIT).plus(HOUR);
        assert_eq!(stopped(1, START).standing(late), Standing::Stopped);
        assert_eq!(stopped(1, START).due(late), None);
        let finished = Recovery { finished_at: Some(late), ..begun(1, START) };
        assert_eq!(finished.standing(late.plus(OPEN_FOR)), Standing::Finished);
        assert_eq!(finished.due(late.plus(OPEN_FOR)), None);
        let over = begun(1, START).expires_at;
        assert_eq!(Recovery { stopped_at: Some(over), ..begun(1, START) }.standing(over), Standing::Expired);
    }

    #[test]
    fn it_reminds_a_day_before_tells_when_it_is_ready_and_when_it_is_over_each_once() {
        let mut one = begun(1, START);
        let told = [
            (START.plus(48 * HOUR), Due::Reminder),
            (START.plus(WAIT), Due::Ready),
            (START.plus(WAIT).plus(OPEN_FOR), Due::Expiry),
        ];
        for (at, what) in told {
            assert_eq!(one.due(at.minus(HOUR)), None);
            let (due, next) = one.due(at).unwrap();
            assert_eq!(due, what);
            one.due_at = next;
            assert_eq!(one.due(at), None, "{what:?} twice");
        }
    }

    #[test]
    fn a_short_wait_reminds_half_way_and_what_was_missed_is_passed_over() {
        let short = Recovery::begin(id(1), id(9), (Agent::default(), None), START, HOUR);
        assert_eq!(short.due_at, Some(START.plus(HOUR / 2)));
        assert_eq!(begun(1, START).due(START.plus(WAIT).plus(HOUR)).map(|due| due.0), Some(Due::Ready));
        let over = begun(1, START).expires_at.plus(DAY);
        assert_eq!(begun(1, START).due(over).map(|due| due.0), Some(Due::Expiry));
    }

    #[test]
    fn an_operators_is_ready_at_once_for_a_day_and_is_told_of_when_it_is_over() {
        let one = Recovery::by_operator(id(1), id(9), START);
        assert!(one.is_by_operator() && !begun(1, START).is_by_operator());
        assert_eq!(one.standing(START), Standing::Ready);
        assert_eq!(one.due(START.plus(HOUR)), None);
        assert_eq!(one.due(START.plus(DAY)), Some((Due::Expiry, None)));
    }

    #[test]
    fn who_has_nothing_but_a_password_gets_a_new_one_and_waits_for_nothing() {
        let plain = Factors { totp: false, identities: 2, ..SECOND };
        let asking = Asking { role: Role::Admin, factors: &plain, wait: WAIT, recent: &[] };
        assert_eq!(asking.way(START), Way::NewPassword);
        for factors in [Factors { passkeys: 1, ..plain }, Factors { security_keys: 1, ..plain }] {
            let asking = Asking { role: Role::User, factors: &factors, wait: WAIT, recent: &[] };
            assert_eq!(asking.way(START), Way::Begin);
        }
    }

    #[test]
    fn an_operators_account_is_not_had_by_mail_and_without_a_wait_nobodys_is() {
        let asking = Asking { role: Role::Admin, factors: &SECOND, wait: WAIT, recent: &[] };
        assert_eq!(asking.way(START), Way::Operator);
        let off = Asking { role: Role::User, factors: &SECOND, wait: Duration::ZERO, recent: &[] };
        assert_eq!(off.way(START), Way::Off);
    }

    #[test]
    fn a_second_request_finds_the_first_and_its_clock() {
        let one = [begun(1, START)];
        for later in [HOUR, WAIT, WAIT + DAY] {
            assert_eq!(way(&one, START.plus(later)), Way::Open(&one[0]));
        }
        assert_eq!(way(&one, one[0].expires_at), Way::Begin);
    }

    #[test]
    fn the_fourth_within_thirty_days_has_to_wait_and_an_operators_does_not_count() {
        let days = |n: u32| START.plus(DAY * n);
        let mut recent = vec![stopped(1, days(4)), stopped(2, days(0)), Recovery::by_operator(id(4), id(9), days(5))];
        assert_eq!(way(&recent, days(8)), Way::Begin);
        recent.push(stopped(3, days(8)));
        assert_eq!(way(&recent, days(9)), Way::TooOften { until: days(30) });
        assert_eq!(way(&recent, days(30)), Way::Begin);
        recent.push(stopped(5, days(30)));
        assert_eq!(way(&recent, days(31)), Way::TooOften { until: days(34) });
    }
}
