//! An empty, migrated database with two tenants.

use base::{Clock, Id, Rng, Timestamp};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use store::model::Tenant;
use store::{Read, Store, StoreSettings, Tx};

/// Where a story takes place.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) tenant: Id,
    pub(crate) other: Id,
    pub(crate) clock: Clock,
    pub(crate) rng: Rng,
    pub(crate) _dir: Option<tempfile::TempDir>,
    database: Option<(String, String)>,
}

pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_790_000_000_123_456);

/// How many steps the layout has, counted in the repository.
pub(crate) fn migrations() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/sqlite");
    std::fs::read_dir(folder).unwrap().count()
}

impl Place {
    pub(crate) async fn sqlite() -> Self {
        crate::plans::watch().await;
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("test.db").display());
        Self::furnish(url, Some(dir), None).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let server = crate::cluster::url()?;
        let name = format!("store_test_{}", Id::new(&Clock::system(), &Rng::system()).to_string().replace('-', "_"));
        run(&server, &format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Some(Self::furnish(url.into(), None, Some((server, name))).await)
    }

    async fn furnish(url: String, dir: Option<tempfile::TempDir>, database: Option<(String, String)>) -> Self {
        let store = Store::open(&url, StoreSettings::default()).await.unwrap();
        assert_eq!(store.migrate().await.unwrap(), migrations());
        let (clock, rng) = (Clock::manual(NOW), Rng::system());
        let mut ids = Vec::new();
        for origin in ["https://id.one.example", "https://id.two.example"] {
            let id = Id::new(&clock, &rng);
            let (origin, name) = (origin.parse().unwrap(), "Example".to_owned());
            assert!(store.add_tenant(&Tenant { id, origin, name, set_up_at: None, created_at: NOW }).await.unwrap());
            ids.push(id);
        }
        Self { store, url, tenant: ids[0], other: ids[1], clock, rng, _dir: dir, database }
    }

    /// Throws the database away.
    pub(crate) async fn leave(self) {
        self.store.close().await;
        if let Some((server, name)) = &self.database {
            run(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }

    pub(crate) fn id(&self) -> Id {
        Id::new(&self.clock, &self.rng)
    }

    pub(crate) async fn begin(&self) -> Tx {
        self.store.begin(self.tenant).await.unwrap()
    }

    pub(crate) async fn read(&self) -> Read {
        self.store.read(self.tenant).await.unwrap()
    }

    /// Runs SQL beside the store.
    pub(crate) async fn run(&self, sql: &str) {
        if self.is_sqlite() {
            use diesel::connection::{Connection, SimpleConnection};
            let file = self.url.trim_start_matches("sqlite:");
            diesel::SqliteConnection::establish(file).unwrap().batch_execute(sql).unwrap();
        } else {
            run(&self.url, sql).await;
        }
    }

    /// An id as it is written in SQL.
    pub(crate) fn literal(&self, id: Id) -> String {
        let hex = id.to_string().replace('-', "");
        if self.is_sqlite() { format!("x'{hex}'") } else { format!("'{hex}'") }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.database.is_none()
    }
}

pub(crate) async fn run(server: &str, sql: &str) {
    AsyncPgConnection::establish(server).await.unwrap().batch_execute(sql).await.unwrap();
}
