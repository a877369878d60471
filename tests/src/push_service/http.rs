//! HTTP/1.1 by hand: enough for a sender of messages, and for the start of a WebSocket.

use super::state::{Arrived, PLANNED};
use super::verify::{self, Posted, Rejection};
use super::{Entry, Fault, PushService, socket};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const MOST_HEAD: usize = 16 * 1024;
const MOST_BODY: usize = 64 * 1024;

struct Call {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// An answer; `None` closes the connection without one.
type Answer = Option<(u16, Vec<(String, String)>, String)>;

/// Serves one connection to its end.
pub(super) async fn serve<S>(service: PushService, mut stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    while let Some(call) = read(&mut stream).await {
        if call.header("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
            let Some(key) = call.header("sec-websocket-key") else { return };
            if stream.write_all(socket::welcome(key).as_bytes()).await.is_ok() {
                socket::talk(service, stream).await;
            }
            return;
        }
        let Some((status, headers, body)) = answer(&service, call).await else { return };
        let mut head = format!("HTTP/1.1 {status} \r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let text = format!("{head}\r\n{body}");
        if stream.write_all(text.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Call> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MOST_HEAD {
            return None;
        }
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let split = |line: &str| line.split_once(':').map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned()));
    let headers: Vec<_> = lines.filter_map(split).collect();
    let mut call = Call { method, path, headers, body: Vec::new() };
    let length = call.header("content-length").map_or(Some(0), |text| text.parse().ok())?;
    if length > MOST_BODY {
        return None;
    }
    call.body = vec![0; length];
    stream.read_exact(&mut call.body).await.ok()?;
    Some(call)
}

async fn answer(service: &PushService, call: Call) -> Answer {
    let token = call.path.strip_prefix("/p/").filter(|_| call.method == "POST").map(str::to_owned);
    let Some(token) = token else { return Some((404, Vec::new(), String::new())) };
    let planned = {
        let mut state = service.shared.state();
        let live = state.subs.get(&token).is_some_and(|sub| !sub.gone);
        if live { state.fault(&token) } else { None }
    };
    let answer = match planned {
        Some(Fault::Reset) => {
            note(service, &token, call, (0, PLANNED.to_owned()));
            None
        }
        Some(Fault::Status(status, headers, body)) => {
            note(service, &token, call, (status, PLANNED.to_owned()));
            Some((status, headers, body))
        }
        Some(Fault::Slow(time)) => {
            tokio::time::sleep(time).await;
            take(service, &token, call)
        }
        None => take(service, &token, call),
    };
    service.shared.changed.notify_waiters();
    answer
}

fn take(service: &PushService, token: &str, call: Call) -> Answer {
    match judge(service, token, &call) {
        Ok(message) => {
            let ttl = message.ttl.to_string();
            let version = service.shared.state().deliver(token, message);
            note(service, token, call, (201, String::new()));
            let place = format!("{}/m/{version}", service.origin());
            Some((201, vec![("location".to_owned(), place), ("ttl".to_owned(), ttl)], String::new()))
        }
        Err((status, reason)) => {
            note(service, token, call, (status, reason.clone()));
            let body = serde_json::json!({ "code": status, "message": reason }).to_string();
            Some((status, vec![("content-type".to_owned(), "application/json".to_owned())], body))
        }
    }
}

fn judge(service: &PushService, token: &str, call: &Call) -> Result<Arrived, Rejection> {
    let now = service.shared.clock.now().seconds();
    let posted = Posted { headers: &call.headers, body: &call.body, origin: service.origin(), now };
    let mut state = service.shared.state();
    match state.subs.get_mut(token) {
        None => Err((404, "no such subscription".to_owned())),
        Some(sub) if sub.gone => Err((410, "the subscription is gone".to_owned())),
        Some(sub) => verify::check(&posted, sub),
    }
}

fn note(service: &PushService, token: &str, call: Call, (status, reason): (u16, String)) {
    let endpoint = service.endpoint(token);
    service.shared.state().log.push(Entry { endpoint, status, reason, headers: call.headers, body: call.body });
}
