//! Token buckets in Redis: one round trip, sixteen of them on the way at any time.

use crate::work::Work;
use anyhow::{Context as _, Result, bail};
use base::{Clock, Id, Rng, SecretHash};
use bus::{Address, Bus, Health, Member, Place, Rate};
use meter::Meter;
use redis::Script;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// How many are on the way at once, and how often each of them asks in one call.
const TASKS: u32 = 16;
const EACH: u32 = 50;

/// What a bucket takes at least: read it, fill it, take, write it.
const BARE: &str = r"
local d = redis.call('HMGET', KEYS[1], 't', 'n')
local now, rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local t, n = tonumber(d[1]) or now, tonumber(d[2]) or burst
n = math.min(burst, n + (now - t) * rate / 1000)
local ok = 0
if n >= 1 then n = n - 1 ok = 1 end
redis.call('HSET', KEYS[1], 't', now, 'n', n)
redis.call('PEXPIRE', KEYS[1], 60000)
return ok";

pub(crate) fn works(url: &str) -> Result<Vec<Work>> {
    Ok(vec![bare(url)?, ours(url)?])
}

/// All tasks side by side, each asking [`EACH`] times.
fn side_by_side<F: Future<Output = Result<()>> + Send + 'static>(
    runtime: &Runtime,
    task: impl Fn(u32) -> F,
) -> Result<()> {
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        (0..TASKS).for_each(|n| drop(tasks.spawn(task(n))));
        tasks.join_all().await.into_iter().collect()
    })
}

fn bare(url: &str) -> Result<Work> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = redis::Client::open(url)?;
    let connection = runtime.block_on(client.get_multiplexed_async_connection())?;
    let mut call = 0_u32;
    Ok(Work::awaited("Redis, a Lua bucket, 16 on the way", TASKS * EACH, move || {
        call = call.wrapping_add(1);
        side_by_side(&runtime, |task| {
            let (mut connection, call) = (connection.clone(), call);
            async move {
                let script = Script::new(BARE);
                for n in 0..EACH {
                    let key = format!("watchbell-limits:{}", (call * 31 + task * EACH + n) % 10_000);
                    let mut asked = script.key(key);
                    asked.arg(u64::from(call) + 1_800_000_000_000).arg(100).arg(100);
                    asked.invoke_async::<u64>(&mut connection).await?;
                }
                Ok(())
            }
        })
    }))
}

fn ours(url: &str) -> Result<Work> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let bus = Bus::default();
    let place = Place { url: url.to_owned(), timeout: Duration::from_secs(1), ..Place::default() };
    let address = Address::read(&place).map_err(anyhow::Error::msg)?;
    let node = Id::new(&Clock::system(), &Rng::system());
    runtime.block_on(async {
        bus.join(address, &Member { secret: &[7; 32], node, listens: false, meter: Meter::new() });
        let begun = Instant::now();
        while bus.health() != Health::Up {
            if begun.elapsed() > Duration::from_secs(5) {
                bail!("Redis does not answer: {:?}", bus.health());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    })?;
    let mut call = 0_u32;
    Ok(Work::awaited("Redis, our bucket, 16 on the way", TASKS * EACH, move || {
        call = call.wrapping_add(1);
        side_by_side(&runtime, |task| {
            let (bus, call) = (bus.clone(), call);
            async move {
                for n in 0..EACH {
                    let key = (call * 31 + task * EACH + n) % 10_000;
                    // So large that none is ever empty: who is refused here is spared the way.
                    let rate = Rate { burst: 1_000_000, per_minute: 1_000_000 };
                    bus.take(&SecretHash::of(&key.to_le_bytes()), rate).await.ok().context("a bucket is empty")?;
                }
                Ok(())
            }
        })
    }))
}
