use super::double::{Private, b64};
use super::{CLIENT, Double, NOW, attempt, later, reason};
use crate::{Told, Trouble};
use serde_json::{Value, json};

/// An ID token's claims with some changed; `null` takes one away.
fn with(mut claims: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

async fn told(double: &Double, changes: Value) -> Result<Told, Trouble> {
    double.issues(&with(double.claims(), changes));
    double.oidc().redeem("code", &attempt(), NOW).await
}

#[tokio::test]
async fn an_honest_answer_is_believed_as_it_stands() {
    let double = Double::start().await;
    let told = told(&double, json!({})).await.unwrap();
    let expected = Told {
        issuer: double.origin.clone(),
        subject: "248289761001".to_owned(),
        email: Some("jane@example.com".to_owned()),
        email_verified: true,
        name: Some("Jane Doe".to_owned()),
        auth_time: None,
    };
    assert_eq!(told, expected);
    assert!(double.last_body().contains("code_verifier=dBjftJeZ4CVP"), "{}", double.last_body());
    assert_eq!(double.asked("/userinfo"), 0, "nothing was left to ask");
}

/// CVE-2026-55669, GHSA-wxg7-w2v3-w38g: each claim that an ID token must have, changed and taken away.
#[tokio::test]
async fn an_id_token_that_does_not_hold_is_refused() {
    let double = Double::start().await;
    let (past, future) = (NOW.seconds() - 600, NOW.seconds() + 600);
    let cases = [
        (json!({ "aud": "somebody-else" }), "audience"),
        (json!({ "aud": [CLIENT, "somebody-else"] }), "audience"),
        (json!({ "aud": null }), "audience"),
        (json!({ "aud": [] }), "audience"),
        (json!({ "aud": format!("{CLIENT}/") }), "audience"),
        (json!({ "azp": "somebody-else" }), "azp"),
        (json!({ "iss": "https://evil.example" }), "issuer"),
        (json!({ "iss": format!("{}/", double.origin) }), "issuer"),
        (json!({ "exp": past }), "xpired"),
        (json!({ "exp": NOW.seconds() - 31 }), "xpired"),
        (json!({ "iat": future }), "future"),
        (json!({ "iat": past - 60 }), "long ago"),
        (json!({ "nonce": "another" }), "nonce"),
        (json!({ "nonce": "" }), "nonce"),
        (json!({ "nonce": null }), "nonce"),
        (json!({ "sub": "" }), "subject"),
        (json!({ "sub": "x".repeat(256) }), "subject"),
        (json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" }), "at_hash"),
    ];
    for (changes, why) in cases {
        let found = reason(told(&double, changes.clone()).await);
        assert!(found.contains(why), "{changes}: {found}");
    }
}

/// Claims that are not there, or not of their type, leave no token at all.
#[tokio::test]
async fn an_id_token_without_its_claims_is_no_id_token() {
    let double = Double::start().await;
    let huge = json!(9_000_000_000_000_000_000_u64);
    for changes in [
        json!({ "exp": null }),
        json!({ "exp": "tomorrow" }),
        json!({ "exp": 1e300 }),
        json!({ "iat": null }),
        json!({ "iat": huge }),
        json!({ "iss": null }),
        json!({ "iss": 7 }),
        json!({ "sub": null }),
        json!({ "sub": 248_289 }),
        json!({ "nonce": ["n-0S6_WzA2Mj"] }),
    ] {
        let outcome = told(&double, changes.clone()).await;
        assert!(outcome.is_err(), "{changes}: {outcome:?}");
    }
}

/// CVE-2026-9087, CVE-2025-7365: "true" is a text, and says nothing.
#[tokio::test]
async fn an_address_is_verified_only_by_the_value_true() {
    let double = Double::start().await;
    for (said, verified) in [(json!(true), true), (json!("true"), false), (json!(false), false)] {
        let told = told(&double, json!({ "email_verified": said })).await.unwrap();
        assert_eq!(told.email_verified, verified, "{said}");
        assert_eq!(told.email.as_deref(), Some("jane@example.com"));
    }
}

#[tokio::test]
async fn the_time_of_the_sign_in_there_is_told_when_the_provider_says_it() {
    let double = Double::start().await;
    let at = NOW.seconds() - 7200;
    assert_eq!(told(&double, json!({ "auth_time": at })).await.unwrap().auth_time.map(|at| at.seconds()), Some(at));
    let attempt = crate::Attempt { max_age: Some(std::time::Duration::from_secs(60)), ..attempt() };
    let url = double.oidc().begin(&attempt, NOW).await.unwrap();
    assert!(url.query_pairs().any(|(name, value)| name == "max_age" && value == "60"), "{url}");
}

/// OpenID Connect Core §3.1.3.6: half of the access token's hash, by the hash of the ID token's algorithm.
#[tokio::test]
async fn an_access_token_that_is_the_id_tokens_own_passes() {
    let double = Double::start().await;
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"at");
    assert!(told(&double, json!({ "at_hash": b64(&hash.as_ref()[..16]) })).await.is_ok());
}

#[tokio::test]
async fn every_usual_algorithm_is_verified() {
    for key in [Private::es256(), Private::es384(), Private::eddsa(), Private::rsa("RS256"), Private::rsa("PS256")] {
        let double = Double::start_with(key).await;
        let outcome = told(&double, json!({})).await;
        assert!(outcome.is_ok(), "{}: {outcome:?}", double.key.alg());
    }
}

/// CVE-2022-21449 and the attacks on `alg`: whoever has no private key of the provider signs nothing.
#[tokio::test]
async fn a_signature_that_is_not_the_providers_is_refused() {
    let double = Double::start().await;
    let stranger = Private::es256();
    let claims = double.claims();
    let header = json!({ "alg": "ES256", "kid": "one", "typ": "JWT" });
    let honest = double.key.token(&header, &claims);
    let (input, _) = honest.rsplit_once('.').unwrap();
    let unsigned = |header: Value, signature: &[u8]| {
        format!("{}.{}.{}", b64(header.to_string()), b64(claims.to_string()), b64(signature))
    };
    let hs256 = |key: &[u8]| {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, key);
        let header = json!({ "alg": "HS256", "kid": "one", "typ": "JWT" });
        let input = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let signature = b64(aws_lc_rs::hmac::sign(&key, input.as_bytes()));
        format!("{input}.{signature}")
    };
    let public = double.key.jwk("one").to_string();
    let cases = [
        ("another key", stranger.token(&header, &claims)),
        ("another key under its own kid", stranger.token(&json!({ "alg": "ES256", "kid": "two" }), &claims)),
        (
            "a key that it brings along",
            stranger.token(&json!({ "alg": "ES256", "kid": "one", "jwk": stranger.jwk("one") }), &claims),
        ),
        ("none", unsigned(json!({ "alg": "none" }), b"")),
        ("none, with a kid", unsigned(json!({ "alg": "none", "kid": "one" }), b"")),
        ("nOnE", unsigned(json!({ "alg": "nOnE", "kid": "one" }), b"")),
        ("our own secret", hs256(b"s3cret")),
        ("the public key as a secret", hs256(public.as_bytes())),
        ("zeroes", format!("{input}.{}", b64([0; 64]))),
        ("no signature", format!("{input}.")),
        ("another algorithm", double.key.token(&json!({ "alg": "RS256", "kid": "one" }), &claims)),
        ("crit", double.key.token(&json!({ "alg": "ES256", "kid": "one", "crit": ["exp"], "exp": 1 }), &claims)),
        ("another type", double.key.token(&json!({ "alg": "ES256", "kid": "one", "typ": "at+jwt" }), &claims)),
    ];
    for (what, token) in cases {
        double.issues_token(&token);
        // Each time a fresh client, and late enough that unknown keys are asked for again.
        let outcome = double.oidc().redeem("code", &attempt(), later(1)).await;
        assert!(outcome.is_err(), "{what}: {outcome:?}");
    }
    double.issues_token(&honest);
    assert!(double.oidc().redeem("code", &attempt(), NOW).await.is_ok(), "and the honest one passes");
}

#[tokio::test]
async fn an_answer_without_an_id_token_vouches_for_nobody() {
    let double = Double::start().await;
    double.answers_json("/token", json!({ "access_token": "at", "token_type": "Bearer" }));
    assert!(reason(double.oidc().redeem("code", &attempt(), NOW).await).contains("no ID token"));
}

#[tokio::test]
async fn the_userinfo_endpoint_speaks_of_the_same_person_or_not_at_all() {
    let double = Double::start().await;
    let bare = json!({ "email": null, "email_verified": null, "name": null });
    let info = json!({ "sub": "248289761001", "email": "jane@example.com", "email_verified": true, "name": "Jane" });
    double.answers_json("/userinfo", info.clone());
    let known = told(&double, bare.clone()).await.unwrap();
    assert_eq!((known.email.as_deref(), known.email_verified), (Some("jane@example.com"), true));
    for sub in [json!("somebody-else"), json!(248_289_761_001_u64), Value::Null] {
        double.answers_json("/userinfo", with(info.clone(), json!({ "sub": sub })));
        assert!(reason(told(&double, bare.clone()).await).contains("somebody else"), "{sub}");
    }
    // Out of order: the ID token has said who it is, and that is enough.
    double.answers_with("/userinfo", 503, "");
    assert_eq!(told(&double, bare).await.unwrap().email, None);
}

/// The address of one place and the "verified" of the other make no verified address.
#[tokio::test]
async fn a_word_on_one_address_is_not_a_word_on_another() {
    let double = Double::start().await;
    double.answers_json(
        "/userinfo",
        json!({ "sub": "248289761001", "email": "mallory@example.com", "email_verified": true }),
    );
    let told = told(&double, json!({ "email": "jane@example.com", "email_verified": null })).await.unwrap();
    assert_eq!(told.email.as_deref(), Some("mallory@example.com"));
}

#[tokio::test]
async fn a_code_that_is_not_taken_is_told_from_a_provider_that_is_out_of_order() {
    let double = Double::start().await;
    let outcome = |status, body: &'static str| {
        double.answers_with("/token", status, body);
        let upstream = double.oidc();
        async move { upstream.redeem("code", &attempt(), NOW).await.unwrap_err() }
    };
    assert!(matches!(outcome(400, r#"{"error":"invalid_grant"}"#).await, Trouble::Refused(_)));
    assert!(matches!(outcome(200, r#"{"error":"bad_verification_code"}"#).await, Trouble::Refused(_)));
    assert!(matches!(outcome(401, r#"{"error":"invalid_client"}"#).await, Trouble::Unusable(_)));
    assert!(matches!(outcome(200, "<html>").await, Trouble::Unusable(_)));
    assert!(matches!(outcome(302, "").await, Trouble::Unusable(_)), "no redirect is followed");
}
