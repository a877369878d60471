//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2): from a request to a page, or to a
//! code.

use crate::here::{By, Here};
use crate::login::{Continuation, FlowRefusal, NewFlow, next_page, requirements};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, SecretKind, routes};
use identity::login::{Assurance, Flow, Reason, Requirements, SignInPolicy};
use identity::{Event, Purpose, SingleUse};
use oauth::authorize::{AuthorizationParams, AuthorizationRequest, AuthorizeError};
use oauth::client::Client;
use oauth::code::{Authentication, Code};
use oauth::error::ErrorCode;
use oauth::grant_terms::GrantTerms;
use oauth::interaction::{Interaction, SessionView, decide_interaction};
use oauth::prompt::Prompt;
use oauth::scope::{OFFLINE_ACCESS, Scope};
use oauth::{OAuthError, Params};
use std::time::Duration;
use store::Tx;
use store::model::{Consent, Grant};

/// Why an authorization request went no further.
#[derive(Debug)]
pub enum AuthorizeProblem {
    /// Client or redirect URI can't be trusted: told on our own page, never by a redirect (RFC 6749 §4.1.2.1).
    Page(OAuthError),
}

/// The card that offers notices, before the way leads on.
#[derive(Debug, Clone)]
pub struct OfferPage {
    /// The flow.
    pub flow: Id,
    /// The app that waits.
    pub app: Option<String>,
    /// What the page needs to switch notices on.
    pub push: crate::push::PushState,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

impl Here {
    /// An authorization request.
    ///
    /// # Errors
    /// [`AuthorizeProblem`]; every other refusal goes back to the app as a redirect.
    pub async fn authorize(&self, params: Params, visitor: &Visitor) -> Answer<Step, AuthorizeProblem> {
        let params = AuthorizationParams::new(params);
        let client = match params.client_id() {
            Ok(id) => self.read().await?.find_client(id).await?,
            Err(_) => None,
        };
        let now = self.now();
        match params.validate(client.as_ref(), &|token| self.hint(token), now) {
            Ok(request) => Ok(self.interact(visitor, request, None).await?),
            Err(AuthorizeError::Page(error)) => refuse(AuthorizeProblem::Page(error)),
            Err(AuthorizeError::Redirect { to, error }) => Ok(Step::answer(to.with_error(self.issuer(), &error))),
        }
    }

    /// Goes on with a flow: to the page that is still needed, or back to the app.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn continue_flow(&self, flow: Id, visitor: &Visitor) -> Answer<Step, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        if flow.finished_at.is_some() {
            return self.restart(flow.id, visitor).await;
        }
        if let Some(step) = self.stop_over(&flow, visitor).await? {
            return Ok(step);
        }
        match Continuation::of(&flow)? {
            Continuation::Authorize(request) => Ok(self.interact(visitor, *request, Some(flow)).await?),
            Continuation::Page(path) => {
                let signed = self.signed_in(visitor).await?;
                let Some(signed) = signed.filter(|signed| flow.requirements.are_met_by(&signed.session)) else {
                    return Ok(Step::here(routes::with_flow(self.login_page_of(&flow), flow.id)));
                };
                if let Some(step) = self.offer(&flow, &signed).await? {
                    return Ok(step);
                }
                self.close_flow(flow.id).await?;
                Ok(Step::here(path))
            }
        }
    }

    /// Decides what a request still needs. With a flow, the answer is a page of it; without, one is begun.
    pub(crate) async fn interact(
        &self,
        visitor: &Visitor,
        request: AuthorizationRequest,
        flow: Option<Flow>,
    ) -> Result<Step, Fault> {
        let Some(client) = self.read().await?.find_client(&request.client_id).await? else {
            return Err(Fault::broken("go on with a sign-in: its client is gone"));
        };
        // The request was kept for a while: what the operator has taken away since does not come back with it.
        if !client.is_enabled() || !client.redirect_uris.iter().any(|uri| uri.matches(&request.redirect_uri)) {
            return Ok(Step::here(routes::ACCOUNT));
        }
        let request = AuthorizationRequest { scope: request.scope.intersection(&client.scope), ..request };
        let signed = self.signed_in(visitor).await?;
        let consented = match &signed {
            Some(signed) => self.consented(signed, &client).await?,
            None => None,
        };
        // A flow that has begun keeps what it was begun with.
        let requirements = match &flow {
            Some(flow) => Some(flow.requirements.clone()),
            None => self.requirements_of(&client, &request),
        };
        let Some(requirements) = requirements else {
            let unmet = "acr asks for more than a sign-in can prove here: see acr_values_supported";
            let error = OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, unmet);
            return Ok(Step::answer(request.return_to().with_error(self.issuer(), &error)));
        };
        let view = match &signed {
            Some(signed) => Some(SessionView {
                subject: signed.account.id.to_string(),
                auth_time: signed.session.auth_time,
                acr: signed.session.acr.clone(),
                enough: self.is_enough(signed, &requirements).await?,
            }),
            None => None,
        };
        let now = self.now();
        match decide_interaction(&request, view.as_ref(), consented.as_ref(), &client, now) {
            Interaction::Refuse(error) => {
                if let Some(flow) = flow {
                    self.close_flow(flow.id).await?;
                }
                Ok(Step::answer(request.return_to().with_error(self.issuer(), &error)))
            }
            Interaction::Login { .. } => match flow {
                Some(flow) => Ok(Step::here(routes::with_flow(self.login_page_of(&flow), flow.id))),
                None => {
                    let continuation = Continuation::Authorize(Box::new(request));
                    let new = NewFlow { continuation, requirements, known: signed.as_ref() };
                    let (flow, cookies) = self.start_flow(visitor, new).await?;
                    Ok(Step::here(routes::with_flow(self.login_page_of(&flow), flow.id)).with(cookies))
                }
            },
            Interaction::Consent => {
                if let Some(flow) = flow {
                    return Ok(Step::here(routes::with_flow(routes::CONSENT, flow.id)));
                }
                let new =
                    NewFlow { continuation: Continuation::Authorize(Box::new(request)), requirements, known: None };
                let (flow, cookies) = self.start_flow(visitor, new).await?;
                Ok(Step::here(routes::with_flow(routes::CONSENT, flow.id)).with(cookies))
            }
            Interaction::Done => {
                let Some(signed) = signed else {
                    return Err(Fault::broken("go on with a sign-in: nobody is signed in"));
                };
                if let Some(flow) = &flow
                    && let Some(step) = self.offer(flow, &signed).await?
                {
                    return Ok(step);
                }
                self.issue_code(visitor, &signed, (&client, &request), flow.map(|flow| flow.id)).await
            }
        }
    }

    /// Where a flow that still has to prove something goes on.
    fn login_page_of(&self, flow: &Flow) -> &'static str {
        match next_page(flow, self.now()) {
            // What the flow proved is not enough any more: from the beginning, never round in circles.
            routes::CONTINUE => routes::LOGIN,
            page => page,
        }
    }

    /// What a request must prove: what is asked of everybody at this client, and what it asks itself (OpenID Connect Core
    /// §3.1.2.1). `None` when it asks for what can't be reached here, and insists.
    fn requirements_of(&self, client: &Client, request: &AuthorizationRequest) -> Option<Requirements> {
        let anew = request.prompt.contains(&Prompt::Login) || request.prompt.contains(&Prompt::SelectAccount);
        let since = request.max_age.map(|age| request.started_at.minus(Duration::from_secs(u64::from(age))));
        // Any of the values will do: the lowest is what must be reached. A value of another vocabulary is a wish.
        let policy = self.policy_for(Some(client));
        let reachable = |level: &Assurance| SignInPolicy { require: *level, ..policy.clone() }.lets_somebody_in();
        let known = request.acr_values.iter().filter_map(|value| Assurance::of_acr(value));
        let asked = known.filter(reachable).min();
        if request.acr_essential && asked.is_none() && !request.acr_values.is_empty() {
            return None;
        }
        Some(Requirements {
            fresh_since: if anew { Some(request.started_at) } else { since },
            account: request.hint_subject.as_ref().and_then(|subject| subject.parse().ok()),
            now: asked.unwrap_or_default(),
            why: asked.map(|_| Reason::App),
            ..requirements(policy)
        })
    }

    /// Whether a live session proves what is asked, so that only its age is left to look at.
    async fn is_enough(&self, signed: &Signed, requirements: &Requirements) -> Result<bool, Fault> {
        let (now, usual) = (self.now(), requirements.usual);
        let reached = Assurance::of_acr(&signed.session.acr).unwrap_or_default();
        if reached < requirements.now || !requirements.methods.cover(&signed.session.amr) {
            return Ok(false);
        }
        let later = |until: Option<base::Timestamp>| until.is_some_and(|until| now < until);
        let spared = usual <= Assurance::TwoFactors && later(signed.device.trusted_until);
        if reached >= usual || spared {
            return Ok(true);
        }
        // The same grace as in the flow that this session came from: for who has nothing to prove it with, and none at an
        // app that gives none.
        let may_wait = !requirements.grace.is_zero() && later(signed.account.enrol_by);
        Ok(may_wait && self.factors(signed.id()).await?.have_grace(usual, &requirements.methods))
    }

    /// The card that offers notices, once in a browser and only where its permission is undecided.
    async fn offer(&self, flow: &Flow, signed: &Signed) -> Result<Option<Step>, Fault> {
        if !flow.can_offer || flow.offered || !self.may_offer(signed) {
            return Ok(None);
        }
        Ok(Some(Step::here(routes::with_flow(routes::OFFER, flow.id))))
    }

    /// The card's page. Having been shown it counts: whoever passes it by is asked again in ninety days.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn offer_page(&self, flow: Id, visitor: &Visitor) -> Answer<OfferPage, FlowRefusal> {
        let signed = self.signed_in(visitor).await?;
        let Some(signed) = signed else { return refuse(FlowRefusal::Gone) };
        let flow = self.open_flow(flow, visitor).await?;
        let app = self.app_of(&flow).await?;
        if !flow.offered {
            let (mut tx, own) = self.begin_as(&signed).await?;
            let mut flow = self.lock_flow(&mut tx, flow.id, visitor).await?;
            flow.offered = true;
            tx.save_flow(&flow).await?;
            let push_offer = own.push_offer.postponed(self.now());
            tx.update_device(&identity::Device { push_offer, ..own }).await?;
            tx.commit().await?;
        }
        let leads_to = Continuation::of(&flow)?.leads_to();
        Ok(OfferPage { flow: flow.id, app, push: self.push_state(&signed).await?, leads_to })
    }

    async fn close_flow(&self, flow: Id) -> Result<(), Fault> {
        let mut tx = self.begin().await?;
        if let Some(mut flow) = tx.lock_flow(flow).await? {
            flow.finished_at = Some(self.now());
            tx.save_flow(&flow).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// What the person allowed this client before; a first-party client needs no asking.
    async fn consented(&self, signed: &Signed, client: &Client) -> Result<Option<Scope>, Fault> {
        if client.first_party {
            return Ok(Some(client.scope.clone()));
        }
        let consent = self.read().await?.find_consent(signed.id(), client.id).await?;
        Ok(consent.and_then(|consent| consent.scope.parse().ok()))
    }

    /// Mints the authorization code with its grant, in one transaction.
    async fn issue_code(
        &self,
        visitor: &Visitor,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
        flow: Option<Id>,
    ) -> Result<Step, Fault> {
        let now = self.now();
        let (mut tx, _) = self.begin_as(signed).await?;
        if !client.first_party && tx.find_consent(signed.id(), client.id).await?.is_none() {
            return Err(Fault::busy("the app's access was taken away while it was asked for"));
        }
        if let Some(flow) = flow {
            let Some(mut flow) = tx.lock_flow(flow).await? else {
                return Err(Fault::broken("end a sign-in: its flow is gone"));
            };
            if flow.finished_at.is_some() {
                // A second click was first: it goes on from the start, which takes no page.
                return Ok(Step::here(routes::with_flow(routes::CONTINUE, flow.id)));
            }
            flow.finished_at = Some(now);
            tx.save_flow(&flow).await?;
        }
        let grant = Grant {
            id: self.new_id(),
            account: Some(signed.id()),
            client: client.id,
            session: Some(signed.session.id),
            scope: request.scope.to_string(),
            offline: request.scope.contains(OFFLINE_ACCESS),
            auth_time: signed.session.auth_time,
            amr: signed.session.amr.clone(),
            acr: signed.session.acr.clone(),
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(client.refresh_token_lifetime),
            revoked_at: None,
            terms: GrantTerms::default(),
        };
        tx.insert_grant(&grant).await?;
        let secret = self.secret(SecretKind::Code);
        tx.put_single_use(&self.code_row(&secret, (client, request), (signed, &grant))?).await?;
        self.remember_use(&mut tx, visitor, signed, (client, &grant)).await?;
        tx.commit().await?;
        Ok(Step::answer(request.return_to().with_code(self.issuer(), &secret.reveal())))
    }

    fn code_row(
        &self,
        secret: &base::Secret,
        (client, request): (&Client, &AuthorizationRequest),
        (signed, grant): (&Signed, &Grant),
    ) -> Result<SingleUse, Fault> {
        let now = self.now();
        let who = Authentication {
            grant: grant.id,
            account: signed.id(),
            session: signed.session.id,
            auth_time: grant.auth_time,
            acr: grant.acr.clone(),
            amr: grant.amr.iter().map(|amr| amr.as_str().to_owned()).collect(),
        };
        let code = Code::issue(request, who, client, now);
        let data = serde_json::to_value(&code).map_err(|e| Fault::new("write a code", e))?;
        Ok(SingleUse {
            hash: secret.hash(),
            purpose: Purpose::Code,
            account: grant.account,
            client: Some(client.id),
            flow: None,
            data,
            created_at: now,
            expires_at: code.expires_at,
            consumed_at: None,
        })
    }

    /// Keeps the app among the connected ones, and tells of a new one.
    async fn remember_use(
        &self,
        tx: &mut Tx,
        visitor: &Visitor,
        signed: &Signed,
        (client, grant): (&Client, &Grant),
    ) -> Result<(), Fault> {
        let now = self.now();
        match tx.find_consent(signed.id(), client.id).await? {
            Some(consent) => tx.put_consent(&Consent { last_used_at: now, ..consent }).await,
            None => {
                let (account, scope) = (signed.id(), grant.scope.clone());
                let consent =
                    Consent { account, client: client.id, scope: scope.clone(), granted_at: now, last_used_at: now };
                tx.put_consent(&consent).await?;
                let event = Event::AppConnected { app: client.name.clone(), scope };
                self.emit(tx, &By::owner(signed, visitor), event).await.map(|_| ())
            }
        }
    }
}

impl From<Problem<FlowRefusal>> for Problem<AuthorizeProblem> {
    fn from(problem: Problem<FlowRefusal>) -> Self {
        match problem {
            Problem::Fault(fault) => Self::Fault(fault),
            Problem::Refusal(_) => Self::Fault(Fault::broken("go on with a sign-in that has just begun")),
        }
    }
}
