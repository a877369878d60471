//! A new password. An account with a second factor proves both before the form is shown.

use super::{back, secure, sign_in};
use crate::convert::rules;
use crate::form::Form;
use crate::page::Sheet;
use crate::recent::may_change_password;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::account::ChangePassword;
use base::routes;
use view::Banner;
use view::pages::account::{ChangeProblem, NewPassword};

/// The form on a page of its own.
pub(crate) async fn page(person: SignedIn) -> Reply {
    may_change_password(&person, routes::PASSWORD).await?;
    show(&person, None)
}

/// Changes the password. From the guided way after a "no" it leads back there.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let end_others = form.is_on("end_others");
    let command = ChangePassword { current: form.secret("current"), new: form.secret("password"), end_others };
    let work = person.clone();
    let back = back(&form, routes::SIGN_IN);
    match run(async move { work.here().change_password(&work.signed, command, work.visitor()).await }).await {
        Ok(made) => {
            let cookies = reply::made(&person, made, back)?;
            let said = if end_others { Banner::PasswordChangedOthersOut } else { Banner::PasswordChanged };
            let to = if back == routes::SECURE { secure::AFTER_PASSWORD } else { back };
            Ok(reply::done(&person, to, said, &cookies))
        }
        Err(problem) => {
            let page = if back == routes::SECURE { routes::SECURE } else { routes::PASSWORD };
            let again = reply::change(&person, problem, page)?;
            match (back, form.filled("next")) {
                (routes::SECURE, _) => secure::show(&person, Some(again)).await,
                (_, Some(routes::PASSWORD)) => show(&person, Some(again)),
                _ => sign_in::show(&person, Some(again)).await,
            }
        }
    }
}

fn show(person: &SignedIn, again: Option<Again<ChangeProblem>>) -> Reply {
    let (sheet, problem) = Sheet::new(person).of(&person.signed).again(again);
    let email = person.signed.account.email.as_str().to_owned();
    sheet.show(&NewPassword { email, rules: rules(person.here()), problem })
}
