use super::*;
use crate::client::tests::public;
use crate::client::{Client, ClientAuthMethod, ClientKeys, ProofRules};
use crate::client_auth::{Known, Presented, authenticate_by_certificate};
use base::Timestamp;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// In the days in which rcgen's certificates are valid, which is always.
const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// RFC 9440 appendix A, figure 1 and 4.
const RFC_9440_HEADER: &str = ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:";

/// RFC 8705 appendix A: the certificate and its thumbprint.
const RFC_8705_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
-----END CERTIFICATE-----";
const RFC_8705_THUMBPRINT: &str = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

struct Issued {
    pem: String,
    certificate: ClientCertificate,
    jwk: Value,
}

fn issued(certificate: &Certificate) -> Issued {
    let read = ClientCertificate::from_der(certificate.der().to_vec()).unwrap();
    let jwk = read.public_jwk().unwrap().to_json("k");
    Issued { pem: certificate.pem(), certificate: read, jwk }
}

fn own(name: &str) -> Issued {
    let key = KeyPair::generate().unwrap();
    issued(&described(name).self_signed(&key).unwrap())
}

fn described(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "DE");
    params.distinguished_name.push(DnType::OrganizationName, "Acme, Inc.");
    params.distinguished_name.push(DnType::CommonName, name);
    params.subject_alt_names = vec![
        SanType::DnsName("shop.acme.test".try_into().unwrap()),
        SanType::URI("https://shop.acme.test/id".try_into().unwrap()),
        SanType::IpAddress("192.0.2.7".parse().unwrap()),
        SanType::IpAddress("2001:db8::7".parse().unwrap()),
        SanType::Rfc822Name("shop@acme.test".try_into().unwrap()),
    ];
    params
}

/// An authority, and what it vouches for.
struct House {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl House {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    fn vouches_for(&self, params: &CertificateParams) -> Issued {
        let key = KeyPair::generate().unwrap();
        issued(&params.signed_by(&key, &self.issuer).unwrap())
    }
}

#[test]
fn the_example_of_the_standard_has_its_thumbprint() {
    let certificate = ClientCertificate::from_header(RFC_8705_CERTIFICATE.as_bytes()).unwrap();
    assert_eq!(certificate.thumbprint(), RFC_8705_THUMBPRINT);
    // Its key, as figure 5 has it.
    let jwk = certificate.public_jwk().unwrap().to_json("k");
    assert_eq!(jwk["x"], "1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q");
    assert_eq!(jwk["y"], "8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8");
    let mut registered = jwk.clone();
    registered["x5c"] = json!([STANDARD.encode(&certificate.der)]);
    let keys = ClientKeySet::of(&json!({ "keys": [registered] })).unwrap();
    assert!(certificate.is_among(&keys));
    assert!(certificate.is_among(&ClientKeySet::of(&json!({ "keys": [jwk] })).unwrap()), "by its key alone");
}

#[test]
fn a_proxy_tells_of_it_by_either_form() {
    let found = ClientCertificate::from_header(RFC_9440_HEADER.as_bytes()).unwrap();
    assert!(found.has_name(&CertificateName::SanEmail("bdc@example.com".into())));
    assert!(found.has_name(&CertificateName::SubjectDn("CN=BC".into())));
    let escaped = RFC_8705_CERTIFICATE.replace(' ', "%20").replace('\n', "%0A").replace('+', "%2B");
    assert_eq!(ClientCertificate::from_header(escaped.as_bytes()).unwrap().thumbprint(), RFC_8705_THUMBPRINT);
    let cut = RFC_9440_HEADER.replace("MIIBqDCC", "MIIBpzCC");
    for bad in ["", ":", "::", ":AAAA:", "(null)", "%", &RFC_9440_HEADER[..200], &cut, &"A".repeat(100_000)] {
        assert!(ClientCertificate::from_header(bad.as_bytes()).is_none(), "{bad}");
    }
    assert!(ClientCertificate::from_header(b"\xff\xfe").is_none());
}

#[test]
fn names_are_compared_whole() {
    let certificate = own("shop").certificate;
    let ip = |text: &str| CertificateName::SanIp(text.parse().unwrap());
    for right in [
        CertificateName::SubjectDn(r"CN=shop,O=Acme\, Inc.,C=DE".into()),
        CertificateName::SubjectDn(r"cn=shop, o=Acme\2C Inc., c=DE".into()),
        CertificateName::SubjectDn(r"2.5.4.3=shop,O=#0c0a41636d652c20496e632e,C=DE".into()),
        CertificateName::SanDns("SHOP.acme.test".into()),
        CertificateName::SanUri("https://shop.acme.test/id".into()),
        CertificateName::SanEmail("shop@acme.test".into()),
        ip("192.0.2.7"),
        ip("2001:db8:0::7"),
    ] {
        assert!(right.is_name() && certificate.has_name(&right), "{right:?}");
    }
    for wrong in [
        CertificateName::SubjectDn("CN=shop".into()),
        CertificateName::SubjectDn(r"C=DE,O=Acme\, Inc.,CN=shop".into()),
        CertificateName::SubjectDn(r"CN=Shop,O=Acme\, Inc.,C=DE".into()),
        CertificateName::SubjectDn(r"CN=shop+O=Acme\, Inc.,C=DE".into()),
        CertificateName::SubjectDn(r"CN=shop,O=Acme\, Inc.,C=DE,C=DE".into()),
        CertificateName::SanDns("acme.test".into()),
        CertificateName::SanUri("https://shop.acme.test/id/".into()),
        CertificateName::SanEmail("x@acme.test".into()),
        ip("192.0.2.8"),
        ip("::ffff:192.0.2.7"),
    ] {
        assert!(!certificate.has_name(&wrong), "{wrong:?}");
    }
}

#[test]
fn what_can_not_be_a_name_is_told() {
    for dn in ["", "shop", "CN=", "CN=a,", "CN=a\\", "X=a", "CN=#0c05ff", "CN=a\nb", r"CN=\zz", r"CN=\FF"] {
        assert!(!CertificateName::SubjectDn(dn.into()).is_name(), "{dn}");
    }
    assert!(!CertificateName::SanDns("*.acme.test".into()).is_name());
    assert!(!CertificateName::SanUri("shop".into()).is_name());
    assert!(!CertificateName::SanEmail("shop".into()).is_name());
}

#[test]
fn an_authority_vouches_for_its_own_in_their_time_and_for_their_use() {
    let (house, other) = (House::new(), House::new());
    let authorities = Authorities::from_pem(&house.pem).unwrap();
    let mut params = described("shop");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    assert_eq!(authorities.check(&house.vouches_for(&params).certificate, NOW), Ok(()));
    assert!(authorities.check(&other.vouches_for(&params).certificate, NOW).is_err());
    assert!(authorities.check(&own("shop").certificate, NOW).is_err(), "its own word alone");
    let mut servers = described("shop");
    servers.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert!(authorities.check(&house.vouches_for(&servers).certificate, NOW).is_err(), "for servers alone");
    params.not_after = rcgen::date_time_ymd(2026, 1, 1);
    assert!(authorities.check(&house.vouches_for(&params).certificate, NOW).is_err(), "too old");
    for bad in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(Authorities::from_pem(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_authority_may_stand_behind_another_that_comes_along() {
    let root = House::new();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "between");
    let between = params.signed_by(&key, &root.issuer).unwrap();
    let middle = House { pem: between.pem(), issuer: Issuer::new(params, key) };
    let leaf = middle.vouches_for(&described("shop")).certificate;
    let authorities = Authorities::from_pem(&root.pem).unwrap();
    assert!(authorities.check(&leaf, NOW).is_err());
    assert_eq!(authorities.check(&leaf.clone().with_chain(vec![between.der().to_vec()]), NOW), Ok(()));
    let both = Authorities::from_pem(&format!("{}{}", root.pem, middle.pem)).unwrap();
    assert_eq!(both.check(&leaf, NOW), Ok(()));
}

#[test]
fn a_registered_certificate_has_to_be_the_key_s_own() {
    let (one, other) = (own("shop"), own("shop"));
    let set = |jwk: &Value, certificate: &Issued| {
        let mut jwk = jwk.clone();
        jwk["x5c"] = json!([STANDARD.encode(&certificate.certificate.der)]);
        ClientKeySet::of(&json!({ "keys": [jwk] }))
    };
    let keys = set(&one.jwk, &one).unwrap();
    assert!(one.certificate.is_among(&keys) && !other.certificate.is_among(&keys));
    assert!(set(&one.jwk, &other).is_err());
    for broken in [json!("x"), json!([]), json!(["!!!"]), json!([1]), json!(["AAAA"])] {
        let mut jwk = one.jwk.clone();
        jwk["x5c"] = broken.clone();
        assert!(ClientKeySet::of(&json!({ "keys": [jwk] })).is_err(), "{broken}");
    }
}

#[test]
fn where_a_certificate_is_registered_another_of_the_same_key_is_not_it() {
    let key = KeyPair::generate().unwrap();
    let make = |name: &str| issued(&described(name).self_signed(&key).unwrap());
    let (first, second) = (make("first"), make("second"));
    let mut jwk = first.jwk.clone();
    let by_key = ClientKeySet::of(&json!({ "keys": [jwk.clone()] })).unwrap();
    assert!(first.certificate.is_among(&by_key) && second.certificate.is_among(&by_key));
    jwk["x5c"] = json!([STANDARD.encode(&first.certificate.der)]);
    let by_certificate = ClientKeySet::of(&json!({ "keys": [jwk] })).unwrap();
    assert!(first.certificate.is_among(&by_certificate) && !second.certificate.is_among(&by_certificate));
}

fn alone(id: &str) -> Presented {
    Presented::parse(None, &crate::Params::decode(format!("client_id={id}").as_bytes()).unwrap()).unwrap()
}

#[test]
fn a_client_is_let_in_by_its_certificate_alone() {
    let house = House::new();
    let authorities = Authorities::from_pem(&house.pem).unwrap();
    let known = Known::Authorities(Some(&authorities), NOW);
    let right = house.vouches_for(&described("shop")).certificate;
    let name = Some(CertificateName::SanDns("shop.acme.test".into()));
    let proof = ProofRules { certificate_name: name, ..ProofRules::default() };
    let client = Client { auth_method: ClientAuthMethod::TlsClientAuth, proof, ..public() };
    assert_eq!(client.validate(), Ok(()));
    let read: Client = serde_json::from_str(&serde_json::to_string(&client).unwrap()).unwrap();
    assert_eq!(read, client);
    let go = |client: &Client, presented: &Presented, certificate, known| {
        authenticate_by_certificate(&Arc::new(client.clone()), presented, certificate, known)
    };
    assert!(go(&client, &alone("app"), Some(&right), known).unwrap().is_some());
    let off = Client { disabled_at: Some(NOW), ..client.clone() };
    let mut other_name = described("shop");
    other_name.subject_alt_names.clear();
    let other_name = house.vouches_for(&other_name).certificate;
    let keys = ClientKeySet::default();
    let by_secret = Presented::parse(Some(b"Basic YXBwOng="), &crate::Params::default()).unwrap();
    for (client, presented, certificate, known) in [
        (&client, alone("app"), None, known),
        (&client, alone("other"), Some(&right), known),
        (&client, by_secret, Some(&right), known),
        (&client, alone("app"), Some(&own("shop").certificate), known),
        (&client, alone("app"), Some(&other_name), known),
        (&client, alone("app"), Some(&right), Known::Authorities(None, NOW)),
        (&client, alone("app"), Some(&right), Known::Keys(&keys)),
        (&off, alone("app"), Some(&right), known),
        (&public(), alone("app"), Some(&right), known),
    ] {
        let error = go(client, &presented, certificate, known).unwrap_err();
        assert_eq!(error.description(), crate::client_auth::unknown_client().description());
    }
}

#[test]
fn a_self_signed_one_is_let_in_by_what_it_registered() {
    let (one, other) = (own("shop"), own("shop"));
    let jwks = json!({ "keys": [one.jwk] });
    let keys = ClientKeys { jwks: Some(jwks.clone()), jwks_uri: None };
    let client = Client { auth_method: ClientAuthMethod::SelfSignedTlsClientAuth, keys, ..public() };
    assert_eq!(client.validate(), Ok(()));
    let set = ClientKeySet::of(&jwks).unwrap();
    let client = Arc::new(client);
    let go = |certificate| authenticate_by_certificate(&client, &alone("app"), Some(certificate), Known::Keys(&set));
    assert!(go(&one.certificate).unwrap().is_some());
    assert!(go(&other.certificate).unwrap().is_none(), "fresher keys may help");
    let house = Authorities::from_pem(&one.pem).unwrap();
    let by_authority = Known::Authorities(Some(&house), NOW);
    assert!(authenticate_by_certificate(&client, &alone("app"), Some(&one.certificate), by_authority).is_err());
}

#[test]
fn what_does_not_fit_together_is_not_registered() {
    let fault = |change: &dyn Fn(&mut Client)| {
        let mut client = public();
        change(&mut client);
        client.validate().unwrap_err().field
    };
    assert_eq!(fault(&|c| c.auth_method = ClientAuthMethod::TlsClientAuth), "tls_client_auth_subject_dn");
    assert_eq!(fault(&|c| c.auth_method = ClientAuthMethod::SelfSignedTlsClientAuth), "jwks");
    let name = |name: CertificateName| ProofRules { certificate_name: Some(name), ..ProofRules::default() };
    assert_eq!(fault(&|c| c.proof = name(CertificateName::SanDns("a.b".into()))), "tls_client_auth_subject_dn");
    let tls = |proof: ProofRules| {
        move |c: &mut Client| {
            c.auth_method = ClientAuthMethod::TlsClientAuth;
            c.proof = proof.clone();
        }
    };
    assert_eq!(fault(&tls(name(CertificateName::SubjectDn("shop".into())))), "tls_client_auth_subject_dn");
    assert_eq!(fault(&tls(name(CertificateName::SanDns("*.b".into())))), "tls_client_auth_san");
}
