//! A sign-in in progress, and the steps that it takes.

use super::{
    Decision, Demand, Evidence, FlowError, Granted, MAX_WRONG_CODES, MailCode, PendingIdentity, Reason, Registration,
    Requirements, decide,
};
use base::{APART, Bounded, Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long after its end a flow takes what was on its way to it.
const SECOND_CLICK: Duration = Duration::from_secs(10);

/// How long a flow can be gone on with, unless it is told otherwise.
pub const FLOW_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// What the risk rules said of an attempt on an account: they look at each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Whose account.
    pub account: Id,
    /// Why it was refused; empty when it may go on.
    pub refused: Vec<Reason>,
}

/// A sign-in in progress. One row, bound to the browser by a cookie and to the tab by its id.
///
/// Every step is refused when the flow has expired or is finished, and leaves it unchanged then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Row id, and what stands in the URL.
    pub id: Id,
    /// Hash of the browser's cookie.
    pub browser: SecretHash,
    /// What to do when the person has signed in: opaque here, known to `app`.
    pub continuation: serde_json::Value,
    /// What must be proven. Fixed when the flow starts.
    pub requirements: Requirements,
    /// What has been proven.
    pub evidence: Vec<Evidence>,
    /// What is asked of the account, once it is known whose sign-in it is. Without it nothing is granted.
    #[serde(default)]
    pub demand: Option<Demand>,
    /// What the risk rules said of this attempt on an account.
    #[serde(default)]
    pub judged: Option<Judged>,
    /// A WebAuthn ceremony that waits for its answer: the library's state, with the challenge. Taken when it is
    /// answered, so that a challenge counts once.
    #[serde(default)]
    pub ceremony: Option<serde_json::Value>,
    /// Codes that were tried in it: counted before they are looked at, and given back when they were right.
    #[serde(default)]
    pub code_tries: u32,
    /// Whether the person ticked "don't ask on this device" beside their second factor.
    #[serde(default)]
    pub trust_device: bool,
    /// Whether the person was told that a second factor will be required, and put it off.
    #[serde(default)]
    pub enrolment_put_off: bool,
    /// A set of recovery codes that was made in it, and has to be shown before it leads on.
    #[serde(default)]
    pub new_codes: Option<Id>,
    /// The code by mail that was asked for last.
    #[serde(default)]
    pub mail_code: Option<MailCode>,
    /// How many were asked for.
    #[serde(default)]
    pub mail_codes: u32,
    /// A registration that waits for its address to be proven.
    pub registration: Option<Registration>,
    /// Another provider's word that is linked to no account yet.
    #[serde(default)]
    pub pending: Option<PendingIdentity>,
    /// The address that was typed last, kept through every error.
    pub typed: Option<String>,
    /// Whether the browser could show the card that offers notices (its permission is undecided).
    #[serde(default)]
    pub can_offer: bool,
    /// The time zone of the browser, for an account that has none.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Whether that card was shown in this flow.
    #[serde(default)]
    pub offered: bool,
    /// Whether its evidence has made a session. It makes no second one.
    #[serde(default)]
    pub entered: bool,
    /// Whether it had led to its end before and was opened again by a proof: it goes there anew, and what was allowed for once is asked
    /// again.
    #[serde(default)]
    pub reopened: bool,
    /// What that session proves: what is proven next stands on it, while it lives.
    #[serde(default)]
    pub session: Option<Evidence>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it led to its end.
    pub finished_at: Option<Timestamp>,
}

impl Flow {
    /// A new flow, with nothing proven.
    pub fn start(
        id: Id,
        browser: SecretHash,
        continuation: serde_json::Value,
        requirements: Requirements,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            browser,
            continuation,
            requirements,
            evidence: Vec::new(),
            demand: None,
            judged: None,
            ceremony: None,
            code_tries: 0,
            trust_device: false,
            enrolment_put_off: false,
            new_codes: None,
            mail_code: None,
            mail_codes: 0,
            registration: None,
            pending: None,
            typed: None,
            can_offer: false,
            time_zone: None,
            offered: false,
            entered: false,
            reopened: false,
            session: None,
            created_at: now,
            expires_at: now,
            finished_at: None,
        }
        .lasting(FLOW_LIFETIME)
    }

    /// With another lifetime, counted from its start.
    #[must_use]
    pub fn lasting(mut self, lifetime: Duration) -> Self {
        self.expires_at = self.created_at.plus(lifetime);
        self
    }

    /// The same sign-in from the beginning: a new row with the same browser, aim and requirements, and nothing
    /// proven. It is what a tab gets that is too old.
    #[must_use]
    pub fn again(&self, id: Id, now: Timestamp) -> Self {
        let lifetime = self.expires_at.since(self.created_at);
        let fresh = Self::start(id, self.browser, self.continuation.clone(), self.requirements.clone(), now);
        Self { typed: self.typed.clone(), ..fresh.lasting(lifetime) }
    }

    /// Whether it was begun in the browser with this cookie.
    pub fn belongs_to(&self, browser: &SecretHash) -> bool {
        self.browser == *browser
    }

    /// Whether it can be gone on with.
    ///
    /// # Errors
    /// [`FlowError::Finished`], [`FlowError::Expired`].
    pub fn check_open(&self, now: Timestamp) -> Result<(), FlowError> {
        if self.finished_at.is_some() {
            return Err(FlowError::Finished);
        }
        if now >= self.expires_at { Err(FlowError::Expired) } else { Ok(()) }
    }

    /// Whether a proof may still be added: while it is open, and for a moment after it has let somebody in. A second click, or another
    /// tab of the same browser, was on its way then; it proves anew what it proves, and leads where the first one led.
    ///
    /// # Errors
    /// As [`Flow::check_open`].
    pub fn check_takes_proof(&self, now: Timestamp) -> Result<(), FlowError> {
        match self.finished_at {
            Some(at)
                if self.entered && at <= now.plus(APART) && now < at.plus(SECOND_CLICK) && now < self.expires_at =>
            {
                Ok(())
            }
            _ => self.check_open(now),
        }
    }

    /// Keeps the address that was typed, so that no error makes a person type it again.
    pub fn remember(&mut self, typed: &str) {
        let kept = Bounded::<254>::cut(typed.trim());
        self.typed = Some(kept.as_str().to_owned()).filter(|typed| !typed.is_empty());
    }

    /// Adds what was proven. A newer proof of the same kind takes the place of the older; a proof for another
    /// account begins anew, so that proofs of two people never stand together, and one that comes after a session was
    /// made stands on that session alone: a code that was used is spent.
    ///
    /// # Errors
    /// [`FlowError::WrongAccount`] when the requirements name another person; [`FlowError::Stale`] when it was
    /// proven before this flow began; [`FlowError::NotConfirmed`] for a registration whose link was not used,
    /// or of which another account was made; [`FlowError::OutOfOrder`] for a second factor without a first.
    pub fn add(&mut self, evidence: Evidence, now: Timestamp) -> Result<(), FlowError> {
        self.check_takes_proof(now)?;
        let account = evidence.account();
        if self.requirements.account.is_some_and(|required| required != account) {
            return Err(FlowError::WrongAccount);
        }
        // A session, or another provider, may have seen them before: whether that is recent enough is for `decide`.
        let elsewhere = matches!(evidence, Evidence::Session { .. } | Evidence::Upstream { .. });
        if (!elsewhere && evidence.at() < self.created_at.minus(APART)) || evidence.at() > now.plus(APART) {
            return Err(FlowError::Stale);
        }
        if matches!(evidence, Evidence::Registered { .. }) {
            let with_password = self.registration.as_ref().filter(|r| r.password.is_some());
            let made = with_password.and_then(|r| r.confirmed_at.and(r.account));
            if made != Some(account) {
                return Err(FlowError::NotConfirmed);
            }
        }
        if self.entered {
            self.reopened |= self.finished_at.take().is_some();
            let session = self.session.take();
            self.forget();
            self.evidence.extend(session);
        }
        let second = matches!(
            evidence,
            Evidence::Key { passkey: false, .. }
                | Evidence::Totp { .. }
                | Evidence::RecoveryCode { .. }
                | Evidence::Remembered { .. }
        );
        if second && !self.evidence.iter().any(|old| old.account() == account) {
            return Err(FlowError::OutOfOrder);
        }
        self.evidence.retain(|old| old.account() == account);
        self.demand = self.demand.take().filter(|demand| demand.account == account);
        // What was refused is over with the next proof, which is looked at anew.
        self.judged = self.judged.take().filter(|judged| judged.refused.is_empty());
        let kind = std::mem::discriminant(&evidence);
        match self.evidence.iter_mut().find(|old| std::mem::discriminant(*old) == kind) {
            Some(old) if old.at() >= evidence.at() => {}
            Some(old) => *old = evidence,
            None => self.evidence.push(evidence),
        }
        Ok(())
    }

    /// Says what is asked of the account, now that it is known. Within one flow it only rises for the same account.
    pub fn demand(&mut self, demand: Demand) {
        self.demand = Some(match &self.demand {
            Some(before) => demand.no_less_than(before),
            None => demand,
        });
    }

    /// Whether the risk rules have looked at this attempt on the account, and let it go on.
    pub fn is_judged(&self, account: Id) -> bool {
        self.judged.as_ref().is_some_and(|judged| judged.account == account && judged.refused.is_empty())
    }

    /// The risk rules let the attempt go on.
    pub fn let_on(&mut self, account: Id) {
        self.judged = Some(Judged { account, refused: Vec::new() });
    }

    /// Whether the risk rules refused the last attempt, and nothing was proven since.
    pub fn is_refused(&self) -> bool {
        self.judged.as_ref().is_some_and(|judged| !judged.refused.is_empty())
    }

    /// The risk rules refuse the attempt: what was proven counts no more. A next attempt is looked at anew.
    pub fn refuse(&mut self, account: Id, why: Vec<Reason>) {
        self.forget();
        self.judged = Some(Judged { account, refused: why });
    }

    /// Where the flow stands.
    pub fn decide(&self, now: Timestamp) -> Decision {
        decide(&self.requirements, self.demand.as_ref(), &self.evidence, now)
    }

    /// Whether a second factor was given in this flow: not a recovery code, which is for when that is not at hand.
    pub fn proves_second(&self) -> bool {
        self.evidence.iter().any(|proof| matches!(proof, Evidence::Totp { .. } | Evidence::Key { .. }))
    }

    /// Whose sign-in it is, as far as anything was proven.
    pub fn account(&self) -> Option<Id> {
        self.evidence.last().map(Evidence::account)
    }

    /// Begins anew: nothing is proven, and nobody is asked anything.
    pub(super) fn forget(&mut self) {
        self.evidence.clear();
        (self.demand, self.judged, self.session) = (None, None, None);
        self.entered = false;
    }

    /// Counts a code before it is looked at: of many at once no more are looked at than of many in a row. The caller
    /// saves and commits at once.
    ///
    /// # Errors
    /// [`FlowError::TooManyCodes`] when none is left: the flow is over then.
    pub fn try_code(&mut self, now: Timestamp) -> Result<(), FlowError> {
        self.check_open(now)?;
        if self.code_tries >= MAX_WRONG_CODES {
            self.finished_at = Some(now);
            return Err(FlowError::TooManyCodes);
        }
        self.code_tries = self.code_tries.saturating_add(1);
        Ok(())
    }

    /// The code was right: it was no guess.
    pub const fn code_was_right(&mut self) {
        self.code_tries = self.code_tries.saturating_sub(1);
    }

    /// The code was wrong. Answers with what to say of it: after the last one the flow is over.
    pub fn code_was_wrong(&mut self, now: Timestamp) -> FlowError {
        match MAX_WRONG_CODES.saturating_sub(self.code_tries) {
            0 => {
                self.finished_at = self.finished_at.or(Some(now));
                FlowError::TooManyCodes
            }
            left => FlowError::WrongCode { left },
        }
    }

    /// Lets the person in, if everything is proven: the caller makes the session, and keeps what it proves in
    /// `session`. Once, until something is proven anew.
    ///
    /// # Errors
    /// [`FlowError::NotProven`] with what is missing; [`FlowError::Finished`] when it has let them in already.
    pub fn enter(&mut self, now: Timestamp) -> Result<Granted, FlowError> {
        self.check_open(now)?;
        if self.entered {
            return Err(FlowError::Finished);
        }
        match self.decide(now) {
            Decision::Granted(granted) => {
                self.entered = true;
                Ok(granted)
            }
            Decision::Needs(next) => Err(FlowError::NotProven(next)),
        }
    }
}
