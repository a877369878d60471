use super::*;
use crate::jose::{SigningAlg, SigningKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;
use zeroize::Zeroizing;

// RFC 9449 figure 1 (§4.1) and figure 13 (§7.1).
const AT_TOKEN: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
const AT_RESOURCE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
const ACCESS_TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const JKT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const URL: &str = "https://id.example.com/oauth/token";
const AT: Call<'_> = Call { method: "POST", url: URL, access_token: None };

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate(SigningAlg::ES256).unwrap())
}

fn jwk() -> Value {
    let mut jwk = key().public().jwk().to_json("k");
    jwk.as_object_mut().unwrap().retain(|name, _| ["kty", "crv", "x", "y"].contains(&name.as_str()));
    jwk
}

fn header() -> Value {
    json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk()})
}

fn claims() -> Value {
    json!({"jti": "j1", "htm": "POST", "htu": URL, "iat": NOW.seconds()})
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn sign(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(header), part(claims));
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(key().signature(input.as_bytes()).unwrap()))
}

fn go(header: &Value, claims: &Value) -> Result<Proof, OAuthError> {
    verify(&sign(header, claims), &AT, None, NOW)
}

#[track_caller]
fn refused(result: Result<Proof, OAuthError>, word: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidDpopProof);
    assert!(error.description().contains(word), "{word}: {error}");
}

#[test]
fn the_published_proofs_are_verified() {
    let at_token = Call { method: "POST", url: "https://server.example.com/token", access_token: None };
    let now = Timestamp::from_seconds(1_562_262_616);
    let proof = verify(AT_TOKEN, &at_token, None, now).unwrap();
    assert_eq!((proof.jkt.as_str(), proof.alg), (JKT, JwsAlg::ES256));
    let at_resource =
        Call { method: "GET", url: "https://resource.example.org/protectedresource", access_token: Some(ACCESS_TOKEN) };
    let now = Timestamp::from_seconds(1_562_262_618);
    assert_eq!(verify(AT_RESOURCE, &at_resource, None, now).unwrap().jkt, JKT);
    refused(verify(AT_TOKEN, &at_resource, None, now), "htm");
    refused(verify(AT_RESOURCE, &Call { access_token: Some("other"), ..at_resource }, None, now), "ath");
    assert_eq!(hash_of(ACCESS_TOKEN), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

#[test]
fn a_proof_is_named_by_its_key_and_jti_and_kept_while_it_would_be_taken() {
    let proof = go(&header(), &claims()).unwrap();
    assert_eq!(proof.until, NOW.plus(Duration::from_secs(300)));
    assert_eq!(proof.once, go(&header(), &with(claims(), "iat", json!(NOW.seconds() - 5))).unwrap().once);
    assert_ne!(proof.once, go(&header(), &with(claims(), "jti", json!("j2"))).unwrap().once);
}

#[test]
fn it_has_to_be_about_this_request() {
    for (name, value, word) in [
        ("htm", json!("GET"), "htm"),
        ("htm", json!("post"), "htm"),
        ("htm", json!(null), "htm"),
        ("htu", json!("https://id.example.com/oauth/userinfo"), "htu"),
        ("htu", json!("https://evil.example/oauth/token"), "htu"),
        ("htu", json!("http://id.example.com/oauth/token"), "htu"),
        ("htu", json!("/oauth/token"), "htu"),
        ("htu", json!("https://id.example.com:8443/oauth/token"), "htu"),
        ("htu", json!(7), "htu"),
        ("jti", json!(""), "jti"),
        ("jti", json!("x".repeat(257)), "jti"),
        ("iat", json!(null), "iat"),
        ("iat", json!("now"), "iat"),
        ("iat", json!(NOW.seconds() + 61), "future"),
        ("iat", json!(NOW.seconds() - 300), "too old"),
    ] {
        refused(go(&header(), &with(claims(), name, value)), word);
    }
    for (name, value) in [
        ("htu", json!("HTTPS://ID.example.com:443/oauth/token?x=1#y")),
        ("htu", json!("https://id.example.com/oauth/./token")),
        ("iat", json!(NOW.seconds() + 10)),
        ("iat", json!(NOW.seconds() - 60)),
        ("exp", json!(1)),
        ("nbf", json!(NOW.seconds() + 999)),
        ("ath", json!("whatever")),
    ] {
        assert!(go(&header(), &with(claims(), name, value.clone())).is_ok(), "{name} {value}");
    }
}

/// CVE-2026-11800; RFC 9449 §11.6.
#[test]
fn it_has_to_be_signed_by_the_public_key_that_it_carries() {
    let other = SigningKey::generate(SigningAlg::ES256).unwrap().public().jwk().to_json("k");
    let private = with(jwk(), "d", json!("x"));
    for (name, value, word) in [
        ("typ", json!("JWT"), "typ"),
        ("typ", json!(null), "typ"),
        ("alg", json!("none"), "alg"),
        ("alg", json!("HS256"), "alg"),
        ("alg", json!("EdDSA"), "alg"),
        ("jwk", json!(null), "jwk"),
        ("jwk", json!({"kty": "oct", "k": "x"}), "jwk"),
        ("jwk", private, "jwk"),
        ("jwk", other, "signature"),
        ("crit", json!(["x"]), "extension"),
    ] {
        refused(go(&with(header(), name, value), &claims()), word);
    }
    let proof = sign(&header(), &claims());
    refused(verify(proof.rsplit_once('.').unwrap().0, &AT, None, NOW), "read");
    refused(verify(&format!("{}.", proof.rsplit_once('.').unwrap().0), &AT, None, NOW), "signature");
    refused(verify(&"x".repeat(20_000), &AT, None, NOW), "read");
}

#[test]
fn a_nonce_is_good_for_some_minutes_and_under_its_own_key() {
    let nonces = Nonces::new(Zeroizing::new([1; 32]));
    let go = |claims: &Value| verify(&sign(&header(), claims), &AT, Some(&nonces), NOW).map_err(|e| e.code);
    let nonce = nonces.current(NOW);
    assert!(go(&with(claims(), "nonce", json!(nonce))).is_ok());
    for bad in [json!(null), json!(""), json!("x"), json!(Nonces::new(Zeroizing::new([2; 32])).current(NOW))] {
        assert_eq!(go(&with(claims(), "nonce", bad)), Err(ErrorCode::UseDpopNonce));
    }
    assert!(nonces.accepts(&nonce, NOW.plus(Duration::from_secs(119))));
    assert!(!nonces.accepts(&nonce, NOW.plus(Duration::from_secs(241))));
    // What is wrong for good is told first.
    assert_eq!(go(&with(claims(), "htm", json!("GET"))), Err(ErrorCode::InvalidDpopProof));
}

#[test]
fn one_header_is_one_proof() {
    assert_eq!(one(&[]).unwrap(), None);
    assert_eq!(one(&[b"x".to_vec()]).unwrap(), Some("x"));
    assert!(one(&[b"x".to_vec(), b"y".to_vec()]).is_err());
    assert!(one(&[b"\xff".to_vec()]).is_err());
    assert!(is_thumbprint(JKT) && !is_thumbprint("x") && !is_thumbprint(&format!("{JKT}=")));
}

#[test]
fn a_pushed_request_is_bound_to_the_key_of_its_proof() {
    let params = |text: &str| Params::decode(text.as_bytes()).unwrap();
    let bound =
        |text: &str| bind_request(params(text), JKT.into()).map(|p| p.one("dpop_jkt").unwrap().map(str::to_owned));
    assert_eq!(bound("scope=openid").unwrap().as_deref(), Some(JKT));
    assert_eq!(bound("dpop_jkt=").unwrap().as_deref(), Some(JKT));
    assert_eq!(bound(&format!("dpop_jkt={JKT}")).unwrap().as_deref(), Some(JKT));
    assert_eq!(bound("dpop_jkt=other").unwrap_err().code, ErrorCode::InvalidDpopProof);
}

proptest! {
    #[test]
    fn no_proof_makes_it_panic(proof in any::<String>(), htu in any::<String>()) {
        let _ = verify(&proof, &AT, None, NOW);
        let _ = go(&header(), &with(claims(), "htu", json!(htu)));
    }
}
