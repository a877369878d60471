//! What ran, how long it took, and how it ended.

use std::fmt;
use std::time::{Duration, Instant};

use crate::Trouble;

/// How many tests of a step passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
}

impl Count {
    /// A step that is a single test.
    pub const ONE: Self = Self { passed: 1, failed: 0 };
    /// A step that is no test: it prepares something.
    pub const NONE: Self = Self { passed: 0, failed: 0 };
    /// A single failure.
    pub const FAILURE: Self = Self { passed: 0, failed: 1 };
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

struct Line {
    name: String,
    took: Duration,
    count: Count,
}

/// The record of a run.
pub struct Report {
    started: Instant,
    lines: Vec<Line>,
}

impl Default for Report {
    fn default() -> Self {
        Self { started: Instant::now(), lines: Vec::new() }
    }
}

impl Report {
    /// Runs one step, says so, and keeps its result; answers whether nothing failed in it.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Count, Trouble>) -> bool {
        println!("\n== {name}");
        let begun = Instant::now();
        let count = work().unwrap_or_else(|trouble| {
            println!("error: {trouble}");
            Count::FAILURE
        });
        let took = begun.elapsed();
        println!("== {name}: {count} ({:.1} s)", took.as_secs_f64());
        self.lines.push(Line { name: name.to_owned(), took, count });
        count.failed == 0
    }

    /// The sum of all steps so far.
    #[must_use]
    pub fn total(&self) -> Count {
        let mut total = Count::NONE;
        for line in &self.lines {
            total += line.count;
        }
        total
    }

    /// Prints the table and the closing line; answers whether everything passed and something was tested.
    pub fn close(self) -> bool {
        println!("\n{:<34}{:>9}{:>9}{:>11}", "step", "passed", "failed", "seconds");
        for Line { name, took, count } in &self.lines {
            println!("{name:<34}{:>9}{:>9}{:>11.1}", count.passed, count.failed, took.as_secs_f64());
        }
        let total = self.total();
        println!("{:<34}{:>9}{:>9}{:>11.1}\n", "all", total.passed, total.failed, self.started.elapsed().as_secs_f64());
        println!("{total}");
        total.failed == 0 && total.passed > 0
    }
}

/// Adds up what test runners print at their end.
///
/// Knows the line of `cargo test` ("test result: ok. 3 passed; 0 failed; 0 ignored; …") and the lines of Node's runner
/// ("# pass 3", or "ℹ pass 3"). A test that was ignored or skipped counts as failed when `strict`: on CI nothing may be
/// left out in silence.
#[derive(Debug, Default)]
pub struct Tally {
    /// Treat what was skipped as failed.
    pub strict: bool,
    count: Count,
    skipped: u32,
}

impl Tally {
    /// A tally for this machine: strict on CI.
    #[must_use]
    pub fn here() -> Self {
        Self { strict: std::env::var_os("CI").is_some(), ..Self::default() }
    }

    /// Reads one line of a runner's output.
    pub fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.trim().split([' ', ';', '.']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            ["test", "result:", _, passed, "passed", failed, "failed", ignored, "ignored", ..] => {
                self.count.passed += number(passed);
                self.count.failed += number(failed);
                self.skipped += number(ignored);
            }
            ["#" | "ℹ", "pass", passed] => self.count.passed += number(passed),
            ["#" | "ℹ", "fail" | "cancelled", failed] => self.count.failed += number(failed),
            ["#" | "ℹ", "skipped" | "todo", skipped] => self.skipped += number(skipped),
            _ => {}
        }
    }

    /// The sum, once the runner has ended: a runner that failed without a failed test failed as a whole.
    #[must_use]
    pub fn finish(self, success: bool) -> Count {
        let mut count = self.count;
        if self.strict {
            count.failed += self.skipped;
        }
        if !success && count.failed == 0 {
            count.failed = 1;
        }
        count
    }
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(strict: bool, lines: &[&str], success: bool) -> Count {
        let mut tally = Tally { strict, ..Tally::default() };
        for line in lines {
            tally.read(line);
        }
        tally.finish(success)
    }

    #[test]
    fn every_binary_of_cargo_test_counts() {
        let lines = [
            "running 2 tests",
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        assert_eq!(tally(true, &lines, false), Count { passed: 5, failed: 1 });
    }

    #[test]
    fn nodes_runner_counts_in_both_of_its_looks() {
        assert_eq!(
            tally(true, &["# pass 4", "# fail 1", "ℹ pass 2", "ℹ fail 0"], false),
            Count { passed: 6, failed: 1 }
        );
    }

    #[test]
    fn what_is_skipped_fails_where_nothing_may_be_skipped() {
        let lines = ["# pass 4", "# fail 0", "# skipped 1"];
        assert_eq!(tally(true, &lines, true), Count { passed: 4, failed: 1 });
        assert_eq!(tally(false, &lines, true), Count { passed: 4, failed: 0 });
    }

    #[test]
    fn a_runner_that_dies_is_a_failure() {
        assert_eq!(tally(true, &["error: could not compile"], false), Count::FAILURE);
    }
}
