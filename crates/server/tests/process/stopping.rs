//! Asked to stop, it says so, answers what it has begun, and keeps no connection.

use super::*;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
const HOST: &str = "Host: id.example.com";

/// A connection that is not closed by whoever asks.
struct Kept(BufReader<TcpStream>);

impl Kept {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    fn get(&mut self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\n{HOST}\r\n\r\n"));
        self.answer()
    }

    /// The next answer, in lower case; its length is said.
    fn answer(&mut self) -> String {
        let mut text = String::new();
        while !text.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut text).unwrap(), 0, "it broke off: {text:?}");
        }
        text.make_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        text + &String::from_utf8_lossy(&body)
    }

    fn is_closed(&mut self) -> bool {
        self.0.read(&mut [0]).is_ok_and(|read| read == 0)
    }
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn asked_to_stop_it_is_not_ready_closes_connections_with_their_answer_and_finishes_what_it_began() {
    let home = folder();
    let mut command = production(home.path(), "https://id.example.com");
    command.arg("--json").env("WATCHBELL_SERVER__OPERATIONS_LISTEN", "127.0.0.1:0");
    let server = Server::start(command.env("WATCHBELL_SERVER__DRAIN_SECONDS", "5"));
    let addresses = server.addresses();
    let listen = addresses["listen"].as_str().unwrap();
    let readyz = format!("http://{}/readyz", addresses["operations"].as_str().unwrap());

    let (mut kept, mut idle, mut begun) = (Kept::to(listen), Kept::to(listen), Kept::to(listen));
    for connection in [&mut kept, &mut idle] {
        for _ in 0..2 {
            let answer = connection.get("/livez");
            assert!(answer.starts_with("http/1.1 200") && !answer.contains("connection: close"), "{answer}");
        }
    }
    let (body, form) = ("grant_type=client_credentials&client_id=nobody", "application/x-www-form-urlencoded");
    let (first, rest) = body.split_at(10);
    begun.send(&format!("POST /oauth/token HTTP/1.1\r\n{HOST}\r\nContent-Type: {form}\r\n"));
    begun.send(&format!("Content-Length: {}\r\n\r\n{first}", body.len()));

    server.ask_to_stop();
    until("it does not say that it stops", || get(&readyz).contains("503") && get(&readyz).contains("stopping"));
    // Requests are still taken, by whoever has not yet looked, and no connection outlives its answer.
    for mut connection in [kept, Kept::to(listen)] {
        let answer = connection.get("/livez");
        assert!(answer.starts_with("http/1.1 200") && answer.contains("connection: close"), "{answer}");
        assert!(connection.is_closed());
    }
    until("it takes connections for ever", || TcpStream::connect(listen).is_err());
    begun.send(rest);
    let answer = begun.answer();
    assert!(answer.starts_with("http/1.1 401") && answer.contains("connection: close"), "{answer}");
    assert!(answer.contains("invalid_client") && begun.is_closed(), "{answer}");
    assert_eq!(server.ended().0, Some(0));
    assert!(idle.is_closed(), "what rests is nothing to wait for");
}
