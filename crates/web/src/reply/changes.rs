//! Sensitive changes: where one leads that was asked for, and answers that were not taken.

use super::step::{done, for_script, see_other};
use super::trouble::{fault, trouble};
use super::{Again, Stop, json};
use crate::convert::seconds;
use crate::guest::Guest;
use actix_web::http::StatusCode;
use app::change::{AnswerProblem, EmailRefusal, LiftRefusal, Made, NotNow, PhoneRefusal};
use app::oidc::AskProblem;
use app::{Cookies, Problem, Step};
use base::routes;
use identity::change::{Leg, NotTaken};
use view::Banner;
use view::pages::account::ProfileProblem;
use view::pages::change::ChangeTrouble;
use view::pages::error::Trouble;

/// On, where it is done; to its own page, where it waits; to why not, where it was not even asked for.
pub(crate) fn made<T>(guest: &Guest, made: Made<T>, back: &str) -> Result<T, Stop> {
    Err(match made {
        Made::Done(value) => return Ok(value),
        Made::Waits(id) => see_other(&routes::change(id)).into(),
        Made::NotNow(NotNow::LockedDown) => see_other(routes::LOCKDOWN).into(),
        Made::NotNow(NotNow::TooMany(_)) => done(guest, back, Banner::ChangesTooMany, &Cookies::default()).into(),
        Made::NotNow(NotNow::Overtaken) => done(guest, back, Banner::ChangeOvertaken, &Cookies::default()).into(),
    })
}

/// The same for a script, which goes there by itself.
pub(crate) fn made_by_script<T>(guest: &Guest, made: Made<T>, back: &str) -> Result<T, Stop> {
    let to = |path: String| for_script(guest, StatusCode::OK, Step::here(path));
    Err(match made {
        Made::Done(value) => return Ok(value),
        Made::Waits(id) => to(routes::change(id)).into(),
        Made::NotNow(NotNow::LockedDown) => to(routes::LOCKDOWN.to_owned()).into(),
        Made::NotNow(NotNow::TooMany(_)) => json::done(guest, back, Banner::ChangesTooMany).into(),
        Made::NotNow(NotNow::Overtaken) => json::done(guest, back, Banner::ChangeOvertaken).into(),
    })
}

/// An answer was not taken: what the change's own page says of it; nothing when the page itself tells, as it is over.
/// `sign_in` is the way for whom a session would help.
pub(crate) fn not_taken(
    guest: &Guest,
    problem: Problem<AnswerProblem>,
    leg: Leg,
    sign_in: Option<&str>,
) -> Result<Option<Again<ChangeTrouble>>, Stop> {
    let why = match problem {
        Problem::Refusal(AnswerProblem::NotTaken(why)) => why,
        Problem::Refusal(AnswerProblem::TooMany(many)) => {
            let wait = (!many.is_until_reset()).then(|| seconds(many.wait));
            return Ok(Some(Again::form(wait.map_or(ChangeTrouble::Closed, |wait| ChangeTrouble::TooMany { wait }))));
        }
        Problem::Refusal(AnswerProblem::NoUndo) => return Ok(Some(Again::form(ChangeTrouble::NoUndo))),
        Problem::Refusal(AnswerProblem::NotYours) => {
            return Err(match sign_in {
                Some(way) => see_other(way).into(),
                None => trouble(guest, Trouble::NotFound),
            });
        }
        Problem::Fault(broken) => return Err(fault(guest, &broken)),
    };
    Ok(match why {
        // The page shows how it stands, and what to do about it.
        NotTaken::Over | NotTaken::ByMail | NotTaken::OwnRequest | NotTaken::NotVouched | NotTaken::ProveFirst => None,
        NotTaken::WrongNumber { left: 0 } | NotTaken::WrongCode { left: 0 } => None,
        NotTaken::WrongNumber { left } => Some(Again::form(ChangeTrouble::WrongNumber { left })),
        NotTaken::WrongCode { left } => Some(Again::form(match leg {
            Leg::Yes => ChangeTrouble::WrongCode { left },
            Leg::NewAddress => ChangeTrouble::WrongNewCode { left },
        })),
    })
}

/// No answer was given to an app, for this browser may not: what was not taken otherwise, its page says.
pub(crate) fn ask(guest: &Guest, problem: Problem<AskProblem>, sign_in: Option<&str>) -> Stop {
    match (problem, sign_in) {
        (Problem::Refusal(AskProblem::NotYours), Some(way)) => see_other(way).into(),
        (Problem::Refusal(AskProblem::NotYours | AskProblem::NotTaken | AskProblem::WrongNumber { .. }), _) => {
            trouble(guest, Trouble::NotFound)
        }
        (Problem::Fault(broken), _) => fault(guest, &broken),
    }
}

/// The mail address stayed as it is.
pub(crate) fn email(guest: &Guest, problem: Problem<EmailRefusal>) -> Result<Again<&'static str>, Stop> {
    match problem {
        Problem::Refusal(EmailRefusal::Invalid) => Ok(Again::form("invalid")),
        Problem::Refusal(EmailRefusal::Same) => Ok(Again::form("same")),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// The telephone number stayed as it is.
pub(crate) fn phone(guest: &Guest, problem: Problem<PhoneRefusal>) -> Result<Again<ProfileProblem>, Stop> {
    match problem {
        Problem::Refusal(PhoneRefusal::Invalid) => Ok(Again::form(ProfileProblem::Phone)),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// The account was not locked down, or not opened again.
pub(crate) fn lockdown(guest: &Guest, problem: Problem<LiftRefusal>, sign_in: Option<&str>) -> Stop {
    match (problem, sign_in) {
        (Problem::Refusal(LiftRefusal::NotYours), Some(way)) => see_other(way).into(),
        (Problem::Refusal(LiftRefusal::NotYours), None) => trouble(guest, Trouble::NotFound),
        (Problem::Refusal(LiftRefusal::LinkGone), _) => {
            trouble(guest, Trouble::LinkGone { again: Some(routes::RECOVER.to_owned()) })
        }
        (Problem::Fault(broken), _) => fault(guest, &broken),
    }
}
