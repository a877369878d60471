//! What a power cut leaves: of what a program wrote to a file, the disk has what was synced, and anything of the rest.
//!
//! strace notes each write, change of length and sync of a database's files, with the bytes and the time ([`Recorder`]). Of that the
//! files are made as a disk may have them when the power goes before any of these steps ([`Recording::cut`]): what was synced is
//! there; what was not is there, or not, or in part, in any order. A disk writes a sector whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

/// What is noted. Each of the rest would be a surprise, and is refused by [`Recording`]; not every machine has all of them.
const CALLS: &str = "trace=pwrite64,ftruncate,fsync,fdatasync,write,writev,pwritev,?pwritev2,truncate,fallocate,\
    ?sync_file_range,?unlink,unlinkat,?rename,?renameat,renameat2,?mmap,?copy_file_range,?sendfile";
/// What the names of a database's files end with. What it keeps in `-shm` is made anew at each start.
const BESIDE: [&str; 3] = ["", "-wal", "-journal"];
/// How long strace may take to note the rest of what it saw.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a disk writes at once, in bytes.
const SECTOR: usize = 512;

/// What a database's files have in them, each named by what it has behind the name of the database.
type Files = BTreeMap<String, Vec<u8>>;

/// Watches a database's files.
pub struct Recorder {
    file: PathBuf,
    before: Files,
    notes: TempDir,
}

/// All that was seen.
pub struct Recording {
    before: Files,
    steps: Vec<Step>,
}

/// What a cut leaves.
pub struct Cut {
    /// The moment of the cut, in microseconds since 1970.
    pub at: u64,
    /// How many steps the disk did not have to the full.
    pub lost: usize,
    files: Files,
}

struct Step {
    at: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    Write {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Length {
        file: String,
        length: usize,
    },
    /// All of the file's steps before the one of that number are on the disk; in the folder, the names.
    Synced {
        file: Option<String>,
        begun: usize,
    },
}

/// How much is left of what was not synced.
#[derive(Clone, Copy)]
enum Keeps {
    Nothing,
    All,
    Steps,
    Sectors,
}

impl Recorder {
    /// Watches a SQLite database that nobody uses, from its next use on.
    pub fn of(file: &Path) -> Self {
        let read = |beside: &str| Some((beside.to_owned(), std::fs::read(beside_of(file, beside)).ok()?));
        let before: Files = BESIDE.into_iter().filter_map(read).collect();
        assert!(before.contains_key(""), "there is no {}", file.display());
        Self { file: file.to_owned(), before, notes: tempfile::tempdir().expect("a folder for the notes") }
    }

    /// What a program has to be started under, to be watched.
    pub fn command(&self) -> Vec<String> {
        let strace = xtask::packages::on_path("strace").expect("strace, which notes what is written: install it");
        let path = |file: PathBuf| file.to_str().expect("a path").to_owned();
        // The program stays our child: strace is its grandchild.
        let mut command = vec![path(strace)];
        command.extend(["-D", "-f", "-y", "-ttt", "-xx", "-s", "1000000", "-e", CALLS, "-o"].map(str::to_owned));
        command.push(path(self.notes()));
        let folder = self.file.parent().expect("a folder").to_owned();
        let files = BESIDE.map(|beside| beside_of(&self.file, beside));
        for file in files.into_iter().chain([folder]) {
            command.extend(["-P".to_owned(), path(file)]);
        }
        command
    }

    fn notes(&self) -> PathBuf {
        self.notes.path().join("notes")
    }

    /// What was seen of a program that was killed.
    pub async fn seen_of(self, program: u32) -> Recording {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.end().lines().any(|line| line.starts_with(&format!("{program} ")) && line.ends_with("+++")) {
            assert!(tokio::time::Instant::now() < deadline, "strace did not see it end: may it trace programs here?");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let notes = std::fs::read_to_string(self.notes()).expect("read the notes");
        Recording { before: self.before, steps: Reading::of(&self.file).all(&notes) }
    }

    fn end(&self) -> String {
        let read = || -> std::io::Result<String> {
            let mut notes = File::open(self.notes())?;
            let length = notes.metadata()?.len();
            notes.seek(SeekFrom::Start(length.saturating_sub(1 << 16)))?;
            let mut end = String::new();
            notes.read_to_string(&mut end).map(|_| end)
        };
        read().unwrap_or_default()
    }
}

fn beside_of(file: &Path, beside: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(beside);
    name.into()
}

impl Recording {
    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// What is left when the power goes before a step. `dice` answers with a number below the given one.
    pub fn cut(&self, before: usize, dice: impl Fn(u64) -> u64) -> Cut {
        let mut files = self.before.clone();
        let (mut open, mut named): (Vec<usize>, BTreeSet<&str>) = (Vec::new(), BTreeSet::new());
        for (number, step) in self.steps.iter().enumerate().take(before) {
            let What::Synced { file, begun } = &step.what else {
                open.push(number);
                continue;
            };
            let Some(file) = file else {
                named.extend(self.steps[..*begun].iter().filter_map(|step| step.what.file()));
                continue;
            };
            let is_on_disk = |number: &usize| number < begun && self.steps[*number].what.file() == Some(file);
            for number in open.extract_if(.., |number| is_on_disk(number)) {
                self.steps[number].what.keep(&mut files, |_| true);
            }
        }
        let keeps = [Keeps::Nothing, Keeps::All, Keeps::Steps, Keeps::Sectors][usize::try_from(dice(4)).unwrap()];
        let mut lost = 0;
        for number in open {
            let is_kept = dice(2) == 0;
            let whole = self.steps[number].what.keep(&mut files, |_| match keeps {
                Keeps::Nothing => false,
                Keeps::All => true,
                Keeps::Steps => is_kept,
                Keeps::Sectors => dice(2) == 0,
            });
            lost += usize::from(!whole);
        }
        // A file whose name was not synced may not be found.
        files.retain(|file, _| self.before.contains_key(file) || named.contains(file.as_str()) || dice(2) == 0);
        Cut { at: self.steps[before].at, lost, files }
    }
}

impl Cut {
    /// Puts the files where they were.
    pub fn put(&self, file: &Path) {
        for beside in BESIDE.into_iter().chain(["-shm"]) {
            match std::fs::remove_file(beside_of(file, beside)) {
                Err(error) if error.kind() != ErrorKind::NotFound => panic!("remove the database: {error}"),
                _ => {}
            }
        }
        for (beside, bytes) in &self.files {
            std::fs::write(beside_of(file, beside), bytes).expect("write the database");
        }
    }
}

impl What {
    fn file(&self) -> Option<&str> {
        match self {
            Self::Write { file, .. } | Self::Length { file, .. } => Some(file),
            Self::Synced { file, .. } => file.as_deref(),
        }
    }

    /// Does it to the files, sector by sector; says whether all of it was done.
    fn keep(&self, files: &mut Files, mut is_kept: impl FnMut(usize) -> bool) -> bool {
        let mut all = true;
        match self {
            Self::Write { file, offset, bytes } => {
                let kept = files.entry(file.clone()).or_default();
                let (mut from, end) = (*offset, offset + bytes.len());
                while from < end {
                    let to = end.min((from / SECTOR + 1) * SECTOR);
                    if is_kept(from) {
                        kept.resize(kept.len().max(to), 0);
                        kept[from..to].copy_from_slice(&bytes[from - offset..to - offset]);
                    } else {
                        all = false;
                    }
                    from = to;
                }
            }
            Self::Length { file, length } => match is_kept(*length) {
                true => files.entry(file.clone()).or_default().resize(*length, 0),
                false => all = false,
            },
            Self::Synced { .. } => {}
        }
        all
    }
}

/// Reads what strace wrote: `PID TIME CALL(ARGUMENTS) = RESULT`, where a call during which another thread did something comes in two
/// lines.
struct Reading {
    file: String,
    folder: String,
    steps: Vec<Step>,
    /// What each thread syncs, and since which step.
    syncing: BTreeMap<String, (Option<String>, usize)>,
}

impl Reading {
    fn of(file: &Path) -> Self {
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let folder = text(file.parent().expect("a folder"));
        Self { file: text(file), folder, steps: Vec::new(), syncing: BTreeMap::new() }
    }

    fn all(mut self, notes: &str) -> Vec<Step> {
        for line in notes.lines() {
            self.line(line).unwrap_or_else(|| panic!("what becomes of it in a power cut? {line:.300}"));
        }
        self.steps
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let (thread, rest) = line.split_once(' ')?;
        let (time, call) = rest.trim_start().split_once(' ')?;
        if call.starts_with("+++") || call.starts_with("---") {
            return Some(());
        }
        let at = time.replace('.', "").parse().ok()?;
        if call.starts_with("<... ") {
            let synced = self.syncing.remove(thread);
            if let Some((file, begun)) = synced.filter(|_| call.ends_with("= 0")) {
                self.steps.push(Step { at, what: What::Synced { file, begun } });
            }
            return Some(());
        }
        let is_done = !call.ends_with("<unfinished ...>") && !call.ends_with("= ?");
        if is_done && call.rsplit_once(" = ")?.1.starts_with('-') {
            return Some(());
        }
        let (name, arguments) = call.split_once('(')?;
        let path = decoded(arguments.split_once('<')?.1.split_once('>')?.0)?;
        let file = String::from_utf8(path).ok()?;
        let file = if file == self.folder { None } else { Some(file.strip_prefix(&self.file)?.to_owned()) };
        let number = |text: &str| text.trim().split([')', ' ']).next()?.parse::<usize>().ok();
        let what = match (name, file) {
            ("pwrite64", Some(file)) => {
                let (bytes, place) = arguments.split_once('"')?.1.split_once('"')?;
                What::Write { file, offset: number(place.split(',').nth(2)?)?, bytes: decoded(bytes)? }
            }
            ("ftruncate", Some(file)) => What::Length { file, length: number(arguments.split(',').nth(1)?)? },
            ("fsync" | "fdatasync", file) if is_done => What::Synced { file, begun: self.steps.len() },
            ("fsync" | "fdatasync", file) => {
                self.syncing.insert(thread.to_owned(), (file, self.steps.len()));
                return Some(());
            }
            _ => return None,
        };
        self.steps.push(Step { at, what });
        Some(())
    }
}

/// The bytes of `\x2f\x74`.
fn decoded(text: &str) -> Option<Vec<u8>> {
    text.split("\\x").skip(1).map(|byte| u8::from_str_radix(byte, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str = r#"7 1700000000.000001 pwrite64(3<\x2f\x64\x62\x2f\x61>, "\x01\x02"..., 2, 4) = 2
7 1700000000.000002 fsync(3<\x2f\x64\x62\x2f\x61> <unfinished ...>
8 1700000000.000003 pwrite64(3<\x2f\x64\x62\x2f\x61>, "\x03", 1, 0) = 1
7 1700000000.000004 <... fsync resumed>) = 0
7 1700000000.000005 ftruncate(3<\x2f\x64\x62\x2f\x61>, 1) = -1 EIO (Input/output error)
7 1700000000.000006 pwrite64(4<\x2f\x64\x62\x2f\x61\x2d\x77\x61\x6c>, "\x04", 1, 0 <unfinished ...>
7 1700000000.000007 +++ killed by SIGKILL +++
"#;

    fn recording() -> Recording {
        let steps = Reading::of(Path::new("/db/a")).all(NOTES);
        Recording { before: Files::from([(String::new(), vec![9; 4])]), steps }
    }

    #[test]
    fn what_was_synced_is_kept_and_what_was_not_may_be_lost() {
        let seen = recording();
        assert_eq!(seen.steps(), 4);
        // The dice say: nothing of the rest is kept, and no name either.
        let nothing = |most: u64| if most == 4 { 0 } else { 1 };
        assert_eq!(seen.cut(1, nothing).files[""], [9; 4], "nothing was synced yet");
        let cut = seen.cut(3, nothing);
        assert_eq!((cut.at, cut.lost), (1_700_000_000_000_006, 1), "who writes while another syncs has no promise");
        assert_eq!(cut.files[""], [9, 9, 9, 9, 1, 2]);
        let all = |most: u64| if most == 4 { 1 } else { 0 };
        assert_eq!(seen.cut(3, all).files[""], [3, 9, 9, 9, 1, 2]);
    }

    #[test]
    #[should_panic(expected = "what becomes of it in a power cut?")]
    fn what_is_not_understood_is_told() {
        Reading::of(Path::new("/db/a")).all(r"7 1700000000.000001 unlink(<\x2f\x64\x62\x2f\x61>) = 0");
    }
}
