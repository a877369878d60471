//! P-256 keys for agreement, with their randomness as a parameter.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use base::Rng;
use zeroize::Zeroizing;

/// An uncompressed point (SEC 1 §2.3.3): 0x04, x, y.
pub(crate) type Point = [u8; 65];
/// A private scalar, big-endian.
pub(crate) type Scalar = Zeroizing<[u8; 32]>;

/// The bytes are no private key, or no point of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotOnCurve;

/// A key pair for agreement.
pub(crate) struct KeyPair {
    key: PrivateKey,
    private: Scalar,
    public: Point,
}

impl KeyPair {
    /// A new key pair. A scalar out of range (one in 2^32) is drawn again.
    pub(crate) fn generate(rng: &Rng) -> Self {
        loop {
            if let Ok(pair) = Self::from_private(&rng.bytes()) {
                return pair;
            }
        }
    }

    /// The pair of a private scalar.
    pub(crate) fn from_private(private: &[u8; 32]) -> Result<Self, NotOnCurve> {
        let key = PrivateKey::from_private_key(&ECDH_P256, private).map_err(|_| NotOnCurve)?;
        let public = key.compute_public_key().map_err(|_| NotOnCurve)?;
        let public = public.as_ref().try_into().map_err(|_| NotOnCurve)?;
        Ok(Self { key, private: Zeroizing::new(*private), public })
    }

    pub(crate) const fn public(&self) -> &Point {
        &self.public
    }

    pub(crate) fn private(&self) -> &[u8; 32] {
        &self.private
    }

    /// The shared secret with a peer (ECDH). The peer's point is checked to lie on the curve.
    pub(crate) fn agree(&self, peer: &Point) -> Result<Scalar, NotOnCurve> {
        // Compressed and hybrid forms are not what the Push API gives, and would be hashed in another form.
        if peer.first() != Some(&4) {
            return Err(NotOnCurve);
        }
        let peer = UnparsedPublicKey::new(&ECDH_P256, peer);
        agree(&self.key, peer, NotOnCurve, |secret| secret.try_into().map(Zeroizing::new).map_err(|_| NotOnCurve))
    }
}

/// Whether the bytes are an uncompressed point of P-256.
pub(crate) fn is_point(point: &Point) -> bool {
    // Any valid scalar serves to have the point checked.
    let mut one = [0; 32];
    if let Some(last) = one.last_mut() {
        *last = 1;
    }
    KeyPair::from_private(&one).and_then(|pair| pair.agree(point)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree() {
        let rng = Rng::seeded(1);
        let (a, b) = (KeyPair::generate(&rng), KeyPair::generate(&rng));
        assert_eq!(*a.agree(b.public()).unwrap(), *b.agree(a.public()).unwrap());
        assert_eq!(KeyPair::from_private(a.private()).unwrap().public(), a.public());
    }

    #[test]
    fn only_points_of_the_curve_are_points() {
        let good = *KeyPair::generate(&Rng::seeded(1)).public();
        assert!(is_point(&good));
        let mut off = good;
        off[64] ^= 1;
        assert!(!is_point(&off));
        for form in [0, 2, 3, 5, 6, 7] {
            let mut other = good;
            other[0] = form;
            assert!(!is_point(&other), "form {form}");
        }
        assert!(!is_point(&[0; 65]) && !is_point(&[0xff; 65]));
    }

    #[test]
    fn a_scalar_out_of_range_is_no_key() {
        assert!(KeyPair::from_private(&[0; 32]).is_err());
        assert!(KeyPair::from_private(&[0xff; 32]).is_err());
    }
}
