//! What is asked of one account, once it is known whose sign-in it is.
//!
//! The flow's requirements are fixed before anybody is known; this is the account's part of them. It is made from what
//! the account has, from its role and from what is odd about the attempt, under the account's lock, and only ever
//! rises within a flow.

use super::{Assurance, Methods, Requirements};
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};

/// What an account has to sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Factors {
    /// A password.
    pub password: bool,
    /// How many passkeys.
    pub passkeys: usize,
    /// How many security keys.
    pub security_keys: usize,
    /// A confirmed authenticator app.
    pub totp: bool,
    /// How many unused recovery codes.
    pub recovery_codes: usize,
    /// How many accounts at other providers.
    pub identities: usize,
}

impl Factors {
    /// Whether its owner set up something to be asked for besides the password. A passkey alone is not that: it signs
    /// in by itself, and where it is not at hand the password does.
    pub const fn has_second(&self) -> bool {
        self.totp || self.security_keys > 0
    }

    /// Whether two factors can be proven with it at all.
    pub fn reaches(&self, level: Assurance, methods: &Methods) -> bool {
        use super::Method::{Passkey, SecurityKey, Totp};
        let key = (self.passkeys > 0 && methods.has(Passkey)) || (self.security_keys > 0 && methods.has(SecurityKey));
        match level {
            Assurance::OneFactor => true,
            Assurance::TwoFactors => key || (self.totp && methods.has(Totp)),
            Assurance::PhishingResistant => key,
        }
    }

    /// Whether a rule's level is put off for a while: for an account that has nothing to prove it with. One that has a
    /// second factor, though not one that reaches so far, is asked at once.
    pub fn have_grace(&self, level: Assurance, methods: &Methods) -> bool {
        !self.reaches(level, methods) && !self.has_second()
    }

    /// How many ways there are that sign in by themselves, by methods that count: the last of them can't be removed.
    pub fn ways_in(&self, methods: &Methods) -> usize {
        use super::Method::{Passkey, Password, Upstream};
        let ways = [(Password, usize::from(self.password)), (Passkey, self.passkeys), (Upstream, self.identities)];
        ways.into_iter().filter(|(method, _)| methods.has(*method)).map(|(_, count)| count).sum()
    }
}

/// Why more than one factor is asked for: the answer to "why was I asked?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its owner set up a second factor.
    OwnChoice,
    /// The operator asks it of everybody, or of everybody who signs in to this app.
    Policy,
    /// It is an operator's account.
    Operator,
    /// The app asks for it (`acr_values`, `claims`).
    App,
    /// Something sensitive is about to be changed.
    SensitiveChange,
    /// A device that the account does not know.
    NewDevice,
    /// A country where the account was never used.
    NewCountry,
    /// Too far from the last sign-in for the time between.
    ImpossibleTravel,
    /// The account was not used for long.
    LongInactivity,
    /// Many accounts were tried from this address.
    ManyAccounts,
    /// This account was tried from many addresses.
    ManyAddresses,
}

/// What is asked of one account in one flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Whose.
    pub account: Id,
    /// What a rule asks; a remembered device is spared it.
    pub usual: Assurance,
    /// What this attempt asks; no device is spared it.
    pub now: Assurance,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What the account has to prove it with.
    pub factors: Factors,
    /// Whether a code by mail may sign in here: never for operators, nor where a second factor stands.
    pub mail_code: bool,
    /// Whether the account is let through without the second factor that it has yet to set up, and until when.
    pub grace_until: Option<Timestamp>,
}

impl Reason {
    /// Its name, as in `new-country`: the key of its sentence is `reason-new-country`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnChoice => "own-choice",
            Self::Policy => "policy",
            Self::Operator => "operator",
            Self::App => "app",
            Self::SensitiveChange => "sensitive-change",
            Self::NewDevice => "new-device",
            Self::NewCountry => "new-country",
            Self::ImpossibleTravel => "impossible-travel",
            Self::LongInactivity => "long-inactivity",
            Self::ManyAccounts => "many-accounts",
            Self::ManyAddresses => "many-addresses",
        }
    }
}

impl Demand {
    /// What the account's own settings and the flow's requirements come to. `odd` is what the risk rules ask for.
    pub fn of(account: Id, factors: Factors, requirements: &Requirements, is_operator: bool) -> Self {
        let own = if factors.has_second() { Assurance::TwoFactors } else { Assurance::OneFactor };
        let mut reasons = Vec::new();
        let above = |level| level > Assurance::OneFactor;
        if above(own) {
            reasons.push(Reason::OwnChoice);
        }
        if above(requirements.usual) {
            reasons.push(Reason::Policy);
        }
        if let Some(why) = requirements.why.filter(|_| above(requirements.now)) {
            reasons.push(why);
        }
        Self {
            account,
            usual: own.max(requirements.usual),
            now: requirements.now,
            reasons,
            factors,
            mail_code: !is_operator && own == Assurance::OneFactor,
            grace_until: None,
        }
    }

    /// With more asked for in this attempt: what is odd about it.
    #[must_use]
    pub fn raised(mut self, now: Assurance, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.now = self.now.max(now);
        self.reasons.extend(reasons);
        self.reasons.dedup();
        self
    }

    /// With time left until a second factor must be there. Only what a rule asks is put off, and only for an account
    /// that has nothing to prove it with.
    #[must_use]
    pub fn with_grace(mut self, until: Timestamp, at: Timestamp, methods: &Methods) -> Self {
        if at < until && self.factors.have_grace(self.usual, methods) {
            self.usual = Assurance::OneFactor;
            self.grace_until = Some(until);
        }
        self
    }

    /// The same account's demand, never less than it was before in this flow.
    #[must_use]
    pub fn no_less_than(mut self, before: &Self) -> Self {
        if before.account == self.account {
            // Time that was given is not taken back, but none is given to who was asked before.
            let in_grace = self.grace_until.is_some() && before.grace_until.is_some();
            self.usual = if in_grace { self.usual } else { self.usual.max(before.usual) };
            self.grace_until = self.grace_until.filter(|_| in_grace);
            self.now = self.now.max(before.now);
            self.mail_code = self.mail_code && before.mail_code;
            for reason in &before.reasons {
                if !self.reasons.contains(reason) {
                    self.reasons.push(*reason);
                }
            }
        }
        self
    }
}
