//! A database for each test, copied from one that was migrated once.
//!
//! SQLite: a file in memory-backed storage where there is some. PostgreSQL: a database made `TEMPLATE` of the migrated
//! one, on the server of `WATCHBELL_TEST_POSTGRES_URL`, or on a private one that ends with this process.

use std::future::Future;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use store::{Pooler, Store, StoreSettings};
use tempfile::TempDir;
use url::Url;
use xtask::postgres::Cluster;

use crate::house::Db;

/// A database of one test; gone when dropped.
pub struct Place {
    url: String,
    kept: Kept,
    pooler: Option<(xtask::pgbouncer::Pooler, Pooler)>,
}

enum Kept {
    /// The folder of the file.
    Sqlite { folder: TempDir },
    /// The name of the database.
    Postgres { name: String },
}

impl Place {
    /// A fresh database with this version's tables.
    pub async fn new(db: Db) -> Self {
        tokio::task::spawn_blocking(move || match db {
            Db::Sqlite => sqlite(true),
            Db::Postgres => postgres(true),
        })
        .await
        .expect("a database for the test")
    }

    /// A fresh database without any table, for tests of the migrations.
    pub async fn empty(db: Db) -> Self {
        tokio::task::spawn_blocking(move || match db {
            Db::Sqlite => sqlite(false),
            Db::Postgres => postgres(false),
        })
        .await
        .expect("a database for the test")
    }

    /// A copy, while nobody is using it.
    pub async fn copy(&self) -> Self {
        match &self.kept {
            Kept::Sqlite { folder } => {
                let from = folder.path().join("watchbell.db");
                let folder = memory_folder();
                let file = folder.path().join("watchbell.db");
                std::fs::copy(from, &file).expect("copy the database");
                Self { url: format!("sqlite:{}", file.display()), kept: Kept::Sqlite { folder }, pooler: None }
            }
            Kept::Postgres { name } => {
                let name = name.clone();
                tokio::task::spawn_blocking(move || made_of(&name)).await.expect("a database for the test")
            }
        }
    }

    /// Lets the leases of a killed process run out without the wait. One file has one process: SQLite takes them up at once.
    pub async fn lapse_claims(&self) {
        if let Kept::Postgres { .. } = self.kept {
            let mut conn = AsyncPgConnection::establish(&self.url).await.expect("connect to the database");
            let lapse = "UPDATE deliveries SET claimed_until = '2000-01-01' WHERE claimed_until IS NOT NULL";
            conn.batch_execute(lapse).await.expect("let the leases run out");
        }
    }

    /// The same, behind a PgBouncer in transaction mode of its own, which has few connections.
    #[must_use]
    pub fn behind(mut self, pooler: Pooler) -> Self {
        let mut url = Url::parse(&self.url).expect("the database has a URL");
        let behind = xtask::pgbouncer::Behind {
            host: url.host_str().unwrap_or("127.0.0.1").to_owned(),
            port: url.port().unwrap_or(5432),
            user: url.username().to_owned(),
            password: url.password().map(str::to_owned),
        };
        let started = xtask::pgbouncer::Pooler::start(&behind, 4).unwrap_or_else(|trouble| panic!("{trouble}"));
        url.set_host(Some("127.0.0.1")).expect("an address");
        url.set_port(Some(started.port())).expect("a port");
        self.url = url.into();
        self.pooler = Some((started, pooler));
        self
    }

    /// How to open it.
    pub fn settings(&self) -> StoreSettings {
        let pooler = self.pooler.as_ref().map_or(Pooler::None, |(_, pooler)| *pooler);
        StoreSettings { pooler, ..StoreSettings::default() }
    }

    /// Its address, as in `database.url` of the configuration.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Kept::Postgres { name } = &self.kept {
            let drop_it = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            // What is left behind costs memory, and is gone with the server: no reason to fail a test that passed.
            let _ = std::thread::spawn(move || blocking(command(drop_it))).join();
        }
    }
}

fn sqlite(migrated: bool) -> Place {
    let folder = memory_folder();
    let file = folder.path().join("watchbell.db");
    if migrated {
        std::fs::write(&file, sqlite_template()).expect("write the migrated database");
    }
    Place { url: format!("sqlite:{}", file.display()), kept: Kept::Sqlite { folder }, pooler: None }
}

fn postgres(migrated: bool) -> Place {
    made_of(if migrated { postgres_template() } else { "template0" })
}

fn made_of(template: &str) -> Place {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("story_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    blocking(command(format!("CREATE DATABASE {name} TEMPLATE {template}"))).expect("make a database");
    Place { url: named(&name), kept: Kept::Postgres { name }, pooler: None }
}

/// The bytes of a migrated SQLite file, made once in this process.
fn sqlite_template() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = memory_folder();
        let file = folder.path().join("template.db");
        let url = format!("sqlite:{}", file.display());
        blocking(async move { migrate(&url).await });
        std::fs::read(&file).expect("read the migrated database")
    })
}

/// The name of the migrated PostgreSQL database, made once in this process.
fn postgres_template() -> &'static str {
    static MADE: OnceLock<String> = OnceLock::new();
    MADE.get_or_init(|| {
        let name = format!("template_{}", std::process::id());
        let url = named(&name);
        blocking(async {
            command(format!("CREATE DATABASE {name} TEMPLATE template0")).await.expect("make a database");
            migrate(&url).await;
        });
        name
    })
}

async fn migrate(url: &str) {
    let store = Store::open(url, StoreSettings::default()).await.expect("open a database");
    store.migrate().await.expect("migrate a database");
    store.close().await;
}

/// Runs one statement on the server's first database.
async fn command(sql: String) -> Result<(), String> {
    let mut last = String::new();
    // The template counts as in use for a moment after its last connection was closed.
    for _ in 0..20 {
        let mut connection = AsyncPgConnection::establish(server())
            .await
            .map_err(|error| format!("connect to {}: {error}", server()))?;
        match connection.batch_execute(&sql).await {
            Ok(()) => return Ok(()),
            Err(error) => last = format!("{sql}: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(last)
}

/// The server's address: the given one, else that of a private server which ends with this process.
fn server() -> &'static str {
    static URL: OnceLock<(String, Option<Cluster>)> = OnceLock::new();
    let (url, _) = URL.get_or_init(|| match std::env::var("WATCHBELL_TEST_POSTGRES_URL") {
        Ok(url) => (url, None),
        Err(_) => match Cluster::start() {
            Ok(cluster) => (cluster.url(), Some(cluster)),
            Err(trouble) => panic!("stories run on PostgreSQL too, and there is none: {trouble}"),
        },
    });
    url
}

fn named(database: &str) -> String {
    let mut url = Url::parse(server()).expect("WATCHBELL_TEST_POSTGRES_URL is a URL");
    url.set_path(database);
    url.into()
}

fn memory_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("watchbell-test-").tempdir_in(parent).expect("make a folder")
}

/// Waits for a future on a thread of its own: it must outlive no test's runtime.
fn blocking<T: Send>(future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.expect("start a runtime").block_on(future)
        });
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
