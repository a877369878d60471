//! The servers that are measured: started on free ports of this machine, each pinned to the first core.

use crate::product::Product;
use crate::rounds::Running;
use anyhow::{Context as _, Result, bail};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PASSWORD: &str = "Correct-Horse-Battery-1!";
const HOST: &str = "id.bench.test";
const REDIRECT: &str = "https://app.bench.test/callback";

/// A running server; it ends with this value.
pub(crate) struct Server {
    child: Child,
    address: String,
    /// From its start until it answered.
    pub(crate) start: Duration,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is needed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// A product as it is performed on this server.
    pub(crate) fn run(&self, mut product: Product) -> Running {
        product.address.clone_from(&self.address);
        Running { product, server: self.child.id() }
    }

    fn start(command: &mut Command, (address, host): (String, &str), folder: TempDir) -> Result<Self> {
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self { child, address, start: Duration::ZERO, _folder: folder };
        while !answers(&server.address, host) {
            if begun.elapsed() > Duration::from_secs(30) || server.child.try_wait()?.is_some() {
                bail!("the server does not come up; see what it said above");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        server.start = begun.elapsed();
        Ok(server)
    }
}

/// Whether a server says what it is (its metadata).
fn answers(address: &str, host: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        let path = "/.well-known/openid-configuration";
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status == *b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}

/// A program, on the first core if there is `taskset`.
fn pinned(program: &Path) -> Command {
    let has_taskset = Command::new("taskset").arg("-V").output().is_ok_and(|done| done.status.success());
    if !has_taskset {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Starts a yardstick: the least work that an honest answer takes. `variables` choose which.
pub(crate) fn yardstick(program: &Path, variables: &[(String, String)]) -> Result<Server> {
    let (folder, address) = (tempfile::tempdir()?, free_address()?);
    let mut command = pinned(program);
    command.env("ADDRESS", &address).env("DB", folder.path().join("yardstick.db"));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let host = address.clone();
    Server::start(&mut command, (address, &host), folder)
}

/// Starts Watchbell on a new SQLite database (or on `database`) with the product's people and its apps.
pub(crate) fn watchbell(program: &Path, product: &mut Product, database: Option<&str>) -> Result<Server> {
    let (folder, address) = (tempfile::tempdir()?, free_address()?);
    let place = folder.path().to_path_buf();
    let at = |name: &str| place.join(name).display().to_string();
    let settings = [
        ("SERVER__LISTEN", address.clone()),
        ("SERVER__PUBLIC_ORIGIN", format!("https://{HOST}")),
        ("SERVER__WORKERS", "1".to_owned()),
        ("SERVER__TRUSTED_PROXIES", "127.0.0.1/32".to_owned()),
        ("DATABASE__URL", database.map_or_else(|| format!("sqlite:{}", at("watchbell.db")), str::to_owned)),
        ("KEYS__MASTER_KEY_FILE", at("master.key")),
        ("PASSWORD__HASHERS", "1".to_owned()),
        // Nobody takes these mails: they wait in the outbox.
        ("MAIL__SMTP_URL", "smtp://127.0.0.1:9".to_owned()),
        ("MAIL__FROM", "Bench <bench@bench.test>".to_owned()),
        ("PUSH__CONTACT", "mailto:bench@bench.test".to_owned()),
        ("LOG__LEVEL", "error".to_owned()),
    ];
    let prepare = |mut command: Command| {
        command.env_clear().envs(settings.iter().map(|(name, value)| (format!("WATCHBELL_{name}"), value)));
        command.current_dir(&place).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    };
    // The commands work beside it: it makes the database.
    let mut command = prepare(pinned(program));
    command.arg("serve");
    let server = Server::start(&mut command, (address, HOST), folder)?;
    let run = |arguments: &[&str], input: &str| -> Result<serde_json::Value> {
        let mut command = prepare(Command::new(program));
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| program.display().to_string())?;
        child.stdin.take().context("no standard input")?.write_all(input.as_bytes())?;
        let done = child.wait_with_output()?;
        if !done.status.success() {
            bail!("watchbell {} failed", arguments.join(" "));
        }
        Ok(serde_json::from_slice(&done.stdout).unwrap_or_default())
    };
    for (id, alg) in [("bench", "es256"), ("bench-rs256", "rs256")] {
        let client = run(
            &[
                "client",
                "add",
                "--json",
                "--name",
                "Bench",
                "--id",
                id,
                "--redirect-uri",
                REDIRECT,
                "--auth",
                "post",
                "--first-party",
                "--resource-server",
                "--api-scope",
                "api",
                "--id-token-alg",
                alg,
                "--grant-type",
                "authorization_code",
                "--grant-type",
                "refresh_token",
                "--grant-type",
                "client_credentials",
            ],
            "",
        )?;
        let secret = client.pointer("/client_secret").or_else(|| client.pointer("/secret"));
        let secret = secret.and_then(|secret| secret.as_str()).context("client add printed no secret")?;
        product.vars.insert(format!("{}_secret", id.replace("-", "_")), secret.to_owned());
    }
    for n in 0..product.users.count {
        let email = format!("user{n}@bench.test");
        run(&["user", "add", "--json", "--email", &email, "--name", "User Example", "--password-stdin"], PASSWORD)?;
    }
    product.host = Some(HOST.to_owned());
    Ok(server)
}
