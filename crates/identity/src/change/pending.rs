//! A change that waits, and how it ends: once.

use super::{Change, ChangeSecret, Leg};
use crate::account::PasswordHash;
use crate::device::{Agent, Place};
use crate::phone::Phone;
use base::{Email, Id, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long an answer is waited for (NIST SP 800-63B-4 §3.1.3.3: ten minutes at most for what comes out of band).
pub const APPROVAL_LIFETIME: Duration = Duration::from_secs(10 * 60);
/// How long a browser has to be clicked in before the mail goes out.
pub const MAIL_AFTER: Duration = Duration::from_secs(30);
/// How long what was done can be taken back.
pub const UNDO_FOR: Duration = Duration::from_secs(72 * 3600);
/// How many wrong numbers end a change: there are ninety.
pub const MAX_WRONG_NUMBERS: u32 = 3;
/// How many wrong codes end a change.
pub const MAX_WRONG_CODES: u32 = 5;

/// Who asked for a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// The session. When it ends, so does the change.
    pub session: Id,
    /// Its browser.
    pub device: Id,
    /// What that says of itself.
    pub agent: Agent,
    /// Where it seems to be.
    pub place: Option<Place>,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It was done.
    Applied,
    /// It was done, and taken back.
    Undone,
    /// Its owner said no.
    Denied,
    /// Nobody answered in time.
    Expired,
    /// Its asker thought better of it.
    Cancelled,
    /// Another request for the same took its place.
    Replaced,
    /// The session that asked for it ended, or the account was taken back from whoever it was.
    Withdrawn,
    /// The number or the code was wrong too often.
    WrongNumber,
    /// What it was about is not there any more, or taken by now: it could not be done.
    Overtaken,
}

/// An end, with when and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How.
    pub how: Ending,
    /// When.
    pub at: Timestamp,
    /// The browser that decided, if one did.
    pub agent: Option<Agent>,
}

/// What an undo puts back: of several changes of the same, one after the other, what was there before the first. Who changes
/// a password twice must not have made the undo of the first worthless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// The mail address, and when it was proven.
    Email(Email, Timestamp),
    /// The password; `None` where there was none.
    Password(Option<PasswordHash>),
    /// The telephone number; `None` where there was none.
    Phone(Option<Phone>),
}

/// A sensitive change of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingChange {
    /// Row id.
    pub id: Id,
    /// Whose account.
    pub account: Id,
    /// Who asked.
    pub asker: Requester,
    /// What for.
    pub change: Change,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it can be decided.
    pub expires_at: Timestamp,
    /// Whether browsers are rung for it.
    pub rings: bool,
    /// Wrong numbers so far.
    pub wrong_numbers: u32,
    /// Wrong codes so far.
    pub wrong_codes: u32,
    /// When its owner said yes.
    pub approved_at: Option<Timestamp>,
    /// When the new mail address was proven.
    pub proven_at: Option<Timestamp>,
    /// Its end.
    pub ended: Option<Ended>,
    /// What an undo puts back.
    pub before: Option<Before>,
}

/// Who says yes, as far as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// The browser.
    pub device: Id,
    /// Whether the browser's word counts.
    pub vouches: bool,
    /// Whether the session proved who it is a moment ago.
    pub recent: bool,
}

/// Why an answer was not taken. Nothing is changed by it, but for the count of wrong ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// It is over.
    Over,
    /// Browsers are not asked: it takes the code of the mail.
    ByMail,
    /// The browser that asked can't say yes for itself.
    OwnRequest,
    /// The browser is too new for its word to count.
    NotVouched,
    /// Whoever says yes has to prove who they are first.
    ProveFirst,
    /// The number is wrong; so many are left.
    WrongNumber {
        /// How many more may be tried.
        left: u32,
    },
    /// The code is wrong; so many are left.
    WrongCode {
        /// How many more may be tried.
        left: u32,
    },
}

impl PendingChange {
    /// One that begins to wait.
    pub fn begin(id: Id, account: Id, asker: Requester, change: Change, now: Timestamp) -> Self {
        Self {
            id,
            account,
            asker,
            change,
            asked_at: now,
            expires_at: now.plus(APPROVAL_LIFETIME),
            rings: true,
            wrong_numbers: 0,
            wrong_codes: 0,
            approved_at: None,
            proven_at: None,
            ended: None,
            before: None,
        }
    }

    /// How it ended, if it did; time ends it without anybody's doing.
    pub fn ending(&self, now: Timestamp) -> Option<Ending> {
        match &self.ended {
            Some(ended) => Some(ended.how),
            None => (now >= self.expires_at).then_some(Ending::Expired),
        }
    }

    /// Whether it can still be decided.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ending(now).is_none()
    }

    /// Whether the new address of an account still has to be proven.
    pub const fn needs_new_address(&self) -> bool {
        matches!(self.change, Change::Email { .. }) && self.proven_at.is_none()
    }

    /// Whether nothing is missing any more.
    pub const fn is_ready(&self) -> bool {
        self.approved_at.is_some() && !self.needs_new_address()
    }

    /// Ends it. `false` when it was over: the first answer wins.
    pub fn end(&mut self, how: Ending, agent: Option<&Agent>, now: Timestamp) -> bool {
        if !self.is_open(now) && how != Ending::Expired || self.ended.is_some() {
            return false;
        }
        self.ended = Some(Ended { how, at: now, agent: agent.cloned() });
        self.change.forget();
        true
    }

    /// Takes a yes from another browser, with the number that the asking one shows.
    ///
    /// # Errors
    /// [`NotTaken`]. A wrong number counts, and the last one ends the change.
    pub fn approve(
        &mut self,
        asking: Asking,
        (secret, typed): (&ChangeSecret<'_>, &str),
        now: Timestamp,
    ) -> Result<(), NotTaken> {
        if !self.is_open(now) || self.approved_at.is_some() {
            return Err(NotTaken::Over);
        }
        if !self.rings {
            return Err(NotTaken::ByMail);
        }
        if asking.device == self.asker.device {
            return Err(NotTaken::OwnRequest);
        }
        if !asking.vouches {
            return Err(NotTaken::NotVouched);
        }
        if self.change.kind().is_high_risk() && !asking.recent {
            return Err(NotTaken::ProveFirst);
        }
        if !secret.is_number(typed) {
            self.wrong_numbers = self.wrong_numbers.saturating_add(1);
            let left = MAX_WRONG_NUMBERS.saturating_sub(self.wrong_numbers);
            if left == 0 {
                self.end(Ending::WrongNumber, None, now);
            }
            return Err(NotTaken::WrongNumber { left });
        }
        self.approved_at = Some(now);
        Ok(())
    }

    /// Takes a code from a mail, typed in the browser that asked.
    ///
    /// # Errors
    /// [`NotTaken`]. A wrong code counts, and the last one ends the change.
    pub fn give_code(
        &mut self,
        leg: Leg,
        (secret, typed): (&ChangeSecret<'_>, &str),
        now: Timestamp,
    ) -> Result<(), NotTaken> {
        let done = match leg {
            Leg::Yes => self.approved_at.is_some(),
            Leg::NewAddress => !self.needs_new_address(),
        };
        if !self.is_open(now) || done {
            return Err(NotTaken::Over);
        }
        if !secret.is_code(leg, typed) {
            self.wrong_codes = self.wrong_codes.saturating_add(1);
            let left = MAX_WRONG_CODES.saturating_sub(self.wrong_codes);
            if left == 0 {
                self.end(Ending::WrongNumber, None, now);
            }
            return Err(NotTaken::WrongCode { left });
        }
        match leg {
            Leg::Yes => self.approved_at = Some(now),
            Leg::NewAddress => self.proven_at = Some(now),
        }
        Ok(())
    }

    /// Until when it can be taken back: known once it was done and something is there to put back.
    pub fn undo_until(&self) -> Option<Timestamp> {
        let done = self.ended.as_ref().filter(|ended| ended.how == Ending::Applied)?;
        self.before.as_ref().map(|_| done.at.plus(UNDO_FOR))
    }

    /// Takes it back, once and in time: what is to be put back.
    pub fn undo(&mut self, agent: &Agent, now: Timestamp) -> Option<Before> {
        if now >= self.undo_until()? {
            return None;
        }
        self.ended = Some(Ended { how: Ending::Undone, at: now, agent: Some(agent.clone()) });
        self.before.take()
    }
}
