//! The passwords that everybody tries first.

use std::collections::HashSet;
use std::sync::LazyLock;

static LIST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| entries().collect());

fn entries() -> impl Iterator<Item = &'static str> {
    include_str!("../common_passwords.txt").lines().filter(|line| !line.starts_with("# "))
}

/// Whether the password is on the list, however it is capitalised.
pub(super) fn is_common(password: &str) -> bool {
    LIST.contains(password.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_well_over_three_thousand_entries_each_once_and_in_lower_case() {
        let all: Vec<_> = entries().collect();
        assert!(all.len() > 14_000);
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
        assert!(all.iter().all(|entry| *entry == entry.to_lowercase() && entry.trim() == *entry && !entry.is_empty()));
    }

    #[test]
    fn at_least_three_thousand_of_them_are_long_enough_to_be_chosen_at_all() {
        assert!(entries().filter(|entry| entry.chars().count() >= 8).count() >= 3_000);
    }

    #[test]
    fn capital_letters_do_not_hide_a_common_password() {
        for password in ["password", "PASSWORD", "PassWord1", "Qwerty123", "Football", "P@ssw0rd"] {
            assert!(is_common(password), "{password}");
        }
        assert!(!is_common("tidal-lamp-orchid"));
    }
}
