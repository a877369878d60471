//! The relay: loops that sleep until there is something to do.

use crate::mailer::Mailer;
use crate::pace::{BREATH, Pace};
use crate::push_sink::Attempted;
use crate::{answer_sink, dispatch, logout_sink, mail_sink, push_sink};
use base::{Clock, Fault, Keyring, Rng};
use futures_util::StreamExt;
use meter::Meter;
use outbound::Outbound;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;
use store::model::{Delivery, Outcome, Sink};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// What the relay works with. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    /// Opens what is sealed.
    pub keyring: Keyring,
    /// Sends notices.
    pub sender: push::Sender,
    /// Tells apps of logouts and answers.
    pub outbound: Outbound,
    /// Sends mail.
    pub mailer: Mailer,
    /// Counts.
    pub meter: Meter,
    /// Finds the words.
    pub view: Arc<view::View>,
    /// How long the link that proves an address works.
    pub confirm_lifetime: Duration,
    /// How long the link that sets a password works.
    pub reset_lifetime: Duration,
    /// How long "it wasn't me" works from a mail.
    pub answer_lifetime: Duration,
    /// What happens with sensitive changes: what is done without a word is told of by none.
    pub changes: identity::change::ChangePolicy,
    /// How long a way back waits; zero means that there is none.
    pub recovery_wait: Duration,
    /// How long a loop sleeps when nobody wakes it: [`NAP`], but for those who want to see who wakes it.
    pub nap: Duration,
}

/// The running relay.
pub struct Relay {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// How long a claim holds. A process that is killed loses it after this long.
const LEASE: Duration = Duration::from_secs(60);
/// How many deliveries are claimed at once, and are under way at once.
const BATCH: i64 = 100;
/// How long a loop sleeps when nobody wakes it: for retries that are due, and for events of which no other process told.
pub const NAP: Duration = Duration::from_millis(500);

impl Relay {
    /// Starts the loops.
    pub fn start(parts: Parts) -> Self {
        let (stop, stopped) = watch::channel(false);
        let parts = Arc::new(parts);
        let mut tasks = JoinSet::new();
        let made = Sink::ALL.map(|sink| (sink, Arc::new(Notify::new())));
        let mut ears = Ears { wake: parts.store.events_signal(), stopped: stopped.clone(), nap: parts.nap };
        let (p, m) = (Arc::clone(&parts), made.clone());
        let (pace, until) = (Pace::default(), stopped.clone());
        tasks.spawn(async move {
            ears.until_stopped(|| async {
                let ring = |sinks: &[Sink]| {
                    for (_, bell) in m.iter().filter(|(sink, _)| sinks.contains(sink)) {
                        bell.notify_waiters();
                    }
                };
                let relayed = dispatch::some(&p).await?;
                ring(&relayed.sinks);
                if relayed.more && p.store.writers() > 1 {
                    dispatch::side_by_side(&p, || !*until.borrow(), ring).await?;
                }
                if relayed.any && !relayed.more && pace.is_fast(Instant::now()) {
                    tokio::time::sleep(BREATH).await;
                }
                Ok(relayed.more)
            })
            .await;
        });
        let bus = parts.store.bus().clone();
        let mut over = stopped.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = bus.share_work() => {}
                // Told to stop, or nobody is left to tell it.
                _ = over.changed() => {}
            }
        });
        let taken_over = Arc::new(tokio::sync::OnceCell::new());
        for (sink, wake) in made {
            let taken_over = Arc::clone(&taken_over);
            let mut ears = Ears { wake, stopped: stopped.clone(), nap: parts.nap };
            let p = Arc::clone(&parts);
            tasks.spawn(async move {
                taken_over.get_or_init(|| take_over(&p)).await;
                ears.until_stopped(|| deliver_some(&p, sink)).await;
            });
        }
        Self { stop, tasks }
    }

    /// Stops: what is under way is finished, nothing new is claimed.
    pub async fn stop(mut self) {
        // The loops may have ended by themselves only if they panicked: then there is nobody to tell.
        let _ = self.stop.send(true);
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a loop of the relay had stopped");
            }
        }
    }
}

/// What the last process held when it was killed is due at once.
async fn take_over(parts: &Parts) {
    match parts.store.take_over_claims().await {
        Ok(0) => {}
        Ok(freed) => tracing::info!(freed, "deliveries that were under way when the last process ended are taken up"),
        Err(fault) => tracing::error!(%fault, "claims of the last process stay until their leases run out"),
    }
}

struct Ears {
    wake: Arc<Notify>,
    stopped: watch::Receiver<bool>,
    nap: Duration,
}

impl Ears {
    /// Works until told to stop; rests when there is nothing more to do, and longer after trouble.
    async fn until_stopped<F, Fut>(&mut self, work: F)
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<bool, Fault>>,
    {
        while !*self.stopped.borrow() {
            let wake = Arc::clone(&self.wake);
            let woken = wake.notified();
            let rest = match work().await {
                Ok(false) => self.nap,
                Ok(true) => continue,
                Err(fault) => {
                    tracing::error!(%fault, "the relay met trouble and goes on in a moment");
                    Duration::from_secs(2)
                }
            };
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(rest) => {}
                _ = self.stopped.changed() => {}
            }
        }
    }
}

/// Claims what is due in one sink and attempts it, side by side; says whether there may be more.
async fn deliver_some(parts: &Parts, sink: Sink) -> Result<bool, Fault> {
    let now = parts.clock.now();
    let most = if sink == Sink::Mail { parts.mailer.gate.room(BATCH, now) } else { BATCH };
    if most == 0 {
        return Ok(false);
    }
    let due = parts.store.claim_deliveries(sink, most, now, LEASE).await?;
    let limit = usize::try_from(most).unwrap_or(1);
    let more = due.len() >= limit;
    futures_util::stream::iter(due).for_each_concurrent(limit, |delivery| settle(parts, delivery)).await;
    Ok(more)
}

/// Attempts one delivery and writes down how it ended. A fault on the way leaves the claim to run out.
async fn settle(parts: &Parts, delivery: Delivery) {
    let now = parts.clock.now();
    let attempt = async {
        let Attempted { outcome, sent } = if delivery.expires_at <= now {
            let (sink, tried) = (delivery.sink.as_str(), delivery.attempts.saturating_sub(1));
            tracing::warn!(delivery = %delivery.id, event = %delivery.event, sink, tried, "a delivery came too late");
            let outcome = match delivery.last_error.clone() {
                // It was tried in vain: it is given up as it would have been at its last try, where an operator finds it.
                Some(error) => Outcome::Dead(format!("no time left: {error}")),
                // Nor could it be tried: mails wait for their server without that.
                None if delivery.sink == Sink::Mail => Outcome::Dead("no time left: it waited in vain".to_owned()),
                None => Outcome::Dropped("it came too late to be worth anything"),
            };
            outcome.into()
        } else {
            match delivery.sink {
                Sink::Push => push_sink::attempt(parts, &delivery).await?,
                Sink::Mail => mail_sink::attempt(parts, &delivery).await?.into(),
                Sink::Logout => logout_sink::attempt(parts, &delivery).await?.into(),
                Sink::Answer => answer_sink::attempt(parts, &delivery).await?.into(),
            }
        };
        Span::current().record("watchbell.outcome", told(&outcome));
        if let Outcome::Dead(error) = &outcome {
            tracing::warn!(delivery = %delivery.id, event = %delivery.event, error, "a delivery was given up");
        }
        let mut tx = parts.store.begin(delivery.tenant).await?;
        tx.finish_delivery(delivery.id, &outcome, parts.clock.now()).await?;
        if let Some(sent) = &sent {
            sent.follow(parts, &mut tx).await?;
        }
        tx.commit().await?;
        // What was not sent to a push service says nothing of it.
        if sent.is_some() || delivery.sink != Sink::Push {
            let vendor = sent.map_or("", |sent| sent.vendor());
            parts.meter.delivery(delivery.sink.as_str(), told(&outcome), vendor);
        }
        Ok(())
    };
    let outcome: Result<(), Fault> = attempt.instrument(span(&delivery)).await;
    if let Err(fault) = outcome {
        tracing::error!(%fault, delivery = %delivery.id, "a delivery met trouble and comes back");
    }
}

/// The span of an attempt: a trace of its own, as the request that it comes from is long over.
fn span(delivery: &Delivery) -> Span {
    let title = match delivery.sink {
        Sink::Push => "deliver push",
        Sink::Mail => "deliver mail",
        Sink::Logout => "deliver logout",
        Sink::Answer => "deliver answer",
    };
    tracing::info_span!(
        target: base::TRACED,
        "delivery",
        otel.name = title,
        otel.kind = "consumer",
        watchbell.delivery = %delivery.id,
        watchbell.outcome = Empty,
    )
}

/// An outcome, for whoever measures.
pub(crate) const fn told(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => "sent",
        Outcome::Dropped(_) => "dropped",
        Outcome::Retry(..) => "again",
        Outcome::Held(..) => "held",
        Outcome::Dead(_) => "dead",
    }
}
