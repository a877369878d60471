//! Redis for stories: one that all of them use, each house under names of its own, and private ones to be maltreated.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub use xtask::redis::Server;

/// The address of the one for all: the given one, else that of a private server which ends with this process.
pub fn url() -> &'static str {
    static URL: OnceLock<(String, Option<Server>)> = OnceLock::new();
    let (url, _) = URL.get_or_init(|| match std::env::var("WATCHBELL_TEST_REDIS_URL") {
        Ok(url) => (url, None),
        Err(_) => match Server::start() {
            Ok(server) => (server.url(), Some(server)),
            Err(trouble) => panic!("stories run with Redis too, and there is none: {trouble}"),
        },
    });
    url
}

/// A private one, with nothing in it.
pub fn private() -> Server {
    Server::start().unwrap_or_else(|trouble| panic!("{trouble}"))
}

/// The place of a single one.
pub fn place(url: &str) -> bus::Place {
    bus::Place { url: url.to_owned(), timeout: Duration::from_millis(250), ..bus::Place::default() }
}

/// Waits until a bus says that Redis is there, or away.
pub async fn until(bus: &bus::Bus, up: bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while (bus.health() == bus::Health::Up) != up {
        assert!(Instant::now() < deadline, "Redis is not {}: {:?}", if up { "there" } else { "away" }, bus.health());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Says something to a Redis by itself, and reads all that it answers.
pub async fn say(server: &Server, command: &str) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", server.port())).await.expect("connect to Redis");
    connection.write_all(format!("{command}\r\n").as_bytes()).await.expect("ask Redis");
    connection.shutdown().await.expect("ask Redis");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("hear Redis");
    answer
}

/// What a node has counted under a name with its labels, as in `watchbell_replays_total{known_by="redis"}`.
pub fn counted(app: &app::App, name: &str) -> u64 {
    let text = app.meter().text(&meter::Levels::default());
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
    line.map_or(0, |count| count.parse().unwrap())
}
