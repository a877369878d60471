//! The number that the asking browser shows, and the codes that mails bring it.
//!
//! None is stored: all follow from a key of the server and the change. So the page shows the same after a reload, and the
//! relay that writes a mail comes to the same code as the page that takes it.

use crate::digits::{digits, six_digits};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base::Id;
use zeroize::Zeroizing;

/// What the server's key for them is derived for.
pub const CHANGE_KEY: &str = "pending change";

/// What a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leg {
    /// The owner's yes, from the mailbox of the account.
    Yes,
    /// That the new mail address is the asker's.
    NewAddress,
}

/// What is secret about a change.
pub struct ChangeSecret<'a> {
    key: &'a [u8; 32],
    change: Id,
}

impl<'a> ChangeSecret<'a> {
    /// Of that change.
    pub const fn new(key: &'a [u8; 32], change: Id) -> Self {
        Self { key, change }
    }

    fn bits(&self, what: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, self.key));
        mac.update(what);
        mac.update(self.change.as_bytes());
        Zeroizing::new(mac.sign().as_ref().to_vec())
    }

    /// Two digits, 10 to 99: typed from the asking browser's screen by whoever says yes elsewhere.
    pub fn number(&self) -> String {
        (10 + modulo(&self.bits(b"change number"), 90)).to_string()
    }

    /// Whether that is the number.
    pub fn is_number(&self, typed: &str) -> bool {
        let typed = digits(typed, 2).unwrap_or_default();
        verify_slices_are_equal(typed.as_bytes(), self.number().as_bytes()).is_ok()
    }

    /// The six digits that a mail brings.
    pub fn code(&self, leg: Leg) -> Zeroizing<String> {
        let what: &[u8] = match leg {
            Leg::Yes => b"change code: yes",
            Leg::NewAddress => b"change code: new address",
        };
        Zeroizing::new(format!("{:06}", modulo(&self.bits(what), 1_000_000)))
    }

    /// Whether that is the code, however it is grouped.
    pub fn is_code(&self, leg: Leg, typed: &str) -> bool {
        let digits = Zeroizing::new(six_digits(typed).unwrap_or_default());
        verify_slices_are_equal(digits.as_bytes(), self.code(leg).as_bytes()).is_ok()
    }
}

/// 256 bits modulo a small number: the bias is far below what could ever be seen.
fn modulo(bits: &[u8], by: u64) -> u64 {
    bits.iter().fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % by)
}
