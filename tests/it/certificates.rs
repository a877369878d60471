//! Apps that prove themselves by the certificate of their connection, and tokens that are bound to one (RFC 8705).

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use app::operate::ClientRefusal;
use app::{Certificates, Problem};
use oauth::certificate::{Authorities, CertificateName};
use oauth::client::{Client, ClientAuthMethod, ClientKeys, Profile, ProofRules};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use testkit::browser::Reply;
use testkit::certificate::{Authority, Certificate, FOR_SERVERS, HEADER, PROXY, described, outlived};
use testkit::client_key::ClientKey;
use testkit::house::{House, Plan};
use testkit::people::{App, CALLBACK, VERIFIER, claims, jane, template};
use testkit::publisher::Publisher;
use testkit::{planned, stories};

const SELF: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("client_id", "shop")];
const TOKEN: &str = "/oauth/token";

/// The authority that the house trusts.
fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(Authority::new)
}

pub(crate) fn reads_certificates(plan: &mut Plan) {
    let authorities = Some(Arc::new(Authorities::from_pem(&authority().pem).unwrap()));
    let origin = Some("https://mtls.acme.test".parse().unwrap());
    plan.settings.certificates = Some(Certificates { authorities, origin });
    plan.trusted_proxies = vec!["10.0.0.0/8"];
    plan.certificate_header = Some(HEADER);
}

fn named(name: CertificateName) -> Client {
    let proof = ProofRules { certificate_name: Some(name), ..ProofRules::default() };
    Client { first_party: true, proof, ..template("shop", ClientAuthMethod::TlsClientAuth) }
}

fn by_subject() -> Client {
    named(CertificateName::SubjectDn("CN=shop,O=Acme".into()))
}

fn self_signed(keys: ClientKeys) -> Client {
    Client { first_party: true, keys, ..template("shop", ClientAuthMethod::SelfSignedTlsClientAuth) }
}

fn bound(client: Client) -> Client {
    let proof = ProofRules { certificate_bound: true, ..client.proof };
    Client { proof, ..client }
}

fn refused(reply: &Reply) -> String {
    assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    reply.json()["error_description"].as_str().unwrap().to_owned()
}

async fn redeem(house: &House, certificate: &Certificate, code: &str) -> Reply {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "shop"),
    ];
    certificate.call(house, TOKEN, &form).await
}

async fn refresh(house: &House, certificate: &Certificate, token: &Value) -> Reply {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap()), ("client_id", "shop")];
    certificate.call(house, TOKEN, &form).await
}

/// Asks a resource by a connection with that certificate, or with none.
async fn show(house: &House, path: &str, token: &str, certificate: Option<&Certificate>) -> Reply {
    let request = TestRequest::get().uri(path).insert_header(("authorization", format!("Bearer {token}")));
    match certificate {
        Some(certificate) => house.call(certificate.through(request)).await,
        None => house.call(request.peer_addr(PROXY.parse().unwrap())).await,
    }
}

planned! {
    /// RFC 8705 §2.1: by the subject, or by one of the alternative names.
    async fn an_app_is_known_by_the_name_that_an_authority_vouches_for(house: House, plan) { reads_certificates(&mut plan); } {
        let certificate = authority().vouches_for(&described("shop"));
        App::add(&house, by_subject()).await;
        assert_eq!(certificate.call(&house, TOKEN, &SELF).await.status, StatusCode::OK);
        let dns = Client { client_id: "dns".into(), ..named(CertificateName::SanDns("shop.acme.test".into())) };
        let uri = Client { client_id: "uri".into(), ..named(CertificateName::SanUri("urn:acme:shop".into())) };
        for client in [dns, uri] {
            let app = App::add(&house, client).await;
            assert_eq!(app.secret, None);
            let form = [SELF[0], ("client_id", app.client_id.as_str())];
            assert_eq!(certificate.call(&house, TOKEN, &form).await.status, StatusCode::OK, "{}", app.client_id);
            let other = authority().vouches_for(&described("other"));
            refused(&other.call(&house, TOKEN, &form).await);
        }
    }

    async fn every_other_certificate_gets_one_sentence(house: House, plan) { reads_certificates(&mut plan); } {
        App::add(&house, by_subject()).await;
        let good = authority().vouches_for(&described("shop"));
        let mut for_servers = described("shop");
        for_servers.extended_key_usages = vec![FOR_SERVERS];
        let sentence = refused(&Certificate::own("shop").call(&house, TOKEN, &SELF).await);
        for certificate in [
            Authority::new().vouches_for(&described("shop")),
            authority().vouches_for(&described("Shop")),
            authority().vouches_for(&outlived("shop")),
            authority().vouches_for(&for_servers),
        ] {
            assert_eq!(refused(&certificate.call(&house, TOKEN, &SELF).await), sentence);
        }
        let post = || TestRequest::with_uri(TOKEN).method(Method::POST).set_form(SELF);
        let by_proxy = || post().peer_addr(PROXY.parse().unwrap());
        assert_eq!(refused(&house.call(by_proxy()).await), sentence, "none at all");
        assert_eq!(refused(&house.call(by_proxy().insert_header((HEADER, ":AAAA:"))).await), sentence);
        let twice = by_proxy().append_header((HEADER, good.header())).append_header((HEADER, good.header()));
        assert_eq!(refused(&house.call(twice).await), sentence);
        let with_secret = by_proxy().insert_header((HEADER, good.header())).insert_header(("authorization", "Basic c2hvcDp4"));
        assert_eq!(refused(&house.call(with_secret).await), sentence);
        let other = [SELF[0], ("client_id", "nobody")];
        assert_eq!(refused(&good.call(&house, TOKEN, &other).await), sentence);
        let by_nginx = by_proxy().insert_header((HEADER, good.escaped_pem()));
        assert_eq!(house.call(by_nginx).await.status, StatusCode::OK);
        let mut client = house.here().client("shop").await.unwrap().unwrap();
        client.disabled_at = Some(house.clock.now());
        house.here().save_client(client).await.unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(refused(&good.call(&house, TOKEN, &SELF).await), sentence);
    }

    /// Whoever reaches the server past its proxy can write any header.
    async fn only_a_trusted_proxy_is_believed(house: House, plan) { reads_certificates(&mut plan); } {
        App::add(&house, by_subject()).await;
        let good = authority().vouches_for(&described("shop"));
        for peer in ["203.0.113.7:40000", "127.0.0.1:40000", "[::1]:40000"] {
            let request = TestRequest::with_uri(TOKEN).method(Method::POST).set_form(SELF);
            let request = request.peer_addr(peer.parse().unwrap()).insert_header((HEADER, good.header()));
            refused(&house.call(request.insert_header(("x-forwarded-for", "10.0.0.1"))).await);
        }
        let request = TestRequest::with_uri(TOKEN).method(Method::POST).set_form(SELF);
        let request = request.peer_addr("[::ffff:10.0.0.9]:1".parse().unwrap()).insert_header((HEADER, good.header()));
        assert_eq!(house.call(request).await.status, StatusCode::OK);
    }

    /// RFC 8705 §2.2.
    async fn an_app_is_known_by_the_certificate_that_it_registered(house: House, plan) { reads_certificates(&mut plan); } {
        let (own, other) = (Certificate::own("shop"), Certificate::own("shop"));
        App::add(&house, self_signed(ClientKeys { jwks: Some(own.jwks()), jwks_uri: None })).await;
        assert_eq!(own.call(&house, TOKEN, &SELF).await.status, StatusCode::OK);
        refused(&other.call(&house, TOKEN, &SELF).await);
        refused(&authority().vouches_for(&described("shop")).call(&house, TOKEN, &SELF).await);
    }

    /// RFC 8705 §3.
    async fn a_token_that_is_bound_to_a_certificate_needs_its_connection(house: House, plan) { reads_certificates(&mut plan); } {
        let (own, thief) = (authority().vouches_for(&described("shop")), Certificate::own("thief"));
        let mut client = bound(by_subject());
        client.scope = "openid profile notices offline_access".parse().unwrap();
        let app = App::add(&house, client).await;
        let api = Client { resource_server: true, ..template("api", ClientAuthMethod::SecretBasic) };
        let api = App::add(&house, api).await;
        let mut browser = jane(&house).await;
        let reply = browser.open(&app.request(&[("scope", "openid profile notices offline_access")])).await;
        let tokens = redeem(&house, &own, &reply.parameter("code").unwrap()).await.json();
        assert_eq!(tokens["token_type"], "Bearer", "RFC 8705 section 3: no type of its own");
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["cnf"], json!({ "x5t#S256": own.thumbprint() }));
        let told = api.call(&house, "/oauth/introspect", &[("token", token)]).await.json();
        assert_eq!((&told["active"], &told["cnf"]), (&json!(true), &json!({ "x5t#S256": own.thumbprint() })));
        for path in ["/oauth/userinfo", "/account/api/preferences"] {
            assert_eq!(show(&house, path, token, Some(&own)).await.status, StatusCode::OK, "{path}");
            for shown in [None, Some(&thief)] {
                let stolen = show(&house, path, token, shown).await;
                assert_eq!(stolen.status, StatusCode::UNAUTHORIZED, "{path}");
                assert!(stolen.header("www-authenticate").contains("invalid_token"), "{path}");
            }
        }
        let request = TestRequest::get().uri("/oauth/userinfo").insert_header(("authorization", format!("Bearer {token}")));
        let forged = request.insert_header((HEADER, own.header())).peer_addr("203.0.113.7:1".parse().unwrap());
        assert_eq!(house.call(forged).await.status, StatusCode::UNAUTHORIZED);
    }

    /// RFC 8705 §4: a public client has nothing but its certificate; one that is known by its name may renew its own.
    async fn a_refresh_token_needs_the_certificate_that_it_began_with(house: House, plan) { reads_certificates(&mut plan); } {
        let (own, other) = (Certificate::own("shop"), Certificate::own("shop"));
        let app = App::add(&house, bound(Client { first_party: true, ..template("shop", ClientAuthMethod::None) })).await;
        let mut browser = jane(&house).await;
        let code = app.code(&mut browser).await;
        let first = redeem(&house, &own, &code).await.json();
        let reply = refresh(&house, &other, &first["refresh_token"]).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
        let second = refresh(&house, &own, &first["refresh_token"]).await.json();
        assert_eq!(claims(second["access_token"].as_str().unwrap())["cnf"]["x5t#S256"], own.thumbprint());

        let (old, new) = (authority().vouches_for(&described("bank")), authority().vouches_for(&described("bank")));
        let client = named(CertificateName::SubjectDn("CN=bank,O=Acme".into()));
        let bank = App::add(&house, bound(Client { client_id: "bank".into(), ..client })).await;
        let code = bank.code(&mut browser).await;
        let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER), ("client_id", "bank")];
        let first = old.call(&house, TOKEN, &form).await.json();
        let form = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap()), ("client_id", "bank")];
        let second = new.call(&house, TOKEN, &form).await.json();
        assert_eq!(claims(second["access_token"].as_str().unwrap())["cnf"]["x5t#S256"], new.thumbprint());
    }

    async fn an_app_whose_tokens_are_bound_gets_none_without_a_certificate(house: House, plan) { reads_certificates(&mut plan); } {
        let app = App::add(&house, bound(template("shop", ClientAuthMethod::SecretPost))).await;
        let secret = app.secret.clone().unwrap();
        let form = [SELF[0], SELF[1], ("client_secret", secret.as_str())];
        let reply = app.call(&house, TOKEN, &form[..1]).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        let request = TestRequest::with_uri(TOKEN).method(Method::POST).set_form(form);
        let reply = house.call(request).await;
        assert_eq!((reply.status, &reply.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_request")));
        let own = Certificate::own("anything");
        let tokens = own.call(&house, TOKEN, &form).await.json();
        assert_eq!(claims(tokens["access_token"].as_str().unwrap())["cnf"]["x5t#S256"], own.thumbprint());
    }

    /// FAPI 2.0 Security Profile §5.3.2.1: a certificate will do for both, who it is and what its tokens are bound to.
    async fn a_fapi_client_may_do_all_by_its_certificate(house: House, plan) { reads_certificates(&mut plan); } {
        let own = authority().vouches_for(&described("shop"));
        let app = App::add(&house, Client { profile: Profile::Fapi2, ..by_subject() }).await;
        let mut browser = jane(&house).await;
        let query = app.request(&[]);
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(query.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let push = TestRequest::with_uri("/oauth/par").method(Method::POST).set_form(&form);
        refused(&house.call(push).await);
        let push = own.through(TestRequest::with_uri("/oauth/par").method(Method::POST).set_form(&form));
        let pushed = house.call(push).await;
        assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", "shop").append_pair("request_uri", pushed.json()["request_uri"].as_str().unwrap());
        let code = browser.open(&format!("/oauth/authorize?{}", query.finish())).await.parameter("code").unwrap();
        let tokens = redeem(&house, &own, &code).await.json();
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["cnf"], json!({ "x5t#S256": own.thumbprint() }));
        assert_eq!(show(&house, "/oauth/userinfo", token, None).await.status, StatusCode::UNAUTHORIZED);
        let again = refresh(&house, &own, &tokens["refresh_token"]).await.json();
        assert_eq!(again["refresh_token"], tokens["refresh_token"], "no rotation");
    }

    /// RFC 8705 §5: pages stay where browsers know them.
    async fn the_address_for_certificates_answers_apps_alone(house: House, plan) { reads_certificates(&mut plan); } {
        App::add(&house, by_subject()).await;
        let metadata = house.call(TestRequest::get().uri("/.well-known/openid-configuration")).await.json();
        let aliases = &metadata["mtls_endpoint_aliases"];
        assert_eq!(aliases["token_endpoint"], "https://mtls.acme.test/oauth/token");
        assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], true);
        let methods = metadata["token_endpoint_auth_methods_supported"].as_array().unwrap();
        assert!(methods.contains(&json!("tls_client_auth")) && methods.contains(&json!("self_signed_tls_client_auth")));
        let own = authority().vouches_for(&described("shop"));
        let key = ClientKey::new("k");
        let here = |path| own.through(TestRequest::with_uri(path)).insert_header(("host", "mtls.acme.test"));
        let request = here(TOKEN).method(Method::POST).set_form(SELF);
        let proof = key.proof(&house, ("POST", TOKEN), &json!({ "htu": aliases["token_endpoint"] }));
        let reply = house.call_as_is(request.insert_header(("dpop", proof))).await;
        assert_eq!((reply.status, &reply.json()["token_type"]), (StatusCode::OK, &json!("DPoP")), "{}", reply.body);
        let request = here(TOKEN).method(Method::POST).set_form(SELF);
        let proof = key.proof(&house, ("POST", TOKEN), &json!({}));
        let reply = house.call_as_is(request.insert_header(("dpop", proof))).await;
        assert_eq!(reply.json()["error"], "invalid_dpop_proof", "a proof names the address that was called");
        for path in ["/login", "/account", "/oauth/authorize", "/.well-known/openid-configuration"] {
            assert_eq!(house.call_as_is(here(path)).await.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        }
        let stranger = TestRequest::with_uri(TOKEN).method(Method::POST).insert_header(("host", "other.acme.test"));
        assert_eq!(house.call_as_is(stranger.set_form(SELF)).await.status, StatusCode::MISDIRECTED_REQUEST);
    }
}

stories! {
    /// A certificate that is published anew is known at once, as a key is.
    async fn a_published_certificate_is_fetched_again_for_an_unknown_one(db: Db) {
        let (old, new) = (Certificate::own("old"), Certificate::own("new"));
        let publisher = Publisher::start(&old.jwks()).await;
        let mut plan = Plan::default();
        reads_certificates(&mut plan);
        plan.outbound.trusted_origins.push(publisher.origin().parse().unwrap());
        let house = House::build(db, plan).await;
        App::add(&house, self_signed(ClientKeys { jwks: None, jwks_uri: Some(publisher.address()) })).await;
        assert_eq!(old.call(&house, TOKEN, &SELF).await.status, StatusCode::OK);
        publisher.publishes(&new.jwks());
        house.clock.advance(Duration::from_secs(10));
        assert_eq!(new.call(&house, TOKEN, &SELF).await.status, StatusCode::OK);
        refused(&old.call(&house, TOKEN, &SELF).await);
    }

    async fn where_no_certificate_is_read_nothing_is_promised(db: Db) {
        let house = House::open(db).await;
        let metadata = house.call(TestRequest::get().uri("/.well-known/openid-configuration")).await.json();
        assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], false);
        assert!(metadata.get("mtls_endpoint_aliases").is_none());
        assert!(!metadata["token_endpoint_auth_methods_supported"].to_string().contains("tls"));
        for client in [by_subject(), bound(template("shop", ClientAuthMethod::SecretBasic))] {
            match house.here().add_client(client).await {
                Err(Problem::Refusal(ClientRefusal::Invalid(why))) => assert!(why.contains("[mtls]"), "{why}"),
                other => panic!("{:?}", other.map(|_| ())),
            }
        }
        let mut plan = Plan::default();
        plan.settings.certificates = Some(Certificates::default());
        let house = House::build(db, plan).await;
        match house.here().add_client(by_subject()).await {
            Err(Problem::Refusal(ClientRefusal::Invalid(why))) => assert!(why.contains("mtls.ca_file"), "{why}"),
            other => panic!("{:?}", other.map(|_| ())),
        }
    }
}
