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
    let wide = move || {
        let input = argon::Input { password: b"a password", salt: SALT, memory_kib: MEMORY, iterations: 2 };
        black_box(argon::hash(&input, &mut ours).context("this machine has no AVX2: the argon2 crate does the work")?);
        Ok(())
    };
    let mut works = vec![Work::computed("Argon2id, argon2 crate, memory reused", reference)];
    if argon::hash(&argon::Input { password: b"", salt: SALT, memory_kib: 64, iterations: 1 }, &mut [Block::new(); 64])
        .is_some()
    {
        works.push(Work::computed("Argon2id, ours", wide));
    }
    Ok(works)
}
