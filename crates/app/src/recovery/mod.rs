//! "I have lost everything": the way back, which opens after a wait during which the owner can stop it.
//!
//! Whoever goes it proves the mail address, and nothing else. So it is slow, it rings everything that the owner has, and
//! everybody who may say "it wasn't me" may stop it: the wait is what a thief with somebody's mailbox can't get past.

mod ask;
mod begin;
mod finish;
mod operate;
mod stop;
mod tend;

pub use begin::BeginPage;
pub use finish::{Choose, FinishPage};
pub use operate::OperatorsLink;
pub(crate) use stop::has_the_second_factor;

use crate::guard::TooMany;
use crate::here::Here;
use crate::login::NotTaken;
use crate::problem::{Answer, refuse};
use crate::visitor::Signed;
use base::{Fault, Id, Secret, SecretKind, Timestamp};
use identity::password_policy::WeakPassword;
use identity::recovery::{Standing, can_be_lost};
use identity::{Account, AccountStatus, Agent, Place, Purpose, Recovery, SingleUse};
use std::time::Duration;

/// How long the account page goes on offering a passkey after one.
const REMINDED_FOR: Duration = Duration::from_secs(45 * 24 * 3600);

/// A way back, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: Id,
    /// The account's address, masked for a browser that has neither session nor link.
    pub account: String,
    /// The browser that began it.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// Since when.
    pub started_at: Timestamp,
    /// From when on it can be finished.
    pub ready_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whether an operator began it.
    pub by_operator: bool,
    /// How it stands.
    pub standing: Standing,
}

/// Why a step of a way back was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecoveryRefusal {
    /// That is no mail address.
    Email,
    /// The link was used, is too old, or a newer one was sent.
    LinkGone,
    /// Too many were begun.
    TooOften(TooMany),
    /// There is none that this browser may see.
    NotYours,
    /// It is over, or not ready: its page says how it stands.
    Stands(Box<Shown>),
    /// The password is not good enough.
    Weak(WeakPassword),
    /// It is the old one, which somebody else may know.
    Same,
}

impl From<NotTaken> for RecoveryRefusal {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Weak(weak) => Self::Weak(weak),
            NotTaken::Same => Self::Same,
        }
    }
}

impl Here {
    /// Whether there is such a way here.
    pub fn can_recover(&self) -> bool {
        !self.settings().recovery_wait.is_zero()
    }

    /// How it is shown to someone who may see it.
    fn show_recovery(&self, recovery: &Recovery, account: &Account, openly: bool) -> Shown {
        let email = &account.email;
        Shown {
            id: recovery.id,
            account: if openly { email.as_str().to_owned() } else { email.masked() },
            agent: recovery.agent.clone(),
            place: recovery.place.clone(),
            started_at: recovery.started_at,
            ready_at: recovery.ready_at,
            expires_at: recovery.expires_at,
            by_operator: recovery.is_by_operator(),
            standing: recovery.standing(self.now()),
        }
    }

    /// The way back that is open on a signed-in person's account.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn open_recovery(&self, signed: &Signed) -> Result<Option<Shown>, Fault> {
        let open = self.read().await?.find_open_recovery(signed.id()).await?;
        let open = open.filter(|recovery| recovery.is_open(self.now()));
        Ok(open.map(|recovery| self.show_recovery(&recovery, &signed.account, true)))
    }

    /// Whether a signed-in person's account came back by one of late, and a password is all that it has since: then
    /// nothing would be easier than to lose it again.
    pub(crate) async fn is_recovered(&self, signed: &Signed) -> Result<bool, Fault> {
        let mut read = self.read().await?;
        if can_be_lost(&read.factors(signed.id()).await?) {
            return Ok(false);
        }
        let recent = read.list_recoveries(signed.id(), self.now().minus(REMINDED_FOR)).await?;
        Ok(recent.iter().any(|recovery| recovery.finished_at.is_some()))
    }

    /// The row of a mail's link and its account, whether the link was used or not.
    async fn recovery_link(&self, token: &str, purpose: Purpose) -> Answer<(SingleUse, Account), RecoveryRefusal> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else { return refuse(RecoveryRefusal::LinkGone) };
        let mut read = self.read().await?;
        let link = read.find_single_use(secret.hash(), purpose).await?.filter(|link| self.now() < link.expires_at);
        let Some(link) = link else { return refuse(RecoveryRefusal::LinkGone) };
        let account = match link.account {
            Some(account) => read.find_account(account).await?,
            None => None,
        };
        match account.filter(|account| account.status == AccountStatus::Active) {
            Some(account) => Ok((link, account)),
            None => refuse(RecoveryRefusal::LinkGone),
        }
    }

    /// The way back that a mail's link is about: the one that it names, or, for the link that begins one, the one that
    /// was begun with it.
    async fn recovery_of(&self, link: &SingleUse, account: &Account) -> Result<Option<Recovery>, Fault> {
        let mut read = self.read().await?;
        let named = link.data.get("recovery").and_then(|id| id.as_str()).and_then(|id| id.parse::<Id>().ok());
        let found = match named {
            Some(id) => read.find_recovery(id).await?,
            None => read.list_recoveries(account.id, link.created_at).await?.into_iter().next(),
        };
        Ok(found.filter(|recovery| recovery.account == account.id))
    }
}
