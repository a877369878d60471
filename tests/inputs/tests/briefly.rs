//! Each parser that meets the outside keeps its promises for what is kept, and for a moment for what is like it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use inputs::{Mutations, TARGETS};
use std::path::{Path, PathBuf};

/// So many damaged inputs of each target: a second or two in a debug build.
const DAMAGED: usize = 2_000;

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name)
}

fn kept(name: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<_> =
        std::fs::read_dir(corpus(name)).expect("a corpus").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).expect("an input")).collect()
}

#[test]
fn every_target_has_a_program_for_the_fuzzer_and_inputs_to_begin_with() {
    for target in TARGETS {
        assert!(kept(target.name).len() > 1, "{} has too few inputs in fuzz/corpus", target.name);
        let program = corpus("../targets").join(format!("{}.rs", target.name));
        let text = std::fs::read_to_string(&program).expect("a program in fuzz/targets");
        assert!(
            text.contains(&format!("inputs::run(\"{}\"", target.name)),
            "{} runs another target",
            program.display()
        );
    }
}

#[test]
fn what_is_kept_breaks_no_promise_and_some_of_it_is_taken() {
    for target in TARGETS {
        let taken = kept(target.name).iter().filter(|input| (target.run)(input)).count();
        // Else the parser gives up before it comes to what could break.
        assert!(taken > 0, "{} takes nothing of its corpus", target.name);
    }
}

#[test]
fn what_is_like_it_breaks_none_either() {
    for target in TARGETS {
        let kept = kept(target.name);
        for input in Mutations::of(&kept, 0x9E37_79B9_7F4A_7C15).take(DAMAGED) {
            let shown = String::from_utf8_lossy(&input).into_owned();
            let outcome = std::panic::catch_unwind(|| (target.run)(&input));
            assert!(outcome.is_ok(), "{} on {shown:?}: keep it in fuzz/corpus/{}", target.name, target.name);
        }
    }
}
