//! The content of a JWE: encrypted, and its integrity protected together with the header (RFC 7518 §5).

use super::JweEnc;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use base::Fault;
use zeroize::Zeroizing;

/// The key of the content.
pub(super) type Key = Zeroizing<[u8; 32]>;

impl JweEnc {
    /// As much of it as is needed.
    pub(super) fn iv(self, bytes: &[u8; 16]) -> &[u8] {
        match self {
            Self::A128CbcHs256 => bytes,
            Self::A256Gcm => bytes.split_at(12).0,
        }
    }
}

/// The ciphertext and its tag. `aad` is the header as it stands in the token (RFC 7516 §5.1 item 14).
pub(super) fn seal(
    enc: JweEnc,
    key: &Key,
    (iv, aad): (&[u8], &[u8]),
    text: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    match enc {
        JweEnc::A128CbcHs256 => cbc_and_hmac(key, (iv, aad), text),
        JweEnc::A256Gcm => gcm(key, (iv, aad), text),
    }
}

fn gcm(key: &Key, (iv, aad): (&[u8], &[u8]), text: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let failed = |e| Fault::new("encrypt with AES-GCM", e);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(failed)?);
    // The key is for this one content.
    let nonce = Nonce::try_assume_unique_for_key(iv).map_err(failed)?;
    let mut body = text.to_vec();
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut body).map_err(failed)?;
    Ok((body, tag.as_ref().to_vec()))
}

/// RFC 7518 §5.2.2.1: the first half of the key authenticates, the second encrypts.
fn cbc_and_hmac(key: &Key, (iv, aad): (&[u8], &[u8]), text: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let failed = |e| Fault::new("encrypt with AES-CBC", e);
    let (mac_key, enc_key) = key.split_at(16);
    let start: [u8; 16] = iv.try_into().map_err(|e| Fault::new("encrypt with AES-CBC", e))?;
    let cipher = UnboundCipherKey::new(&AES_128, enc_key).map_err(failed)?;
    let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(cipher).map_err(failed)?;
    let mut body = text.to_vec();
    cipher.less_safe_encrypt(&mut body, EncryptionContext::Iv128(FixedLength::from(start))).map_err(failed)?;
    let bits = u64::try_from(aad.len()).unwrap_or(u64::MAX).saturating_mul(8);
    let mac_key = hmac::Key::new(hmac::HMAC_SHA256, mac_key);
    let tag = hmac::sign(&mac_key, &[aad, iv, &body, &bits.to_be_bytes()].concat());
    let (tag, _) = tag.as_ref().split_at(16);
    Ok((body, tag.to_vec()))
}
