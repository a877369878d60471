//! The listener that asks apps for certificates (RFC 8705), in the real program.

use serde_json::{Value, json};
use std::net::TcpListener;
use std::sync::Arc;
use testkit::binary::{Binary, command};
use testkit::certificate::{Authority, Certificate, described};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use url::form_urlencoded::Serializer;

/// An app's server, which calls by TLS.
struct Caller {
    port: u16,
    host: String,
    roots: Arc<RootCertStore>,
}

impl Caller {
    async fn send(&self, certificate: Option<&Certificate>, head: &str, body: &str) -> (u16, Value) {
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(Arc::clone(&self.roots));
        let config = match certificate.map(Certificate::for_tls) {
            Some((own, key)) => config.with_client_auth_cert(vec![own], key).unwrap(),
            None => config.with_no_client_auth(),
        };
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let name = ServerName::try_from("server.acme.test").unwrap();
        let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        let length = body.len();
        let request =
            format!("{head}\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}", self.host);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
    }

    async fn token(&self, certificate: Option<&Certificate>, client_id: &str) -> (u16, Value) {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials").append_pair("client_id", client_id);
        let head = "POST /oauth/token HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded";
        self.send(certificate, head, &form.finish()).await
    }
}

#[actix_web::test]
async fn our_own_listener_tells_apps_by_the_certificates_that_they_prove_to_hold() {
    let (machine, apps) = (Authority::new(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (own, key) = machine.vouches_for(&described("server")).as_files();
    let (own, key, ca) = (file("own.pem", &own), file("key.pem", &key), file("ca.pem", &apps.pem));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let settings = [
        ("WATCHBELL_MTLS__LISTEN", listen.as_str()),
        ("WATCHBELL_MTLS__CERTIFICATE_FILE", &own),
        ("WATCHBELL_MTLS__KEY_FILE", &key),
        ("WATCHBELL_MTLS__CA_FILE", &ca),
    ];
    let program = Binary::dev_with(&settings).await;
    let data = program.data().to_str().unwrap().to_owned();
    let add = |options: &[&str]| {
        let usual = [
            "client",
            "add",
            "--redirect-uri",
            "https://shop.acme.test/callback",
            "--certificate-bound",
            "--data",
            &data,
        ];
        let done = command(&[usual.as_slice(), options].concat()).envs(settings).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let own = Certificate::own("cron");
    let jwks = file("jwks.json", &own.jwks().to_string());
    add(&[
        "--name",
        "Shop",
        "--id",
        "shop",
        "--auth",
        "tls-client-auth",
        "--tls-client-auth-subject-dn",
        "CN=shop,O=Acme",
    ]);
    add(&["--name", "Cron", "--id", "cron", "--auth", "self-signed-tls-client-auth", "--jwks", &jwks]);

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(machine.pem.as_bytes()).unwrap()).unwrap();
    let host = program.url().strip_prefix("http://").unwrap().to_owned();
    let caller = Caller { port, host, roots: Arc::new(roots) };
    let shop = apps.vouches_for(&described("shop"));
    for (client_id, certificate) in [("shop", &shop), ("cron", &own)] {
        let (status, tokens) = caller.token(Some(certificate), client_id).await;
        assert_eq!(status, 200, "{tokens}");
        let claims = testkit::people::claims(tokens["access_token"].as_str().unwrap());
        assert_eq!(claims["cnf"], json!({ "x5t#S256": certificate.thumbprint() }));
    }
    let stranger = Certificate::own("shop");
    for (client_id, certificate) in [("shop", None), ("shop", Some(&stranger)), ("cron", Some(&shop)), ("cron", None)] {
        let (status, told) = caller.token(certificate, client_id).await;
        assert_eq!((status, &told["error"]), (401, &json!("invalid_client")));
    }
    let forged = format!(
        "POST /oauth/token HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\nclient-cert: {}",
        shop.header()
    );
    let (status, _) = caller.send(None, &forged, "grant_type=client_credentials&client_id=shop").await;
    assert_eq!(status, 401, "a header is nothing on a connection of our own");
    let (status, _) = caller.send(None, "GET /livez HTTP/1.1", "").await;
    assert_eq!(status, 200);
}
