//! The store: opening, the installation's own rows, and the work that spans tenants.

use crate::carry::{Layout, Loader, Snapshot};
use crate::condition::Condition;
use crate::durability::Durability;
use crate::fault::fault;
use crate::migrate::{self, Way};
use crate::model::{Installation, Tenant};
use crate::tx::{Answer, Read, Source, Turn, Tx};
use crate::{pg, sqlite};
use base::{Fault, Id, Timestamp};
use bus::Bus;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tracing::Span;

/// How the store is opened.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// PostgreSQL: what stands between here and the database.
    pub pooler: Pooler,
    /// PostgreSQL: at most this many connections. SQLite has one writer and as many readers as threads.
    pub max_connections: usize,
    /// How long a caller waits for a connection or its turn before it gets [`Fault::busy`].
    pub wait: Duration,
    /// SQLite: opens the file although a server may be using it, for a short visit from the command line.
    pub shared: bool,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self { pooler: Pooler::None, max_connections: 16, wait: Duration::from_secs(2), shared: false }
    }
}

/// What stands between here and PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooler {
    /// Nothing, or what gives a connection of ours one of the database's for as long as it lives.
    None,
    /// What lends a connection of the database for a transaction, as PgBouncer does with `pool_mode = transaction`: nothing may be
    /// left behind there, no setting, lock or prepared statement.
    Transaction,
    /// The same, where it keeps prepared statements for us wherever they run: PgBouncer from 1.21 on, with
    /// `max_prepared_statements`.
    TransactionPrepared,
}

/// The installation's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Database,
    bus: Bus,
    /// Whether no other process can be working on the database.
    alone: bool,
    /// See [`Store::writers`].
    writers: usize,
}

#[derive(Clone)]
enum Database {
    Pg(pg::Pool),
    Sqlite(sqlite::Db),
}

/// Rows that one purge transaction deletes of each table at most, so that nobody waits long behind it.
const BITE: i64 = 500;

/// Runs a query that belongs to no tenant, outside a transaction.
macro_rules! look {
    ($store:expr, $what:literal, $module:ident::$name:ident($($arg:expr),*)) => {
        Box::pin(async move {
            match &$store.database {
                Database::Pg(pool) => pg::queries::$module::$name(&mut **pool.look().await?.conn()?, $($arg),*).await,
                Database::Sqlite(db) => sqlite::queries::$module::$name(db.reader()?.conn()?, $($arg),*).await,
            }
            .map_err(|error| fault($what, error))
        })
    };
}

mod outbox;
mod rotation;

pub use rotation::Rotation;

impl Store {
    /// Opens the database of a URL: `sqlite:PATH`, `postgres://…` or `postgresql://…`. PostgreSQL is not
    /// contacted before it is first asked something: see [`Store::check`]. With `sslmode=require` in its URL the
    /// connection is encrypted, and the server's certificate must be one that this machine trusts.
    ///
    /// # Errors
    /// [`Fault`] when the URL is of another kind, the file can't be opened, or another server is using it.
    pub async fn open(url: &str, settings: StoreSettings) -> Result<Self, Fault> {
        let bus = Bus::default();
        let alone = url.starts_with("sqlite:") && !settings.shared;
        let database = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            Database::Sqlite(sqlite::Db::open(path, settings.shared, settings.wait, bus.work())?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Database::Pg(pg::Pool::new(url, &settings)?)
        } else {
            return Err(Fault::broken("the database URL begins with neither sqlite: nor postgres://"));
        };
        let writers = match database {
            Database::Sqlite(_) => 1,
            // Most connections are for those who ask.
            Database::Pg(_) => (settings.max_connections / 2).clamp(1, 3),
        };
        Ok(Self { database, bus, alone, writers })
    }

    /// Brings the tables to this version's layout; says how many steps that took. Safe to call from several
    /// servers at once.
    ///
    /// # Errors
    /// [`Fault`] when a step fails: that step is undone, the ones before it stay.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        self.migrate_to(Way::Up).await
    }

    /// Takes every migration back: **the database is empty afterwards**.
    ///
    /// # Errors
    /// [`Fault`] when a step fails.
    pub async fn revert_migrations(&self) -> Result<usize, Fault> {
        self.migrate_to(Way::Down).await
    }

    /// Brings the tables of an empty database to the layout of an earlier version, for rows that were saved with it.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub async fn migrate_up_to(&self, version: &str) -> Result<usize, Fault> {
        self.migrate_to(Way::UpTo(version.to_owned())).await
    }

    /// Everything as it is at this moment, while others go on writing.
    ///
    /// # Errors
    /// [`Fault`] when the database can't be reached.
    pub fn snapshot(&self) -> Answer<'_, Snapshot> {
        Box::pin(async move {
            match &self.database {
                Database::Pg(pool) => Snapshot::postgres(pool).await,
                Database::Sqlite(db) => Snapshot::sqlite(db),
            }
        })
    }

    /// A connection that loads rows into a database that nobody uses yet.
    ///
    /// # Errors
    /// [`Fault`] when the database can't be reached.
    pub fn loader(&self) -> Answer<'_, Loader> {
        Box::pin(async move {
            match &self.database {
                Database::Pg(pool) => Loader::postgres(pool).await,
                Database::Sqlite(db) => Loader::sqlite(db),
            }
        })
    }

    fn migrate_to(&self, way: Way) -> Answer<'_, usize> {
        match &self.database {
            Database::Pg(pool) => Box::pin(migrate::postgres(pool, way)),
            Database::Sqlite(db) => Box::pin(migrate::sqlite(db, way)),
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`Fault`] when it gives none.
    pub fn check(&self) -> Answer<'_, ()> {
        look!(self, "check the database", installation::ping())
    }

    /// What the database tells of itself: its version, its clock, and which steps its tables have taken. It changes nothing.
    ///
    /// # Errors
    /// [`Fault`] when it can't be reached.
    pub fn condition(&self) -> Answer<'_, Condition> {
        Box::pin(async move {
            let (version, clock) = match &self.database {
                Database::Pg(_) => {
                    let version = "split_part(current_setting('server_version'), ' ', 1)";
                    (version, Some(look!(self, "ask the database for the time", condition::clock()).await?))
                }
                Database::Sqlite(_) => ("sqlite_version()", None),
            };
            let version: String = look!(self, "ask the database for its version", condition::word(version)).await?;
            let taken: Vec<String> = look!(self, "list the steps that were taken", condition::steps()).await?;
            Ok(Condition::new(version, clock, (migrate::known(), taken)))
        })
    }

    /// What this version needs and the tables lack, as `accounts.name`: a newer version than the next took it away. Nothing where
    /// no newer one was.
    ///
    /// # Errors
    /// [`Fault`] when the database can't be reached.
    pub fn lacking(&self) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            let mut lacking = Vec::new();
            if self.condition().await?.unknown.is_empty() {
                return Ok(lacking);
            }
            for table in Layout::current().tables {
                let (table, columns): (&str, Vec<_>) =
                    (&table.name, table.columns.into_iter().map(|c| c.name).collect());
                let columns = columns.as_slice();
                if look!(self, "look at a table", condition::has(table, columns)).await? {
                    continue;
                }
                for column in columns.chunks(1) {
                    if !look!(self, "look at a column", condition::has(table, column)).await? {
                        lacking.push(format!("{table}.{}", column.concat()));
                    }
                }
            }
            Ok(lacking)
        })
    }

    /// Begins no more transactions and lets go of the database. Clones are closed with it.
    pub async fn close(&self) {
        match &self.database {
            Database::Pg(pool) => pool.close(),
            Database::Sqlite(db) => db.close().await,
        }
    }

    /// Where commits are told of: to this process, and to the other nodes once it is joined to them.
    pub const fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Told after every commit that has something for the relay. It is a hint: it can come for nothing, and
    /// another process's commits ring here only over the bus, so the relay also looks by itself now and then.
    pub fn events_signal(&self) -> Arc<Notify> {
        self.bus.work()
    }

    /// How many of the relay's transactions together get further than one alone: a file has one that writes at a time, and at a
    /// server one works while another waits for us.
    pub const fn writers(&self) -> usize {
        self.writers
    }

    /// A number that changes with every commit that takes something away from apps and tokens: what was
    /// read under the same number still stands, as far as this process knows.
    pub fn revision(&self) -> u64 {
        self.bus.revision()
    }

    /// Begins a transaction of one tenant.
    ///
    /// # Errors
    /// [`Fault`] when the database can't be reached, or is busy for longer than the settings allow.
    pub fn begin(&self, tenant: Id) -> Answer<'_, Tx> {
        self.begin_for(Some(tenant), Durability::Synced)
    }

    /// As [`Store::begin`], for what whoever did it would do again: on SQLite its commit does not wait for the disk. It survives the end of the
    /// program, however it ends. The power that fails at once after may take it, with what was begun like this just before; never anything
    /// else. So nothing may be written by it that an answer to somebody rests on, be it one that another transaction gives.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub fn begin_unsynced(&self, tenant: Id) -> Answer<'_, Tx> {
        self.begin_for(Some(tenant), Durability::Written)
    }

    /// Begins a transaction over all tenants. [`Tx::for_tenant`] chooses one.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub fn begin_across(&self) -> Answer<'_, Tx> {
        self.begin_for(None, Durability::Synced)
    }

    /// Begins the relay's transaction, over all tenants. Its commit waits for no disk, nor for a standby (PostgreSQL, "Asynchronous Commit"):
    /// should it be lost, the events wait again and it is done again. Before a delivery is attempted it is claimed, and that commit, which
    /// is synced, takes along what was committed before it.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub fn begin_relay(&self) -> Answer<'_, Tx> {
        self.begin_for(None, Durability::Redone)
    }

    fn begin_for(&self, tenant: Option<Id>, durability: Durability) -> Answer<'_, Tx> {
        Box::pin(async move {
            let span = self.span();
            let turn = match &self.database {
                Database::Pg(pool) => Turn::Pg(pool.begin(durability).await?),
                Database::Sqlite(db) => Turn::Sqlite(db.begin(durability).await?),
            };
            Ok(Tx::new(turn, tenant, self.bus.clone(), span))
        })
    }

    /// The span of a transaction (OpenTelemetry semantic conventions for databases). Statements have none: they would be many.
    fn span(&self) -> Span {
        let system = match &self.database {
            Database::Pg(_) => "postgresql",
            Database::Sqlite(_) => "sqlite",
        };
        tracing::info_span!(target: base::TRACED, "transaction", otel.kind = "client", db.system.name = system)
    }

    /// Looks at what a tenant has committed.
    ///
    /// # Errors
    /// None at present: a connection is taken when something is asked.
    #[allow(clippy::unused_async, reason = "callers await it as they await begin; a database may need to be asked")]
    pub async fn read(&self, tenant: Id) -> Result<Read, Fault> {
        let source = match &self.database {
            Database::Pg(pool) => Source::Pg(pool.clone()),
            Database::Sqlite(db) => Source::Sqlite(db.clone()),
        };
        Ok(Read { source, tenant })
    }

    /// The installation, if it was made.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn installation(&self) -> Answer<'_, Option<Installation>> {
        look!(self, "find the installation", installation::find())
    }

    /// Makes the installation. `false` when it was made already: the first writer wins, and its row stays.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn install(&self, new: &Installation) -> Result<bool, Fault> {
        let mut tx = self.begin_across().await?;
        let first = tx.install(new).await?;
        tx.commit().await?;
        Ok(first)
    }

    /// Puts an installation's row in the place of the one whose wrapped key is `was`: of one that marks loading under way, or
    /// of one under an earlier master key. With `ended_at`, what was issued before ends with it: what was used, ended or
    /// revoked since a backup was made would be valid again. `false` when that row is not there any more.
    ///
    /// # Errors
    /// [`Fault`] of the database: then nothing of it was done.
    pub async fn replace_installation(
        &self,
        was: &[u8],
        installation: &Installation,
        ended_at: Option<Timestamp>,
    ) -> Result<bool, Fault> {
        let mut tx = self.begin_across().await?;
        let done = tx.replace_installation(was, installation).await?;
        if let Some(now) = ended_at.filter(|_| done) {
            tx.end_everything_issued(now).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// All tenants, oldest first.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub fn tenants(&self) -> Answer<'_, Vec<Tenant>> {
        look!(self, "list the tenants", installation::tenants())
    }

    /// Adds a tenant. `false` when its origin is taken.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn add_tenant(&self, tenant: &Tenant) -> Result<bool, Fault> {
        let mut tx = self.begin_across().await?;
        let added = tx.add_tenant(tenant).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Saves a tenant's name, origin and moment of set-up.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn update_tenant(&self, tenant: &Tenant) -> Result<(), Fault> {
        let mut tx = self.begin_across().await?;
        tx.update_tenant(tenant).await?;
        tx.commit().await
    }

    /// How many connections to the database there are, by what they do. A file has none.
    pub fn connections(&self) -> Vec<(&'static str, u64)> {
        match &self.database {
            Database::Pg(pool) => pool.connections(),
            Database::Sqlite(_) => Vec::new(),
        }
    }

    /// Clears away what is over, in small transactions; says how many rows went. What can be used once stays
    /// for a day after its end, so that a late second use is still seen for what it is; deliveries that were
    /// made stay for thirty days.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn purge(&self, now: Timestamp) -> Result<usize, Fault> {
        let mut gone: usize = 0;
        for tenant in self.tenants().await? {
            loop {
                let mut tx = self.begin(tenant.id).await?;
                let bite = tx.purge_bite(BITE, now).await?;
                if bite == 0 {
                    break;
                }
                tx.commit().await?;
                gone = gone.saturating_add(bite);
            }
        }
        Ok(gone)
    }
}
