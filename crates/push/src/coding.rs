//! The `aes128gcm` content coding (RFC 8188), in one record: all that Web Push allows (RFC 8291 §4).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

/// The record size we declare, which is also the largest body.
pub(crate) const RECORD: u32 = 4096;
/// Salt, record size and length of the key id, before the key id (RFC 8188 §2.1).
pub(crate) const HEADER: usize = 16 + 4 + 1;
/// The authentication tag.
pub(crate) const TAG: usize = 16;
/// Ends the data of the last record (RFC 8188 §2).
const LAST: u8 = 2;

/// A coded body, taken apart.
pub(crate) struct Parts<'a> {
    pub(crate) salt: [u8; 16],
    pub(crate) record_size: u32,
    pub(crate) key_id: &'a [u8],
    pub(crate) record: &'a [u8],
}

/// HKDF with SHA-256 (RFC 5869) for an output of at most 32 bytes, which is one block.
pub(crate) fn hkdf<const N: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; N]> {
    let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), secret);
    let mut expand = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref()));
    for part in info {
        expand.update(part);
    }
    expand.update(&[1]);
    let mut out = Zeroizing::new([0; N]);
    for (to, from) in out.iter_mut().zip(expand.sign().as_ref()) {
        *to = *from;
    }
    out
}

/// Content encryption key and nonce of the first record (RFC 8188 §2.2, §2.3).
fn keys(secret: &[u8], salt: &[u8; 16]) -> (LessSafeKey, Nonce) {
    let key: Zeroizing<[u8; 16]> = hkdf(salt, secret, &[b"Content-Encoding: aes128gcm\0"]);
    let nonce: Zeroizing<[u8; 12]> = hkdf(salt, secret, &[b"Content-Encoding: nonce\0"]);
    #[allow(clippy::expect_used, reason = "sixteen bytes are what AES-128 takes")]
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key.as_slice()).expect("16 bytes"));
    (key, Nonce::assume_unique_for_key(*nonce))
}

/// Codes `plain` followed by its delimiter and `padding` zeros, with a header that carries the key id.
pub(crate) fn seal(secret: &[u8], salt: &[u8; 16], key_id: &[u8], (plain, padding): (&[u8], usize)) -> Vec<u8> {
    let (key, nonce) = keys(secret, salt);
    let mut record = Vec::with_capacity(plain.len().saturating_add(padding).saturating_add(1 + TAG));
    record.extend_from_slice(plain);
    record.push(LAST);
    record.resize(record.len().saturating_add(padding), 0);
    #[allow(clippy::expect_used, reason = "a record of a few KiB is far below what AES-GCM refuses")]
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).expect("a short record");
    let mut out = Vec::with_capacity(HEADER + key_id.len() + record.len());
    out.extend_from_slice(salt);
    out.extend_from_slice(&RECORD.to_be_bytes());
    out.push(u8::try_from(key_id.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(key_id);
    out.append(&mut record);
    out
}

/// Takes a coded body apart. `None` when it is too short for its own header.
pub(crate) fn split(body: &[u8]) -> Option<Parts<'_>> {
    let (salt, rest) = body.split_first_chunk::<16>()?;
    let (size, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first()?;
    let (key_id, record) = rest.split_at_checked(usize::from(*length))?;
    Some(Parts { salt: *salt, record_size: u32::from_be_bytes(*size), key_id, record })
}

/// Opens the record of a body that consists of one. `None` when it is not one record, was changed, or was made
/// with another key.
pub(crate) fn open(secret: &[u8], parts: &Parts<'_>) -> Option<Vec<u8>> {
    let size = usize::try_from(parts.record_size).ok()?;
    if size < 18 || parts.record.len() > size {
        return None;
    }
    let (key, nonce) = keys(secret, &parts.salt);
    let mut record = parts.record.to_vec();
    let length = key.open_in_place(nonce, Aad::empty(), &mut record).ok()?.len();
    record.truncate(length);
    let end = record.iter().rposition(|byte| *byte != 0)?;
    if record.get(end) != Some(&LAST) {
        return None;
    }
    record.truncate(end);
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn b64(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8188 §3.1.
    #[test]
    fn the_example_of_rfc_8188_comes_out_byte_for_byte() {
        let (secret, salt) = (b64("yqdlZ-tYemfogSmv7Ws5PQ"), b64("I1BsxtFttlv3u_Oo94xnmw"));
        let coded = seal(&secret, &salt.try_into().unwrap(), b"", (b"I am the walrus", 0));
        assert_eq!(coded, b64("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg"));
        assert_eq!(open(&secret, &split(&coded).unwrap()).unwrap(), b"I am the walrus");
    }

    /// RFC 5869 A.1, its first 32 bytes.
    #[test]
    fn key_derivation_is_that_of_rfc_5869() {
        let (salt, info): (Vec<u8>, Vec<u8>) = ((0x00..=0x0c).collect(), (0xf0..=0xf9).collect());
        let out: Zeroizing<[u8; 32]> = hkdf(&salt, &[0x0b; 22], &[&info]);
        let hex: String = out.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn a_body_that_was_changed_or_cut_is_not_opened() {
        let coded = seal(b"secret", &[7; 16], b"key", (b"hello", 9));
        assert_eq!(open(b"secret", &split(&coded).unwrap()).unwrap(), b"hello");
        for i in 0..coded.len() {
            let mut changed = coded.clone();
            changed[i] ^= 0x10;
            // The key id is part of the header: it decides the secret, and is not authenticated here.
            if !(20..24).contains(&i) && !(16..20).contains(&i) {
                assert!(split(&changed).and_then(|p| open(b"secret", &p)).is_none(), "byte {i}");
            }
            assert!(split(&coded[..i]).and_then(|p| open(b"secret", &p)).is_none(), "cut at {i}");
        }
    }
}
