//! How a flow begins, and what it leads to.

use super::FlowRefusal;
use crate::here::Here;
use crate::problem::Answer;
use crate::visitor::{Cookies, Signed, Step, Visitor};
use base::{Fault, Id, routes};
use identity::Session;
use identity::login::{Assurance, Evidence, Flow, Method, Requirements, SignInPolicy};
use oauth::authorize::AuthorizationRequest;
use serde::{Deserialize, Serialize};

/// What a flow leads to once the person has signed in. Fixed at its start.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Continuation {
    /// Back to an app, with a code.
    Authorize(Box<AuthorizationRequest>),
    /// To a page of ours.
    Page(String),
}

impl Continuation {
    pub(crate) fn of(flow: &Flow) -> Result<Self, Fault> {
        Self::deserialize(&flow.continuation).map_err(|e| Fault::new("read what a login flow leads to", e))
    }

    pub(crate) fn client_id(&self) -> Option<String> {
        match self {
            Self::Authorize(request) => Some(request.client_id.clone()),
            Self::Page(_) => None,
        }
    }

    /// Where the way out of the flow leads: the app's redirect URI, for the `form-action` of our pages.
    pub(crate) fn leads_to(&self) -> Option<String> {
        match self {
            Self::Authorize(request) => request.leads_to().map(str::to_owned),
            Self::Page(_) => None,
        }
    }

    /// A page of ours, if the text is a path of ours and nothing else; the overview otherwise.
    pub(crate) fn page(path: Option<&str>) -> Self {
        Self::Page(path.filter(|path| is_account_page(path)).unwrap_or(routes::ACCOUNT).to_owned())
    }
}

/// Whether a text is the path of an account page, or of the one that lets devices in, and nothing else: what a sign-in may
/// lead back to.
pub fn is_account_page(path: &str) -> bool {
    let rest = path.strip_prefix(routes::ACCOUNT).or_else(|| path.strip_prefix(routes::DEVICE));
    let begins = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    begins && path.len() <= 2_000 && path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'#'))
}

/// A flow to begin.
pub(crate) struct NewFlow<'a> {
    pub(crate) continuation: Continuation,
    pub(crate) requirements: Requirements,
    /// A live session of this browser that proves part of it already.
    pub(crate) known: Option<&'a Signed>,
}

impl Here {
    /// Begins a sign-in that leads to a page of ours: `/login` without an app.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn begin_login(&self, visitor: &Visitor, return_to: Option<&str>) -> Result<Step, Fault> {
        let continuation = Continuation::page(return_to);
        let new = NewFlow { continuation, requirements: self.requirements(), known: None };
        self.come_in(visitor, &new)?;
        let (flow, cookies) = self.start_flow(visitor, new).await?;
        Ok(Step::here(routes::with_flow(routes::LOGIN, flow.id)).with(cookies))
    }

    /// Comes in to sign in. While more passwords come than can be hashed, only so many strangers do: the others are told to
    /// come back before they have typed anything. A browser that has signed in before comes in.
    ///
    /// # Errors
    /// Busy.
    pub(crate) fn come_in(&self, visitor: &Visitor, new: &NewFlow<'_>) -> Result<(), Fault> {
        let is_stranger = new.known.is_none() && visitor.device.is_none();
        if !is_stranger || !new.requirements.methods.has(Method::Password) {
            return Ok(());
        }
        // A proxy that nobody was told of stands on this machine for everybody.
        let network = (!visitor.ip.to_canonical().is_loopback()).then(|| self.turn(visitor));
        if self.hasher().lets_in(network) {
            return Ok(());
        }
        self.meter().sign_in("turned_away");
        Err(Fault::busy("begin a sign-in: more passwords wait than can be hashed"))
    }

    /// What is asked of everybody here.
    pub(crate) fn requirements(&self) -> Requirements {
        requirements(self.settings().sign_in.clone())
    }

    pub(crate) async fn start_flow(&self, visitor: &Visitor, new: NewFlow<'_>) -> Result<(Flow, Cookies), Fault> {
        let (browser, cookies) = visitor.binding(self.rng());
        let now = self.now();
        let continuation =
            serde_json::to_value(&new.continuation).map_err(|e| Fault::new("write what a login flow leads to", e))?;
        let mut flow = Flow::start(self.new_id(), browser, continuation, new.requirements, now)
            .lasting(self.settings().flow_lifetime);
        // Whoever has no flow begins one, and who is to set something up is told so once more.
        let mut tx = self.begin_unsynced().await?;
        if let Some(signed) = new.known
            && let Some(account) = tx.lock_account(signed.id()).await?
            && flow.add(of_session(&signed.session), now).is_ok()
        {
            self.settle_demand(&mut tx, &mut flow, &account, visitor).await?;
        }
        tx.insert_flow(&flow).await?;
        tx.commit().await?;
        Ok((flow, cookies))
    }

    /// Begins the same sign-in again: for a tab that is too old, was used up, or was opened twice. The row
    /// is kept for a while after its end for this.
    ///
    /// # Errors
    /// [`FlowRefusal`] when nothing is known of it any more or it belongs to another browser.
    pub async fn restart(&self, id: Id, visitor: &Visitor) -> Answer<Step, FlowRefusal> {
        let flow = self.read().await?.find_flow(id).await?;
        let Some(flow) = flow else { return crate::problem::refuse(FlowRefusal::Gone) };
        if !visitor.owns(&flow) {
            return crate::problem::refuse(FlowRefusal::OtherBrowser);
        }
        match Continuation::of(&flow)? {
            Continuation::Authorize(request) => {
                Ok(self.interact(visitor, request.begun_again(self.now()), None).await?)
            }
            // Signed in by another tab: this one goes where both wanted to. What asks for more asks again there.
            Continuation::Page(path) if self.signed_in(visitor).await?.is_some() => Ok(Step::here(path)),
            Continuation::Page(path) => Ok(self.begin_login(visitor, Some(&path)).await?),
        }
    }
}

/// What a policy asks of a flow, whoever it turns out to be.
pub(crate) fn requirements(policy: SignInPolicy) -> Requirements {
    Requirements {
        usual: policy.require,
        methods: policy.methods,
        grace: policy.enrolment_grace,
        ..Requirements::default()
    }
}

/// What a session proves to a flow in its browser.
pub(super) fn of_session(session: &Session) -> Evidence {
    Evidence::Session {
        account: session.account,
        at: session.auth_time,
        session: session.id,
        amr: session.amr.clone(),
        reached: Assurance::of_acr(&session.acr).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_back_to_account_pages_alone() {
        for ours in
            ["/account", "/account/devices", "/account?x=1", "/account/was-this-you/1?token=2", "/device?user_code=x"]
        {
            assert!(is_account_page(ours), "{ours}");
        }
        let others =
            ["", "/", "//evil.test", "/accounts", "/account@evil.test", "/account\\x", "/devices", "/account\r\nX: y"];
        for other in others.into_iter().chain(["/account\0", "/account/é", "/account#x", "https://evil.test/account"])
        {
            assert!(!is_account_page(other), "{other:?}");
        }
    }
}
