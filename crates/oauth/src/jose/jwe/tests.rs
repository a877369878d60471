//! Vectors of RFC 7516 and RFC 7518, and a recipient who reads what was encrypted.

use super::content::seal;
use super::*;
use crate::jose::{ClientKeySet, SigningAlg, SigningKey};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{OaepPrivateDecryptingKey, PrivateDecryptingKey};

fn key(bytes: [u8; 32]) -> Key {
    Zeroizing::new(bytes)
}

pub(super) fn b64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// RFC 7516 appendix A.1.5, A.1.6.
#[test]
fn the_content_of_appendix_a_1() {
    let cek = key([
        177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112, 46, 34, 105,
        47, 130, 203, 46, 122, 234, 64, 252,
    ]);
    let iv = [227, 197, 117, 252, 2, 219, 233, 68, 180, 225, 77, 219];
    let aad = b"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ";
    let text = b"The true sign of intelligence is not knowledge but imagination.";
    let (ciphertext, tag) = seal(JweEnc::A256Gcm, &cek, (&iv, aad), text).unwrap();
    let expected = "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A";
    assert_eq!(ciphertext, b64(expected));
    assert_eq!(tag, b64("XFBoMYUZodetZdvTiFvSkQ"));
}

/// RFC 7516 appendix A.2.5, A.2.6.
#[test]
fn the_content_of_appendix_a_2() {
    let cek = key([
        4, 211, 31, 197, 84, 157, 252, 254, 11, 100, 157, 250, 63, 170, 106, 206, 107, 124, 212, 45, 111, 107, 9, 219,
        200, 177, 0, 240, 143, 156, 44, 207,
    ]);
    let iv = [3, 22, 60, 12, 43, 67, 104, 105, 108, 108, 105, 99, 111, 116, 104, 101];
    let aad = b"eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0";
    let (ciphertext, tag) = seal(JweEnc::A128CbcHs256, &cek, (&iv, aad), b"Live long and prosper.").unwrap();
    assert_eq!(ciphertext, b64("KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY"));
    assert_eq!(tag, b64("9hH0vgRfYgPnAHOd8stkvw"));
}

/// RFC 7518 appendix B.1.
#[test]
fn the_test_case_of_aes_128_cbc_hmac_sha_256() {
    let cek: [u8; 32] = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").try_into().unwrap();
    let iv = hex("1af38c2dc2b96ffdd86694092341bc04");
    let text = b"A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without inconvenience";
    let (ciphertext, tag) =
        seal(JweEnc::A128CbcHs256, &key(cek), (&iv, b"The second principle of Auguste Kerckhoffs"), text).unwrap();
    assert!(ciphertext.starts_with(&hex("c80edfa32ddf39d5ef00c0b468834279a2e46a1b8049f792f76bfe54b903a9c9")));
    assert_eq!(tag, hex("652c3fa36b0a7c5b3219fab3a30bc1c4"));
}

/// RFC 7518 appendix C.
#[test]
fn the_agreed_key_of_appendix_c() {
    let z = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106,
        72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];
    let derived = concat_kdf(&z, "A128GCM", (b"Alice", b"Bob"), 128);
    assert_eq!(derived[..16], b64("VqqN6vgjbSBcIijNcacQGg"));
}

/// Both halves of a recipient's key.
pub(super) enum Reader {
    Rsa(PrivateDecryptingKey),
    Ec(PrivateKey),
}

impl Reader {
    /// RFC 7516 §5.2, written from the RFCs alone.
    pub(super) fn read(&self, token: &str) -> (Value, String) {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, encrypted, iv, ciphertext, tag] = parts.as_slice() else { panic!("{token}") };
        let told: Value = serde_json::from_slice(&b64(header)).unwrap();
        let cek: [u8; 32] = match self {
            Self::Rsa(private) => {
                let private = OaepPrivateDecryptingKey::new(private.clone()).unwrap();
                let mut out = vec![0; private.min_output_size()];
                private.decrypt(&OAEP_SHA256_MGF1SHA256, &b64(encrypted), &mut out, None).unwrap().try_into().unwrap()
            }
            Self::Ec(private) => {
                assert_eq!(*encrypted, "", "RFC 7516 section 5.1 item 5");
                let epk = &told["epk"];
                let point = [vec![4], b64(epk["x"].as_str().unwrap()), b64(epk["y"].as_str().unwrap())].concat();
                let other = UnparsedPublicKey::new(&ECDH_P256, point);
                let enc = told["enc"].as_str().unwrap();
                *agree(private, other, (), |z| Ok(concat_kdf(z, enc, (b"", b""), 256))).unwrap()
            }
        };
        let plain = match told["enc"].as_str().unwrap() {
            "A256GCM" => {
                let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &cek).unwrap());
                let mut body = [b64(ciphertext), b64(tag)].concat();
                let nonce = Nonce::try_assume_unique_for_key(&b64(iv)).unwrap();
                key.open_in_place(nonce, Aad::from(header.as_bytes()), &mut body).unwrap().to_vec()
            }
            _ => {
                let (mac_key, enc_key) = cek.split_at(16);
                let bits = u64::try_from(header.len() * 8).unwrap().to_be_bytes();
                let input = [header.as_bytes(), &b64(iv), &b64(ciphertext), &bits].concat();
                let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, mac_key), &input);
                assert_eq!(mac.as_ref()[..16], b64(tag));
                let key =
                    PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, enc_key).unwrap()).unwrap();
                let start: [u8; 16] = b64(iv).try_into().unwrap();
                let mut body = b64(ciphertext);
                key.decrypt(&mut body, DecryptionContext::Iv128(FixedLength::from(start))).unwrap().to_vec()
            }
        };
        (told, String::from_utf8(plain).unwrap())
    }
}

fn rsa() -> (Reader, Value) {
    let key = SigningKey::generate(SigningAlg::RS256).unwrap();
    let private = PrivateDecryptingKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
    (Reader::Rsa(private), key.public().jwk().to_json("r"))
}

fn ec() -> (Reader, Value) {
    let private = PrivateKey::generate(&ECDH_P256).unwrap();
    let public = private.compute_public_key().unwrap();
    let (x, y) = public.as_ref()[1..].split_at(32);
    let bin: EcPrivateKeyBin<'_> = private.as_be_bytes().unwrap();
    let again = PrivateKey::from_private_key(&ECDH_P256, bin.as_ref()).unwrap();
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    (Reader::Ec(again), json!({"kty": "EC", "crv": "P-256", "kid": "e", "x": x, "y": y}))
}

/// A key as a client registers one for encryption.
fn registered(jwk: &Value, more: &Value) -> Result<Vec<EncryptionKey>, crate::jose::InvalidKeySet> {
    let mut jwk = jwk.clone();
    let members = jwk.as_object_mut().unwrap();
    members.remove("alg");
    members.remove("use");
    members.extend(more.as_object().unwrap().clone());
    ClientKeySet::of(&json!({ "keys": [jwk] })).map(|set| set.for_encryption().to_vec())
}

#[test]
fn whoever_holds_the_key_reads_what_was_encrypted() {
    let rng = Rng::seeded(1);
    for ((reader, jwk), alg) in [(rsa(), JweAlg::RsaOaep256), (ec(), JweAlg::EcdhEs)] {
        for enc in JweEnc::ALL {
            let key = registered(&jwk, &json!({"use": "enc", "alg": alg.as_str()})).unwrap().remove(0);
            assert!(key.does(alg));
            let recipient = Recipient { key, alg, enc };
            let token = recipient.encrypt("a.b.c", Some("JWT"), &rng).unwrap();
            let (header, text) = reader.read(&token);
            assert_eq!(text, "a.b.c");
            assert_eq!((&header["alg"], &header["enc"]), (&json!(alg.as_str()), &json!(enc.as_str())));
            assert_eq!((&header["cty"], &header["kid"]), (&json!("JWT"), &jwk["kid"]));
            assert_ne!(token, recipient.encrypt("a.b.c", Some("JWT"), &rng).unwrap());
        }
    }
}

#[test]
fn a_key_is_encrypted_to_as_its_owner_says_it_is_for() {
    let (_, rsa) = rsa();
    let (_, ec) = ec();
    let number = |jwk: &Value, more: Value| registered(jwk, &more).unwrap().len();
    assert_eq!(number(&rsa, json!({})), 1, "for either");
    assert_eq!(number(&rsa, json!({"use": "sig"})), 0);
    assert_eq!(number(&rsa, json!({"alg": "RS256"})), 0);
    assert_eq!(number(&rsa, json!({"alg": "RSA-OAEP"})), 0, "with SHA-1");
    assert_eq!(number(&ec, json!({"use": "enc", "alg": "ECDH-ES+A128KW"})), 0);
    assert_eq!(number(&ec, json!({"use": "enc"})), 1);
    let key = registered(&ec, &json!({})).unwrap().remove(0);
    assert!(key.does(JweAlg::EcdhEs) && !key.does(JweAlg::RsaOaep256));
    assert!(registered(&ec, &json!({"use": "enc", "d": "AAAA"})).is_err(), "a private key");
    assert!(registered(&ec, &json!({"use": "enc", "y": ec["x"]})).is_err(), "a point off its curve");
}
