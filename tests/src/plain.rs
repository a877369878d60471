//! Plain HTTP to a program on this machine: one request, one connection.

use std::io::{Error, ErrorKind};

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::browser::Reply;

/// Sends a request to the program that listens at `origin` (`http://…`).
///
/// # Errors
/// When nobody listens, or the answer breaks off: that is what a crash looks like.
pub async fn send(origin: &str, request: TestRequest) -> std::io::Result<Reply> {
    let url = Url::parse(origin).expect("an origin");
    let mut stream =
        TcpStream::connect((url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80))).await?;
    stream.write_all(&written(&url, request).await).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    read(&bytes).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "the answer broke off"))
}

/// The request as it goes over the wire.
async fn written(url: &Url, request: TestRequest) -> Vec<u8> {
    let (request, mut payload) = request.to_http_parts();
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        body.extend_from_slice(&chunk.expect("the body of a test request"));
    }
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method(), request.uri());
    if !request.headers().contains_key("host") {
        head.push_str(&format!("host: {}\r\n", &url[url::Position::BeforeHost..url::Position::AfterPort]));
    }
    for (name, value) in request.headers() {
        if !["content-length", "connection", "transfer-encoding"].contains(&name.as_str()) {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
        }
    }
    head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len()));
    [head.into_bytes(), body].concat()
}

/// The answer, or nothing when it is not complete.
fn read(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let status = StatusCode::from_bytes(lines.next()?.split(' ').nth(1)?.as_bytes()).ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let rest = &bytes[end + 4..];
    let body = if header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        unchunked(rest)?
    } else {
        let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(rest.len());
        rest.get(..length)?.to_vec()
    };
    Some(Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

/// The content of a chunked body (RFC 9112 section 7.1), or nothing when its end is missing.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim().to_owned();
        let size = usize::from_str_radix(&size, 16).ok()?;
        let data = rest.get(end + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(data.get(..size)?);
        rest = data.get(size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_answer_is_read() {
        let reply = read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=b\r\n\r\nok").unwrap();
        assert_eq!((reply.status.as_u16(), reply.body.as_str(), reply.header("set-cookie")), (200, "ok", "a=b"));
        let reply =
            read(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n").unwrap();
        assert_eq!(reply.body, "abcd");
    }

    #[test]
    fn an_answer_that_broke_off_is_none() {
        for broken in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok"] {
            assert!(read(broken.as_bytes()).is_none(), "{broken:?}");
        }
        assert!(read(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab").is_none());
    }
}
