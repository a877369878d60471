//! How much a sign-in proves: the values of the `acr` claim (OpenID Connect Core §2).
//!
//! The value is an absolute URI, as the specification asks for, with a level at its end: a higher level satisfies
//! whoever asks for a lower one.

use serde::{Deserialize, Serialize};

/// One factor: a password, a code by mail, an account at another provider.
pub const SINGLE_FACTOR: &str = "urn:watchbell:acr:1";
/// Two factors of different kinds.
pub const TWO_FACTORS: &str = "urn:watchbell:acr:2";
/// Two factors, one of which can't be typed into somebody else's page: a passkey, or a security key beside a
/// password.
pub const PHISHING_RESISTANT: &str = "urn:watchbell:acr:3";
/// What can be reached, for `acr_values_supported`.
pub const SUPPORTED: [&str; 3] = [SINGLE_FACTOR, TWO_FACTORS, PHISHING_RESISTANT];

/// How much a sign-in proves, or has to prove. A higher one is enough wherever a lower one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// One factor.
    #[default]
    OneFactor,
    /// Two factors of different kinds.
    TwoFactors,
    /// Two factors, one of which can't be phished.
    PhishingResistant,
}

impl Assurance {
    /// All of them, lowest first.
    pub const ALL: [Self; 3] = [Self::OneFactor, Self::TwoFactors, Self::PhishingResistant];

    /// The value of the claim `acr`.
    pub const fn acr(self) -> &'static str {
        match self {
            Self::OneFactor => SINGLE_FACTOR,
            Self::TwoFactors => TWO_FACTORS,
            Self::PhishingResistant => PHISHING_RESISTANT,
        }
    }

    /// The level that a value of the claim `acr` names; `None` for one of another vocabulary.
    pub fn of_acr(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.acr() == value)
    }
}

/// Whether `reached` is enough for someone who asks for `wanted`. A value of another vocabulary is enough for
/// nobody but itself.
pub fn satisfies(reached: &str, wanted: &str) -> bool {
    match (Assurance::of_acr(reached), Assurance::of_acr(wanted)) {
        (Some(reached), Some(wanted)) => reached >= wanted,
        _ => reached == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_level_is_enough_for_a_lower_one_and_a_foreign_value_only_for_itself() {
        for (n, reached) in SUPPORTED.iter().enumerate() {
            for (m, wanted) in SUPPORTED.iter().enumerate() {
                assert_eq!(satisfies(reached, wanted), n >= m, "{reached} for {wanted}");
            }
        }
        assert!(!satisfies(SINGLE_FACTOR, "phr"));
        assert!(!satisfies("urn:watchbell:acr:x", SINGLE_FACTOR));
        assert!(!satisfies("urn:watchbell:acr:4", SINGLE_FACTOR), "nobody has reached what there is not");
        assert!(satisfies("phr", "phr"));
    }

    #[test]
    fn every_level_has_a_value_and_is_found_by_it() {
        for level in Assurance::ALL {
            assert_eq!(Assurance::of_acr(level.acr()), Some(level));
        }
    }
}
