//! `watchbell doctor`, as an operator who looks for trouble sees it.

use super::*;
use std::thread;

/// What the doctor says of an installation of `dev`.
fn doctor(home: &Path, data: &Path, settings: &[(&str, &str)]) -> Output {
    let mut command = watchbell(home);
    command.args(["doctor", "--json", "--data"]).arg(data).envs(settings.iter().copied());
    run(&mut command)
}

/// What was found of one thing, each with its verdict in front.
fn found(output: &Output, what: &str) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", err(output)));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["what"] == what);
    let line = |f: &Value| format!("{}: {}. {}", text(&f["verdict"]), text(&f["text"]), text(&f["next"]));
    findings.map(line).collect()
}

/// Answers each connection with the lines that a function makes of what was asked: a stand-in for another server.
fn stand_in(answer: impl Fn(&str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
            drop(stream.write_all(answer(&head).as_bytes()));
        }
    });
    address
}

/// A mail server that says one thing to each command.
fn mail_server(answers: &'static [(&'static str, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            // Each in a thread of its own: a client keeps the first connection while it opens another.
            thread::spawn(move || talk(stream, answers));
        }
    });
    format!("smtp://{address}")
}

fn talk(mut stream: TcpStream, answers: &[(&str, &str)]) {
    drop(stream.write_all(b"220 mail.example.com\r\n"));
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut in_text = false;
    for line in lines.map_while(Result::ok) {
        if in_text && line != "." {
            continue;
        }
        in_text = line == "DATA";
        let said = answers.iter().find(|(command, _)| line.starts_with(command));
        let said = said.map_or(if in_text { "354 go on" } else { "250 ok" }, |(_, said)| said);
        drop(stream.write_all(format!("{said}\r\n").as_bytes()));
    }
}

#[test]
fn a_healthy_installation_has_nothing_wrong() {
    let home = folder();
    let data = home.path().join("data");
    let server = Server::dev(home.path(), &data);
    let smtp = mail_server(&[]);
    let seen = doctor(home.path(), &data, &[("WATCHBELL_MAIL__SMTP_URL", &smtp)]);
    assert_eq!(seen.status.code(), Some(0), "{}{}", out(&seen), err(&seen));
    let issuer = found(&seen, "issuer");
    assert!(issuer.len() == 1 && issuer[0].contains(&format!("names itself {}", server.url())), "{issuer:?}");
    assert!(found(&seen, "tables")[0].starts_with("ok: they are up to date"));
    assert!(found(&seen, "database").iter().any(|line| line.starts_with("ok: SQLite 3.")));
    assert!(found(&seen, "database file")[0].contains("for its owner alone (mode 600)"));
    assert!(found(&seen, "clock")[0].starts_with("ok: the clock behind the public address is "));
    assert!(found(&seen, "proxy headers")[0].starts_with("ok: no proxy on the way; this request counts as "));
    assert!(found(&seen, "mail")[0].contains("takes user and password"), "{:?}", found(&seen, "mail"));
    assert!(found(&seen, "push")[0].starts_with("ok: the key for push services"));
    assert_eq!(server.stop().0, Some(0));

    // Without the server, for people.
    let seen = run(watchbell(home.path()).args(["doctor", "--data"]).arg(&data));
    assert_eq!(seen.status.code(), Some(1));
    assert!(out(&seen).contains("\nWRONG    issuer: http://localhost:"), "{}", out(&seen));
    assert!(out(&seen).contains("Next: see that the server runs"), "{}", out(&seen));
}

#[test]
fn a_database_that_can_not_be_reached_is_told_and_the_rest_is_still_looked_at() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let url = "postgres://watchbell:hunter2@127.0.0.1:1/watchbell";
    let seen = doctor(home.path(), &data, &[("WATCHBELL_DATABASE__URL", url)]);
    assert_eq!(seen.status.code(), Some(1));
    let database = found(&seen, "database");
    assert!(database[0].starts_with("wrong: the database postgres://127.0.0.1:1/watchbell"), "{database:?}");
    assert!(database[0].contains("database.url"), "{database:?}");
    assert!(!out(&seen).contains("hunter2"));
    assert!(!found(&seen, "push").is_empty() && !found(&seen, "mail").is_empty());
}

#[test]
fn a_configuration_that_can_not_be_read_is_a_finding_like_any_other() {
    let home = folder();
    std::fs::write(home.path().join("watchbell.toml"), "[server]\nlisten_on = \"x\"\n").unwrap();
    let seen = run(watchbell(home.path()).args(["doctor", "--json", "--config", "watchbell.toml"]));
    assert_eq!(seen.status.code(), Some(1));
    assert!(found(&seen, "configuration")[0].starts_with("wrong: watchbell.toml:2: server.listen_on: "));
}

#[test]
fn redis_is_looked_at_and_told_when_it_is_away() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let full = ["--maxmemory", "100mb", "--maxmemory-policy", "noeviction"];
    let redis = xtask::redis::Server::start_with(&full).unwrap();
    let url = redis.url();
    let seen = || found(&doctor(home.path(), &data, &[("WATCHBELL_REDIS__URL", &url)]), "redis");
    let lines = seen();
    assert!(lines[0].starts_with("ok: redis://") && lines[0].contains("answers (version "), "{lines:?}");
    assert!(lines[1].starts_with("warning: it takes nothing more when its 100 MiB are full"), "{lines:?}");
    redis.kill();
    let lines = seen();
    assert!(lines[0].starts_with("wrong: redis://") && lines[0].contains("redis.url"), "{lines:?}");
}

#[test]
fn a_collector_of_traces_is_asked_whether_it_takes_them() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    assert!(found(&doctor(home.path(), &data, &[]), "traces").is_empty(), "there is none");
    let there = stand_in(|head| {
        let head = head.to_ascii_lowercase();
        let asked = head.starts_with("post /v1/traces ") && head.contains("content-type: application/x-protobuf\r\n");
        let status = match (asked, head.contains("authorization: bearer hunter2\r\n")) {
            (true, true) => "200 OK",
            (true, false) => "401 Unauthorized",
            (false, _) => "404 Not Found",
        };
        format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    });
    let seen = |path: &str, key: &str| {
        let endpoint = format!("http://{there}{path}");
        let settings = [("WATCHBELL_TELEMETRY__TRACES_ENDPOINT", &*endpoint), ("WATCHBELL_TELEMETRY__HEADERS", key)];
        let seen = doctor(home.path(), &data, &settings);
        assert!(!out(&seen).contains("hunter"), "{}", out(&seen));
        found(&seen, "traces").remove(0)
    };
    let fine = seen("/v1/traces", "authorization=Bearer%20hunter2");
    assert!(fine.starts_with("ok: the collector http://127.0.0.1:") && fine.contains("takes them"), "{fine}");
    let refused = seen("/v1/traces", "authorization=Bearer%20hunter3");
    assert!(
        refused.starts_with("wrong: ") && refused.contains("401") && refused.contains("telemetry.headers"),
        "{refused}"
    );
    let elsewhere = seen("/traces", "");
    assert!(elsewhere.contains("404") && elsewhere.contains("/v1/traces"), "{elsewhere}");
    let away = doctor(home.path(), &data, &[("WATCHBELL_TELEMETRY__TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces")]);
    let away = found(&away, "traces").remove(0);
    assert!(away.starts_with("wrong: the collector http://127.0.0.1:9/v1/traces is of no use"), "{away}");
}

#[test]
fn an_issuer_that_is_not_the_one_that_answers_is_wrong() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let with = |head: &'static str, body: &'static str| {
        let there = stand_in(move |_| format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        let origin = format!("http://{there}");
        let seen = doctor(home.path(), &data, &[("WATCHBELL_SERVER__PUBLIC_ORIGIN", &origin)]);
        assert_eq!(seen.status.code(), Some(1));
        (found(&seen, "issuer"), found(&seen, "clock"))
    };
    let (issuer, _) = with("200 OK", r#"{"issuer":"https://other.example"}"#);
    assert!(issuer[0].contains("--accept-new-origin"), "{issuer:?}");
    assert!(issuer[1].contains("names itself https://other.example: apps refuse that"), "{issuer:?}");
    let (issuer, _) = with("421 Misdirected Request", "");
    assert!(issuer[1].contains("pass the Host header on unchanged"), "{issuer:?}");
    let (issuer, _) = with("502 Bad Gateway", "");
    assert!(issuer[1].contains("the server behind it is not"), "{issuer:?}");
}

#[test]
fn a_clock_that_is_far_off_is_told_with_its_limits() {
    let home = folder();
    let data = home.path().join("data");
    let server = Server::dev(home.path(), &data);
    let origin = server.url().to_owned();
    assert_eq!(server.stop().0, Some(0));
    let there = stand_in(move |head| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
        let body = format!(r#"{{"issuer":"http://{host}"}}"#);
        let date = "Date: Thu, 01 Jan 2015 00:00:00 GMT";
        format!("HTTP/1.1 200 OK\r\n{date}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    });
    let seen = doctor(home.path(), &data, &[("WATCHBELL_SERVER__PUBLIC_ORIGIN", &format!("http://{there}"))]);
    let clock = found(&seen, "clock");
    assert!(
        clock[0].starts_with("wrong: the clock behind") && clock[0].contains("30 s are wrong"),
        "{origin} {clock:?}"
    );
    assert!(found(&seen, "proxy headers")[0].starts_with("warning: what answers"));
}

/// A proxy that sets `X-Forwarded-For`, or passes it on as it came.
fn proxy(to: String, sets_it: bool) -> String {
    stand_in(move |head| {
        let lines = head.trim_end().lines().filter(|line| {
            let line = line.to_ascii_lowercase();
            let is_dropped = line.starts_with("connection:") || (sets_it && line.starts_with("x-forwarded-for:"));
            !is_dropped
        });
        let mut head: String = lines.map(|line| format!("{line}\r\n")).collect();
        if sets_it {
            head.push_str("X-Forwarded-For: 198.51.100.7\r\n");
        }
        let mut behind = TcpStream::connect(&to).unwrap();
        behind.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        behind.read_to_string(&mut answer).unwrap();
        answer
    })
}

#[test]
fn what_proxies_say_of_a_visitor_is_seen_through_the_public_address() {
    let home = folder();
    let data = home.path().join("data");
    let behind = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (sets_it, trusted, expected) in [
        (true, "127.0.0.0/8", "ok: the proxy at 127.0.0.1 is trusted; this request counts as 198.51.100.7"),
        (true, "10.0.0.0/8", "wrong: the proxy at 127.0.0.1 is not trusted: everybody counts as 127.0.0.1"),
        (false, "127.0.0.0/8", "wrong: the trusted proxy at 127.0.0.1 does not say whose request it is"),
    ] {
        let origin = format!("http://{}", proxy(behind.to_string(), sets_it));
        let settings = [("WATCHBELL_SERVER__PUBLIC_ORIGIN", &*origin), ("WATCHBELL_SERVER__TRUSTED_PROXIES", trusted)];
        let mut command = watchbell(home.path());
        command.args(["dev", "--json", "--port", "0", "--data"]).arg(&data).envs(settings);
        let server = Server::start(command.env("WATCHBELL_SERVER__LISTEN", behind.to_string()));
        let seen = doctor(home.path(), &data, &settings);
        let proxies = found(&seen, "proxy headers");
        assert!(proxies[0].starts_with(expected), "{proxies:?} {:?}", found(&seen, "issuer"));
        assert_eq!(server.stop().0, Some(0));
    }
    // Nobody else is told anything.
    let server = Server::dev(home.path(), &data);
    let answer = get(&format!("{}/.well-known/openid-configuration", server.url()));
    assert!(!answer.to_ascii_lowercase().contains("x-watchbell-seen"), "{answer}");
}

#[test]
fn a_mail_server_that_refuses_is_told_with_its_words_and_a_test_mail_is_sent_only_when_asked_for() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let look = |smtp: &str, more: &[&str]| {
        let mut command = watchbell(home.path());
        command.args(["doctor", "--json", "--data"]).arg(&data).args(more).env("WATCHBELL_MAIL__SMTP_URL", smtp);
        found(&run(&mut command), "mail")
    };
    let greets = mail_server(&[("EHLO", "554 5.7.1 go away"), ("HELO", "554 5.7.1 go away")]);
    let lines = look(&greets, &[]);
    assert!(lines[0].starts_with("wrong: smtp://") && lines[0].contains("go away"), "{lines:?}");
    let away = look("smtp://127.0.0.1:1", &[]);
    assert!(away[0].contains("is of no use") && away[0].contains("mail.smtp_url"), "{away:?}");

    let refuses = mail_server(&[("RCPT", "550 5.1.1 nobody here")]);
    assert_eq!(look(&refuses, &[]).len(), 1, "no mail is tried");
    let lines = look(&refuses, &["--mail", "ann@example.com"]);
    assert!(lines[1].starts_with("wrong: smtp://") && lines[1].contains("nobody here"), "{lines:?}");
    let lines = look(&mail_server(&[]), &["--mail", "ann@example.com"]);
    assert!(lines[1].starts_with("ok: a test mail was taken for ann@example.com"), "{lines:?}");
}
