//! The client against servers of its own: what reaches them, and what does not.

use crate::connect::Lookup;
use crate::{Outbound, OutboundError, Purpose, Refusal, Request, Response, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What a server does once it has read a request.
#[derive(Clone)]
enum Behaviour {
    /// Answers with these bytes and keeps the connection.
    Answer(String),
    /// Sends a head, then one byte of body every 50 ms, for ever.
    Drip,
    /// Sends a head without a length, then body for ever.
    Flood,
    /// Closes without an answer.
    HangUp,
    /// Never answers.
    Silence,
    /// Speaks HTTP/2, and answers each request after a moment.
    Http2,
}

struct Server {
    address: SocketAddr,
    ca: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(behaviour: Behaviour) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = vec!["push.test".to_owned(), "localhost".to_owned(), "127.0.0.1".to_owned()];
        let leaf = CertificateParams::new(names).unwrap().signed_by(&key, &ca).unwrap();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], private)
            .unwrap();
        let mut config = config;
        if matches!(behaviour, Behaviour::Http2) {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (count, seen) = (connections.clone(), requests.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, acceptor.clone(), behaviour.clone(), seen.clone()));
            }
        });
        Self { address, ca: ca.pem(), connections, requests }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    fn origin(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// A client that trusts this server, and gives up after half a second.
    fn client(&self) -> Outbound {
        let settings = Settings {
            trusted_origins: vec![self.origin().parse().unwrap()],
            extra_ca_pem: vec![self.ca.clone()],
            timeout: Duration::from_millis(500),
            max_body: 1_000,
            ..Settings::default()
        };
        Outbound::new(settings).unwrap()
    }

    async fn get(&self, purpose: Purpose) -> Result<Response, OutboundError> {
        self.client().send(Request::get(url(&self.origin()), purpose)).await
    }
}

async fn serve(stream: TcpStream, tls: TlsAcceptor, behaviour: Behaviour, seen: Arc<Mutex<Vec<String>>>) {
    let Ok(mut stream) = tls.accept(stream).await else { return };
    if matches!(behaviour, Behaviour::Http2) {
        return serve_http2(stream, seen).await;
    }
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        head.push(byte);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        seen.lock().unwrap().push(String::from_utf8(std::mem::take(&mut head)).unwrap());
        let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        match &behaviour {
            Behaviour::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Behaviour::HangUp | Behaviour::Http2 => return,
            Behaviour::Silence => tokio::time::sleep(Duration::from_secs(60)).await,
            Behaviour::Drip => {
                stream.write_all(endless.as_bytes()).await.unwrap();
                while stream.write_all(b"1\r\nx\r\n").await.is_ok() && stream.flush().await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                return;
            }
            Behaviour::Flood => {
                stream.write_all(endless.as_bytes()).await.unwrap();
                let chunk = format!("400\r\n{}\r\n", "x".repeat(0x400));
                while stream.write_all(chunk.as_bytes()).await.is_ok() {}
                return;
            }
        }
        if stream.flush().await.is_err() {
            return;
        }
    }
}

async fn serve_http2(stream: tokio_rustls::server::TlsStream<TcpStream>, seen: Arc<Mutex<Vec<String>>>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        seen.lock().unwrap().push(format!("{} {:?}", request.uri(), request.version()));
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let mut body = respond.send_response(http::Response::new(()), false).unwrap();
            body.send_data("hello".into(), true).unwrap();
        });
    }
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn answer(status: &str, headers: &str, body: &str) -> Behaviour {
    Behaviour::Answer(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
}

/// A resolver that gives one list after the other, and the last one for ever.
fn answers(lists: Vec<Vec<IpAddr>>) -> Lookup {
    let asked = Arc::new(AtomicUsize::new(0));
    Arc::new(move |_| {
        let turn = asked.fetch_add(1, Ordering::SeqCst).min(lists.len() - 1);
        let list = lists[turn].clone();
        Box::pin(async move { Ok(list) })
    })
}

fn refused_address<T: std::fmt::Debug>(outcome: Result<T, OutboundError>) -> bool {
    matches!(outcome, Err(OutboundError::Refused(Refusal::Address(_))))
}

#[tokio::test]
async fn an_answer_comes_back_as_it_was_given() {
    let server = Server::start(answer("201 Created", "location: /m/1\r\n", "hello")).await;
    let got = server.get(Purpose::Push).await.unwrap();
    assert_eq!((got.status.as_u16(), &got.body[..]), (201, &b"hello"[..]));
    assert_eq!(got.headers["location"], "/m/1");
    assert!(server.requests()[0].contains("user-agent: Watchbell\r\n"));
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::start(answer("200 OK", "", "ok")).await;
    let client = server.client();
    for _ in 0..5 {
        client.send(Request::get(url(&server.origin()), Purpose::Push)).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(server.requests().len(), 5);
    assert!(server.connections() < 5, "{} connections", server.connections());
}

#[tokio::test]
async fn over_http2_many_requests_share_one_connection() {
    let server = Server::start(Behaviour::Http2).await;
    let client = server.client();
    let send = || client.send(Request::post(url(&server.origin()), Purpose::Push, "x"));
    assert_eq!(&send().await.unwrap().body[..], b"hello");
    let answers = futures_util::future::join_all((0..50).map(|_| send())).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((server.requests().len(), server.connections()), (51, 1));
    assert!(server.requests()[0].ends_with("HTTP/2.0"));
}

#[tokio::test]
async fn no_packet_reaches_this_machine_unless_it_is_trusted() {
    let server = Server::start(answer("200 OK", "", "inside")).await;
    let port = server.address.port();
    let strict = Outbound::new(Settings { extra_ca_pem: vec![server.ca.clone()], ..Settings::default() }).unwrap();
    for host in ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let there = url(&format!("https://{host}:{port}/"));
        assert!(refused_address(strict.send(Request::get(there, Purpose::Webhook)).await), "{host}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_connecting() {
    let server = Server::start(answer("200 OK", "", "inside")).await;
    let there = || Request::get(url(&format!("https://push.test:{}/", server.address.port())), Purpose::Webhook);
    let public: IpAddr = "8.8.8.8".parse().unwrap();
    for list in [vec![LOOPBACK], vec![public, LOOPBACK], vec!["::1".parse().unwrap()]] {
        let settings = Settings { extra_ca_pem: vec![server.ca.clone()], ..Settings::default() };
        let client = Outbound::with_lookup(settings, answers(vec![list])).unwrap();
        assert!(refused_address(client.send(there()).await));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_each_time() {
    let server = Server::start(answer("200 OK", "", "inside")).await;
    let settings = Settings::default();
    // Nothing at first, then this machine.
    let lists = vec![vec![], vec![LOOPBACK]];
    let client = Outbound::with_lookup(settings, answers(lists)).unwrap();
    let there = url(&format!("https://push.test:{}/", server.address.port()));
    assert!(!refused_address(client.send(Request::get(there.clone(), Purpose::Webhook)).await));
    assert!(refused_address(client.send(Request::get(there, Purpose::Webhook)).await));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let canary = Server::start(answer("200 OK", "", "inside")).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let server = Server::start(answer(status, &format!("location: {}/\r\n", canary.origin()), "")).await;
        let got = server.get(Purpose::ClientMetadata).await.unwrap();
        assert!(got.status.is_redirection());
    }
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn a_body_over_the_limit_is_an_error_whether_declared_or_not() {
    let long = answer("200 OK", "", &"x".repeat(1_001));
    let lying = Behaviour::Answer("HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\nx".to_owned());
    for behaviour in [long, lying, Behaviour::Flood] {
        let server = Server::start(behaviour).await;
        assert_eq!(server.get(Purpose::ClientMetadata).await.unwrap_err(), OutboundError::TooLarge { limit: 1_000 });
    }
    let server = Server::start(answer("200 OK", "", &"x".repeat(1_000))).await;
    assert_eq!(server.get(Purpose::ClientMetadata).await.unwrap().body.len(), 1_000);
}

#[tokio::test]
async fn of_a_push_services_long_answer_the_rest_is_left_unread() {
    let server = Server::start(Behaviour::Flood).await;
    let got = server.get(Purpose::Push).await.unwrap();
    assert_eq!((got.status.as_u16(), got.body.len()), (200, 4 * 1024));
}

#[tokio::test]
async fn a_body_is_not_unpacked() {
    let server = Server::start(answer("200 OK", "content-encoding: gzip\r\n", "not really packed")).await;
    assert_eq!(&server.get(Purpose::ClientMetadata).await.unwrap().body[..], b"not really packed");
    assert!(!server.requests()[0].to_lowercase().contains("accept-encoding"));
}

#[tokio::test]
async fn a_slow_or_silent_peer_is_given_up() {
    for behaviour in [Behaviour::Drip, Behaviour::Silence] {
        let server = Server::start(behaviour).await;
        let client = server.client();
        let start = Instant::now();
        let outcome = client.send(Request::get(url(&server.origin()), Purpose::ClientMetadata)).await;
        assert_eq!(outcome.unwrap_err(), OutboundError::Timeout);
        assert!(start.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn what_breaks_is_not_reached() {
    let server = Server::start(Behaviour::HangUp).await;
    assert!(matches!(server.get(Purpose::Push).await, Err(OutboundError::Unreachable(_))));
    let port = {
        let gone = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
        gone.local_addr().unwrap().port()
    };
    let origin = format!("https://localhost:{port}");
    let settings = Settings { trusted_origins: vec![origin.parse().unwrap()], ..Settings::default() };
    let outcome = Outbound::new(settings).unwrap().send(Request::get(url(&origin), Purpose::Push)).await;
    assert!(matches!(outcome, Err(OutboundError::Unreachable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_not_accepted() {
    let server = Server::start(answer("200 OK", "", "ok")).await;
    let settings = Settings { trusted_origins: vec![server.origin().parse().unwrap()], ..Settings::default() };
    let outcome = Outbound::new(settings).unwrap().send(Request::get(url(&server.origin()), Purpose::Push)).await;
    let Err(OutboundError::Unreachable(words)) = outcome else { panic!("{outcome:?}") };
    assert!(words.to_lowercase().contains("certificate"), "{words}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_operator_can_send_connections_elsewhere() {
    let server = Server::start(answer("201 Created", "", "")).await;
    let settings = Settings {
        extra_ca_pem: vec![server.ca.clone()],
        connect_to: vec![format!("push.test:443=127.0.0.1:{}", server.address.port()).parse().unwrap()],
        ..Settings::default()
    };
    let never: Lookup = Arc::new(|name| Box::pin(async move { panic!("{name} was looked up") }));
    let client = Outbound::with_lookup(settings, never).unwrap();
    let got = client.send(Request::post(url("https://push.test/p/1"), Purpose::Push, "body")).await.unwrap();
    assert_eq!(got.status, 201);
    assert!(server.requests()[0].starts_with("POST /p/1 HTTP/1.1\r\n"));
    assert!(server.requests()[0].contains("host: push.test\r\n"));
}
