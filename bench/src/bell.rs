//! The bell: a fan-out to many browsers, security notices in the middle of it, and how soon an idle server rings.

use crate::browser::Browser;
use crate::figures::{Figures, quantile};
use crate::house::Installation;
use crate::people::{self, Keys, Told};
use crate::product::Product;
use crate::server::Server;
use crate::sink::Sink;
use crate::usage::Usage;
use anyhow::{Context as _, Result, bail};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many security notices are sent in the middle.
const URGENT: u32 = 100;
/// How many sign-ins from new browsers ring an idle server.
const SIGN_INS: usize = 200;
/// How long nothing may arrive before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Rings `count` browsers. `dev` runs here, as `serve` sends to no address of this machine.
pub(crate) fn measure(watchbell: &Path, product: &mut Product, count: u32) -> Result<Figures> {
    let sink = Sink::start()?;
    let installation = Installation::new(watchbell, None)?.dev(&sink.origin);
    let first = installation.serve()?;
    product.users.count = 1;
    installation.furnish(product, false)?;
    first.stop()?;
    let mut conn = people::open(&installation.file("watchbell.db"))?;
    people::add(&mut conn, count)?;
    people::subscribe(&mut conn, (&installation.file(""), &sink.origin), &keys()?)?;
    let mut found = Figures::default();
    people::emit(&mut conn, Told::Test, count)?;
    let server = installation.serve()?;
    fan_out(&mut found, &server, &sink, (&mut conn, count))?;
    let host = installation.host(&server.address);
    idle(&mut found, &visitors(product, (&server.address, host), count), &sink, &mut conn)?;
    Ok(found)
}

/// Events that wait at the start, one for each browser, and security notices when a tenth of them has rung.
fn fan_out(
    found: &mut Figures,
    server: &Server,
    sink: &Sink,
    (conn, count): (&mut diesel::SqliteConnection, u32),
) -> Result<()> {
    let usage = || Usage::of(Some(server.pid()));
    let (total, urgent) = (usize::try_from(count)?, usize::try_from(URGENT)?);
    let begun = Instant::now();
    wait(sink, total / 10, || {})?;
    let early = usage();
    people::emit(conn, Told::LockedDown, URGENT)?;
    // Committed: that they waited for their turn to write is not the bell's doing.
    let emitted_at = people::now_micros();
    let mut peak = early.resident;
    wait(sink, total + urgent, || peak = peak.max(usage().resident))?;
    let (seconds, after, rings) = (begun.elapsed().as_secs_f64(), usage(), f64::from(count + URGENT));
    found.add(format!("{count} browsers and {URGENT} more: events to rings"), rings / seconds, "/s");
    found.add("the same, of the server's CPU", rings / after.cpu, "/cpu-s");
    found.add("resident when a tenth had rung", early.resident, "MiB");
    found.add("resident at most, until the last had rung", peak, "MiB");
    overtaking(found, &sink.after(0), (emitted_at, urgent));
    Ok(())
}

/// Security notices were told to the people with the lowest numbers: their second ring is that.
fn overtaking(found: &mut Figures, arrived: &[(i64, i64)], (emitted_at, urgent): (i64, usize)) {
    let mut rung: HashMap<i64, Vec<i64>> = HashMap::new();
    for (n, at) in arrived.iter().filter(|(n, _)| usize::try_from(*n).is_ok_and(|n| n < urgent)) {
        rung.entry(*n).or_default().push(*at);
    }
    let seconds: Vec<i64> =
        rung.values().filter_map(|times| times.iter().copied().filter(|at| *at > emitted_at).min()).collect();
    let mut waited: Vec<f64> = seconds.iter().map(|at| (at - emitted_at) as f64 / 1e3).collect();
    let last = seconds.iter().copied().max().unwrap_or(i64::MAX);
    let behind = arrived.iter().filter(|(_, at)| *at > last).count();
    found.add(format!("security notices in the middle: p50 of {}", waited.len()), quantile(&mut waited, 0.5), "ms");
    found.add("security notices in the middle: p99", quantile(&mut waited, 0.99), "ms");
    found.add("ordinary ones that rang after the last of them", behind as f64, "");
}

/// The product as those people see it whom [`people::add`] made.
fn visitors(product: &Product, (address, host): (&str, String), count: u32) -> Product {
    let mut product = product.clone();
    address.clone_into(&mut product.address);
    product.host = Some(host);
    product.users.count = count;
    product.users.login = "person{{n}}@bench.test".to_owned().try_into().unwrap_or(product.users.login);
    product
}

/// Sign-ins from new browsers, one after the other: from the moment that the event bears to the ring.
fn idle(found: &mut Figures, product: &Product, sink: &Sink, conn: &mut diesel::SqliteConnection) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let before = sink.count();
    runtime.block_on(async {
        for _ in 0..SIGN_INS {
            Browser::new(product)?.perform(product.scenario("login")?).await?;
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        anyhow::Ok(())
    })?;
    wait(sink, before + SIGN_INS * 9 / 10, || {})?;
    std::thread::sleep(Duration::from_secs(2));
    let arrived = sink.after(before);
    let happened = people::new_devices(conn)?;
    // Who signed in twice was rung twice.
    let ring = |n: i64, event: i64| arrived.iter().filter(|(to, at)| *to == n && *at >= event).map(|(_, at)| *at).min();
    let mut waited: Vec<f64> = happened.iter().filter_map(|(n, at)| Some((ring(*n, *at)? - at) as f64 / 1e3)).collect();
    if waited.len() * 10 < happened.len() * 9 {
        bail!("{} of {} sign-ins from new browsers rang", waited.len(), happened.len());
    }
    let name = format!("idle server, event to first delivery attempt, of {}", waited.len());
    found.add(format!("{name}: p50"), quantile(&mut waited, 0.5), "ms");
    found.add(format!("{name}: p99"), quantile(&mut waited, 0.99), "ms");
    Ok(())
}

/// Waits until so many have rung.
fn wait(sink: &Sink, count: usize, mut meanwhile: impl FnMut()) -> Result<()> {
    let (mut seen, mut changed) = (0, Instant::now());
    while seen < count {
        meanwhile();
        std::thread::sleep(Duration::from_millis(10));
        let now = sink.count();
        if now != seen {
            (seen, changed) = (now, Instant::now());
        }
        if changed.elapsed() > PATIENCE {
            bail!("{seen} of {count} rang, and nothing more came for a minute");
        }
    }
    Ok(())
}

fn keys() -> Result<Keys> {
    let key = PrivateKey::generate(&ECDH_P256).ok().context("make a browser's key")?;
    let public = key.compute_public_key().ok().context("its public half")?;
    Ok(Keys { p256dh: public.as_ref().try_into()?, auth: [7; 16] })
}
