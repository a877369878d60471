//! What a person is told when another provider's word did not help: on the page where the way to it began.

use super::{Again, Stop, bounce, fault, flow_ended, trouble};
use crate::guest::Guest;
use actix_web::http::StatusCode;
use app::account::UnlinkRefusal;
use app::login::{AnswerProblem, BeginProblem, UpstreamTrouble};
use app::{Problem, Step};
use base::{Id, routes};
use view::pages::error::Trouble;
use view::pages::login::LoginProblem;
use view::pages::upstream::{UpstreamNote, UpstreamProblem};

/// The words for a trouble.
const fn words(trouble: UpstreamTrouble) -> UpstreamProblem {
    match trouble {
        UpstreamTrouble::Cancelled => UpstreamProblem::Cancelled,
        UpstreamTrouble::Down => UpstreamProblem::Down,
        UpstreamTrouble::NotProven => UpstreamProblem::NotProven,
        UpstreamTrouble::Spent => UpstreamProblem::Spent,
        UpstreamTrouble::Mixed => UpstreamProblem::Mixed,
        UpstreamTrouble::Off => UpstreamProblem::Off,
        UpstreamTrouble::SomebodyElse => UpstreamProblem::SomebodyElse,
        UpstreamTrouble::TooOld => UpstreamProblem::TooOld,
        UpstreamTrouble::Disabled => UpstreamProblem::Disabled,
        UpstreamTrouble::Taken => UpstreamProblem::Taken,
    }
}

fn note(guest: &Guest, key: &str, why: UpstreamProblem) -> UpstreamNote {
    UpstreamNote { why, provider: guest.here().provider_name(key) }
}

/// What the address of a page says about a provider: the way back from one leads by it.
pub(crate) fn problem_of(guest: &Guest) -> Option<UpstreamNote> {
    let why = UpstreamProblem::from_name(guest.asked("upstream")?)?;
    // Words of a stranger's link must not come onto the page: a key is all that it can say.
    let key = guest.asked("by").filter(|key| is_key(key))?;
    Some(note(guest, key, why))
}

fn is_key(text: &str) -> bool {
    text.len() <= 32 && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Nobody was sent to a provider.
pub(crate) async fn begin_upstream(
    guest: &Guest,
    (flow, key): (Id, &str),
    problem: Problem<BeginProblem>,
) -> Result<Again<LoginProblem>, Stop> {
    match problem {
        Problem::Refusal(BeginProblem::Flow(refusal)) => match flow_ended(guest, flow, refusal).await {
            Ok(response) => Err(response.into()),
            Err(stop) => Err(stop),
        },
        Problem::Refusal(BeginProblem::Trouble(trouble)) => {
            let status = match trouble {
                UpstreamTrouble::Down => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let problem = LoginProblem::Upstream(note(guest, key, words(trouble)));
            Ok(Again { problem, status, wait: None })
        }
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// Nobody was sent to a provider from the account's page.
pub(crate) fn begin_link(guest: &Guest, key: &str, problem: Problem<UpstreamTrouble>) -> Result<UpstreamNote, Stop> {
    match problem {
        Problem::Refusal(trouble) => Ok(note(guest, key, words(trouble))),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// It stays linked: why, or nothing when it is gone.
pub(crate) fn unlink(
    guest: &Guest,
    provider: &str,
    problem: Problem<UnlinkRefusal>,
) -> Result<Option<UpstreamNote>, Stop> {
    match problem {
        Problem::Refusal(UnlinkRefusal::LastWay) => {
            Ok(Some(UpstreamNote { why: UpstreamProblem::LastWay, provider: provider.to_owned() }))
        }
        Problem::Refusal(UnlinkRefusal::Gone) => Ok(None),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// A provider's answer led nowhere: back to where its way began.
pub(crate) fn upstream_answer(guest: &Guest, problem: Problem<AnswerProblem>) -> Stop {
    let back = |path: String| bounce(guest, Step::here(path)).into();
    let said = |trouble, provider: &str| format!("upstream={}&by={provider}", words(trouble).name());
    match problem {
        Problem::Refusal(AnswerProblem::Unknown) => trouble(guest, Trouble::FlowGone { restart: None }),
        Problem::Refusal(AnswerProblem::OtherBrowser) => trouble(guest, Trouble::OtherBrowser),
        Problem::Refusal(AnswerProblem::Ended(flow)) => back(routes::with_flow(routes::LOGIN, flow)),
        Problem::Refusal(AnswerProblem::SignIn { flow, provider, trouble }) => {
            back(format!("{}&{}", routes::with_flow(routes::LOGIN, flow), said(trouble, &provider)))
        }
        Problem::Refusal(AnswerProblem::Account { provider, trouble }) => {
            back(format!("{}?{}", routes::SIGN_IN, said(trouble, &provider)))
        }
        Problem::Refusal(AnswerProblem::SignedOut) => back(routes::SIGN_IN.to_owned()),
        Problem::Fault(broken) => fault(guest, &broken),
    }
}
