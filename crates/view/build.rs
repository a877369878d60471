//! Packs what is served with the pages, so that no server has to: at the best quality it takes long, and much memory.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write as _};
use std::path::Path;
use std::{env, fs};

/// What `assets/build.mjs` has made.
const FILES: &str = "../../assets/dist";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FILES}");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for file in fs::read_dir(FILES)? {
        let file = file?;
        let (bytes, name) = (fs::read(file.path())?, file.file_name().into_string().unwrap_or_default());
        for (kind, packed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
            // What does not become smaller is served as it is: an empty file stands for that.
            let packed = if packed.len() < bytes.len() { packed } else { Vec::new() };
            fs::write(Path::new(&out).join(format!("{name}.{kind}")), packed)?;
        }
    }
    Ok(())
}

/// RFC 7932.
fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params)?;
    Ok(packed)
}

/// RFC 1952.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
