//! Five bits a letter, for what people copy by hand.

/// The alphabet of RFC 4648 §6, which authenticator apps read.
pub(crate) const RFC_4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's: no I, L, O, U, so that nothing is taken for something else.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The text of bytes, without padding.
pub(crate) fn encode(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let (mut held, mut bits, mut text) = (0_u32, 0_u32, String::with_capacity(bytes.len() * 8 / 5 + 1));
    let mut push = |five: u32| {
        let place = usize::try_from(five & 31).unwrap_or_default();
        text.extend(alphabet.get(place).copied().map(char::from));
    };
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xFFFF;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    text
}

/// The bytes of a text whose length is a whole number of them. `None` for a letter that is not in the alphabet.
pub(crate) fn decode(text: &str, alphabet: &[u8; 32]) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut bytes) = (0_u32, 0_u32, Vec::with_capacity(text.len() * 5 / 8));
    for letter in text.bytes() {
        let place = alphabet.iter().position(|known| *known == letter)?;
        held = (held << 5 | u32::try_from(place).ok()?) & 0xFFFF;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xFF).ok()?);
        }
    }
    (bits == 0).then_some(bytes)
}

/// In groups of four, as they are easily read and typed.
pub(crate) fn in_fours(text: &str, between: char) -> String {
    let mut grouped = String::with_capacity(text.len() * 5 / 4);
    for (n, letter) in text.chars().enumerate() {
        if n > 0 && n.is_multiple_of(4) {
            grouped.push(between);
        }
        grouped.push(letter);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 §10, those without padding and those that need it.
    #[test]
    fn the_vectors_of_the_standard() {
        for (plain, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("fooba", "MZXW6YTB")] {
            assert_eq!(encode(plain.as_bytes(), RFC_4648), text);
        }
        assert_eq!(decode("MZXW6YTB", RFC_4648).as_deref(), Some(&b"fooba"[..]));
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is() {
        let bytes: Vec<u8> = (0..15).map(|n| n * 17).collect();
        let text = encode(&bytes, CROCKFORD);
        assert_eq!(text.len(), 24);
        assert_eq!(decode(&text, CROCKFORD), Some(bytes));
        assert_eq!(decode("0U", CROCKFORD), None, "not a letter of it");
        assert_eq!(decode("000", CROCKFORD), None, "no whole number of bytes");
    }

    #[test]
    fn groups_of_four() {
        assert_eq!(in_fours("ABCDEFGH", '-'), "ABCD-EFGH");
        assert_eq!(in_fours("ABCDE", ' '), "ABCD E");
    }
}
