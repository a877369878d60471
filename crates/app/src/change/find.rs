//! A change, as whoever may see it sees it.

use crate::account::Asked;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, Secret, SecretHash, SecretKind, Timestamp, routes};
use identity::change::{CHANGE_KEY, Change, ChangeKind, ChangeSecret, Ending, PendingChange};
use identity::preference::{Channel, Topic};
use identity::{Account, Agent, Device, Phone, Place, Purpose};
use store::Read;

use super::answer::AnswerProblem;

/// A change, for its page.
#[derive(Debug, Clone)]
pub struct ShownChange {
    /// Its id.
    pub id: Id,
    /// The account, masked for a browser that has neither session nor link.
    pub account: String,
    /// What is to be changed.
    pub kind: ChangeKind,
    /// What it is now, and what it would be.
    pub values: Values,
    /// The browser that asked.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// When.
    pub asked_at: Timestamp,
    /// How it stands.
    pub phase: Phase,
}

/// What changes into what, where that can be said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// The present value.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}

/// How a change stands, for whoever looks.
#[derive(Debug, Clone)]
pub enum Phase {
    /// It waits, and this is the browser that asked.
    Asker(Asker),
    /// It waits for a yes, which this browser may be able to say.
    Waits {
        /// Until when.
        until: Timestamp,
        /// Whether this browser may say yes.
        may: May,
        /// Whether it may say no.
        may_deny: bool,
    },
    /// It is over.
    Over {
        /// How it ended.
        how: Ending,
        /// In which browser it was decided, if in one.
        agent: Option<Agent>,
        /// Until when it can be taken back.
        undo_until: Option<Timestamp>,
        /// Where the session that asked goes on; nothing for any other.
        next: Option<String>,
    },
}

/// What the browser that asked shows.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The number to type where the notice was clicked.
    pub number: String,
    /// Until when it waits.
    pub until: Timestamp,
    /// Whether the owner has said yes.
    pub approved: bool,
    /// Whether the new mail address has yet to prove itself.
    pub needs_new_address: bool,
    /// How it reaches the owner.
    pub reach: Reach,
    /// How far it has come.
    pub so_far: SoFar,
}

/// How a request reaches the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Another browser was rung; a mail follows where that is in vain.
    Rung,
    /// No other browser has notices on: a mail went at once, and a browser that is signed in may say yes all the same.
    Unrung,
    /// Too many were asked: it takes the code of the mail.
    MailOnly,
}

/// Who may say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// This browser, with the number.
    Approve,
    /// This browser, once the person has proven who they are.
    ProveFirst,
    /// This browser, once the person has signed in.
    SignInFirst,
    /// Another one: this one is too new for its word to count.
    Elsewhere,
    /// None: too many were asked, and it takes the code of the mail.
    ByMail,
}

/// Whether a change is approved, whether a new address is proven, how it ended.
pub type SoFar = (bool, bool, Option<Ending>);

/// A change that was found, and what speaks for whoever asks.
pub(super) struct Found {
    pub(super) change: PendingChange,
    pub(super) account: Account,
    /// The link of a mail.
    pub(super) link: Option<SecretHash>,
    /// A live session of the account.
    pub(super) by_session: bool,
    /// A device of the account whose word counts.
    pub(super) by_device: bool,
}

impl Here {
    /// The page of a change. Looking changes nothing.
    ///
    /// # Errors
    /// [`AnswerProblem::NotYours`].
    pub async fn shown_change(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<ShownChange, AnswerProblem> {
        let found = self.find_asked_change(asked, signed, visitor).await?;
        let openly = found.by_session || found.link.is_some();
        let mine = signed.filter(|_| found.by_session);
        let mut phase = self.phase(&found.change, mine).await?;
        if let Phase::Waits { may_deny, .. } = &mut phase {
            *may_deny = self.may_deny(&mut self.read().await?, &found).await?;
        }
        let (change, email) = (found.change, found.account.email);
        Ok(ShownChange {
            id: change.id,
            account: if openly { email.as_str().to_owned() } else { email.masked() },
            kind: change.change.kind(),
            values: values(&change.change, openly),
            agent: change.asker.agent,
            place: change.asker.place,
            asked_at: change.asked_at,
            phase,
        })
    }

    /// The changes of a signed-in person's account that wait, the oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn waiting_changes(&self, signed: &Signed) -> Result<Vec<ShownChange>, Fault> {
        let mut shown = Vec::new();
        let open = self.read().await?.list_open_changes(signed.id()).await?;
        for change in open.into_iter().filter(|change| change.is_open(self.now())) {
            let phase = self.phase(&change, Some(signed)).await?;
            shown.push(ShownChange {
                id: change.id,
                account: signed.account.email.as_str().to_owned(),
                kind: change.change.kind(),
                values: values(&change.change, true),
                agent: change.asker.agent,
                place: change.asker.place,
                asked_at: change.asked_at,
                phase,
            });
        }
        Ok(shown)
    }

    /// What has come of a change so far, for the page that waits: whether it is approved, whether the new address is
    /// proven, how it ended. `None` when this session did not ask for it.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn change_so_far(&self, signed: &Signed, change: Id) -> Result<Option<SoFar>, Fault> {
        let found = self.read().await?.find_change(change).await?;
        let mine = found.filter(|change| change.asker.session == signed.session.id);
        Ok(mine.map(|change| (change.approved_at.is_some(), change.proven_at.is_some(), change.ending(self.now()))))
    }

    /// Watches a change, for the page that waits: told of what any node does with it, it need not look so often.
    pub fn watch_change(&self, change: Id) -> bus::Watch {
        self.bus().watch(change)
    }

    async fn phase(&self, change: &PendingChange, signed: Option<&Signed>) -> Result<Phase, Fault> {
        let now = self.now();
        let mine = signed.is_some_and(|signed| signed.session.id == change.asker.session);
        if let Some(how) = change.ending(now) {
            let agent = change.ended.as_ref().and_then(|ended| ended.agent.clone());
            let undo_until = change.undo_until().filter(|until| now < *until);
            return Ok(Phase::Over { how, agent, undo_until, next: mine.then(|| next(change, how)) });
        }
        if mine {
            return Ok(Phase::Asker(Asker {
                number: self.change_secret(change.id, |secret| secret.number()),
                until: change.expires_at,
                approved: change.approved_at.is_some(),
                needs_new_address: change.needs_new_address(),
                reach: self.reach(change).await?,
                so_far: (change.approved_at.is_some(), change.proven_at.is_some(), None),
            }));
        }
        let may = match signed {
            _ if !change.rings => May::ByMail,
            None => May::SignInFirst,
            Some(signed) if signed.device.id == change.asker.device || !signed.device.vouches(now) => May::Elsewhere,
            Some(signed) if change.change.kind().is_high_risk() => {
                let factors = self.factors(signed.id()).await?;
                if self.is_recent(signed, &factors) { May::Approve } else { May::ProveFirst }
            }
            Some(_) => May::Approve,
        };
        Ok(Phase::Waits { until: change.expires_at, may, may_deny: true })
    }

    async fn reach(&self, change: &PendingChange) -> Result<Reach, Fault> {
        if !change.rings {
            return Ok(Reach::MailOnly);
        }
        let mut read = self.read().await?;
        let on = read.preferences(change.account).await?.is_on(Topic::ChangeRequested, Channel::Push);
        let others = read.list_subscriptions(change.account).await?;
        let rung = on && others.iter().any(|one| one.device != change.asker.device);
        Ok(if rung { Reach::Rung } else { Reach::Unrung })
    }

    /// Something of what is secret about a change.
    pub(super) fn change_secret<T>(&self, change: Id, of: impl FnOnce(&ChangeSecret<'_>) -> T) -> T {
        let key = self.parts().keyring.subkey(CHANGE_KEY);
        of(&ChangeSecret::new(&key, change))
    }

    /// The change that a notice or a mail leads to, if whoever asks may know of it.
    pub(super) async fn find_asked_change(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<Found, AnswerProblem> {
        let mut read = self.read().await?;
        let (id, link) = match asked {
            Asked::Notice(id) => (*id, None),
            Asked::Mail(token) => match self.change_link(&mut read, token).await? {
                Some((id, link)) => (id, Some(link)),
                None => return refuse(AnswerProblem::NotYours),
            },
        };
        let Some(change) = read.find_change(id).await? else { return refuse(AnswerProblem::NotYours) };
        let Some(account) = read.find_account(change.account).await? else {
            return refuse(AnswerProblem::NotYours);
        };
        let by_session = signed.is_some_and(|signed| signed.id() == account.id);
        let by_device = self.known_here(&mut read, account.id, visitor).await?;
        let by_device = by_device.is_some_and(|device| device.vouches(self.now()));
        if link.is_none() && !by_session && !by_device {
            return refuse(AnswerProblem::NotYours);
        }
        Ok(Found { change, account, link, by_session, by_device })
    }

    /// The account's device behind this browser's cookie.
    pub(crate) async fn known_here(
        &self,
        read: &mut Read,
        account: Id,
        visitor: &Visitor,
    ) -> Result<Option<Device>, Fault> {
        match &visitor.device {
            Some(secret) => read.find_device_by_secret(account, secret.hash_for(account.as_bytes())).await,
            None => Ok(None),
        }
    }

    /// The change of a mail's link. One that was used still shows how the change stands.
    async fn change_link(&self, read: &mut Read, token: &str) -> Result<Option<(Id, SecretHash)>, Fault> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else { return Ok(None) };
        let row = read.find_single_use(secret.hash(), Purpose::AnswerChange).await?;
        let Some(row) = row.filter(|row| self.now() < row.expires_at) else { return Ok(None) };
        let id = row.data.get("change").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
        Ok(id.map(|id| (id, row.hash)))
    }
}

/// Where whoever asked goes on.
fn next(change: &PendingChange, how: Ending) -> String {
    let done = how == Ending::Applied;
    match &change.change {
        Change::Email { .. } | Change::Phone { .. } => routes::PROFILE.to_owned(),
        Change::RecoveryCodes { set, .. } | Change::SetTotp { set: Some(set), .. } if done => {
            routes::recovery_codes(*set)
        }
        Change::Export {} if done => routes::data_of(change.id),
        Change::Export {} | Change::Delete {} => routes::DATA.to_owned(),
        Change::Grant { flow, .. } => routes::with_flow(routes::CONTINUE, *flow),
        _ => routes::SIGN_IN.to_owned(),
    }
}

fn values(change: &Change, openly: bool) -> Values {
    let email = |email: &base::Email| if openly { email.as_str().to_owned() } else { email.masked() };
    let phone = |phone: &Phone| if openly { phone.as_str().to_owned() } else { phone.masked() };
    match change {
        Change::Phone { from, to } => Values { before: from.as_ref().map(phone), after: to.as_ref().map(phone) },
        Change::Email { from, to } => Values { before: Some(email(from)), after: Some(email(to)) },
        Change::RemoveKey { name, .. } => Values { before: Some(name.clone()), after: None },
        Change::Unlink { provider, .. } => Values { before: Some(provider.clone()), after: None },
        other => Values { before: None, after: other.about() },
    }
}
