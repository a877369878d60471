//! What signing in takes: at a tenant, and at a client that asks for more.

use super::{Assurance, Method, Methods};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Who can make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Everybody, with an address that is confirmed by mail.
    #[default]
    Open,
    /// Whoever has an invitation from the operator.
    Invited,
    /// Nobody: the operator makes them.
    Closed,
}

/// What signing in takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInPolicy {
    /// Which ways to sign in there are.
    pub methods: Methods,
    /// What is asked of everybody.
    pub require: Assurance,
    /// How long an account may do without a second factor that is required, from its first sign-in on.
    pub enrolment_grace: Duration,
    /// How long "don't ask on this device" holds.
    pub trust_device: Duration,
    /// How recent a proof must be for a sensitive change.
    pub recent: Duration,
    /// Who can make an account.
    pub sign_up: SignUp,
}

impl Default for SignInPolicy {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const DAY: u64 = 24 * 60 * MINUTE;
        Self {
            methods: Methods::default(),
            require: Assurance::OneFactor,
            enrolment_grace: Duration::from_secs(7 * DAY),
            trust_device: Duration::from_secs(30 * DAY),
            recent: Duration::from_secs(10 * MINUTE),
            sign_up: SignUp::Open,
        }
    }
}

/// What a client asks beyond its tenant. Each part is as strict as the tenant's or stricter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stricter {
    /// The methods that count for it.
    pub methods: Option<Methods>,
    /// How much a sign-in must prove.
    pub require: Option<Assurance>,
    /// How long an account may do without.
    pub enrolment_grace: Option<Duration>,
    /// Who can make an account on the way to it.
    pub sign_up: Option<SignUp>,
}

impl SignInPolicy {
    /// With what a client asks beyond it. No client can ask for less than its tenant.
    #[must_use]
    pub fn with(self, client: &Stricter) -> Self {
        Self {
            methods: client.methods.as_ref().map_or(self.methods.clone(), |methods| self.methods.and(methods)),
            require: self.require.max(client.require.unwrap_or_default()),
            enrolment_grace: self.enrolment_grace.min(client.enrolment_grace.unwrap_or(self.enrolment_grace)),
            sign_up: self.sign_up.max(client.sign_up.unwrap_or_default()),
            ..self
        }
    }

    /// Whether anybody could sign in by it at all.
    pub fn lets_somebody_in(&self) -> bool {
        use Method::{MailCode, Passkey, Password, Upstream};
        let first = [Password, Passkey, Upstream].into_iter().any(|method| self.methods.has(method));
        let second = [Passkey, Method::SecurityKey, Method::Totp].into_iter().any(|method| self.methods.has(method));
        let key = [Passkey, Method::SecurityKey].into_iter().any(|method| self.methods.has(method));
        match self.require {
            Assurance::OneFactor => first || self.methods.has(MailCode),
            Assurance::TwoFactors => first && second,
            Assurance::PhishingResistant => first && key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_ask_for_more_and_never_for_less() {
        let tenant = SignInPolicy {
            methods: Methods::of([Method::Password, Method::Totp]),
            require: Assurance::TwoFactors,
            sign_up: SignUp::Invited,
            enrolment_grace: Duration::from_secs(60),
            ..SignInPolicy::default()
        };
        let lax = Stricter {
            methods: Some(Methods::default()),
            require: Some(Assurance::OneFactor),
            enrolment_grace: Some(Duration::from_secs(3_600)),
            sign_up: Some(SignUp::Open),
        };
        assert_eq!(tenant.clone().with(&lax), tenant);
        assert_eq!(tenant.clone().with(&Stricter::default()), tenant);
        let strict = Stricter {
            methods: Some(Methods::of([Method::Password, Method::Passkey])),
            require: Some(Assurance::PhishingResistant),
            enrolment_grace: Some(Duration::ZERO),
            sign_up: Some(SignUp::Closed),
        };
        let both = tenant.with(&strict);
        assert_eq!(both.methods, Methods::of([Method::Password]));
        assert_eq!(both.require, Assurance::PhishingResistant);
        assert_eq!((both.enrolment_grace, both.sign_up), (Duration::ZERO, SignUp::Closed));
    }

    #[test]
    fn a_policy_by_which_nobody_can_sign_in_is_told() {
        let with = |methods: &[Method], require| {
            let methods = Methods::of(methods.iter().copied());
            SignInPolicy { methods, require, ..SignInPolicy::default() }.lets_somebody_in()
        };
        use Assurance::{OneFactor, PhishingResistant, TwoFactors};
        assert!(with(&[Method::Password], OneFactor));
        assert!(with(&[Method::MailCode], OneFactor));
        assert!(!with(&[Method::Totp], OneFactor), "a second factor alone is no way in");
        assert!(!with(&[Method::MailCode, Method::Totp], TwoFactors), "a code by mail is no part of two factors");
        assert!(with(&[Method::Password, Method::Totp], TwoFactors));
        assert!(!with(&[Method::Password, Method::Totp], PhishingResistant));
        assert!(with(&[Method::Passkey], PhishingResistant));
        assert!(with(&[Method::Password, Method::SecurityKey], PhishingResistant));
        assert!(!with(&[], OneFactor));
    }
}
