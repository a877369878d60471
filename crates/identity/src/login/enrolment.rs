//! Who may set up a second factor in the middle of a sign-in.
//!
//! It is the door that the advisories of this field go through (CVE-2024-32868 and its kin): whoever knows a password
//! alone must not get past an account's second factor by adding one of their own.

use super::{Decision, Evidence, Factors, Flow, NextStep, decide};
use base::Timestamp;
use std::time::Duration;

impl Factors {
    /// Whether there is nothing here but what signs in first. A key that does not count where one is going is something
    /// all the same: who has its owner's password has not got the key.
    pub const fn are_first_alone(&self) -> bool {
        !self.totp && self.passkeys == 0 && self.security_keys == 0
    }
}

impl Flow {
    /// Whether a first factor beside which a second one counts was proven in this very flow, or by this browser's session
    /// within the time that a proof is `recent`. A code by mail is none, and neither is a second factor by itself.
    pub fn proves_strong_first(&self, recent: Duration, now: Timestamp) -> bool {
        let since = now.minus(recent);
        let is_strong = |proof: &&Evidence| match proof {
            Evidence::Password { .. } | Evidence::Registered { .. } | Evidence::Upstream { .. } => true,
            Evidence::Key { passkey, user_verified, .. } => *passkey && *user_verified,
            Evidence::Session { at, .. } => *at >= since,
            Evidence::Totp { .. }
            | Evidence::RecoveryCode { .. }
            | Evidence::MailCode { .. }
            | Evidence::Remembered { .. } => false,
        };
        let strong: Vec<Evidence> = self.evidence.iter().filter(is_strong).cloned().collect();
        // What these alone come to is said where all else is said: a method that is switched off proves nothing here either.
        let decision = decide(&self.requirements, self.demand.as_ref(), &strong, now);
        matches!(decision, Decision::Granted(_) | Decision::Needs(NextStep::Enrol { .. }))
    }

    /// Whether a second factor may be set up in this flow: by whoever proves that, for an account that has none, of
    /// whatever kind. Settle the demand under the account's lock first: this believes what it says of the account.
    pub fn may_enrol(&self, recent: Duration, now: Timestamp) -> bool {
        let first_alone = self.demand.as_ref().is_some_and(|demand| demand.factors.are_first_alone());
        first_alone && self.proves_strong_first(recent, now)
    }

    /// Until when the account may do without the second factor that will be required, where that is still to be told in
    /// this flow to someone who has been let in without.
    pub fn enrolment_due(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.demand.as_ref().and_then(|demand| demand.grace_until);
        let to_be_told = || !self.enrolment_put_off && matches!(self.decide(now), Decision::Granted(_));
        until.filter(|_| to_be_told())
    }
}
