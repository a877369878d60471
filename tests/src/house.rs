//! A whole house in one process: database, use cases, relay, pages; with its own clock and its own mail server.

use crate::browser::{Browser, Reply, Server};
use crate::smtp::Postbox;
use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::header::HeaderName;
use actix_web::test::{TestRequest, init_service};
use app::{App, Here, Parts, Settings};
use base::{Clock, MasterKey, Origin, Rng, Timestamp};
use identity::limit::Limit;
use identity::password::HashParams;
use identity::password_policy::Policy;
use identity::place::GeoReader;
use meter::Meter;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use store::{Pooler, Store};
use tokio::task::JoinSet;

/// Which database a story runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    /// A file of its own.
    Sqlite,
    /// A database of its own.
    Postgres,
}

/// The address under which people know the house.
pub const ORIGIN: &str = "https://id.acme.test";
/// The first moment of every story: 2026-11-23 09:41 UTC.
pub const START: Timestamp = Timestamp::from_seconds(1_795_426_860);

/// A running house. It ends with its story.
pub struct House {
    /// Its time: it stands still until told to move.
    pub clock: Clock,
    /// The mail that it sent.
    pub post: Postbox,
    /// Its use cases.
    pub app: App,
    /// Its database.
    pub store: Store,
    /// What opens its sealed keys.
    pub master: MasterKey,
    server: Server,
    view: Arc<view::View>,
    web: web::WebSettings,
    keyring: base::Keyring,
    outbound: outbound::Outbound,
    check_subscription: app::push::CheckSubscription,
    relay: Option<events::Relay>,
    relay_parts: Box<dyn Fn(Store) -> events::Parts>,
    redis: Option<bus::Place>,
    _reloading: JoinSet<()>,
    _place: crate::database::Place,
}

/// Another node of a house: the same database, by connections and in a memory of its own.
pub struct Node {
    /// Where its requests go.
    pub server: Server,
    /// Its use cases.
    pub app: App,
    _relay: events::Relay,
    _reloading: JoinSet<()>,
}

/// How a house differs from the usual.
pub struct Plan {
    /// Its time, for whoever must agree with it.
    pub clock: Clock,
    /// What the operator set.
    pub settings: Settings,
    /// The HTTP client.
    pub outbound: outbound::Settings,
    /// Where addresses seem to be.
    pub geo: Option<Arc<GeoReader>>,
    /// The networks of its proxies.
    pub trusted_proxies: Vec<&'static str>,
    /// The header in which they tell of an app's certificate.
    pub certificate_header: Option<&'static str>,
    /// What stands between its nodes and PostgreSQL: one of its own.
    pub pooler: Pooler,
    /// Where the Redis of its nodes is.
    pub redis: Option<bus::Place>,
    /// How many forms one address may send in a minute.
    pub forms_per_minute: u32,
    /// How long its relays sleep when nobody wakes them.
    pub nap: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        let outbound = outbound::Settings::default();
        Self {
            clock: Clock::manual(START),
            settings: settings(),
            outbound,
            geo: None,
            trusted_proxies: Vec::new(),
            certificate_header: None,
            pooler: Pooler::None,
            redis: None,
            forms_per_minute: 0,
            nap: events::NAP,
        }
    }
}

/// Settings as shipped, but for hashes that cost nothing.
pub fn settings() -> Settings {
    const HOUR: u64 = 3_600;
    Settings {
        hashing: HashParams { memory_kib: 16, iterations: 1, parallelism: 1 },
        hashers: 2,
        hash_queue: 256,
        password: Policy::default(),
        pwned_passwords: None,
        risk: identity::risk::Rules::default(),
        sign_in: identity::login::SignInPolicy::default(),
        changes: identity::change::ChangePolicy::default(),
        upstreams: Vec::new(),
        session_idle: Duration::from_secs(14 * 24 * HOUR),
        session_lifetime: Duration::from_secs(90 * 24 * HOUR),
        flow_lifetime: Duration::from_secs(HOUR / 2),
        confirm_lifetime: Duration::from_secs(24 * HOUR),
        reset_lifetime: Duration::from_secs(HOUR),
        invitation_lifetime: Duration::from_secs(7 * 24 * HOUR),
        answer_lifetime: Duration::from_secs(7 * 24 * HOUR),
        recovery_wait: Duration::from_secs(72 * HOUR),
        strangers: Limit::strangers(),
        known_device: Limit::known_device(),
        address: Limit { tries: 1_000, ..Limit::address() },
        mails: Limit::mails(),
        requests: Limit::requests(),
        offer_notices: true,
        max_subscriptions: 20,
        dpop_nonces: true,
        requests_by_reference: false,
        certificates: None,
        registration: app::oidc::RegistrationSettings::default(),
        key_lead: Duration::from_secs(HOUR),
        key_tail: Duration::from_secs(48 * HOUR),
    }
}

impl House {
    /// Opens the usual house.
    pub async fn open(db: Db) -> Self {
        Self::build(db, Plan::default()).await
    }

    /// Opens a house by a plan.
    pub async fn build(db: Db, plan: Plan) -> Self {
        let place = crate::database::Place::new(db).await;
        let place = match plan.pooler {
            Pooler::None => place,
            pooler => place.behind(pooler),
        };
        let store = Store::open(place.url(), place.settings()).await.unwrap();
        store.migrate().await.unwrap();
        let (clock, rng) = (plan.clock, Rng::system());
        let master = MasterKey::generate(&rng);
        let keyring = app::setup::open_keyring(&store, &master, (&clock, &rng)).await.unwrap();
        let origin: Origin = ORIGIN.parse().unwrap();
        app::setup::ensure_tenant(&store, &keyring, (&clock, &rng), (&origin, "Acme")).await.unwrap();
        let outbound = outbound::Outbound::new(plan.outbound).unwrap();
        let (post, meter) = (Postbox::open().await, Meter::new());
        join(&store, plan.redis.as_ref(), (&keyring, &meter)).await;
        let view = Arc::new(view::View::default());
        let mail = events::MailSettings {
            smtp_url: post.url().to_owned(),
            from: "Acme <no-reply@acme.test>".into(),
            reply_to: None,
        };
        let contact = "mailto:push@acme.example".parse().unwrap();
        let sender = push::Sender::new(outbound.clone(), contact, push::Vendors::Any, rng.clone());
        let relayed = events::Parts {
            store: store.clone(),
            clock: clock.clone(),
            rng: rng.clone(),
            keyring: keyring.clone(),
            sender: sender.clone(),
            outbound: outbound.clone(),
            mailer: events::Mailer::new(&mail).unwrap(),
            meter: meter.clone(),
            view: Arc::clone(&view),
            confirm_lifetime: plan.settings.confirm_lifetime,
            reset_lifetime: plan.settings.reset_lifetime,
            answer_lifetime: plan.settings.answer_lifetime,
            recovery_wait: plan.settings.recovery_wait,
            nap: plan.nap,
            changes: plan.settings.changes.clone(),
        };
        let relay_parts = Box::new(move |store| events::Parts { store, ..relayed.clone() });
        let relay = events::Relay::start(relay_parts(store.clone()));
        let check_subscription = judge(sender);
        let parts = Parts {
            check_subscription: check_subscription.clone(),
            store: store.clone(),
            clock: clock.clone(),
            rng,
            keyring: keyring.clone(),
            outbound: outbound.clone(),
            settings: plan.settings,
            meter,
        };
        let app = App::open(parts).await.unwrap();
        let reloading = reload_when_told(&app);
        let web = web::WebSettings {
            forms_per_minute: plan.forms_per_minute,
            geo: plan.geo,
            trusted_proxies: plan.trusted_proxies.iter().map(|net| net.parse().unwrap()).collect(),
            certificate_header: plan.certificate_header.map(HeaderName::from_static),
            ..web::WebSettings::default()
        };
        let server = serve(app.clone(), Arc::clone(&view), web.clone()).await;
        Self {
            view,
            web,
            keyring,
            outbound,
            check_subscription,
            clock,
            post,
            app,
            store,
            master,
            server,
            relay: Some(relay),
            relay_parts,
            redis: plan.redis,
            _reloading: reloading,
            _place: place,
        }
    }

    /// Opens the house again with other settings, as a restart would: what is in the database stays.
    pub async fn open_again(&mut self, settings: Settings) {
        self.app = App::open(self.parts(self.store.clone(), settings)).await.unwrap();
        self.server = serve(self.app.clone(), Arc::clone(&self.view), self.web.clone()).await;
    }

    /// Goes on in another database, which holds what this one held.
    pub async fn goes_on_in(&mut self, place: crate::database::Place, store: Store) {
        self.stop_relay().await;
        self.store = store;
        self._place = place;
        self.open_again(settings()).await;
        self.start_relay();
    }

    /// Another node beside this one, on PostgreSQL.
    pub async fn another_node(&self) -> Node {
        self.node(self.clock.clone(), self.redis.as_ref()).await
    }

    /// The same with a clock of its own.
    pub async fn another_node_at(&self, clock: Clock) -> Node {
        self.node(clock, self.redis.as_ref()).await
    }

    /// The same with a way of its own to Redis.
    pub async fn another_node_by(&self, redis: &bus::Place) -> Node {
        self.node(self.clock.clone(), Some(redis)).await
    }

    async fn node(&self, clock: Clock, redis: Option<&bus::Place>) -> Node {
        let store = Store::open(self._place.url(), self._place.settings()).await.unwrap();
        let meter = Meter::new();
        join(&store, redis, (&self.keyring, &meter)).await;
        let relay = events::Relay::start(events::Parts { clock: clock.clone(), ..(self.relay_parts)(store.clone()) });
        let app = App::open(Parts { meter, clock, ..self.parts(store, settings()) }).await.unwrap();
        let reloading = reload_when_told(&app);
        let server = serve(app.clone(), Arc::clone(&self.view), self.web.clone()).await;
        Node { server, app, _relay: relay, _reloading: reloading }
    }

    fn parts(&self, store: Store, settings: Settings) -> Parts {
        Parts {
            check_subscription: self.check_subscription.clone(),
            store,
            clock: self.clock.clone(),
            rng: Rng::system(),
            keyring: self.keyring.clone(),
            outbound: self.outbound.clone(),
            settings,
            meter: Meter::new(),
        }
    }

    /// Where its requests go.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What seals and opens its secrets.
    pub fn keyring(&self) -> &base::Keyring {
        &self.keyring
    }

    /// Has a browser go on here, after [`House::open_again`].
    pub fn welcomes(&self, browser: &mut Browser) {
        browser.moves_to(&self.server);
    }

    /// A fresh browser.
    pub fn browser(&self, agent: &'static str) -> Browser {
        Browser::new(Rc::clone(&self.server), ORIGIN, agent)
    }

    /// A request that is no browser's: an app's server calls.
    pub async fn call(&self, request: TestRequest) -> Reply {
        (self.server)(request.insert_header(("host", "id.acme.test"))).await
    }

    /// A request with the host that it names.
    pub async fn call_as_is(&self, request: TestRequest) -> Reply {
        (self.server)(request).await
    }

    /// The tenant.
    pub fn here(&self) -> Here {
        self.app.at("id.acme.test").unwrap()
    }

    /// Stops the relay, as a stop of the process would: what is under way is finished.
    pub async fn stop_relay(&mut self) {
        if let Some(relay) = self.relay.take() {
            relay.stop().await;
        }
    }

    /// Starts it again, as the next process would.
    pub fn start_relay(&mut self) {
        self.relay = Some(events::Relay::start((self.relay_parts)(self.store.clone())));
    }
}

fn judge(sender: push::Sender) -> app::push::CheckSubscription {
    Arc::new(move |json| {
        let found = sender.subscription(json).map_err(|error| error.to_string())?;
        let (endpoint, service) = (found.endpoint().reveal().to_owned().into(), found.endpoint().origin());
        Ok(app::push::Checked { endpoint, service, json: found.to_json() })
    })
}

/// Joins a node to the others.
async fn join(store: &Store, redis: Option<&bus::Place>, (keyring, meter): (&base::Keyring, &Meter)) {
    let Some(place) = redis else { return };
    let node = base::Id::new(&Clock::system(), &Rng::system());
    let member = bus::Member { secret: &keyring.subkey("redis"), node, listens: true, meter: meter.clone() };
    store.bus().join(bus::Address::read(place).unwrap(), &member);
    store.bus().settle(Duration::from_secs(2)).await;
}

/// What a server does beside answering: it reads keys and clients again when another node has changed them.
fn reload_when_told(app: &App) -> JoinSet<()> {
    let (app, mut tasks) = (app.clone(), JoinSet::new());
    tasks.spawn(async move {
        loop {
            // The database may end before it does.
            let _ = app.reload_when_told(Duration::from_secs(3_600)).await;
        }
    });
    tasks
}

async fn serve(app: App, view: Arc<view::View>, settings: web::WebSettings) -> Server {
    let state = web::WebState::new(app, view, settings);
    let service = Rc::new(init_service(actix_web::App::new().configure(|routes| web::configure(routes, state))).await);
    Rc::new(move |request: TestRequest| {
        let service = Rc::clone(&service);
        Box::pin(async move {
            let response = match service.call(request.to_request()).await {
                Ok(response) => response,
                Err(error) => panic!("the server failed: {error}"),
            };
            let status = response.status();
            let headers = response
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()))
                .collect();
            let body = to_bytes(response.into_body()).await.unwrap_or_else(|_| panic!("the body broke off"));
            Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
        })
    })
}

/// Writes each story twice: once for each database. A story asks for the usual house, or for the database, to build
/// a house of its own there.
#[macro_export]
macro_rules! stories {
    ($( $(#[$doc:meta])* async fn $name:ident($house:ident: House) $body:block )*) => { $(
        $crate::stories! { @twice $name, |db| $crate::house::House::open(db).await }
        $(#[$doc])*
        #[allow(unused_mut)]
        async fn $name(mut $house: $crate::house::House) $body
    )* };
    ($( $(#[$doc:meta])* async fn $name:ident($db:ident: Db) $body:block )*) => { $(
        $crate::stories! { @twice $name, |db| db }
        $(#[$doc])*
        async fn $name($db: $crate::house::Db) $body
    )* };
    (@twice $name:ident, |$db:ident| $given:expr) => {
        mod $name {
            #[actix_web::test]
            async fn on_sqlite() {
                let $db = $crate::house::Db::Sqlite;
                super::$name($given).await;
            }
            #[actix_web::test]
            async fn on_postgres() {
                let $db = $crate::house::Db::Postgres;
                super::$name($given).await;
            }
        }
    };
}

/// Writes each story twice, in a house of a plan of its own.
#[macro_export]
macro_rules! planned {
    ($( $(#[$doc:meta])* async fn $name:ident($house:ident: House, $plan:ident) $change:block $body:block )*) => { $(
        mod $name {
            #[actix_web::test]
            async fn on_sqlite() {
                super::$name($crate::house::House::build($crate::house::Db::Sqlite, plan()).await).await;
            }
            #[actix_web::test]
            async fn on_postgres() {
                super::$name($crate::house::House::build($crate::house::Db::Postgres, plan()).await).await;
            }
            #[allow(unused_imports, reason = "each plan names what it changes")]
            use super::*;
            fn plan() -> $crate::house::Plan {
                let mut $plan = $crate::house::Plan::default();
                $change
                $plan
            }
        }
        $(#[$doc])*
        async fn $name($house: $crate::house::House) $body
    )* };
}
