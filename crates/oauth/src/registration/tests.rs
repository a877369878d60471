use super::*;
use crate::client::{ApplicationType, Client, ClientAuthMethod, GrantType, RegisteredBy, Registration};
use crate::jose::{ClientKeySet, JwsAlg, SigningAlg, SigningKey};
use base::{Id, Timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ISSUER: &str = "https://directory.example";

fn policy() -> Policy {
    let grant_types = GrantType::ALL.into();
    Policy { grant_types, scope: "openid profile email".parse().unwrap(), ..Policy::default() }
}

fn register(policy: &Policy, said: &Value) -> Result<Client, OAuthError> {
    let said = Metadata::parse(said.to_string().as_bytes())?;
    let before = policy.blank(Id::from_bytes([1; 16]), "c1".into(), NOW);
    let client = policy.apply(&said, before, Registration::new(RegisteredBy::Anybody))?;
    // As the use case gives them.
    let secret_hash = client.auth_method.has_secret().then(|| base::SecretHash::of(b"hush"));
    let client = Client { secret_hash, ..client };
    client.validate().map_err(|invalid| refused(invalid.field, invalid.advice))?;
    Ok(client)
}

fn app(more: Value) -> Value {
    let mut said = json!({ "redirect_uris": ["https://app.example.com/cb"] });
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    said
}

fn fault(more: Value) -> (ErrorCode, String) {
    let error = register(&policy(), &app(more.clone())).expect_err(&more.to_string());
    let member = error.description().split(':').next().unwrap_or_default().to_owned();
    (error.code, member)
}

#[test]
fn what_is_left_out_has_the_default_of_the_standard() {
    let client = register(&policy(), &app(json!({}))).unwrap();
    assert_eq!(client.auth_method, ClientAuthMethod::SecretBasic);
    assert_eq!(client.grant_types, Some([GrantType::AuthorizationCode].into()));
    assert_eq!(client.id_token_alg, SigningAlg::RS256);
    assert_eq!(client.scope.to_string(), "openid profile email");
    assert_eq!(client.name, "app.example.com");
    assert!(client.require_pkce && !client.first_party && !client.resource_server);
    assert_eq!(client.registration.unwrap().application_type, ApplicationType::Web);
}

#[test]
fn apis_are_those_of_the_operator_whatever_a_client_says() {
    let api = |name: &str| format!("https://{name}.example.com/");
    let policy = Policy { resources: vec![api("mcp"), api("mail")], ..policy() };
    let greedy = app(json!({ "resources": [api("bank")], "resource": api("bank") }));
    let client = register(&policy, &greedy).unwrap();
    assert_eq!(client.requests.resources, [api("mcp"), api("mail")]);
    // What the operator gave to this one alone stays when it says something new.
    let mut before = client;
    before.requests.resources = vec![api("own"), api("mail")];
    let said = Metadata::parse(greedy.to_string().as_bytes()).unwrap();
    let again = policy.apply(&said, before, Registration::new(RegisteredBy::Anybody)).unwrap();
    assert_eq!(again.requests.resources, [api("own"), api("mail"), api("mcp")]);
}

#[test]
fn everything_that_a_client_says_is_kept_and_told_back() {
    let key = || SigningKey::generate(SigningAlg::ES256).unwrap().public().jwk().to_json("k");
    let mut encryption = key();
    encryption.as_object_mut().unwrap().extend([("use".into(), json!("enc")), ("alg".into(), json!("ECDH-ES"))]);
    encryption["kid"] = json!("e");
    let said = json!({
        "redirect_uris": ["https://app.example.com/cb?x=1", "https://app.example.com/other"],
        "post_logout_redirect_uris": ["https://app.example.com/bye"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "client_name": "The App",
        "client_uri": "https://app.example.com/",
        "logo_uri": "https://app.example.com/logo.png",
        "policy_uri": "https://app.example.com/privacy",
        "tos_uri": "https://app.example.com/terms",
        "scope": "openid email",
        "jwks": { "keys": [key(), encryption] },
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "EdDSA",
        "id_token_encrypted_response_alg": "ECDH-ES",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A128CBC-HS256",
        "introspection_signed_response_alg": "ES256",
        "tls_client_certificate_bound_access_tokens": true,
        "subject_type": "pairwise",
        "sector_identifier_uri": "https://app.example.com/sector.json",
        "require_pushed_authorization_requests": true,
        "require_signed_request_object": true,
        "request_object_signing_alg": "ES256",
        "request_uris": ["https://app.example.com/request#v1"],
        "default_max_age": 3600,
        "require_auth_time": true,
        "default_acr_values": ["urn:watchbell:acr:2", "high"],
        "initiate_login_uri": "https://app.example.com/login",
        "dpop_bound_access_tokens": true,
        "backchannel_logout_uri": "https://app.example.com/back",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://app.example.com/front",
        "frontchannel_logout_session_required": true,
        "application_type": "web",
        "contacts": ["ops@app.example.com"],
        "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "software_version": "2.2",
    });
    let client = register(&policy(), &said).unwrap();
    let issued = Issued { secret: None, token: "t", uri: "https://id.example.com/oauth/register/c1" };
    let told = document(&client, &issued);
    for (name, value) in said.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
    assert_eq!(told["client_id_issued_at"], NOW.seconds());
    assert!(told.get("client_secret_expires_at").is_none() && told.get("client_secret").is_none());
    let read = serde_json::from_str::<Client>(&serde_json::to_string(&client).unwrap()).unwrap();
    assert_eq!(read, client);
    // What is told can be sent again (RFC 7592 §2.2).
    assert_eq!(register(&policy(), &told).unwrap(), client);
}

/// RFC 8705 §2.1.2.
#[test]
fn a_certificate_is_named_by_one_member() {
    for (member, name) in [
        ("tls_client_auth_subject_dn", "CN=shop,O=Acme,C=DE"),
        ("tls_client_auth_san_dns", "shop.example.com"),
        ("tls_client_auth_san_uri", "urn:acme:shop"),
        ("tls_client_auth_san_ip", "2001:db8::7"),
        ("tls_client_auth_san_email", "shop@example.com"),
    ] {
        let said = app(json!({"token_endpoint_auth_method": "tls_client_auth", member: name}));
        let client = register(&policy(), &said).unwrap();
        let told = document(&client, &Issued { secret: None, token: "t", uri: "u" });
        assert_eq!(told[member], name);
        assert_eq!(told["token_endpoint_auth_method"], "tls_client_auth");
        assert_eq!(register(&policy(), &told).unwrap(), client);
    }
}

#[test]
fn a_secret_that_does_not_expire_says_so() {
    let client = register(&policy(), &app(json!({}))).unwrap();
    let told = document(&client, &Issued { secret: Some("s"), token: "t", uri: "u" });
    assert_eq!((&told["client_secret"], &told["client_secret_expires_at"]), (&json!("s"), &json!(0)));
}

#[test]
fn each_refusal_names_its_member_in_the_words_of_the_standard() {
    use ErrorCode::{InvalidClientMetadata as Metadata, InvalidRedirectUri as Redirect};
    for (more, code, member) in [
        (json!({"redirect_uris": []}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": null}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": "https://app.example.com/cb"}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": [1]}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": ["https://app.example.com/cb#f"]}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": ["javascript:alert(1)"]}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": ["https://*.example.com/"]}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": ["http://app.example.com/cb"]}), Redirect, "redirect_uris"),
        (json!({"redirect_uris": ["com.example.app:/cb"]}), Redirect, "redirect_uris"),
        (json!({"application_type": "web", "redirect_uris": ["http://localhost/cb"]}), Redirect, "redirect_uris"),
        (json!({"application_type": "tv"}), Metadata, "application_type"),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), Metadata, "tls_client_auth_subject_dn"),
        (json!({"tls_client_auth_san_dns": "a.example"}), Metadata, "tls_client_auth_subject_dn"),
        (
            json!({"tls_client_auth_subject_dn": "CN=a", "tls_client_auth_san_dns": "a.example"}),
            Metadata,
            "tls_client_auth_san_dns",
        ),
        (json!({"tls_client_auth_san_ip": "a.example"}), Metadata, "tls_client_auth_san_ip"),
        (json!({"token_endpoint_auth_method": "self_signed_tls_client_auth"}), Metadata, "jwks"),
        (json!({"token_endpoint_auth_method": 7}), Metadata, "token_endpoint_auth_method"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), Metadata, "jwks"),
        (json!({"jwks": {"keys": []}, "jwks_uri": "https://app.example.com/jwks"}), Metadata, "jwks"),
        (json!({"jwks": "x"}), Metadata, "jwks"),
        (json!({"jwks_uri": "http://app.example.com/jwks"}), Metadata, "jwks_uri"),
        (json!({"grant_types": ["implicit"]}), Metadata, "grant_types"),
        (json!({"grant_types": []}), Metadata, "grant_types"),
        (
            json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none", "response_types": []}),
            Metadata,
            "grant_types",
        ),
        (json!({"response_types": ["token"]}), Metadata, "response_types"),
        (json!({"response_types": ["code", "id_token"]}), Metadata, "response_types"),
        (json!({"response_types": []}), Metadata, "response_types"),
        (json!({"grant_types": ["client_credentials"], "response_types": ["code"]}), Metadata, "response_types"),
        (json!({"scope": "admin"}), Metadata, "scope"),
        (json!({"scope": ["openid"]}), Metadata, "scope"),
        (json!({"id_token_signed_response_alg": "none"}), Metadata, "id_token_signed_response_alg"),
        (json!({"request_object_signing_alg": "none"}), Metadata, "request_object_signing_alg"),
        (json!({"request_object_signing_alg": "HS256"}), Metadata, "request_object_signing_alg"),
        (json!({"id_token_encrypted_response_alg": "RSA-OAEP"}), Metadata, "id_token_encrypted_response_alg"),
        (json!({"id_token_encrypted_response_alg": "ECDH-ES"}), Metadata, "id_token_encrypted_response_alg"),
        (json!({"userinfo_encrypted_response_enc": "A256GCM"}), Metadata, "userinfo_encrypted_response_enc"),
        (json!({"userinfo_signed_response_alg": "HS256"}), Metadata, "userinfo_signed_response_alg"),
        (json!({"request_object_encryption_alg": "ECDH-ES"}), Metadata, "request_object_encryption_alg"),
        (json!({"require_signed_request_object": true}), Metadata, "require_signed_request_object"),
        (json!({"require_signed_request_object": "true"}), Metadata, "require_signed_request_object"),
        (json!({"subject_type": "private"}), Metadata, "subject_type"),
        (json!({"request_uris": "https://app.example.com/r"}), Metadata, "request_uris"),
        (json!({"request_uris": ["http://app.example.com/r"]}), Metadata, "request_uris"),
        (json!({"request_uris": ["file:///etc/passwd"]}), Metadata, "request_uris"),
        (json!({"default_max_age": -1}), Metadata, "default_max_age"),
        (json!({"default_max_age": "60"}), Metadata, "default_max_age"),
        (json!({"default_max_age": 1.5}), Metadata, "default_max_age"),
        (json!({"require_auth_time": "true"}), Metadata, "require_auth_time"),
        (json!({"default_acr_values": "high"}), Metadata, "default_acr_values"),
        (json!({"default_acr_values": ["a b"]}), Metadata, "default_acr_values"),
        (json!({"initiate_login_uri": "http://app.example.com/login"}), Metadata, "initiate_login_uri"),
        (json!({"initiate_login_uri": "javascript:alert(1)"}), Metadata, "initiate_login_uri"),
        (
            json!({"subject_type": "pairwise", "redirect_uris": ["https://a.example/", "https://b.example/"]}),
            Metadata,
            "sector_identifier_uri",
        ),
        (json!({"client_name": "x".repeat(101)}), Metadata, "client_name"),
        (json!({"client_name": "a\u{202e}b"}), Metadata, "client_name"),
        (json!({"logo_uri": "javascript:alert(1)"}), Metadata, "logo_uri"),
        (json!({"client_uri": "data:text/html,x"}), Metadata, "client_uri"),
        (json!({"backchannel_logout_uri": "http://app.example.com/x"}), Metadata, "backchannel_logout_uri"),
        (json!({"frontchannel_logout_uri": "https://evil.example/x"}), Metadata, "frontchannel_logout_uri"),
        (json!({"post_logout_redirect_uris": ["javascript:x"]}), Metadata, "post_logout_redirect_uris"),
        (json!({"contacts": "ops@app.example.com"}), Metadata, "contacts"),
        (json!({"software_statement": 1}), Metadata, "software_statement"),
    ] {
        assert_eq!(fault(more.clone()), (code, member.to_owned()), "{more}");
    }
}

#[test]
fn what_means_nothing_here_is_ignored() {
    let usual = register(&policy(), &app(json!({}))).unwrap();
    for more in [
        json!({"first_party": true, "resource_server": true, "require_pkce": false, "high_risk": false}),
        json!({"client_id": "admin", "client_secret": "x", "id": 1, "created_at": 1, "disabled_at": null}),
        json!({"access_token_lifetime": 999_999, "login": {"min_acr": null}, "registration": {"by": "anybody"}}),
        json!({"unknown": {"a": [1, 2]}, "client_name#ja": "x", "default_max_age": null}),
        json!({"token_endpoint_auth_signing_alg": "RS256"}),
        json!({"id_token_encrypted_response_alg": null, "userinfo_signed_response_alg": "none"}),
    ] {
        assert_eq!(register(&policy(), &app(more.clone())).unwrap(), usual, "{more}");
    }
}

#[test]
fn an_operator_s_policy_bounds_what_can_be_registered() {
    let narrow = Policy {
        auth_methods: vec![ClientAuthMethod::None],
        grant_types: [GrantType::AuthorizationCode].into(),
        redirect_hosts: vec!["app.example.com".into(), ".acme.example".into()],
        ..policy()
    };
    let with = |more: Value| {
        let mut said = app(json!({"token_endpoint_auth_method": "none"}));
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        register(&narrow, &said).map_err(|error| error.code)
    };
    let ok = with(json!({"redirect_uris": ["https://app.example.com/cb", "https://shop.acme.example/cb"]}));
    assert_eq!(ok.unwrap().auth_method, ClientAuthMethod::None);
    assert_eq!(with(json!({"scope": "openid admin"})).unwrap().scope.to_string(), "openid");
    for host in
        ["evil.example", "acme.example", "evilacme.example", "app.example.com.evil.example", "sub.app.example.com"]
    {
        let refused = with(json!({"redirect_uris": [format!("https://{host}/cb")]}));
        assert_eq!(refused, Err(ErrorCode::InvalidRedirectUri), "{host}");
    }
    assert_eq!(with(json!({"redirect_uris": ["com.evil.app:/cb"]})), Err(ErrorCode::InvalidRedirectUri));
    assert_eq!(with(json!({"token_endpoint_auth_method": null})), Err(ErrorCode::InvalidClientMetadata));
    assert_eq!(with(json!({"grant_types": ["refresh_token"]})), Err(ErrorCode::InvalidClientMetadata));
}

#[test]
fn a_native_app_has_a_scheme_of_its_own_or_this_machine() {
    let public = |more: Value| {
        let mut said = json!({"token_endpoint_auth_method": "none"});
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        register(&policy(), &said).map(|client| client.registration.unwrap().application_type)
    };
    for uri in ["com.example.app:/cb", "http://127.0.0.1/cb", "http://localhost:3000/cb"] {
        assert_eq!(public(json!({"redirect_uris": [uri]})), Ok(ApplicationType::Native), "{uri}");
        assert_eq!(public(json!({"redirect_uris": [uri], "application_type": "native"})), Ok(ApplicationType::Native));
        let web = public(json!({"redirect_uris": [uri], "application_type": "web"}));
        assert_eq!(web.unwrap_err().code, ErrorCode::InvalidRedirectUri, "{uri}");
    }
}

#[test]
fn what_is_no_object_or_too_large_is_refused() {
    for body in ["", "[]", "null", "{", "\"x\"", "{\"a\":1}x"] {
        assert_eq!(Metadata::parse(body.as_bytes()).unwrap_err().code, ErrorCode::InvalidClientMetadata, "{body}");
    }
    assert!(Metadata::parse(&[b' '; MAX_DOCUMENT + 1]).is_err());
    assert!(Metadata::parse("[".repeat(60_000).as_bytes()).is_err());
}

fn stated(claims: &Value, key: &SigningKey, keys: &ClientKeySet) -> Result<Metadata, Option<ErrorCode>> {
    let said = Metadata::parse(
        app(json!({"client_name": "Said", "tos_uri": "https://app.example.com/t"})).to_string().as_bytes(),
    );
    let token = key.sign("JWT", claims).unwrap();
    verify_statement(said.unwrap(), &token, keys, (ISSUER, NOW)).map_err(|error| error.map(|error| error.code))
}

#[test]
fn what_a_trusted_statement_says_wins() {
    let key = SigningKey::generate(SigningAlg::ES256).unwrap();
    let keys = ClientKeySet::of(&json!({"keys": [key.public().jwk().to_json(key.kid())]})).unwrap();
    let claims = json!({"iss": ISSUER, "client_name": "Stated", "redirect_uris": ["https://stated.example/cb"], "tos_uri": null});
    let metadata = stated(&claims, &key, &keys).unwrap();
    let before = policy().blank(Id::from_bytes([1; 16]), "c1".into(), NOW);
    let client = policy().apply(&metadata, before, Registration::new(RegisteredBy::Anybody)).unwrap();
    assert_eq!((client.name.as_str(), client.tos_uri), ("Stated", None));
    assert_eq!(client.redirect_uris[0].as_str(), "https://stated.example/cb");
    assert!(!metadata.has("iss") && !metadata.has("exp"));

    let invalid = Some(ErrorCode::InvalidSoftwareStatement);
    for claims in [
        json!({"iss": "https://other.example"}),
        json!({"client_name": "x"}),
        json!({"iss": ISSUER, "exp": NOW.seconds()}),
        json!({"iss": ISSUER, "exp": "x"}),
        json!({"iss": ISSUER, "nbf": NOW.seconds() + 1}),
    ] {
        assert_eq!(stated(&claims, &key, &keys), Err(invalid), "{claims}");
    }
    let stranger = SigningKey::generate(SigningAlg::ES256).unwrap();
    assert_eq!(stated(&json!({"iss": ISSUER}), &stranger, &keys), Err(None));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = Metadata::parse(&body);
    }

    /// Whatever comes out is a client that an operator could have written down, without their privileges.
    #[test]
    fn whatever_is_said_becomes_a_valid_client_or_a_refusal(said in members()) {
        if let Ok(client) = register(&policy(), &Value::Object(said)) {
            prop_assert_eq!(client.validate(), Ok(()));
            prop_assert!(!client.first_party && !client.resource_server && client.require_pkce);
            prop_assert!(client.scope.is_subset(&policy().scope));
            prop_assert_eq!(client.client_id.as_str(), "c1");
            let told = document(&client, &Issued { secret: None, token: "t", uri: "u" });
            prop_assert_eq!(register(&policy(), &told), Ok(client));
        }
    }
}

/// Members that mean something, with values that nearly do.
fn members() -> impl Strategy<Value = Map<String, Value>> {
    let names = prop::sample::select(vec![
        "redirect_uris",
        "token_endpoint_auth_method",
        "token_endpoint_auth_signing_alg",
        "grant_types",
        "response_types",
        "client_name",
        "client_uri",
        "scope",
        "jwks",
        "jwks_uri",
        "id_token_signed_response_alg",
        "subject_type",
        "application_type",
        "contacts",
        "first_party",
        "require_pkce",
        "software_statement",
        "request_object_signing_alg",
        "backchannel_logout_uri",
        "frontchannel_logout_uri",
        "request_uris",
        "default_max_age",
        "default_acr_values",
        "initiate_login_uri",
    ]);
    let words = prop::sample::select(vec![
        json!(["https://app.example.com/cb"]),
        json!(["com.example.app:/cb"]),
        json!(["authorization_code", "refresh_token"]),
        json!(["client_credentials"]),
        json!(["code"]),
        json!([]),
        json!("none"),
        json!("client_secret_post"),
        json!("openid"),
        json!("ES256"),
        json!("pairwise"),
        json!("native"),
        json!("https://app.example.com/"),
        json!({"keys": []}),
        json!(true),
        json!(false),
        json!(7),
        Value::Null,
    ]);
    let values = prop_oneof![4 => words, 1 => any::<String>().prop_map(Value::from)];
    prop::collection::vec((names.prop_map(str::to_owned), values), 0..12).prop_map(|pairs| {
        let mut said: Map<String, Value> = pairs.into_iter().collect();
        said.entry("redirect_uris").or_insert(json!(["https://app.example.com/cb"]));
        said
    })
}

#[test]
fn algorithms_of_assertions_count_where_something_is_signed() {
    let post = json!({"token_endpoint_auth_method": "client_secret_post", "token_endpoint_auth_signing_alg": "XYZ"});
    assert_eq!(register(&policy(), &app(post)).unwrap().proof.assertion_alg, None);
    let keys = json!({"keys": [SigningKey::generate(SigningAlg::ES256).unwrap().public().jwk().to_json("k1")]});
    let signed = |alg: &str| {
        app(
            json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": keys, "token_endpoint_auth_signing_alg": alg}),
        )
    };
    assert_eq!(register(&policy(), &signed("ES256")).unwrap().proof.assertion_alg, Some(JwsAlg::ES256));
    assert!(register(&policy(), &signed("HS256")).is_err() && register(&policy(), &signed("XYZ")).is_err());
}
