//! Passwords: Argon2id (RFC 9106) with 19,456 KiB, two passes and one lane, on threads of their own.

use crate::setting;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;

const MEMORY: u32 = 19_456;
const SALT: &[u8; 16] = b"0123456789abcdef";

/// A hash.
pub(crate) type Hash = [u8; 32];

/// Whoever hashes.
pub(crate) struct Hashers(Sender<(Vec<u8>, Hash, oneshot::Sender<bool>)>);

impl Hashers {
    pub(crate) fn start() -> Self {
        let hash = chosen();
        let (sender, receiver) = mpsc::channel::<(Vec<u8>, Hash, oneshot::Sender<bool>)>();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..setting("HASHERS", "1").parse().unwrap() {
            let receiver = Arc::clone(&receiver);
            std::thread::spawn(move || {
                let mut memory = vec![Block::new(); usize::try_from(MEMORY).unwrap()];
                loop {
                    let Ok((password, expected, sender)) = receiver.lock().unwrap().recv() else { return };
                    // Who has hung up needs no answer.
                    let _ = sender.send(bool::from(hash(&password, &mut memory).ct_eq(&expected)));
                }
            });
        }
        Self(sender)
    }

    /// Whether this is the password of that hash.
    pub(crate) async fn is(&self, password: &str, expected: Hash) -> bool {
        let (sender, receiver) = oneshot::channel();
        self.0.send((password.as_bytes().to_vec(), expected, sender)).unwrap();
        receiver.await.unwrap()
    }
}

/// The hash of a password, by the reference.
pub(crate) fn reference(password: &[u8]) -> Hash {
    by_crate(password, &mut vec![Block::new(); usize::try_from(MEMORY).unwrap()])
}

fn chosen() -> fn(&[u8], &mut [Block]) -> Hash {
    if setting("ARGON", "") == "fast" { by_ours } else { by_crate }
}

fn by_crate(password: &[u8], memory: &mut [Block]) -> Hash {
    let params = Params::new(MEMORY, 2, 1, Some(32)).unwrap();
    let mut out = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, SALT, &mut out, memory).unwrap();
    out
}

/// `None` means a machine without AVX2, where there is no such yardstick.
fn by_ours(password: &[u8], memory: &mut [Block]) -> Hash {
    argon::hash(&argon::Input { password, salt: SALT, memory_kib: MEMORY, iterations: 2 }, memory).unwrap()
}
