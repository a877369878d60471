//! Name, language, time zone, what else a person tells, and the telephone number.

use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::Cookies;
use app::account::Profile;
use base::routes;
use identity::change::Mode;
use identity::{Account, ChangeKind, Detail};
use view::Banner;
use view::pages::account::{DetailField, Profile as ProfilePage, ProfileProblem};

/// The form.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let account = &person.signed.account;
    show(&person, saved(account), number(account), None).await
}

/// Saves it.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let typed = Profile {
        name: form.text("name"),
        locale: form.filled("locale").map(str::to_owned),
        time_zone: form.filled("time_zone").map(str::to_owned),
        details: match form.is_on("details") {
            true => Detail::ALL.map(|detail| (detail, form.text(detail.as_str()))).to_vec(),
            false => saved(&person.signed.account).details,
        },
    };
    let (work, command) = (person.clone(), typed.clone());
    match run(async move { work.here().save_profile(&work.signed, command, work.visitor()).await }).await {
        Ok(()) => Ok(reply::done(&person, routes::PROFILE, Banner::Saved, &Cookies::default())),
        Err(problem) => {
            let again = reply::profile(&person, problem)?;
            show(&person, typed, number(&person.signed.account), Some(again)).await
        }
    }
}

/// Asks for another telephone number. What becomes of it, its own page tells.
pub(crate) async fn phone(person: SignedIn, form: Form) -> Reply {
    let (work, typed) = (person.clone(), form.text("phone"));
    let phone = typed.clone();
    match run(async move { work.here().change_phone(&work.signed, &phone, work.visitor()).await }).await {
        Ok(made) => {
            reply::made(&person, made, routes::PROFILE)?;
            Ok(reply::done(&person, routes::PROFILE, Banner::Saved, &Cookies::default()))
        }
        Err(problem) => {
            let again = reply::phone(&person, problem)?;
            show(&person, saved(&person.signed.account), typed, Some(again)).await
        }
    }
}

fn saved(account: &Account) -> Profile {
    let kept = |detail| (detail, account.details.get(detail).unwrap_or_default().to_owned());
    Profile {
        name: account.name.clone(),
        locale: account.locale.clone(),
        time_zone: account.time_zone.clone(),
        details: Detail::ALL.map(kept).to_vec(),
    }
}

fn number(account: &Account) -> String {
    account.phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default()
}

async fn show(person: &SignedIn, shown: Profile, phone: String, again: Option<Again<ProfileProblem>>) -> Reply {
    let keys = person.here().accepted_keys(&person.signed).await.map_err(|fault| reply::fault(person, &fault))?;
    let (sheet, problem) = Sheet::new(person).of(&person.signed).accepted(keys).again(again);
    sheet.show(&ProfilePage {
        email: person.signed.account.email.as_str().to_owned(),
        name: shown.name,
        locale: shown.locale,
        time_zone: shown.time_zone,
        details: shown.details.into_iter().map(|(one, value)| DetailField::new(one, value, problem)).collect(),
        phone,
        phone_confirms: person.here().settings().changes.mode(ChangeKind::Phone) == Mode::Confirm,
        problem,
    })
}
