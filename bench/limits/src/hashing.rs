//! Argon2id (RFC 9106) as passwords are hashed: 19,456 KiB, two passes, one lane.

use crate::work::Work;
use anyhow::{Context as _, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::hint::black_box;

const MEMORY: u32 = 19_456;
const SALT: &[u8] = b"sixteen bytes ..";

pub(crate) fn works() -> Result<Vec<Work>> {
    let params = Params::new(MEMORY, 2, 1, Some(argon::OUTPUT)).context("the parameters")?;
    let crates = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let blocks = usize::try_from(MEMORY)?;
    let (mut theirs, mut ours) = (vec![Block::new(); blocks], vec![Block::new(); blocks]);
    let reference = move || {
        let mut output = [0; argon::OUTPUT];
        let hashed = crates.hash_password_into_with_memory(b"a password", SALT, &mut output, &mut theirs);
        hashed.context("hash")?;
        black_box(output);
        Ok(())
    };
    let input = || argon::Input { password: b"a password", salt: SALT, memory_kib: MEMORY, iterations: 2 };
    let mut works = vec![Work::computed("Argon2id, argon2 crate, memory reused", reference)];
    // On other machines the argon2 crate does the work.
    if argon::is_faster() {
        let plain = move || {
            black_box(argon::hash(&input(), &mut ours).context("hash")?);
            Ok(())
        };
        let mut memory = argon::Memory::new(MEMORY).context("memory")?;
        let as_served = move || {
            black_box(argon::hash(&input(), memory.blocks()).context("hash")?);
            Ok(())
        };
        works.push(Work::computed("Argon2id, ours, usual memory", plain));
        works.push(Work::computed("Argon2id, ours", as_served));
    }
    Ok(works)
}
