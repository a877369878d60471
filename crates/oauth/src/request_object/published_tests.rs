//! The signed requests that the standards print, with the key that they print beside them.

use super::*;
use crate::client::tests::public;
use serde_json::json;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY_N: &str = "y9Lqv4fCp6Ei-u2-ZCKq83YvbFEk6JMs_pSj76eMkddWRuWX2aBKGHAtKlE5P7_vn__PCKZWePt3vGkB6ePgzAFu08NmKemwE5bQI0e6kIChtt_6KzT5OaaXDFI6qCLJmk51Cc4VYFaxgqevMncYrzaW_50mZ1yGSFIQzLYP8bijAHGVjdEFgZaZEN9lsn_GdWLaJpHrB3ROlS50E45wxrlg9xMncVb8qDPuXZarvghLL0HzOuYRadBJVoWZowDNTpKpk2RklZ7QaBO7XDv3uR7s_sf2g-bAjSYxYUGsqkNA9b3xVW53am_UZZ3tZbFTIh557JICWKHlWj5uzeJXaw";

/// OpenID Connect Core §6.1, which RFC 9101 is made of.
const OF_CORE: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsyYmRjIn0.ew0KICJpc3MiOiAiczZCaGRSa3F0MyIsDQogImF1ZCI6ICJodHRwczovL3NlcnZlci5leGFtcGxlLmNvbSIsDQogInJlc3BvbnNlX3R5cGUiOiAiY29kZSBpZF90b2tlbiIsDQogImNsaWVudF9pZCI6ICJzNkJoZFJrcXQzIiwNCiAicmVkaXJlY3RfdXJpIjogImh0dHBzOi8vY2xpZW50LmV4YW1wbGUub3JnL2NiIiwNCiAic2NvcGUiOiAib3BlbmlkIiwNCiAic3RhdGUiOiAiYWYwaWZqc2xka2oiLA0KICJub25jZSI6ICJuLTBTNl9XekEyTWoiLA0KICJtYXhfYWdlIjogODY0MDAsDQogImNsYWltcyI6IA0KICB7DQogICAidXNlcmluZm8iOiANCiAgICB7DQogICAgICJnaXZlbl9uYW1lIjogeyJlc3NlbnRpYWwiOiB0cnVlfSwNCiAgICAgIm5pY2tuYW1lIjogbnVsbCwNCiAgICAgImVtYWlsIjogeyJlc3NlbnRpYWwiOiB0cnVlfSwNCiAgICAgImVtYWlsX3ZlcmlmaWVkIjogeyJlc3NlbnRpYWwiOiB0cnVlfSwNCiAgICAgInBpY3R1cmUiOiBudWxsDQogICAgfSwNCiAgICJpZF90b2tlbiI6IA0KICAgIHsNCiAgICAgImdlbmRlciI6IG51bGwsDQogICAgICJiaXJ0aGRhdGUiOiB7ImVzc2VudGlhbCI6IHRydWV9LA0KICAgICAiYWNyIjogeyJ2YWx1ZXMiOiBbInVybjptYWNlOmluY29tbW9uOmlhcDpzaWx2ZXIiXX0NCiAgICB9DQogIH0NCn0.nwwnNsk1-ZkbmnvsF6zTHm8CHERFMGQPhos-EJcaH4Hh-sMgk8ePrGhw_trPYs8KQxsn6R9Emo_wHwajyFKzuMXZFSZ3p6Mb8dkxtVyjoy2GIzvuJT_u7PkY2t8QU9hjBcHs68PkgjDVTrG1uRTx0GxFbuPbj96tVuj11pTnmFCUR6IEOXKYr7iGOCRB3btfJhM0_AKQUfqKnRlrRscc8Kol-cSLWoYE9l5QqholImzjT_cMnNIznW9E7CDyWXTsO70xnB4SkG6pXfLSjLLlxmPGiyon_-Te111V8uE83IlzCYIb_NMXvtTIVc1jpspnTSD7xMbpL-2QgwUsAlMGzw";
/// RFC 9126 §3, as its drafts print it.
const PUSHED: &str = "eyJraWQiOiJrMmJkYyIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJzNkJoZFJrcXQzIiwiYXVkIjoiaHR0cHM6Ly9zZXJ2ZXIuZXhhbXBsZS5jb20iLCJyZXNwb25zZV90eXBlIjoiY29kZSIsImNsaWVudF9pZCI6InM2QmhkUmtxdDMiLCJyZWRpcmVjdF91cmkiOiJodHRwczovL2NsaWVudC5leGFtcGxlLm9yZy9jYiIsInNjb3BlIjoiYWlzIiwic3RhdGUiOiJhZjBpZmpzbGRraiIsImNvZGVfY2hhbGxlbmdlIjoiSzItbHRjODNhY2M0aDBjOXc2RVNDX3JFTVRKM2J3dy11Q0hhb2VLMXQ4VSIsImNvZGVfY2hhbGxlbmdlX21ldGhvZCI6IlMyNTYifQ.O49ffUxRPdNkN3TRYDvbEYVr1CeAL64uW4FenV3n9WlaFIRHeFblzv-wlEtMm8-tusGxeE9z3ek6FxkhvvLEqEpjthXnyXqqyJfq3k9GSf5ay74ml_0D6lHE1hy-kVWg7SgoPQ-GB1xQ9NRhF3EKS7UZIrUHbFUCF0MsRLbmtIvaLYbQH_Ef3UkDLOGiU7exhVFTPeyQUTM9FF-u3K-zX-FO05_brYxNGLhVkO1G8MjqQnn2HpAzlBd5179WTzTYhKmhTiwzH-qlBBI_9GLJmE3KOipko9TfSpa26H4JOlMyfZFl0PCJwkByS0xZFJ2sTo3Gkk488RQohhgt1I0onw";

fn opened(token: &str, issuer: &str) -> Result<Params, RequestObjectError> {
    let client = Client { client_id: "s6BhdRkqt3".to_owned(), ..public() };
    let keys = json!({ "keys": [{ "kty": "RSA", "kid": "k2bdc", "n": KEY_N, "e": "AQAB" }] });
    open((&client, RequestUse::Authorization), token, &ClientKeySet::of(&keys).unwrap(), issuer, NOW)
}

#[test]
fn the_request_of_openid_connect_core_is_opened() {
    let params = opened(OF_CORE, "https://server.example.com").unwrap();
    for (name, value) in [
        ("client_id", "s6BhdRkqt3"),
        ("response_type", "code id_token"),
        ("redirect_uri", "https://client.example.org/cb"),
        ("scope", "openid"),
        ("state", "af0ifjsldkj"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("max_age", "86400"),
    ] {
        assert_eq!(params.one(name), Ok(Some(value)));
    }
    let claims: Value = serde_json::from_str(params.one("claims").unwrap().unwrap()).unwrap();
    assert_eq!(claims["id_token"]["acr"]["values"], json!(["urn:mace:incommon:iap:silver"]));
}

#[test]
fn the_request_that_is_pushed_is_opened() {
    let params = opened(PUSHED, "https://server.example.com").unwrap();
    assert_eq!(params.one("scope"), Ok(Some("ais")));
    assert_eq!(params.one("code_challenge"), Ok(Some("K2-ltc83acc4h0c9w6ESC_rEMTJ3bww-uCHaoeK1t8U")));
}

#[test]
fn neither_is_taken_by_another_server_or_changed() {
    for token in [OF_CORE, PUSHED] {
        assert!(opened(token, "https://other.example.com").is_err());
        let last = token.len() - 2;
        assert!(opened(&token[..last], "https://server.example.com").is_err());
        let (head, rest) = token.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        let other = claims.replacen("czZCaGRSa3F0My", "czZCaGRSa3F0Mz", 1).replacen("zNkJo", "zNkJp", 1);
        assert_ne!(other, claims);
        assert!(opened(&format!("{head}.{other}.{signature}"), "https://server.example.com").is_err());
    }
}
