//! The code that ties a link, opened in another browser, to the browser that asked for it.
//!
//! Without it, someone could register another person's address and have that person confirm it.

use crate::digits::six_digits;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base::Id;

/// How many wrong codes a registration takes. The link works on in the browser that asked.
pub const MAX_WRONG_CODES: u32 = 5;

/// The six digits that the asking browser shows. They follow from a key of the server and the flow, so that
/// they are the same after a reload and are stored nowhere.
pub fn shown_code(key: &[u8; 32], flow: Id) -> String {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    mac.update(b"shown code");
    mac.update(flow.as_bytes());
    digits_of(mac.sign().as_ref())
}

/// Six digits of 256 bits, modulo a million: the bias is far below what could ever be seen.
pub(super) fn digits_of(bytes: &[u8]) -> String {
    let number = bytes.iter().fold(0_u64, |rest, byte| (rest * 256 + u64::from(*byte)) % 1_000_000);
    format!("{number:06}")
}

/// Whether that is the code, however it is grouped.
pub(super) fn is_code(key: &[u8; 32], flow: Id, typed: &str) -> bool {
    let digits = six_digits(typed).unwrap_or_default();
    verify_slices_are_equal(digits.as_bytes(), shown_code(key, flow).as_bytes()).is_ok()
}
