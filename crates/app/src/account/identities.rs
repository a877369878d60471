//! Accounts at other providers: which are linked, and unlinking one.

use crate::change::Made;
use crate::here::{By, Here};
use crate::login::{ProviderName, Recent, who};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, Timestamp};
use identity::change::Change;
use identity::login::{Factors, Method};
use identity::{Event, FederatedIdentity};
use store::Tx;

/// A linked account.
#[derive(Debug, Clone)]
pub struct LinkedIdentity {
    /// Its row id.
    pub id: Id,
    /// The provider's name for people.
    pub provider: String,
    /// The address or name that it told.
    pub who: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Last sign-in with it.
    pub last_used: Option<Timestamp>,
    /// Whether the operator still has the provider.
    pub works: bool,
}

/// What the account's page shows of other accounts.
#[derive(Debug, Clone, Default)]
pub struct OtherAccounts {
    /// Those that are linked.
    pub linked: Vec<LinkedIdentity>,
    /// The providers with which more can be linked.
    pub providers: Vec<ProviderName>,
}

/// Why one stays linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnlinkRefusal {
    /// It is the last way to sign in.
    LastWay,
    /// It is linked no more, or was never this account's.
    Gone,
}

impl Here {
    /// The accounts at other providers by which one signs in to this one.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn other_accounts(&self, signed: &Signed) -> Result<OtherAccounts, Fault> {
        let found = self.read().await?.list_identities(signed.id()).await?;
        let linked = found
            .into_iter()
            .map(|one| LinkedIdentity {
                id: one.id,
                provider: self.provider_name(&one.provider),
                who: who(one.email.as_ref(), one.name.as_ref()),
                since: one.created_at,
                last_used: one.last_used_at,
                works: self.signs_in(&one),
            })
            .collect();
        let counts = self.settings().sign_in.methods.has(Method::Upstream);
        let providers = self.upstreams().iter().filter(|_| counts).map(|one| ProviderName::of(one)).collect();
        Ok(OtherAccounts { linked, providers })
    }

    /// Unlinks an account at another provider, unless nothing would be left to sign in with.
    ///
    /// # Errors
    /// [`UnlinkRefusal`].
    pub async fn unlink(&self, recent: &Recent, identity: Id, visitor: &Visitor) -> Answer<Made<()>, UnlinkRefusal> {
        // Under the account's lock: of the last two ways in, removed at once, one stays.
        let (mut tx, _) = self.begin_recent(recent).await?;
        let all = tx.list_identities(recent.id()).await?;
        let Some(found) = all.iter().find(|one| one.id == identity) else { return refuse(UnlinkRefusal::Gone) };
        let rest: Vec<FederatedIdentity> = all.iter().filter(|one| one.id != identity).cloned().collect();
        if self.ways_in(tx.factors(recent.id()).await?, &rest) == 0 {
            return refuse(UnlinkRefusal::LastWay);
        }
        let change = Change::Unlink { identity, provider: self.provider_name(&found.provider) };
        let made = self.change(&mut tx, recent, change, visitor).await?;
        tx.commit().await?;
        Ok(made.map(drop))
    }

    /// Unlinks one, and tells of it.
    pub(crate) async fn remove_identity(
        &self,
        tx: &mut Tx,
        identity: &FederatedIdentity,
        by: &By<'_>,
    ) -> Result<(), Fault> {
        tx.delete_identity(identity.id).await?;
        let event = Event::IdentityUnlinked {
            provider: self.provider_name(&identity.provider),
            who: who(identity.email.as_ref(), identity.name.as_ref()),
        };
        self.emit(tx, by, event).await.map(drop)
    }

    /// Whether a linked account can be signed in with: its provider is there, and still is the same one.
    fn signs_in(&self, identity: &FederatedIdentity) -> bool {
        let found = self.upstream(&identity.provider);
        let same = found.is_some_and(|upstream| upstream.provider().issuer() == identity.issuer);
        same && self.settings().sign_in.methods.has(Method::Upstream)
    }

    /// How many there would be with one passkey less.
    pub(crate) fn ways_in_without_a_passkey(&self, factors: Factors, identities: &[FederatedIdentity]) -> usize {
        self.ways_in(Factors { passkeys: factors.passkeys.saturating_sub(1), ..factors }, identities)
    }

    /// How many ways there are to sign in to an account: a provider that the operator has no more is none.
    pub(crate) fn ways_in(&self, factors: Factors, identities: &[FederatedIdentity]) -> usize {
        let identities = identities.iter().filter(|one| self.signs_in(one)).count();
        Factors { identities, ..factors }.ways_in(&self.settings().sign_in.methods)
    }
}
