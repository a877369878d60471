//! What the standards print beside RFC 7515: sets of keys, tokens that nobody signed, the cookbook.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const ANY: TypRule = TypRule { names: &["JWT"], may_be_absent: true };

// RFC 7517 appendix A.1 and A.2.
const KEYS: &str = r#"{"keys":[
    {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},
    {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}]}"#;
const PRIVATE_D: &str = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";

// RFC 7519 §6.1.
const UNSECURED: &str = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

// RFC 7520 §4.1 and §4.4: the payload of both, and what is theirs.
const FRODO: &str = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
const BILBO_HEADER: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
const BILBO_N: &str = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw";
const BILBO_SIGNATURE: &str = "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";
const SECRET_HEADER: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";
const SECRET: &str = "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg";
const SECRET_SIGNATURE: &str = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

fn keys() -> Value {
    serde_json::from_str(KEYS).unwrap()
}

#[test]
fn of_the_published_set_only_the_key_for_signatures_counts() {
    assert!(!ClientKeySet::parse(KEYS.as_bytes()).unwrap().is_empty());
    let mut for_encryption = keys();
    for_encryption["keys"].as_array_mut().unwrap().truncate(1);
    assert!(ClientKeySet::of(&for_encryption).unwrap().is_empty());
}

#[test]
fn the_published_set_of_private_keys_is_refused() {
    let mut private = keys();
    private["keys"][0]["d"] = json!(PRIVATE_D);
    assert!(ClientKeySet::of(&private).is_err());
}

#[test]
fn the_published_unsecured_token_is_refused_whatever_keys_there_are() {
    let secret = ClientKeySet::of_secret(b"");
    for keys in [ClientKeySet::of(&keys()).unwrap(), ClientKeySet::of(&json!({"keys": []})).unwrap(), secret] {
        for allowed in [&JwsAlg::ASYMMETRIC[..], &[JwsAlg::HS256]] {
            let refused = verify_client_jws(&keys, &ANY, UNSECURED, allowed);
            assert!(matches!(refused, Err(JwtError::WrongAlg | JwtError::Malformed)), "{refused:?}");
        }
    }
}

/// The payload of the cookbook is no JSON, which is looked at after the signature alone.
#[test]
fn the_cookbook_s_signatures_are_right() {
    let bilbo = json!({"kty": "RSA", "kid": "bilbo.baggins@hobbiton.example", "use": "sig", "n": BILBO_N, "e": "AQAB"});
    let bilbo = ClientKeySet::of(&json!({"keys": [bilbo]})).unwrap();
    let secret = ClientKeySet::of_secret(&URL_SAFE_NO_PAD.decode(SECRET).unwrap());
    for (keys, header, signature, alg) in [
        (bilbo, BILBO_HEADER, BILBO_SIGNATURE, JwsAlg::RS256),
        (secret, SECRET_HEADER, SECRET_SIGNATURE, JwsAlg::HS256),
    ] {
        let check = |token: &str| verify_client_jws(&keys, &ANY, token, &[alg]);
        assert_eq!(check(&format!("{header}.{FRODO}.{signature}")), Err(JwtError::Malformed), "{alg}");
        let other = FRODO.replacen("SXTi", "SXTj", 1);
        let refused = check(&format!("{header}.{other}.{signature}"));
        assert!(refused.is_err() && refused != Err(JwtError::Malformed), "{alg}");
    }
}
