//! A load balancer in front of several nodes, as operators have one: it asks each node's listener for operators whether it is
//! ready, takes turns among those that are, and keeps connections to them for the next request as long as they do.
//!
//! What a node does not answer is not asked again elsewhere, but for a connection that was refused: then nothing was sent.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::test::TestRequest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::binary::Binary;
use crate::plain;

/// How often each node is asked.
const BETWEEN: Duration = Duration::from_millis(20);
/// How long somebody waits for a node to be ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// The balancer. It ends with the test.
pub struct Balancer {
    origin: String,
    shared: Rc<RefCell<Shared>>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    nodes: BTreeMap<usize, Node>,
    turn: usize,
    counts: Counts,
}

struct Node {
    address: SocketAddr,
    ready: bool,
    idle: Vec<TcpStream>,
    asking: JoinHandle<()>,
}

/// What passed through it.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Requests that were answered.
    pub answered: usize,
    /// Those of them by a connection that was used before.
    pub on_kept_connections: usize,
    /// Answers after which the node closed the connection.
    pub closing: usize,
    /// Requests by node.
    pub by_node: BTreeMap<usize, usize>,
}

impl Balancer {
    /// Opens one on a free port, with no node.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let shared = Rc::new(RefCell::new(Shared::default()));
        let theirs = Rc::clone(&shared);
        let serving = tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Rc::clone(&theirs);
                // Whoever gets no answer sees his connection end.
                tokio::task::spawn_local(async move { drop(pass(stream, &shared).await) });
            }
        });
        Self { origin, shared, serving }
    }

    /// Where people find the nodes.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Puts a node in a place, instead of whichever was there, and waits until it is ready.
    pub async fn put(&self, place: usize, program: &Binary) {
        let address = program.listens().parse().expect("the address of a node");
        let asked = format!("http://{}", program.operations().expect("a listener for operators"));
        let theirs = Rc::clone(&self.shared);
        let asking = tokio::task::spawn_local(async move {
            loop {
                let answer = plain::send(&asked, TestRequest::with_uri("/readyz")).await;
                theirs.borrow_mut().finds(place, answer.is_ok_and(|answer| answer.status == 200));
                tokio::time::sleep(BETWEEN).await;
            }
        });
        let node = Node { address, ready: false, idle: Vec::new(), asking };
        if let Some(former) = self.shared.borrow_mut().nodes.insert(place, node) {
            former.asking.abort();
        }
        let deadline = Instant::now() + PATIENCE;
        while !self.shared.borrow().nodes[&place].ready {
            assert!(Instant::now() < deadline, "a node does not get ready");
            tokio::time::sleep(BETWEEN).await;
        }
    }

    /// What has passed so far.
    pub fn counts(&self) -> Counts {
        self.shared.borrow().counts.clone()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.serving.abort();
        for node in self.shared.borrow().nodes.values() {
            node.asking.abort();
        }
    }
}

impl Shared {
    fn finds(&mut self, place: usize, ready: bool) {
        let Some(node) = self.nodes.get_mut(&place) else { return };
        node.ready = ready;
        if !ready {
            node.idle.clear();
        }
    }

    /// Whose turn it is, with a connection that was kept.
    fn next(&mut self) -> Option<(usize, SocketAddr, Option<TcpStream>)> {
        self.turn = self.turn.wrapping_add(1);
        let ready: Vec<usize> = self.nodes.iter().filter(|(_, node)| node.ready).map(|(place, _)| *place).collect();
        let place = *ready.get(self.turn.checked_rem(ready.len())?)?;
        let node = self.nodes.get_mut(&place)?;
        let kept = std::iter::from_fn(|| node.idle.pop()).find(is_open);
        Some((place, node.address, kept))
    }

    fn answered(&mut self, (place, address): (usize, SocketAddr), node: TcpStream, (was_kept, closes): (bool, bool)) {
        self.counts.answered += 1;
        self.counts.on_kept_connections += usize::from(was_kept);
        self.counts.closing += usize::from(closes);
        *self.counts.by_node.entry(place).or_default() += 1;
        if let Some(known) =
            self.nodes.get_mut(&place).filter(|known| known.ready && known.address == address && !closes)
        {
            known.idle.push(node);
        }
    }
}

/// Whether nothing came on a connection that rests: neither its end nor anything else.
fn is_open(stream: &TcpStream) -> bool {
    stream.try_read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// Passes one request on, and its answer back.
async fn pass(mut client: TcpStream, shared: &RefCell<Shared>) -> std::io::Result<()> {
    let request = message(&mut client).await?;
    let kept_open = request.head_without_connection();
    let (place, address, mut node, was_kept) = connection(shared).await?;
    node.write_all(&[kept_open.as_bytes(), &request.body].concat()).await?;
    let answer = message(&mut node).await?;
    shared.borrow_mut().answered((place, address), node, (was_kept, answer.says("connection", "close")));
    client.write_all(&[answer.head.as_bytes(), &answer.body].concat()).await?;
    client.shutdown().await
}

async fn connection(shared: &RefCell<Shared>) -> std::io::Result<(usize, SocketAddr, TcpStream, bool)> {
    for _ in 0..4 {
        let Some((place, address, kept)) = shared.borrow_mut().next() else { break };
        if let Some(kept) = kept {
            return Ok((place, address, kept, true));
        }
        if let Ok(made) = TcpStream::connect(address).await {
            return Ok((place, address, made, false));
        }
    }
    Err(Error::new(ErrorKind::NotConnected, "no node is ready"))
}

/// A request or an answer as it went over the wire.
struct Message {
    /// With the empty line at its end.
    head: String,
    body: Vec<u8>,
}

impl Message {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines
            .map(|(known, value)| (known, value.trim()))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    fn says(&self, name: &str, value: &str) -> bool {
        self.header(name).is_some_and(|said| said.eq_ignore_ascii_case(value))
    }

    fn head_without_connection(&self) -> String {
        let lines = self.head.split_inclusive("\r\n");
        lines.filter(|line| !line.to_ascii_lowercase().starts_with("connection:")).collect()
    }
}

/// Reads a whole message (RFC 9112 §6), whose length is said or whose body comes in chunks.
async fn message(from: &mut TcpStream) -> std::io::Result<Message> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        more(from, &mut bytes).await?;
    };
    let body = bytes.split_off(end);
    let mut message = Message { head: String::from_utf8_lossy(&bytes).into_owned(), body };
    if message.says("transfer-encoding", "chunked") {
        while message.body != b"0\r\n\r\n" && !message.body.ends_with(b"\r\n0\r\n\r\n") {
            more(from, &mut message.body).await?;
        }
    }
    let length = message.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while message.body.len() < length {
        more(from, &mut message.body).await?;
    }
    Ok(message)
}

async fn more(from: &mut TcpStream, into: &mut Vec<u8>) -> std::io::Result<()> {
    match from.read_buf(into).await? {
        0 => Err(Error::new(ErrorKind::UnexpectedEof, "it broke off")),
        _ => Ok(()),
    }
}
