//! Our encryption against Mozilla's `ece`: two implementations of RFC 8291 must read each other.
//!
//! `ece` has the coding, the derivation and the padding of its own; the primitives below are only P-256, HKDF and AES.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base::{Rng, Timestamp};
use ece::{Cryptographer, EcKeyComponents, LocalKeyPair, RemotePublicKey};
use outbound::{Outbound, Settings};
use push::receiver::Receiver;
use push::{Message, Sender, Subscription, Vendors};
use std::any::Any;
use std::time::Duration;

struct Primitives;
struct Local([u8; 32]);
struct Remote(Vec<u8>);
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl Local {
    fn key(&self) -> PrivateKey {
        PrivateKey::from_private_key(&ECDH_P256, &self.0).unwrap()
    }

    fn public(&self) -> Vec<u8> {
        self.key().compute_public_key().unwrap().as_ref().to_vec()
    }
}

impl LocalKeyPair for Local {
    fn pub_as_raw(&self) -> ece::Result<Vec<u8>> {
        Ok(self.public())
    }

    fn raw_components(&self) -> ece::Result<EcKeyComponents> {
        Ok(EcKeyComponents::new(self.0.to_vec(), self.public()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl RemotePublicKey for Remote {
    fn as_raw(&self) -> ece::Result<Vec<u8>> {
        Ok(self.0.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Cryptographer for Primitives {
    fn generate_ephemeral_keypair(&self) -> ece::Result<Box<dyn LocalKeyPair>> {
        Ok(Box::new(Local(Rng::system().bytes())))
    }

    fn import_key_pair(&self, components: &EcKeyComponents) -> ece::Result<Box<dyn LocalKeyPair>> {
        Ok(Box::new(Local(components.private_key().try_into().unwrap())))
    }

    fn import_public_key(&self, raw: &[u8]) -> ece::Result<Box<dyn RemotePublicKey>> {
        Ok(Box::new(Remote(raw.to_vec())))
    }

    fn compute_ecdh_secret(&self, remote: &dyn RemotePublicKey, local: &dyn LocalKeyPair) -> ece::Result<Vec<u8>> {
        let local = local.as_any().downcast_ref::<Local>().unwrap();
        let remote = UnparsedPublicKey::new(&ECDH_P256, remote.as_raw()?);
        Ok(agree(&local.key(), remote, (), |secret| Ok(secret.to_vec())).unwrap())
    }

    fn hkdf_sha256(&self, salt: &[u8], secret: &[u8], info: &[u8], len: usize) -> ece::Result<Vec<u8>> {
        let mut out = vec![0; len];
        Salt::new(HKDF_SHA256, salt).extract(secret).expand(&[info], Length(len)).unwrap().fill(&mut out).unwrap();
        Ok(out)
    }

    fn aes_gcm_128_encrypt(&self, key: &[u8], iv: &[u8], data: &[u8]) -> ece::Result<Vec<u8>> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).unwrap());
        let mut out = data.to_vec();
        key.seal_in_place_append_tag(Nonce::try_assume_unique_for_key(iv).unwrap(), Aad::empty(), &mut out).unwrap();
        Ok(out)
    }

    fn aes_gcm_128_decrypt(&self, key: &[u8], iv: &[u8], sealed: &[u8]) -> ece::Result<Vec<u8>> {
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key).unwrap());
        let mut out = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(iv).unwrap();
        Ok(key.open_in_place(nonce, Aad::empty(), &mut out).unwrap().to_vec())
    }

    fn random_bytes(&self, dest: &mut [u8]) -> ece::Result<()> {
        Rng::system().fill(dest);
        Ok(())
    }
}

#[test]
fn two_implementations_read_each_other() {
    ece::crypto::set_boxed_cryptographer(Box::new(Primitives)).unwrap();
    let rng = Rng::seeded(11);
    let outbound = Outbound::new(Settings::default()).unwrap();
    let sender = Sender::new(outbound, "mailto:ops@example.com".parse().unwrap(), Vendors::Any, rng.clone());
    for size in [1_usize, 151, 921, 922, 3993] {
        let private: [u8; 32] = rng.bytes();
        let receiver = Receiver::from_parts(&private, rng.bytes()).unwrap();
        let plain: Vec<u8> = rng.bytes::<4000>()[..size].to_vec();

        // Ours, read by theirs.
        let json = receiver.subscription_json("https://push.example/x");
        let subscription: Subscription = sender.subscription(&json).unwrap();
        let message = Message::new(plain.clone(), Duration::from_secs(60)).unwrap();
        let prepared = sender.prepare(&subscription, &message, Timestamp::from_seconds(1_790_000_000)).to_bytes();
        let body = &prepared[15..];
        let components = EcKeyComponents::new(private.to_vec(), receiver.p256dh().to_vec());
        assert_eq!(ece::decrypt(&components, receiver.auth(), body).unwrap(), plain, "{size} bytes");

        // Theirs, read by ours. Near the limit `ece` pads into a second record, which RFC 8291 §4 forbids.
        if size > 3_900 {
            continue;
        }
        let body = ece::encrypt(receiver.p256dh(), receiver.auth(), &plain).unwrap();
        assert_eq!(receiver.decrypt(&body).unwrap(), plain, "{size} bytes");
    }
}
