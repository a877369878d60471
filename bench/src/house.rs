//! An installation of Watchbell: its settings, its apps, its people.

use crate::product::Product;
use crate::server::{Server, free_address, pinned};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const PASSWORD: &str = "Correct-Horse-Battery-1!";
const HOST: &str = "id.bench.test";
const REDIRECT: &str = "https://app.bench.test/callback";

/// What every app of the bench may do.
const APP: [&str; 13] = [
    "--name",
    "Bench",
    "--redirect-uri",
    REDIRECT,
    "--auth=post",
    "--first-party",
    "--resource-server",
    "--api-scope=api",
    "--grant-type=authorization_code",
    "--grant-type=refresh_token",
    "--grant-type=client_credentials",
    "--json",
    "--id",
];

/// An installation in a folder of its own, which goes with it.
pub(crate) struct Installation {
    program: PathBuf,
    folder: TempDir,
    database: Option<String>,
    /// A push service on this machine, to which `watchbell dev` alone sends.
    sink: Option<String>,
}

impl Installation {
    /// A new one: on SQLite, or on the PostgreSQL database `database`.
    pub(crate) fn new(program: &Path, database: Option<&str>) -> Result<Self> {
        let (program, folder) = (program.to_path_buf(), tempfile::tempdir()?);
        Ok(Self { program, folder, database: database.map(str::to_owned), sink: None })
    }

    /// The same, run by `watchbell dev`, which sends to the push service at `origin`.
    pub(crate) fn dev(self, origin: &str) -> Self {
        Self { sink: Some(origin.to_owned()), ..self }
    }

    /// What requests have to name in `Host`.
    pub(crate) fn host(&self, address: &str) -> String {
        match (&self.sink, address.rsplit_once(':')) {
            (Some(_), Some((_, port))) => format!("localhost:{port}"),
            _ => HOST.to_owned(),
        }
    }

    /// What runs it.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// A file of its folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn set_up(&self, mut command: Command, listen: &str) -> Command {
        let at = |name: &str| self.file(name).display().to_string();
        let both = [
            ("SERVER__WORKERS", "1".to_owned()),
            ("PASSWORD__HASHERS", "1".to_owned()),
            ("LOG__LEVEL", "error".to_owned()),
        ];
        let sink = self.sink.clone().map(|origin| ("PUSH__TRUSTED_ORIGINS", origin));
        let settings = [
            ("SERVER__LISTEN", listen.to_owned()),
            ("SERVER__PUBLIC_ORIGIN", format!("https://{HOST}")),
            ("SERVER__TRUSTED_PROXIES", "127.0.0.1/32".to_owned()),
            ("DATABASE__URL", self.database.clone().unwrap_or_else(|| format!("sqlite:{}", at("watchbell.db")))),
            ("KEYS__MASTER_KEY_FILE", at("master.key")),
            // Nobody takes these mails: they wait in the outbox.
            ("MAIL__SMTP_URL", "smtp://127.0.0.1:9".to_owned()),
            ("MAIL__FROM", "Bench <bench@bench.test>".to_owned()),
            ("PUSH__CONTACT", "mailto:bench@bench.test".to_owned()),
        ];
        let settings = both.into_iter().chain(sink).chain(settings.into_iter().filter(|_| self.sink.is_none()));
        command.env_clear().envs(settings.map(|(name, value)| (format!("WATCHBELL_{name}"), value)));
        command.current_dir(self.folder.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Starts a server. The first one makes the database.
    pub(crate) fn serve(&self) -> Result<Server> {
        let address = free_address()?;
        let mut command = self.set_up(pinned(&self.program), &address);
        let host = self.host(&address);
        match (&self.sink, address.rsplit_once(':')) {
            (Some(_), Some((_, port))) => command.args(["dev", "--port", port, "--data"]).arg(self.folder.path()),
            _ => command.arg("serve"),
        };
        Server::start(&mut command, address, Some(&host))
    }

    /// Runs a command, and gives back what it says in JSON.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Result<Value> {
        let mut command = self.set_up(Command::new(&self.program), "127.0.0.1:0");
        command.args(arguments);
        if self.sink.is_some() {
            command.arg("--data").arg(self.folder.path());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| self.program.display().to_string())?;
        child.stdin.take().context("no standard input")?.write_all(input.as_bytes())?;
        let done = child.wait_with_output()?;
        if !done.status.success() {
            bail!("watchbell {} failed", arguments.join(" "));
        }
        Ok(serde_json::from_slice(&done.stdout).unwrap_or_default())
    }

    /// Adds what the product's scenarios need: an app, one more whose access tokens are signed with RS256 if `rs256`, and people.
    pub(crate) fn furnish(&self, product: &mut Product, rs256: bool) -> Result<()> {
        self.add_app(product, "bench", &[])?;
        if rs256 {
            self.add_app(product, "bench-rs256", &["--access-token-alg", "rs256"])?;
        }
        for n in 0..product.users.count {
            let email = format!("user{n}@bench.test");
            let person = ["user", "add", "--json", "--email", &email, "--name", "User Example", "--password-stdin"];
            self.run(&person, PASSWORD)?;
        }
        Ok(())
    }

    fn add_app(&self, product: &mut Product, id: &str, own: &[&str]) -> Result<()> {
        let added = self.run(&[&["client", "add"], &APP[..], &[id], own].concat(), "")?;
        let secret = added.pointer("/client_secret").and_then(Value::as_str).context("client add printed no secret")?;
        product.vars.insert(format!("{}_secret", id.replace('-', "_")), secret.to_owned());
        Ok(())
    }
}
