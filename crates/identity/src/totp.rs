//! The codes of an authenticator app: RFC 6238 over RFC 4226, with HMAC-SHA-1, six digits and steps of thirty seconds,
//! which is what every app can do.

use crate::base32::{self, RFC_4648};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base::Timestamp;
use zeroize::Zeroizing;

/// The length of a seed in bytes: as long as the hash (RFC 4226 §4, R6).
pub const SEED: usize = 20;
const STEP_SECONDS: i64 = 30;
/// How many steps the app's clock may be off, before and after (RFC 6238 §5.2).
const DRIFT: i64 = 1;
/// How many steps a clock may be off to be told that it is: while the app is set up, where whoever asks has the seed.
const FAR: i64 = 240;

/// What the app and the server share. It has neither `Debug` nor `Serialize`.
pub struct Seed(Zeroizing<[u8; SEED]>);

/// How a code stands to a seed, while the app is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// It is right, for this step.
    Right(i64),
    /// It is of this seed, and of a time that is hours or minutes away: the app's clock is wrong.
    ClockIsOff,
    /// It is not of this seed.
    Wrong,
}

impl Seed {
    /// From random bytes.
    pub fn new(bytes: [u8; SEED]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// From its bytes, as they were sealed.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::new)
    }

    /// The bytes, to be sealed.
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The seed as it is typed into an app that has no camera: base32 in groups of four.
    pub fn key(&self) -> Zeroizing<String> {
        Zeroizing::new(base32::in_fours(&self.text(), ' '))
    }

    /// What the QR code says: the key URI that authenticator apps read. `account` is shown there below `issuer`.
    pub fn uri(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        // The label is `issuer:account`: a colon within would cut it at another place.
        let issuer = escaped(&issuer.replace(':', " "));
        let (account, secret) = (escaped(account), self.text());
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            secret.as_str()
        ))
    }

    /// The newest step for which these six digits are the code: the present one or a neighbour, and none that was used
    /// or is older than one that was.
    pub fn step_of(&self, digits: &str, now: Timestamp, last_used: i64) -> Option<i64> {
        self.newest(digits, now, DRIFT).filter(|step| *step > last_used)
    }

    /// How a code stands while the app is set up.
    pub fn set_up(&self, digits: &str, now: Timestamp) -> SetUp {
        match self.newest(digits, now, DRIFT) {
            Some(step) => SetUp::Right(step),
            None if self.newest(digits, now, FAR).is_some() => SetUp::ClockIsOff,
            None => SetUp::Wrong,
        }
    }

    /// Each step within reach is looked at, whether one was found or not.
    fn newest(&self, digits: &str, now: Timestamp, reach: i64) -> Option<i64> {
        let present = step_at(now);
        let mut found = None;
        for step in present.saturating_sub(reach)..=present.saturating_add(reach) {
            if verify_slices_are_equal(self.code(step).as_bytes(), digits.as_bytes()).is_ok() {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step: what an app shows.
    pub fn code(&self, step: i64) -> Zeroizing<String> {
        let counter = u64::try_from(step).unwrap_or_default();
        Zeroizing::new(format!("{:06}", hotp(self.expose(), counter) % 1_000_000))
    }

    fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(base32::encode(self.expose(), RFC_4648))
    }
}

/// The step of a moment (RFC 6238 §4.2, with T0 = 0).
pub fn step_at(now: Timestamp) -> i64 {
    now.seconds().div_euclid(STEP_SECONDS)
}

/// The dynamically truncated value of a counter (RFC 4226 §5.3), of which a code is the last digits.
fn hotp(key: &[u8], counter: u64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = tag.last().map_or(0, |last| usize::from(last & 0xF));
    let four = tag.iter().skip(offset).take(4);
    four.fold(0_u32, |value, byte| value << 8 | u32::from(*byte)) & 0x7FFF_FFFF
}

/// All but the unreserved characters percent-encoded (RFC 3986 §2.3): not every app takes a plus for a space.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_KEY: &[u8; SEED] = b"12345678901234567890";
    const NOW: Timestamp = Timestamp::from_seconds(1_795_426_860);

    fn seed() -> Seed {
        Seed::new(*RFC_KEY)
    }

    fn code(step: i64) -> String {
        seed().code(step).to_string()
    }

    /// RFC 4226, appendix D.
    #[test]
    fn the_vectors_of_hotp() {
        let truncated = [
            1_284_755_224,
            1_094_287_082,
            137_359_152,
            1_726_969_429,
            1_640_338_314,
            868_254_676,
            1_918_287_922,
            82_162_583,
            673_399_871,
            645_520_489,
        ];
        for (counter, expected) in (0..).zip(truncated) {
            assert_eq!(hotp(RFC_KEY, counter), expected, "counter {counter}");
        }
        let codes: Vec<_> = (0..10).map(code).collect();
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        assert_eq!(codes, expected);
    }

    /// RFC 6238, appendix B, those of SHA-1: eight digits there, of which we show the last six.
    #[test]
    fn the_vectors_of_totp() {
        let vectors = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, expected) in vectors {
            let step = step_at(Timestamp::from_seconds(seconds));
            assert_eq!(hotp(RFC_KEY, u64::try_from(step).unwrap()) % 100_000_000, expected, "at {seconds}");
            assert_eq!(code(step), format!("{:06}", expected % 1_000_000));
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_no_more() {
        let present = step_at(NOW);
        for off in -3..=3_i64 {
            let accepted = seed().step_of(&code(present + off), NOW, 0);
            assert_eq!(accepted, (off.abs() <= 1).then_some(present + off), "{off} steps");
        }
    }

    /// RFC 6238 §5.2: a code is used once, and none that is older than it afterwards.
    #[test]
    fn a_step_that_was_used_is_spent_and_so_are_those_before_it() {
        let present = step_at(NOW);
        assert_eq!(seed().step_of(&code(present), NOW, present), None);
        assert_eq!(seed().step_of(&code(present - 1), NOW, present), None);
        assert_eq!(seed().step_of(&code(present + 1), NOW, present), Some(present + 1));
    }

    #[test]
    fn a_code_that_two_steps_share_counts_for_the_newer_one() {
        // Two neighbours of one code are rare: this is the first pair.
        let step = 910_737;
        assert_eq!(code(step), code(step + 1));
        let between = Timestamp::from_seconds((step + 1) * 30);
        assert_eq!(seed().step_of(&code(step), between, step), Some(step + 1));
    }

    #[test]
    fn while_it_is_set_up_a_wrong_clock_is_told_from_a_wrong_code() {
        let present = step_at(NOW);
        assert_eq!(seed().set_up(&code(present), NOW), SetUp::Right(present));
        assert_eq!(seed().set_up(&code(present - 120), NOW), SetUp::ClockIsOff);
        assert_eq!(Seed::new([9; SEED]).set_up(&code(present), NOW), SetUp::Wrong);
    }

    #[test]
    fn the_uri_names_issuer_and_account_so_that_every_app_reads_them() {
        let uri = seed().uri("Acme: Größe & Co", "jane+x@example.com");
        assert_eq!(
            uri.as_str(),
            "otpauth://totp/Acme%20%20Gr%C3%B6%C3%9Fe%20%26%20Co:jane%2Bx%40example.com\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20%20Gr%C3%B6%C3%9Fe%20%26%20Co\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(seed().key().as_str(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
