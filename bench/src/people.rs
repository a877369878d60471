//! Many people at once, written into the SQLite file of an installation whose server is stopped.
//!
//! There is no such import in the product: each person is a copy of the first one's row and password, under a new id and address. So
//! they all have one salt, which nothing measured here looks at.

use anyhow::{Context as _, Result};
use base::{Id, Keyring, MasterKey, Rng};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Text};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// Opens the file beside whoever else has it open.
pub(crate) fn open(file: &Path) -> Result<SqliteConnection> {
    let mut conn = SqliteConnection::establish(&file.to_string_lossy())?;
    conn.batch_execute("PRAGMA busy_timeout = 30000; PRAGMA synchronous = NORMAL")?;
    Ok(conn)
}

/// Adds `person0@bench.test` and so on, as many as `count`.
pub(crate) fn add(conn: &mut SqliteConnection, count: u32) -> Result<()> {
    // Ids in the order of their making, as those of the product are.
    let sql = format!(
        "BEGIN;
         CREATE TEMP TABLE numbers AS WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {count})
             SELECT n, unhex(printf('019f%012x', n) || hex(randomblob(8))) AS id FROM c;
         CREATE TEMP TABLE copies AS SELECT a.* FROM accounts a ORDER BY created_at LIMIT 1;
         CREATE TEMP TABLE people AS SELECT c.*, n.n AS n, n.id AS new_id FROM copies c, numbers n;
         UPDATE people SET email = 'person' || n || '@bench.test', email_key = 'person' || n || '@bench.test', id = new_id;
         ALTER TABLE people DROP COLUMN n;
         ALTER TABLE people DROP COLUMN new_id;
         INSERT INTO accounts SELECT * FROM people;
         INSERT INTO passwords SELECT p.tenant_id, n.id, p.hash, p.changed_at
             FROM (SELECT * FROM passwords LIMIT 1) p, numbers n;
         COMMIT;"
    );
    conn.batch_execute(&sql).context("write people into the database")
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Binary)]
    wrapped_key: Vec<u8>,
    #[diesel(sql_type = Binary)]
    tenant_id: Vec<u8>,
    #[diesel(sql_type = Binary)]
    vapid: Vec<u8>,
}

/// A browser's keys, in which it has the same for all subscriptions: who encrypts does not notice.
#[derive(Clone)]
pub(crate) struct Keys {
    /// An uncompressed point of P-256.
    pub(crate) p256dh: [u8; 65],
    pub(crate) auth: [u8; 16],
}

/// Gives each of the people that [`add`] made a browser whose push service is at `origin`: that of person `n` at `/n`.
pub(crate) fn subscribe(conn: &mut SqliteConnection, (folder, origin): (&Path, &str), keys: &Keys) -> Result<()> {
    let known: Known = diesel::sql_query(
        "SELECT i.wrapped_key, k.tenant_id, k.id AS vapid FROM installation i, keys k WHERE k.usage = 'vapid'",
    )
    .get_result(conn)
    .context("read the installation's keys")?;
    let keyring = keyring(&folder.join("master.key"), &known.wrapped_key)?;
    add_browsers(conn)?;
    let people: Vec<Person> = diesel::sql_query(
        "SELECT id, CAST(substr(email, 7, instr(email, '@') - 7) AS INTEGER) AS n FROM accounts WHERE email LIKE 'person%'",
    )
    .load(conn)?;
    let (p256dh, auth) = (URL_SAFE_NO_PAD.encode(keys.p256dh), URL_SAFE_NO_PAD.encode(keys.auth));
    let rng = Rng::system();
    conn.transaction(|conn| {
        for person in &people {
            let id: [u8; 16] = person.id.as_slice().try_into().context("an id")?;
            let endpoint = format!("{origin}/{}", person.n);
            let text = format!(r#"{{"endpoint":"{endpoint}","keys":{{"p256dh":"{p256dh}","auth":"{auth}"}}}}"#);
            let sealed =
                keyring.seal(&format!("subscriptions.sealed/{}", Id::from_bytes(id)), text.as_bytes(), &rng)?;
            diesel::sql_query(
                "INSERT INTO subscriptions (tenant_id, id, account_id, device_id, session_id, endpoint, service, sealed,
                 vapid_key_id, created_at, strikes) VALUES (?, ?, ?, ?, ?, ?, '127.0.0.1', ?, ?, ?, 0)",
            )
            .bind::<Binary, _>(&known.tenant_id)
            .bind::<Binary, _>(&person.id)
            .bind::<Binary, _>(&person.id)
            .bind::<Binary, _>(&person.id)
            .bind::<Binary, _>(&person.id)
            .bind::<Binary, _>(Sha256::digest(&endpoint).to_vec())
            .bind::<Binary, _>(sealed)
            .bind::<Binary, _>(&known.vapid)
            .bind::<BigInt, _>(now_micros())
            .execute(conn)?;
        }
        anyhow::Ok(())
    })
}

/// Gives each of the people that [`add`] made a browser, without a bell in it.
pub(crate) fn add_browsers(conn: &mut SqliteConnection) -> Result<()> {
    conn.batch_execute(
        "INSERT INTO devices (tenant_id, id, account_id, secret, agent, place, first_seen_at, last_seen_at, known_at,
             push_offer, push_wanted) SELECT tenant_id, id, id, randomblob(32),
             '{\"browser\":\"Firefox\",\"os\":\"Linux\",\"model\":\"\",\"kind\":\"desktop\"}', NULL, created_at, created_at,
             created_at, '{\"put_off\":2,\"again_at\":null}', 1 FROM accounts WHERE email LIKE 'person%'",
    )
    .context("write browsers into the database")
}

#[derive(QueryableByName)]
struct Person {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn keyring(master: &Path, wrapped: &[u8]) -> Result<Keyring> {
    let text = std::fs::read_to_string(master).with_context(|| master.display().to_string())?;
    let bytes: [u8; 32] = STANDARD.decode(text.trim())?.as_slice().try_into().context("the master key")?;
    MasterKey::from_bytes(bytes).unwrap_keyring(wrapped).context("open the installation's key")
}

/// Microseconds since 1970, as the product writes moments.
pub(crate) fn now_micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// What is told to each browser, or to each whose number is below `count`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Told {
    /// What stands in the log alone: nobody is told.
    Nobody,
    /// An ordinary notice: a test of the bell.
    Test,
    /// What goes before all others: the account was locked down.
    LockedDown,
}

/// How many events are written in one transaction: the server's own writers must not wait for long.
const EVENTS: u32 = 1_000;

/// The event that was just written waits to be relayed.
const WAITS: &str = "INSERT INTO events_to_relay (seq, rank) VALUES (last_insert_rowid(), ?)";

/// Writes one event for each of the people below `count`, as a use case would have, not yet relayed.
pub(crate) fn emit(conn: &mut SqliteConnection, told: Told, count: u32) -> Result<()> {
    let (kind, priority, data) = match told {
        Told::Nobody => ("account.created", 0, "'{}'"),
        Told::Test => (
            "push.test",
            5,
            "'{\"subscription\":\"' || lower(substr(hex(a.id),1,8) || '-' || substr(hex(a.id),9,4) || '-' || \
             substr(hex(a.id),13,4) || '-' || substr(hex(a.id),17,4) || '-' || substr(hex(a.id),21)) || '\"}'",
        ),
        Told::LockedDown => ("account.locked_down", 20, "'{}'"),
    };
    let sql = format!(
        "INSERT INTO events (tenant_id, id, account_id, device_id, agent, place, kind, event, at)
         SELECT a.tenant_id, unhex(printf('%012x7000', ?) || hex(randomblob(8))), a.id, NULL, d.agent, NULL, ?, '{{\"kind\":\"{kind}\",\"data\":' || {data} || '}}', ?
         FROM accounts a JOIN devices d ON d.tenant_id = a.tenant_id AND d.id = a.id
         WHERE a.tenant_id = (SELECT id FROM tenants) AND a.email_key = 'person' || ? || '@bench.test'"
    );
    for first in (0..count).step_by(usize::try_from(EVENTS)?) {
        let write = |conn: &mut SqliteConnection| {
            (first..count.min(first + EVENTS)).try_for_each(|n| {
                let query = diesel::sql_query(&sql).bind::<BigInt, _>(now_micros() / 1_000).bind::<Text, _>(kind);
                let query = query.bind::<BigInt, _>(now_micros());
                query.bind::<BigInt, _>(i64::from(n)).execute(conn)?;
                diesel::sql_query(WAITS).bind::<Integer, _>(-priority).execute(conn).map(drop)
            })
        };
        conn.immediate_transaction(write).context("write events into the database")?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Whether there are events that the relay has not taken up yet.
pub(crate) const WAITING: &str =
    "SELECT count(*) AS n FROM (SELECT 1 FROM events_to_relay LIMIT 1) AS one";

/// Asks [`WAITING`].
pub(crate) fn is_waiting(conn: &mut SqliteConnection) -> Result<bool> {
    let left: Left = diesel::sql_query(WAITING).get_result(conn)?;
    Ok(left.n > 0)
}

#[derive(QueryableByName)]
struct Happened {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = BigInt)]
    at: i64,
}

/// Whose sign-in from a new browser happened when: the person's number, and microseconds since 1970.
pub(crate) fn new_devices(conn: &mut SqliteConnection) -> Result<Vec<(i64, i64)>> {
    let happened: Vec<Happened> = diesel::sql_query(
        "SELECT CAST(substr(a.email, 7, instr(a.email, '@') - 7) AS INTEGER) AS n, e.at FROM events e \
         JOIN accounts a ON a.tenant_id = e.tenant_id AND a.id = e.account_id WHERE e.kind = 'login.new_device'",
    )
    .load(conn)?;
    Ok(happened.into_iter().map(|one| (one.n, one.at)).collect())
}
