//! Sign-in: from the first page to a session.

mod code_tries;
mod demand;
mod enrol;
mod enrol_key;
pub(crate) mod finish;
mod invite;
mod judge;
mod mail_code;
mod passkey;
mod password;
mod policy;
mod recover;
mod register;
mod second_factor;
mod start;
mod step_up;
mod stop_over;
mod upstream;
mod way;

pub use invite::{AcceptInvite, Invite, InvitePage, InviteRefusal};
pub use mail_code::{AskMailCode, GiveMailCode, MailCodePage, MailCodeRefusal};
pub use passkey::{KeyAnswer, KeyRefusal};
pub use password::{LoginPage, LoginRefusal, PasswordRefusal, SignIn};
pub(crate) use recover::NotTaken;
pub use recover::{ResetRefusal, SetPassword};
pub use register::{CheckMail, ConfirmPage, Confirmed, Register, RegisterRefusal};

pub use enrol::{Detour, Enrol, EnrolPage, EnrolRefusal, EnrolWays, NewSeed};
pub(crate) use finish::{Finish, Outcome};
pub(crate) use password::check_password;
pub(crate) use policy::read as read_rules;
pub use second_factor::{SecondFactor, SecondFactorPage, SecondFactorRefusal};
pub use start::is_account_page;
pub(crate) use start::{Continuation, NewFlow, requirements};
pub use step_up::{Recent, StepUp};
pub use stop_over::NewCodesPage;
pub(crate) use upstream::who;
pub use upstream::{
    AnswerProblem, Answered, BeginProblem, BeginUpstream, ConnectPage, Join, JoinPage, LinkWay, Pending, ProviderName,
    UpstreamAnswer, UpstreamTrouble,
};
pub(crate) use way::Way;

use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Id, Timestamp, routes};
use identity::login::{Decision, Flow, NextStep};
use store::Tx;

/// What a page's script found out about its browser: hints, nothing that is believed.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Whether it could show the card that offers notices (its permission is not "denied").
    pub can_offer: bool,
    /// The IANA time zone that it is set to.
    pub time_zone: Option<String>,
}

impl Browser {
    /// From what the script says: the browser's permission for notices, and its time zone.
    pub fn new(push_state: Option<&str>, time_zone: Option<String>) -> Self {
        Self { can_offer: matches!(push_state, Some("default" | "granted")), time_zone }
    }

    /// The time zone, if there is one of that name.
    pub(crate) fn known_zone(&self) -> Option<String> {
        self.time_zone.clone().filter(|zone| base::clock::is_time_zone(zone))
    }
}

/// The page of what a flow still needs.
pub(crate) fn next_page(flow: &Flow, now: Timestamp) -> &'static str {
    match flow.decide(now) {
        Decision::Granted(_) => routes::CONTINUE,
        Decision::Needs(NextStep::SecondFactor { .. }) => routes::MFA,
        Decision::Needs(NextStep::Enrol { .. }) => routes::ENROL,
        Decision::Needs(_) => routes::LOGIN,
    }
}

/// Why a flow can't go on. Whatever it is, the page offers to start again with the same app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowRefusal {
    /// It ran out, was finished, or never was.
    Gone,
    /// It was begun in another browser.
    OtherBrowser,
}

impl Here {
    /// A flow that this browser began and that can still go on.
    pub(crate) async fn open_flow(&self, id: Id, visitor: &Visitor) -> Answer<Flow, FlowRefusal> {
        let flow = self.read().await?.find_flow(id).await?;
        self.usable(flow, visitor)
    }

    /// The same, locked until the transaction ends. Whoever locks an account too locks the account first.
    pub(crate) async fn lock_flow(&self, tx: &mut Tx, id: Id, visitor: &Visitor) -> Answer<Flow, FlowRefusal> {
        let flow = tx.lock_flow(id).await?;
        self.usable(flow, visitor)
    }

    fn usable(&self, flow: Option<Flow>, visitor: &Visitor) -> Answer<Flow, FlowRefusal> {
        let Some(flow) = flow else { return refuse(FlowRefusal::Gone) };
        if !visitor.owns(&flow) {
            return refuse(FlowRefusal::OtherBrowser);
        }
        if flow.expires_at <= self.now() {
            return refuse(FlowRefusal::Gone);
        }
        Ok(flow)
    }
}
