//! An app's server on this machine: it takes what is posted to it, keeps it, and answers as it is told. It serves documents
//! too, such as key sets and metadata.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a double fails its test by panicking")]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What came.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

/// How it answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// With this status.
    Status(u16),
    /// With this status and this `Location`.
    Redirect(u16, String),
    /// 200, but only after this time.
    Slow(Duration),
    /// The connection closes without an answer.
    Reset,
    /// 200, and a body that never ends.
    Endless,
}

/// The server. It runs until the test's runtime ends; clones are the same one.
#[derive(Clone)]
pub struct RelyingParty {
    origin: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    answers: VecDeque<Answer>,
    documents: BTreeMap<String, (String, String)>,
}

impl RelyingParty {
    /// Starts one at a free port of this machine, on plain http.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let party = Self { origin, state: Arc::default() };
        let serving = party.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let party = serving.clone();
                tokio::spawn(async move { party.serve(stream).await });
            }
        });
        party
    }

    /// Its origin. The product has to trust it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Answers the next calls so, in this order; 200 afterwards.
    pub fn answers(&self, answers: impl IntoIterator<Item = Answer>) {
        self.state.lock().unwrap().answers.extend(answers);
    }

    /// Serves a document by GET at a path, with its media type.
    pub fn publishes(&self, path: &str, kind: &str, document: &str) {
        let document = (kind.to_owned(), document.to_owned());
        self.state.lock().unwrap().documents.insert(path.to_owned(), document);
    }

    /// What came so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state.lock().unwrap().calls.clone()
    }

    /// Waits until so many calls have come.
    pub async fn wait_for(&self, calls: usize) -> Vec<Call> {
        for _ in 0..600 {
            let so_far = self.calls();
            if so_far.len() >= calls {
                return so_far;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{calls} calls were expected, {} came", self.calls().len());
    }

    async fn serve(&self, mut stream: TcpStream) {
        while let Some(call) = read(&mut stream).await {
            let (document, answer) = {
                let mut state = self.state.lock().unwrap();
                let path = call.path.split('?').next().unwrap_or_default().to_owned();
                let document = state.documents.get(&path).filter(|_| call.method == "GET").cloned();
                state.calls.push(call);
                (document, state.answers.pop_front())
            };
            let text = match (answer, document) {
                (None, Some((kind, body))) => {
                    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
                }
                (None, None) => "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned(),
                (Some(Answer::Status(status)), _) => format!("HTTP/1.1 {status} \r\ncontent-length: 0\r\n\r\n"),
                (Some(Answer::Redirect(status, to)), _) => {
                    format!("HTTP/1.1 {status} \r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
                }
                (Some(Answer::Slow(wait)), _) => {
                    tokio::time::sleep(wait).await;
                    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()
                }
                (Some(Answer::Reset), _) => return,
                (Some(Answer::Endless), _) => {
                    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
                    let mut sent = stream.write_all(head.as_bytes()).await;
                    while sent.is_ok() {
                        sent = stream.write_all(format!("400\r\n{}\r\n", "x".repeat(1024)).as_bytes()).await;
                    }
                    return;
                }
            };
            if stream.write_all(text.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Call> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let split = |line: &str| line.split_once(':').map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned()));
    let headers: BTreeMap<String, String> = lines.filter_map(split).collect();
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Call { method, path, headers, body: String::from_utf8_lossy(&body).into_owned() })
}
