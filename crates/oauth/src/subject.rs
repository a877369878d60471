//! Pairwise subjects (OpenID Connect Core §8.1): one person is somebody else in every sector.

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::hmac;
use base::{Fault, Id};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// What turns accounts into subjects of one sector and back: the account's id, encrypted by a key of that sector. An id
/// is one block of randomness, so that a block cipher is all it takes, and the same person is the same subject for ever.
pub struct Sector(Zeroizing<[u8; 32]>);

impl Sector {
    /// From a server key and the sector identifier, a host.
    pub fn new(key: &[u8; 32], host: &str) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), host.as_bytes());
        let mut own = Zeroizing::new([0; 32]);
        own.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        Self(own)
    }

    /// The subject of an account.
    ///
    /// # Errors
    /// [`Fault`] when the library refuses the key.
    pub fn subject(&self, account: Id) -> Result<String, Fault> {
        let failed = |e| Fault::new("make a pairwise subject", e);
        let mut block = account.as_bytes().to_vec();
        let key = PaddedBlockEncryptingKey::ecb_pkcs7(self.key().map_err(failed)?).map_err(failed)?;
        key.encrypt(&mut block).map_err(failed)?;
        Ok(URL_SAFE_NO_PAD.encode(block))
    }

    /// The account of a subject; `None` for what is no subject of this sector.
    pub fn account(&self, subject: &str) -> Option<Id> {
        let mut block = URL_SAFE_NO_PAD.decode(subject).ok()?;
        let key = PaddedBlockDecryptingKey::ecb_pkcs7(self.key().ok()?).ok()?;
        let plain = key.decrypt(&mut block, DecryptionContext::None).ok()?;
        Some(Id::from_bytes(<[u8; 16]>::try_from(&*plain).ok()?))
    }

    fn key(&self) -> Result<UnboundCipherKey, aws_lc_rs::error::Unspecified> {
        UnboundCipherKey::new(&AES_256, self.0.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_sectors_can_not_compare_notes() {
        let (one, two) = (Sector::new(&[1; 32], "a.example"), Sector::new(&[1; 32], "b.example"));
        let jane = Id::from_bytes([7; 16]);
        let (at_one, at_two) = (one.subject(jane).unwrap(), two.subject(jane).unwrap());
        assert_ne!(at_one, at_two);
        assert_ne!(at_one, jane.to_string());
        assert_eq!(at_one, Sector::new(&[1; 32], "a.example").subject(jane).unwrap());
        assert_ne!(at_one, Sector::new(&[2; 32], "a.example").subject(jane).unwrap());
        assert!(at_one.len() <= 255);
        assert_eq!(one.account(&at_one), Some(jane));
        assert_ne!(two.account(&at_one), Some(jane));
    }

    proptest! {
        #[test]
        fn every_account_comes_back_and_no_text_makes_it_panic(id in any::<[u8; 16]>(), text in any::<String>()) {
            let sector = Sector::new(&[3; 32], "a.example");
            let account = Id::from_bytes(id);
            prop_assert_eq!(sector.account(&sector.subject(account).unwrap()), Some(account));
            let _ = sector.account(&text);
        }
    }
}
