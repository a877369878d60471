//! What happened to the account, in the order in which it did.

use crate::here::Here;
use crate::visitor::Signed;
use base::{Cursor, Fault, Id, Timestamp};
use identity::{Agent, Event, EventRecord, Place};

const PAGE: i64 = 30;

/// One line of the log. The view puts it into words.
#[derive(Debug, Clone)]
pub struct Line {
    /// The event's id.
    pub id: Id,
    /// What happened.
    pub event: Event,
    /// By which browser.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// When.
    pub at: Timestamp,
}

impl From<EventRecord> for Line {
    fn from(record: EventRecord) -> Self {
        Self { id: record.id, event: record.event, agent: record.agent, place: record.place, at: record.at }
    }
}

/// A page of the log, newest first.
#[derive(Debug, Clone)]
pub struct ActivityPage {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where older ones begin.
    pub next: Option<Id>,
}

impl Here {
    /// A page of the account's log, after the given event.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn activity(&self, signed: &Signed, after: Option<Id>) -> Result<ActivityPage, Fault> {
        let page = self.read().await?.list_events(signed.id(), Cursor(after), PAGE).await?;
        Ok(ActivityPage {
            lines: page.items.into_iter().filter(|record| record.event.is_shown()).map(Line::from).collect(),
            next: page.next,
        })
    }
}
