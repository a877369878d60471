//! Signatures of the algorithms that tokens are signed with (RFC 7518 §3), over as much as a small token has.

use crate::work::Work;
use anyhow::{Context as _, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey, VerificationAlgorithm,
};
use std::hint::black_box;

/// Header and claims of an access token are about as long.
const TOKEN: [u8; 400] = [b'x'; 400];

pub(crate) fn works() -> Result<Vec<Work>> {
    let rng = SystemRandom::new();
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok().context("make a P-256 key")?;
    let eddsa = Ed25519KeyPair::generate().ok().context("make an Ed25519 key")?;
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).ok().context("make an RSA key")?;

    let signed = ecdsa.sign(&rng, &TOKEN).ok().context("sign")?;
    let verify_es = verifying("ES256, verify", &ECDSA_P256_SHA256_FIXED, ecdsa.public_key(), signed.as_ref());
    let verify_ed = verifying("Ed25519, verify", &ED25519, eddsa.public_key(), eddsa.sign(&TOKEN).as_ref());
    let mut signature = vec![0; rsa.public_modulus_len()];
    rsa.sign(&RSA_PKCS1_SHA256, &rng, &TOKEN, &mut signature).ok().context("sign")?;
    let verify_rs = verifying("RS256, verify", &RSA_PKCS1_2048_8192_SHA256, rsa.public_key(), &signature);

    let es256 = Work::computed("ES256, sign", move || {
        black_box(ecdsa.sign(&rng, &TOKEN).ok().context("sign")?);
        Ok(())
    });
    let ed25519 = Work::computed("Ed25519, sign", move || {
        black_box(eddsa.sign(&TOKEN));
        Ok(())
    });
    let rs256 = Work::computed("RS256 (2,048 bits), sign", move || {
        rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &TOKEN, &mut signature).ok().context("sign")
    });
    Ok(vec![es256, verify_es, ed25519, verify_ed, rs256, verify_rs])
}

fn verifying(
    name: &'static str,
    algorithm: &'static dyn VerificationAlgorithm,
    key: &impl AsRef<[u8]>,
    signature: &[u8],
) -> Work {
    let key = UnparsedPublicKey::new(algorithm, key.as_ref().to_vec());
    let signature = signature.to_vec();
    Work::computed(name, move || key.verify(&TOKEN, &signature).ok().context("verify"))
}
