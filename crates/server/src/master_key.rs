//! The master key's file: 32 random bytes in base64, readable by its owner alone.

use crate::say::Trouble;
use base::{MasterKey, Rng};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;
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
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    // The name must be as durable as the bytes: a database whose master key was lost in a power cut is lost too.
    let written = written.and_then(|()| match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    });
    written.map_err(|e| Trouble::new(format!("the master key {} can't be written: {e}", path.display())))?;
    Ok(key)
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
