//! A private PostgreSQL for tests: a cluster in a temporary folder, on a free port, gone with its owner.
//!
//! It lies in memory-backed storage where there is some, and syncs nothing: a test database is worth nothing after the
//! tests. A small shell minds the server and waits on a pipe: when the owner ends in any way, kill -9 included, the pipe
//! closes, the server is stopped and the folder removed.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Trouble, process};

mod pair;

pub use pair::Pair;

/// What the minding shell does: `$1` is the folder, the rest starts the server. A line that it reads is a time: the server ends at
/// once, as in a crash, and starts again after so many seconds. Where it says `for ever`, it is killed and does not come back.
const MINDER: &str = r#"
trap "" INT TERM HUP
folder=$1; shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
while read -r outage; do
  if [ "$outage" = "for ever" ]; then kill -KILL "$server"; wait "$server"; echo gone >"$folder/gone"; continue; fi
  kill -QUIT "$server"
  wait "$server"
  sleep "$outage"
  "$@" >"$folder/log" 2>&1 </dev/null &
  server=$!
done
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

/// The server is stopped as soon as this is dropped.
pub struct Cluster {
    minder: Child,
    port: u16,
    folder: PathBuf,
}

/// The user that the server runs as when we are root: it refuses to run as root.
pub(crate) struct Runner {
    uid: u32,
    gid: u32,
}

/// Puts the files of a database into a folder.
type Fill<'a> = dyn Fn(&Path) -> Result<(), Trouble> + 'a;

impl Cluster {
    /// Makes a cluster and waits until it answers.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; the sentence holds the end of its log.
    pub fn start() -> Result<Self, Trouble> {
        Self::start_with(&["synchronous_commit=off"])
    }

    /// The same, with all that it acknowledged still there after [`Cluster::crash`].
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_durable() -> Result<Self, Trouble> {
        Self::start_with(&["synchronous_commit=on"])
    }

    fn start_with(settings: &[&str]) -> Result<Self, Trouble> {
        let programs = programs().ok_or_else(|| {
            Trouble::new(
                "PostgreSQL's initdb is nowhere: install it with `cargo xtask packages`, \
                 or set WATCHBELL_TEST_POSTGRES_URL to a server",
            )
        })?;
        let runner = runner()?;
        let fill = |folder: &Path| fill(&programs, folder, runner.as_ref());
        Self::filled(&programs, runner.as_ref(), (&fill, settings))
    }

    /// Serves what `fill` puts into a folder.
    fn filled(
        programs: &Path,
        runner: Option<&Runner>,
        (fill, settings): (&Fill<'_>, &[&str]),
    ) -> Result<Self, Trouble> {
        // Between our choice of a free port and the server's bind somebody else may take it: then choose again.
        let mut last = Trouble::new("no free port");
        for _ in 0..5 {
            let folder = fresh_folder(runner)?;
            if let Err(trouble) = fill(&folder) {
                let _ = fs::remove_dir_all(&folder);
                return Err(trouble);
            }
            match serve(programs, &folder, runner, settings) {
                Ok(cluster) => return Ok(cluster),
                Err(trouble) => last = trouble,
            }
        }
        Err(last)
    }

    /// Where it keeps its files; gone when the cluster is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the server at once, as in a crash, lets it be down for a while, and waits until it has recovered.
    ///
    /// # Errors
    /// When it does not come back; the sentence holds the end of its log.
    pub fn crash(&mut self, outage: Duration) -> Result<(), Trouble> {
        let log = self.folder.join("log");
        // What was said before the crash must not be taken for what comes after it.
        fs::write(&log, "").map_err(Trouble::during("empty PostgreSQL's log"))?;
        self.tell(&outage.as_secs_f32().to_string())?;
        self.wait_until_ready()
    }

    fn tell(&mut self, line: &str) -> Result<(), Trouble> {
        let minder = self.minder.stdin.as_mut().ok_or_else(|| Trouble::new("nobody minds the server"))?;
        writeln!(minder, "{line}").map_err(Trouble::during("end PostgreSQL"))
    }

    fn wait_until_ready(&self) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            if ["ready to accept connections", "ready to accept read-only connections"]
                .iter()
                .any(|text| log.contains(text))
                && TcpStream::connect(("127.0.0.1", self.port)).is_ok()
            {
                return Ok(());
            }
            // While it recovers it refuses whoever tries, and says so by this word too.
            if log.lines().any(|line| line.contains("FATAL") && !line.contains("the database system is")) {
                return Err(did_not_start(&log));
            }
            thread::sleep(Duration::from_millis(30));
        }
        Err(did_not_start("no answer within 30 seconds"))
    }

    /// The address of its first database, as in `WATCHBELL_TEST_POSTGRES_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://watchbell@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.minder.stdin.take());
        let _ = self.minder.wait();
    }
}

fn fill(programs: &Path, folder: &Path, runner: Option<&Runner>) -> Result<(), Trouble> {
    let mut command = as_runner(Command::new(programs.join("initdb")), runner);
    command.args(["--auth=trust", "--username=watchbell", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]);
    process::output(command.arg(folder.join("data")).current_dir(folder)).map(drop)
}

fn serve(programs: &Path, folder: &Path, runner: Option<&Runner>, settings: &[&str]) -> Result<Cluster, Trouble> {
    let port = free_port()?;
    let mut command = as_runner(Command::new("/bin/sh"), runner);
    command
        .args(["-c", MINDER, "minder"])
        .arg(folder)
        .arg(programs.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"));
    command.args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"]).arg(folder);
    for setting in [
        "fsync=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "autovacuum=off",
        "max_connections=300",
        "shared_buffers=64MB",
        "timezone=UTC",
    ]
    .iter()
    .chain(settings)
    {
        command.args(["-c", setting]);
    }
    let minder = command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(Trouble::during("start PostgreSQL"))?;
    let cluster = Cluster { minder, port, folder: folder.to_path_buf() };
    cluster.wait_until_ready()?;
    Ok(cluster)
}

fn did_not_start(log: &str) -> Trouble {
    let tail: Vec<&str> = log.lines().rev().take(3).collect();
    Trouble::new(format!("PostgreSQL did not start: {}", tail.join(" | ")))
}

/// The folder that holds `initdb` and `postgres`: the newest of Debian's, else the one on `PATH`.
#[must_use]
pub fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder): &(u32, PathBuf)| folder.join("initdb").exists() && folder.join("postgres").exists())
        .collect();
    found.sort();
    let on_path = || {
        let file = fs::canonicalize(crate::packages::on_path("initdb")?).ok()?;
        file.parent().map(Path::to_path_buf)
    };
    found.pop().map(|(_, folder)| folder).or_else(on_path)
}

pub(crate) fn runner() -> Result<Option<Runner>, Trouble> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(Trouble::during("read the list of users"))?;
    for name in ["postgres", "nobody"] {
        let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|f| f.first() == Some(&name));
        if let Some([_, _, uid, gid, ..]) = fields.as_deref()
            && let (Ok(uid), Ok(gid)) = (uid.parse(), gid.parse())
        {
            return Ok(Some(Runner { uid, gid }));
        }
    }
    Err(Trouble::new("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it"))
}

pub(crate) fn as_runner(mut command: Command, runner: Option<&Runner>) -> Command {
    if let Some(runner) = runner {
        command.uid(runner.uid).gid(runner.gid);
    }
    command.env_remove("PGDATA").env_remove("PGPORT").env_remove("PGHOST");
    command
}

/// A new folder of our own, in memory where the system has room there.
fn fresh_folder(runner: Option<&Runner>) -> Result<PathBuf, Trouble> {
    let memory = Path::new("/dev/shm");
    let roomy = rustix::fs::statvfs(memory).is_ok_and(|fs| fs.f_bavail.saturating_mul(fs.f_frsize) > 1 << 30);
    let parent = if roomy { memory.to_path_buf() } else { std::env::temp_dir() };
    folder_in(&parent, "postgres", runner)
}

/// A new folder of a server's own.
pub(crate) fn folder_in(parent: &Path, of: &str, runner: Option<&Runner>) -> Result<PathBuf, Trouble> {
    for attempt in 0..1000 {
        let folder = parent.join(format!("watchbell-{of}-{}-{attempt}", std::process::id()));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {
                if let Some(runner) = runner {
                    chown(&folder, Some(runner.uid), Some(runner.gid))
                        .map_err(Trouble::during("hand over a folder"))?;
                }
                return Ok(folder);
            }
            Err(taken) if taken.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(other) => return Err(Trouble::new(format!("make {}: {other}", folder.display()))),
        }
    }
    Err(Trouble::new(format!("{} is full of old test folders: remove them", parent.display())))
}

/// A port that nobody listens on just now.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> Result<u16, Trouble> {
    let socket = TcpListener::bind(("127.0.0.1", 0)).map_err(Trouble::during("find a free port"))?;
    socket.local_addr().map(|address| address.port()).map_err(Trouble::during("find a free port"))
}
