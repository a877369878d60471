//! The way to a provider.

use super::{Aim, Kept, UpstreamTrouble};
use crate::here::Here;
use crate::login::{Browser, Continuation, FlowRefusal, Recent};
use crate::problem::{Answer, refuse};
use crate::visitor::{Cookies, Destination, Step, Visitor};
use ::upstream::{Attempt, Upstream};
use base::{Fault, Id, Secret, SecretKind};
use identity::login::{Flow, Method};
use identity::{Purpose, SingleUse};
use std::time::Duration;

/// How long somebody may take at a provider.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// The form behind a provider's button.
#[derive(Debug, Clone)]
pub struct BeginUpstream {
    /// The flow it belongs to.
    pub flow: Id,
    /// The provider's key.
    pub provider: String,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// Why nobody was sent to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeginProblem {
    /// The flow can't go on.
    Flow(FlowRefusal),
    /// The provider can't be asked.
    Trouble(UpstreamTrouble),
}

impl Here {
    /// Sends the browser to a provider.
    ///
    /// # Errors
    /// [`BeginProblem`].
    pub async fn begin_upstream(&self, form: BeginUpstream, visitor: &Visitor) -> Answer<Step, BeginProblem> {
        let flow = self.open_flow(form.flow, visitor).await.map_err(|p| p.map(BeginProblem::Flow))?;
        if flow.finished_at.is_some() {
            return refuse(BeginProblem::Flow(FlowRefusal::Gone));
        }
        let counts = flow.requirements.methods.has(Method::Upstream);
        let Some(upstream) = self.upstream(&form.provider).filter(|_| counts) else {
            return refuse(BeginProblem::Trouble(UpstreamTrouble::Off));
        };
        let state = self.secret(SecretKind::Upstream);
        let max_age = flow.requirements.fresh_since.map(|since| self.now().since(since));
        let attempt =
            Attempt { login_hint: self.expected(&flow, visitor).await?, max_age, ..self.attempt(&state, &upstream) };
        let url = self.lead_away(&upstream, &attempt).await.map_err(|p| p.map(BeginProblem::Trouble))?;

        let mut tx = self.begin().await?;
        let mut flow = self.lock_flow(&mut tx, flow.id, visitor).await.map_err(|p| p.map(BeginProblem::Flow))?;
        flow.can_offer = form.browser.can_offer;
        flow.time_zone = form.browser.known_zone();
        tx.save_flow(&flow).await?;
        let kept = Kept { provider: form.provider, browser: flow.browser, aim: Aim::SignIn };
        let until = flow.expires_at;
        let row = self.state_row(&state, &kept, None, Some(flow.id))?;
        tx.put_single_use(&SingleUse { expires_at: row.expires_at.min(until), ..row }).await?;
        tx.commit().await?;
        Ok(away(&upstream, url))
    }

    /// Sends the browser to a provider, whose account there is to be linked to this one.
    ///
    /// # Errors
    /// [`UpstreamTrouble`].
    pub async fn begin_link(&self, recent: &Recent, key: &str, visitor: &Visitor) -> Answer<Step, UpstreamTrouble> {
        let counts = self.settings().sign_in.methods.has(Method::Upstream);
        let Some(upstream) = self.upstream(key).filter(|_| counts) else { return refuse(UpstreamTrouble::Off) };
        let state = self.secret(SecretKind::Upstream);
        let attempt = self.attempt(&state, &upstream);
        let url = self.lead_away(&upstream, &attempt).await?;
        let (browser, cookies) = visitor.binding(self.rng());
        let aim = Aim::Link { session: recent.session.id };
        let kept = Kept { provider: key.to_owned(), browser, aim };
        let (mut tx, _) = self.begin_as(recent).await?;
        tx.put_single_use(&self.state_row(&state, &kept, Some(recent.id()), None)?).await?;
        tx.commit().await?;
        Ok(away(&upstream, url).with(cookies))
    }

    async fn lead_away(&self, upstream: &Upstream, attempt: &Attempt) -> Answer<String, UpstreamTrouble> {
        match upstream.begin(attempt, self.now()).await {
            Ok(url) => Ok(url.into()),
            // What exactly it was stands in the log.
            Err(_) => refuse(UpstreamTrouble::Down),
        }
    }

    /// Whom the provider should begin with: the person who must sign in again, or whom the app named. Nobody's address is
    /// told to a browser that has not got their session, though an app's old `id_token_hint` may name them.
    async fn expected(&self, flow: &Flow, visitor: &Visitor) -> Result<Option<String>, Fault> {
        if let Some(account) = flow.requirements.account {
            let signed = self.signed_in(visitor).await?.filter(|signed| signed.id() == account);
            return Ok(signed.map(|signed| signed.account.email.as_str().to_owned()));
        }
        Ok(match Continuation::of(flow)? {
            Continuation::Authorize(request) => request.login_hint,
            Continuation::Page(_) => None,
        })
    }

    fn state_row(
        &self,
        state: &Secret,
        kept: &Kept,
        account: Option<Id>,
        flow: Option<Id>,
    ) -> Result<SingleUse, Fault> {
        let now = self.now();
        Ok(SingleUse {
            hash: state.hash(),
            purpose: Purpose::UpstreamState,
            account,
            client: None,
            flow,
            data: serde_json::to_value(kept).map_err(|e| Fault::new("write an attempt at another provider", e))?,
            created_at: now,
            expires_at: now.plus(PATIENCE),
            consumed_at: None,
        })
    }
}

fn away(upstream: &Upstream, url: String) -> Step {
    let provider = upstream.provider().name.clone();
    Step { to: Destination::Away { url, provider }, cookies: Cookies::default() }
}
