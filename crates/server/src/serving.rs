//! A running server: HTTP, the relay, housekeeping; and its orderly end.

use crate::config::Config;
use crate::installation::Installation;
use crate::say::Trouble;
use crate::telemetry::Traces;
use crate::{listen, operations, tls, wiring};
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer};
use events::{Mailer, Relay};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};
use view::View;

/// How often keys and tenants are read again at least, so that a command's change is taken up.
const RELOAD: Duration = Duration::from_secs(30);
/// How often is looked what is to be told of ways back: each tells that it is ready in this time.
const TEND: Duration = Duration::from_secs(60);
/// How often what has expired is cleared away.
const PURGE: Duration = Duration::from_secs(3600);

/// How long the collector of traces may take for the last of them.
const LAST_SPANS: Duration = Duration::from_secs(3);

/// What runs.
pub(crate) struct Running {
    installation: Installation,
    relay: Relay,
    http: Vec<(ServerHandle, JoinHandle<std::io::Result<()>>)>,
    background: JoinSet<()>,
    stop: StopSignals,
    drain: Duration,
    traces: Option<traces::Sending>,
    /// Where the listener for operators is.
    pub operations: Option<SocketAddr>,
}

impl Running {
    /// Starts the product on listeners that were taken before. `dev` is for what only a developer may see.
    ///
    /// # Errors
    /// [`Trouble`] when a part can't be started.
    pub(crate) fn start(
        config: &Config,
        (installation, traces): (Installation, Option<Traces>),
        listeners: Vec<TcpListener>,
        dev: bool,
    ) -> Result<Self, Trouble> {
        // Before the line `ready URL`: a script may tell us to stop as soon as it has read it.
        let stop = StopSignals::listen()?;
        let view = Arc::new(View::default());
        let mailer = Mailer::new(&wiring::mail(config)?)?;
        let sender = wiring::sender(config, installation.outbound.clone(), installation.rng.clone())?;
        let settings = wiring::app(config)?;
        let relay = Relay::start(events::Parts {
            store: installation.store.clone(),
            clock: installation.clock.clone(),
            rng: installation.rng.clone(),
            keyring: installation.keyring.clone(),
            sender,
            mailer,
            meter: installation.app.meter().clone(),
            view: Arc::clone(&view),
            confirm_lifetime: settings.confirm_lifetime,
            reset_lifetime: settings.reset_lifetime,
            answer_lifetime: settings.answer_lifetime,
            recovery_wait: settings.recovery_wait,
            nap: events::NAP,
            outbound: installation.outbound.clone(),
            changes: settings.changes.clone(),
        });
        let traces = match traces {
            Some(Traces { origin, spans }) => {
                // The collector's address is the operator's word: it may be inside.
                let outbound = wiring::outbound_to(config, Some(&origin))?;
                Some(spans.send(outbound, installation.app.meter().clone()))
            }
            None => None,
        };
        let state = wiring::web(config, installation.app.clone(), view, dev)?;
        let operations = config.server.operations_listen.map(|address| {
            listen::take(address, "stop the program that holds it, or set server.operations_listen to another")
        });
        let drain = Duration::from_secs(u64::from(config.server.drain_seconds));
        let background = JoinSet::new();
        let http = Vec::new();
        let mut running = Self { installation, relay, http, background, stop, drain, traces, operations: None };
        running.serve(config, state, listeners)?;
        if let Some(listener) = operations.transpose()? {
            running.operations = listener.local_addr().ok();
            let routes = operations::routes(running.installation.app.clone());
            running.beside(listener, routes)?;
        }
        running.keep_house();
        Ok(running)
    }
}

impl Running {
    /// Serves further pages beside the product, with one thread.
    ///
    /// # Errors
    /// [`Trouble`] when the listener is of no use.
    pub(crate) fn beside<F>(&mut self, listener: TcpListener, routes: F) -> Result<(), Trouble>
    where
        F: FnOnce(&mut actix_web::web::ServiceConfig) + Clone + Send + 'static,
    {
        let server = HttpServer::new(move || App::new().configure(routes.clone())).workers(1);
        let server = server.listen(listener).map_err(|e| Trouble::new(format!("listen: {e}")))?;
        let server = server.disable_signals().shutdown_timeout(1).run();
        self.http.push((server.handle(), tokio::spawn(server)));
        Ok(())
    }

    /// Runs a task until the server stops.
    pub(crate) fn in_background(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.background.spawn(task);
    }

    /// Waits for SIGTERM or SIGINT, then stops in order: it says that it is not ready, then no new requests, running ones finish within `seconds`,
    /// then the relay, then the last traces, then the database. Told a second time, it stops at once.
    ///
    /// # Errors
    /// [`Trouble`] when it stopped because the HTTP server ended by itself.
    pub(crate) async fn until_told_to_stop(mut self, seconds: u16) -> Result<(), Trouble> {
        let outcome = tokio::select! {
            () = self.stop.told() => {
                tracing::info!("stopping");
                Ok(())
            }
            () = any_ended(&mut self.http) => Err(Trouble::new("the HTTP server ended by itself; the log says why")),
        };
        self.installation.app.leave();
        let drain = self.drain;
        let stopping = async {
            tokio::time::sleep(drain).await;
            for (handle, _) in &self.http {
                handle.stop(true).await;
            }
            self.relay.stop().await;
            if let Some(traces) = self.traces {
                traces.finish(LAST_SPANS).await;
            }
        };
        let patience = drain + Duration::from_secs(u64::from(seconds) + 5);
        tokio::select! {
            () = stopping => {}
            () = tokio::time::sleep(patience) => {
                tracing::warn!("what was under way did not finish in time; it will be done after the next start");
            }
            () = self.stop.told() => tracing::warn!("told again: stopping at once"),
        }
        self.background.shutdown().await;
        self.installation.store.bus().leave().await;
        self.installation.store.close().await;
        outcome
    }

    fn serve(&mut self, config: &Config, state: web::WebState, listeners: Vec<TcpListener>) -> Result<(), Trouble> {
        let limits = &config.limits;
        let mut server = HttpServer::new(move || {
            let state = state.clone();
            App::new().configure(move |routes| web::configure(routes, state))
        })
        .client_request_timeout(Duration::from_secs(u64::from(limits.head_seconds)))
        .keep_alive(Duration::from_secs(u64::from(limits.keep_alive_seconds)))
        .max_connections(limits.connections_per_worker)
        .shutdown_timeout(u64::from(config.server.shutdown_seconds))
        .disable_signals();
        if config.server.workers > 0 {
            server = server.workers(config.server.workers);
        }
        for listener in listeners {
            server = server.listen(listener).map_err(|e| Trouble::new(format!("listen: {e}")))?;
        }
        if let Some(address) = config.mtls.listen {
            let listener = listen::take(address, "stop the program that holds it, or set mtls.listen to another")?;
            let tls = tls::config(&config.mtls)?;
            server = server.on_connect(tls::on_connect);
            server =
                server.listen_rustls_0_23(listener, tls).map_err(|e| Trouble::new(format!("listen by TLS: {e}")))?;
        }
        let server = server.run();
        self.http.push((server.handle(), tokio::spawn(server)));
        Ok(())
    }

    fn keep_house(&mut self) {
        let app = self.installation.app.clone();
        self.background.spawn(async move {
            loop {
                if let Err(fault) = app.reload_when_told(RELOAD).await {
                    tracing::warn!(%fault, "tenants and keys could not be read again");
                }
            }
        });
        let app = self.installation.app.clone();
        self.background.spawn(async move {
            loop {
                if let Err(fault) = app.tend_recoveries().await {
                    tracing::warn!(%fault, "what is due of ways back could not be told; it will be in a minute");
                }
                tokio::time::sleep(TEND).await;
            }
        });
        let app = self.installation.app.clone();
        self.background.spawn(async move {
            loop {
                if let Err(fault) = app.tend_changes().await {
                    tracing::warn!(%fault, "changes whose time is over could not be ended; they will be in a minute");
                }
                tokio::time::sleep(TEND).await;
            }
        });
        let (store, clock) = (self.installation.store.clone(), self.installation.clock.clone());
        self.background.spawn(async move {
            loop {
                match store.purge(clock.now()).await {
                    Ok(_) => {}
                    Err(fault) => tracing::warn!(%fault, "what has expired could not be cleared away"),
                }
                tokio::time::sleep(PURGE).await;
            }
        });
    }
}

/// Runs a server's work on a runtime of its own.
///
/// # Errors
/// What the work answers, or [`Trouble`] when no runtime can be started.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Trouble::new(format!("start the runtime: {e}")))?.block_on(work)
}

/// Waits for one of the servers to end by itself.
async fn any_ended(servers: &mut [(ServerHandle, JoinHandle<std::io::Result<()>>)]) {
    let ended = servers.iter_mut().map(|(_, task)| task);
    let (ended, _, _) = futures_util::future::select_all(ended).await;
    if let Ok(Err(error)) = ended {
        tracing::error!(%error, "a server of pages stopped");
    }
}

/// SIGTERM and SIGINT (Ctrl-C). From [`StopSignals::listen`] on they do not end the process by themselves.
#[cfg(unix)]
struct StopSignals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignals {
    fn listen() -> Result<Self, Trouble> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|e| Trouble::new(format!("listen for signals: {e}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    fn listen() -> Result<Self, Trouble> {
        Ok(Self)
    }

    async fn told(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
