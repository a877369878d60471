//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2): from a request to a page, or to a
//! code.

use super::push_request::Came;
use crate::here::Here;
use crate::login::{Continuation, FlowRefusal, NewFlow, next_page, requirements};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, Timestamp, routes};
use identity::login::{Assurance, Flow, Reason, Requirements, SignInPolicy, SignUp};
use oauth::authorize::{Asked, AuthorizationParams, AuthorizationRequest, AuthorizeError, Via};
use oauth::client::{Client, GrantType};
use oauth::error::ErrorCode;
use oauth::interaction::{Interaction, SessionView, decide_interaction};
use oauth::prompt::Prompt;
use oauth::scope::Scope;
use oauth::{OAuthError, Params};
use std::time::Duration;

/// Why an authorization request went no further.
#[derive(Debug)]
pub enum AuthorizeProblem {
    /// Client or redirect URI can't be trusted: told on our own page, never by a redirect (RFC 6749 §4.1.2.1).
    Page(OAuthError),
}

impl Here {
    /// An authorization request.
    ///
    /// # Errors
    /// [`AuthorizeProblem`]; every other refusal goes back to the app as a redirect.
    pub async fn authorize(&self, params: Params, visitor: &Visitor) -> Answer<Step, AuthorizeProblem> {
        let params = AuthorizationParams::new(params);
        let client = match params.client_id() {
            Ok(id) => match self.client_met(id, visitor).await {
                Ok(client) => client,
                Err(problem) => return Err(problem.map(AuthorizeProblem::Page)),
            },
            Err(_) => None,
        };
        let (params, came) = match self.found_request(params, client.as_deref()).await {
            Ok(found) => found,
            Err(Problem::Refusal(error)) => return refuse(AuthorizeProblem::Page(error)),
            Err(Problem::Fault(fault)) => return Err(fault.into()),
        };
        let Came { pushed, signed } = came;
        let via = if pushed.is_some() { Via::Pushed } else { Via::Browser };
        let hint = |token: &str| self.hint(token);
        let asked = Asked { via, signed, hint: &hint, now: self.now() };
        match params.validate(client.as_deref(), &asked) {
            Ok(request) => Ok(self.interact(visitor, AuthorizationRequest { pushed, ..request }, None).await?),
            Err(AuthorizeError::Page(error)) => refuse(AuthorizeProblem::Page(error)),
            Err(AuthorizeError::Redirect { to, error }) => Ok(self.respond(to.with_error(&error))?),
        }
    }

    /// The request itself, whether it was sent here, signed, or pushed before.
    async fn found_request(
        &self,
        params: AuthorizationParams,
        client: Option<&Client>,
    ) -> Answer<(AuthorizationParams, Came), OAuthError> {
        let Some(client) = client else { return Ok((params, Came::default())) };
        if let Some(found) = self.pushed_request(&params, client).await? {
            return Ok(found);
        }
        let params = self.dereferenced(params.into_params(), client).await?;
        let (params, signed) = self.opened(params, client).await?;
        Ok((AuthorizationParams::new(params), Came { pushed: None, signed }))
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
        Ok(self.carry_on(flow, visitor).await?)
    }

    /// The same with a flow that was just read or saved, and is not finished.
    pub(crate) async fn carry_on(&self, flow: Flow, visitor: &Visitor) -> Result<Step, Fault> {
        if let Some(step) = self.stop_over(&flow, visitor).await? {
            return Ok(step);
        }
        match Continuation::of(&flow)? {
            Continuation::Authorize(request) if flow.reopened => {
                // Begun when it was: what was just proven is newer.
                let at = request.started_at;
                self.interact(visitor, request.begun_again(at), Some(flow)).await
            }
            Continuation::Authorize(request) => self.interact(visitor, *request, Some(flow)).await,
            Continuation::Page(path) => {
                let signed = self.signed_in(visitor).await?;
                let Some(signed) = signed.filter(|signed| flow.requirements.are_met_by(&signed.session)) else {
                    return Ok(Step::here(routes::with_flow(self.login_page_of(&flow), flow.id)));
                };
                if let Some(step) = self.offer(&flow, &signed) {
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
        let Some(client) = self.known_client(&request.client_id).await? else {
            return Ok(Step::here(routes::ACCOUNT));
        };
        let Some(request) = self.still_allowed(&client, request) else { return Ok(Step::here(routes::ACCOUNT)) };
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
            return self.respond(request.return_to(&client).with_error(&error));
        };
        let view = match &signed {
            Some(signed) => {
                let enough = self.is_enough(signed, &requirements).await?;
                Some(self.view_of(signed, &client, enough)?)
            }
            None => None,
        };
        let now = self.now();
        match decide_interaction(&request, view.as_ref(), consented.as_ref(), &client, now) {
            Interaction::Refuse(error) => {
                if let Some(flow) = flow {
                    self.close_flow(flow.id).await?;
                }
                self.respond(request.return_to(&client).with_error(&error))
            }
            Interaction::Login { .. } => match flow {
                Some(flow) => Ok(Step::here(routes::with_flow(self.login_page_of(&flow), flow.id))),
                None => {
                    let create = request.prompt.contains(&Prompt::Create);
                    let continuation = Continuation::Authorize(Box::new(request));
                    let new = NewFlow { continuation, requirements, known: signed.as_ref() };
                    self.come_in(visitor, &new)?;
                    let (flow, cookies) = self.start_flow(visitor, new).await?;
                    let open = self.policy_for(Some(&*client)).sign_up == SignUp::Open;
                    let page = if create && open { routes::REGISTER } else { self.login_page_of(&flow) };
                    Ok(Step::here(routes::with_flow(page, flow.id)).with(cookies))
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
                    && let Some(step) = self.offer(flow, &signed)
                {
                    return Ok(step);
                }
                self.issue_code(visitor, &signed, (&*client, &request), flow.map(|flow| flow.id)).await
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
    pub(super) fn requirements_of(&self, client: &Client, request: &AuthorizationRequest) -> Option<Requirements> {
        let anew = [Prompt::Login, Prompt::SelectAccount, Prompt::Create].iter().any(|p| request.prompt.contains(p));
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
            account: request.hint_subject.as_ref().and_then(|subject| self.account_of(client, subject)),
            now: asked.unwrap_or_default(),
            why: asked.map(|_| Reason::App),
            ..requirements(policy)
        })
    }

    /// Whether a live session proves what is asked, so that only its age is left to look at.
    pub(super) async fn is_enough(&self, signed: &Signed, requirements: &Requirements) -> Result<bool, Fault> {
        match self.suffices(signed, requirements) {
            Some(enough) => Ok(enough),
            None => {
                let factors = self.factors(signed.id()).await?;
                Ok(factors.have_grace(requirements.usual, &requirements.methods))
            }
        }
    }

    /// The same as far as the session itself tells. `None` where it does if the account has nothing to prove more with.
    pub(super) fn suffices(&self, signed: &Signed, requirements: &Requirements) -> Option<bool> {
        let (now, usual) = (self.now(), requirements.usual);
        let reached = Assurance::of_acr(&signed.session.acr).unwrap_or_default();
        if reached < requirements.now || !requirements.methods.cover(&signed.session.amr) {
            return Some(false);
        }
        let later = |until: Option<Timestamp>| until.is_some_and(|until| now < until);
        let spared = usual <= Assurance::TwoFactors && later(signed.device.trusted_until);
        if reached >= usual || spared {
            return Some(true);
        }
        // The same grace as in the flow that this session came from: for who has nothing to prove it with, and none at an
        // app that gives none.
        let may_wait = !requirements.grace.is_zero() && later(signed.account.enrol_by);
        (!may_wait).then_some(false)
    }

    /// A request that was kept for a while, with what its app may still have: what the operator has taken away since does not come back
    /// with it. `None` when it can't be answered any more.
    pub(super) fn still_allowed(&self, client: &Client, request: AuthorizationRequest) -> Option<AuthorizationRequest> {
        let may_answer = match request.leads_to() {
            Some(redirect_uri) => client.redirect_uris.iter().any(|uri| uri.matches(redirect_uri)),
            None => client.may_use(GrantType::DeviceCode),
        };
        let counts = client.is_enabled() && self.counts(client) && may_answer;
        counts.then(|| AuthorizationRequest { scope: request.scope.intersection(&client.scope), ..request })
    }

    /// What of a session counts for a request of this client.
    pub(super) fn view_of(&self, signed: &Signed, client: &Client, enough: bool) -> Result<SessionView, Fault> {
        Ok(SessionView {
            subject: self.subject_of(client, signed.id())?,
            auth_time: signed.session.auth_time,
            acr: signed.session.acr.clone(),
            enough,
        })
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
}

impl From<Problem<FlowRefusal>> for Problem<AuthorizeProblem> {
    fn from(problem: Problem<FlowRefusal>) -> Self {
        match problem {
            Problem::Fault(fault) => Self::Fault(fault),
            Problem::Refusal(_) => Self::Fault(Fault::broken("go on with a sign-in that has just begun")),
        }
    }
}
