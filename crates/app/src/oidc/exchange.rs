//! Token exchange (RFC 8693): the tokens are looked at as they stand now, and the new one hangs on the same grant.

use super::grant::LiveGrant;
use super::userinfo::LiveToken;
use crate::guard::allow;
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::Visitor;
use base::Id;
use identity::limit::Limit;
use identity::{Event, Exchanged};
use oauth::OAuthError;
use oauth::client_auth::AuthenticatedClient;
use oauth::confirmation::Confirmation;
use oauth::exchange::{Subject, SubjectKind, TokenExchangeRequest, decide, unacceptable};
use oauth::id_token::verify_fresh;
use oauth::token_response::TokenResponse;
use oauth::token_text::TokenText;
use std::time::Duration;
use store::Tx;

/// How often one app's exchanges for one grant are written down: an API may exchange at every call.
const TOLD: Limit =
    Limit { tries: 1, window: Duration::from_secs(24 * 3600), longest_lock: Duration::ZERO, consecutive: None };

/// What is exchanged, and the grant that it hangs on with whose that is.
struct Found {
    subject: Subject,
    grant: Id,
    owner: Id,
}

impl Here {
    /// A token for a token.
    pub(super) async fn exchange(
        &self,
        request: TokenExchangeRequest,
        (client, shown): (&AuthenticatedClient, Confirmation),
        visitor: &Visitor,
    ) -> Answer<TokenResponse, OAuthError> {
        let found = match request.kind {
            SubjectKind::AccessToken => self.exchanged_access_token(&request.subject).await?,
            SubjectKind::IdToken => self.exchanged_id_token(&request.subject).await?,
        };
        let actor = match &request.actor {
            Some(token) => Some(self.actor(token, client, &shown).await?),
            None => None,
        };
        let decided = decide(&request, &found.subject, actor, (client, &shown), (self.issuer(), self.now()));
        let exchanged = match decided {
            Ok(exchanged) => exchanged,
            Err(error) => return refuse(error),
        };
        let mut tx = self.begin().await?;
        let live = LiveGrant::lock(self, &mut tx, found.grant, found.owner).await.map_err(not_exchanged)?;
        let response = self.mint_exchanged(&live, client, exchanged, &shown)?;
        self.tell_exchange(&mut tx, &live, client, visitor).await?;
        tx.commit().await?;
        Ok(response)
    }

    async fn exchanged_access_token(&self, token: &TokenText) -> Answer<Found, OAuthError> {
        match self.live_token(token.reveal(), None).await? {
            Some(LiveToken { token, account: Some(_), owner, resources, .. }) => {
                Ok(Found { grant: token.grant, owner, subject: Subject::of(token, resources) })
            }
            Some(_) => refuse(unacceptable("it speaks of no person")),
            None => refuse(unacceptable("not verified, expired or revoked")),
        }
    }

    /// An ID token stands for what its app was granted in its session.
    async fn exchanged_id_token(&self, token: &TokenText) -> Answer<Found, OAuthError> {
        let now = self.now();
        let Ok(told) = verify_fresh(self.keys().published(), token.reveal(), self.issuer(), now) else {
            return refuse(unacceptable("not verified, or expired"));
        };
        let mut read = self.read().await?;
        let [client_id] = told.hint.audience.as_slice() else { return refuse(unacceptable("for several clients")) };
        let Some(owner) = read.find_client(client_id).await?.filter(oauth::Client::is_enabled) else {
            return refuse(unacceptable("its client is gone"));
        };
        let account = self.account_of(&owner, &told.hint.subject);
        let session: Option<Id> = told.hint.session.as_deref().and_then(|session| session.parse().ok());
        let (Some(account), Some(session)) = (account, session) else {
            return refuse(unacceptable("it names no session"));
        };
        let grant = read.find_grant_in_session(session, owner.id, now).await?;
        let Some(grant) = grant.filter(|grant| grant.account == Some(account)) else {
            return refuse(unacceptable("its grant has ended"));
        };
        let subject = Subject {
            client_id: owner.client_id,
            scope: grant.scope.parse().unwrap_or_default(),
            audience: vec![self.issuer().to_owned()],
            authorization_details: grant.terms.authorization_details,
            resources: grant.terms.resources,
            act: None,
            may_act: owner.exchange.may_act.map(|sub| oauth::exchange::MayAct { sub }),
            confirmation: grant.terms.confirmation,
            expires_at: told.expires_at,
        };
        Ok(Found { subject, grant: grant.id, owner: owner.id })
    }

    /// Whom the client's own token names as the one who acts.
    async fn actor(
        &self,
        token: &TokenText,
        client: &AuthenticatedClient,
        shown: &Confirmation,
    ) -> Answer<String, OAuthError> {
        let live = self.live_token(token.reveal(), None).await?;
        let Some(live) = live.filter(|live| live.client.id == client.client().id) else {
            return refuse(unacceptable("the actor's token is not verified, expired, revoked or another client's"));
        };
        match live.token.confirmation.check_refresh(shown, client.is_confidential()) {
            Ok(()) => Ok(live.token.subject),
            Err(error) => refuse(error),
        }
    }

    /// Tells the person's log, once a day for each app and grant. An app that only narrows its own token is no news.
    async fn tell_exchange(
        &self,
        tx: &mut Tx,
        live: &LiveGrant,
        client: &AuthenticatedClient,
        visitor: &Visitor,
    ) -> Result<(), base::Fault> {
        let (grant, row) = (live.grant(), client.client());
        if grant.client == row.id {
            return Ok(());
        }
        let key: [&[u8]; 3] = [b"exchange:told", grant.id.as_bytes(), row.id.as_bytes()];
        if !allow(self, tx, &key, &TOLD).await? {
            return Ok(());
        }
        let from = tx.find_client_by_id(grant.client).await?.map(|owner| owner.name).unwrap_or_default();
        let event = Event::TokenExchanged(Exchanged { app: row.name.clone(), from });
        self.emit(tx, &By::about(live.account().id, None, visitor), event).await.map(drop)
    }
}

fn not_exchanged(problem: Problem<OAuthError>) -> Problem<OAuthError> {
    problem.map(|_| unacceptable("its grant has ended"))
}
