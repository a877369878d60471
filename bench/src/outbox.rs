//! The outbox: how fast the events that wait in it become deliveries, on either database.

use crate::figures::Figures;
use crate::house::Installation;
use crate::people::{self, Told};
use crate::product::Product;
use crate::usage::Usage;
use anyhow::{Result, bail};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

/// How long the relay may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often the database is asked whether anything waits: seldom enough to cost nothing.
const EACH: Duration = Duration::from_millis(20);

/// Relays `count` events of which nobody is told, and then `count` of each of which one person is told by mail: they wait there, as there
/// is no mail server. They are written into a SQLite file, which is moved to the PostgreSQL database `database` if there is one.
pub(crate) fn measure(watchbell: &Path, product: &mut Product, database: Option<&str>, count: u32) -> Result<Figures> {
    let mut found = Figures::default();
    let postgres = database.map(Postgres::connect).transpose()?;
    for told in [Told::Nobody, Told::LockedDown] {
        relaying(&mut found, (watchbell, product), postgres.as_ref(), (told, count))?;
        if let Some(postgres) = &postgres {
            postgres.empty()?;
        }
    }
    Ok(found)
}

fn relaying(
    found: &mut Figures,
    (watchbell, product): (&Path, &mut Product),
    postgres: Option<&Postgres>,
    (told, count): (Told, u32),
) -> Result<()> {
    let file = Installation::new(watchbell, None)?;
    let first = file.serve()?;
    product.users.count = 1;
    file.furnish(product, false)?;
    first.stop()?;
    let mut conn = people::open(&file.file("watchbell.db"))?;
    people::add(&mut conn, count)?;
    people::add_browsers(&mut conn)?;
    people::emit(&mut conn, told, count)?;
    let moved = postgres.map(|postgres| postgres.take_over(&file)).transpose()?;
    let server = moved.as_ref().unwrap_or(&file).serve()?;
    let usage = || Usage::of(Some(server.pid()));
    let (begun, before) = (Instant::now(), usage());
    while match postgres {
        Some(postgres) => postgres.is_waiting()?,
        None => people::is_waiting(&mut conn)?,
    } {
        if begun.elapsed() > PATIENCE {
            bail!("events are not relayed");
        }
        std::thread::sleep(EACH);
    }
    let (seconds, cpu) = (begun.elapsed().as_secs_f64(), usage().cpu - before.cpu);
    let what = match told {
        Told::Nobody => "of which nobody is told",
        Told::Test | Told::LockedDown => "that become a delivery each",
    };
    let on = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    found.add(format!("{on}, {count} events {what}"), f64::from(count) / seconds, "/s");
    found.add("the same, of the server's CPU", f64::from(count) / cpu, "/cpu-s");
    server.stop()
}

/// A PostgreSQL database for one installation after the other.
struct Postgres {
    url: String,
    runtime: Runtime,
    client: Client,
}

impl Postgres {
    fn connect(url: &str) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            anyhow::Ok(client)
        })?;
        // What is put into it is dropped again.
        let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')";
        let tables: i64 = runtime.block_on(client.query_one(tables, &[]))?.try_get(0)?;
        if tables > 0 {
            bail!("there are tables in the database: name an empty one");
        }
        Ok(Self { url: url.to_owned(), runtime, client })
    }

    /// Takes away what was put here.
    fn empty(&self) -> Result<()> {
        Ok(self.runtime.block_on(self.client.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))?)
    }

    /// Moves an installation here.
    fn take_over(&self, file: &Installation) -> Result<Installation> {
        file.run(&["move", "--to", &self.url], "")?;
        // As the database itself would some time after a load: plans are made by what it counted last.
        self.runtime.block_on(self.client.batch_execute("VACUUM ANALYZE"))?;
        let moved = Installation::new(file.program(), Some(&self.url))?;
        std::fs::copy(file.file("master.key"), moved.file("master.key"))?;
        Ok(moved)
    }

    fn is_waiting(&self) -> Result<bool> {
        let row = self.runtime.block_on(self.client.query_one(people::WAITING, &[]))?;
        Ok(row.try_get::<_, i64>(0)? > 0)
    }
}
