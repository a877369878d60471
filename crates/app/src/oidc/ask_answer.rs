//! Answers to what an app asks from elsewhere: yes from a live session, no from any browser that the account knows.
//!
//! What follows from an answer is done in the transaction that decides it: the grant, and what the app is told.

use super::ask_page::{AskProblem, MayAllow, over};
use super::grant::LiveGrant;
use super::mint::Extras;
use crate::here::{By, Here};
use crate::operate::console;
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id, Secret, SecretKind};
use identity::change::MAX_WRONG_NUMBERS;
use identity::{AnswerDue, AppAnswered, AskEnding, Event, Purpose};
use oauth::authorize::AuthorizationRequest;
use oauth::client::{Client, DeliveryMode};
use oauth::client_auth::AuthenticatedClient;
use oauth::confirmation::Confirmation;
use oauth::jose::Recipient;
use oauth::polling::Decision;
use oauth::scope::Scope;
use oauth::token_request::Wanted;
use oauth::{ErrorCode, OAuthError};
use store::Tx;
use store::model::{Grant, Poll};

impl Here {
    /// "Yes", in a browser whose word counts, with the number where the app shows one.
    ///
    /// # Errors
    /// [`AskProblem`].
    pub async fn allow_ask(
        &self,
        signed: &Signed,
        (id, number): (Id, &str),
        visitor: &Visitor,
    ) -> Answer<(), AskProblem> {
        let found = self.find_ask(id, Some(signed), visitor).await?;
        let client = self.read().await?.find_client_by_id(found.poll.client).await?;
        let Some(client) = client.filter(|_| found.by_session) else { return refuse(AskProblem::NotYours) };
        if self.may_allow((&client, &found.poll), signed).await? != MayAllow::Allow {
            return refuse(AskProblem::NotTaken);
        }
        let recipient = self.sent_to(&client).await?;
        let (mut tx, device) = self.begin_as(signed).await?;
        let (now, by) = (self.now(), By::owner(signed, visitor));
        let strong = !client.high_risk || self.is_recent(signed, &tx.factors(signed.id()).await?);
        let locked = tx.locked_down_since(signed.id()).await?.is_some();
        // As it is now, under both locks.
        let poll = tx.lock_poll(id).await?.filter(|poll| poll.waits_for() == Some(signed.id()));
        let Some(mut poll) = poll else { return refuse(AskProblem::NotTaken) };
        if over(&poll, self.asks_still(&client), now).is_some() || locked || !strong || !device.vouches(now) {
            return refuse(AskProblem::NotTaken);
        }
        if let Some(left) = self.wrong_number(&mut poll, number) {
            if left == 0 {
                self.settle_ask(&mut tx, (poll, &client), AskEnding::WrongNumber, &by).await?;
            } else {
                tx.save_poll(&poll).await?;
            }
            tx.commit().await?;
            return refuse(AskProblem::WrongNumber { left });
        }
        let grant = self.grant_of(signed, (&client, &poll.request));
        tx.insert_grant(&grant).await?;
        self.consent_to(&mut tx, signed, (&client, &poll.request), &by).await?;
        let consent = tx.find_consent(signed.id(), client.id).await?;
        self.remember_use(&mut tx, consent, &By::owner(signed, visitor), (&client, &grant.scope)).await?;
        poll.polling.decide(Decision::Granted(grant.id), now);
        if client.backchannel.mode == DeliveryMode::Push {
            self.mint_to_send(&mut tx, (&mut poll, &grant), (&client, recipient)).await?;
        }
        self.settle_ask(&mut tx, (poll, &client), AskEnding::Allowed, &by).await?;
        Ok(tx.commit().await?)
    }

    /// "No"; and with `secure`, the account is locked down besides. Said when it is over, it changes nothing but for that.
    /// Answers whether the account was locked down.
    ///
    /// # Errors
    /// [`AskProblem::NotYours`].
    pub async fn deny_ask(
        &self,
        (id, secure): (Id, bool),
        signed: Option<&Signed>,
        visitor: &Visitor,
    ) -> Answer<bool, AskProblem> {
        let found = self.find_ask(id, signed, visitor).await?;
        if secure && !found.by_device {
            return refuse(AskProblem::NotYours);
        }
        let by = match signed.filter(|_| found.by_session) {
            Some(signed) => By::owner(signed, visitor),
            None => By::about(found.account.id, None, visitor),
        };
        let mut tx = self.begin().await?;
        tx.lock_account(found.account.id).await?;
        let client = tx.find_client_by_id(found.poll.client).await?;
        if let Some(mut poll) = tx.lock_poll(id).await?
            && let Some(client) = client
            && poll.polling.decide(Decision::Denied, self.now())
        {
            self.settle_ask(&mut tx, (poll, &client), AskEnding::Denied, &by).await?;
        }
        if secure {
            self.lock_account_down(&mut tx, found.account.id, &by).await?;
        }
        tx.commit().await?;
        Ok(secure)
    }

    /// Whom an ID token that is sent is encrypted to, if it is. Looked up before anything is locked.
    async fn sent_to(&self, client: &Client) -> Result<Option<Recipient>, Fault> {
        if client.backchannel.mode != DeliveryMode::Push {
            return Ok(None);
        }
        self.recipient(client, client.tokens.id_token_encryption()).await.map_err(|problem| match problem {
            Problem::Fault(fault) => fault,
            Problem::Refusal(error) => Fault::new("find the key of an app", error),
        })
    }

    /// Counts a number that is wrong: how many more may be tried. The last one ends the request.
    fn wrong_number(&self, poll: &mut Poll, number: &str) -> Option<u32> {
        let (id, now) = (poll.id, self.now());
        let ask = poll.ask.as_mut().filter(|ask| ask.number)?;
        if self.ask_secret(id, |secret| secret.is_number(number)) {
            return None;
        }
        ask.wrong_numbers = ask.wrong_numbers.saturating_add(1);
        let left = MAX_WRONG_NUMBERS.saturating_sub(ask.wrong_numbers);
        if left == 0 {
            poll.polling.decide(Decision::Denied, now);
        }
        Some(left)
    }

    /// Keeps what is allowed among what was allowed before.
    pub(super) async fn consent_to(
        &self,
        tx: &mut Tx,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
        by: &By<'_>,
    ) -> Result<(), Fault> {
        if client.first_party {
            return Ok(());
        }
        let before = tx.find_consent(signed.id(), client.id).await?;
        let known: Scope = before.and_then(|consent| consent.scope.parse().ok()).unwrap_or_default();
        let scope = known.union(&request.consent_scope()).to_string();
        self.put_consent(tx, (signed.id(), client.id), (&client.name, scope), by).await
    }

    /// Makes the tokens that are sent (§10.3.1), and uses the request's name up.
    async fn mint_to_send(
        &self,
        tx: &mut Tx,
        (poll, grant): (&mut Poll, &Grant),
        (client, recipient): (&Client, Option<Recipient>),
    ) -> Result<(), Fault> {
        let now = self.now();
        let callback = poll.ask.as_ref().and_then(|ask| ask.callback.as_deref());
        // An app that asked before it came to be sent its tokens has given nothing that could be shown to it there.
        let (Some(sealed), Some(sent)) = (callback, AuthenticatedClient::to_be_sent(client.clone())) else {
            return Ok(());
        };
        let mut callback = self.open_callback(poll.id, sealed)?;
        let gone = |_| Fault::busy("the grant ended while it was made");
        let live = LiveGrant::lock(self, tx, grant.id, client.id).await.map_err(|problem| match problem {
            Problem::Fault(fault) => fault,
            Problem::Refusal(error) => gone(error),
        })?;
        let target = Wanted::default().within(&grant.terms, client, self.issuer()).map_err(gone)?;
        if let Some(name) = Secret::parse(SecretKind::AuthRequest, &callback.auth_req_id) {
            tx.spend_single_use(name.hash(), Purpose::AuthRequest, now).await?;
        }
        let scope: Scope = grant.scope.parse().unwrap_or_default();
        let answers = Some(callback.auth_req_id.clone());
        let extras = Extras { nonce: None, generation: 0, target, shown: Confirmation::default(), recipient, answers };
        callback.answer_with(&self.mint(&live, &sent, scope, extras)?)?;
        let sealed = self.seal_callback(poll.id, &callback)?;
        if let Some(ask) = &mut poll.ask {
            ask.callback = Some(sealed);
        }
        Ok(())
    }

    /// Saves what was decided, and tells of it: the person's other browsers, and the app where it is told.
    async fn settle_ask(
        &self,
        tx: &mut Tx,
        (mut poll, client): (Poll, &Client),
        how: AskEnding,
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let id = poll.id;
        let Some(ask) = &mut poll.ask else { return Ok(()) };
        let mode = client.backchannel.mode;
        if let Some(sealed) = ask.callback.clone()
            && mode == DeliveryMode::Push
            && how != AskEnding::Allowed
        {
            let mut callback = self.open_callback(id, &sealed)?;
            callback.refuse_with(&OAuthError::new(ErrorCode::AccessDenied, "the person did not allow it"));
            ask.callback = Some(self.seal_callback(id, &callback)?);
        }
        let (rang, told) = (ask.rings, mode != DeliveryMode::Poll && ask.callback.is_some());
        tx.save_poll(&poll).await?;
        let answered = AppAnswered { ask: id, client: client.id, app: client.name.clone(), how, rang };
        self.emit(tx, by, Event::AppAnswered(answered)).await?;
        if told {
            let due = Event::AnswerDue(AnswerDue { client: client.id, ask: id });
            self.emit(tx, &By { account: None, device: None, visitor: &console() }, due).await?;
        }
        Ok(())
    }
}
