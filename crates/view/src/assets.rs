//! The styles, scripts and pictures that are served with the pages.
//!
//! They are built by `assets/build.mjs`, packed by `build.rs`, and embedded. A name with a hash of the content (`/a/app.1f2e3d4c.css`)
//! never changes what it means, and may be kept for ever; the service worker and the pictures of notices keep
//! plain names, and are asked for again.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::LazyLock;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// A file, ready to be served.
#[derive(Debug)]
pub struct Asset {
    /// Its path, as in `/a/app.1f2e3d4c.css`.
    pub path: String,
    /// The content.
    pub bytes: &'static [u8],
    /// The content in brotli (RFC 7932), where that is smaller.
    pub br: Option<&'static [u8]>,
    /// The content in gzip (RFC 1952), where that is smaller.
    pub gzip: Option<&'static [u8]>,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The value of `ETag` (RFC 9110 §8.8.3), quotes included.
    pub etag: String,
    /// Whether it may be kept for ever: the name has the content's hash.
    pub immutable: bool,
}

struct Source {
    name: &'static str,
    bytes: &'static [u8],
    /// Packed; empty where that is no smaller.
    br: &'static [u8],
    gzip: &'static [u8],
    content_type: &'static str,
    /// A name without a hash, where one is needed.
    plain: Option<&'static str>,
}

macro_rules! source {
    ($name:literal, $type:expr, $plain:expr) => {
        Source {
            name: $name,
            bytes: include_bytes!(concat!("../../../assets/dist/", $name)),
            br: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".br")),
            gzip: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")),
            content_type: $type,
            plain: $plain,
        }
    };
}

const SOURCES: [Source; 11] = [
    source!("app.css", "text/css; charset=utf-8", None),
    source!("auth.js", JAVASCRIPT, None),
    source!("push.js", JAVASCRIPT, None),
    source!("prefs.js", JAVASCRIPT, None),
    source!("passkey.js", JAVASCRIPT, None),
    source!("keys.js", JAVASCRIPT, None),
    source!("codes.js", JAVASCRIPT, None),
    source!("bell.svg", "image/svg+xml", None),
    source!("sw.js", JAVASCRIPT, Some("/sw.js")),
    source!("icon.png", "image/png", Some("/a/icon.png")),
    source!("badge.png", "image/png", Some("/a/badge.png")),
];

/// Hashed once, at the first use.
static ASSETS: LazyLock<Vec<(&'static str, Asset)>> =
    LazyLock::new(|| SOURCES.iter().map(|source| (source.name, asset(source))).collect());

/// The file at a path of ours, as in `/a/app.1f2e3d4c.css` or `/sw.js`.
pub fn get(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().map(|(_, asset)| asset).find(|asset| asset.path == path)
}

/// The path of a file by its plain name, as in `app.css`.
pub fn url(name: &str) -> Option<&'static str> {
    ASSETS.iter().find(|(plain, _)| *plain == name).map(|(_, asset)| asset.path.as_str())
}

/// Every file.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    ASSETS.iter().map(|(_, asset)| asset)
}

fn asset(source: &Source) -> Asset {
    let mut hash = String::new();
    for byte in Sha256::digest(source.bytes).iter().take(6) {
        // Writing to a String does not fail.
        let _ = write!(hash, "{byte:02x}");
    }
    let path = match (source.plain, source.name.rsplit_once('.')) {
        (Some(plain), _) => plain.to_owned(),
        (None, Some((stem, extension))) => format!("/a/{stem}.{hash}.{extension}"),
        (None, None) => format!("/a/{}.{hash}", source.name),
    };
    let smaller = |packed: &'static [u8]| (!packed.is_empty()).then_some(packed);
    Asset {
        path,
        bytes: source.bytes,
        br: smaller(source.br),
        gzip: smaller(source.gzip),
        content_type: source.content_type,
        etag: format!("\"{hash}\""),
        immutable: source.plain.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_under_the_name_that_pages_use() {
        for name in ["app.css", "auth.js", "push.js", "prefs.js", "bell.svg"] {
            let asset = get(url(name).unwrap()).unwrap();
            assert!(asset.immutable && asset.path.starts_with("/a/") && !asset.bytes.is_empty(), "{name}");
        }
        assert!(get("/a/app.css").is_none() && get("/a/../Cargo.toml").is_none());
    }

    #[test]
    fn the_service_worker_keeps_its_name_and_is_asked_for_again() {
        let worker = get("/sw.js").unwrap();
        assert!(!worker.immutable);
        assert_eq!(worker.content_type, "text/javascript; charset=utf-8");
    }

    #[test]
    fn the_sign_in_page_keeps_to_its_budget() {
        let size = |name: &str| get(url(name).unwrap()).unwrap().br.unwrap().len();
        assert!(size("app.css") <= 5 * 1024, "styles: {}", size("app.css"));
        assert!(size("auth.js") <= 2560, "scripts: {}", size("auth.js"));
    }
}
