//! Firebase's scrypt: the key that scrypt derives encrypts the project's signer key, and that is the hash
//! (<https://github.com/firebase/scrypt>).
//!
//! The text is ours only in what it leaves out; Supabase writes the same, so that its exports are read as they are:
//!
//! ```text
//! $fbscrypt$v=1,n=<memory cost>,r=<rounds>,p=1,ss=<salt separator>,sk=<signer key>$<salt>$<hash>
//! ```
//!
//! **The signer key** is a secret of the Firebase project, the same in all of its records. It stands in each, because a
//! record without it can't be verified and Firebase is usually gone by then. So whoever reads the table can guess at
//! these hashes as at any other scrypt hash; it protects nothing else, and leaves with the last record that has it.

use super::scrypt::Cost;
use super::{Tried, text};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use zeroize::Zeroizing;

/// What scrypt derives, in bytes. The first half is the AES-256 key, the other is not used.
const DERIVED: usize = 64;
const KEY: usize = 32;

/// A stored record, taken apart.
pub(super) struct Record {
    cost: Cost,
    /// The salt and the project's separator behind it.
    salt: Vec<u8>,
    signer_key: Zeroizing<Vec<u8>>,
    output: Vec<u8>,
}

impl Record {
    /// Reads the text above. Bounds: those of scrypt; the hash is as long as the signer key.
    pub(super) fn parse(record: &str) -> Option<Self> {
        let ["", "fbscrypt", parameters, salt, output] = text::fields(record)? else { return None };
        let ["1", log_n, r, "1", separator, signer_key] = text::values(parameters, ["v", "n", "r", "p", "ss", "sk"])?
        else {
            return None;
        };
        let cost = Cost::new(text::number(log_n)?, text::number(r)?, 1)?;
        let (separator, signer_key) = (text::base64(separator)?, Zeroizing::new(text::base64(signer_key)?));
        let (salt, output) = (text::salt(salt)?, text::output(output)?);
        let salt = [salt, separator].concat();
        let sound = text::SALT.contains(&salt.len()) && signer_key.len() == output.len();
        sound.then_some(Self { cost, salt, signer_key, output })
    }

    /// In bytes.
    pub(super) fn memory(&self) -> u64 {
        self.cost.memory()
    }

    pub(super) fn attempt(&self, password: &[u8]) -> Tried {
        let mut derived = Zeroizing::new([0; DERIVED]);
        let done = self.cost.derive(password, &self.salt, derived.as_mut_slice());
        let output = derived.get(..KEY).filter(|_| done).and_then(|key| encrypt(key, &self.signer_key));
        Tried { fits: output.is_some_and(|o| verify_slices_are_equal(&o, &self.output).is_ok()), work: 0 }
    }
}

/// AES-256 in counter mode, from a counter of zero: each key is used for one text only.
fn encrypt(key: &[u8], text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    let mut text = Zeroizing::new(text.to_vec());
    key.less_safe_encrypt(&mut text, EncryptionContext::Iv128([0; 16].into())).ok()?;
    Some(text)
}
