//! What could not be delivered: operators see it, and have it sent again.

use super::*;
use std::time::{Duration, Instant};

/// A mail server that knows nobody (RFC 5321 §4.2.3: 550). It ends with the test.
fn mail_server_that_knows_nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap());
                let mut stream = stream;
                let mut answer = "220 here";
                while writeln!(stream, "{answer}\r").is_ok() {
                    let mut line = String::new();
                    if lines.read_line(&mut line).unwrap_or(0) == 0 {
                        break;
                    }
                    answer = if line.starts_with("RCPT") { "550 no such mailbox" } else { "250 ok" };
                }
            });
        }
    });
    format!("smtp://{address}")
}

#[test]
fn what_was_given_up_is_listed_and_sent_again_when_told() {
    let home = folder();
    let data = home.path().join("data");
    let mut command = watchbell(home.path());
    command.env("WATCHBELL_MAIL__SMTP_URL", mail_server_that_knows_nobody());
    let server = Server::start(command.args(["dev", "--json", "--port", "0", "--data"]).arg(&data));
    let on = |args: &[&str]| run(watchbell(home.path()).args(args).arg("--data").arg(&data));
    assert_eq!(out(&on(&["outbox", "list"])), "Nothing was given up.\n");
    assert!(on(&["user", "invite", "ann@example.com"]).status.success());
    let listed = || {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let rows = json(&on(&["outbox", "list", "--json"]));
            if let [row] = rows.as_array().unwrap().as_slice() {
                return row.clone();
            }
            assert!(Instant::now() < deadline, "it was not given up: {rows}");
        }
    };
    let row = listed();
    assert_eq!((&row["sink"], &row["attempts"]), (&"mail".into(), &1.into()), "{row}");
    assert!(row["why"].as_str().unwrap().contains("no such mailbox"), "{row}");
    let id = row["id"].as_str().unwrap();
    assert!(out(&on(&["outbox", "list"])).contains(id));
    assert_eq!(json(&on(&["outbox", "retry", id, "--json"]))["again"], 1);
    assert_eq!(listed()["id"], id, "it was tried again, and given up again");
    assert_eq!(out(&on(&["outbox", "retry", "--all"])), "1 will be sent again.\n");

    let unknown = on(&["outbox", "retry", "01993f2e-6ad0-7cc0-9b6e-6f3f0b0f4d2a"]);
    assert!(err(&unknown).contains("was not given up: `watchbell outbox list`"), "{}", err(&unknown));
    assert!(err(&on(&["outbox", "retry", "x"])).contains("x is no id: `watchbell outbox list`"));
    assert_eq!(on(&["outbox", "retry"]).status.code(), Some(2), "which ones?");
    assert_eq!(server.stop().0, Some(0));
}
