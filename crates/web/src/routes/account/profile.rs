//! Name, language, time zone.

use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::Cookies;
use app::account::Profile;
use base::routes;
use view::Banner;
use view::pages::account::{Profile as ProfilePage, ProfileProblem};

/// The form.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let account = &person.signed.account;
    let (name, locale, time_zone) = (account.name.clone(), account.locale.clone(), account.time_zone.clone());
    show(&person, Profile { name, locale, time_zone }, None).await
}

/// Saves it.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let typed = Profile {
        name: form.text("name"),
        locale: form.filled("locale").map(str::to_owned),
        time_zone: form.filled("time_zone").map(str::to_owned),
    };
    let (work, command) = (person.clone(), typed.clone());
    match run(async move { work.here().save_profile(&work.signed, command, work.visitor()).await }).await {
        Ok(()) => Ok(reply::done(&person, routes::PROFILE, Banner::Saved, &Cookies::default())),
        Err(problem) => {
            let again = reply::profile(&person, problem)?;
            show(&person, typed, Some(again)).await
        }
    }
}

async fn show(person: &SignedIn, shown: Profile, again: Option<Again<ProfileProblem>>) -> Reply {
    let keys = person.here().accepted_keys(&person.signed).await.map_err(|fault| reply::fault(person, &fault))?;
    let (sheet, problem) = Sheet::new(person).of(&person.signed).accepted(keys).again(again);
    sheet.show(&ProfilePage {
        email: person.signed.account.email.as_str().to_owned(),
        name: shown.name,
        locale: shown.locale,
        time_zone: shown.time_zone,
        problem,
    })
}
