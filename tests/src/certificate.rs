//! Certificates of apps, and the authorities that make them.

use crate::browser::Reply;
use crate::house::House;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType};
use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A proxy in front of the house, of its trusted networks.
pub const PROXY: &str = "10.0.0.1:40000";
/// The header in which it tells of a certificate.
pub const HEADER: &str = "client-cert";

/// A certificate.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: Vec<u8>,
    jwk: Value,
}

/// What a certificate says: `CN=name,O=Acme`, and one DNS name.
pub fn described(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![format!("{name}.acme.test")]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Acme");
    params.distinguished_name.push(DnType::CommonName, name);
    params.subject_alt_names.push(SanType::URI(format!("urn:acme:{name}").as_str().try_into().unwrap()));
    params
}

/// An authority.
pub struct Authority {
    /// Its own certificate.
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// Vouches for somebody.
    pub fn vouches_for(&self, params: &CertificateParams) -> Certificate {
        let key = KeyPair::generate().unwrap();
        Certificate::of(params.signed_by(&key, &self.issuer).unwrap().der(), &key)
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Certificate {
    /// One that its owner made.
    pub fn own(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self::of(described(name).self_signed(&key).unwrap().der(), &key)
    }

    fn of(der: &[u8], key: &KeyPair) -> Self {
        // SEC 1 §2.3.3: a byte 4, then both coordinates.
        let (x, y) = key.public_key_raw()[1..].split_at(32);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = key.serialize_der();
        Self { der: der.to_vec(), key, jwk: json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) }) }
    }

    /// As RFC 9440 has it in a header.
    pub fn header(&self) -> String {
        format!(":{}:", STANDARD.encode(&self.der))
    }

    /// As nginx has it there.
    pub fn escaped_pem(&self) -> String {
        let body = STANDARD.encode(&self.der).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        format!("-----BEGIN%20CERTIFICATE-----%0A{body}%0A-----END%20CERTIFICATE-----%0A")
    }

    /// The certificate and its private key (PKCS #8), as TLS takes them.
    pub fn for_tls(&self) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        (self.der.clone().into(), PrivatePkcs8KeyDer::from(self.key.clone()).into())
    }

    /// The same as files of PEM.
    pub fn as_files(&self) -> (String, String) {
        let file = |kind: &str, bytes: &[u8]| {
            format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(bytes))
        };
        (file("CERTIFICATE", &self.der), file("PRIVATE KEY", &self.key))
    }

    /// What tokens are bound to.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.der))
    }

    /// A JWK set with its key, and the certificate beside it.
    pub fn jwks(&self) -> Value {
        let mut jwk = self.jwk.clone();
        jwk["x5c"] = json!([STANDARD.encode(&self.der)]);
        json!({ "keys": [jwk] })
    }

    /// The request as a proxy passes it on.
    pub fn through(&self, request: TestRequest) -> TestRequest {
        request.peer_addr(PROXY.parse().unwrap()).insert_header((HEADER, self.header()))
    }

    /// Calls an endpoint by a connection with this certificate.
    pub async fn call(&self, house: &House, path: &str, form: &[(&str, &str)]) -> Reply {
        house.call(self.through(TestRequest::with_uri(path).method(Method::POST).set_form(form))).await
    }
}

/// For a certificate that is for servers alone.
pub const FOR_SERVERS: ExtendedKeyUsagePurpose = ExtendedKeyUsagePurpose::ServerAuth;

/// A certificate that ended on the first day of 2026.
pub fn outlived(name: &str) -> CertificateParams {
    let mut params = described(name);
    params.not_after = rcgen::date_time_ymd(2026, 1, 1);
    params
}
