//! The ways to sign in: what there is, and where each is changed.

use super::keys;
use crate::convert::{other_accounts, rules};
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::signed::SignedIn;
use base::Fault;
use view::pages::account::{ChangeProblem, SignIn};
use view::pages::keys::{Keys, RefusedName};
use view::pages::second_factor::{AppSection, CodesSection};
use view::pages::upstream::{OtherAccounts, UpstreamNote};

/// The page.
pub(crate) async fn page(person: SignedIn) -> Reply {
    show(&person, None).await
}

pub(super) async fn show(person: &SignedIn, again: Option<Again<ChangeProblem>>) -> Reply {
    show_with(person, Remarks { again, note: reply::problem_of(person), ..Remarks::default() }).await
}

/// What is said about the form that was sent.
#[derive(Default)]
pub(super) struct Remarks {
    /// What was wrong with the new password.
    pub(super) again: Option<Again<ChangeProblem>>,
    /// What was wrong with a key's name.
    pub(super) name: Option<Again<RefusedName>>,
    /// What another provider had to do with it.
    pub(super) note: Option<UpstreamNote>,
}

/// The page, with what was wrong with one of its forms.
pub(super) async fn show_with(person: &SignedIn, remarks: Remarks) -> Reply {
    let accepted = person.here().accepted_keys(&person.signed).await.map_err(|fault| reply::fault(person, &fault))?;
    let (sheet, problem) = Sheet::new(person).of(&person.signed).accepted(accepted).again(remarks.again);
    let (sheet, refused) = sheet.again(remarks.name);
    let keys = keys::section(person, refused).await?;
    let page = sections(person, (keys, problem)).await.map_err(|fault| reply::fault(person, &fault))?;
    let other_accounts = OtherAccounts { note: remarks.note, ..page.other_accounts };
    sheet.show(&SignIn { other_accounts, ..page })
}

async fn sections(person: &SignedIn, (keys, problem): (Keys, Option<ChangeProblem>)) -> Result<SignIn, Fault> {
    let (here, signed) = (person.here(), &person.signed);
    let app = here.authenticator_app(signed).await?;
    let codes = here.recovery_codes(signed).await?;
    Ok(SignIn {
        email: signed.account.email.as_str().to_owned(),
        changed_at: here.password_changed_at(signed).await?,
        rules: rules(here),
        keys,
        prove_first: here.factors(signed.id()).await?.has_second(),
        totp: AppSection {
            offered: here.takes_authenticator_apps(),
            since: app.map(|app| app.since),
            last_used: app.and_then(|app| app.last_used_at),
        },
        codes: CodesSection { left: codes.left, made_at: codes.made_at, useful: codes.useful },
        problem,
        other_accounts: other_accounts(here.other_accounts(signed).await?),
    })
}
