//! The master key's file: 32 random bytes in base64, readable by its owner alone.

use crate::say::Trouble;
use base::{MasterKey, Rng};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The environment variable that takes the file's place.
pub(crate) const VARIABLE: &str = "WATCHBELL_MASTER_KEY";

/// Where the master key comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    /// The text of the environment variable.
    Variable(&'a str),
    /// A file.
    File(&'a Path),
}

/// Reads the master key. `None` when its file does not exist.
///
/// # Errors
/// [`Trouble`] when it can't be read or is no key.
pub(crate) fn read(source: Source<'_>) -> Result<Option<MasterKey>, Trouble> {
    let (text, whence) = match source {
        Source::Variable(text) => (Zeroizing::new(text.to_owned()), VARIABLE.to_owned()),
        Source::File(path) => match fs::read_to_string(path) {
            Ok(text) => (Zeroizing::new(text), path.display().to_string()),
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Trouble::new(format!("the master key {} can't be read: {e}", path.display()))),
        },
    };
    decode(&text).map(Some).ok_or_else(|| {
        Trouble::new(format!(
            "{whence} holds no master key: expected 32 bytes in base64, as `openssl rand -base64 32` prints"
        ))
    })
}

/// Makes a master key and writes its file, which must not exist yet.
///
/// # Errors
/// [`Trouble`] when the file can't be written.
pub(crate) fn create(path: &Path, rng: &Rng) -> Result<MasterKey, Trouble> {
    let key = MasterKey::generate(rng);
    let text = Zeroizing::new(format!("{}\n", engine(&alphabet::STANDARD).encode(key.expose())));
    write_whole(path, text.as_bytes())
        .map_err(|e| Trouble::new(format!("the master key {} can't be written: {e}", path.display())))?;
    Ok(key)
}

/// Makes a file. Whenever this is cut off, there is none of this name, or all of it.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = with_ending(path, &format!("unfinished-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // One that another process of this number left behind is of no use to anybody.
    drop(fs::remove_file(&unfinished));
    let mut file = options.open(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    // A second name, and not another: what has this one already stays.
    let named = written.and_then(|()| fs::hard_link(&unfinished, path));
    drop(fs::remove_file(&unfinished));
    named.and_then(|()| sync_names_beside(path))
}

/// The name must be as durable as the bytes: a database whose master key was lost in a power cut is lost too.
fn sync_names_beside(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) && !folder.as_os_str().is_empty() => fs::File::open(folder)?.sync_all(),
        Some(_) if cfg!(unix) => fs::File::open(".")?.sync_all(),
        _ => Ok(()),
    }
}

/// Where the next key of a file waits until the database wants it.
pub(crate) fn next_of(path: &Path) -> PathBuf {
    with_ending(path, "next")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Makes the next key, in a file beside. One that was left behind by a change that did not come to its end is taken up.
///
/// # Errors
/// [`Trouble`] when the file can't be written.
pub(crate) fn prepare_next(path: &Path, rng: &Rng) -> Result<MasterKey, Trouble> {
    let next = next_of(path);
    match read(Source::File(&next))? {
        Some(left) => Ok(left),
        None => create(&next, rng),
    }
}

/// Puts the next key in its place, and answers where the earlier one is now.
///
/// # Errors
/// [`Trouble`] when the files can't be renamed: then the next one still waits beside, and is found there.
pub(crate) fn put_next(path: &Path) -> Result<PathBuf, Trouble> {
    let told = |e| Trouble::new(format!("{} can't be replaced by {}: {e}", path.display(), next_of(path).display()));
    let earlier = (1..).map(|n| with_ending(path, &format!("earlier-{n}"))).find(|file| !file.exists());
    let earlier = earlier.ok_or_else(|| told(ErrorKind::AlreadyExists.into()))?;
    fs::hard_link(path, &earlier).map_err(told)?;
    fs::rename(next_of(path), path).and_then(|()| sync_names_beside(path)).map_err(told)?;
    Ok(earlier)
}

/// The permission bits of a file, where the platform has them.
pub(crate) fn mode(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).ok().map(|meta| meta.permissions().mode())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

fn engine(alphabet: &alphabet::Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

fn decode(text: &str) -> Option<MasterKey> {
    let text = text.trim();
    let bytes = engine(&alphabet::STANDARD).decode(text).or_else(|_| engine(&alphabet::URL_SAFE).decode(text));
    let bytes = Zeroizing::new(bytes.ok()?);
    Some(MasterKey::from_bytes(bytes.as_slice().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_for_its_owner_alone_and_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(read(Source::File(&path)).unwrap().is_none());
        let key = create(&path, &Rng::seeded(1)).unwrap();
        assert_eq!(read(Source::File(&path)).unwrap().unwrap().expose(), key.expose());
        assert_eq!(mode(&path).map(|m| m & 0o777), Some(0o600));
    }

    #[test]
    fn an_existing_key_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let key = create(&path, &Rng::seeded(1)).unwrap();
        assert!(create(&path, &Rng::seeded(2)).is_err());
        assert_eq!(read(Source::File(&path)).unwrap().unwrap().expose(), key.expose());
    }

    #[test]
    fn a_key_is_read_in_either_alphabet_with_or_without_padding() {
        let bytes = [0xfb; 32];
        for alphabet in [&alphabet::STANDARD, &alphabet::URL_SAFE] {
            let text = engine(alphabet).encode(bytes);
            for text in [format!(" {text}\n"), text.trim_end_matches('=').to_owned()] {
                assert_eq!(read(Source::Variable(&text)).unwrap().unwrap().expose(), &bytes);
            }
        }
        for bad in ["", "short", "AAAA AAAA"] {
            assert!(read(Source::Variable(bad)).is_err(), "{bad:?}");
        }
    }
}
