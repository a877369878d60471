//! What the texts of the formats have in common.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::ops::RangeInclusive;

/// The longest record that is read, in bytes. Firebase's carry a key and are the longest of all, some 400.
pub(super) const MAX_RECORD: usize = 2048;

/// How long a hash may be, in bytes. Fewer than 128 bits could be met by chance or by force, and one of no length
/// would fit every password; `passport-local-mongoose` writes 512 bytes, the most that is seen.
pub(super) const OUTPUT: RangeInclusive<usize> = 16..=512;

/// How long a salt may be, in bytes. Without one, a table made in advance opens every record.
pub(super) const SALT: RangeInclusive<usize> = 1..=128;

const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Base64 in the dialects that are met: with and without padding, `.` for `+` (passlib), and `-_` for `+/`
/// (RFC 4648 §5). Bits that mean nothing must be zero.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let standard: String = text
        .chars()
        .map(|c| match c {
            '.' | '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    ANY_PADDING.decode(standard).ok()
}

/// A hash in base64, of a length that can be one.
pub(super) fn output(text: &str) -> Option<Vec<u8>> {
    base64(text).filter(|bytes| OUTPUT.contains(&bytes.len()))
}

/// A salt in base64, of a length that can be one.
pub(super) fn salt(text: &str) -> Option<Vec<u8>> {
    base64(text).filter(|bytes| SALT.contains(&bytes.len()))
}

/// A number in decimal, without sign and leading zeros.
pub(super) fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

/// The fields between `$` signs, when there are exactly as many.
pub(super) fn fields<const N: usize>(text: &str) -> Option<[&str; N]> {
    exactly(text.split('$'))
}

/// The values of `a=…,b=…`, when these are the names in this order and there are no others.
pub(super) fn values<'a, const N: usize>(text: &'a str, names: [&str; N]) -> Option<[&'a str; N]> {
    let pairs: [&str; N] = exactly(text.split(','))?;
    let mut values = [""; N];
    for ((pair, name), value) in pairs.into_iter().zip(names).zip(&mut values) {
        *value = pair.strip_prefix(name)?.strip_prefix('=')?;
    }
    Some(values)
}

fn exactly<'a, const N: usize>(mut parts: impl Iterator<Item = &'a str>) -> Option<[&'a str; N]> {
    let mut found = [""; N];
    for slot in &mut found {
        *slot = parts.next()?;
    }
    parts.next().is_none().then_some(found)
}
