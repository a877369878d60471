//! A web server of an app, which publishes one document and counts who asks for it.

use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The server. Clones are the same one.
#[derive(Clone)]
pub struct Publisher {
    origin: String,
    shared: Arc<Shared>,
}

struct Shared {
    answer: Mutex<String>,
    asked: AtomicUsize,
}

impl Publisher {
    /// A server that publishes a document.
    pub async fn start(document: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared { answer: Mutex::new(String::new()), asked: AtomicUsize::new(0) });
        let publisher = Self { origin, shared: Arc::clone(&shared) };
        publisher.publishes(document);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                shared.asked.fetch_add(1, Ordering::Relaxed);
                let answer = shared.answer.lock().unwrap().clone();
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        publisher
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
        self.answers("200 OK", "", &document.to_string());
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
