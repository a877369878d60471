//! Passwords that are in a known leak, asked of the range API.

use actix_web::http::StatusCode;
use testkit::browser::FIREFOX;
use testkit::house::{Db, House, Plan};
use testkit::people::link;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Strong by every estimate, and leaked.
const LEAKED: &str = "violet kettle 88 harbor";

/// A range API (api.pwnedpasswords.com, version 3) that knows one password; answers what it was asked.
async fn range_api(known: bool) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (tell, asked) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap_or(0);
            let line = String::from_utf8_lossy(&request[..read]).lines().next().unwrap_or_default().to_owned();
            tell.send(line).unwrap();
            let (_, suffix) = identity::password_policy::pwned::range_prefix(LEAKED);
            let body =
                if known { format!("{suffix}:42\r\n") } else { "0123456789012345678901234567890ABCD:1\r\n".into() };
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    });
    (origin, asked)
}

async fn register_status(api: &str) -> StatusCode {
    let mut plan = Plan::default();
    plan.settings.pwned_passwords = Some(api.to_owned());
    plan.outbound.trusted_origins.push(api.parse().unwrap());
    let house = House::build(Db::Sqlite, plan).await;
    let mut browser = house.browser(FIREFOX);
    let page = browser.open("/login").await;
    let page = browser.open(&link(&page, "/register")).await;
    let form =
        page.form("/register").with("username", "jane@example.com").with("name", "Jane").with("password", LEAKED);
    browser.submit(form).await.status
}

#[actix_web::test]
async fn a_leaked_password_is_refused_and_only_five_characters_of_its_hash_are_told() {
    let (api, mut asked) = range_api(true).await;
    assert_eq!(register_status(&api).await, StatusCode::UNPROCESSABLE_ENTITY);
    let line = asked.recv().await.unwrap();
    let (prefix, _) = identity::password_policy::pwned::range_prefix(LEAKED);
    assert_eq!(line, format!("GET /range/{prefix} HTTP/1.1"));
    assert_eq!(prefix.len(), 5);
}

#[actix_web::test]
async fn a_password_that_is_in_no_leak_is_taken() {
    let (api, _asked) = range_api(false).await;
    assert_eq!(register_status(&api).await, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_range_api_that_is_gone_stops_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(register_status(&gone).await, StatusCode::SEE_OTHER);
}
