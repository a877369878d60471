//! The WebSocket protocol by which Firefox subscribes and receives (Mozilla's autopush, subprotocol `push-notification`).

use super::state::{self, Browser, Home, Sub};
use super::{PushService, Report};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

/// The answer that opens the WebSocket (RFC 6455 §4.2.2).
pub(super) fn welcome(key: &str) -> String {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-accept: {}\r\nsec-websocket-protocol: push-notification\r\n\r\n",
        derive_accept_key(key.as_bytes())
    )
}

/// Talks with one browser until it goes.
pub(super) async fn talk<S>(service: PushService, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut to, mut from) = WebSocketStream::from_raw_socket(stream, Role::Server, None).await.split();
    let (line, mut lines) = mpsc::unbounded_channel::<Value>();
    let mut uaid = None;
    loop {
        tokio::select! {
            Some(out) = lines.recv() => {
                if to.send(Message::text(out.to_string())).await.is_err() {
                    break;
                }
            }
            heard = from.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let Ok(said) = serde_json::from_str::<Value>(&text) else { break };
                    hear(&service, &said, &mut uaid, &line);
                    service.shared.changed.notify_waiters();
                }
                Some(Ok(Message::Close(_))) | Some(Err(_)) | None => break,
                Some(Ok(_)) => {}
            }
        }
    }
    // A browser that has come back over another socket in the meantime stays.
    let mut state = service.shared.state();
    if let Some(browser) = uaid.and_then(|uaid| state.browsers.get_mut(&uaid))
        && browser.line.as_ref().is_some_and(|theirs| theirs.same_channel(&line))
    {
        browser.line = None;
    }
}

type Line = mpsc::UnboundedSender<Value>;

fn hear(service: &PushService, said: &Value, uaid: &mut Option<String>, line: &Line) {
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    let say = |out: Value| line.send(out).is_ok();
    match said["messageType"].as_str() {
        Some("hello") => {
            let mut state = service.shared.state();
            let known = Some(text("uaid")).filter(|uaid| state.browsers.contains_key(uaid));
            let name = known.unwrap_or_else(state::unguessable);
            let browser: &mut Browser = state.browsers.entry(name.clone()).or_default();
            browser.line = Some(line.clone());
            say(json!({ "messageType": "hello", "uaid": name, "status": 200, "use_webpush": true, "broadcasts": {} }));
            for waiting in browser.waiting() {
                say(waiting);
            }
            *uaid = Some(name);
        }
        Some("register") => {
            let Some(uaid) = uaid.clone() else { return };
            let channel = text("channelID");
            let key = said["key"].as_str().map(|key| state::b64(key.trim_end_matches('=')));
            let home = Home::Browser { uaid, channel: channel.clone() };
            let token = service.shared.state().add(Sub::new(key, home));
            let endpoint = service.endpoint(&token);
            say(json!({ "messageType": "register", "channelID": channel, "status": 200, "pushEndpoint": endpoint }));
        }
        Some("unregister") => {
            let left = text("channelID");
            let mut state = service.shared.state();
            for sub in state.subs.values_mut() {
                if matches!(&sub.home, Home::Browser { channel, .. } if *channel == left) {
                    sub.gone = true;
                }
            }
            say(json!({ "messageType": "unregister", "channelID": left, "status": 200 }));
        }
        Some("ack") => {
            let mut state = service.shared.state();
            for update in said["updates"].as_array().into_iter().flatten() {
                let version = update["version"].as_str().unwrap_or_default().to_owned();
                if let Some(browser) = uaid.as_ref().and_then(|uaid| state.browsers.get_mut(uaid)) {
                    browser.queue.retain(|queued| queued.version != version);
                }
                state.reports.push(Report { version, code: update["code"].as_u64().unwrap_or(100) });
            }
        }
        Some("nack") => {
            let report = Report { version: text("version"), code: said["code"].as_u64().unwrap_or_default() };
            service.shared.state().reports.push(report);
        }
        // A ping is an empty object, and so is its answer.
        None => {
            say(json!({}));
        }
        Some(_) => {}
    }
}
