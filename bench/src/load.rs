//! Load: a closed loop (each connection as fast as it is answered) or an open one (at a rate, whatever the answers).
//!
//! In the open loop a latency begins when the request was meant to be sent, not when it was: a server that stalls cannot
//! hide the requests that it kept from being sent.

use crate::browser::{Browser, Refused};
use crate::product::Product;
use crate::usage::Usage;
use anyhow::{Result, bail};
use hdrhistogram::Histogram;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How a scenario is performed.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) scenario: String,
    pub(crate) connections: u32,
    /// Performances per second; `None` for a closed loop.
    pub(crate) rate: Option<f64>,
    /// Another scenario beside it, with its connections, in a closed loop.
    pub(crate) beside: Option<(String, u32)>,
    pub(crate) warm_up: Duration,
    pub(crate) time: Duration,
}

/// What was measured.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    /// Performances per second of the server's CPU time: what a busy machine hardly moves.
    pub(crate) per_cpu_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) errors: u64,
    pub(crate) first_error: Option<String>,
    /// How many were refused by 503 with `Retry-After`, and how long that answer took.
    pub(crate) refused: u64,
    pub(crate) refused_p99_ms: f64,
    pub(crate) resident_mib: f64,
    pub(crate) server_cores: f64,
    /// Near 1 the driver was the limit, and the rate says nothing.
    pub(crate) driver_cores: f64,
}

struct Tally {
    counts: bool,
    done: u64,
    errors: u64,
    first_error: Option<String>,
    latencies: Histogram<u64>,
    refusals: Histogram<u64>,
}

impl Tally {
    fn new() -> Result<Rc<RefCell<Self>>> {
        // From a microsecond to two minutes, to three digits.
        let latencies = Histogram::new_with_bounds(1, 120_000_000, 3)?;
        let refusals = latencies.clone();
        Ok(Rc::new(RefCell::new(Self { counts: false, done: 0, errors: 0, first_error: None, latencies, refusals })))
    }

    fn note(&mut self, outcome: Result<()>, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        match outcome {
            Err(error) if error.is::<Refused>() => {
                if self.counts {
                    self.refusals.saturating_record(micros);
                }
            }
            Err(error) => {
                self.errors += 1;
                self.first_error.get_or_insert_with(|| format!("{error:#}"));
            }
            Ok(()) if self.counts => {
                self.done += 1;
                self.latencies.saturating_record(micros);
            }
            Ok(()) => {}
        }
    }
}

/// Measures a scenario on a product whose server is the process `server`.
pub(crate) fn measure(product: &Product, server: u32, load: &Load) -> Result<Measured> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, run(Rc::new(product.clone()), server, load))
}

/// Where those wait who have laid something in, until all have.
#[derive(Default)]
struct Gate {
    ready: Cell<u32>,
    opened: Notify,
    used_up: Notify,
}

/// How long laying in may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the connections of a scenario share.
#[derive(Clone)]
struct Shared {
    product: Rc<Product>,
    scenario: String,
    tally: Rc<RefCell<Tally>>,
    gate: Rc<Gate>,
}

async fn run(product: Rc<Product>, server: u32, load: &Load) -> Result<Measured> {
    let (tally, gate) = (Tally::new()?, Rc::<Gate>::default());
    let start = Instant::now();
    let share = |scenario: &str, tally: &Rc<RefCell<Tally>>| Shared {
        product: Rc::clone(&product),
        scenario: scenario.to_owned(),
        tally: Rc::clone(tally),
        gate: Rc::clone(&gate),
    };
    let shared = share(&load.scenario, &tally);
    for n in 0..load.connections {
        let pace = load.rate.map(|rate| Pace {
            first: start + Duration::from_secs_f64(f64::from(n) / rate),
            every: Duration::from_secs_f64(f64::from(load.connections) / rate),
        });
        tokio::task::spawn_local(keep_on(shared.clone(), pace));
    }
    if let Some((scenario, connections)) = &load.beside {
        let beside = Tally::new()?;
        for _ in 0..*connections {
            tokio::task::spawn_local(keep_on(share(scenario, &beside), None));
        }
    }
    if product.scenario(&load.scenario)?.stock.is_some() {
        all_ready(&tally, &gate, load.connections).await?;
    } else {
        sleep(load.warm_up).await;
    }
    let (before, own) = (Usage::of(Some(server)), Usage::of(None));
    let begun = Instant::now();
    tally.borrow_mut().counts = true;
    gate.opened.notify_waiters();
    // Whichever comes first.
    let _ = timeout(load.time, gate.used_up.notified()).await;
    tally.borrow_mut().counts = false;
    let seconds = begun.elapsed().as_secs_f64();
    let (after, own_after) = (Usage::of(Some(server)), Usage::of(None));
    let tally = tally.borrow();
    if tally.done == 0 {
        bail!("{}: {} was never performed: {:?}", product.name, load.scenario, tally.first_error);
    }
    let done = f64::from(u32::try_from(tally.done).unwrap_or(u32::MAX));
    let quantile = |q| Duration::from_micros(tally.latencies.value_at_quantile(q)).as_secs_f64() * 1000.0;
    let cpu = after.cpu - before.cpu;
    Ok(Measured {
        per_second: done / seconds,
        per_cpu_second: done / cpu,
        p50_ms: quantile(0.5),
        p95_ms: quantile(0.95),
        p99_ms: quantile(0.99),
        errors: tally.errors,
        first_error: tally.first_error.clone(),
        refused: tally.refusals.len(),
        refused_p99_ms: Duration::from_micros(tally.refusals.value_at_quantile(0.99)).as_secs_f64() * 1000.0,
        resident_mib: after.resident,
        server_cores: cpu / seconds,
        driver_cores: (own_after.cpu - own.cpu) / seconds,
    })
}

/// When the requests of a connection are meant to be sent.
struct Pace {
    first: Instant,
    every: Duration,
}

/// Waits until every connection has laid in what it uses up.
async fn all_ready(tally: &RefCell<Tally>, gate: &Gate, connections: u32) -> Result<()> {
    let begun = Instant::now();
    while gate.ready.get() < connections {
        if let Some(error) = &tally.borrow().first_error {
            bail!("nothing can be laid in: {error}");
        }
        if begun.elapsed() > PATIENCE {
            bail!("laying in takes too long");
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Performs a scenario again and again, until the runtime ends. After an error it begins with a new browser.
async fn keep_on(shared: Shared, pace: Option<Pace>) {
    let mut due = pace.as_ref().map(|pace| pace.first);
    loop {
        let outcome = one_browser(&shared, pace.as_ref(), &mut due).await;
        shared.tally.borrow_mut().note(outcome, Duration::ZERO);
        sleep(Duration::from_millis(50)).await;
    }
}

async fn one_browser(shared: &Shared, pace: Option<&Pace>, due: &mut Option<Instant>) -> Result<()> {
    let (product, gate) = (&shared.product, &shared.gate);
    let scenario = product.scenario(&shared.scenario)?;
    let mut browser = Browser::new(product)?;
    if let Some(setup) = &scenario.setup {
        browser.perform(product.scenario(setup)?).await?;
    }
    let mut laid_in = Vec::new();
    if let Some(stock) = &scenario.stock {
        for _ in 0..stock.count {
            browser.perform(product.scenario(&stock.of)?).await?;
            laid_in.push(browser.saved(&stock.variable)?);
        }
        gate.ready.set(gate.ready.get() + 1);
        gate.opened.notified().await;
    }
    loop {
        if let Some(stock) = &scenario.stock {
            let Some(value) = laid_in.pop() else {
                gate.used_up.notify_one();
                return std::future::pending().await;
            };
            browser.set(&stock.variable, value);
        }
        let meant = match (*due, pace) {
            (Some(at), Some(pace)) => {
                sleep_until(at).await;
                *due = Some(at + pace.every);
                at
            }
            _ => Instant::now(),
        };
        match browser.perform(scenario).await {
            Err(error) if error.chain().any(|cause| cause.is::<Refused>()) => {
                shared.tally.borrow_mut().note(Err(Refused.into()), browser.last);
            }
            outcome => {
                outcome?;
                shared.tally.borrow_mut().note(Ok(()), meant.elapsed());
            }
        }
    }
}
