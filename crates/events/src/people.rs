//! The people whom events concern: what they want to be told, and the browsers that they have.

use base::{Fault, Id};
use identity::notice::{SubscriptionView, Target, audience};
use identity::{EventRecord, Preferences};
use std::collections::HashMap;
use store::Tx;

/// What is known of them, by account.
pub(crate) struct People {
    preferences: HashMap<Id, Preferences>,
    browsers: HashMap<Id, Vec<SubscriptionView>>,
}

impl People {
    /// Reads what these events ask for, of all their people at once.
    pub(crate) async fn read(tx: &mut Tx, records: &[&EventRecord]) -> Result<Self, Fault> {
        let asked = records.iter().filter(|record| record.event.notice().asks_the_person());
        let mut accounts: Vec<Id> = asked.filter_map(|record| record.account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut people = Self { preferences: HashMap::new(), browsers: HashMap::new() };
        if accounts.is_empty() {
            return Ok(people);
        }
        for found in tx.list_subscriptions_of(&accounts).await? {
            let view = SubscriptionView { id: found.id, device: found.device, live: true };
            people.browsers.entry(found.account).or_default().push(view);
        }
        people.preferences = tx.preferences_of(&accounts).await?;
        Ok(people)
    }

    /// Whom an event is told to.
    pub(crate) fn audience(&self, record: &EventRecord) -> Vec<Target> {
        let account = record.account.as_ref();
        let browsers = account.and_then(|id| self.browsers.get(id)).map_or(&[][..], Vec::as_slice);
        match account.and_then(|id| self.preferences.get(id)) {
            Some(preferences) => audience(record, preferences, browsers),
            None => audience(record, &Preferences::default(), browsers),
        }
    }
}
