//! Another mail address. Who they are is proven before the form is shown.

use crate::form::Form;
use crate::page::Sheet;
use crate::recent::recent;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use base::routes;
use identity::ChangeKind;
use identity::change::Mode;
use view::pages::change::NewEmail;

/// The form.
pub(crate) async fn page(person: SignedIn) -> Reply {
    recent(&person, routes::EMAIL).await?;
    show(&person, String::new(), None)
}

/// Asks for it. What becomes of it, its own page tells.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let proven = recent(&person, routes::EMAIL).await?;
    let (work, typed) = (person.clone(), form.text("email"));
    let email = typed.clone();
    match run(async move { work.here().change_email(&proven, &email, work.visitor()).await }).await {
        Ok(made) => {
            reply::made(&person, made, routes::PROFILE)?;
            Ok(reply::see_other(routes::PROFILE))
        }
        Err(problem) => {
            let again = reply::email(&person, problem)?;
            show(&person, typed, Some(again))
        }
    }
}

fn show(person: &SignedIn, typed: String, again: Option<Again<&'static str>>) -> Reply {
    let (sheet, problem) = Sheet::new(person).of(&person.signed).again(again);
    let email = person.signed.account.email.as_str().to_owned();
    let confirms = person.here().settings().changes.mode(ChangeKind::Email) == Mode::Confirm;
    sheet.show(&NewEmail { email, typed, confirms, problem })
}
