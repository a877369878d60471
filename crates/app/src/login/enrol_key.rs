//! A passkey or security key that is set up on the way in: the two calls of the page's script.

use super::FlowRefusal;
use super::enrol::{Detour, EnrolRefusal};
use crate::account::{AddKey, AddKeyRefusal, Asker};
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Step, Visitor};
use base::Id;
use identity::CredentialKind;
use identity::login::Evidence;
use serde_json::Value;

impl Here {
    /// Asks for a new key: the options for `navigator.credentials.create()`.
    ///
    /// # Errors
    /// [`EnrolRefusal`].
    pub async fn ask_to_enrol_key(
        &self,
        flow: Id,
        kind: CredentialKind,
        visitor: &Visitor,
    ) -> Answer<Value, EnrolRefusal<AddKeyRefusal>> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(Detour::Flow))?;
        let account = self.wants_enrolment(&flow)?.account;
        let (mut tx, flow, wanting) = self.begin_enrolling((flow.id, account), visitor).await?;
        let ways = self.enrol_ways(&flow, &wanting);
        let is_way = match kind {
            CredentialKind::Passkey => ways.passkey,
            CredentialKind::SecurityKey => ways.security_key,
        };
        let Some(account) = tx.lock_account(account).await?.filter(|_| is_way) else {
            return refuse(EnrolRefusal::Way(AddKeyRefusal::Off));
        };
        let options = self.put_question(&mut tx, &account, (kind, Asker::Flow(flow.id))).await;
        let options = options.map_err(|p| p.map(EnrolRefusal::Way))?;
        tx.commit().await?;
        Ok(options)
    }

    /// Takes a key that answers such a question. It has just been used: that is its first proof.
    ///
    /// # Errors
    /// [`EnrolRefusal`].
    pub async fn enrol_key(
        &self,
        flow: Id,
        new: AddKey,
        visitor: &Visitor,
    ) -> Answer<Step, EnrolRefusal<AddKeyRefusal>> {
        let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(Detour::Flow))?;
        let account = self.wants_enrolment(&flow)?.account;
        let given = self.take_question((account, Asker::Flow(flow.id)), &new).await;
        let given = given.map_err(|p| p.map(EnrolRefusal::Way))?;
        let (mut tx, mut flow, wanting) = self.begin_enrolling((flow.id, account), visitor).await?;
        if visitor.browser.is_none() {
            return refuse(EnrolRefusal::Detour(Detour::Flow(FlowRefusal::OtherBrowser)));
        }
        let by = self.by_whoever_enrols(&mut tx, account, visitor).await?;
        let key = self.keep_key(&mut tx, account, (&given, &new), &by).await;
        let key = key.map_err(|p| p.map(EnrolRefusal::Way))?;
        self.withdraw_trust(&mut tx, account, &by).await?;
        let passkey = key.kind == CredentialKind::Passkey;
        let evidence = Evidence::Key {
            account,
            at: self.now(),
            credential: key.id,
            passkey,
            // A passkey is made with its user verified, or not at all.
            user_verified: passkey,
            synced: key.synced,
        };
        let step = self.enrolled(&mut tx, (&mut flow, &wanting), evidence, visitor).await?;
        tx.commit().await?;
        Ok(step)
    }
}
