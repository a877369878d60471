//! What PostgreSQL commits: single rows, a hundred at once, and a refresh token that gives way to the next.

use crate::work::Work;
use anyhow::{Result, ensure};
use std::rc::Rc;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

/// How many rotate side by side, each on a connection of its own, and how often in one call.
const ROTATING: u32 = 16;
const EACH: u32 = 10;

const TABLES: &str = "DROP TABLE IF EXISTS watchbell_limits; DROP TABLE IF EXISTS watchbell_limits_tokens; \
    CREATE TABLE watchbell_limits_tokens (id text PRIMARY KEY, client text NOT NULL, usr text NOT NULL, exp bigint NOT NULL, data text NOT NULL); \
    CREATE INDEX ON watchbell_limits_tokens (usr)";
const INSERT: &str = "INSERT INTO watchbell_limits_tokens SELECT id, 'client-0001', 'user-' || right(id, 4), 1800000000, repeat('x', 160) \
    FROM unnest($1::text[]) AS new (id)";
const ROTATE: &str = "WITH old AS (DELETE FROM watchbell_limits_tokens WHERE id = $1 RETURNING client, usr) \
    INSERT INTO watchbell_limits_tokens SELECT $2, old.client, old.usr, 1800000000, repeat('x', 160) FROM old";

pub(crate) fn works(url: &str) -> Result<Vec<Work>> {
    let runtime = Rc::new(Builder::new_current_thread().enable_all().build()?);
    let client = connect(&runtime, url)?;
    runtime.block_on(client.batch_execute(TABLES))?;
    Ok(vec![inserting(&runtime, url, 1)?, inserting(&runtime, url, 100)?, rotating(&runtime, url)?])
}

fn connect(runtime: &Runtime, url: &str) -> Result<Client> {
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    })
}

fn inserting(runtime: &Rc<Runtime>, url: &str, rows: u16) -> Result<Work> {
    let (runtime, client) = (Rc::clone(runtime), connect(runtime, url)?);
    let insert = runtime.block_on(client.prepare(INSERT))?;
    let name = if rows == 1 { "PostgreSQL, one row in a commit" } else { "PostgreSQL, 100 rows in one INSERT" };
    let mut made = 0_u64;
    Ok(Work::awaited(name, rows.into(), move || {
        // In no order, as what is random: each row has its own place in the tree.
        let id = |n: u64| format!("{rows}-{:016x}{n:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let ids: Vec<String> = (made..made + u64::from(rows)).map(id).collect();
        made += u64::from(rows);
        runtime.block_on(client.execute(&insert, &[&ids]))?;
        Ok(())
    }))
}

fn rotating(runtime: &Rc<Runtime>, url: &str) -> Result<Work> {
    let runtime = Rc::clone(runtime);
    let mut chains = Vec::new();
    for n in 0..ROTATING {
        let client = connect(&runtime, url)?;
        let first = format!("watchbell-limits-{n}-0");
        let add = "INSERT INTO watchbell_limits_tokens VALUES ($1, 'client', 'user', 0, '')";
        runtime.block_on(client.execute(add, &[&first]))?;
        chains.push((Arc::new(runtime.block_on(client.prepare(ROTATE))?), Arc::new(client)));
    }
    let mut before = 0_u32;
    Ok(Work::awaited("PostgreSQL, a rotation in one statement, 16 side by side", ROTATING * EACH, move || {
        let from = before;
        before += EACH;
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for (n, (rotate, client)) in chains.iter().enumerate() {
                let (rotate, client) = (Arc::clone(rotate), Arc::clone(client));
                tasks.spawn(async move {
                    for step in from..from + EACH {
                        let name = |step: u32| format!("watchbell-limits-{n}-{step}");
                        let rotated = client.execute(&*rotate, &[&name(step), &name(step + 1)]).await?;
                        ensure!(rotated == 1, "a token is gone");
                    }
                    Ok(())
                });
            }
            tasks.join_all().await.into_iter().collect()
        })
    }))
}
