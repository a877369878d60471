//! "It wasn't me": what that browser added to the account goes with it.
//!
//! Who has found out a password adds a way to sign in of their own first of all. A new password alone would leave it to
//! them, and the owner could not remove it without having it.

use crate::here::{By, Here};
use base::{Fault, Timestamp};
use identity::{CredentialKind, Device, Event, EventRecord};
use std::time::Duration;
use store::Tx;

const KINDS: [&str; 4] = ["passkey.added", "totp.added", "recovery_codes.made", "identity.linked"];
/// What was set up on the way in was added a moment before the browser was known at all.
const ON_THE_WAY: Duration = Duration::from_secs(5);

impl Here {
    /// Removes what a browser has added since a moment, and tells of each. The account's row is locked.
    pub(crate) async fn disown(
        &self,
        tx: &mut Tx,
        (device, since): (&Device, Timestamp),
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let since = since.minus(ON_THE_WAY);
        let mut added = tx.list_kinds_of(device.account, &KINDS, since).await?;
        added.retain(|record| is_by(record, device));
        for record in &added {
            match &record.event {
                Event::PasskeyAdded { credential: Some(id), .. } => self.disown_key(tx, (device, *id), by).await?,
                Event::IdentityLinked { identity: Some(id), .. } => {
                    let all = tx.list_identities(device.account).await?;
                    if let Some(found) = all.iter().find(|one| one.id == *id) {
                        self.remove_identity(tx, found, by).await?;
                    }
                }
                _ => {}
            }
        }
        self.disown_codes(tx, (device, &added, since), by).await
    }

    async fn disown_key(&self, tx: &mut Tx, (device, id): (&Device, base::Id), by: &By<'_>) -> Result<(), Fault> {
        let found = tx.find_credential(id).await?.filter(|key| key.account == device.account);
        let Some(key) = found else { return Ok(()) };
        tx.delete_credential(key.id).await?;
        if key.kind == CredentialKind::SecurityKey {
            self.withdraw_trust(tx, device.account, by).await?;
        }
        self.emit(tx, by, Event::PasskeyRemoved { key: key.kind, name: key.name }).await.map(drop)
    }

    /// The authenticator app, if the one that is there is theirs, and recovery codes likewise.
    async fn disown_codes(
        &self,
        tx: &mut Tx,
        (device, added, since): (&Device, &[EventRecord], Timestamp),
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let theirs = |made: Timestamp, event: fn(&Event) -> bool| {
            added.iter().any(|record| event(&record.event) && record.at >= made && made >= since)
        };
        let app = tx.find_totp(device.account).await?;
        if app.is_some_and(|app| theirs(app.created_at, |event| matches!(event, Event::TotpAdded {}))) {
            tx.delete_totp(device.account).await?;
            self.emit(tx, by, Event::TotpRemoved {}).await?;
        }
        let codes = tx.list_recovery_codes(device.account).await?;
        let shown_there = |event: &Event| !matches!(event, Event::IdentityLinked { .. });
        if codes.first().is_some_and(|code| theirs(code.created_at, shown_there)) {
            tx.replace_recovery_codes(device.account, &[]).await?;
        }
        self.drop_useless_codes(tx, device.account).await
    }
}

fn is_by(record: &EventRecord, device: &Device) -> bool {
    match record.device {
        Some(id) => id == device.id,
        // On the way in the browser had no name yet.
        None => record.agent == device.agent && record.at <= device.first_seen_at.plus(ON_THE_WAY),
    }
}
