//! Apps that ask a person who is elsewhere (OpenID Connect Client-Initiated Backchannel Authentication Core 1.0): a request of
//! one. The person answers in a browser of theirs ([`super::ask_page`]).

use super::token::BackChannel;
use crate::guard::{allow, key};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Email, Fault, Id, SecretKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use identity::change::ChangeSecret;
use identity::limit::Limit;
use identity::{Account, AccountStatus, AppAsks, Event, Purpose, SingleUse};
use oauth::authorize::{Asked, AuthorizationParams, AuthorizationRequest, Via};
use oauth::backchannel::{Asking, BackchannelResponse, Callback, Hint, check_beside};
use oauth::client::{Client, DeliveryMode};
use oauth::error::ErrorCode;
use oauth::polling::{Decision, Polling};
use oauth::request_object::RequestUse;
use oauth::{OAuthError, Params};
use std::time::Duration;
use store::Tx;
use store::model::{Ask, Poll};

/// How often one app may ask for one person, whether there is one or not.
const ASKS: Limit =
    Limit { tries: 30, window: Duration::from_secs(10 * 60), longest_lock: Duration::ZERO, consecutive: None };
/// What the server's key for the numbers is derived for.
const NUMBER_KEY: &str = "requests of apps";

/// Whom a request means.
struct Meant {
    /// What is counted: the same whether there is such a person or not.
    lane: String,
    account: Option<Account>,
}

impl Here {
    /// Takes the request of an app in (§7.1). Whether there is such a person the answer does not tell: an app that guesses
    /// waits for nobody, and for somebody who does not answer, alike.
    ///
    /// # Errors
    /// [`OAuthError`] with the code of §13.
    pub async fn ask_elsewhere(&self, call: BackChannel, visitor: &Visitor) -> Answer<BackchannelResponse, OAuthError> {
        let authenticated = self.authenticate_client(&call).await?;
        let client = authenticated.client();
        let (params, signed) = self.opened_backchannel(call.form, client).await?;
        let hint = |token: &str| self.hint(token);
        let asked = Asked { via: Via::Pushed, signed, hint: &hint, now: self.now() };
        let request = match AuthorizationParams::new(params.clone()).validate_backchannel(&authenticated, &asked) {
            Ok(request) => request,
            Err(error) => return refuse(error),
        };
        let read = Hint::read(&params).and_then(|hint| Ok((hint, Asking::read(&params, client)?)));
        let (hint, asking) = match read {
            Ok(read) => read,
            Err(error) => return refuse(error),
        };
        let meant = self.meant(client, &hint, &request).await?;
        self.begin_ask((client, request), asking, meant, visitor).await
    }

    /// The parameters, and whether they were signed (§7.1.1). What is wrong with a request object has no code of its own here
    /// (§13).
    async fn opened_backchannel(&self, form: Params, client: &Client) -> Answer<(Params, bool), OAuthError> {
        if form.one("request").ok().flatten().is_some()
            && let Err(error) = check_beside(&form)
        {
            return refuse(error);
        }
        self.opened_for(form, client, RequestUse::Backchannel).await.map_err(|problem| {
            problem.map(|error| match error.code {
                ErrorCode::InvalidRequestObject => OAuthError::invalid_request(error.description()),
                _ => error,
            })
        })
    }

    async fn meant(&self, client: &Client, hint: &Hint, request: &AuthorizationRequest) -> Answer<Meant, OAuthError> {
        let mut read = self.read().await?;
        let (lane, found) = match hint {
            Hint::Login(name) => {
                let Ok(email) = name.parse::<Email>() else {
                    // Nobody's name looks like that: to say so tells nothing.
                    let text = "login_hint is no mail address: send the one that the person signs in with";
                    return refuse(OAuthError::new(ErrorCode::UnknownUserId, text));
                };
                (email.key().to_string(), read.find_account_by_email(&email.key()).await?)
            }
            Hint::IdToken => {
                let subject = request.hint_subject.clone().unwrap_or_default();
                let found = match self.account_of(client, &subject) {
                    Some(account) => read.find_account(account).await?,
                    None => None,
                };
                (subject, found)
            }
        };
        let account = found.filter(|account| account.status == AccountStatus::Active);
        let account = match account {
            Some(account) if read.locked_down_since(account.id).await?.is_some() => None,
            account => account,
        };
        Ok(Meant { lane, account })
    }

    async fn begin_ask(
        &self,
        (client, request): (&Client, AuthorizationRequest),
        asking: Asking,
        meant: Meant,
        visitor: &Visitor,
    ) -> Answer<BackchannelResponse, OAuthError> {
        let (now, id) = (self.now(), self.new_id());
        let secret = self.secret(SecretKind::AuthRequest);
        let mut tx = self.begin().await?;
        self.may_wait(&mut tx, client, visitor).await?;
        if !allow(self, &mut tx, &[b"asks", client.id.as_bytes(), meant.lane.as_bytes()], &ASKS).await? {
            let text = "this client asked for this person too often: wait some minutes";
            return refuse(OAuthError::new(ErrorCode::AccessDenied, text));
        }
        let account = meant.account.map(|account| account.id);
        let rings = match account {
            Some(account) => self.make_way(&mut tx, (account, client.id), visitor).await?,
            None => false,
        };
        let callback = match asking.notification_token.filter(|_| client.backchannel.mode != DeliveryMode::Poll) {
            Some(token) => {
                let (token, auth_req_id) = (token.to_string(), secret.reveal());
                Some(self.seal_callback(id, &Callback { token, auth_req_id, answer: None })?)
            }
            None => None,
        };
        let expires_at = now.plus(asking.lifetime);
        let number = client.backchannel.shows_number;
        let message = asking.message.clone();
        let poll = Poll {
            id,
            client: client.id,
            request,
            polling: Polling::new(expires_at),
            agent: visitor.agent().clone(),
            place: visitor.place.clone(),
            user_code: None,
            created_at: now,
            ask: Some(Ask { account, message: message.clone(), number, wrong_numbers: 0, rings, callback }),
        };
        tx.insert_poll(&poll).await?;
        tx.put_single_use(&SingleUse {
            hash: secret.hash(),
            purpose: Purpose::AuthRequest,
            account: None,
            client: Some(client.id),
            flow: None,
            data: serde_json::json!({ "poll": id }),
            created_at: now,
            expires_at,
            consumed_at: None,
        })
        .await?;
        if let Some(account) = account {
            let (client, app) = (client.id, client.name.clone());
            let asks = AppAsks { ask: id, client, app, message, until: expires_at, rings };
            self.emit(&mut tx, &By::about(account, None, visitor), Event::AppAsks(asks)).await?;
        }
        tx.commit().await?;
        Ok(BackchannelResponse::new(client, &secret, asking.lifetime, || self.ask_secret(id, |one| one.number())))
    }

    /// Ends what the same app asks the same person, so that one request waits and no more, and says whether the new one may
    /// ring.
    async fn make_way(&self, tx: &mut Tx, (account, client): (Id, Id), visitor: &Visitor) -> Result<bool, Fault> {
        tx.lock_account(account).await?;
        for open in tx.list_asks(account).await?.into_iter().filter(|open| open.client == client) {
            if let Some(mut open) = tx.lock_poll(open.id).await?
                && open.polling.decide(Decision::Replaced, self.now())
            {
                tx.save_poll(&open).await?;
            }
        }
        let lane = key(&[b"ask:rings", account.as_bytes()]);
        self.may_ring(tx, lane, &By::about(account, None, visitor)).await
    }

    /// Something of what is secret about a request.
    pub(super) fn ask_secret<T>(&self, ask: Id, of: impl FnOnce(&ChangeSecret<'_>) -> T) -> T {
        let key = self.parts().keyring.subkey(NUMBER_KEY);
        of(&ChangeSecret::new(&key, ask))
    }

    pub(super) fn seal_callback(&self, ask: Id, callback: &Callback) -> Result<String, Fault> {
        let plain = serde_json::to_vec(callback).map_err(|e| Fault::new("write what an app is told", e))?;
        let plain = zeroize::Zeroizing::new(plain);
        Ok(STANDARD.encode(self.parts().keyring.seal(&Callback::place(ask), &plain, self.rng())?))
    }

    pub(super) fn open_callback(&self, ask: Id, sealed: &str) -> Result<Callback, Fault> {
        let sealed = STANDARD.decode(sealed).map_err(|e| Fault::new("read what an app is told", e))?;
        let plain = self.parts().keyring.open(&Callback::place(ask), &sealed);
        let plain = plain.map_err(|e| Fault::new("open what an app is told", e))?;
        serde_json::from_slice(&plain).map_err(|e| Fault::new("read what an app is told", e))
    }
}
