//! No program outlives its task, however it detaches.
#![cfg(target_os = "linux")]

use std::process::Command;
use std::time::{Duration, Instant};

use xtask::process;

#[test]
fn a_program_that_left_its_group_and_its_parent_is_found_and_ended() {
    process::mind_children().expect("become the reaper");
    let started = Command::new("sh")
        .args(["-c", "setsid sleep 4711 & setsid sh -c 'trap \"\" TERM; sleep 4712' & exit 0"])
        .status();
    assert!(started.expect("start a shell").success());
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    let found = process::sweep();
    assert!(found >= 2, "found {found}");
    assert!(begun.elapsed() < Duration::from_secs(20), "an unwilling one is killed");
    assert_eq!(process::sweep(), 0, "none is left");
}
