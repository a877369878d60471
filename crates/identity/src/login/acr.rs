//! How much a sign-in proves: the values of the `acr` claim (OpenID Connect Core §2).
//!
//! The value is an absolute URI, as the specification asks for, with the number of independent factors at its
//! end: a higher number satisfies whoever asks for a lower one.

/// One factor: a password, by itself or with a proven address.
pub const SINGLE_FACTOR: &str = "urn:watchbell:acr:1";

/// What can be reached today, for `acr_values_supported`.
pub const SUPPORTED: [&str; 1] = [SINGLE_FACTOR];

/// Whether `reached` is enough for someone who asks for `wanted`. A value of another vocabulary is enough for
/// nobody but itself.
pub fn satisfies(reached: &str, wanted: &str) -> bool {
    let level = |value: &str| value.strip_prefix("urn:watchbell:acr:").and_then(|n| n.parse::<u8>().ok());
    match (level(reached), level(wanted)) {
        (Some(reached), Some(wanted)) => reached >= wanted,
        _ => reached == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_level_is_enough_for_a_lower_one_and_a_foreign_value_only_for_itself() {
        assert!(satisfies(SINGLE_FACTOR, SINGLE_FACTOR));
        assert!(satisfies("urn:watchbell:acr:2", SINGLE_FACTOR));
        assert!(!satisfies(SINGLE_FACTOR, "urn:watchbell:acr:2"));
        assert!(!satisfies(SINGLE_FACTOR, "phr"));
        assert!(!satisfies("urn:watchbell:acr:x", SINGLE_FACTOR));
        assert!(satisfies("phr", "phr"));
    }
}
