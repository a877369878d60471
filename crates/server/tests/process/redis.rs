//! A server with Redis, as operators and commands see it.

use super::*;
use std::time::{Duration, Instant};

/// Asks again until the answer has it.
fn until(url: &str, words: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(15);
    loop {
        let answer = get(url);
        if answer.contains(words) {
            return answer;
        }
        assert!(Instant::now() < deadline, "no {words}: {answer}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_server_without_its_redis_is_ready_and_says_what_it_lacks() {
    let home = folder();
    let redis = xtask::redis::Server::start().unwrap();
    let mut command = production(home.path(), "https://id.example.com");
    command.arg("--json").env("WATCHBELL_SERVER__OPERATIONS_LISTEN", "127.0.0.1:0");
    let server = Server::start(command.env("WATCHBELL_REDIS__URL", redis.url()));
    let operations = format!("http://{}", server.addresses()["operations"].as_str().unwrap());
    let ready = get(&format!("{operations}/readyz"));
    assert!(ready.contains(r#"{"database":"ok","redis":"ok","status":"ready"}"#), "{ready}");
    assert!(get(&format!("{operations}/metrics")).contains("watchbell_redis_up 1"));
    redis.kill();
    let degraded = until(&format!("{operations}/readyz"), "\"status\":\"degraded\"");
    assert!(degraded.starts_with("HTTP/1.1 200") && degraded.contains("goes on without it"), "{degraded}");
    assert!(get(&format!("{operations}/metrics")).contains("watchbell_redis_up 0"));
    assert_eq!(server.stop().0, Some(0));

    // It also starts without.
    let mut command = production(home.path(), "https://id.example.com");
    command.arg("--json").env("WATCHBELL_SERVER__OPERATIONS_LISTEN", "127.0.0.1:0");
    let server = Server::start(command.env("WATCHBELL_REDIS__URL", redis.url()));
    let operations = format!("http://{}", server.addresses()["operations"].as_str().unwrap());
    assert!(get(&format!("{operations}/readyz")).contains("degraded"));
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_server_hears_at_once_what_a_command_has_done() {
    let home = folder();
    let data = home.path().join("data");
    let redis = xtask::redis::Server::start().unwrap();
    let with = |command: &mut Command| {
        command.env("WATCHBELL_REDIS__URL", redis.url());
    };
    let mut command = watchbell(home.path());
    with(command.args(["dev", "--json", "--port", "0", "--data"]).arg(&data));
    let server = Server::start(&mut command);
    let on = |args: &[&str]| {
        let mut command = watchbell(home.path());
        with(command.args(args).arg("--json").arg("--data").arg(&data));
        run(&mut command)
    };
    let rotated = json(&on(&["keys", "rotate"]));
    let kid = rotated["rotated"][0]["kid"].as_str().unwrap();
    // By itself it looks every thirty seconds.
    until(&format!("{}/oauth/jwks", server.url()), kid);
    let found = json(&on(&["check"]));
    let of_redis: Vec<_> = found["findings"].as_array().unwrap().iter().filter(|f| f["what"] == "redis").collect();
    assert!(of_redis[0]["verdict"] == "ok" && of_redis[1]["verdict"] == "warning", "{of_redis:?}");
    redis.kill();
    let found = on(&["check"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(out(&found).contains("is of no use") && out(&found).contains("redis.url"), "{}", out(&found));
}

#[test]
fn what_is_no_address_of_a_redis_is_told() {
    let home = folder();
    let mut command = watchbell(home.path());
    command.args(["dev", "--port", "0"]).env("WATCHBELL_REDIS__URL", "redis.example.com:6379");
    let told = run(&mut command);
    assert_eq!(told.status.code(), Some(1));
    assert!(err(&told).contains("redis.url") || err(&told).contains("WATCHBELL_REDIS__URL"), "{}", err(&told));
    assert!(err(&told).contains("write it like rediss://"), "{}", err(&told));
}
