//! The range API of Pwned Passwords: the service learns five characters of a hash, never the password.
//!
//! SHA-1 is the key of that collection, and protects nothing here.

use crate::password::normalised;
use aws_lc_rs::digest;
use std::fmt::Write;

/// The longest answer that is read. A range has about 1,000 lines of some 42 bytes; with padding twice that.
const MAX_LINES: usize = 10_000;
const PREFIX: usize = 5;
const SUFFIX: usize = 35;

/// The first five hexadecimal characters of the password's SHA-1, which are sent, and the other 35, which
/// are not.
pub fn range_prefix(password: &str) -> (String, String) {
    let text = normalised(password).unwrap_or_default();
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    let mut hex = String::with_capacity(PREFIX + SUFFIX);
    for byte in hash.as_ref() {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02X}");
    }
    let suffix = hex.split_off(PREFIX);
    (hex, suffix)
}

/// How often the password was found, going by the answer to its range: lines of `SUFFIX:COUNT`. `None` when
/// it was not. A padding line (count 0) is no finding; a line that can't be read is passed over.
pub fn found_in(body: &str, suffix: &str) -> Option<u64> {
    if suffix.len() != SUFFIX {
        return None;
    }
    body.lines().take(MAX_LINES).find_map(|line| {
        let (found, count) = line.trim().split_once(':')?;
        let count: u64 = count.trim().parse().ok()?;
        (found.eq_ignore_ascii_case(suffix) && count > 0).then_some(count)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_services_documentation_is_split_as_it_says() {
        // SHA-1 of "P@ssw0rd" is 21BD12DC183F740EE76F27B78EB39C8AD972A757.
        let (prefix, suffix) = range_prefix("P@ssw0rd");
        assert_eq!(prefix, "21BD1");
        assert_eq!(suffix, "2DC183F740EE76F27B78EB39C8AD972A757");
    }

    #[test]
    fn a_line_with_the_suffix_gives_its_count_in_either_case_and_with_either_line_end() {
        let (_, suffix) = range_prefix("P@ssw0rd");
        let body = format!("0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{}:52579\r\n", suffix.to_lowercase());
        assert_eq!(found_in(&body, &suffix), Some(52_579));
        assert_eq!(found_in(&format!("{suffix}:3"), &suffix), Some(3));
    }

    #[test]
    fn padding_strangers_and_nonsense_are_no_finding() {
        let (_, suffix) = range_prefix("tidal-lamp-orchid");
        for body in [
            String::new(),
            format!("{suffix}:0"),
            suffix.clone(),
            format!("{suffix}:many"),
            format!("{suffix}:-4"),
            format!("{suffix}:99999999999999999999999"),
            "<html>502 Bad Gateway</html>".into(),
            ":".repeat(100_000),
        ] {
            assert_eq!(found_in(&body, &suffix), None);
        }
        assert_eq!(found_in(":5", ""), None);
    }

    #[test]
    fn an_endless_answer_is_read_to_its_bound_only() {
        let (_, suffix) = range_prefix("tidal-lamp-orchid");
        let body = format!("{}{suffix}:7\n", "0018A45C4D1DEF81644B54AB7F969B88D65:1\n".repeat(MAX_LINES));
        assert_eq!(found_in(&body, &suffix), None);
    }

    #[test]
    fn both_spellings_of_an_accent_ask_for_the_same_range() {
        assert_eq!(range_prefix("caf\u{e9}"), range_prefix("cafe\u{301}"));
    }
}
