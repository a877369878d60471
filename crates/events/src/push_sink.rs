//! Rings one browser.

use crate::backoff;
use crate::relay::Parts;
use crate::words;
use base::{Fault, Id, Timestamp};
use identity::quiet::Pause;
use identity::receipt::{self, Receipt};
use identity::{Account, Device, Event, EventRecord, Quiet};
use push::payload::{Action, Direction, Notification};
use push::{Message, Prepared, Reply, Topic, Urgency, VapidKey};
use std::time::Duration;
use store::Tx;
use store::model::{Delivery, KeyUse, Outcome, Subscription, Tenant};

/// How many refusals in a row make a subscription useless, though the service never said "gone".
const MOST_STRIKES: i32 = 10;

/// How long a notice is held back at most.
const LONGEST_HOLD: Duration = Duration::from_secs(7 * 24 * 3_600);
/// How soon a held notice is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(15 * 60);

/// What a delivery is about, read together.
struct Ring {
    tenant: Tenant,
    record: EventRecord,
    subscription: Subscription,
    account: Account,
    quiet: Quiet,
    browser: push::Subscription,
    key: VapidKey,
}

/// What came of an attempt, and what follows for the browser's subscription: one change, which is the relay's to write.
pub(crate) struct Attempted {
    pub(crate) outcome: Outcome,
    /// Whom it was sent to, if it was sent.
    pub(crate) sent: Option<Sent>,
}

/// A notice that was sent.
pub(crate) struct Sent {
    ring: Box<Ring>,
    then: Then,
}

/// What follows for a subscription.
enum Then {
    /// It works.
    Delivered,
    /// It did not, this time.
    Failed,
    /// It rings nobody any more.
    Gone,
    /// Nothing.
    AsItWas,
}

impl From<Outcome> for Attempted {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, sent: None }
    }
}

/// Attempts one notice.
pub(crate) async fn attempt(parts: &Parts, delivery: &Delivery) -> Result<Attempted, Fault> {
    let ring = match read(parts, delivery).await? {
        Ok(ring) => ring,
        Err(why) => return Ok(Outcome::Dropped(why).into()),
    };
    let now = parts.clock.now();
    // Looked at here and not when the event was relayed: a pause that begins or ends meanwhile counts.
    let zone = ring.account.time_zone.as_deref();
    if let Some(until) = ring.quiet.holds_back(ring.record.event.notice(), now, zone) {
        // That something is over is worth nothing where nobody heard that it began.
        if is_over(&ring.record.event) {
            return Ok(Outcome::Dropped("nothing rings there for now").into());
        }
        return Ok(held(delivery, &ring.record, (until, now)).into());
    }
    let prepared = match &delivery.body {
        // The same ciphertext again: key and salt serve one message only.
        Some(body) => Prepared::from_bytes(body).map_err(|e| Fault::new("read a prepared notice", e))?,
        None => {
            let Some(message) = message(parts, &ring, delivery.id)? else {
                return Ok(Outcome::Dropped("it has nothing to say").into());
            };
            let prepared = parts.sender.prepare(&ring.browser, &message, now);
            let mut tx = parts.store.begin(delivery.tenant).await?;
            tx.save_delivery_body(delivery.id, &prepared.to_bytes()).await?;
            tx.commit().await?;
            prepared
        }
    };
    let reply = parts.sender.deliver(ring.browser.endpoint(), &ring.key, &prepared, now).await;
    let (outcome, then) = decide(parts, (delivery, &ring.subscription), reply);
    Ok(Attempted { outcome, sent: Some(Sent { ring: Box::new(ring), then }) })
}

impl Sent {
    /// Writes what follows for the subscription. After the delivery itself: in that order browsers that say what they have got,
    /// and people who switch them off, write too.
    pub(crate) async fn follow(&self, parts: &Parts, tx: &mut Tx) -> Result<(), Fault> {
        let id = self.ring.subscription.id;
        match self.then {
            Then::Delivered => tx.subscription_delivered(id, parts.clock.now()).await,
            Then::Failed => tx.subscription_failed(id, parts.clock.now()).await,
            Then::Gone => remove(parts, tx, &self.ring).await,
            Then::AsItWas => Ok(()),
        }
    }

    /// Whose push service it went to, for whoever measures.
    pub(crate) fn vendor(&self) -> &'static str {
        vendor(&self.ring.subscription.service)
    }
}

/// Whose push service it is, for whoever measures.
fn vendor(service: &str) -> &'static str {
    const KNOWN: [(&str, &str); 4] = [
        (".mozilla.com", "mozilla"),
        (".googleapis.com", "google"),
        (".push.apple.com", "apple"),
        (".notify.windows.com", "microsoft"),
    ];
    KNOWN.iter().find(|(host, _)| service.ends_with(host)).map_or("other", |(_, name)| name)
}

/// What is held back is told afterwards, with as much time as it had at first, and within a week: what is older stands
/// in the log.
fn held(delivery: &Delivery, record: &EventRecord, (until, now): (Pause, Timestamp)) -> Outcome {
    let longest = record.at.plus(LONGEST_HOLD);
    let end = match until {
        Pause::Until(until) => until.min(longest),
        Pause::UntilResumed => longest,
    };
    let worthless = end.plus(record.event.valid_for()).min(longest).max(delivery.expires_at);
    // Looked at again before: who ends a pause in the very moment must not be kept waiting for its end.
    Outcome::Held(end.min(now.plus(LOOK_AGAIN)), worthless)
}

async fn read(parts: &Parts, delivery: &Delivery) -> Result<Result<Ring, &'static str>, Fault> {
    let Ok(id) = delivery.target.parse::<Id>() else { return Ok(Err("its target is no subscription")) };
    let mut read = parts.store.read(delivery.tenant).await?;
    let Some(subscription) = read.find_subscription(id).await? else {
        return Ok(Err("notices were switched off there"));
    };
    let Some(account) = read.find_account(subscription.account).await? else { return Ok(Err("its account is gone")) };
    let quiet = read.preferences(account.id).await?.quiet;
    let Some(record) = read.find_event(delivery.event).await? else { return Ok(Err("its event is gone")) };
    if let Event::NewDevice { device, .. } = &record.event {
        // Answered before the bell rang: the question is closed.
        let open = read.find_device(*device).await?.is_some_and(|device| device.known_at.is_none());
        if !open {
            return Ok(Err("the question was answered"));
        }
    }
    if let Some(recovery) = record.event.recovery().filter(|_| record.event.warns_of_recovery()) {
        let open = read.find_recovery(recovery).await?.is_some_and(|recovery| recovery.is_open(parts.clock.now()));
        if !open {
            return Ok(Err("the way back is over"));
        }
    }
    if let Event::ChangeRequested { change, .. } = &record.event {
        let open = read.find_change(*change).await?.is_some_and(|change| change.is_open(parts.clock.now()));
        if !open {
            return Ok(Err("the change is decided"));
        }
    }
    if let Event::AppAsks(asks) = &record.event {
        let open = read.find_poll(asks.ask).await?.is_some_and(|poll| poll.polling.is_open(parts.clock.now()));
        if !open {
            return Ok(Err("the app was answered"));
        }
    }
    // There a notice is never silent, and none takes the place of another.
    if is_over(&record.event) && subscription.service.ends_with("push.apple.com") {
        return Ok(Err("it would ring once more there"));
    }
    let Some(tenant) = parts.store.tenants().await?.into_iter().find(|t| t.id == delivery.tenant) else {
        return Ok(Err("its tenant is gone"));
    };
    let keys = read.list_keys(KeyUse::Vapid).await?;
    let Some(row) = keys.into_iter().find(|key| key.id == subscription.vapid_key) else {
        return Ok(Err("its key is gone"));
    };
    let private = parts
        .keyring
        .open(&format!("keys.private/{}", row.id), &row.private)
        .map_err(|e| Fault::new("open the VAPID key", e))?;
    let key = VapidKey::from_private(&private).map_err(|e| Fault::new("read the VAPID key", e))?;
    let place = format!("subscriptions.sealed/{}", subscription.id);
    let plain = parts.keyring.open(&place, &subscription.sealed).map_err(|e| Fault::new("open a subscription", e))?;
    let plain = std::str::from_utf8(&plain).map_err(|e| Fault::new("read a subscription", e))?;
    let browser = push::Subscription::from_stored(plain).map_err(|e| Fault::new("read a subscription", e))?;
    Ok(Ok(Ring { tenant, record, subscription, account, quiet, browser, key }))
}

fn message(parts: &Parts, ring: &Ring, delivery: Id) -> Result<Option<Message>, Fault> {
    let Some(words) = words::notice(&ring.record) else { return Ok(None) };
    let mut to = words::recipient(&ring.tenant, Some(&ring.account), None);
    to.hide_details = ring.quiet.hide_details;
    let text = parts.view.notice(&to, &words);
    let links = words::Links { tenant: &ring.tenant, record: &ring.record };
    let mut notice = Notification::new(text.title, links.navigate());
    notice.body = Some(text.body);
    notice.tag = Some(links.tag());
    notice.lang = Some(text.lang.to_owned());
    notice.dir = Some(if text.dir == "rtl" { Direction::Rtl } else { Direction::Ltr });
    notice.silent = is_over(&ring.record.event).then_some(true);
    notice.require_interaction = stays(&ring.record.event).then_some(true);
    let receipt = Receipt { delivery, subscription: ring.subscription.id };
    let receipt = receipt.token(&parts.keyring.subkey(receipt::KEY_PURPOSE), ring.tenant.id);
    notice.data = links.data(&text.actions, &receipt);
    notice.actions = text
        .actions
        .into_iter()
        .map(|action| Action {
            navigate: Some(links.action(action.action)),
            action: action.action.to_owned(),
            title: action.title,
        })
        .collect();
    let event = &ring.record.event;
    let urgent = event.urgency() == identity::Urgency::High;
    let topic_key = parts.keyring.subkey("push topic");
    let message = Message::new(notice.to_payload(), event.valid_for())
        .map_err(|e| Fault::new("write a notice", e))?
        .urgency(if urgent { Urgency::High } else { Urgency::Normal })
        // As on the screen, so on its way there: what takes another's place may do so before it arrives (RFC 8030 §5.4).
        .topic(Topic::hidden(&topic_key, links.tag().as_bytes()));
    Ok(Some(message))
}

/// Whether the notice stays on the screen until it is answered.
const fn stays(event: &Event) -> bool {
    matches!(event, Event::NewDevice { .. }) || event.waits_for_click() || event.warns_of_recovery()
}

/// Whether it only says that something else is over.
const fn is_over(event: &Event) -> bool {
    matches!(event, Event::ChangeEnded { .. } | Event::AppAnswered(_))
}

/// What follows from the push service's answer.
fn decide(parts: &Parts, (delivery, subscription): (&Delivery, &Subscription), reply: Reply) -> (Outcome, Then) {
    let now = parts.clock.now();
    let asked = reply.retry().filter(|wait| !wait.is_zero());
    match &reply {
        Reply::Accepted => (Outcome::Sent, Then::Delivered),
        Reply::Gone => (Outcome::Dropped("the push service says that the subscription is gone"), Then::Gone),
        Reply::Refused(_) => (Outcome::Dead(format!("{reply:?}")), Then::Gone),
        Reply::Expired => (Outcome::Dropped("it came too late to be worth anything"), Then::AsItWas),
        Reply::TooLarge => (Outcome::Dead("the push service takes no message of this size".to_owned()), Then::AsItWas),
        Reply::KeyRefused { .. } if subscription.strikes >= MOST_STRIKES => {
            (Outcome::Dead(format!("{reply:?}")), Then::Gone)
        }
        Reply::Throttled { .. } | Reply::KeySuspended { .. } => {
            (backoff::retry(delivery, (now, &parts.rng), asked, format!("{reply:?}")), Then::AsItWas)
        }
        Reply::KeyRefused { .. } | Reply::ServerTrouble { .. } => {
            (backoff::retry(delivery, (now, &parts.rng), asked, format!("{reply:?}")), Then::Failed)
        }
    }
}

/// Removes a subscription that rings nobody, and says so in the person's log.
async fn remove(parts: &Parts, tx: &mut Tx, ring: &Ring) -> Result<(), Fault> {
    if !tx.delete_subscription(ring.subscription.id).await? {
        return Ok(());
    }
    let device = tx.find_device(ring.subscription.device).await?;
    let agent = device.as_ref().map(|device| device.agent.clone()).unwrap_or_default();
    if let Some(device) = device {
        tx.update_device(&Device { push_wanted: false, ..device }).await?;
    }
    let record = EventRecord {
        id: Id::new(&parts.clock, &parts.rng),
        tenant: ring.tenant.id,
        account: Some(ring.subscription.account),
        device: Some(ring.subscription.device),
        agent: agent.clone(),
        place: None,
        event: Event::PushGone { agent },
        at: parts.clock.now(),
    };
    tx.emit(&record).await
}
