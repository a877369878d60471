//! Envelope encryption for what must be readable again: private keys, push endpoints, upstream secrets.
//!
//! The master key wraps a data key; the data key seals values with AES-256-GCM. The associated data names
//! the table, the column and the row, so that a sealed value can't be moved to another place.

use crate::{Fault, Rng};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::fmt;
use zeroize::Zeroizing;

const NONCE: usize = 12;
const SALT: usize = 16;
const VERSION: u8 = 1;

/// The key that wraps data keys. It lives in a file or the environment, never in the database.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The sealed value can't be opened: wrong key, wrong place, or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value could not be opened: the master key is not the one that sealed it, or the row was changed")]
pub struct CannotOpen;

impl MasterKey {
    /// A new key.
    pub fn generate(rng: &Rng) -> Self {
        Self(Zeroizing::new(rng.bytes()))
    }

    /// From its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, to be written to the key file.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Wraps a data key for storage.
    ///
    /// # Errors
    /// [`Fault`] when the library refuses.
    pub fn wrap(&self, keyring: &Keyring, rng: &Rng) -> Result<Vec<u8>, Fault> {
        seal_with(&self.0, keyring.data_key.as_slice(), b"watchbell data key", rng)
    }

    /// Opens a stored data key.
    ///
    /// # Errors
    /// [`CannotOpen`] when this is not the key that wrapped it.
    pub fn unwrap_keyring(&self, wrapped: &[u8]) -> Result<Keyring, CannotOpen> {
        let bytes = open_with(&self.0, wrapped, b"watchbell data key")?;
        let data_key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| CannotOpen)?;
        Ok(Keyring { data_key: Zeroizing::new(data_key) })
    }
}

/// The open data key of an installation: seals and opens values.
#[derive(Clone)]
pub struct Keyring {
    data_key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// A new data key.
    pub fn generate(rng: &Rng) -> Self {
        Self { data_key: Zeroizing::new(rng.bytes()) }
    }

    /// Seals `plain` for one place, named like `signing_keys.private/<id>`.
    ///
    /// # Errors
    /// [`Fault`] when the library refuses: for more than 64 GiB at once.
    pub fn seal(&self, place: &str, plain: &[u8], rng: &Rng) -> Result<Vec<u8>, Fault> {
        seal_with(&self.data_key, plain, place.as_bytes(), rng)
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`CannotOpen`] when key or place differ or the value was changed.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        open_with(&self.data_key, sealed, place.as_bytes())
    }

    /// Seals what is made without end, each value under a key of its own that follows from a salt before it: one key may see
    /// no more than 2^32 nonces that were drawn by lot (NIST SP 800-38D §8.3).
    ///
    /// # Errors
    /// [`Fault`] as of [`Keyring::seal`].
    pub fn seal_apart(&self, place: &str, plain: &[u8], rng: &Rng) -> Result<Vec<u8>, Fault> {
        let salt: [u8; SALT] = rng.bytes();
        let mut out = salt.to_vec();
        out.extend(seal_with(&self.apart(place, &salt), plain, place.as_bytes(), rng)?);
        Ok(out)
    }

    /// Opens what [`Keyring::seal_apart`] sealed for the same place.
    ///
    /// # Errors
    /// [`CannotOpen`] when key or place differ or the value was changed.
    pub fn open_apart(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        let (salt, sealed) = sealed.split_at_checked(SALT).ok_or(CannotOpen)?;
        open_with(&self.apart(place, salt), sealed, place.as_bytes())
    }

    fn apart(&self, place: &str, salt: &[u8]) -> Zeroizing<[u8; 32]> {
        mac(self.subkey(&format!("apart {place}")).as_slice(), salt)
    }

    /// A key for one purpose, derived from the data key (HMAC-SHA-256), for MACs and derived secrets.
    pub fn subkey(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        mac(self.data_key.as_slice(), purpose.as_bytes())
    }
}

fn mac(key: &[u8], text: &[u8]) -> Zeroizing<[u8; 32]> {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
    let mut out = Zeroizing::new([0; 32]);
    for (to, from) in out.iter_mut().zip(aws_lc_rs::hmac::sign(&key, text).as_ref()) {
        *to = *from;
    }
    out
}

fn seal_with(key: &[u8; 32], plain: &[u8], place: &[u8], rng: &Rng) -> Result<Vec<u8>, Fault> {
    let refused = |e| Fault::new("seal a value", e);
    let nonce: [u8; NONCE] = rng.bytes();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(refused)?);
    let mut body = plain.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut body).map_err(refused)?;
    let mut out = Vec::with_capacity(1 + NONCE + body.len());
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.append(&mut body);
    Ok(out)
}

fn open_with(key: &[u8; 32], sealed: &[u8], place: &[u8]) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
    let (version, rest) = sealed.split_first().ok_or(CannotOpen)?;
    if *version != VERSION || rest.len() < NONCE {
        return Err(CannotOpen);
    }
    let (nonce, body) = rest.split_at(NONCE);
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| CannotOpen)?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| CannotOpen)?);
    let mut body = Zeroizing::new(body.to_vec());
    let length = key.open_in_place(nonce, Aad::from(place), &mut body).map_err(|_| CannotOpen)?.len();
    body.truncate(length);
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_in_its_own_place_only() {
        let rng = Rng::seeded(1);
        let ring = Keyring::generate(&rng);
        let sealed = ring.seal("signing_keys.private/1", b"private", &rng).unwrap();
        assert_eq!(ring.open("signing_keys.private/1", &sealed).unwrap().as_slice(), b"private");
        assert_eq!(ring.open("signing_keys.private/2", &sealed).unwrap_err(), CannotOpen);
        assert_eq!(Keyring::generate(&rng).open("signing_keys.private/1", &sealed).unwrap_err(), CannotOpen);
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let rng = Rng::seeded(1);
        let ring = Keyring::generate(&rng);
        let sealed = ring.seal("here", b"private", &rng).unwrap();
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(ring.open("here", &changed).is_err(), "byte {i}");
            assert!(ring.open("here", &sealed[..i]).is_err());
        }
    }

    #[test]
    fn what_is_sealed_apart_opens_in_its_own_place_only_and_is_never_the_same_twice() {
        let rng = Rng::seeded(1);
        let ring = Keyring::generate(&rng);
        let sealed = ring.seal_apart("here", b"private", &rng).unwrap();
        assert_ne!(sealed, ring.seal_apart("here", b"private", &rng).unwrap());
        assert_eq!(ring.open_apart("here", &sealed).unwrap().as_slice(), b"private");
        assert!(ring.open_apart("there", &sealed).is_err() && ring.open("here", &sealed).is_err());
        assert!(Keyring::generate(&rng).open_apart("here", &sealed).is_err());
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(ring.open_apart("here", &changed).is_err(), "byte {i}");
            assert!(ring.open_apart("here", &sealed[..i]).is_err());
        }
    }

    #[test]
    fn only_the_master_key_that_wrapped_a_data_key_opens_it() {
        let rng = Rng::seeded(1);
        let (master, ring) = (MasterKey::generate(&rng), Keyring::generate(&rng));
        let wrapped = master.wrap(&ring, &rng).unwrap();
        let again = master.unwrap_keyring(&wrapped).unwrap();
        assert_eq!(again.open("x", &ring.seal("x", b"v", &rng).unwrap()).unwrap().as_slice(), b"v");
        assert!(MasterKey::generate(&rng).unwrap_keyring(&wrapped).is_err());
    }
}
