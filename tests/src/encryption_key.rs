//! A key of an app to which it has things encrypted. Written from RFC 7516 and RFC 7518 alone.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A P-256 key for `ECDH-ES`.
pub struct EncryptionKey {
    private: PrivateKey,
    kid: String,
}

impl EncryptionKey {
    /// A new one of that id.
    pub fn new(kid: &str) -> Self {
        Self { private: PrivateKey::generate(&ECDH_P256).unwrap(), kid: kid.to_owned() }
    }

    /// Its public half.
    pub fn jwk(&self) -> Value {
        let public = self.private.compute_public_key().unwrap();
        let (x, y) = public.as_ref()[1..].split_at(32);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "EC", "crv": "P-256", "use": "enc", "kid": self.kid, "x": text(x), "y": text(y) })
    }

    /// The header and the content of what was encrypted to it with `A256GCM`.
    pub fn read(&self, token: &str) -> (Value, String) {
        let parts: Vec<Vec<u8>> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
        let header: Value = serde_json::from_slice(&parts[0]).unwrap();
        assert_eq!(
            (&header["alg"], &header["enc"], &header["kid"]),
            (&json!("ECDH-ES"), &json!("A256GCM"), &json!(self.kid))
        );
        let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(header["epk"][name].as_str().unwrap()).unwrap();
        let peer = UnparsedPublicKey::new(&ECDH_P256, [vec![4], coordinate("x"), coordinate("y")].concat());
        // RFC 7518 §4.6.2: counter, Z, and the name of the algorithm, each with what belongs to it.
        let key = agree(&self.private, peer, (), |z| {
            let other = [&7_u32.to_be_bytes()[..], b"A256GCM", &[0; 4], &[0; 4], &256_u32.to_be_bytes()].concat();
            Ok(digest(&SHA256, &[&1_u32.to_be_bytes()[..], z, &other].concat()))
        });
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.unwrap().as_ref()).unwrap());
        let aad = Aad::from(token.split('.').next().unwrap().as_bytes());
        let mut body = [parts[3].as_slice(), &parts[4]].concat();
        let nonce = Nonce::try_assume_unique_for_key(&parts[2]).unwrap();
        let text = key.open_in_place(nonce, aad, &mut body).unwrap().to_vec();
        (header, String::from_utf8(text).unwrap())
    }
}
