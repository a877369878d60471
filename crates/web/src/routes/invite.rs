//! Behind an invitation. Looking at the page spends nothing.

use crate::convert::rules;
use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use app::login::AcceptInvite;
use view::pages::join::{Invite, JoinProblem};

/// The form: name and password.
pub(crate) async fn page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    show(&guest, token, None, None).await
}

/// Makes the account and signs in to it.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let command = AcceptInvite {
        token: form.text("token"),
        name: form.text("name"),
        password: form.secret("password"),
        browser: form.browser(),
    };
    let work = guest.clone();
    match run(async move { work.here().accept_invite(command, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&guest, step)),
        Err(problem) => {
            let again = reply::invite(&guest, problem)?;
            show(&guest, form.text("token"), Some(form.text("name")), Some(again)).await
        }
    }
}

async fn show(guest: &Guest, token: String, name: Option<String>, again: Option<Again<JoinProblem>>) -> Reply {
    let page = match guest.here().invite_page(&token).await {
        Ok(page) => page,
        Err(problem) => return Err(reply::invite(guest, problem).err().unwrap_or_else(|| reply::unreadable(guest))),
    };
    let (sheet, problem) = Sheet::new(guest).again(again);
    sheet.show(&Invite {
        token,
        email: page.email.as_str().to_owned(),
        name: name.unwrap_or(page.name),
        rules: rules(guest.here()),
        problem,
    })
}
