//! Points at which tests end the program at once, as a power cut would: before each statement of a transaction, and around
//! its commit. They are in debug builds alone; in a release there is nothing of it.
//!
//! `WATCHBELL_TEST_KILL_POINTS` names a folder. While a file `at` is in it, each point that is passed is written to `passed`;
//! and where `at` says `NAME COUNT`, the process ends when it passes that point for that time.

/// Passes a point.
#[cfg(not(debug_assertions))]
pub(crate) const fn point(_: &'static str) {}

/// Passes a point.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &'static str) {
    if let Some(points) = armed::points() {
        points.pass(name);
    }
}

#[cfg(debug_assertions)]
mod armed {
    use std::collections::HashMap;
    use std::fs::{OpenOptions, read_to_string};
    use std::io::Write;
    use std::path::PathBuf;
    use std::sync::{Mutex, OnceLock, PoisonError};

    pub(super) struct Points {
        folder: PathBuf,
        passed: Mutex<HashMap<&'static str, u32>>,
    }

    pub(super) fn points() -> Option<&'static Points> {
        static POINTS: OnceLock<Option<Points>> = OnceLock::new();
        let folder = || std::env::var_os("WATCHBELL_TEST_KILL_POINTS").map(PathBuf::from);
        POINTS.get_or_init(|| folder().map(|folder| Points { folder, passed: Mutex::default() })).as_ref()
    }

    impl Points {
        pub(super) fn pass(&self, name: &'static str) {
            let Ok(at) = read_to_string(self.folder.join("at")) else { return };
            let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
            let times = passed.entry(name).or_default();
            *times = times.saturating_add(1);
            if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(self.folder.join("passed")) {
                let _ = file.write_all(format!("{name} {times}\n").as_bytes());
            }
            if at.trim() == format!("{name} {times}") {
                // No destructor runs, and nothing is written that was not.
                std::process::abort();
            }
        }
    }
}
