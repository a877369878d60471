//! Who may ask a running server what it saw of a request: whoever has the master key, which is `watchbell doctor`.
//!
//! The question carries the time and a seal over it (HMAC-SHA-256 under a key of the installation). Nothing is stored, so any node
//! answers; a question that somebody saw on its way is good for five minutes, and tells who sends it of nothing but themselves.

use aws_lc_rs::hmac;
use base::{Keyring, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;

/// What the key of the seal is for.
const PURPOSE: &str = "question of the doctor";
/// How far the time of a question may be from ours. A clock that is further off is told by another check.
const GOOD_FOR: Duration = Duration::from_secs(300);
const BETWEEN: char = '.';

/// A question, as it stands in the header.
pub fn question(keyring: &Keyring, now: Timestamp) -> String {
    let time = now.seconds().to_string();
    let seal = hmac::sign(&key(keyring), time.as_bytes());
    format!("{time}{BETWEEN}{}", URL_SAFE_NO_PAD.encode(seal))
}

/// Whether a question was made with this installation's keys, not long ago.
pub fn may_ask(keyring: &Keyring, question: &str, now: Timestamp) -> bool {
    let Some((time, seal)) = question.split_once(BETWEEN) else { return false };
    let Ok(seal) = URL_SAFE_NO_PAD.decode(seal) else { return false };
    let Ok(asked) = time.parse().map(Timestamp::from_seconds) else { return false };
    hmac::verify(&key(keyring), time.as_bytes(), &seal).is_ok()
        && asked.minus(GOOD_FOR) <= now
        && now <= asked.plus(GOOD_FOR)
}

fn key(keyring: &Keyring) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, keyring.subkey(PURPOSE).as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Rng;

    #[test]
    fn only_who_has_the_keys_may_ask_and_only_for_a_moment() {
        let (ours, other) = (Keyring::generate(&Rng::system()), Keyring::generate(&Rng::system()));
        let now = Timestamp::from_seconds(1_800_000_000);
        let asked = question(&ours, now);
        assert!(may_ask(&ours, &asked, now.plus(Duration::from_secs(10))));
        assert!(!may_ask(&other, &asked, now));
        assert!(!may_ask(&ours, &asked, now.plus(Duration::from_secs(301))));
        assert!(!may_ask(&ours, &asked.replacen('1', "2", 1), now));
        for text in ["", ".", "1800000000", "1800000000.", "x.y"] {
            assert!(!may_ask(&ours, text, now), "{text}");
        }
    }
}
