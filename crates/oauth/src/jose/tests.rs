use super::*;
use aws_lc_rs::hmac;
use base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ISSUER: &str = "https://id.example.com";
const EXPECTED: Expected<'_> = Expected { issuer: ISSUER, audience: Some("app"), even_expired: false };

// RFC 7515 appendix A.2 and A.3.
pub(super) const PAYLOAD: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
pub(super) const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
pub(super) const RSA_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
pub(super) const EC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
pub(super) const EC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
pub(super) const EC_SIGNATURE: &str =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
// RFC 8037 appendix A.
pub(super) const ED_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
pub(super) const ED_D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
pub(super) const ED_INPUT: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
pub(super) const ED_SIGNATURE: &str =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
// RFC 7638 §3.1.
pub(super) const THUMBPRINT_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

/// One key of each kind, made once for all tests: RSA keys are slow to make.
pub(crate) fn keys() -> &'static KeySet {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = KeySet::new();
        for alg in SigningAlg::ALL {
            keys.sign_with(Arc::new(SigningKey::generate(alg).unwrap()));
        }
        keys
    })
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": ["app", "other"], "sub": "jane", "exp": NOW.seconds() + 60})
}

fn token(alg: SigningAlg) -> String {
    keys().signer(alg).unwrap().sign("JWT", &claims()).unwrap()
}

fn check(token: &str) -> Result<Claims, JwtError> {
    verify("JWT", keys(), token, &EXPECTED, NOW)
}

fn b64(text: impl AsRef<[u8]>) -> String {
    B64.encode(text)
}

fn kid(alg: SigningAlg) -> &'static str {
    keys().signer(alg).unwrap().kid()
}

/// A token whose header is freely written but which is honestly signed.
fn with_header(alg: SigningAlg, header: Value) -> String {
    let input = format!("{}.{}", b64(header.to_string()), b64(claims().to_string()));
    let signature = keys().signer(alg).unwrap().signature(input.as_bytes()).unwrap();
    format!("{input}.{}", b64(signature))
}

fn header_with(name: &str, value: Value) -> String {
    let mut header = json!({"alg": "ES256", "kid": kid(SigningAlg::ES256), "typ": "JWT"});
    header[name] = value;
    with_header(SigningAlg::ES256, header)
}

#[test]
fn the_published_signatures_are_right() {
    let rsa = VerifyingKey::new(PublicJwk::Rsa { n: RSA_N.into(), e: "AQAB".into() }).unwrap();
    let ec = VerifyingKey::new(PublicJwk::Ec { x: EC_X.into(), y: EC_Y.into() }).unwrap();
    let ed = VerifyingKey::new(PublicJwk::Okp { x: ED_X.into() }).unwrap();
    for (key, input, signature) in [
        (rsa, format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}"), RSA_SIGNATURE),
        (ec, format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}"), EC_SIGNATURE),
        (ed, ED_INPUT.to_owned(), ED_SIGNATURE),
    ] {
        let signature = B64.decode(signature).unwrap();
        assert!(key.is_signature(input.as_bytes(), &signature), "{}", key.alg());
        assert!(!key.is_signature(format!("{input}x").as_bytes(), &signature), "{}", key.alg());
    }
}

#[test]
fn the_published_thumbprints_are_right() {
    let rsa = PublicJwk::Rsa { n: THUMBPRINT_N.into(), e: "AQAB".into() };
    assert_eq!(rsa.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    let ed = PublicJwk::Okp { x: ED_X.into() };
    assert_eq!(ed.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn the_published_private_key_signs_as_published() {
    // PKCS #8 v1 around the seed of RFC 8037 appendix A.1 (RFC 8410 §7).
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend(B64.decode(ED_D).unwrap());
    let key = SigningKey::from_pkcs8(SigningAlg::EdDSA, &der).unwrap();
    assert_eq!(key.public().jwk(), &PublicJwk::Okp { x: ED_X.into() });
    assert_eq!(b64(key.signature(ED_INPUT.as_bytes()).unwrap()), ED_SIGNATURE);
}

#[test]
fn a_token_of_each_algorithm_is_verified() {
    for alg in SigningAlg::ALL {
        let claims = check(&token(alg)).unwrap();
        assert_eq!(claims.text("sub"), Some("jane"));
        assert_eq!(claims.audience(), ["app", "other"]);
    }
}

#[test]
fn a_key_survives_storage() {
    for alg in SigningAlg::ALL {
        let key = keys().signer(alg).unwrap();
        let again = SigningKey::from_pkcs8(alg, &key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.kid(), key.kid());
        assert!(check(&again.sign("JWT", &claims()).unwrap()).is_ok());
        let other = SigningAlg::ALL.into_iter().find(|a| *a != alg).unwrap();
        assert!(SigningKey::from_pkcs8(other, &key.to_pkcs8().unwrap()).is_err());
        assert!(!format!("{key:?}").contains("private"));
    }
    assert!(SigningKey::from_pkcs8(SigningAlg::ES256, b"nonsense").is_err());
}

/// CVE-2026-11800.
#[test]
fn a_token_without_a_signature_is_refused() {
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({"alg": alg, "kid": kid(SigningAlg::ES256), "typ": "JWT"});
        let input = format!("{}.{}", b64(header.to_string()), b64(claims().to_string()));
        assert_eq!(check(&format!("{input}.")), Err(JwtError::WrongAlg), "{alg}");
        let bare = json!({"alg": alg, "typ": "JWT"});
        let input = format!("{}.{}", b64(bare.to_string()), b64(claims().to_string()));
        assert_eq!(check(&format!("{input}.")), Err(JwtError::UnknownKey), "{alg}");
    }
}

#[test]
fn a_public_key_is_no_hmac_key() {
    for alg in SigningAlg::ALL {
        let public = keys().find(kid(alg)).unwrap().jwk().to_json(kid(alg)).to_string();
        let header = json!({"alg": "HS256", "kid": kid(alg), "typ": "JWT"});
        let input = format!("{}.{}", b64(header.to_string()), b64(claims().to_string()));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes()), input.as_bytes());
        assert_eq!(check(&format!("{input}.{}", b64(tag))), Err(JwtError::WrongAlg));
    }
}

#[test]
fn an_algorithm_other_than_the_key_s_is_refused() {
    for alg in ["RS256", "EdDSA", "ES384", "PS256", "es256", "ES256 "] {
        assert_eq!(check(&header_with("alg", json!(alg))), Err(JwtError::WrongAlg), "{alg}");
    }
    // The kid of one key under the signature of another.
    assert_eq!(check(&header_with("kid", json!(kid(SigningAlg::EdDSA)))), Err(JwtError::WrongAlg));
}

#[test]
fn every_changed_byte_is_noticed() {
    for alg in [SigningAlg::ES256, SigningAlg::EdDSA] {
        let token = token(alg);
        for i in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[i] = if changed[i] == b'A' { b'B' } else { b'A' };
            assert!(check(&String::from_utf8(changed).unwrap()).is_err(), "byte {i}");
            assert!(check(&token[..i]).is_err());
        }
        for bad in [format!("{token}A"), format!("{token}="), format!("{token}."), format!(" {token}")] {
            assert!(check(&bad).is_err());
        }
    }
}

/// CVE-2022-21449.
#[test]
fn zero_and_der_signatures_are_refused() {
    let token = token(SigningAlg::ES256);
    let (input, good) = token.rsplit_once('.').unwrap();
    let good = B64.decode(good).unwrap();
    let int = |half: &[u8]| {
        let mut out = vec![2, 33, 0];
        out.extend(half);
        out
    };
    let der = [vec![0x30, 70], int(&good[..32]), int(&good[32..])].concat();
    for bad in
        [vec![], vec![0; 64], vec![0; 32], vec![0xff; 64], der, good[..63].to_vec(), [good.as_slice(), &[0]].concat()]
    {
        assert_eq!(check(&format!("{input}.{}", b64(bad))), Err(JwtError::BadSignature));
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_not_looked_at() {
    let thief = SigningKey::generate(SigningAlg::ES256).unwrap();
    let jwk = thief.public().jwk().to_json(thief.kid());
    for (kid, error) in [(thief.kid(), JwtError::UnknownKey), (kid(SigningAlg::ES256), JwtError::BadSignature)] {
        let header = json!({
            "alg": "ES256", "typ": "JWT", "kid": kid, "jwk": jwk, "jku": "https://evil.example/jwks",
            "x5u": "https://evil.example/x5u", "x5c": ["AAAA"],
        });
        let input = format!("{}.{}", b64(header.to_string()), b64(claims().to_string()));
        let signature = thief.signature(input.as_bytes()).unwrap();
        assert_eq!(check(&format!("{input}.{}", b64(signature))), Err(error));
    }
    // Beside an honest signature they mean nothing.
    assert!(check(&header_with("jku", json!("https://evil.example/jwks"))).is_ok());
}

#[test]
fn a_hostile_kid_finds_nothing() {
    let huge = "k".repeat(9_000);
    for kid in ["", "../../etc/passwd", "' OR 1=1 --", "\u{0}", "https://evil.example/key", huge.as_str()] {
        assert_eq!(check(&header_with("kid", json!(kid))), Err(JwtError::UnknownKey), "{kid}");
    }
    assert_eq!(check(&header_with("kid", json!("k".repeat(64 * 1024)))), Err(JwtError::TooLarge));
    for kid in [json!(null), json!(1), json!(["a"])] {
        assert!(check(&header_with("kid", kid)).is_err());
    }
}

#[test]
fn extensions_are_refused() {
    for (name, value) in [("crit", json!(["exp"])), ("crit", json!([])), ("zip", json!("DEF")), ("b64", json!(false))] {
        assert_eq!(check(&header_with(name, value)), Err(JwtError::Extension), "{name}");
    }
}

#[test]
fn one_kind_of_token_is_not_taken_for_another() {
    assert!(check(&header_with("typ", json!("jwt"))).is_ok());
    assert!(check(&header_with("typ", json!("application/JWT"))).is_ok());
    for typ in [json!("at+jwt"), json!("logout+jwt"), json!(""), json!(null)] {
        assert_eq!(check(&header_with("typ", typ)), Err(JwtError::WrongType));
    }
}

#[test]
fn a_header_with_a_member_twice_is_refused() {
    let header = format!(r#"{{"alg":"none","alg":"ES256","kid":"{}","typ":"JWT"}}"#, kid(SigningAlg::ES256));
    let input = format!("{}.{}", b64(header), b64(claims().to_string()));
    let signature = keys().signer(SigningAlg::ES256).unwrap().signature(input.as_bytes()).unwrap();
    assert_eq!(check(&format!("{input}.{}", b64(signature))), Err(JwtError::Malformed));
}

#[test]
fn issuer_audience_and_time_are_checked() {
    let refuse = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        check(&keys().signer(SigningAlg::EdDSA).unwrap().sign("JWT", &claims).unwrap()).unwrap_err()
    };
    assert_eq!(refuse("iss", json!("https://id.example.com/")), JwtError::WrongIssuer);
    assert_eq!(refuse("iss", json!(null)), JwtError::WrongIssuer);
    assert_eq!(refuse("aud", json!("other")), JwtError::WrongAudience);
    assert_eq!(refuse("aud", json!(null)), JwtError::WrongAudience);
    assert_eq!(refuse("aud", json!([["app"]])), JwtError::WrongAudience);
    assert_eq!(refuse("exp", json!(NOW.seconds())), JwtError::Expired);
    assert_eq!(refuse("exp", json!(null)), JwtError::Expired);
    assert_eq!(refuse("exp", json!("1890000000")), JwtError::Expired);
    assert_eq!(refuse("nbf", json!(NOW.seconds() + 1)), JwtError::NotYet);
}

#[test]
fn an_expired_token_may_still_be_a_hint() {
    let mut claims = claims();
    claims["exp"] = json!(1);
    let token = keys().signer(SigningAlg::ES256).unwrap().sign("JWT", &claims).unwrap();
    assert_eq!(check(&token), Err(JwtError::Expired));
    assert!(verify("JWT", keys(), &token, &Expected { even_expired: true, ..EXPECTED }, NOW).is_ok());
}

#[test]
fn a_rotation_leaves_no_token_unverifiable() {
    let (old, new) =
        (SigningKey::generate(SigningAlg::ES256).unwrap(), SigningKey::generate(SigningAlg::ES256).unwrap());
    let (old, new) = (Arc::new(old), Arc::new(new));
    let mut set = KeySet::new();
    set.sign_with(Arc::clone(&old));
    let early = set.signer(SigningAlg::ES256).unwrap().sign("JWT", &claims()).unwrap();
    set.publish(new.public().clone());
    assert_eq!(set.signer(SigningAlg::ES256).unwrap().kid(), old.kid());
    set.sign_with(Arc::clone(&new));
    set.publish(new.public().clone());
    let late = set.signer(SigningAlg::ES256).unwrap().sign("JWT", &claims()).unwrap();
    assert!(late.contains('.') && early != late);
    for token in [early, late] {
        assert!(verify("JWT", &set, &token, &EXPECTED, NOW).is_ok());
    }
    let jwks = set.jwks();
    let kids: Vec<&str> = jwks["keys"].as_array().unwrap().iter().map(|k| k["kid"].as_str().unwrap()).collect();
    assert_eq!(kids, [old.kid(), new.kid()]);
}

#[test]
fn the_key_set_tells_public_members_alone() {
    let jwks = keys().jwks();
    for key in jwks["keys"].as_array().unwrap() {
        let key = key.as_object().unwrap();
        assert!(key["use"] == "sig" && key.contains_key("kid") && key.contains_key("alg"));
        assert!(["d", "p", "q", "dp", "dq", "qi", "k"].iter().all(|private| !key.contains_key(*private)));
    }
    assert_eq!(keys().algs(), SigningAlg::ALL);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), header in any::<String>(), signature in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(check(&text).is_err());
        let token = format!("{}.{}.{}", b64(header), b64(claims().to_string()), b64(signature));
        prop_assert!(check(&token).is_err());
    }
}
