//! What the people of the faults did: written and synced before each request and after each answer, so that it is known what was
//! acknowledged whatever happens to anybody.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::time::UNIX_EPOCH;
use tempfile::NamedTempFile;

/// Cookies by name.
pub(super) type Jar = BTreeMap<String, String>;

/// What somebody is about to do.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub(super) enum Act {
    /// Takes another name.
    Name(String),
    /// Signs in once more: a session of that number.
    SignIn(u64),
    /// Signs out there.
    SignOut(u64),
    /// Exchanges a code: a family of refresh tokens of that number.
    Redeem { family: u64, code: String },
    /// Exchanges the family's refresh token.
    Refresh(u64),
}

/// What was got for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Got {
    pub(super) cookies: Jar,
    pub(super) refresh_token: String,
}

/// Moments are in microseconds since 1970.
#[derive(Serialize, Deserialize)]
enum Line {
    Intent { number: u64, at: u64, who: usize, act: Act },
    Acknowledged { number: u64, at: u64, got: Got },
}

/// What somebody did.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) who: usize,
    pub(super) act: Act,
    /// What was got, where an answer came.
    pub(super) got: Option<Got>,
    /// Before the request, and after the answer.
    pub(super) times: (u64, u64),
}

impl Done {
    /// As it was known at a moment.
    pub(super) fn by(&self, moment: u64) -> Option<Self> {
        let (begun, ended) = self.times;
        let got = self.got.clone().filter(|_| ended < moment);
        (begun < moment).then(|| Self { got, ..self.clone() })
    }
}

fn now() -> u64 {
    UNIX_EPOCH.elapsed().unwrap().as_micros().try_into().unwrap()
}

/// The journal: a file to which lines are added.
pub(super) struct Journal {
    file: NamedTempFile,
    number: u64,
    read: u64,
}

impl Journal {
    pub(super) fn new() -> Self {
        Self { file: NamedTempFile::new().unwrap(), number: 0, read: 0 }
    }

    /// Before the request.
    pub(super) fn intends(&mut self, who: usize, act: Act) -> u64 {
        self.number += 1;
        self.write(&Line::Intent { number: self.number, at: now(), who, act });
        self.number
    }

    /// After the answer.
    pub(super) fn acknowledged(&mut self, number: u64, got: Got) {
        self.write(&Line::Acknowledged { number, at: now(), got });
    }

    fn write(&mut self, line: &Line) {
        let text = format!("{}\n", serde_json::to_string(line).unwrap());
        self.file.write_all(text.as_bytes()).unwrap();
        self.file.as_file().sync_data().unwrap();
    }

    /// What came since this was last asked: first what was answered, in that order.
    pub(super) fn since_then(&mut self) -> Vec<Done> {
        let mut file = File::open(self.file.path()).unwrap();
        file.seek(SeekFrom::Start(self.read)).unwrap();
        let (mut done, mut open) = (Vec::new(), BTreeMap::new());
        for line in BufReader::new(file).lines() {
            let line = line.unwrap();
            self.read += u64::try_from(line.len()).unwrap() + 1;
            match serde_json::from_str(&line).unwrap() {
                Line::Intent { number, at, who, act } => {
                    open.insert(number, Done { who, act, got: None, times: (at, u64::MAX) });
                }
                Line::Acknowledged { number, at, got } => {
                    let before: Done = open.remove(&number).unwrap();
                    done.push(Done { got: Some(got), times: (before.times.0, at), ..before });
                }
            }
        }
        done.extend(open.into_values());
        done
    }
}
