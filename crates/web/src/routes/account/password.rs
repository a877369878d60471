//! Ways to sign in: the password.

use super::{back, keys, secure};
use crate::convert::rules;
use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::account::ChangePassword;
use base::routes;
use view::Banner;
use view::pages::account::{ChangeProblem, SignIn};
use view::pages::keys::RefusedName;

/// The page.
pub(crate) async fn page(person: SignedIn) -> Reply {
    show(&person, None).await
}

/// Changes the password. From the guided way after a "no" it leads back there.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let end_others = form.is_on("end_others");
    let command = ChangePassword { current: form.secret("current"), new: form.secret("password"), end_others };
    let work = person.clone();
    let back = back(&form, routes::SIGN_IN);
    match run(async move { work.here().change_password(&work.signed, command, work.visitor()).await }).await {
        Ok(cookies) => {
            let said = if end_others { Banner::PasswordChangedOthersOut } else { Banner::PasswordChanged };
            let to = if back == routes::SECURE { secure::AFTER_PASSWORD } else { back };
            Ok(reply::done(&person, to, said, &cookies))
        }
        Err(problem) => {
            let again = reply::change(&person, problem)?;
            if back == routes::SECURE {
                secure::show(&person, Some(again)).await
            } else {
                show(&person, Some(again)).await
            }
        }
    }
}

async fn show(person: &SignedIn, again: Option<Again<ChangeProblem>>) -> Reply {
    show_with(person, again, None).await
}

/// The page of all ways to sign in, with what was wrong with one of its forms.
pub(super) async fn show_with(
    person: &SignedIn,
    again: Option<Again<ChangeProblem>>,
    name: Option<Again<RefusedName>>,
) -> Reply {
    let changed_at = person.here().password_changed_at(&person.signed).await;
    let changed_at = changed_at.map_err(|fault| reply::fault(person, &fault))?;
    let accepted = person.here().accepted_keys(&person.signed).await.map_err(|fault| reply::fault(person, &fault))?;
    let (sheet, problem) = Sheet::new(person).of(&person.signed).accepted(accepted).again(again);
    let (sheet, refused) = sheet.again(name);
    let keys = keys::section(person, refused).await?;
    let email = person.signed.account.email.as_str().to_owned();
    sheet.show(&SignIn { email, changed_at, rules: rules(person.here()), keys, problem })
}
