//! Something to be done again and again, and how long it takes.

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// How long a measurement of one kind of work is to take.
const SLICE: Duration = Duration::from_millis(150);

/// One kind of work.
pub(crate) struct Work {
    name: &'static str,
    /// How many operations one call is.
    batch: u32,
    /// Whether it waits for something outside this thread: then the clock on the wall counts.
    waits: bool,
    run: Box<dyn FnMut() -> Result<()>>,
}

impl Work {
    /// What this thread computes.
    pub(crate) fn computed(name: &'static str, run: impl FnMut() -> Result<()> + 'static) -> Self {
        Self { name, batch: 1, waits: false, run: Box::new(run) }
    }

    /// What waits for the disk or another process; one call is `batch` operations.
    pub(crate) fn awaited(name: &'static str, batch: u32, run: impl FnMut() -> Result<()> + 'static) -> Self {
        Self { name, batch, waits: true, run: Box::new(run) }
    }

    fn now(&self, begun: Instant) -> Duration {
        if self.waits {
            return begun.elapsed();
        }
        // Of this thread: what neighbours take does not count.
        let time = clock_gettime(ClockId::ThreadCPUTime);
        let seconds = Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or(0));
        seconds + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
    }

    fn timed(&mut self, calls: u32, begun: Instant) -> Result<Duration> {
        let before = self.now(begun);
        for _ in 0..calls {
            (self.run)()?;
        }
        Ok(self.now(begun).saturating_sub(before))
    }

    /// How many calls fill a slice.
    fn calls(&mut self, begun: Instant) -> Result<u32> {
        let mut calls = 1;
        loop {
            let took = self.timed(calls, begun)?;
            if took >= SLICE / 4 {
                let wanted = SLICE.as_secs_f64() / took.as_secs_f64() * f64::from(calls);
                return Ok(wanted.clamp(1.0, 1e9) as u32);
            }
            calls = calls.saturating_mul(2);
        }
    }
}

/// What was found of one kind of work.
#[derive(serde::Serialize)]
pub(crate) struct Found {
    name: &'static str,
    /// Microseconds of one operation: the median of the rounds, the best, the worst.
    median: f64,
    best: f64,
    worst: f64,
    per_second: f64,
}

impl Found {
    /// As a table.
    pub(crate) fn table(rows: &[Self]) -> String {
        let head = format!("{:<44} {:>12} {:>10} {:>22}\n", "work", "per second", "µs each", "best … worst");
        let line = |row: &Self| {
            let spread = format!("{:.1} … {:.1}", row.best, row.worst);
            format!("{:<44} {:>12.0} {:>10.1} {:>22}\n", row.name, row.per_second, row.median, spread)
        };
        rows.iter().map(line).fold(head, |text, line| text + &line)
    }
}

/// Measures some kinds of work in turns, so that they see the same machine.
pub(crate) fn measure(mut works: Vec<Work>, rounds: usize) -> Result<Vec<Found>> {
    let begun = Instant::now();
    let calls = works.iter_mut().map(|work| work.calls(begun)).collect::<Result<Vec<_>>>()?;
    let mut taken = vec![Vec::new(); works.len()];
    for _ in 0..rounds.max(1) {
        for ((work, calls), taken) in works.iter_mut().zip(&calls).zip(&mut taken) {
            let time = work.timed(*calls, begun)?;
            taken.push(time.as_secs_f64() * 1e6 / f64::from(*calls) / f64::from(work.batch));
        }
    }
    let found = works.iter().zip(&mut taken).map(|(work, taken)| {
        taken.sort_by(f64::total_cmp);
        let at = |place: usize| taken.get(place).copied().unwrap_or(f64::NAN);
        let (median, worst) = (at(taken.len() / 2), at(taken.len() - 1));
        Found { name: work.name, median, best: at(0), worst, per_second: 1e6 / median }
    });
    Ok(found.collect())
}
