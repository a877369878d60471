//! Signing in with a passkey, and a passkey or security key beside a first factor.
//!
//! The challenge waits in the flow and is taken out of it when it is answered, rightly or wrongly: it counts once.

use super::{Browser, Finish, FlowRefusal};
use crate::guard::{NetworkLane, TooMany};
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Step, Visitor};
use base::{Fault, Id};
use identity::login::{Evidence, Flow, FlowError, Method};
use identity::webauthn::{Assertion, Ceremony, Challenge, KeyError, RelyingParty, Stage, Verified};
use identity::{AccountStatus, Credential, CredentialKind, Event};
use serde_json::Value;
use store::Tx;

/// What a browser answers to [`Here::ask_for_key`].
pub struct KeyAnswer {
    /// The flow it belongs to.
    pub flow: Id,
    /// What `PublicKeyCredential.toJSON()` gave.
    pub credential: Value,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// Why a key did not sign anybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRefusal {
    /// The flow can't go on.
    Flow(FlowRefusal),
    /// There is nothing to ask for: no key, no such method here, no first factor yet.
    NothingToAsk,
    /// The challenge was answered before, or another one took its place.
    Late,
    /// It opens no account here.
    Unknown {
        /// Whether it is certain that nobody has it any more, so that the browser may forget it.
        forget: bool,
    },
    /// It is not of the account that the flow is for.
    OtherAccount,
    /// There may be a copy of it.
    Copied,
    /// Its authenticator did not verify its user, as it has to.
    NotVerified,
    /// It does not prove anything.
    Invalid,
    /// Too many tries.
    TooMany(TooMany),
}

impl Here {
    /// The tenant as a relying party; `None` where browsers have no passkeys.
    pub(crate) fn relying_party(&self) -> Option<RelyingParty> {
        RelyingParty::of(&self.tenant().origin, &self.tenant().name)
    }

    /// Asks for a key: the options for `navigator.credentials.get()`. At first they are the same for everybody.
    ///
    /// # Errors
    /// [`KeyRefusal`].
    pub async fn ask_for_key(&self, flow: Id, stage: Stage, visitor: &Visitor) -> Answer<Value, KeyRefusal> {
        let Some(party) = self.relying_party() else { return refuse(KeyRefusal::NothingToAsk) };
        let mut tx = self.begin().await?;
        let mut flow = self.waiting_flow(&mut tx, flow, visitor).await?;
        let allowed = match (stage, flow.account()) {
            (Stage::First, _) => Vec::new(),
            (Stage::Second, Some(account)) => usable_keys(&flow, tx.list_credentials(account).await?),
            (Stage::Second, None) => return refuse(KeyRefusal::NothingToAsk),
        };
        let can = match stage {
            Stage::First => flow.requirements.methods.has(Method::Passkey),
            Stage::Second => !allowed.is_empty(),
        };
        if !can {
            return refuse(KeyRefusal::NothingToAsk);
        }
        let ceremony = Ceremony { challenge: Challenge::new(self.rng()), stage };
        flow.ceremony = Some(serde_json::to_value(ceremony).map_err(|e| Fault::new("write a ceremony", e))?);
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        Ok(party.request_options(&ceremony, &allowed))
    }

    /// Signs in with a key.
    ///
    /// # Errors
    /// [`KeyRefusal`]; the answer is the same for a key that nobody has and for one whose account is switched off.
    pub async fn sign_in_with_key(&self, answer: KeyAnswer, visitor: &Visitor) -> Answer<Step, KeyRefusal> {
        let Some(party) = self.relying_party() else { return refuse(KeyRefusal::NothingToAsk) };
        let lane = NetworkLane::new(self, b"key:address", visitor);
        let ceremony = self.take_ceremony(answer.flow, &lane, visitor).await?;
        let Ok(assertion) = Assertion::read(&answer.credential) else { return refuse(KeyRefusal::Invalid) };
        let found = self.read().await?.find_credential_by_its_id(assertion.credential_id()).await?;
        let Some(credential) = found else { return refuse(KeyRefusal::Unknown { forget: party.is_alone() }) };
        let verified = match party.verify(&ceremony, &assertion, &credential) {
            Ok(verified) => verified,
            Err(error) => return self.refuse_key(&credential, error, visitor).await,
        };
        let mut tx = self.begin().await?;
        // Looked at again under the account's lock: what was removed or switched off in between wins.
        let account = tx.lock_account(credential.account).await?.filter(|a| a.status == AccountStatus::Active);
        let now_found = tx.find_credential(credential.id).await?;
        let (Some(account), Some(current)) = (account, now_found) else {
            return refuse(KeyRefusal::Unknown { forget: false });
        };
        let mut flow = self.waiting_flow(&mut tx, answer.flow, visitor).await?;
        if ceremony.stage == Stage::Second && flow.account() != Some(account.id) {
            return refuse(KeyRefusal::OtherAccount);
        }
        let verified = if current.record == credential.record {
            verified
        } else {
            // It signed somewhere else meanwhile: its counter must have gone up from there.
            match party.verify(&ceremony, &assertion, &current) {
                Ok(verified) => verified,
                Err(error) => {
                    drop(tx);
                    return self.refuse_key(&credential, error, visitor).await;
                }
            }
        };
        tx.credential_used(current.id, &verified.record, (self.now(), visitor.agent())).await?;
        lane.refund(self, &mut tx).await?;
        if ceremony.stage == Stage::First {
            flow.can_offer = answer.browser.can_offer;
            flow.time_zone = answer.browser.known_zone();
        }
        let way = self.way_of(&flow).await?;
        let finish = Finish { visitor, way: &way, straight: false };
        let evidence = self.evidence(&current, &verified);
        let outcome = match finish.with_evidence(self, &mut tx, &mut flow, evidence).await {
            Ok(outcome) => outcome,
            Err(Problem::Refusal(FlowError::WrongAccount)) => return refuse(KeyRefusal::OtherAccount),
            Err(Problem::Refusal(FlowError::Expired | FlowError::Finished)) => {
                return refuse(KeyRefusal::Flow(FlowRefusal::Gone));
            }
            Err(Problem::Refusal(_)) => return refuse(KeyRefusal::Late),
            Err(Problem::Fault(fault)) => return Err(fault.into()),
        };
        tx.commit().await?;
        Ok(outcome.step(self, &flow))
    }

    fn evidence(&self, credential: &Credential, verified: &Verified) -> Evidence {
        Evidence::Key {
            account: credential.account,
            at: self.now(),
            credential: credential.id,
            passkey: credential.kind == CredentialKind::Passkey,
            user_verified: verified.user_verified,
            synced: credential.synced,
        }
    }

    /// Counts the attempt and takes the challenge out of the flow, before anything is looked at.
    async fn take_ceremony(&self, flow: Id, lane: &NetworkLane, visitor: &Visitor) -> Answer<Ceremony, KeyRefusal> {
        let mut tx = self.begin().await?;
        let mut flow = self.waiting_flow(&mut tx, flow, visitor).await?;
        if let Err(wait) = lane.reserve(self, &mut tx).await? {
            return refuse(KeyRefusal::TooMany(wait));
        }
        let ceremony = flow.ceremony.take().and_then(|waiting| serde_json::from_value(waiting).ok());
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        match ceremony {
            Some(ceremony) => Ok(ceremony),
            None => refuse(KeyRefusal::Late),
        }
    }

    async fn waiting_flow(&self, tx: &mut Tx, flow: Id, visitor: &Visitor) -> Answer<Flow, KeyRefusal> {
        let flow = self.lock_flow(tx, flow, visitor).await.map_err(|p| p.map(KeyRefusal::Flow))?;
        if flow.finished_at.is_some() { refuse(KeyRefusal::Flow(FlowRefusal::Gone)) } else { Ok(flow) }
    }

    /// A counter that went back is told to the owner: the signature was right, so somebody has the key.
    async fn refuse_key<T>(
        &self,
        credential: &Credential,
        error: KeyError,
        visitor: &Visitor,
    ) -> Answer<T, KeyRefusal> {
        tracing::info!(credential = %credential.id, %error, "refused a key");
        match error {
            KeyError::CountedBack => {}
            KeyError::NotVerified => return refuse(KeyRefusal::NotVerified),
            _ => return refuse(KeyRefusal::Invalid),
        }
        let mut tx = self.begin().await?;
        let event = Event::PasskeyCopied { key: credential.kind, name: credential.name.clone() };
        self.emit(&mut tx, &By::about(credential.account, None, visitor), event).await?;
        tx.commit().await?;
        refuse(KeyRefusal::Copied)
    }
}

/// Those of an account's keys that count in the flow.
pub(crate) fn usable_keys(flow: &Flow, mut keys: Vec<Credential>) -> Vec<Credential> {
    let methods = &flow.requirements.methods;
    keys.retain(|key| match key.kind {
        CredentialKind::Passkey => methods.has(Method::Passkey),
        CredentialKind::SecurityKey => methods.has(Method::SecurityKey),
    });
    keys
}
