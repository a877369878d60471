//! What a person is told when a form is not taken.

use super::again::Again;
use super::trouble::{fault_in, log};
use super::{Reply, Stop, begin_again, fault, flow_ended, trouble};
use crate::convert::{seconds, weakness};
use crate::guest::Guest;
use actix_web::http::StatusCode;
use app::account::{AnswerRefusal, AppRefusal, ChangeRefusal, KeyChangeRefusal, ProfileRefusal};
use app::guard::TooMany;
use app::login::{
    Detour, EnrolRefusal, FlowRefusal, InviteRefusal, LoginRefusal, MailCodeRefusal, RegisterRefusal, ResetRefusal,
    SecondFactorRefusal,
};
use app::oidc::{AuthorizeProblem, DeviceRefusal};
use app::recovery::RecoveryRefusal;
use app::setup::SetUpRefusal;
use app::way_off::WayOffRefusal;
use app::{Cookies, Problem};
use base::{Id, routes};
use oauth::OAuthError;
use view::Banner;
use view::pages::PasswordProblem;
use view::pages::account::{ChangeProblem, ProfileProblem};
use view::pages::device::DeviceProblem;
use view::pages::error::Trouble;
use view::pages::join::JoinProblem;
use view::pages::login::LoginProblem;
use view::pages::mail_code::MailCodeProblem;
use view::pages::second_factor::CodeProblem;

async fn ended(guest: &Guest, flow: Id, refusal: FlowRefusal) -> Stop {
    match flow_ended(guest, flow, refusal).await {
        Ok(response) => response.into(),
        Err(stop) => stop,
    }
}

/// A flow that can't go on.
pub(crate) async fn flow(guest: &Guest, flow: Id, problem: Problem<FlowRefusal>) -> Stop {
    match problem {
        Problem::Refusal(refusal) => ended(guest, flow, refusal).await,
        Problem::Fault(broken) => fault(guest, &broken),
    }
}

/// Nobody was signed in.
pub(crate) async fn login(
    guest: &Guest,
    flow: Id,
    problem: Problem<LoginRefusal>,
) -> Result<Again<LoginProblem>, Stop> {
    match problem {
        Problem::Refusal(LoginRefusal::Wrong) => Ok(Again::form(LoginProblem::Wrong)),
        Problem::Refusal(LoginRefusal::TooMany(wait)) => {
            Ok(Again::later_or(LoginProblem::Closed, wait, |wait| LoginProblem::TooMany { wait }))
        }
        Problem::Refusal(LoginRefusal::OtherAccount) => Ok(Again::form(LoginProblem::OtherAccount)),
        Problem::Refusal(LoginRefusal::NoPasswords) => Ok(Again::form(LoginProblem::NoPasswords)),
        Problem::Refusal(LoginRefusal::Flow(refusal)) => Err(ended(guest, flow, refusal).await),
        Problem::Fault(busy) if busy.is_busy() => {
            log(guest, &busy);
            Ok(Again { problem: LoginProblem::Busy, status: StatusCode::SERVICE_UNAVAILABLE, wait: Some(1) })
        }
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// No code by mail was sent, or taken.
pub(crate) async fn mail_code(
    guest: &Guest,
    flow: Id,
    problem: Problem<MailCodeRefusal>,
) -> Result<Again<MailCodeProblem>, Stop> {
    let refusal = match problem {
        Problem::Refusal(refusal) => refusal,
        Problem::Fault(broken) => return Err(fault(guest, &broken)),
    };
    match refusal {
        MailCodeRefusal::Email => Ok(Again::form(MailCodeProblem::Email)),
        MailCodeRefusal::Wrong => Ok(Again::form(MailCodeProblem::Wrong)),
        MailCodeRefusal::Malformed => Ok(Again::form(MailCodeProblem::Malformed)),
        MailCodeRefusal::Late => Ok(Again::form(MailCodeProblem::Late)),
        MailCodeRefusal::TooMany(wait) => {
            Ok(Again::later_or(MailCodeProblem::Closed, wait, |wait| MailCodeProblem::TooMany { wait }))
        }
        MailCodeRefusal::Off => Err(trouble(guest, Trouble::NoMailCode { flow: flow.to_string() })),
        MailCodeRefusal::NotAsked => Err(super::see_other(&routes::with_flow(routes::LOGIN_CODE, flow)).into()),
        MailCodeRefusal::NotEnough => {
            Err(super::see_other(&format!("{}&restarted=mail", routes::with_flow(routes::LOGIN, flow))).into())
        }
        MailCodeRefusal::Dead => {
            Err(begin_again(guest, flow, "codes").await.unwrap_or_else(Stop::into_response).into())
        }
        MailCodeRefusal::Flow(refusal) => Err(ended(guest, flow, refusal).await),
    }
}

/// No device was let in.
pub(crate) fn device(guest: &Guest, problem: Problem<DeviceRefusal>) -> Result<Again<DeviceProblem>, Stop> {
    match problem {
        Problem::Refusal(DeviceRefusal::Malformed) => Ok(Again::form(DeviceProblem::Malformed)),
        Problem::Refusal(DeviceRefusal::Wrong) => Ok(Again::form(DeviceProblem::Wrong)),
        Problem::Refusal(DeviceRefusal::Late) => Ok(Again::form(DeviceProblem::Late)),
        Problem::Refusal(DeviceRefusal::Used) => Ok(Again::form(DeviceProblem::Used)),
        Problem::Refusal(DeviceRefusal::TooMany(wait)) => {
            Ok(Again::later(wait, |wait| DeviceProblem::TooMany { wait }))
        }
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// No second factor was given.
pub(crate) async fn second_factor(
    guest: &Guest,
    flow: Id,
    problem: Problem<SecondFactorRefusal>,
) -> Result<Again<CodeProblem>, Stop> {
    match problem {
        Problem::Refusal(SecondFactorRefusal::Wrong) => Ok(Again::form(CodeProblem::Wrong)),
        Problem::Refusal(SecondFactorRefusal::Malformed) => Ok(Again::form(CodeProblem::Malformed)),
        Problem::Refusal(SecondFactorRefusal::TooMany(wait)) => {
            Ok(Again::later_or(CodeProblem::Closed, wait, |wait| CodeProblem::TooMany { wait }))
        }
        Problem::Refusal(SecondFactorRefusal::Elsewhere(step)) => Err(super::step(guest, *step).into()),
        Problem::Refusal(SecondFactorRefusal::Flow(refusal)) => Err(ended(guest, flow, refusal).await),
        Problem::Refusal(SecondFactorRefusal::Dead) => match begin_again(guest, flow, "codes").await {
            Ok(response) => Err(response.into()),
            Err(stop) => Err(stop),
        },
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// No authenticator app was set up.
pub(crate) fn set_up_app(guest: &Guest, problem: Problem<AppRefusal>) -> Result<Again<CodeProblem>, Stop> {
    match problem {
        Problem::Refusal(AppRefusal::Malformed) => Ok(Again::form(CodeProblem::Malformed)),
        Problem::Refusal(AppRefusal::Wrong) => Ok(Again::form(CodeProblem::Wrong)),
        Problem::Refusal(AppRefusal::ClockIsOff) => Ok(Again::form(CodeProblem::Clock)),
        Problem::Refusal(AppRefusal::Off) => Err(trouble(guest, Trouble::NotFound)),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// Nothing was set up on the way in.
pub(crate) async fn enrol(
    guest: &Guest,
    flow: Id,
    problem: Problem<EnrolRefusal<AppRefusal>>,
) -> Result<Again<CodeProblem>, Stop> {
    match problem {
        Problem::Refusal(EnrolRefusal::Way(refusal)) => set_up_app(guest, Problem::Refusal(refusal)),
        Problem::Refusal(EnrolRefusal::Detour(Detour::Elsewhere(step))) => Err(super::step(guest, *step).into()),
        Problem::Refusal(EnrolRefusal::Detour(Detour::Flow(refusal))) => Err(ended(guest, flow, refusal).await),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// No account was made.
pub(crate) async fn register(
    guest: &Guest,
    flow: Id,
    problem: Problem<RegisterRefusal>,
) -> Result<Again<JoinProblem>, Stop> {
    let refusal = match problem {
        Problem::Refusal(refusal) => refusal,
        Problem::Fault(broken) => return Err(fault(guest, &broken)),
    };
    match refusal {
        RegisterRefusal::Email => Ok(Again::form(JoinProblem::Email)),
        RegisterRefusal::Name => Ok(Again::form(JoinProblem::Name)),
        RegisterRefusal::Weak(weak) => Ok(Again::form(JoinProblem::Password { why: weakness(weak) })),
        RegisterRefusal::TooMany(wait) => Ok(Again::later(wait, |wait| JoinProblem::TooMany { wait })),
        RegisterRefusal::Flow(refusal) => Err(ended(guest, flow, refusal).await),
        RegisterRefusal::Closed => Err(trouble(guest, Trouble::RegistrationClosed)),
        RegisterRefusal::LinkGone | RegisterRefusal::WrongCode => Err(trouble(guest, link_gone(routes::REGISTER))),
        RegisterRefusal::Taken => Err(trouble(guest, Trouble::Taken)),
        // The page that waits goes on waiting.
        RegisterRefusal::NotYet => Err(super::see_other(&routes::with_flow(routes::CHECK_MAIL, flow)).into()),
    }
}

/// The address was not confirmed: a wrong code can be typed again, anything else ends here.
pub(crate) fn confirm(guest: &Guest, problem: Problem<RegisterRefusal>) -> Result<Again<()>, Stop> {
    let refusal = match problem {
        Problem::Refusal(refusal) => refusal,
        Problem::Fault(broken) => return Err(fault(guest, &broken)),
    };
    match refusal {
        RegisterRefusal::WrongCode => Ok(Again::form(())),
        RegisterRefusal::Taken => Err(trouble(guest, Trouble::Taken)),
        RegisterRefusal::Closed => Err(trouble(guest, Trouble::RegistrationClosed)),
        RegisterRefusal::TooMany(TooMany { wait }) => Err(trouble(guest, Trouble::TooMany { wait: seconds(wait) })),
        RegisterRefusal::LinkGone
        | RegisterRefusal::Flow(_)
        | RegisterRefusal::Email
        | RegisterRefusal::Name
        | RegisterRefusal::Weak(_)
        | RegisterRefusal::NotYet => Err(trouble(guest, link_gone(routes::REGISTER))),
    }
}

/// An invitation led to no account.
pub(crate) fn invite(guest: &Guest, problem: Problem<InviteRefusal>) -> Result<Again<JoinProblem>, Stop> {
    match problem {
        Problem::Refusal(InviteRefusal::Name) => Ok(Again::form(JoinProblem::Name)),
        Problem::Refusal(InviteRefusal::Weak(weak)) => Ok(Again::form(JoinProblem::Password { why: weakness(weak) })),
        Problem::Refusal(InviteRefusal::Taken) => Err(trouble(guest, Trouble::Taken)),
        // Only the operator can send another.
        Problem::Refusal(InviteRefusal::LinkGone) => Err(trouble(guest, Trouble::LinkGone { again: None })),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// What is wrong with asking for, or setting, a new password.
pub(crate) enum ResetProblem {
    /// The address.
    Email,
    /// The password.
    Password(PasswordProblem),
}

/// No password was set, or no link sent.
pub(crate) fn reset(guest: &Guest, problem: Problem<ResetRefusal>) -> Result<Again<ResetProblem>, Stop> {
    match problem {
        Problem::Refusal(ResetRefusal::Email) => Ok(Again::form(ResetProblem::Email)),
        Problem::Refusal(ResetRefusal::Weak(weak)) => Ok(Again::form(ResetProblem::Password(weakness(weak)))),
        Problem::Refusal(ResetRefusal::Same) => Ok(Again::form(ResetProblem::Password(PasswordProblem::Same))),
        Problem::Refusal(ResetRefusal::LinkGone) => Err(trouble(guest, link_gone(routes::RECOVER))),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// What is answered where a way back is over, or not ready, and the page says how it stands.
pub(crate) const RECOVERY_STANDS: StatusCode = StatusCode::CONFLICT;

/// No way back was asked for.
pub(crate) fn recovery_asked(guest: &Guest, problem: Problem<RecoveryRefusal>) -> Result<Again<()>, Stop> {
    match problem {
        Problem::Refusal(RecoveryRefusal::Email) => Ok(Again::form(())),
        problem => Err(recovery_link(guest, problem)),
    }
}

/// A link of a way back leads nowhere.
pub(crate) fn recovery_link(guest: &Guest, problem: Problem<RecoveryRefusal>) -> Stop {
    match problem {
        Problem::Refusal(RecoveryRefusal::TooOften(TooMany { wait })) => {
            trouble(guest, Trouble::TooMany { wait: seconds(wait) })
        }
        Problem::Refusal(
            RecoveryRefusal::LinkGone
            | RecoveryRefusal::Email
            | RecoveryRefusal::NotYours
            | RecoveryRefusal::Stands(_)
            | RecoveryRefusal::Weak(_)
            | RecoveryRefusal::Same,
        ) => trouble(guest, link_gone(routes::RECOVERY)),
        Problem::Fault(broken) => fault(guest, &broken),
    }
}

/// A way back was not stopped. `sign_in` is the way for whom a session would help.
pub(crate) fn recovery_stop(guest: &Guest, problem: Problem<RecoveryRefusal>, sign_in: Option<&str>) -> Stop {
    match (problem, sign_in) {
        (Problem::Refusal(RecoveryRefusal::NotYours), Some(way)) => super::see_other(way).into(),
        (Problem::Refusal(RecoveryRefusal::NotYours), None) => trouble(guest, Trouble::NotFound),
        (problem, _) => recovery_link(guest, problem),
    }
}

/// A way back was not finished: the password can be chosen again.
pub(crate) fn recovery_password(
    guest: &Guest,
    problem: Problem<RecoveryRefusal>,
) -> Result<Again<PasswordProblem>, Stop> {
    match problem {
        Problem::Refusal(RecoveryRefusal::Weak(weak)) => Ok(Again::form(weakness(weak))),
        Problem::Refusal(RecoveryRefusal::Same) => Ok(Again::form(PasswordProblem::Same)),
        problem => Err(recovery_link(guest, problem)),
    }
}

/// The password stayed as it is. `page` is the one with the form: it asks for more where more has to be proven.
pub(crate) fn change(guest: &Guest, problem: Problem<ChangeRefusal>, page: &str) -> Result<Again<ChangeProblem>, Stop> {
    match problem {
        Problem::Refusal(ChangeRefusal::ProveFirst) => Err(super::see_other(page).into()),
        Problem::Refusal(ChangeRefusal::Wrong) => Ok(Again::form(ChangeProblem::Wrong)),
        Problem::Refusal(ChangeRefusal::TooMany(wait)) => {
            Ok(Again::later_or(ChangeProblem::Closed, wait, |wait| ChangeProblem::TooMany { wait }))
        }
        Problem::Refusal(ChangeRefusal::Same) => {
            Ok(Again::form(ChangeProblem::Password { why: PasswordProblem::Same }))
        }
        Problem::Refusal(ChangeRefusal::Weak(weak)) => Ok(Again::form(ChangeProblem::Password { why: weakness(weak) })),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// A passkey or security key stayed as it is. (A name that was not taken is told beside its field.)
pub(crate) fn key_change(guest: &Guest, problem: Problem<KeyChangeRefusal>) -> Reply {
    let said = |banner| Ok(super::done(guest, routes::SIGN_IN, banner, &Cookies::default()));
    match problem {
        Problem::Refusal(KeyChangeRefusal::Gone | KeyChangeRefusal::Name) => said(Banner::Gone),
        Problem::Refusal(KeyChangeRefusal::LastWayIn) => said(Banner::LastWayIn),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// The profile was not saved.
pub(crate) fn profile(guest: &Guest, problem: Problem<ProfileRefusal>) -> Result<Again<ProfileProblem>, Stop> {
    match problem {
        Problem::Refusal(ProfileRefusal::Name) => Ok(Again::form(ProfileProblem::Name)),
        Problem::Refusal(ProfileRefusal::Locale) => Ok(Again::form(ProfileProblem::Locale)),
        Problem::Refusal(ProfileRefusal::TimeZone) => Ok(Again::form(ProfileProblem::TimeZone)),
        Problem::Refusal(ProfileRefusal::Detail(detail)) => Ok(Again::form(ProfileProblem::Detail(detail))),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// Nothing was set up.
pub(crate) fn set_up(guest: &Guest, problem: Problem<SetUpRefusal>) -> Result<Again<JoinProblem>, Stop> {
    match problem {
        Problem::Refusal(SetUpRefusal::Closed) => Err(trouble(guest, Trouble::SetupClosed)),
        Problem::Refusal(SetUpRefusal::Brand) => Ok(Again::form(JoinProblem::Brand)),
        Problem::Refusal(SetUpRefusal::Email) => Ok(Again::form(JoinProblem::Email)),
        Problem::Refusal(SetUpRefusal::Name) => Ok(Again::form(JoinProblem::Name)),
        Problem::Refusal(SetUpRefusal::Weak(weak)) => Ok(Again::form(JoinProblem::Password { why: weakness(weak) })),
        Problem::Fault(broken) => Err(fault(guest, &broken)),
    }
}

/// "Was this you?" has no answer. `sign_in` is the way for whom a session would help.
pub(crate) fn answer(guest: &Guest, problem: Problem<AnswerRefusal>, sign_in: Option<&str>) -> Stop {
    match (problem, sign_in) {
        (Problem::Refusal(AnswerRefusal::SignInFirst | AnswerRefusal::NotYours), Some(way)) => {
            super::see_other(way).into()
        }
        (Problem::Refusal(AnswerRefusal::SignInFirst | AnswerRefusal::NotYours), None) => {
            trouble(guest, Trouble::NotFound)
        }
        (Problem::Fault(broken), _) => fault(guest, &broken),
    }
}

/// An app's request that can't be answered by a redirect: told on our own page. `again` is the address of the same request.
pub(crate) fn authorize(guest: &Guest, problem: Problem<AuthorizeProblem>, again: Option<String>) -> Stop {
    match problem {
        Problem::Refusal(AuthorizeProblem::Page(error)) => request(guest, &error),
        Problem::Fault(broken) => fault_in(guest, &broken, again),
    }
}

/// An app's request, with the parameter at fault.
pub(crate) fn request(guest: &Guest, error: &OAuthError) -> Stop {
    let said = error.description();
    let detail = error.detail().unwrap_or(said);
    tracing::info!(request_id = guest.request_id(), trace_id = guest.trace_id(), path = guest.path(), code = %error.code, detail, "refused an app");
    let parameter = PARAMETERS.iter().find(|name| mentions(said, name)).map(|name| (*name).to_owned());
    let description = match error.detail() {
        Some(detail) if guest.state().settings().dev => with_apostrophes(&format!("{said} ({detail})")),
        Some(_) | None => with_apostrophes(said),
    };
    let code = error.code.as_str().to_owned();
    trouble(guest, Trouble::Request { code, parameter, description, registered: Vec::new() })
}

/// Parameters that an error of the front channel can be about, the particular before the general.
const PARAMETERS: [&str; 8] = [
    "post_logout_redirect_uri",
    "redirect_uri",
    "client_id",
    "id_token_hint",
    "response_type",
    "response_mode",
    "state",
    "scope",
];

/// Whether a sentence names a parameter as a word of its own.
fn mentions(sentence: &str, name: &str) -> bool {
    sentence.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == name)
}

/// A sentence in ASCII, as the protocol wants it (RFC 6749 §4.1.2.1), with the apostrophes of a page.
fn with_apostrophes(sentence: &str) -> String {
    let mut before = ' ';
    let mut chars = sentence.chars().peekable();
    let mut set = String::with_capacity(sentence.len());
    while let Some(c) = chars.next() {
        let inside = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        set.push(if c == '\'' && inside { '’' } else { c });
        before = c;
    }
    set
}

fn link_gone(again: &str) -> Trouble {
    Trouble::LinkGone { again: Some(again.to_owned()) }
}

/// Nothing was switched off by the way off in a mail.
pub(crate) fn way_off(guest: &Guest, problem: Problem<WayOffRefusal>) -> Stop {
    match problem {
        Problem::Refusal(WayOffRefusal::NotOurs) => trouble(guest, link_gone(routes::NOTIFICATIONS)),
        Problem::Fault(broken) => fault(guest, &broken),
    }
}

#[cfg(test)]
mod tests {
    use super::with_apostrophes;

    #[test]
    fn a_page_has_the_apostrophes_of_print_and_keeps_quoted_values() {
        assert_eq!(with_apostrophes("check it in the app's settings"), "check it in the app’s settings");
        assert_eq!(with_apostrophes("send 'code', or don't"), "send 'code', or don’t");
    }
}
