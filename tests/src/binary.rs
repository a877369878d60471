//! The real program as a child process: `watchbell dev` in a folder of its own, to be stopped, killed and started again.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::{Duration, Instant};

use actix_web::test::TestRequest;
use futures_util::future::LocalBoxFuture;
use tempfile::TempDir;

use crate::browser::{Browser, Reply};
use crate::mailbox::Mailbox;
use crate::plain;

/// How long a start may take before it counts as failed. A debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `watchbell dev`. It is killed when dropped, and its data go with it.
pub struct Binary {
    child: Child,
    said: Said,
    log: Arc<Mutex<String>>,
    program: &'static Path,
    environment: Vec<(String, String)>,
    started: Duration,
    data: TempDir,
}

/// What the program printed before it was ready.
#[derive(Debug, Clone, Default)]
struct Said {
    url: String,
    listens: String,
    operations: Option<String>,
    setup: Option<String>,
    demo: String,
    mail: String,
}

impl Binary {
    /// Starts `watchbell dev` on free ports with a new data folder.
    pub async fn dev() -> Self {
        Self::dev_with(&[]).await
    }

    /// The same with settings of the configuration, like `("WATCHBELL_SIGN_IN__REGISTRATION", "closed")`.
    pub async fn dev_with(settings: &[(&str, &str)]) -> Self {
        Self::dev_of(program(), settings).await
    }

    /// The same of a debug build, whatever `WATCHBELL_BIN` says: only there are points at which it ends at once.
    pub async fn armed_with(settings: &[(&str, &str)]) -> Self {
        Self::dev_of(debug_program(), settings).await
    }

    async fn dev_of(program: &'static Path, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::Builder::new().prefix("watchbell-dev-").tempdir().expect("make a data folder");
        let environment: Vec<_> = settings.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let begun = Instant::now();
        let (child, said, log) = launch(&[program], (data.path(), 0), &environment).await;
        Self { child, said, log, program, environment, started: begun.elapsed(), data }
    }

    /// Where people find it: the URL of the line `ready URL`.
    pub fn url(&self) -> &str {
        &self.said.url
    }

    /// The address where the process itself listens, whatever is in front of it.
    pub fn listens(&self) -> &str {
        &self.said.listens
    }

    /// The address of the listener for operators, where it has one.
    pub fn operations(&self) -> Option<&str> {
        self.said.operations.as_deref()
    }

    /// The link with which the operator sets it up; nothing when that was done already.
    pub fn setup(&self) -> Option<&str> {
        self.said.setup.as_deref()
    }

    /// The demo app.
    pub fn demo(&self) -> &str {
        &self.said.demo
    }

    /// The mail that it sent.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::new(&self.said.mail)
    }

    /// What it has counted, from the listener for operators: for one that was started with `WATCHBELL_SERVER__OPERATIONS_LISTEN`.
    pub async fn metrics(&self) -> String {
        let origin = format!("http://{}", self.operations().expect("a listener for operators"));
        plain::send(&origin, TestRequest::with_uri("/metrics")).await.expect("it tells what it counted").body
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// How long the last start took, from the process's start to its line `ready URL`.
    pub fn start_time(&self) -> Duration {
        self.started
    }

    /// What it has written to its standard error so far: its log.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// A fresh browser.
    pub fn browser(&self, agent: &'static str) -> Browser {
        let origin = self.said.url.clone();
        let server = Rc::new(move |request: TestRequest| {
            let origin = origin.clone();
            let answer = async move { plain::send(&origin, request).await.expect("the program answers") };
            let answer: LocalBoxFuture<'static, Reply> = Box::pin(answer);
            answer
        });
        Browser::new(server, self.url(), agent)
    }

    /// A request, with the answer or how it broke off.
    ///
    /// # Errors
    /// When the program is gone, or goes before it has answered.
    pub async fn send(&self, request: TestRequest) -> std::io::Result<Reply> {
        plain::send(&self.said.url, request).await
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub async fn stop(&mut self) -> ExitStatus {
        xtask::process::ask_to_end(&self.child);
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("wait for the program") {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not stop:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().expect("kill the program");
        self.child.wait().expect("wait for the program");
    }

    /// Whether it ends by itself within that time.
    pub async fn ends_within(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            if self.child.try_wait().expect("wait for the program").is_some() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Leaves it so much room in each of its files, as a disk that gets full does; `None` gives it room again.
    #[cfg(target_os = "linux")]
    pub fn leave_room(&self, bytes: Option<u64>) {
        xtask::process::limit_files(&self.child, bytes).expect("limit its files");
    }

    /// Is another program from the next start on, such as [`previous`].
    pub const fn becomes(&mut self, program: &'static Path) {
        self.program = program;
    }

    /// Gives a setting another value for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Starts it again on the same data and the same port, after [`Binary::stop`] or [`Binary::kill`].
    pub async fn start_again(&mut self) {
        self.start_again_under(&[]).await;
    }

    /// The same under another program, which is given its command line, and becomes it or ends with it.
    pub async fn start_again_under(&mut self, other: &[String]) {
        let port = url::Url::parse(self.url()).expect("a URL").port().expect("a port");
        let words: Vec<&Path> = other.iter().map(Path::new).chain([self.program]).collect();
        let begun = Instant::now();
        (self.child, self.said, self.log) = launch(&words, (self.data.path(), port), &self.environment).await;
        self.started = begun.elapsed();
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the program's log:\n{}", self.log());
        }
    }
}

/// A command of the program, without the settings of whoever runs the tests.
pub fn command(arguments: &[&str]) -> Command {
    command_of(&[program()], arguments)
}

fn command_of(words: &[&Path], arguments: &[&str]) -> Command {
    // Where there is no room for a file, it is told so, as by a full disk, instead of being ended.
    let mut command = Command::new("/bin/sh");
    command.args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#]).args(words);
    let strangers: Vec<OsString> = std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_string_lossy().starts_with("WATCHBELL_"))
        .collect();
    for name in strangers {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Where the program is: `WATCHBELL_BIN`, else a debug build made now.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("WATCHBELL_BIN") {
        Some(file) => xtask::root().join(file),
        None => debug_program().to_owned(),
    })
}

/// The program of the release before this version: `WATCHBELL_PREVIOUS_BIN`, else built from its tag. As long as there is none, this
/// version's.
pub fn previous() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("WATCHBELL_PREVIOUS_BIN") {
        Some(file) => xtask::root().join(file),
        None => match xtask::releases::binary_before().unwrap_or_else(|trouble| panic!("{trouble}")) {
            Some(file) => file,
            None => program().to_owned(),
        },
    })
}

fn debug_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("WATCHBELL_DEBUG_BIN") {
        Some(file) => xtask::root().join(file),
        None => xtask::suite::debug_binary().unwrap_or_else(|trouble| panic!("{trouble}")),
    })
}

async fn launch(
    words: &[&Path],
    (data, port): (&Path, u16),
    environment: &[(String, String)],
) -> (Child, Said, Arc<Mutex<String>>) {
    let mut command = command_of(words, &["dev", "--json", "--port", &port.to_string(), "--data"]);
    command.arg(data).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("start the program");
        let log = Arc::new(Mutex::new(String::new()));
        gather(child.stderr.take().expect("its standard error"), Arc::clone(&log));
        let lines = lines(child.stdout.take().expect("its standard output"));
        let mut said = Said::default();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    said.hear(&line);
                    if line.starts_with("ready ") {
                        return (child, said, log);
                    }
                }
                Err(_) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    panic!("the program did not become ready:\n{}", log.lock().unwrap());
                }
            }
        }
    })
    .await
    .expect("the program starts")
}

impl Said {
    fn hear(&mut self, line: &str) {
        if let Some(url) = line.strip_prefix("ready ") {
            self.url = url.trim().to_owned();
        } else if let Ok(addresses) = serde_json::from_str::<serde_json::Value>(line) {
            let text = |name: &str| addresses[name].as_str().map(str::to_owned);
            self.listens = text("listen").unwrap_or_default();
            self.operations = text("operations");
            self.setup = text("set_up");
            self.demo = text("demo").unwrap_or_default();
            self.mail = text("mail").unwrap_or_default();
        }
    }
}

/// Reads lines on a thread, to the end: a program whose pipe is full stands still.
fn lines(from: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

fn gather(from: impl Read + Send + 'static, into: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut log = into.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}
