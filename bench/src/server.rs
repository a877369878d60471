//! Servers that are measured: started on free ports of this machine, each pinned to the first core.

use crate::product::Product;
use crate::rounds::Running;
use anyhow::{Result, bail};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running server; it ends with this value.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// From its start until it answered.
    pub(crate) start: Duration,
    /// What goes with it.
    _folder: Option<TempDir>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is needed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a program that answers for `host` (its address, without one), and waits until it says what it is.
    pub(crate) fn start(command: &mut Command, address: String, host: Option<&str>) -> Result<Self> {
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self { child, address, start: Duration::ZERO, _folder: None };
        while !answers(&server.address, host.unwrap_or(&server.address)) {
            if begun.elapsed() > Duration::from_secs(30) || server.child.try_wait()?.is_some() {
                bail!("the server does not come up; see what it said above");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        server.start = begun.elapsed();
        Ok(server)
    }

    /// A product as it is performed on this server.
    pub(crate) fn run(&self, mut product: Product) -> Running {
        product.address.clone_from(&self.address);
        Running { product, server: self.pid() }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator does, so that nothing is left to do at the next start.
    pub(crate) fn stop(mut self) -> Result<()> {
        let done = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status()?;
        if !done.success() || !self.child.wait()?.success() {
            bail!("the server did not stop in order");
        }
        Ok(())
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
pub(crate) fn pinned(program: &Path) -> Command {
    let has_taskset = Command::new("taskset").arg("-V").output().is_ok_and(|done| done.status.success());
    if !has_taskset {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// An address of this machine at which nobody listens.
pub(crate) fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Starts a yardstick: the least work that an honest answer takes. `variables` choose which.
pub(crate) fn yardstick(program: &Path, variables: &[(String, String)]) -> Result<Server> {
    let (folder, address) = (tempfile::tempdir()?, free_address()?);
    let mut command = pinned(program);
    command.env("ADDRESS", &address).env("DB", folder.path().join("yardstick.db"));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let mut server = Server::start(&mut command, address, None)?;
    server._folder = Some(folder);
    Ok(server)
}
