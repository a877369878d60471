//! The program as a script meets it: what it prints, how it stops, what it refuses.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::zombie_processes,
    reason = "a test stops where it fails"
)]

mod carry;
mod doctor;
mod keys;
mod operations;
mod outbox;
mod redis;
mod stopping;

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The program with an environment of its own: no setting of the machine leaks in.
fn watchbell(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchbell"));
    command.env_clear().env("HOME", home).current_dir(home).stdin(Stdio::null());
    // Small hashes: what is tested here is not their strength.
    command.env("WATCHBELL_PASSWORD__HASHERS", "1");
    command
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", err(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A server that runs, and is killed when the test is over.
struct Server {
    child: Child,
    lines: Vec<String>,
    rest: Option<BufReader<std::process::ChildStdout>>,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut rest = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if rest.read_line(&mut line).unwrap() == 0 {
                let mut why = String::new();
                child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
                panic!("it did not get ready: {lines:?} {why}");
            }
            let line = line.trim_end().to_owned();
            let ready = line.starts_with("ready ");
            lines.push(line);
            if ready {
                return Self { child, lines, rest: Some(rest) };
            }
        }
    }

    fn dev(home: &Path, data: &Path) -> Self {
        Self::start(watchbell(home).args(["dev", "--json", "--port", "0", "--data"]).arg(data))
    }

    fn addresses(&self) -> Value {
        serde_json::from_str(&self.lines[0]).unwrap()
    }

    fn url(&self) -> &str {
        self.lines.last().unwrap().strip_prefix("ready ").unwrap()
    }

    fn port(&self) -> String {
        self.url().rsplit_once(':').unwrap().1.to_owned()
    }

    /// Sends SIGTERM.
    fn ask_to_stop(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Sends SIGTERM; answers the exit status and what else was printed.
    fn stop(self) -> (Option<i32>, String) {
        self.ask_to_stop();
        self.ended()
    }

    /// Waits for its end; answers the exit status and what else was printed.
    fn ended(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        let mut rest = String::new();
        self.rest.take().unwrap().read_to_string(&mut rest).unwrap();
        (status.code(), rest)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The head and body of an answer to GET, by plain HTTP/1.1.
fn get(url: &str) -> String {
    let (authority, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap_or((&url[7..], ""));
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn dev_needs_nothing_and_says_where_to_go() {
    let home = folder();
    let data = home.path().join("data");
    let server = Server::dev(home.path(), &data);
    let addresses = server.addresses();
    assert_eq!(addresses["url"], server.url());
    assert!(addresses["set_up"].as_str().unwrap().starts_with(&format!("{}/setup?token=", server.url())));
    assert!(get(&format!("{}/livez", server.url())).starts_with("HTTP/1.1 200"));
    assert!(get(&format!("{}/readyz", server.url())).starts_with("HTTP/1.1 200"));
    assert!(get(addresses["demo"].as_str().unwrap()).contains("Acme Shop"));
    assert!(get(&format!("{}/api/mails", addresses["mail"].as_str().unwrap())).ends_with("[]"));
    let (status, rest) = server.stop();
    assert_eq!(status, Some(0));
    assert!(!rest.contains("ready "), "{rest}");
}

#[test]
fn without_json_the_same_stands_there_for_people() {
    let home = folder();
    let server = Server::start(watchbell(home.path()).args(["dev", "--port", "0"]));
    let text = server.lines.join("\n");
    for label in
        ["Set-up link   http://localhost:", "Demo app      http://127.0.0.1:", "Mail catcher  http://127.0.0.1:"]
    {
        assert!(text.contains(label), "{text}");
    }
    if cfg!(target_os = "linux") {
        assert!(home.path().join(".local/share/watchbell-dev/watchbell.db").is_file());
    }
}

#[cfg(unix)]
#[test]
fn the_data_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = folder();
    let data = home.path().join("data");
    let _server = Server::dev(home.path(), &data);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in ["master.key", "watchbell.db", "watchbell.db-wal"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let home = folder();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let output = run(watchbell(home.path()).args(["dev", "--port", &port]));
    assert_eq!(output.status.code(), Some(1));
    let text = err(&output);
    assert!(text.starts_with(&format!("watchbell: port {port} is taken")) && text.contains("--port 0"), "{text}");
    assert_eq!(text.lines().count(), 1);
    assert!(out(&output).is_empty());
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let home = folder();
    let data = home.path().join("data");
    let _server = Server::dev(home.path(), &data);
    let output = run(watchbell(home.path()).args(["dev", "--port", "0", "--data"]).arg(&data));
    assert_eq!(output.status.code(), Some(1));
    let text = err(&output);
    assert!(text.contains("can't be opened: another server is using") && text.lines().count() == 1, "{text}");
}

#[test]
fn people_and_apps_are_still_there_after_a_restart_on_another_port() {
    let home = folder();
    let data = home.path().join("data");
    let first = Server::dev(home.path(), &data);
    let on = |args: &[&str]| run(watchbell(home.path()).args(args).arg("--json").arg("--data").arg(&data));
    let ann = json(&on(&["user", "add", "--email", "ann@example.com", "--name", "Ann"]));
    assert_eq!(ann["email"], "ann@example.com");
    let port = first.port();
    assert_eq!(first.stop().0, Some(0));

    let second = Server::dev(home.path(), &data);
    assert_ne!(second.port(), port);
    assert_eq!(json(&on(&["user", "list"])).as_array().unwrap().len(), 1);
    let clients = json(&on(&["client", "list"]));
    assert_eq!(clients.as_array().unwrap().len(), 1);
    let redirect = clients[0]["redirect_uris"][0].as_str().unwrap().to_owned();
    assert_eq!(redirect, format!("{}/callback", second.addresses()["demo"].as_str().unwrap()));
    let metadata = get(&format!("{}/.well-known/openid-configuration", second.url()));
    assert!(metadata.contains(&format!("\"issuer\":\"{}\"", second.url())), "{metadata}");
}

#[test]
fn commands_work_beside_a_running_server() {
    let home = folder();
    let data = home.path().join("data");
    let server = Server::dev(home.path(), &data);
    let on = |args: &[&str]| run(watchbell(home.path()).args(args).arg("--data").arg(&data));
    let added =
        json(&on(&["client", "add", "--name", "My app", "--redirect-uri", "http://localhost:3000/cb", "--json"]));
    assert_eq!(added["issuer"], server.url());
    assert!(added["client_secret"].as_str().unwrap().starts_with("wb_cs_"));
    let listed = on(&["client", "list"]);
    assert!(out(&listed).contains("My app") && !out(&listed).contains("wb_cs_"));
    let public =
        json(&on(&["client", "add", "--name", "Phone", "--auth", "none", "--redirect-uri", "com.acme:/cb", "--json"]));
    assert!(public.get("client_secret").is_none());
    let wrong = on(&["client", "add", "--name", "X", "--redirect-uri", "http://acme.example/cb"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(err(&wrong).contains("http://acme.example/cb"), "{}", err(&wrong));
    let count = |rotation: &Value, which: &str| rotation[which].as_array().unwrap().len();
    let first = json(&on(&["keys", "rotate", "--json"]));
    assert_eq!((count(&first, "rotated"), count(&first, "waiting")), (3, 0), "{first}");
    let again = json(&on(&["keys", "rotate", "--json"]));
    assert_eq!((count(&again, "rotated"), count(&again, "waiting")), (0, 3), "{again}");
    assert_eq!(again["waiting"], first["rotated"]);
    let odd = on(&["client", "add", "--name", "X", "--redirect-uri", "http://localhost/cb", "--scope", "profile foo"]);
    assert!(err(&odd).contains("does not know foo; it knows openid"), "{}", err(&odd));
    let bare = on(&["client", "add", "--name", "X", "--redirect-uri", "http://localhost/cb", "--scope", "profile"]);
    assert!(bare.status.success() && err(&bare).contains("warning: this app may not ask for the scope openid"));
    let check = json(&on(&["check", "--json"]));
    assert!(check["findings"].as_array().unwrap().iter().all(|f| f["verdict"] != "wrong"), "{check}");
}

#[test]
fn an_app_for_which_there_is_no_way_to_sign_in_is_refused_and_told_of_later() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let with = |provider: bool, words: &[&str]| {
        let mut command = watchbell(home.path());
        command.args(words).arg("--data").arg(&data);
        if provider {
            command.env("WATCHBELL_UPSTREAM__HUB__PRESET", "github").env("WATCHBELL_UPSTREAM__HUB__CLIENT_ID", "x");
        }
        run(&mut command)
    };
    let add = ["client", "add", "--name", "Till", "--redirect-uri", "http://localhost/cb", "--methods", "upstream"];
    let refused = with(false, &add);
    assert!(err(&refused).contains("there is no other provider yet. Describe one"), "{}", err(&refused));
    let added = with(true, &add);
    assert!(added.status.success(), "{}", err(&added));
    assert!(with(true, &["check"]).status.success());
    let told = with(false, &["check"]);
    assert!(!told.status.success() && out(&told).contains("nobody can sign in to Till"), "{}", out(&told));
}

#[test]
fn a_person_is_added_with_a_password_from_standard_input() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let add = |email: &str, password: &str| {
        let mut command = watchbell(home.path());
        command.args(["user", "add", "--name", "Ann", "--password-stdin", "--email", email, "--data"]).arg(&data);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let weak = add("ann@example.com", "password\n");
    assert!(!weak.status.success() && err(&weak).starts_with("watchbell: the password is "), "{}", err(&weak));
    assert!(add("ann@example.com", "seven green otters swim\n").status.success());
    let twice = add("ANN@example.com", "seven green otters swim\n");
    assert!(err(&twice).contains("there is an account with this mail address: `watchbell user list` shows it"));
    let unlock = run(watchbell(home.path()).args(["user", "unlock", "ann@example.com", "--data"]).arg(&data));
    assert_eq!(out(&unlock), "ann@example.com was not locked: nothing had to be opened.\n");
    let list = run(watchbell(home.path()).args(["user", "list", "--data"]).arg(&data));
    assert!(out(&list).contains("active"), "{}", out(&list));
    let odd = run(watchbell(home.path()).args(["user", "list", "--data"]).arg(&data).env("WATCHBELL_FOO", "x"));
    assert!(err(&odd).starts_with("watchbell: environment variable WATCHBELL_FOO: there is no such setting"));
}

#[test]
fn a_lost_master_key_is_not_replaced_by_a_new_one() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let key = std::fs::read(data.join("master.key")).unwrap();
    std::fs::remove_file(data.join("master.key")).unwrap();
    let start = || run(watchbell(home.path()).args(["dev", "--port", "0", "--data"]).arg(&data));
    assert!(err(&start()).contains("put it back from your backup"), "{}", err(&start()));
    assert!(!data.join("master.key").exists());

    let check = |expected: i32| {
        let output = run(watchbell(home.path()).args(["check", "--data"]).arg(&data));
        assert_eq!(output.status.code(), Some(expected), "{}", out(&output));
        out(&output)
    };
    assert!(check(1).contains("WRONG    master key"));
    std::fs::write(data.join("master.key"), "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n").unwrap();
    assert!(check(1).contains("is not the key that this database was made with"));
    assert!(err(&start()).contains("Use the master key that this database was made with"), "{}", err(&start()));
    std::fs::write(data.join("master.key"), key).unwrap();
    check(0);
}

/// A configuration that is safe in production, in a folder of its own.
fn production(home: &Path, origin: &str) -> Command {
    let data = home.join("data");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\npublic_origin = \"{origin}\"\n[database]\nurl = \"sqlite:{}\"\n[keys]\n\
         master_key_file = \"{}\"\n[mail]\nsmtp_url = \"smtp://127.0.0.1:9\"\nfrom = \"no-reply@example.com\"\n[push]\n\
         contact = \"mailto:security@example.com\"\n",
        data.join("watchbell.db").display(),
        data.join("master.key").display(),
    );
    std::fs::write(home.join("watchbell.toml"), text).unwrap();
    let mut command = watchbell(home);
    command.args(["serve", "--config", "watchbell.toml"]);
    command
}

#[test]
fn serve_runs_with_safe_settings_and_prints_the_set_up_link_until_it_is_used() {
    let home = folder();
    let server = Server::start(&mut production(home.path(), "https://id.example.com"));
    assert_eq!(server.url(), "https://id.example.com");
    assert!(server.lines[0].starts_with("Set it up within a day: https://id.example.com/setup?token=wb_su_"));
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn serve_refuses_insecure_settings_and_names_them_all() {
    let home = folder();
    let mut command = production(home.path(), "https://id.example.com");
    command.env("WATCHBELL_PASSWORD__MEMORY_KIB", "1024").env("WATCHBELL_PUSH__TRUSTED_ORIGINS", "http://127.0.0.1:9");
    let output = run(&mut command);
    assert_eq!(output.status.code(), Some(1));
    let text = err(&output);
    assert!(text.contains("environment variable WATCHBELL_PASSWORD__MEMORY_KIB: password.memory_kib: "), "{text}");
    assert!(text.contains("environment variable WATCHBELL_PUSH__TRUSTED_ORIGINS: push.trusted_origins: "), "{text}");
    assert!(!home.path().join("data").exists(), "nothing is made before the settings are fine");
}

#[cfg(unix)]
#[test]
fn serve_refuses_a_master_key_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let home = folder();
    assert_eq!(Server::start(&mut production(home.path(), "https://id.example.com")).stop().0, Some(0));
    let key = home.path().join("data/master.key");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o640)).unwrap();
    let output = run(&mut production(home.path(), "https://id.example.com"));
    assert!(err(&output).contains("can be read by others (mode 640): run chmod 600"), "{}", err(&output));
}

#[test]
fn an_installation_moves_to_another_origin_only_when_told() {
    let home = folder();
    assert_eq!(Server::start(&mut production(home.path(), "https://id.example.com")).stop().0, Some(0));
    let refused = run(&mut production(home.path(), "https://login.example.com"));
    let text = err(&refused);
    assert!(text.starts_with("watchbell: watchbell.toml:3: server.public_origin: "), "{text}");
    assert!(text.contains("--accept-new-origin") && text.contains("https://id.example.com"), "{text}");
    let moved = Server::start(production(home.path(), "https://login.example.com").arg("--accept-new-origin"));
    assert_eq!(moved.stop().0, Some(0));
    assert_eq!(Server::start(&mut production(home.path(), "https://login.example.com")).stop().0, Some(0));
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_line() {
    let home = folder();
    std::fs::write(home.path().join("watchbell.toml"), "[server]\nlisten_on = \"x\"\n").unwrap();
    for command in ["serve", "check", "migrate"] {
        let output = run(watchbell(home.path()).args([command, "--config", "watchbell.toml"]));
        assert_eq!(output.status.code(), Some(1), "{command}");
        let text = err(&output);
        assert!(text.starts_with("watchbell: watchbell.toml:2: server.listen_on: there is no such key"), "{text}");
    }
}

#[test]
fn a_command_that_can_not_tell_which_installation_asks() {
    let home = folder();
    let output = run(watchbell(home.path()).args(["client", "list"]));
    assert!(err(&output).contains("which installation? Add --dev"), "{}", err(&output));
    let output = run(watchbell(home.path()).args(["client", "list", "--dev"]));
    assert!(err(&output).contains("start `watchbell dev` first"), "{}", err(&output));
}
