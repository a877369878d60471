//! Message encryption for Web Push (RFC 8291).

use crate::coding::{self, HEADER, TAG};
use crate::curve::{KeyPair, NotOnCurve, Point};
use base::Rng;
use zeroize::Zeroizing;

/// The largest body that every push service takes (RFC 8030 §7.2), in bytes.
pub const MAX_BODY: usize = 4096;
/// The largest payload that fits into it, in bytes.
pub const MAX_PAYLOAD: usize = MAX_BODY - OVERHEAD;

/// Header with the sender's key, delimiter and tag.
const OVERHEAD: usize = HEADER + 65 + 1 + TAG;
/// Bodies are padded to a multiple of this, so that their size does not tell what they say.
const BUCKET: usize = 1024;

/// Encrypts `plain` (at most [`MAX_PAYLOAD`] bytes) for a subscription, with a fresh key and salt, padded to a bucket.
pub(crate) fn encrypt(p256dh: &Point, auth: &[u8; 16], plain: &[u8], rng: &Rng) -> Result<Vec<u8>, NotOnCurve> {
    let bare = plain.len().saturating_add(OVERHEAD);
    let padding = bare.next_multiple_of(BUCKET).saturating_sub(bare);
    encrypt_with(&KeyPair::generate(rng), &rng.bytes(), (p256dh, auth), (plain, padding))
}

/// Encrypts with a given key and salt.
fn encrypt_with(
    ours: &KeyPair,
    salt: &[u8; 16],
    (p256dh, auth): (&Point, &[u8; 16]),
    text: (&[u8], usize),
) -> Result<Vec<u8>, NotOnCurve> {
    let shared = ours.agree(p256dh)?;
    let secret = content_secret(shared.as_slice(), auth, p256dh, ours.public());
    Ok(coding::seal(secret.as_slice(), salt, ours.public(), text))
}

/// The input keying material of the content coding (RFC 8291 §3.4).
pub(crate) fn content_secret(shared: &[u8], auth: &[u8; 16], receiver: &Point, sender: &Point) -> Zeroizing<[u8; 32]> {
    coding::hkdf(auth, shared, &[b"WebPush: info\0", receiver, sender])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receiver::Receiver;
    use base::Rng;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    fn b64<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    /// RFC 8291 §5 and Appendix A.
    #[test]
    fn the_example_of_rfc_8291_comes_out_byte_for_byte() {
        let ours = KeyPair::from_private(&b64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let theirs = b64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let (salt, auth) = (b64("DGv6ra1nlYgDCS1FRnbzlw"), b64("BTBZMqHH6r4Tts7J_aSIgg"));
        let plain = b"When I grow up, I want to be a watermelon";
        let body = encrypt_with(&ours, &salt, (&theirs, &auth), (plain, 0)).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8\
            wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(&body), expected);
        let receiver = Receiver::from_parts(&b64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), auth).unwrap();
        assert_eq!(receiver.decrypt(&body).unwrap(), plain);
    }

    #[test]
    fn every_size_up_to_the_limit_comes_back_in_one_of_four_sizes() {
        let rng = Rng::seeded(5);
        let receiver = Receiver::generate(&rng);
        for size in (0..=MAX_PAYLOAD).step_by(13).chain([920, 921, 922, 1945, 1946, 2969, 2970, MAX_PAYLOAD]) {
            let plain: Vec<u8> = rng.bytes::<MAX_PAYLOAD>()[..size].to_vec();
            let body = encrypt(receiver.p256dh(), receiver.auth(), &plain, &rng).unwrap();
            assert!([1024, 2048, 3072, 4096].contains(&body.len()), "{size} became {}", body.len());
            assert_eq!(receiver.decrypt(&body).unwrap(), plain);
        }
        assert_eq!(MAX_PAYLOAD, 3993);
    }

    #[test]
    fn salt_and_key_are_fresh_for_every_message() {
        let rng = Rng::system();
        let receiver = Receiver::generate(&rng);
        let bodies: Vec<_> =
            (0..20).map(|_| encrypt(receiver.p256dh(), receiver.auth(), b"same", &rng).unwrap()).collect();
        let salts: std::collections::HashSet<_> = bodies.iter().map(|b| b[..16].to_vec()).collect();
        let keys: std::collections::HashSet<_> = bodies.iter().map(|b| b[21..86].to_vec()).collect();
        assert_eq!((salts.len(), keys.len()), (20, 20));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_encrypted_is_decrypted(plain in proptest::collection::vec(any::<u8>(), 0..=MAX_PAYLOAD), seed in any::<u64>()) {
            let rng = Rng::seeded(seed);
            let receiver = Receiver::generate(&rng);
            let body = encrypt(receiver.p256dh(), receiver.auth(), &plain, &rng).unwrap();
            prop_assert!(body.len() <= MAX_BODY);
            prop_assert_eq!(receiver.decrypt(&body).unwrap(), plain);
        }

        #[test]
        fn no_body_whatsoever_upsets_the_receiver(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Receiver::generate(&Rng::seeded(1)).decrypt(&body).is_err());
        }
    }
}
