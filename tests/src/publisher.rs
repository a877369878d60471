//! A web server of an app, which publishes one document and counts who asks for it.

use crate::house::Plan;
use crate::provider::certificate;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// The server. Clones are the same one.
#[derive(Clone)]
pub struct Publisher {
    origin: String,
    way: Option<(String, String)>,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<String>,
    asked: AtomicUsize,
}

impl Shared {
    async fn answer_one(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let _ = stream.read(&mut [0; 4096]).await;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.answer.lock().unwrap().clone();
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

impl Publisher {
    /// A server that publishes a document, on plain http.
    pub async fn start(document: &Value) -> Self {
        let (listener, port) = listen().await;
        let publisher = Self::new(format!("http://127.0.0.1:{port}"), document, None);
        let shared = Arc::clone(&publisher.shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.answer_one(stream).await;
            }
        });
        publisher
    }

    /// One that a house knows by a name, with a certificate for it: see [`Publisher::join`].
    pub async fn secure(host: &str, document: &Value) -> Self {
        let (listener, port) = listen().await;
        let (acceptor, ca_pem) = certificate(host);
        let order = format!("{host}:443=127.0.0.1:{port}");
        let publisher = Self::new(format!("https://{host}"), document, Some((order, ca_pem)));
        let shared = Arc::clone(&publisher.shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    shared.answer_one(stream).await;
                }
            }
        });
        publisher
    }

    fn new(origin: String, document: &Value, way: Option<(String, String)>) -> Self {
        let shared = Arc::new(Shared { answer: Mutex::new(String::new()), asked: AtomicUsize::new(0) });
        let publisher = Self { origin, way, shared };
        publisher.publishes(document);
        publisher
    }

    /// Has a house find the name, and trust the certificate.
    pub fn join(&self, plan: &mut Plan) {
        let (order, ca_pem) = self.way.as_ref().unwrap();
        plan.outbound.connect_to.push(order.parse().unwrap());
        plan.outbound.extra_ca_pem.push(ca_pem.clone());
    }

    /// Its origin, to be trusted by a house.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where its document is.
    pub fn address(&self) -> String {
        format!("{}/jwks", self.origin)
    }

    /// Publishes another document.
    pub fn publishes(&self, document: &Value) {
        self.answers("200 OK", "content-type: application/json\r\n", &document.to_string());
    }

    /// Answers in another way from now on: a status line, more headers, a body.
    pub fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// How often somebody asked.
    pub fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::Relaxed)
    }
}
