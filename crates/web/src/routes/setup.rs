//! The first run.

use crate::convert::rules;
use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use app::setup::SetUp;
use view::pages::join::{JoinProblem, Setup, SetupDone};

/// The form, behind the link that the first start prints.
pub(crate) async fn page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    if let Err(problem) = guest.here().set_up_page(&token).await {
        let again = reply::set_up(&guest, problem)?;
        return show(&guest, token, Form::default(), Some(again));
    }
    show(&guest, token, Form::default(), None)
}

/// Names the installation and makes its first operator.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let command = SetUp {
        token: form.text("token"),
        brand: form.text("brand"),
        email: form.text("username"),
        name: form.text("name"),
        password: form.secret("password"),
    };
    let again = guest.clone();
    match run(async move { again.here().set_up(command, again.visitor()).await }).await {
        Ok(()) => Sheet::new(&guest).show(&SetupDone {}),
        Err(problem) => {
            let problem = reply::set_up(&guest, problem)?;
            show(&guest, form.text("token"), form, Some(problem))
        }
    }
}

fn show(guest: &Guest, token: String, typed: Form, again: Option<Again<JoinProblem>>) -> Reply {
    let (sheet, problem) = Sheet::new(guest).again(again);
    sheet.show(&Setup {
        token,
        brand: typed.text("brand"),
        username: typed.text("username"),
        name: typed.text("name"),
        rules: rules(guest.here()),
        problem,
    })
}
