//! A PostgreSQL server for the tests.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The server's URL. `None` when there is none to be had: never in CI.
pub(crate) fn url() -> Option<String> {
    if let Ok(url) = std::env::var("WATCHBELL_TEST_POSTGRES_URL") {
        return Some(url);
    }
    static OWN: OnceLock<Option<Own>> = OnceLock::new();
    let own = OWN.get_or_init(|| binaries().map(|bin| Own::start(&bin)));
    if own.is_none() {
        assert!(std::env::var_os("CI").is_none(), "no PostgreSQL: set WATCHBELL_TEST_POSTGRES_URL or install it");
        eprintln!("skipped: no PostgreSQL (set WATCHBELL_TEST_POSTGRES_URL or install it)");
    }
    own.as_ref().map(|own| own.url.clone())
}

/// A server of our own. It ends when its standard input does, which is when this process ends.
struct Own {
    url: String,
    _server: Child,
}

fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.sort();
    versions.into_iter().rev().find(|bin| bin.join("initdb").exists())
}

const START: &str = r#"
set -e
dir=$(mktemp -d -t store-test-XXXXXX)
"$BIN/initdb" -D "$dir/data" -U postgres -A trust --no-sync -E UTF8 >"$dir/log" 2>&1
"$BIN/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=300 >>"$dir/log" 2>&1 </dev/null &
server=$!
until "$BIN/pg_isready" -q -h "$dir"; do kill -0 $server; sleep 0.05; done
echo "$dir"
cat >/dev/null || true
kill -INT $server || true
wait $server || true
rm -rf "$dir"
"#;

impl Own {
    fn start(bin: &Path) -> Self {
        // PostgreSQL refuses to run as root.
        let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
        let mut command = if root { Command::new("runuser") } else { Command::new("sh") };
        if root {
            command.args(["-u", "postgres", "--", "sh"]);
        }
        command.args(["-c", START]).env("BIN", bin).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().expect("start PostgreSQL");
        let mut line = String::new();
        let mut out = std::io::BufReader::new(server.stdout.take().expect("piped"));
        std::io::BufRead::read_line(&mut out, &mut line).expect("PostgreSQL says where it is");
        let dir = line.trim();
        assert!(!dir.is_empty(), "PostgreSQL did not start");
        Self { url: format!("postgres://postgres@{}/postgres", dir.replace('/', "%2F")), _server: server }
    }
}
