//! "Was this you?"
//!
//! No is a protective act and needs only the notice: a browser that the account knows (its device cookie, no
//! session needed) or the link of a mail. Yes is a permissive act and needs the person: a live session in a
//! browser other than the one that is asked about.

use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Cursor, Fault, Id, Secret, SecretKind, Timestamp};
use identity::{Agent, Device, EndReason, Event, EventRecord, Place, Purpose};

/// How the question was reached: what stands in for a proof that the asker may answer "no".
pub enum Asked {
    /// From a notice, or from a page: the device cookie or the session speaks.
    Notice(Id),
    /// From a mail: the token of its link.
    Mail(String),
}

/// The question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The event that it is about.
    pub event: Id,
    /// The account, masked for a browser without a session.
    pub account: String,
    /// Which browser signed in.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// To which app.
    pub app: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub standing: Standing,
    /// Whether this browser may say "yes".
    pub yes: Yes,
}

/// Who may say "yes".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yes {
    /// This browser: it has a live session, is not the one in question, and its word counts.
    Here,
    /// This browser, once the person has signed in.
    SignInFirst,
    /// Another browser of the person: this one is the one in question, or as new as it.
    Elsewhere,
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has answered.
    Open,
    /// It was answered with yes.
    Confirmed,
    /// It was answered with no.
    Denied,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerRefusal {
    /// There is no such question for this browser.
    NotYours,
    /// "Yes" needs a live session in a browser other than the one in question.
    SignInFirst,
}

struct Found {
    record: EventRecord,
    session: Id,
    device: Id,
    app: Option<String>,
    account: identity::Account,
    link: Option<base::SecretHash>,
}

impl Here {
    /// The page of the question. Looking changes nothing.
    ///
    /// # Errors
    /// [`AnswerRefusal::NotYours`].
    pub async fn question(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<Question, AnswerRefusal> {
        let found = self.find_question(asked, signed, visitor).await?;
        let device = self.read().await?.find_device(found.device).await?;
        let standing = match &device {
            None => Standing::Denied,
            Some(device) if device.known_at.is_some() => Standing::Confirmed,
            Some(_) => Standing::Open,
        };
        let mine = signed.filter(|signed| signed.id() == found.account.id);
        let account = mine.map_or_else(|| found.account.email.masked(), |s| s.account.email.as_str().to_owned());
        Ok(Question {
            event: found.record.id,
            account,
            agent: found.record.agent,
            place: found.record.place,
            app: found.app,
            at: found.record.at,
            standing,
            yes: match mine {
                None => Yes::SignInFirst,
                Some(s) if s.device.id != found.device && s.device.vouches(self.now()) => Yes::Here,
                Some(_) => Yes::Elsewhere,
            },
        })
    }

    /// "Yes, it was me": the device is known from now on. Said twice, it is the same.
    ///
    /// # Errors
    /// [`AnswerRefusal`].
    pub async fn confirm_device(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<(), AnswerRefusal> {
        let found = self.find_question(asked, signed, visitor).await?;
        let mine = signed.filter(|signed| signed.id() == found.account.id && signed.device.id != found.device);
        let Some(signed) = mine else { return refuse(AnswerRefusal::SignInFirst) };
        let (mut tx, own) = self.begin_as(signed).await?;
        if !own.vouches(self.now()) {
            return refuse(AnswerRefusal::SignInFirst);
        }
        // Answered with "no" before: a yes must not bring it back.
        let Some(device) = tx.find_device(found.device).await? else { return refuse(AnswerRefusal::NotYours) };
        if device.known_at.is_none() {
            let event = Event::DeviceConfirmed { device: device.id, agent: device.agent.clone() };
            tx.update_device(&Device { known_at: Some(self.now()), ..device }).await?;
            self.emit(&mut tx, &By::owner(signed, visitor), event).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// "No": the session and all its tokens end at once, and the device is forgotten. Said twice, it is the
    /// same.
    ///
    /// # Errors
    /// [`AnswerRefusal::NotYours`].
    pub async fn deny_device(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<(), AnswerRefusal> {
        let found = self.find_question(asked, signed, visitor).await?;
        let mut tx = self.begin().await?;
        tx.lock_account(found.account.id).await?;
        if let Some(link) = found.link {
            tx.spend_single_use(link, Purpose::WasThisYou, self.now()).await?;
        }
        let Some(device) = tx.find_device(found.device).await? else {
            tx.commit().await?;
            return Ok(());
        };
        // A thief's fresh session must not deny the owner's own devices. The link of a mail may: it is the owner's.
        let asker = signed.filter(|signed| signed.id() == found.account.id).map(|signed| &signed.device);
        if found.link.is_none() && asker.is_some_and(|own| own.id != device.id && !self.may_forget(own, &device)) {
            return refuse(AnswerRefusal::NotYours);
        }
        let silenced = tx.delete_subscriptions_of_device(device.id).await? > 0;
        if let Some(session) = tx.find_session(found.session).await? {
            self.end(&mut tx, &session, EndReason::Denied).await?;
        }
        self.drop_device(&mut tx, &device, EndReason::Denied).await?;
        let by = match signed {
            Some(signed) if signed.id() == found.account.id => By::owner(signed, visitor),
            _ => By::about(found.account.id, None, visitor),
        };
        self.withdraw_trust(&mut tx, found.account.id, &by).await?;
        self.disown(&mut tx, (&device, device.first_seen_at), &by).await?;
        if silenced {
            self.emit(&mut tx, &by, Event::PushDisabled { agent: device.agent.clone() }).await?;
        }
        self.emit(&mut tx, &by, Event::LoginDenied { device: device.id, agent: device.agent }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose account a question is about, if whoever asks may have it locked down: with the link of the mail, once, or in
    /// a browser whose word counts.
    pub(crate) async fn account_in_question(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Result<Option<Id>, Fault> {
        let found = match self.find_question(asked, signed, visitor).await {
            Ok(found) => found,
            Err(Problem::Refusal(_)) => return Ok(None),
            Err(Problem::Fault(fault)) => return Err(fault),
        };
        let (mut read, account) = (self.read().await?, found.account.id);
        if found.link.is_some() {
            // It was locked down since, by this link or otherwise, and its owner may be back: an old mail does not do it
            // again.
            let since = read.list_kinds_of(account, &["account.locked_down"], found.record.at).await?;
            return Ok(since.is_empty().then_some(account));
        }
        let known = self.known_here(&mut read, account, visitor).await?;
        let counts = known.is_some_and(|known| known.id != found.device && known.vouches(self.now()));
        Ok(counts.then_some(account))
    }

    async fn find_question(
        &self,
        asked: &Asked,
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<Found, AnswerRefusal> {
        let mut read = self.read().await?;
        let (event, link) = match asked {
            Asked::Notice(event) => (*event, None),
            Asked::Mail(token) => {
                let secret = Secret::parse(SecretKind::Link, token);
                let row = match secret {
                    Some(secret) => read.find_single_use(secret.hash(), Purpose::WasThisYou).await?,
                    None => None,
                };
                // A link that was used still shows how the question stands, and says no again.
                let Some(row) = row.filter(|row| self.now() < row.expires_at) else {
                    return refuse(AnswerRefusal::NotYours);
                };
                let Some(event) = row.data.get("event").and_then(|v| v.as_str()).and_then(|v| v.parse().ok()) else {
                    return refuse(AnswerRefusal::NotYours);
                };
                (event, Some(row.hash))
            }
        };
        let Some(record) = read.find_event(event).await? else { return refuse(AnswerRefusal::NotYours) };
        let Event::NewDevice { session, device, app } = record.event.clone() else {
            return refuse(AnswerRefusal::NotYours);
        };
        let Some(account) = record.account else { return refuse(AnswerRefusal::NotYours) };
        let Some(account) = read.find_account(account).await? else { return refuse(AnswerRefusal::NotYours) };
        let by_session = signed.is_some_and(|signed| signed.id() == account.id);
        let by_device = self.known_here(&mut read, account.id, visitor).await?;
        // The browser that is asked about may not answer by its cookie alone, and neither may a fresh one.
        let by_device = by_device.is_some_and(|known| known.id != device && known.vouches(self.now()));
        if link.is_none() && !by_session && !by_device {
            return refuse(AnswerRefusal::NotYours);
        }
        Ok(Found { record, session, device, app, account, link })
    }

    /// The newest sign-in of these devices that waits for an answer.
    pub(crate) async fn open_question(&self, signed: &Signed, unknown: &[Device]) -> Result<Option<Id>, Fault> {
        let page = self.read().await?.list_events(signed.id(), Cursor(None), 50).await?;
        Ok(page.items.into_iter().find_map(|record| match record.event {
            Event::NewDevice { device, .. } if device != signed.device.id && unknown.iter().any(|d| d.id == device) => {
                Some(record.id)
            }
            _ => None,
        }))
    }
}
