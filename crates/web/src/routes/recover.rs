//! A forgotten password.

use crate::convert::rules;
use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply, ResetProblem};
use crate::run::run;
use app::login::SetPassword;
use base::Id;
use view::pages::PasswordProblem;
use view::pages::login::{Recover, RecoverSent, Reset, ResetDone};

/// Asks for the address.
pub(crate) async fn page(guest: Guest) -> Reply {
    ask(&guest, guest.flow(), String::new(), None)
}

/// Has a link sent. The answer is the same for every address.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let (flow, typed) = (form.id("flow"), form.text("username"));
    let (work, email) = (guest.clone(), typed.clone());
    match run(async move { work.here().request_reset(&email, work.visitor()).await }).await {
        Ok(()) => {
            let sheet = match flow {
                Some(flow) => Sheet::new(&guest).flow(flow),
                None => Sheet::new(&guest),
            };
            sheet.show(&RecoverSent { flow: flow.map(|flow| flow.to_string()), email: typed })
        }
        Err(problem) => {
            let again = reply::reset(&guest, problem)?;
            ask(&guest, flow, typed, Some(again))
        }
    }
}

fn ask(guest: &Guest, flow: Option<Id>, username: String, again: Option<Again<ResetProblem>>) -> Reply {
    let (sheet, problem) = Sheet::new(guest).again(again);
    sheet.show(&Recover {
        flow: flow.map(|flow| flow.to_string()),
        username,
        invalid: problem.is_some(),
        can_recover: guest.here().can_recover(),
    })
}

/// Behind the link: a new password. Looking at the page spends nothing.
pub(crate) async fn reset_page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    show(&guest, token, None).await
}

/// Sets it. Nobody is signed in by it.
pub(crate) async fn reset(guest: Guest, form: Form) -> Reply {
    let command = SetPassword { token: form.text("token"), password: form.secret("password") };
    let work = guest.clone();
    match run(async move { work.here().reset(command, work.visitor()).await }).await {
        Ok(cookies) => Ok(reply::with_cookies(&guest, Sheet::new(&guest).show(&ResetDone {})?, &cookies)),
        Err(problem) => {
            let again = reply::reset(&guest, problem)?;
            show(&guest, form.text("token"), Some(again)).await
        }
    }
}

async fn show(guest: &Guest, token: String, again: Option<Again<ResetProblem>>) -> Reply {
    let email = match guest.here().reset_page(&token).await {
        Ok(email) => email,
        Err(problem) => return Err(reply::reset(guest, problem).err().unwrap_or_else(|| reply::unreadable(guest))),
    };
    let (sheet, problem) = Sheet::new(guest).again(again);
    let problem = problem.and_then(password);
    sheet.show(&Reset { token, email: email.as_str().to_owned(), rules: rules(guest.here()), problem })
}

fn password(problem: ResetProblem) -> Option<PasswordProblem> {
    match problem {
        ResetProblem::Password(why) => Some(why),
        ResetProblem::Email => None,
    }
}
