//! The installation, and one tenant of it.

use crate::hashing::Hasher;
use crate::keys::Keys;
use crate::oidc::{Described, Documents, Published, PublishedKeys, PublishedRequest};
use crate::push::CheckSubscription;
use crate::remembered::Memory;
use crate::settings::Settings;
use crate::signed_tokens::SignedTokens;
use crate::visitor::{Signed, Visitor};
use arc_swap::ArcSwap;
use base::{Clock, Fault, Id, Keyring, Rng, Secret, SecretKind, Timestamp};
use bus::{Bus, Health, News};
use identity::{AccountStatus, Device, Event, EventRecord};
use meter::{Levels, Meter};
use oauth::own_scope::OwnScope;
use outbound::Outbound;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::model::{SignedIn, Sink, Tenant};
use store::{Read, Store, Tx};
use upstream::Upstream;

/// What an installation is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    /// Opens what is sealed.
    pub keyring: Keyring,
    /// The HTTP client.
    pub outbound: Outbound,
    /// Judges browsers' subscriptions.
    pub check_subscription: CheckSubscription,
    /// What the operator set.
    pub settings: Settings,
    /// Counts.
    pub meter: Meter,
}

/// The installation. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    hasher: Hasher,
    upstreams: Vec<Arc<Upstream>>,
    published_keys: PublishedKeys,
    documents: Published<Described>,
    published_requests: Published<PublishedRequest>,
    tenants: ArcSwap<HashMap<String, Arc<TenantState>>>,
    signed: SignedTokens,
    leaving: AtomicBool,
}

/// What is kept of a tenant between requests.
pub(crate) struct TenantState {
    pub(crate) tenant: Tenant,
    pub(crate) keys: ArcSwap<Keys>,
    /// Scopes that the operator defined.
    pub(crate) own_scopes: Vec<OwnScope>,
    documents: Documents,
    memory: Memory,
}

/// One tenant: where every use case begins. Cheap to clone.
#[derive(Clone)]
pub struct Here {
    app: App,
    state: Arc<TenantState>,
}

impl App {
    /// Opens the installation: reads the tenants and their keys, starts the hashing threads.
    ///
    /// # Errors
    /// [`Fault`] when the database or a sealed key can't be read.
    pub async fn open(parts: Parts) -> Result<Self, Fault> {
        let settings = &parts.settings;
        let hasher =
            Hasher::start(settings.hashing, (settings.hashers, settings.hash_queue), &parts.rng, parts.meter.clone())?;
        let ready = |provider: &upstream::Provider| Arc::new(Upstream::new(provider.clone(), parts.outbound.clone()));
        let upstreams = settings.upstreams.iter().map(ready).collect();
        let app = Self {
            inner: Arc::new(Inner {
                parts,
                hasher,
                upstreams,
                published_keys: PublishedKeys::default(),
                documents: Published::default(),
                published_requests: Published::default(),
                tenants: ArcSwap::default(),
                signed: SignedTokens::default(),
                leaving: AtomicBool::new(false),
            }),
        };
        app.reload().await?;
        Ok(app)
    }

    /// Reads tenants and keys again: after a rotation by the command line, a running server takes the new
    /// key up by itself well before it signs.
    ///
    /// # Errors
    /// [`Fault`] when the database or a sealed key can't be read.
    pub async fn reload(&self) -> Result<(), Fault> {
        let mut tenants = HashMap::new();
        for tenant in self.inner.parts.store.tenants().await? {
            let keys = Keys::load(&self.inner.parts, tenant.id).await?;
            let own_scopes = self.inner.parts.store.read(tenant.id).await?.list_own_scopes().await?;
            let host = tenant.origin.authority().to_owned();
            let (keys, documents, memory) = (ArcSwap::from_pointee(keys), Documents::default(), Memory::default());
            tenants.insert(host, Arc::new(TenantState { tenant, keys, own_scopes, documents, memory }));
        }
        self.inner.tenants.store(Arc::new(tenants));
        Ok(())
    }

    /// Waits until another process has changed tenants, keys or scopes, but no longer than that, and reads them again.
    ///
    /// # Errors
    /// As [`App::reload`].
    pub async fn reload_when_told(&self, at_most: Duration) -> Result<(), Fault> {
        // Nobody may tell: then it is time.
        let _ = tokio::time::timeout(at_most, self.bus().reload_wanted()).await;
        self.reload().await
    }

    /// What this process hears of others.
    pub fn bus(&self) -> &Bus {
        self.inner.parts.store.bus()
    }

    /// The tenant of a `Host` header. The header is only compared; links are built from the configuration.
    pub fn at(&self, host: &str) -> Option<Here> {
        let tenants = self.inner.tenants.load();
        let state = tenants.get(host).or_else(|| tenants.get(&host.to_ascii_lowercase()))?;
        Some(Here { app: self.clone(), state: Arc::clone(state) })
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.inner.parts
    }

    /// Every tenant.
    pub fn everywhere(&self) -> Vec<Here> {
        let tenants = self.inner.tenants.load();
        tenants.values().map(|state| Here { app: self.clone(), state: Arc::clone(state) }).collect()
    }

    /// The database, for the readiness check.
    pub fn store(&self) -> &Store {
        &self.inner.parts.store
    }

    /// From now on it is not ready: whoever sends requests here should send them elsewhere.
    pub fn leave(&self) {
        self.inner.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether it is about to stop.
    pub fn is_leaving(&self) -> bool {
        self.inner.leaving.load(Ordering::Relaxed)
    }

    /// Whether a question what was seen of a request is `watchbell doctor`'s.
    pub fn is_of_the_doctor(&self, question: &str) -> bool {
        let parts = &self.inner.parts;
        crate::doctor::may_ask(&parts.keyring, question, parts.clock.now())
    }

    /// What is counted.
    pub fn meter(&self) -> &Meter {
        &self.inner.parts.meter
    }

    /// How full queues and pools are now.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn levels(&self) -> Result<Levels, Fault> {
        let parts = &self.inner.parts;
        let mut outbox = Vec::new();
        for (sink, name) in
            [(Sink::Push, "push"), (Sink::Mail, "mail"), (Sink::Logout, "logout"), (Sink::Answer, "answer")]
        {
            let (due, oldest) = parts.store.due_deliveries(sink, parts.clock.now()).await?;
            let lag = oldest.map_or(0, |oldest| parts.clock.now().since(oldest).as_secs());
            outbox.push((name, due, lag));
        }
        let waiting = u64::try_from(self.inner.hasher.waiting()).unwrap_or_default();
        let redis = match self.bus().health() {
            Health::Off => None,
            Health::Up => Some(true),
            Health::Away(_) => Some(false),
        };
        Ok(Levels { hash_waiting: waiting, outbox, connections: parts.store.connections(), redis })
    }
}

impl Here {
    /// The tenant.
    pub fn tenant(&self) -> &Tenant {
        &self.state.tenant
    }

    /// The issuer identifier (OpenID Connect Discovery 1.0 §3): the origin, without a slash at its end.
    pub fn issuer(&self) -> &str {
        self.state.tenant.origin.as_str()
    }

    /// The absolute URL of a path here.
    pub fn url(&self, path: &str) -> String {
        self.state.tenant.origin.join(path)
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.app.inner.parts.settings
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.app.inner.parts.clock.now()
    }

    /// Whether a live session stands behind the browser's cookie, and whose it is.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn signed_in(&self, visitor: &Visitor) -> Result<Option<Signed>, Fault> {
        let Some(secret) = &visitor.session else { return Ok(None) };
        let found = self.read().await?.find_signed_in(secret.hash()).await?;
        let Some(found) = found else { return Ok(None) };
        let now = self.now();
        let active = found.account.status == AccountStatus::Active;
        if !active || !found.session.is_live(now, self.settings().session_idle) {
            return Ok(None);
        }
        // To the minute: a page load must not cost a write.
        if now.since(found.session.last_seen_at).as_secs() >= 60 {
            let mut tx = self.begin_unsynced().await?;
            tx.touch_session(found.session.id, now).await?;
            tx.touch_device(found.device.id, now, visitor.place.as_ref()).await?;
            tx.commit().await?;
        }
        Ok(Some(Signed { session: found.session, account: found.account, device: found.device }))
    }

    /// Reads tenants and keys again, for every part of the process, and has the other nodes do so.
    pub(crate) async fn reload(&self) -> Result<(), Fault> {
        self.bus().say(News::Reload);
        self.app.reload().await
    }

    pub(crate) fn bus(&self) -> &Bus {
        self.app.bus()
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.app.inner.parts
    }

    pub(crate) fn state(&self) -> &TenantState {
        &self.state
    }

    pub(crate) fn keys(&self) -> arc_swap::Guard<Arc<Keys>> {
        self.state.keys.load()
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.parts().meter
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.app.inner.hasher
    }

    pub(crate) fn upstreams(&self) -> &[Arc<Upstream>] {
        &self.app.inner.upstreams
    }

    pub(crate) fn published_keys(&self) -> &PublishedKeys {
        &self.app.inner.published_keys
    }

    pub(crate) fn documents(&self) -> &Published<Described> {
        &self.app.inner.documents
    }

    /// The documents that are the same for everybody.
    pub(crate) fn written(&self) -> &Documents {
        &self.state.documents
    }

    /// Access tokens that were signed here lately.
    pub(crate) fn signed(&self) -> &SignedTokens {
        &self.app.inner.signed
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.state.memory
    }

    pub(crate) fn published_requests(&self) -> &Published<PublishedRequest> {
        &self.app.inner.published_requests
    }

    pub(crate) fn rng(&self) -> &Rng {
        &self.parts().rng
    }

    pub(crate) fn new_id(&self) -> Id {
        Id::at(self.now(), self.rng())
    }

    pub(crate) fn secret(&self, kind: SecretKind) -> Secret {
        Secret::generate(kind, self.rng())
    }

    pub(crate) async fn begin(&self) -> Result<Tx, Fault> {
        self.parts().store.begin(self.state.tenant.id).await
    }

    /// The same for what whoever did it would do again, should the power fail at once after ([`store::Store::begin_unsynced`]).
    pub(crate) async fn begin_unsynced(&self) -> Result<Tx, Fault> {
        self.parts().store.begin_unsynced(self.state.tenant.id).await
    }

    /// Begins a transaction in the name of a session: locks its account and looks again whether account, session
    /// and device are what they were. What ended them in between wins. Answers with the device as it is now.
    pub(crate) async fn begin_as(&self, signed: &Signed) -> Result<(Tx, Device), Fault> {
        let mut tx = self.begin().await?;
        let device = self.stand_by(&mut tx, signed).await?;
        Ok((tx, device))
    }

    /// The same in a transaction that has begun.
    pub(crate) async fn stand_by(&self, tx: &mut Tx, signed: &Signed) -> Result<Device, Fault> {
        let idle = self.settings().session_idle;
        let still = |found: &SignedIn| {
            let (then, now) = ((signed.account.id, signed.session.id, signed.device.id), self.now());
            let same = (found.account.id, found.session.id, found.device.id) == then;
            same && found.account.status == AccountStatus::Active && found.session.is_live(now, idle)
        };
        match tx.lock_signed_in(signed.account.id, signed.session.secret).await?.filter(still) {
            Some(found) => Ok(found.device),
            None => Err(Fault::busy("the session ended while it was used")),
        }
    }

    pub(crate) async fn read(&self) -> Result<Read, Fault> {
        self.parts().store.read(self.state.tenant.id).await
    }

    /// Writes an event of this browser in the transaction of its change.
    pub(crate) async fn emit(&self, tx: &mut Tx, by: &By<'_>, event: Event) -> Result<Id, Fault> {
        let record = EventRecord {
            id: self.new_id(),
            tenant: self.state.tenant.id,
            account: by.account,
            device: by.device,
            agent: by.visitor.agent().clone(),
            place: by.visitor.place.clone(),
            event,
            at: self.now(),
        };
        tx.emit(&record).await?;
        Ok(record.id)
    }
}

/// Whom an event concerns, and which browser caused it.
pub(crate) struct By<'a> {
    pub(crate) account: Option<Id>,
    pub(crate) device: Option<Id>,
    pub(crate) visitor: &'a Visitor,
}

impl<'a> By<'a> {
    /// The person at their own browser.
    pub(crate) fn owner(signed: &Signed, visitor: &'a Visitor) -> Self {
        Self { account: Some(signed.account.id), device: Some(signed.device.id), visitor }
    }

    /// A browser that is nobody's yet.
    pub(crate) const fn stranger(visitor: &'a Visitor) -> Self {
        Self { account: None, device: None, visitor }
    }

    /// A browser, about an account that it may not own.
    pub(crate) const fn about(account: Id, device: Option<Id>, visitor: &'a Visitor) -> Self {
        Self { account: Some(account), device, visitor }
    }
}
