use super::double::{Private, b64};
use crate::key::{ALGS, PublicKey};
use openidconnect::JsonWebKey;
use openidconnect::core::CoreJwsSigningAlgorithm as Alg;
use serde_json::{Value, json};

fn key(jwk: Value) -> PublicKey {
    serde_json::from_value(jwk).unwrap()
}

#[test]
fn a_key_verifies_by_its_own_algorithm_alone() {
    let keys = [
        (Private::es256(), Alg::EcdsaP256Sha256),
        (Private::es384(), Alg::EcdsaP384Sha384),
        (Private::eddsa(), Alg::EdDsa),
        (Private::rsa("RS256"), Alg::RsaSsaPkcs1V15Sha256),
        (Private::rsa("PS256"), Alg::RsaSsaPssSha256),
    ];
    for (private, own) in keys {
        let (public, signature) = (key(private.jwk("one")), private.sign(b"message"));
        for alg in ALGS {
            let fits = public.verify_signature(&alg, b"message", &signature).is_ok();
            assert_eq!(fits, alg == own, "{own:?} by {alg:?}");
        }
        assert!(public.verify_signature(&own, b"massage", &signature).is_err());
        assert!(public.verify_signature(&own, b"message", &[]).is_err());
    }
}

#[test]
fn there_is_no_algorithm_with_a_shared_secret_and_none_without_a_signature() {
    let mut secret = PublicKey::new_symmetric(b"secret".to_vec());
    for alg in [Alg::HmacSha256, Alg::HmacSha384, Alg::HmacSha512, Alg::None] {
        assert!(!ALGS.contains(&alg));
        assert!(secret.verify_signature(&alg, b"message", b"").is_err());
        secret = key(json!({ "kty": "oct", "k": "c2VjcmV0" }));
    }
}

#[test]
fn broken_keys_verify_nothing() {
    let private = Private::es256();
    let signature = private.sign(b"message");
    let good = private.jwk("one");
    for (name, value) in [
        ("x", json!(null)),
        ("x", json!("AA")),
        ("x", json!("not base64!")),
        ("y", json!(b64([1; 33]))),
        ("crv", json!("P-384")),
        ("crv", json!(null)),
    ] {
        let mut broken = good.clone();
        broken[name] = value;
        let outcome = key(broken.clone()).verify_signature(&Alg::EcdsaP256Sha256, b"message", &signature);
        assert!(outcome.is_err(), "{broken}");
    }
    let short = json!({ "kty": "RSA", "n": b64([0xc5; 128]), "e": "AQAB" });
    assert!(key(short).verify_signature(&Alg::RsaSsaPkcs1V15Sha256, b"m", &[0; 128]).is_err(), "1024 bits");
}

#[test]
fn a_key_of_another_use_is_read_and_never_chosen() {
    let mut jwk = Private::rsa("RS256").jwk("one");
    jwk["alg"] = json!("RSA-OAEP");
    assert!(matches!(key(jwk).signing_alg(), openidconnect::JsonWebKeyAlgorithm::Unsupported));
}
