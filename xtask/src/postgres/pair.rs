//! Two servers, of which one follows the other: what is acknowledged, both have.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::{Cluster, as_runner, programs, runner};
use crate::{Trouble, process};

/// What both are started with. Their shared memory lies in their folders: one that is killed takes nothing away after itself.
const BOTH: [&str; 4] =
    ["synchronous_commit=on", "wal_level=replica", "max_wal_senders=4", "dynamic_shared_memory_type=mmap"];

/// A primary and its synchronous standby, until they are dropped.
pub struct Pair {
    primary: Cluster,
    standby: Cluster,
}

impl Pair {
    /// Starts both. The primary acknowledges nothing that the standby has not.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; the sentence holds the end of its log.
    pub fn start() -> Result<Self, Trouble> {
        let primary = Cluster::start_with(&[&BOTH[..], &["synchronous_standby_names=*"]].concat())?;
        let programs = programs().ok_or_else(|| Trouble::new("PostgreSQL's initdb is nowhere"))?;
        let runner = runner()?;
        let port = primary.port.to_string();
        let follow = |folder: &Path| {
            let mut command = as_runner(Command::new(programs.join("pg_basebackup")), runner.as_ref());
            command.args(["--host=127.0.0.1", "--username=watchbell", "--port", &port]).current_dir(folder);
            command.args(["--checkpoint=fast", "--write-recovery-conf", "--no-sync", "--pgdata"]);
            process::output(command.arg(folder.join("data"))).map(drop)
        };
        let standby = Cluster::filled(&programs, runner.as_ref(), (&follow, &BOTH))?;
        Ok(Self { primary, standby })
    }

    /// An address that names both, for whoever writes.
    #[must_use]
    pub fn url(&self) -> String {
        let (primary, standby) = (self.primary.port, self.standby.port);
        format!("postgres://watchbell@127.0.0.1:{primary},127.0.0.1:{standby}/postgres?target_session_attrs=read-write")
    }

    /// Kills the primary (SIGKILL): it does not come back.
    ///
    /// # Errors
    /// When it does not end.
    pub fn kill_primary(&mut self) -> Result<(), Trouble> {
        self.primary.tell("for ever")?;
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.primary.folder.join("gone").exists() {
            if Instant::now() >= deadline {
                return Err(Trouble::new("PostgreSQL does not end"));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Makes the standby the one that is written to.
    ///
    /// # Errors
    /// When it refuses.
    pub fn promote(&self) -> Result<(), Trouble> {
        let programs = programs().ok_or_else(|| Trouble::new("PostgreSQL's pg_ctl is nowhere"))?;
        let mut command = as_runner(Command::new(programs.join("pg_ctl")), runner()?.as_ref());
        let folder = &self.standby.folder;
        command.args(["promote", "--wait", "--timeout=60", "--pgdata"]).arg(folder.join("data")).current_dir(folder);
        process::output(&mut command).map(drop)
    }
}
