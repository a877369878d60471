use super::client_jws::unverified_claim;
use super::client_keys::public_jwk;
use super::tests::{
    EC_SIGNATURE, EC_X, EC_Y, ED_INPUT, ED_SIGNATURE, ED_X, PAYLOAD, RSA_N, RSA_SIGNATURE, THUMBPRINT_N, keys,
};
use super::*;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PSS_SHA256, RsaKeyPair};
use base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::time::Duration;

const ANY: TypRule = TypRule { names: &["JWT"], may_be_absent: true };
const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
// RFC 7515 appendix A.1.
const HMAC_KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const HMAC_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
// RFC 7515 appendix A.4.
const P521: (&str, &str) = (
    "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qwxcWceqwQGk",
    "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
);

fn rsa() -> Value {
    json!({"kty": "RSA", "kid": "r", "n": RSA_N, "e": "AQAB"})
}

fn ec() -> Value {
    json!({"kty": "EC", "kid": "e", "crv": "P-256", "x": EC_X, "y": EC_Y})
}

fn okp() -> Value {
    json!({"kty": "OKP", "kid": "o", "crv": "Ed25519", "x": ED_X})
}

fn p521() -> Value {
    json!({"kty": "EC", "kid": "p", "crv": "P-521", "x": P521.0, "y": P521.1})
}

fn set(keys: &[Value]) -> Result<ClientKeySet, InvalidKeySet> {
    ClientKeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

fn check(keys: &ClientKeySet, token: &str) -> Result<Claims, JwtError> {
    verify_client_jws(keys, &ANY, token, &JwsAlg::ASYMMETRIC)
}

/// The keys of [`keys`], as a client would publish them.
fn own() -> ClientKeySet {
    ClientKeySet::of(&keys().jwks()).unwrap()
}

fn b64(text: impl AsRef<[u8]>) -> String {
    B64.encode(text)
}

fn kid(alg: SigningAlg) -> &'static str {
    keys().signer(alg).unwrap().kid()
}

fn signed_with_header(alg: SigningAlg, header: &Value) -> String {
    let input = format!("{}.{}", b64(header.to_string()), b64(r#"{"iss":"app"}"#));
    let signature = keys().signer(alg).unwrap().signature(input.as_bytes()).unwrap();
    format!("{input}.{}", b64(signature))
}

/// RFC 7515 appendix A.1 to A.3, RFC 8037 appendix A.4.
#[test]
fn the_published_tokens_are_verified() {
    let secret = ClientKeySet::of_secret(&B64.decode(HMAC_KEY).unwrap());
    let claims = verify_client_jws(&secret, &ANY, HMAC_TOKEN, &[JwsAlg::HS256]).unwrap();
    assert_eq!((claims.text("iss"), claims.number("exp")), (Some("joe"), Some(1_300_819_380)));
    let all = set(&[p521(), rsa(), ec(), okp()]).unwrap();
    assert!(check(&all, &format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{RSA_SIGNATURE}")).is_ok());
    assert!(check(&all, &format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{EC_SIGNATURE}")).is_ok());
    // Its payload is no JSON, which is looked at after the signature alone.
    assert_eq!(check(&all, &format!("{ED_INPUT}.{ED_SIGNATURE}")), Err(JwtError::Malformed));
    assert_eq!(check(&all, &format!("{ED_INPUT}.{}", b64([7; 64]))), Err(JwtError::UnknownKey));
}

/// RFC 7515 appendix A.4: an algorithm that is not known here, with a key that is not either.
#[test]
fn a_key_that_is_not_understood_is_left_aside() {
    let bare = set(&[p521(), json!({"kty": "OKP", "crv": "X25519", "x": ED_X}), json!({"kty": "future"})]).unwrap();
    assert!(bare.is_empty());
    assert_eq!(check(&bare, &format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{EC_SIGNATURE}")), Err(JwtError::UnknownKey));
    assert_eq!(check(&bare, &format!("eyJhbGciOiJFUzUxMiJ9.{PAYLOAD}.{EC_SIGNATURE}")), Err(JwtError::WrongAlg));
}

/// RFC 7638 §3.1.
#[test]
fn the_published_thumbprint_is_that_of_the_members_that_count() {
    let key = json!({"kty": "RSA", "n": THUMBPRINT_N, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
    let jwk = public_jwk(key.as_object().unwrap()).unwrap().unwrap();
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn use_and_key_ops_and_alg_say_what_a_key_is_for() {
    for (name, value, counts) in [
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["encrypt", "wrapKey"]), false),
        ("alg", json!("ES256"), true),
        ("alg", json!("ES384"), false),
        ("alg", json!("ECDH-ES"), false),
        ("alg", json!("RS256"), false),
        ("alg", json!("HS256"), false),
    ] {
        assert_eq!(
            set(&[with(ec(), name, value.clone())]).unwrap().keys().len(),
            usize::from(counts),
            "{name} {value}"
        );
    }
}

#[test]
fn a_private_weak_or_broken_key_is_told() {
    let short = b64([0xff; 128]);
    for (key, why) in [
        (with(ec(), "d", json!("x")), InvalidKeySet::Private),
        (with(rsa(), "d", json!("x")), InvalidKeySet::Private),
        (with(rsa(), "p", json!("x")), InvalidKeySet::Private),
        (json!({"kty": "oct", "k": HMAC_KEY}), InvalidKeySet::Private),
        (with(p521(), "d", json!("x")), InvalidKeySet::Private),
        (with(rsa(), "n", json!(short)), InvalidKeySet::Weak),
        (with(rsa(), "n", json!(format!("AA{RSA_N}"))), InvalidKeySet::Malformed),
        (with(rsa(), "e", json!("")), InvalidKeySet::Malformed),
        (with(rsa(), "n", json!(7)), InvalidKeySet::Malformed),
        (with(ec(), "x", json!(EC_Y)), InvalidKeySet::Malformed),
        (with(ec(), "x", json!("f83O")), InvalidKeySet::Malformed),
        (with(ec(), "y", json!(format!("{EC_Y}="))), InvalidKeySet::Malformed),
        (with(okp(), "x", Value::Null), InvalidKeySet::Malformed),
        (with(ec(), "use", json!(1)), InvalidKeySet::Malformed),
        (with(ec(), "kid", json!(1)), InvalidKeySet::Malformed),
        (with(ec(), "kid", json!("k".repeat(300))), InvalidKeySet::TooLarge),
        (json!({"n": RSA_N}), InvalidKeySet::Malformed),
        (json!("key"), InvalidKeySet::Unreadable),
    ] {
        assert_eq!(set(std::slice::from_ref(&key)).map(|_| ()), Err(why), "{key}");
    }
    assert_eq!(set(&vec![ec(); 51]).map(|_| ()), Err(InvalidKeySet::TooLarge));
    assert_eq!(ClientKeySet::parse(&[b' '; 70_000]).map(|_| ()), Err(InvalidKeySet::TooLarge));
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, "{\"keys\":[]"] {
        assert_eq!(ClientKeySet::parse(text.as_bytes()).map(|_| ()), Err(InvalidKeySet::Unreadable), "{text}");
    }
}

#[test]
fn each_algorithm_is_verified_with_a_key_of_its_kind() {
    for alg in SigningAlg::ALL {
        let token = keys().signer(alg).unwrap().sign("JWT", &json!({"iss": "app"})).unwrap();
        assert_eq!(check(&own(), &token).unwrap().text("iss"), Some("app"));
        assert_eq!(verify_client_jws(&own(), &ANY, &token, &[]), Err(JwtError::WrongAlg));
        assert_eq!(check(&ClientKeySet::default(), &token), Err(JwtError::UnknownKey));
    }
}

#[test]
fn ps256_is_verified_and_is_not_rs256() {
    static PAIR: OnceLock<RsaKeyPair> = OnceLock::new();
    let pair = PAIR.get_or_init(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
    let n = b64(pair.public_key().modulus().big_endian_without_leading_zero());
    let key = json!({"kty": "RSA", "n": n, "e": "AQAB"});
    #[allow(clippy::disallowed_methods, reason = "the library asks for a generator and then uses its own")]
    let rng = SystemRandom::new();
    let sign = |header: &str| {
        let input = format!("{}.{}", b64(header), b64("{}"));
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PSS_SHA256, &rng, input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", b64(signature))
    };
    let any = set(std::slice::from_ref(&key)).unwrap();
    assert!(check(&any, &sign(r#"{"alg":"PS256"}"#)).is_ok());
    assert_eq!(check(&any, &sign(r#"{"alg":"RS256"}"#)), Err(JwtError::UnknownKey));
    let only_rs = set(&[with(key, "alg", json!("RS256"))]).unwrap();
    assert_eq!(check(&only_rs, &sign(r#"{"alg":"PS256"}"#)), Err(JwtError::UnknownKey));
    assert_eq!(verify_client_jws(&any, &ANY, &sign(r#"{"alg":"PS256"}"#), &[JwsAlg::RS256]), Err(JwtError::WrongAlg));
}

/// CVE-2026-11800; RFC 8725 §3.1.
#[test]
fn no_header_chooses_its_algorithm_or_brings_its_key() {
    let es = kid(SigningAlg::ES256);
    for alg in ["none", "None", "", "HS256", "RS256", "EdDSA", "ES512"] {
        let token = signed_with_header(SigningAlg::ES256, &json!({"alg": alg, "kid": es}));
        assert_eq!(check(&own(), &token), Err(JwtError::WrongAlg), "{alg}");
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert_eq!(check(&own(), &unsigned), Err(JwtError::WrongAlg), "{alg}");
    }
    let foreign = SigningKey::generate(SigningAlg::ES256).unwrap();
    let jwk = foreign.public().jwk().to_json("x");
    for (name, value) in
        [("jwk", jwk), ("jku", json!("https://evil.example/jwks")), ("x5u", json!("https://evil.example"))]
    {
        let header = json!({"alg": "ES256", "kid": es, name: value}).to_string();
        let input = format!("{}.{}", b64(header), b64("{}"));
        let token = format!("{input}.{}", b64(foreign.signature(input.as_bytes()).unwrap()));
        assert_eq!(check(&own(), &token), Err(JwtError::BadSignature), "{name}");
    }
}

/// The public key is known to everybody: as the key of an HMAC it proves nothing.
#[test]
fn a_secret_and_a_public_key_are_never_taken_for_each_other() {
    let secret = ClientKeySet::of_secret(&B64.decode(HMAC_KEY).unwrap());
    assert_eq!(check(&secret, HMAC_TOKEN), Err(JwtError::WrongAlg));
    assert_eq!(verify_client_jws(&own(), &ANY, HMAC_TOKEN, &[JwsAlg::HS256]), Err(JwtError::UnknownKey));
    let changed = format!("{}A", &HMAC_TOKEN[..HMAC_TOKEN.len() - 1]);
    assert_eq!(verify_client_jws(&secret, &ANY, &changed, &[JwsAlg::HS256]), Err(JwtError::BadSignature));
    let short = ClientKeySet::of_secret(b"hush");
    assert_eq!(verify_client_jws(&short, &ANY, HMAC_TOKEN, &[JwsAlg::HS256]), Err(JwtError::UnknownKey));
    assert!(!format!("{secret:?}").contains("35"));
}

#[test]
fn extensions_and_other_types_are_refused() {
    let es = kid(SigningAlg::ES256);
    for (name, value, error) in [
        ("crit", json!(["b64"]), JwtError::Extension),
        ("crit", json!([]), JwtError::Extension),
        ("b64", json!(false), JwtError::Extension),
        ("zip", json!("DEF"), JwtError::Extension),
        ("typ", json!("at+jwt"), JwtError::WrongType),
        ("kid", json!("other"), JwtError::UnknownKey),
        ("kid", json!("../../key"), JwtError::UnknownKey),
        ("kid", json!(kid(SigningAlg::EdDSA)), JwtError::WrongAlg),
    ] {
        let mut header = json!({"alg": "ES256", "kid": es});
        header[name] = value.clone();
        assert_eq!(check(&own(), &signed_with_header(SigningAlg::ES256, &header)), Err(error), "{name} {value}");
    }
    for typ in ["JWT", "jwt", "application/jwt", "Application/JWT"] {
        let header = json!({"alg": "ES256", "kid": es, "typ": typ});
        assert!(check(&own(), &signed_with_header(SigningAlg::ES256, &header)).is_ok(), "{typ}");
    }
    let strict = TypRule { names: &["x+jwt"], may_be_absent: false };
    let untyped = signed_with_header(SigningAlg::ES256, &json!({"alg": "ES256", "kid": es}));
    assert_eq!(verify_client_jws(&own(), &strict, &untyped, &JwsAlg::ASYMMETRIC), Err(JwtError::WrongType));
    assert_eq!(check(&own(), &format!("{}.{}", "x".repeat(20_000), untyped)), Err(JwtError::TooLarge));
}

/// CVE-2022-21449, and signatures that are written in another way.
#[test]
fn an_ecdsa_signature_has_one_form() {
    let token = signed_with_header(SigningAlg::ES256, &json!({"alg": "ES256", "kid": kid(SigningAlg::ES256)}));
    let (input, signature) = token.rsplit_once('.').unwrap();
    for bad in [b64([0; 64]), b64([0; 63]), String::new(), format!("{signature}AA"), b64([0x30; 70])] {
        assert_eq!(check(&own(), &format!("{input}.{bad}")), Err(JwtError::BadSignature), "{bad}");
    }
}

#[test]
fn times_are_measured_with_patience_for_a_clock_that_is_ahead() {
    let window = Window { longest: Duration::from_secs(300), nbf_required: false };
    let at = |claims: Value| {
        let Value::Object(map) = claims else { panic!() };
        check_times(&Claims(map), &window, NOW).map(|at| at.seconds() - NOW.seconds())
    };
    let now = NOW.seconds();
    assert_eq!(at(json!({"exp": now + 60})), Ok(60));
    assert_eq!(at(json!({"exp": 1_790_000_060.7})), Ok(60));
    assert_eq!(at(json!({"exp": now + 60, "iat": now + 8, "nbf": now + 8})), Ok(60));
    assert_eq!(at(json!({"exp": now + 90, "iat": now + 60})), Err(JwtError::NotYet));
    assert_eq!(at(json!({"exp": now + 90, "nbf": now + 60})), Err(JwtError::NotYet));
    assert_eq!(at(json!({"exp": now + 60, "nbf": now - 301})), Err(JwtError::TooLong));
    assert_eq!(at(json!({"exp": now})), Err(JwtError::Expired));
    assert_eq!(at(json!({})), Err(JwtError::Expired));
    assert_eq!(at(json!({"exp": now + 48 * 3600})), Err(JwtError::TooLong));
    for bad in [json!("1790000060"), json!(-1), json!(1e300), json!(9_007_199_254_740_993_i64), json!(null)] {
        assert_eq!(at(json!({"exp": bad})), Err(JwtError::Malformed), "{bad}");
    }
    let strict = Window { nbf_required: true, ..window };
    let Value::Object(map) = json!({"exp": now + 60}) else { panic!() };
    assert_eq!(check_times(&Claims(map), &strict, NOW), Err(JwtError::Malformed));
}

proptest! {
    #[test]
    fn no_token_and_no_key_set_makes_it_panic(token in any::<String>(), header in any::<String>(), bytes in any::<Vec<u8>>()) {
        let _ = check(&own(), &token);
        let _ = unverified_claim(&token, "iss");
        let _ = check(&own(), &format!("{}.{}.{}", b64(&header), b64(&token), b64(&bytes)));
        let _ = unverified_claim(&format!("{}.{}.", b64(&header), b64(&token)), "iss");
        let _ = ClientKeySet::parse(&bytes);
        let _ = ClientKeySet::parse(json!({"keys": [{"kty": "EC", "crv": "P-256", "x": token, "y": header}]}).to_string().as_bytes());
    }
}
