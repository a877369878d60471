//! The overview: where the account stands, and the last that happened.

use super::Line;
use crate::change::ShownChange;
use crate::here::Here;
use crate::oidc::WaitingAsk;
use crate::recovery::Shown;
use crate::visitor::Signed;
use base::{Cursor, Fault, Id, Timestamp};
use identity::Event;

/// The overview page.
#[derive(Debug, Clone)]
pub struct Overview {
    /// How many devices are signed in.
    pub devices: usize,
    /// How many apps have access.
    pub apps: usize,
    /// How many browsers are rung.
    pub subscriptions: usize,
    /// Whether this browser is one of them.
    pub rings_here: bool,
    /// Whether a "no" has not been followed by a new password yet.
    pub must_secure: bool,
    /// A sign-in that waits for "was this you?".
    pub open_question: Option<Id>,
    /// Changes that wait for a yes.
    pub changes: Vec<ShownChange>,
    /// Apps that wait for one.
    pub asks: Vec<WaitingAsk>,
    /// Since when nothing can be changed.
    pub locked_down: Option<Timestamp>,
    /// A way back that somebody has begun.
    pub recovery: Option<Shown>,
    /// Whether the account came back by one of late, and has nothing but a password since.
    pub recovered: bool,
    /// The last events.
    pub recent: Vec<Line>,
}

impl Here {
    /// The overview page.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn overview(&self, signed: &Signed) -> Result<Overview, Fault> {
        let mut read = self.read().await?;
        let sessions = read.list_sessions(signed.id(), self.now()).await?;
        let mut devices: Vec<_> = sessions.iter().map(|session| session.device).collect();
        devices.sort_unstable();
        devices.dedup();
        let apps = read.list_consents(signed.id()).await?.len();
        let subscriptions = read.list_subscriptions(signed.id()).await?;
        let rings_here = subscriptions.iter().any(|s| s.device == signed.device.id);
        let unknown: Vec<_> =
            read.list_devices(signed.id()).await?.into_iter().filter(|d| d.known_at.is_none()).collect();
        let events = read.list_events(signed.id(), Cursor(None), 20).await?;
        let shown = events.items.into_iter().filter(|record| record.event.is_shown());
        let must_secure = self.must_secure(signed.id()).await?;
        let open_question = if unknown.is_empty() { None } else { self.open_question(signed, &unknown).await? };
        let recovery = self.open_recovery(signed).await?;
        let recovered = self.is_recovered(signed).await?;
        let changes = self.waiting_changes(signed).await?;
        let asks = self.waiting_asks(signed).await?;
        let locked_down = read.locked_down_since(signed.id()).await?;
        Ok(Overview {
            changes,
            asks,
            locked_down,
            devices: devices.len(),
            apps,
            subscriptions: subscriptions.len(),
            rings_here,
            must_secure,
            open_question,
            recent: shown.take(5).map(Line::from).collect(),
            recovery,
            recovered,
        })
    }

    /// Whether somebody said "it wasn't me" and the password is still the one that the stranger knew.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn must_secure(&self, account: Id) -> Result<bool, Fault> {
        let mut read = self.read().await?;
        let log = read.list_events(account, Cursor(None), 100).await?;
        let denied = log.items.into_iter().find(|record| matches!(record.event, Event::LoginDenied { .. }));
        let Some(denied) = denied else { return Ok(false) };
        Ok(read.password_changed_at(account).await?.is_none_or(|changed| changed <= denied.at))
    }
}
