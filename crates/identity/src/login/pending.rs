//! Another provider's word that is linked to no account yet.

use super::{Evidence, Flow};
use base::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long it waits to be linked.
pub const PENDING_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// An account at another provider whose owner signed in there, in this flow. It gives nobody anything: it is linked
/// when its owner has proven in the same flow, by a means of ours, whose account here is theirs; or an account is made
/// of it, when the address is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingIdentity {
    /// The provider's key in the configuration.
    pub provider: String,
    /// The issuer identifier.
    pub issuer: String,
    /// The subject at that issuer.
    pub subject: String,
    /// The address that the provider told.
    pub email: Option<String>,
    /// The name that the provider told.
    pub name: Option<String>,
    /// The only account that it may be linked to; any when nothing is said.
    pub account: Option<Id>,
    /// When the provider vouched for it.
    pub at: Timestamp,
}

impl Flow {
    /// Keeps what another provider told until it can be linked. A later one takes its place.
    pub fn keep_pending(&mut self, pending: PendingIdentity) {
        self.pending = Some(pending);
    }

    /// What waits to be linked, while it still can be.
    pub fn pending(&self, now: Timestamp) -> Option<&PendingIdentity> {
        self.pending.as_ref().filter(|pending| now < pending.at.plus(PENDING_LIFETIME))
    }

    /// Takes what waits to be linked to the very account that was signed in to: the provider has verified its address.
    /// Nothing is taken for another account, nor when that account was proven by other providers, or by a mail, alone:
    /// whoever can read a mailbox, or has linked one account elsewhere, must not link others by it.
    pub fn take_pending(&mut self, account: Id, now: Timestamp) -> Option<PendingIdentity> {
        let fits = self.pending(now).is_some_and(|pending| pending.account == Some(account));
        if fits && self.proves_here(account) { self.pending.take() } else { None }
    }

    /// What could be linked to the account that was signed in to, if its owner says so: it may be somebody else's, who
    /// sat here before, or led this browser to a provider where they are signed in themselves.
    pub fn offers_to_link(&self, account: Id, now: Timestamp) -> Option<&PendingIdentity> {
        let proven = self.account() == Some(account) && self.proves_here(account);
        self.pending(now).filter(|pending| pending.account.is_none() && proven)
    }

    fn proves_here(&self, account: Id) -> bool {
        self.evidence.iter().any(|evidence| {
            let own = matches!(
                evidence,
                Evidence::Password { .. } | Evidence::Registered { .. } | Evidence::Key { passkey: true, .. }
            );
            own && evidence.account() == account
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Requirements;
    use base::SecretHash;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn flow(account: Option<Id>, evidence: Evidence) -> Flow {
        let nothing = serde_json::Value::Null;
        let mut flow = Flow::start(id(1), SecretHash([0; 32]), nothing, Requirements::default(), NOW);
        flow.keep_pending(PendingIdentity {
            provider: "double".to_owned(),
            issuer: "https://double.example".to_owned(),
            subject: "1".to_owned(),
            email: None,
            name: None,
            account,
            at: NOW,
        });
        flow.add(evidence, NOW).unwrap();
        flow
    }

    fn password(account: Id) -> Evidence {
        Evidence::Password { account, at: NOW }
    }

    #[test]
    fn it_is_linked_after_a_proof_of_ours_and_once() {
        let mut flow = flow(Some(id(2)), password(id(2)));
        assert_eq!(flow.take_pending(id(2), NOW).unwrap().subject, "1");
        assert_eq!(flow.take_pending(id(2), NOW), None);
    }

    #[test]
    fn it_is_linked_to_no_other_account_than_it_waits_for() {
        assert!(flow(Some(id(2)), password(id(2))).take_pending(id(2), NOW).is_some());
        assert!(flow(Some(id(2)), password(id(3))).take_pending(id(3), NOW).is_none());
        assert!(flow(Some(id(3)), password(id(2))).take_pending(id(3), NOW).is_none(), "proven for somebody else");
    }

    #[test]
    fn one_of_an_address_that_nobody_vouches_for_is_linked_when_the_owner_says_so() {
        let mut flow = flow(None, password(id(2)));
        assert_eq!(flow.take_pending(id(2), NOW), None, "not by itself");
        assert!(flow.offers_to_link(id(2), NOW).is_some());
        assert!(flow.offers_to_link(id(3), NOW).is_none(), "proven for somebody else");
        assert!(flow.offers_to_link(id(2), NOW.plus(PENDING_LIFETIME)).is_none(), "too late");
        flow.pending.as_mut().unwrap().account = Some(id(2));
        assert!(flow.offers_to_link(id(2), NOW).is_none(), "there is nothing to ask");
    }

    /// Pre-hijacking by a provider that verifies nothing: what opens the account must be its own.
    #[test]
    fn another_provider_or_a_mail_alone_links_nothing() {
        let weak = [
            Evidence::Upstream { account: id(2), at: NOW, identity: id(9) },
            Evidence::MailCode { account: id(2), at: NOW },
        ];
        for evidence in weak {
            assert_eq!(flow(Some(id(2)), evidence.clone()).take_pending(id(2), NOW), None);
            assert_eq!(flow(None, evidence).offers_to_link(id(2), NOW), None);
        }
    }

    #[test]
    fn an_account_that_is_made_of_it_is_proven_by_its_own_provider() {
        let mut flow = flow(None, password(id(2)));
        flow.register_pending("jane@example.com".parse().unwrap(), "Jane".to_owned(), NOW).unwrap();
        let later = PendingIdentity { subject: "2".to_owned(), ..flow.pending.clone().unwrap() };
        flow.keep_pending(later);
        let registered = flow.registration.as_ref().unwrap().identity.as_ref().unwrap();
        assert_eq!(registered.subject, "1", "a later one does not take its place");
        assert_eq!(flow.proof_of_registration(), None, "not confirmed");
        flow.confirm(id(4), NOW).unwrap();
        assert_eq!(flow.proof_of_registration(), None, "not linked");
        let claimed = Evidence::Registered { account: id(4), at: NOW };
        assert!(flow.add(claimed, NOW).is_err(), "no password was set");
        flow.registration.as_mut().unwrap().linked = Some(id(5));
        let proof = Evidence::Upstream { account: id(4), at: NOW, identity: id(5) };
        assert_eq!(flow.proof_of_registration(), Some(proof));
    }

    #[test]
    fn nobody_registers_by_a_provider_that_did_not_vouch() {
        let mut flow = flow(None, password(id(2)));
        flow.pending = None;
        let email = "jane@example.com".parse().unwrap();
        assert_eq!(flow.register_pending(email, "Jane".to_owned(), NOW), Err(crate::login::FlowError::NotRegistering));
    }

    #[test]
    fn a_flow_of_the_build_before_is_read() {
        let mut json = serde_json::to_value(flow(None, password(id(2)))).unwrap();
        json.as_object_mut().unwrap().remove("pending");
        json["registration"] = serde_json::json!({
            "email": "jane@example.com", "name": "Jane", "password": "$argon2id$", "wrong_codes": 0,
            "confirmed_at": null, "account": null,
        });
        let read: Flow = serde_json::from_value(json).unwrap();
        assert!(read.pending.is_none() && read.registration.unwrap().password.is_some());
    }

    #[test]
    fn it_does_not_wait_for_ever() {
        let mut flow = flow(Some(id(2)), password(id(2)));
        assert_eq!(flow.take_pending(id(2), NOW.plus(PENDING_LIFETIME)), None);
    }
}
