//! What an app asks a person who is elsewhere, as the person's browsers show it.

use crate::here::Here;
use crate::login::{Continuation, NewFlow, StepUp, next_page};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, Timestamp, routes};
use identity::Account;
use identity::login::Requirements;
use oauth::authorization_details::AuthorizationDetail;
use oauth::client::{Client, GrantType};
use oauth::polling::Decision;
use store::model::{Ask, Poll};

/// Why an answer was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskProblem {
    /// There is no such request that this browser may see.
    NotYours,
    /// It is over, or this browser can't say yes: the page shows how it stands.
    NotTaken,
    /// The number is wrong; so many are left.
    WrongNumber {
        /// How many more may be tried.
        left: u32,
    },
}

/// A request, for its page.
#[derive(Debug, Clone)]
pub struct ShownAsk {
    /// Its id.
    pub id: Id,
    /// The app.
    pub client: Client,
    /// The account, masked for a browser without a session.
    pub account: String,
    /// What the person sees at the app, too. Only with a session, as all that follows.
    pub message: Option<String>,
    /// Whether the number that the app shows has to be typed.
    pub number: bool,
    /// What it asks for, one scope each.
    pub scopes: Vec<String>,
    /// What exactly it asks for, beside them (RFC 9396).
    pub details: Vec<AuthorizationDetail>,
    /// Since when.
    pub asked_at: Timestamp,
    /// How it stands.
    pub phase: AskPhase,
}

/// How a request stands, for whoever looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskPhase {
    /// It waits.
    Waits {
        /// Until when.
        until: Timestamp,
        /// Whether this browser may say yes.
        may: MayAllow,
    },
    /// It is over.
    Over(AskOver),
}

/// Who may say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayAllow {
    /// This browser.
    Allow,
    /// This browser, once the person has proven as much as is asked for.
    ProveFirst,
    /// This browser, once the person has signed in.
    SignInFirst,
    /// Another one: this one is too new for its word to count.
    Elsewhere,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskOver {
    /// With a yes.
    Allowed,
    /// With a no.
    Denied,
    /// A newer one took its place.
    Replaced,
    /// Nobody answered in time, or the app may not ask any more.
    Expired,
}

/// A request of an app that waits, for the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingAsk {
    /// Its id.
    pub id: Id,
    /// The app's name.
    pub app: String,
}

/// A request that was found, and what speaks for whoever asks.
pub(super) struct FoundAsk {
    pub(super) poll: Poll,
    pub(super) ask: Ask,
    pub(super) account: Account,
    /// A live session of the account.
    pub(super) by_session: bool,
    /// A device of the account whose word counts.
    pub(super) by_device: bool,
}

impl Here {
    /// The page of a request. Looking changes nothing.
    ///
    /// # Errors
    /// [`AskProblem::NotYours`].
    pub async fn shown_ask(&self, id: Id, signed: Option<&Signed>, visitor: &Visitor) -> Answer<ShownAsk, AskProblem> {
        let FoundAsk { poll, ask, account, by_session, .. } = self.find_ask(id, signed, visitor).await?;
        let Some(client) = self.read().await?.find_client_by_id(poll.client).await? else {
            return refuse(AskProblem::NotYours);
        };
        let signed = signed.filter(|_| by_session);
        let phase = match over(&poll, self.asks_still(&client), self.now()) {
            Some(over) => AskPhase::Over(over),
            None => AskPhase::Waits {
                until: poll.polling.expires_at,
                may: match signed {
                    None => MayAllow::SignInFirst,
                    Some(signed) => self.may_allow((&client, &poll), signed).await?,
                },
            },
        };
        let openly = |list: Vec<String>| if by_session { list } else { Vec::new() };
        Ok(ShownAsk {
            id,
            account: if by_session { account.email.as_str().to_owned() } else { account.email.masked() },
            message: ask.message.filter(|_| by_session),
            number: ask.number,
            scopes: openly(poll.request.consent_scope().iter().map(str::to_owned).collect()),
            details: poll.request.terms.authorization_details.into_iter().filter(|_| by_session).collect(),
            asked_at: poll.created_at,
            phase,
            client,
        })
    }

    /// The requests of apps that wait for a signed-in person, the first to end first.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn waiting_asks(&self, signed: &Signed) -> Result<Vec<WaitingAsk>, Fault> {
        let mut read = self.read().await?;
        let mut waiting = Vec::new();
        for poll in read.list_asks(signed.id()).await? {
            let Some(client) = read.find_client_by_id(poll.client).await? else { continue };
            if over(&poll, self.asks_still(&client), self.now()).is_none() {
                waiting.push(WaitingAsk { id: poll.id, app: client.name });
            }
        }
        Ok(waiting)
    }

    /// The way to prove as much as a request asks for, and back to its page; nothing where that is proven.
    ///
    /// # Errors
    /// [`AskProblem::NotYours`].
    pub async fn prove_for_ask(&self, id: Id, signed: &Signed, visitor: &Visitor) -> Answer<Option<Step>, AskProblem> {
        let found = self.find_ask(id, Some(signed), visitor).await?;
        let client = self.read().await?.find_client_by_id(found.poll.client).await?;
        let Some(client) = client.filter(|_| found.by_session) else { return refuse(AskProblem::NotYours) };
        let page = routes::ask(id);
        if let Some(requirements) = self.asked_of((&client, &found.poll), signed)
            && !self.is_enough(signed, &requirements).await?
        {
            let new = NewFlow { continuation: Continuation::page(Some(&page)), requirements, known: Some(signed) };
            let (flow, cookies) = self.start_flow(visitor, new).await?;
            let next = next_page(&flow, self.now());
            return Ok(Some(Step::here(routes::with_flow(next, flow.id)).with(cookies)));
        }
        if !client.high_risk {
            return Ok(None);
        }
        Ok(match self.recent(signed, visitor, &page).await? {
            StepUp::Recent(_) => None,
            StepUp::First(step) => Some(step),
        })
    }

    /// Whether a session may say yes, as far as the session can tell.
    pub(super) async fn may_allow(&self, (client, poll): (&Client, &Poll), signed: &Signed) -> Result<MayAllow, Fault> {
        if !signed.device.vouches(self.now()) {
            return Ok(MayAllow::Elsewhere);
        }
        let enough = match self.asked_of((client, poll), signed) {
            Some(requirements) => self.is_enough(signed, &requirements).await?,
            None => true,
        };
        let recent = !client.high_risk || self.is_recent(signed, &self.factors(signed.id()).await?);
        Ok(if enough && recent { MayAllow::Allow } else { MayAllow::ProveFirst })
    }

    /// What is asked of everybody at this app, and what the request itself asks for.
    fn asked_of(&self, (client, poll): (&Client, &Poll), signed: &Signed) -> Option<Requirements> {
        let asked = self.requirements_of(client, &poll.request)?;
        Some(Requirements { account: Some(signed.id()), ..asked })
    }

    /// Whether an app may still ask.
    pub(super) fn asks_still(&self, client: &Client) -> bool {
        client.is_enabled() && self.counts(client) && client.may_use(GrantType::Ciba)
    }

    /// The request that a notice or a mail leads to, if whoever asks may know of it.
    pub(super) async fn find_ask(
        &self,
        id: Id,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<FoundAsk, AskProblem> {
        let mut read = self.read().await?;
        let Some(poll) = read.find_poll(id).await? else { return refuse(AskProblem::NotYours) };
        let Some(ask) = poll.ask.clone() else { return refuse(AskProblem::NotYours) };
        let account = match ask.account {
            Some(account) => read.find_account(account).await?,
            None => None,
        };
        let Some(account) = account else { return refuse(AskProblem::NotYours) };
        let by_session = signed.is_some_and(|signed| signed.id() == account.id);
        let by_device = self.known_here(&mut read, account.id, visitor).await?;
        let by_device = by_device.is_some_and(|device| device.vouches(self.now()));
        if !by_session && !by_device {
            return refuse(AskProblem::NotYours);
        }
        Ok(FoundAsk { poll, ask, account, by_session, by_device })
    }
}

/// How it ended, if it did.
pub(super) fn over(poll: &Poll, asks_still: bool, now: Timestamp) -> Option<AskOver> {
    match poll.polling.decision {
        Some(Decision::Granted(_)) => Some(AskOver::Allowed),
        Some(Decision::Denied) => Some(AskOver::Denied),
        Some(Decision::Replaced) => Some(AskOver::Replaced),
        None if !asks_still || now >= poll.polling.expires_at => Some(AskOver::Expired),
        None => None,
    }
}
