//! The least HTTP/1.1 client that will do: one connection, kept alive, without TLS. Cheap, so that the server is the limit.

use anyhow::{Context as _, Result, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection, made when it is needed.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads the answer; once more over a new connection when the server has closed the old one.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        if self.stream.is_some()
            && let Ok(answer) = self.exchange(request).await
        {
            return Ok(answer);
        }
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        self.stream = Some(stream);
        self.exchange(request).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        let mut stream = self.stream.take().context("not connected")?;
        stream.write_all(request).await?;
        self.buffer.clear();
        let (mut answer, head) = loop {
            more(&mut stream, &mut self.buffer).await?;
            if let Some(found) = head(&self.buffer)? {
                break found;
            }
        };
        let length = answer.header("content-length").map(str::parse::<usize>).transpose()?;
        if answer.header("transfer-encoding").is_some() {
            bail!("an answer in chunks: none of ours is");
        }
        let end = head + length.unwrap_or(0);
        while self.buffer.len() < end {
            more(&mut stream, &mut self.buffer).await?;
        }
        answer.body.extend_from_slice(self.buffer.get(head..end).unwrap_or_default());
        if !answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    match stream.read_buf(buffer).await? {
        0 => bail!("the server closed the connection"),
        _ => Ok(()),
    }
}

/// The head of an answer and its length, once it is there as a whole.
fn head(buffer: &[u8]) -> Result<Option<(Answer, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(buffer)? else { return Ok(None) };
    let text = |value: &[u8]| String::from_utf8_lossy(value).trim().to_owned();
    let headers = response.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
    Ok(Some((Answer { status: response.code.unwrap_or(0), headers, body: Vec::new() }, length)))
}
