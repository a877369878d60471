//! Refresh tokens and sessions: rows that are on disk when the answer leaves. One thread writes, and one commit serves all who wait.

use crate::house::{digest, random};
use crate::setting;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use std::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;

diesel::table! { rt (id) { id -> Text, client -> Text, usr -> Text, exp -> BigInt, data -> Text, } }

#[derive(Queryable, Insertable, Clone)]
#[diesel(table_name = rt)]
struct Row {
    id: String,
    client: String,
    usr: String,
    exp: i64,
    data: String,
}

enum Work {
    Insert(Row),
    /// The row of an old token gives way to a new one.
    Rotate(String, Row),
}

/// What is waited for, and who waits.
type Waiting = (Work, oneshot::Sender<bool>);

/// Whoever writes.
pub(crate) struct Writer(Sender<Waiting>);

impl Writer {
    /// On a new file.
    pub(crate) fn start() -> Self {
        let path = setting("DB", "yardstick.db");
        for end in ["", "-wal", "-shm"] {
            // It may not be there.
            let _ = std::fs::remove_file(format!("{path}{end}"));
        }
        let sync = setting("SYNC", "FULL");
        let mut conn = SqliteConnection::establish(&path).unwrap();
        conn.batch_execute(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {sync}; PRAGMA busy_timeout = 5000; \
             CREATE TABLE rt (id TEXT PRIMARY KEY NOT NULL, client TEXT NOT NULL, usr TEXT NOT NULL, \
             exp BIGINT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID"
        ))
        .unwrap();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || write(&mut conn, &receiver));
        Self(sender)
    }

    async fn done(&self, work: Work) -> bool {
        let (sender, receiver) = oneshot::channel();
        self.0.send((work, sender)).unwrap();
        receiver.await.unwrap()
    }

    /// A new token.
    pub(crate) async fn insert(&self, user: &str, client: &str) -> String {
        let token = random(32);
        self.done(Work::Insert(row(&token, user, client))).await;
        token
    }

    /// A new token instead of an old one, if that is there.
    pub(crate) async fn rotate(&self, old: &str, client: &str) -> Option<String> {
        let token = random(32);
        self.done(Work::Rotate(digest(old), row(&token, "", client))).await.then_some(token)
    }
}

fn row(token: &str, user: &str, client: &str) -> Row {
    let exp = i64::try_from(crate::house::now()).unwrap() + 2_592_000;
    let data = "openid profile email offline_access".to_owned();
    Row { id: digest(token), client: client.to_owned(), usr: user.to_owned(), exp, data }
}

fn write(conn: &mut SqliteConnection, receiver: &Receiver<Waiting>) {
    let mut waiting: Vec<Waiting> = Vec::new();
    while let Ok(first) = receiver.recv() {
        waiting.push(first);
        waiting.extend(receiver.try_iter().take(255));
        let done = conn.immediate_transaction(|conn| waiting.iter().map(|(work, _)| perform(conn, work)).collect());
        let done: Vec<bool> = done.map_err(|error: diesel::result::Error| error.to_string()).unwrap();
        for ((_, sender), done) in waiting.drain(..).zip(done) {
            // Who has hung up needs no answer.
            let _ = sender.send(done);
        }
    }
}

fn perform(conn: &mut SqliteConnection, work: &Work) -> QueryResult<bool> {
    match work {
        Work::Insert(row) => Ok(diesel::insert_into(rt::table).values(row).execute(conn)? == 1),
        Work::Rotate(old, row) => {
            let Some(before) = rt::table.find(old).first::<Row>(conn).optional()? else { return Ok(false) };
            diesel::delete(rt::table.find(old)).execute(conn)?;
            let row = Row { usr: before.usr, ..row.clone() };
            diesel::insert_into(rt::table).values(&row).execute(conn)?;
            Ok(true)
        }
    }
}
