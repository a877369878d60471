//! Devices: where the account is signed in, and ending that.

use crate::here::{By, Here};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, Timestamp};
use identity::{Device, EndReason, Event, Session};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A device with its sessions.
#[derive(Debug, Clone)]
pub struct DeviceEntry {
    /// The device.
    pub device: Device,
    /// Whether it is the browser that asks.
    pub here: bool,
    /// Whether it is signed in.
    pub signed_in: bool,
    /// Apps that are signed in there.
    pub apps: Vec<AppSession>,
    /// Whether the browser that asks may have it forgotten.
    pub may_forget: bool,
}

/// An app that is signed in on a device.
#[derive(Debug, Clone)]
pub struct AppSession {
    /// The client's row id.
    pub client: Id,
    /// Its name.
    pub name: String,
    /// When it last asked for a token.
    pub last_used: Timestamp,
}

impl Here {
    /// The account's devices: this one first, then by last use.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn devices(&self, signed: &Signed) -> Result<Vec<DeviceEntry>, Fault> {
        let now = self.now();
        let mut read = self.read().await?;
        let idle = self.settings().session_idle;
        let mut sessions = read.list_sessions(signed.id(), now).await?;
        sessions.retain(|session| session.is_live(now, idle));
        let used = read.apps_in_sessions(signed.id(), now).await?;
        let mut names = HashMap::new();
        for client in used.iter().map(|app| app.client) {
            if let Entry::Vacant(name) = names.entry(client) {
                name.insert(read.find_client_by_id(client).await?.map(|client| client.name));
            }
        }
        let mut entries = Vec::new();
        for device in read.list_devices(signed.id()).await? {
            let of_device: Vec<&Session> = sessions.iter().filter(|session| session.device == device.id).collect();
            let mut apps: Vec<AppSession> = Vec::new();
            for app in used.iter().filter(|app| of_device.iter().any(|session| session.id == app.session)) {
                let Some(Some(name)) = names.get(&app.client) else { continue };
                // The last use comes first.
                if !apps.iter().any(|known| known.client == app.client) {
                    apps.push(AppSession { client: app.client, name: name.clone(), last_used: app.last_used });
                }
            }
            let here = device.id == signed.device.id;
            entries.push(DeviceEntry {
                here,
                signed_in: !of_device.is_empty(),
                apps,
                may_forget: self.may_forget(&signed.device, &device),
                device,
            });
        }
        entries.sort_by_key(|entry| (!entry.here, !entry.signed_in, std::cmp::Reverse(entry.device.last_seen_at)));
        Ok(entries)
    }

    /// Signs a device out: its sessions, its tokens, its notices. Answers whether anything was ended.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn end_device(&self, signed: &Signed, device: Id, visitor: &Visitor) -> Result<bool, Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let Some(device) = tx.find_device(device).await?.filter(|d| d.account == signed.id()) else { return Ok(false) };
        let mut ended = false;
        for session in tx.list_sessions(signed.id(), self.now()).await? {
            if session.device == device.id && self.end(&mut tx, &session, EndReason::EndedByOwner).await? {
                ended = true;
                let reason = EndReason::EndedByOwner;
                let event = Event::SessionEnded { session: session.id, agent: device.agent.clone(), reason };
                self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
            }
        }
        self.empty_device(&mut tx, &device, &By::owner(signed, visitor)).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Signs one app out on a device: what it was granted there ends, and its server is told. The device stays signed in
    /// here. Answers whether there was anything to end.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn end_app(&self, signed: &Signed, (device, client): (Id, Id), visitor: &Visitor) -> Result<bool, Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let now = self.now();
        let device = tx.find_device(device).await?.filter(|d| d.account == signed.id());
        let (Some(device), Some(client)) = (device, tx.find_client_by_id(client).await?) else { return Ok(false) };
        let mut ended = false;
        for session in tx.list_sessions(signed.id(), now).await?.iter().filter(|s| s.device == device.id) {
            if tx.revoke_grants_of_app(session.id, client.id, now).await? > 0 {
                self.tell_app(&mut tx, &client, (signed.id(), session.id)).await?;
                ended = true;
            }
        }
        if ended {
            let event = Event::AppSignedOut { app: client.name, agent: device.agent };
            self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
            tx.commit().await?;
        }
        Ok(ended)
    }

    /// Signs every other device out.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn end_other_devices(&self, signed: &Signed, visitor: &Visitor) -> Result<usize, Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let ended = self
            .end_others_of(&mut tx, signed.id(), (signed.session.id, signed.device.id), &By::owner(signed, visitor))
            .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Signs every device out but that of a session, in the transaction of what asks for it.
    pub(crate) async fn end_others_of(
        &self,
        tx: &mut store::Tx,
        account: Id,
        (own, own_device): (Id, Id),
        by: &By<'_>,
    ) -> Result<usize, Fault> {
        let devices = tx.list_devices(account).await?;
        let mut ended = 0;
        for session in tx.list_sessions(account, self.now()).await? {
            if session.id == own || !self.end(tx, &session, EndReason::EndedByOwner).await? {
                continue;
            }
            ended += 1;
            let agent = devices.iter().find(|d| d.id == session.device).map(|d| d.agent.clone()).unwrap_or_default();
            let event = Event::SessionEnded { session: session.id, agent, reason: EndReason::EndedByOwner };
            self.emit(tx, by, event).await?;
        }
        for device in devices.iter().filter(|device| device.id != own_device) {
            self.empty_device(tx, device, by).await?;
        }
        Ok(ended)
    }

    /// Signs a device out and forgets it: its next sign-in rings the others. Not for the browser that asks.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn forget_device(&self, signed: &Signed, device: Id, visitor: &Visitor) -> Result<bool, Fault> {
        let (mut tx, own) = self.begin_as(signed).await?;
        let found = tx.find_device(device).await?.filter(|device| self.may_forget(&own, device));
        let Some(device) = found else { return Ok(false) };
        self.empty_device(&mut tx, &device, &By::owner(signed, visitor)).await?;
        self.drop_device(&mut tx, &device, EndReason::EndedByOwner).await?;
        self.emit(&mut tx, &By::owner(signed, visitor), Event::DeviceForgotten { agent: device.agent }).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Has a device asked for the second factor again. `false` when it was asked anyway.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn ask_again(&self, signed: &Signed, device: Id, visitor: &Visitor) -> Result<bool, Fault> {
        let (mut tx, _) = self.begin_as(signed).await?;
        let device = tx.find_device(device).await?.filter(|d| d.account == signed.id() && d.trusted_until.is_some());
        let Some(device) = device else { return Ok(false) };
        tx.update_device(&Device { trusted_until: None, ..device }).await?;
        self.emit(&mut tx, &By::owner(signed, visitor), Event::TrustWithdrawn {}).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Has every device asked for the second factor again: something that the trust rested on has changed.
    pub(crate) async fn withdraw_trust(&self, tx: &mut store::Tx, account: Id, by: &By<'_>) -> Result<(), Fault> {
        if tx.distrust_devices(account).await? > 0 {
            self.emit(tx, by, Event::TrustWithdrawn {}).await?;
        }
        Ok(())
    }

    /// A device that has yet to prove itself must not have those forgotten that have.
    pub(crate) fn may_forget(&self, own: &Device, other: &Device) -> bool {
        let now = self.now();
        other.account == own.account && other.id != own.id && (own.vouches(now) || !other.vouches(now))
    }

    /// Ends what a device left behind: grants that outlived their sessions, and its notices. Their end is told by
    /// mail: whoever silences another browser must not do so unheard.
    async fn empty_device(&self, tx: &mut store::Tx, device: &Device, by: &By<'_>) -> Result<(), Fault> {
        tx.revoke_grants_of_device(device.id, self.now()).await?;
        if tx.delete_subscriptions_of_device(device.id).await? > 0 {
            self.emit(tx, by, Event::PushDisabled { agent: device.agent.clone() }).await?;
        }
        Ok(())
    }

    /// Ends what a device holds and removes it.
    pub(crate) async fn drop_device(
        &self,
        tx: &mut store::Tx,
        device: &Device,
        reason: EndReason,
    ) -> Result<(), Fault> {
        for session in tx.list_sessions(device.account, self.now()).await? {
            if session.device == device.id {
                self.end(tx, &session, reason).await?;
            }
        }
        tx.revoke_grants_of_device(device.id, self.now()).await?;
        tx.delete_subscriptions_of_device(device.id).await?;
        tx.delete_device(device.id).await?;
        Ok(())
    }
}
