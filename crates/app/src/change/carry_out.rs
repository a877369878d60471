//! What a change does when it is done: each kind once, whether it waited or not.

use crate::account::{MAX_KEYS, delete_everything};
use crate::guard::{Authenticator, reopen};
use crate::here::{By, Here};
use crate::login::who;
use base::{Fault, Id, SecretHash};
use identity::change::{Before, Change, PendingChange};
use identity::recovery::StopReason;
use identity::{Account, CredentialKind, EndReason, Event, FederatedIdentity, Purpose, RecoveryCode, Totp};
use store::Tx;
use store::model::Consent;

impl Here {
    /// Carries a change out and tells of it. `false` when it can't be done any more: then nothing was. The account's row
    /// is locked; the caller ends the change and commits.
    pub(crate) async fn carry_out(&self, tx: &mut Tx, pending: &mut PendingChange, by: &By<'_>) -> Result<bool, Fault> {
        let account = pending.account;
        let done = match pending.change.clone() {
            Change::Email { .. } => self.put_email(tx, pending, by).await?,
            Change::Password { .. } => self.put_new_password(tx, pending, by).await?,
            Change::Phone { .. } => self.put_phone(tx, pending, by).await?,
            Change::AddKey { key } => {
                let room = tx.list_credentials(account).await?.len() < MAX_KEYS;
                let added = room && tx.insert_credential(&key).await?;
                if added {
                    self.tell_of_key(tx, &key, by).await?;
                }
                added
            }
            Change::RemoveKey { key, .. } => self.take_key(tx, (account, key), by).await?,
            Change::SetTotp { app, codes, .. } => self.put_app(tx, (&app, &codes), by).await?,
            Change::RemoveTotp { .. } => self.take_app(tx, account, by).await?,
            Change::RecoveryCodes { codes, .. } => self.put_codes(tx, (account, &codes), by).await?,
            Change::Link { identity } => self.put_identity(tx, &identity, by).await?,
            Change::Unlink { identity, .. } => self.take_identity(tx, (account, identity), by).await?,
            Change::Export {} => {
                self.emit(tx, by, Event::Exported {}).await?;
                true
            }
            Change::Delete {} => return delete_everything(self, tx, account, by).await,
            Change::Grant { client, app, scope, .. } => {
                self.put_consent(tx, (account, client), (&app, scope), by).await?;
                true
            }
        };
        if !done {
            return Ok(false);
        }
        if ends_others(&pending.change) {
            self.end_others_of(tx, account, (pending.asker.session, pending.asker.device), by).await?;
        }
        if !matches!(pending.change, Change::Export {} | Change::Grant { .. } | Change::Phone { .. }) {
            self.need_no_recovery(tx, account, StopReason::CredentialChanged, by).await?;
        }
        Ok(true)
    }

    async fn put_email(&self, tx: &mut Tx, pending: &mut PendingChange, by: &By<'_>) -> Result<bool, Fault> {
        let Change::Email { from, to } = pending.change.clone() else { return Ok(false) };
        let Some(account) = tx.lock_account(pending.account).await?.filter(|a| a.email == from) else {
            return Ok(false);
        };
        let other = tx.find_account_by_email(&to.key()).await?;
        if other.is_some_and(|other| other.id != account.id) {
            return Ok(false);
        }
        let now = self.now();
        let before = Before::Email(from.clone(), account.email_verified_at);
        pending.before = Some(self.before_the_first(tx, pending, before).await?);
        // What was sent to the old address opens nothing any more, and answers nothing.
        for purpose in [Purpose::ResetPassword, Purpose::BeginRecovery, Purpose::WasThisYou] {
            tx.forget_single_uses(purpose, account.id).await?;
        }
        tx.update_account(&Account { email: to.clone(), email_verified_at: now, updated_at: now, ..account }).await?;
        self.emit(tx, by, Event::EmailChanged { change: pending.id, from, to }).await?;
        Ok(true)
    }

    async fn put_phone(&self, tx: &mut Tx, pending: &mut PendingChange, by: &By<'_>) -> Result<bool, Fault> {
        let Change::Phone { from, to } = pending.change.clone() else { return Ok(false) };
        let Some(account) = tx.lock_account(pending.account).await?.filter(|a| a.phone == from) else {
            return Ok(false);
        };
        pending.before = Some(self.before_the_first(tx, pending, Before::Phone(from.clone())).await?);
        tx.update_account(&Account { phone: to.clone(), updated_at: self.now(), ..account }).await?;
        self.emit(tx, by, Event::PhoneChanged { change: pending.id, from, to }).await?;
        Ok(true)
    }

    async fn put_new_password(&self, tx: &mut Tx, pending: &mut PendingChange, by: &By<'_>) -> Result<bool, Fault> {
        let (account, session, now) = (pending.account, pending.asker.session, self.now());
        let before = Before::Password(tx.find_password(account).await?);
        let before = self.before_the_first(tx, pending, before).await?;
        let Change::Password { hash, end_others } = &pending.change else { return Ok(false) };
        tx.put_password(account, hash, now).await?;
        tx.void_single_uses(Purpose::ResetPassword, account, now).await?;
        if *end_others {
            self.end_all(tx, account, Some(session), EndReason::PasswordChanged).await?;
            self.revoke_elsewhere(tx, account, session).await?;
            self.silence_strangers(tx, account).await?;
        }
        self.withdraw_trust(tx, account, by).await?;
        self.emit(tx, by, Event::PasswordChanged { change: Some(pending.id) }).await?;
        pending.before = Some(before);
        Ok(true)
    }

    /// Ends grants that outlived their session (`offline_access`): after a change of password nothing
    /// that was granted elsewhere goes on.
    async fn revoke_elsewhere(&self, tx: &mut Tx, account: Id, session: Id) -> Result<(), Fault> {
        tx.revoke_grants_elsewhere(account, session, self.now()).await.map(drop)
    }

    async fn take_key(&self, tx: &mut Tx, (account, key): (Id, Id), by: &By<'_>) -> Result<bool, Fault> {
        let found = tx.find_credential(key).await?.filter(|found| found.account == account);
        let Some(key) = found else { return Ok(false) };
        // Under the account's lock: of two who remove the last two, one comes too late.
        if self.is_last_way_in(tx, account, key.kind).await? {
            return Ok(false);
        }
        tx.delete_credential(key.id).await?;
        if key.kind == CredentialKind::SecurityKey {
            self.withdraw_trust(tx, account, by).await?;
        }
        self.drop_useless_codes(tx, account).await?;
        self.emit(tx, by, Event::PasskeyRemoved { key: key.kind, name: key.name }).await?;
        Ok(true)
    }

    /// Whether the account would be left with nothing to sign in with.
    pub(crate) async fn is_last_way_in(&self, tx: &mut Tx, account: Id, kind: CredentialKind) -> Result<bool, Fault> {
        let identities = tx.list_identities(account).await?;
        let factors = tx.factors(account).await?;
        Ok(kind == CredentialKind::Passkey && self.ways_in_without_a_passkey(factors, &identities) == 0)
    }

    async fn put_app(&self, tx: &mut Tx, (app, codes): (&Totp, &[SecretHash]), by: &By<'_>) -> Result<bool, Fault> {
        tx.put_totp(app).await?;
        reopen(self, tx, Authenticator::Totp, app.account).await?;
        if !codes.is_empty() {
            tx.replace_recovery_codes(app.account, &self.code_rows(app.account, codes)).await?;
        }
        self.withdraw_trust(tx, app.account, by).await?;
        self.emit(tx, by, Event::TotpAdded {}).await?;
        Ok(true)
    }

    async fn take_app(&self, tx: &mut Tx, account: Id, by: &By<'_>) -> Result<bool, Fault> {
        if !tx.delete_totp(account).await? {
            return Ok(false);
        }
        self.drop_useless_codes(tx, account).await?;
        self.withdraw_trust(tx, account, by).await?;
        self.emit(tx, by, Event::TotpRemoved {}).await?;
        Ok(true)
    }

    async fn put_codes(&self, tx: &mut Tx, (account, codes): (Id, &[SecretHash]), by: &By<'_>) -> Result<bool, Fault> {
        if !self.are_codes_useful(&tx.factors(account).await?) {
            return Ok(false);
        }
        tx.replace_recovery_codes(account, &self.code_rows(account, codes)).await?;
        self.emit(tx, by, Event::RecoveryCodesMade {}).await?;
        Ok(true)
    }

    fn code_rows(&self, account: Id, codes: &[SecretHash]) -> Vec<RecoveryCode> {
        let created_at = self.now();
        codes.iter().map(|hash| RecoveryCode { account, hash: *hash, created_at, used_at: None }).collect()
    }

    /// Gives an app access to so much, and tells of it where it is more than before. The account's row is locked.
    pub(crate) async fn put_consent(
        &self,
        tx: &mut Tx,
        (account, client): (Id, Id),
        (app, scope): (&str, String),
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let now = self.now();
        let before = tx.find_consent(account, client).await?;
        let granted_at = before.as_ref().map_or(now, |consent| consent.granted_at);
        let more = before.is_none_or(|consent| consent.scope != scope);
        tx.put_consent(&Consent { account, client, scope: scope.clone(), granted_at, last_used_at: now }).await?;
        if more {
            self.emit(tx, by, Event::AppConnected { app: app.to_owned(), scope }).await?;
        }
        Ok(())
    }

    /// Links an identity, and tells of it. `false` when it is linked already. The account's row is locked.
    pub(crate) async fn put_identity(
        &self,
        tx: &mut Tx,
        identity: &FederatedIdentity,
        by: &By<'_>,
    ) -> Result<bool, Fault> {
        if !tx.insert_identity(identity).await? {
            return Ok(false);
        }
        let event = Event::IdentityLinked {
            provider: self.provider_name(&identity.provider),
            who: who(identity.email.as_ref(), identity.name.as_ref()),
            identity: Some(identity.id),
        };
        self.emit(tx, by, event).await?;
        Ok(true)
    }

    async fn take_identity(&self, tx: &mut Tx, (account, identity): (Id, Id), by: &By<'_>) -> Result<bool, Fault> {
        let all = tx.list_identities(account).await?;
        let Some(found) = all.iter().find(|one| one.id == identity) else { return Ok(false) };
        let rest: Vec<FederatedIdentity> = all.iter().filter(|one| one.id != identity).cloned().collect();
        if self.ways_in(tx.factors(account).await?, &rest) == 0 {
            return Ok(false);
        }
        self.remove_identity(tx, found, by).await?;
        Ok(true)
    }
}

const fn ends_others(change: &Change) -> bool {
    match change {
        Change::RemoveKey { end_others, .. }
        | Change::SetTotp { end_others, .. }
        | Change::RemoveTotp { end_others } => *end_others,
        // A password's are ended with everything that was granted there.
        _ => false,
    }
}
