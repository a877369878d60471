//! The file of a backup: lines of JSON, compressed (gzip). The first says what it is; then come the tables, each with a line
//! that names it and one for each row; then their sums; the last is a seal over all lines before it (HMAC-SHA-256 under a key
//! of the installation), by which a file that was cut off or changed is known.

use super::{CarryError, Sums};
use aws_lc_rs::hmac;
use base::{Keyring, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Read, Write};
use store::carry::Layout;
use store::model::Installation;

/// The longest line that is read, in bytes.
pub const MAX_LINE: u64 = 16 * 1024 * 1024;
const FORMAT: &str = "watchbell backup 1";
/// What the key of the seal is for.
const SEAL: &str = "seal of a backup";

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    format: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The data key, wrapped by the master key, in base64.
    wrapped_key: String,
    /// Since when there is the installation.
    created_at: Timestamp,
    /// The tables.
    pub layout: Layout,
}

/// Any other line but a row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mark {
    /// Rows of this table follow.
    Table(String),
    /// All rows are there: what they sum up to.
    End(Sums),
    /// The seal over all lines before, in base64.
    Seal(String),
}

impl Head {
    pub(super) fn new(installation: &Installation, layout: Layout, made_at: Timestamp) -> Self {
        Self {
            format: FORMAT.to_owned(),
            made_at,
            wrapped_key: STANDARD.encode(&installation.wrapped_key),
            created_at: installation.created_at,
            layout,
        }
    }

    /// The installation's own row.
    pub(super) fn installation(&self) -> Result<Installation, CarryError> {
        let wrapped_key = STANDARD.decode(&self.wrapped_key).map_err(|_| CarryError::NotABackup("it has no key"))?;
        Ok(Installation { wrapped_key, created_at: self.created_at })
    }
}

fn seal_of(keyring: &Keyring) -> hmac::Context {
    hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, keyring.subkey(SEAL).as_slice()))
}

/// Writes one.
pub(super) struct Writer<W: Write> {
    out: GzEncoder<W>,
    seal: hmac::Context,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(out: W, keyring: &Keyring, head: &Head) -> Result<Self, CarryError> {
        let mut writer = Self { out: GzEncoder::new(out, Compression::fast()), seal: seal_of(keyring) };
        writer.line(&as_text(head)?)?;
        Ok(writer)
    }

    pub(super) fn mark(&mut self, mark: &Mark) -> Result<(), CarryError> {
        self.line(&as_text(mark)?)
    }

    pub(super) fn line(&mut self, line: &str) -> Result<(), CarryError> {
        for part in [line.as_bytes(), b"\n"] {
            self.seal.update(part);
            self.out.write_all(part)?;
        }
        Ok(())
    }

    /// Ends it, and gives the file back.
    pub(super) fn finish(mut self, sums: Sums) -> Result<W, CarryError> {
        self.mark(&Mark::End(sums))?;
        let seal = STANDARD.encode(self.seal.clone().sign());
        self.mark(&Mark::Seal(seal))?;
        Ok(self.out.finish()?)
    }
}

fn as_text(value: &impl Serialize) -> Result<String, CarryError> {
    serde_json::to_string(value).map_err(|e| CarryError::File(e.into()))
}

/// Reads one, line by line.
pub(super) struct Reader<R: Read> {
    lines: BufReader<GzDecoder<R>>,
    /// All lines that were read, once the key is known.
    seal: Option<hmac::Context>,
    /// The first line, until then.
    head: String,
}

impl<R: Read> Reader<R> {
    /// Reads the first line.
    pub(super) fn begin(file: R) -> Result<(Self, Head), CarryError> {
        let lines = BufReader::new(GzDecoder::new(file));
        let mut reader = Self { lines, seal: None, head: String::new() };
        let no_backup = |_| CarryError::NotABackup("it does not begin as one");
        let line = reader.line().map_err(|_| CarryError::NotABackup("it does not begin as one"))?;
        let head: Head = serde_json::from_str(&line).map_err(no_backup)?;
        if head.format != FORMAT {
            return Err(CarryError::NotABackup("its format is of another version"));
        }
        head.layout.check()?;
        reader.head = line;
        Ok((reader, head))
    }

    /// Has the seal be checked, too.
    pub(super) fn sealed_by(&mut self, keyring: &Keyring) {
        let mut seal = seal_of(keyring);
        seal.update(self.head.as_bytes());
        seal.update(b"\n");
        self.seal = Some(seal);
    }

    /// The next line, without its end.
    pub(super) fn line(&mut self) -> Result<String, CarryError> {
        let mut line = Vec::new();
        let read = (&mut self.lines).take(MAX_LINE).read_until(b'\n', &mut line);
        let damaged = |why: &str| CarryError::Damaged(why.to_owned());
        read.map_err(|e| damaged(&e.to_string()))?;
        if line.pop() != Some(b'\n') {
            return Err(damaged("it ends too early"));
        }
        String::from_utf8(line).map_err(|_| damaged("a line is no text"))
    }

    /// Counts a line in for the seal.
    pub(super) fn seen(&mut self, line: &str) {
        if let Some(seal) = &mut self.seal {
            seal.update(line.as_bytes());
            seal.update(b"\n");
        }
    }

    /// Whether the seal is that of the lines that were seen.
    pub(super) fn is_sealed(&self, seal: &str) -> bool {
        let told = STANDARD.decode(seal).unwrap_or_default();
        let made = self.seal.clone().map(hmac::Context::sign);
        made.is_some_and(|made| aws_lc_rs::constant_time::verify_slices_are_equal(made.as_ref(), &told).is_ok())
    }
}
