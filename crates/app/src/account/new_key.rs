//! A new passkey or security key, from the question to its row: on the account's page, and on the way in.

use super::credentials::{AddKey, AddKeyRefusal, MAX_KEYS};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use base::{Fault, Id};
use identity::recovery::StopReason;
use identity::webauthn::{Challenge, Creation, KeyError, NewKey, Owner, PATIENCE};
use identity::{Account, Credential, CredentialKind, Event, Purpose, SingleUse};
use serde_json::{Value, json};
use store::Tx;

/// Who asked for a key: nobody else can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A session, on its account's page.
    Session(Id),
    /// A sign-in that needs one.
    Flow(Id),
}

impl Asker {
    const fn flow(self) -> Option<Id> {
        match self {
            Self::Session(_) => None,
            Self::Flow(flow) => Some(flow),
        }
    }

    fn data(self, kind: CredentialKind) -> Value {
        match self {
            Self::Session(session) => json!({ "session": session, "kind": kind }),
            Self::Flow(_) => json!({ "kind": kind }),
        }
    }

    fn asked(self, question: &SingleUse) -> bool {
        let session = match self {
            Self::Session(session) => Some(json!(session)),
            Self::Flow(_) => None,
        };
        question.flow == self.flow() && question.data.get("session") == session.as_ref()
    }
}

/// What a browser made, with the question that it answers.
pub(crate) struct Given {
    challenge: Challenge,
    creation: Creation,
    pub(crate) kind: CredentialKind,
}

impl Here {
    /// Asks an account for a key. The caller commits.
    pub(crate) async fn put_question(
        &self,
        tx: &mut Tx,
        account: &Account,
        (kind, asker): (CredentialKind, Asker),
    ) -> Answer<Value, AddKeyRefusal> {
        let Some(party) = self.relying_party() else { return refuse(AddKeyRefusal::Off) };
        let existing = tx.list_credentials(account.id).await?;
        if existing.len() >= MAX_KEYS {
            return refuse(AddKeyRefusal::TooMany);
        }
        let (challenge, now) = (Challenge::new(self.rng()), self.now());
        // Only the newest question can be answered.
        tx.void_single_uses(Purpose::AddKey, account.id, now).await?;
        tx.put_single_use(&SingleUse {
            hash: challenge.hash(),
            purpose: Purpose::AddKey,
            account: Some(account.id),
            client: None,
            flow: asker.flow(),
            data: asker.data(kind),
            created_at: now,
            // The browser's patience, and a person's on top of it.
            expires_at: now.plus(PATIENCE.saturating_mul(2)),
            consumed_at: None,
        })
        .await?;
        let owner = Owner { account: account.id, email: account.email.as_str(), name: &account.name };
        Ok(party.creation_options(&challenge, kind, &owner, &existing))
    }

    /// Takes the question that a new key answers, if it was asked of this account by the same asker: it can be answered
    /// once.
    pub(crate) async fn take_question(
        &self,
        (account, asker): (Id, Asker),
        new: &AddKey,
    ) -> Answer<Given, AddKeyRefusal> {
        let Ok(creation) = Creation::read(&new.credential) else { return refuse(AddKeyRefusal::Invalid) };
        let Ok(challenge) = creation.challenge() else { return refuse(AddKeyRefusal::Invalid) };
        let mut tx = self.begin().await?;
        let question = tx.consume_single_use(challenge.hash(), Purpose::AddKey, self.now()).await?;
        tx.commit().await?;
        let question = question.filter(|question| question.account == Some(account) && asker.asked(question));
        let kind = question.and_then(|question| question.data.get("kind").cloned());
        match kind.and_then(|kind| serde_json::from_value(kind).ok()) {
            Some(kind) => Ok(Given { challenge, creation, kind }),
            None => refuse(AddKeyRefusal::Late),
        }
    }

    /// The row of a key that answers such a question, if it can be the account's. The account's row is locked.
    pub(crate) async fn new_key(
        &self,
        tx: &mut Tx,
        account: Id,
        (given, new): (&Given, &AddKey),
    ) -> Answer<Credential, AddKeyRefusal> {
        let Some(party) = self.relying_party() else { return refuse(AddKeyRefusal::Off) };
        let existing = tx.list_credentials(account).await?;
        if existing.len() >= MAX_KEYS {
            return refuse(AddKeyRefusal::TooMany);
        }
        let key = match party.register(&given.challenge, given.kind, &given.creation, &existing) {
            Ok(key) => key,
            Err(KeyError::Excluded) => return refuse(AddKeyRefusal::Taken),
            Err(error) => {
                tracing::info!(%error, "refused a new key");
                return refuse(AddKeyRefusal::Invalid);
            }
        };
        if tx.find_credential_by_its_id(&key.credential_id).await?.is_some() {
            return refuse(AddKeyRefusal::Taken);
        }
        let fallback = if given.kind == CredentialKind::Passkey { &new.passkey } else { &new.security_key };
        let name = free_name(key.model().unwrap_or(fallback), &existing);
        Ok(self.credential(account, key, (given.kind, name)))
    }

    /// Keeps such a key, and tells of it. The account's row is locked.
    pub(crate) async fn keep_key(
        &self,
        tx: &mut Tx,
        account: Id,
        (given, new): (&Given, &AddKey),
        by: &By<'_>,
    ) -> Answer<Credential, AddKeyRefusal> {
        let credential = self.new_key(tx, account, (given, new)).await?;
        if !tx.insert_credential(&credential).await? {
            return refuse(AddKeyRefusal::Taken);
        }
        self.need_no_recovery(tx, account, StopReason::CredentialChanged, by).await?;
        self.tell_of_key(tx, &credential, by).await?;
        Ok(credential)
    }

    /// Tells of a new key. The account's row is locked.
    pub(crate) async fn tell_of_key(&self, tx: &mut Tx, key: &Credential, by: &By<'_>) -> Result<(), Fault> {
        if key.kind == CredentialKind::SecurityKey {
            // A second factor is there that the devices were not spared.
            self.withdraw_trust(tx, key.account, by).await?;
        }
        self.emit(tx, by, Event::PasskeyAdded { key: key.kind, name: key.name.clone(), credential: Some(key.id) })
            .await
            .map(drop)
    }

    fn credential(&self, account: Id, key: NewKey, (kind, name): (CredentialKind, String)) -> Credential {
        Credential {
            id: self.new_id(),
            account,
            credential_id: key.credential_id,
            kind,
            name,
            aaguid: key.aaguid,
            synced: key.synced,
            record: key.record,
            created_at: self.now(),
            last_used_at: None,
            last_used_in: None,
        }
    }
}

/// "iCloud Keychain", and for the next one "iCloud Keychain 2".
fn free_name(name: &str, existing: &[Credential]) -> String {
    let is_free = |name: &str| existing.iter().all(|key| key.name != name);
    if is_free(name) {
        return name.to_owned();
    }
    let numbered = (2..).map(|n| format!("{name} {n}")).take(MAX_KEYS);
    numbered.into_iter().find(|name| is_free(name)).unwrap_or_else(|| name.to_owned())
}
