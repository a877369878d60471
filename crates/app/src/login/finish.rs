//! The end of a sign-in: the only place where a session is made, and where a device is recognised.

use crate::here::{By, Here};
use crate::login::start::of_session;
use crate::login::{Way, next_page};
use crate::problem::{Answer, refuse};
use crate::recovery::has_the_second_factor;
use crate::visitor::{Cookies, Signed, Step, Visitor};
use base::{Fault, Secret, SecretKind, routes};
use identity::login::{Evidence, Flow, FlowError, Granted};
use identity::recovery::StopReason;
use identity::{AccountStatus, Device, EndReason, Event, PushOffer, Session};
use store::Tx;

/// What is known at the end of a sign-in.
pub(crate) struct Finish<'a> {
    pub(crate) visitor: &'a Visitor,
    /// Where it leads.
    pub(crate) way: &'a Way,
    /// Whether the answer may lead out of the flow at once: a script can't follow it to an app.
    pub(crate) straight: bool,
}

/// What a piece of evidence led to.
pub(crate) enum Outcome {
    /// It was enough.
    Signed(Box<Entered>),
    /// It counts, and more is needed. Nobody is signed in.
    More,
    /// It was right, and the risk rules refuse it.
    Refused,
}

/// Somebody is signed in.
pub(crate) struct Entered {
    cookies: Cookies,
    /// The answer to the app, when nothing was left to be shown: the flow has ended.
    straight_on: Option<Step>,
}

impl Outcome {
    /// The way on from here.
    pub(crate) fn step(self, here: &Here, flow: &Flow) -> Step {
        match self {
            Self::Signed(entered) => {
                let on = || Step::here(routes::with_flow(routes::CONTINUE, flow.id));
                entered.straight_on.unwrap_or_else(on).with(entered.cookies)
            }
            Self::Refused => Step::here(routes::with_flow(routes::REFUSED, flow.id)),
            Self::More => Step::here(routes::with_flow(next_page(flow, here.now()), flow.id)),
        }
    }
}

impl Here {
    /// The way on of a form. Whoever is signed in goes where the flow leads at once: a page between would only send them on.
    pub(crate) async fn lead_on(&self, outcome: Outcome, flow: Flow, visitor: &Visitor) -> Step {
        let Outcome::Signed(entered) = outcome else { return outcome.step(self, &flow) };
        let Entered { cookies, straight_on } = *entered;
        if let Some(step) = straight_on {
            return step.with(cookies);
        }
        let id = flow.id;
        match self.carry_on(flow, &visitor.given(&cookies)).await {
            Ok(step) => {
                let cookies = cookies.or(&step.cookies);
                step.with(cookies)
            }
            // They are signed in, and stay so: the way on is tried again from there, which tells what is wrong.
            Err(fault) => {
                tracing::info!(%fault, "a sign-in goes on by a page of its own");
                Step::here(routes::with_flow(routes::CONTINUE, id)).with(cookies)
            }
        }
    }
}

impl Finish<'_> {
    /// Adds evidence to the flow, and makes the session if that is enough. The caller commits in either case: what was
    /// proven stays proven.
    ///
    /// # Errors
    /// [`FlowError`] when the evidence does not belong into this flow, or its account can't be signed in to.
    pub(crate) async fn with_evidence(
        &self,
        here: &Here,
        tx: &mut Tx,
        flow: &mut Flow,
        evidence: Evidence,
    ) -> Answer<Outcome, FlowError> {
        let (now, account) = (here.now(), evidence.account());
        if let Err(error) = flow.add(evidence, now) {
            return refuse(error);
        }
        let account = tx.lock_account(account).await?.filter(|a| a.status == AccountStatus::Active);
        let Some(account) = account else { return refuse(FlowError::WrongAccount) };
        here.settle_demand(tx, flow, &account, self.visitor).await?;
        let entered = flow.enter(now);
        if entered.is_err() || flow.is_refused() {
            tx.save_flow(flow).await?;
        }
        if flow.is_refused() {
            here.meter().sign_in("refused");
            return Ok(Outcome::Refused);
        }
        match entered {
            Ok(granted) => {
                self.keep_zone(here, tx, granted.account(), flow).await?;
                // What stands on an older session is no moment to add a way in.
                if granted.auth_time() >= now.minus(here.settings().sign_in.recent) {
                    here.link_pending(tx, flow, granted.account(), self.visitor).await?;
                }
                if has_the_second_factor(granted.reached(), &flow.evidence) {
                    let by = By::about(granted.account(), None, self.visitor);
                    here.need_no_recovery(tx, granted.account(), StopReason::SignedIn, &by).await?;
                }
                let (cookies, session, device) = self.session(here, tx, &granted).await?;
                flow.session = Some(of_session(&session));
                let signed = Signed { session, account, device };
                let straight_on = if self.straight {
                    here.straight_on(tx, flow, (&signed, self.way), self.visitor).await?
                } else {
                    None
                };
                tx.save_flow(flow).await?;
                if flow.trust_device && flow.proves_second() {
                    self.trust(here, tx, signed.device).await?;
                }
                here.meter().sign_in("signed_in");
                Ok(Outcome::Signed(Box::new(Entered { cookies, straight_on })))
            }
            Err(FlowError::NotProven(_)) => Ok(Outcome::More),
            Err(error) => refuse(error),
        }
    }

    /// Times are told in the zone of the first browser, until the person chooses another.
    async fn keep_zone(&self, here: &Here, tx: &mut Tx, account: base::Id, flow: &Flow) -> Result<(), Fault> {
        let Some(zone) = &flow.time_zone else { return Ok(()) };
        // As it is now: settling what is asked of it may have changed it.
        let account = tx.lock_account(account).await?.filter(|account| account.time_zone.is_none());
        if let Some(account) = account {
            let time_zone = Some(zone.clone());
            tx.update_account(&identity::Account { time_zone, updated_at: here.now(), ..account }).await?;
        }
        Ok(())
    }

    /// The session of someone who has proven who they are. Only [`Granted`] leads here.
    async fn session(&self, here: &Here, tx: &mut Tx, granted: &Granted) -> Result<(Cookies, Session, Device), Fault> {
        let (now, account) = (here.now(), granted.account());
        let (device, device_cookie, new) = recognise(here, tx, account, self.visitor).await?;
        let secret = here.secret(SecretKind::Session);
        let lifetime = here.settings().session_lifetime;
        let previous = match &self.visitor.session {
            Some(old) => tx.find_signed_in(old.hash()).await?,
            None => None,
        };
        let session = Session {
            id: here.new_id(),
            account,
            device: device.id,
            secret: secret.hash(),
            created_at: now,
            last_seen_at: now,
            auth_time: granted.auth_time(),
            amr: granted.amr(),
            acr: granted.acr().to_owned(),
            expires_at: now.plus(lifetime),
            ended_at: None,
        };
        let session = match previous {
            // The same person again in the same browser: one session, with a new secret and a new proof.
            Some(old) if old.session.device == device.id && old.session.is_live(now, here.settings().session_idle) => {
                let session = Session { id: old.session.id, created_at: old.session.created_at, ..session };
                tx.update_session(&session).await?;
                session
            }
            Some(old) => {
                here.end(tx, &old.session, EndReason::Replaced).await?;
                if old.account.id != account {
                    tx.delete_subscriptions_of_device(old.device.id).await?;
                }
                tx.insert_session(&session).await?;
                session
            }
            None => {
                tx.insert_session(&session).await?;
                session
            }
        };
        let event = if new {
            Event::NewDevice { session: session.id, device: device.id, app: self.way.app() }
        } else {
            Event::LoginSucceeded { session: session.id, app: self.way.app() }
        };
        here.emit(tx, &By::about(account, Some(device.id), self.visitor), event).await?;
        let cookies = Cookies { session: Some(Some(secret)), device: Some(device_cookie), browser: None };
        Ok((cookies, session, device))
    }

    /// "Don't ask on this device."
    async fn trust(&self, here: &Here, tx: &mut Tx, device: Device) -> Result<(), Fault> {
        let until = here.now().plus(here.settings().sign_in.trust_device);
        let device = Device { trusted_until: Some(until), ..device };
        tx.update_device(&device).await?;
        let event = Event::DeviceTrusted { agent: device.agent, until };
        here.emit(tx, &By::about(device.account, Some(device.id), self.visitor), event).await?;
        Ok(())
    }
}

/// Finds the browser among the account's devices, or adds it. The account's very first device is known
/// from the start: there is nobody else who could be asked about it.
pub(crate) async fn recognise(
    here: &Here,
    tx: &mut Tx,
    account: base::Id,
    visitor: &Visitor,
) -> Result<(Device, Secret, bool), Fault> {
    let now = here.now();
    let place = visitor.place.clone();
    let known = match &visitor.device {
        Some(cookie) => tx.find_device_by_secret(account, cookie.hash_for(account.as_bytes())).await?,
        None => None,
    };
    let cookie = visitor.device.clone().unwrap_or_else(|| here.secret(SecretKind::Device));
    if let Some(device) = known {
        let place = place.or(device.place);
        let device = Device { agent: visitor.agent().clone(), place, last_seen_at: now, ..device };
        tx.update_device(&device).await?;
        return Ok((device, cookie, false));
    }
    let first = !tx.has_devices(account).await? && !has_signed_in(tx, account).await?;
    let device = Device {
        id: here.new_id(),
        account,
        secret: cookie.hash_for(account.as_bytes()),
        agent: visitor.agent().clone(),
        place,
        first_seen_at: now,
        last_seen_at: now,
        known_at: first.then_some(now),
        push_offer: PushOffer::default(),
        push_wanted: false,
        trusted_until: None,
    };
    tx.insert_device(&device).await?;
    Ok((device, cookie, !first))
}

/// Whether the account has ever been signed in to: a list of devices that was emptied makes no first one.
pub(super) async fn has_signed_in(tx: &mut Tx, account: base::Id) -> Result<bool, Fault> {
    let log = tx.list_events(account, base::Cursor(None), 200).await?;
    let a_sign_in = |event: &Event| matches!(event, Event::LoginSucceeded { .. } | Event::NewDevice { .. });
    Ok(log.items.iter().any(|record| a_sign_in(&record.event)))
}

impl Here {
    /// Ends a session with what hangs on it: its grants, codes and tokens, the changes that it asked for, and what apps
    /// have of it. Answers whether it was live.
    pub(crate) async fn end(&self, tx: &mut Tx, session: &Session, reason: EndReason) -> Result<bool, Fault> {
        let now = self.now();
        let ended = tx.end_session(session.id, reason, now).await?;
        if ended {
            self.withdraw_changes_of(tx, session).await?;
            self.tell_apps(tx, session).await?;
        }
        tx.revoke_grants_of_session(session.id, now, reason.spares_offline_access()).await?;
        Ok(ended)
    }
}
