//! Encryption of a notice for a browser (RFC 8291) with as little as it takes: a fresh key, an agreement, four HMACs, AES-GCM.

use crate::work::Work;
use anyhow::{Context as _, Result};
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, Tag, sign};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use std::hint::black_box;

const NOTICE: [u8; 512] = [b'x'; 512];

pub(crate) fn works() -> Result<Vec<Work>> {
    let rng = SystemRandom::new();
    let browser = EphemeralPrivateKey::generate(&ECDH_P256, &rng).ok().context("make a browser's key")?;
    let browser = browser.compute_public_key().ok().context("its public half")?.as_ref().to_vec();
    let mut auth = [0; 16];
    rng.fill(&mut auth).ok().context("random bytes")?;
    let auth = Key::new(HMAC_SHA256, &auth);
    Ok(vec![Work::computed("Web Push, encrypt 512 bytes", move || {
        black_box(encrypt(&rng, &browser, &auth)?);
        Ok(())
    })])
}

fn encrypt(rng: &SystemRandom, browser: &[u8], auth: &Key) -> Result<Vec<u8>> {
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, rng).ok().context("make a key")?;
    let public = ours.compute_public_key().ok().context("its public half")?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, browser);
    let agreed = agree_ephemeral(ours, theirs, "not on the curve", |shared| Ok(sign(auth, shared)));
    let secret = expand(&agreed.map_err(anyhow::Error::msg)?, &[b"WebPush: info\0", browser, public.as_ref()]);
    let mut salt = [0; 16];
    rng.fill(&mut salt).ok().context("random bytes")?;
    let secret = sign(&Key::new(HMAC_SHA256, &salt), secret.as_ref());
    let (key, nonce) =
        (expand(&secret, &[b"Content-Encoding: aes128gcm\0"]), expand(&secret, &[b"Content-Encoding: nonce\0"]));
    let key = UnboundKey::new(&AES_128_GCM, key.as_ref().get(..16).context("a key")?).ok().context("a key")?;
    let nonce =
        Nonce::try_assume_unique_for_key(nonce.as_ref().get(..12).context("a nonce")?).ok().context("a nonce")?;
    let mut text = NOTICE.to_vec();
    text.push(2);
    LessSafeKey::new(key).seal_in_place_append_tag(nonce, Aad::empty(), &mut text).ok().context("seal")?;
    Ok([&salt[..], &4096_u32.to_be_bytes(), &[65], public.as_ref(), &text].concat())
}

/// HKDF-Expand (RFC 5869 §2.3) for one block.
fn expand(secret: &Tag, info: &[&[u8]]) -> Tag {
    let mut text = info.concat();
    text.push(1);
    sign(&Key::new(HMAC_SHA256, secret.as_ref()), &text)
}
