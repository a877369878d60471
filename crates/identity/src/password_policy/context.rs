//! Words that a guesser would try for this very account (ASVS 6.2.11).

/// The shortest word that counts as one's own: shorter ones turn up in any text.
const SHORTEST: usize = 3;
/// The fewest characters that must be left of a password once all such words are taken out.
const REMAINDER: usize = 8;
/// Bounds, as names and addresses come from outside.
const MAX_WORDS: usize = 32;

/// This product's own name is known to everybody who sees the sign-in page.
const PRODUCT: &str = "watchbell";

/// The single words of the context, lower-cased, longest first, each once.
pub(super) fn words(context: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = vec![PRODUCT.to_owned()];
    for text in context {
        let text = text.to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            words.push(word.to_owned());
        }
        // "Anna Smith" and "anna.smith" are also written as one.
        let joined = text.split('@').next().unwrap_or_default();
        words.push(joined.chars().filter(|c| c.is_alphanumeric()).collect());
    }
    words.retain(|word| word.chars().count() >= SHORTEST);
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words.truncate(MAX_WORDS);
    words
}

/// Whether a password is little more than such words, written forwards or backwards, in any case, with the
/// usual digits for letters. A long passphrase that happens to hold a name is none.
pub(super) fn is_made_of(password: &str, words: &[String]) -> bool {
    let lower = password.to_lowercase();
    let (leet_i, leet_l) = (unleet(&lower, 'i'), unleet(&lower, 'l'));
    [&lower, &leet_i, &leet_l].into_iter().any(|form| {
        let mut rest = form.clone();
        let mut found = false;
        for word in words {
            let backwards: String = word.chars().rev().collect();
            for word in [word.as_str(), backwards.as_str()] {
                if rest.contains(word) {
                    found = true;
                    // A mark in its place, so that what stood around it does not join into another word.
                    rest = rest.replace(word, "\u{0}");
                }
            }
        }
        found && rest.chars().filter(|c| *c != '\u{0}').count() < REMAINDER
    })
}

/// Puts letters back for the digits and signs that are used in their place; `one` is what `1`, `!` and `|` mean.
fn unleet(text: &str, one: char) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => one,
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' | '+' => 't',
            '8' => 'b',
            '9' => 'g',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str, context: &[&str]) -> bool {
        is_made_of(password, &words(context))
    }

    #[test]
    fn names_and_addresses_with_a_little_around_them_are_refused() {
        let context = ["anna.smith@example.com", "Anna Smith", "Acme Shop"];
        for password in [
            "annasmith",
            "AnnaSmith1990",
            "smith-anna!!",
            "Acme2024!",
            "acmeshop#1",
            "anna.smith@example.com",
            "htimSannA7",
        ] {
            assert!(refused(password, &context), "{password}");
        }
    }

    #[test]
    fn digits_for_letters_do_not_hide_them() {
        assert!(refused("4nn4_5m1th", &["Anna Smith"]));
        assert!(refused("W4tchb311!", &[]));
        assert!(refused("@cme$hop2", &["Acme Shop"]));
    }

    #[test]
    fn the_products_own_name_always_counts() {
        assert!(refused("Watchbell2026", &[]));
    }

    #[test]
    fn a_passphrase_that_happens_to_hold_a_name_is_taken() {
        assert!(!refused("anna keeps seven grey herons", &["Anna Smith"]));
        assert!(!refused("tidal-lamp-orchid", &["anna.smith@example.com"]));
    }

    #[test]
    fn very_short_words_and_an_empty_context_refuse_nothing() {
        assert!(!refused("bo-tangerine", &["Bo Li", "", "@"]));
        assert!(!refused("short", &[]));
    }

    #[test]
    fn a_context_of_any_size_is_bounded() {
        let many: String = (0..5_000).map(|n| format!("word{n} ")).collect();
        assert_eq!(words(&[&many]).len(), MAX_WORDS);
    }
}
