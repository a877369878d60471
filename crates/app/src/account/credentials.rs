//! Passkeys and security keys: adding, naming, removing.

use super::new_key::Asker;
use crate::change::Made;
use crate::here::{By, Here};
use crate::login::Recent;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id};
use identity::change::Change;
use identity::login::{Method, Methods};
use identity::{Credential, CredentialKind, Event};
use serde_json::Value;
use store::Tx;

/// How many keys an account can have.
pub const MAX_KEYS: usize = 20;

/// An account's keys, as its owner sees them.
#[derive(Debug, Clone)]
pub struct Keys {
    /// All of them, oldest first.
    pub keys: Vec<Credential>,
    /// Which kinds can be added.
    pub may_add: Vec<CredentialKind>,
    /// Whether one passkey is all there is to sign in with: it can't be removed.
    pub one_way_in: bool,
}

/// What a browser is told of the keys that count (WebAuthn §5.1.10, the Signal API).
#[derive(Debug, Clone)]
pub struct AcceptedKeys {
    /// The relying party's id.
    pub rp_id: String,
    /// The account's id, as its keys have it.
    pub account: Id,
    /// The ids of the credentials that count.
    pub ids: Vec<Vec<u8>>,
}

/// A new key, as it comes.
pub struct AddKey {
    /// What `PublicKeyCredential.toJSON()` gave.
    pub credential: Value,
    /// What to call it when its provider is not known: "Passkey", in the person's language.
    pub passkey: String,
    /// The same for a security key.
    pub security_key: String,
}

/// Why no key was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddKeyRefusal {
    /// There are no such keys here.
    Off,
    /// The challenge was answered before, ran out, or was another session's.
    Late,
    /// The account has as many as there can be.
    TooMany,
    /// Some account has this very key.
    Taken,
    /// It is not what was asked for.
    Invalid,
}

/// Why a key was not named or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChangeRefusal {
    /// There is no such key.
    Gone,
    /// The name is empty, too long, or turns the text around it.
    Name,
    /// It is the only way to sign in.
    LastWayIn,
}

impl Here {
    /// The account's keys.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn own_keys(&self, signed: &Signed) -> Result<Keys, Fault> {
        let mut read = self.read().await?;
        let keys = read.list_credentials(signed.id()).await?;
        let identities = read.list_identities(signed.id()).await?;
        let factors = read.factors(signed.id()).await?;
        let one_way_in = self.ways_in_without_a_passkey(factors, &identities) == 0;
        let may_add = [CredentialKind::Passkey, CredentialKind::SecurityKey];
        let may_add = may_add.into_iter().filter(|kind| self.can_add(*kind)).collect();
        Ok(Keys { keys, may_add, one_way_in })
    }

    /// What a browser may be told of the account's keys; `None` where there are no passkeys.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn accepted_keys(&self, signed: &Signed) -> Result<Option<AcceptedKeys>, Fault> {
        let Some(party) = self.relying_party() else { return Ok(None) };
        let keys = self.read().await?.list_credentials(signed.id()).await?;
        let ids = keys.into_iter().map(|key| key.credential_id).collect();
        Ok(Some(AcceptedKeys { rp_id: party.id().to_owned(), account: signed.id(), ids }))
    }

    /// Whether such keys can be added here at all.
    pub(crate) fn can_add(&self, kind: CredentialKind) -> bool {
        self.relying_party().is_some() && has(&self.settings().sign_in.methods, kind)
    }

    /// Asks for a new key: the options for `navigator.credentials.create()`.
    ///
    /// # Errors
    /// [`AddKeyRefusal`].
    pub async fn ask_for_new_key(&self, recent: &Recent, kind: CredentialKind) -> Answer<Value, AddKeyRefusal> {
        if !self.can_add(kind) {
            return refuse(AddKeyRefusal::Off);
        }
        let (mut tx, _) = self.begin_recent(recent).await?;
        let options = self.put_question(&mut tx, &recent.account, (kind, Asker::Session(recent.session.id))).await?;
        tx.commit().await?;
        Ok(options)
    }

    /// Adds a key that answers such a question. That its owner was recent was seen when it was asked.
    ///
    /// # Errors
    /// [`AddKeyRefusal`].
    pub async fn add_key(&self, signed: &Signed, new: AddKey, visitor: &Visitor) -> Answer<Made<()>, AddKeyRefusal> {
        let given = self.take_question((signed.id(), Asker::Session(signed.session.id)), &new).await?;
        let (mut tx, _) = self.begin_as(signed).await?;
        let key = Box::new(self.new_key(&mut tx, signed.id(), (&given, &new)).await?);
        let made = self.change(&mut tx, signed, Change::AddKey { key }, visitor).await?;
        tx.commit().await?;
        Ok(made.map(drop))
    }

    /// Gives a key another name.
    ///
    /// # Errors
    /// [`KeyChangeRefusal`].
    pub async fn rename_key(
        &self,
        signed: &Signed,
        (key, name): (Id, &str),
        visitor: &Visitor,
    ) -> Answer<(), KeyChangeRefusal> {
        let Some(name) = identity::account::name(name) else { return refuse(KeyChangeRefusal::Name) };
        let (mut tx, _) = self.begin_as(signed).await?;
        let Some(key) = own_key(&mut tx, signed, key).await? else { return refuse(KeyChangeRefusal::Gone) };
        if key.name != name {
            tx.rename_credential(key.id, &name).await?;
            let event = Event::PasskeyRenamed { key: key.kind, name };
            self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Removes a key, unless it is the last way in, and signs the other devices out if that is wanted (ASVS 7.4.3).
    ///
    /// # Errors
    /// [`KeyChangeRefusal`].
    pub async fn remove_key(
        &self,
        recent: &Recent,
        (key, end_others): (Id, bool),
        visitor: &Visitor,
    ) -> Answer<Made<()>, KeyChangeRefusal> {
        let (mut tx, _) = self.begin_recent(recent).await?;
        let Some(key) = own_key(&mut tx, recent, key).await? else { return refuse(KeyChangeRefusal::Gone) };
        if self.is_last_way_in(&mut tx, recent.id(), key.kind).await? {
            return refuse(KeyChangeRefusal::LastWayIn);
        }
        let change = Change::RemoveKey { key: key.id, what: key.kind, name: key.name, end_others };
        let made = self.change(&mut tx, recent, change, visitor).await?;
        tx.commit().await?;
        Ok(made.map(drop))
    }
}

/// Whether keys of a kind count.
pub(crate) fn has(methods: &Methods, kind: CredentialKind) -> bool {
    methods.has(match kind {
        CredentialKind::Passkey => Method::Passkey,
        CredentialKind::SecurityKey => Method::SecurityKey,
    })
}

async fn own_key(tx: &mut Tx, signed: &Signed, key: Id) -> Result<Option<Credential>, Fault> {
    Ok(tx.find_credential(key).await?.filter(|found| found.account == signed.id()))
}
