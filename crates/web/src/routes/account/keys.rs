//! Ways to sign in: passkeys and security keys.

use super::sign_in::{self, Remarks};
use crate::form::{Body, Form};
use crate::recent::{recent, recent_script};
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::{SignedIn, SignedInApi};
use actix_web::HttpResponse;
use app::account::{AddKey, KeyChangeRefusal};
use app::{Cookies, Problem};
use base::routes;
use identity::{Credential, CredentialKind};
use serde::Deserialize;
use serde_json::Value;
use view::Banner;
use view::pages::keys::{KeyCard, Keys, RefusedName, Removal};
use view::words::Args;

/// Which kind of key is to be added.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    kind: CredentialKind,
}

/// The options for `navigator.credentials.create()`; or the way to prove who one is first.
pub(crate) async fn options(person: SignedInApi, body: Body) -> Reply {
    let Wanted { kind } = body.json()?;
    let recent = recent_script(&person, routes::SIGN_IN).await?;
    let work = person.clone();
    match run(async move { work.here().ask_for_new_key(&recent, kind).await }).await {
        Ok(options) => Ok(HttpResponse::Ok().json(options)),
        Err(problem) => Err(reply::json::new_key(&person, &problem)),
    }
}

/// A new key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    credential: Value,
}

/// Adds it; answers where to go next.
pub(crate) async fn add(person: SignedInApi, body: Body) -> Reply {
    let New { credential } = body.json()?;
    let words = person.state().view().words();
    let word = |key| words.say(person.locale(), key, &Args::new());
    let new = AddKey { credential, passkey: word("key-passkey"), security_key: word("key-security-key") };
    let work = person.clone();
    match run(async move { work.here().add_key(&work.signed, new, work.visitor()).await }).await {
        Ok(made) => {
            reply::made_by_script(&person, made, routes::SIGN_IN)?;
            Ok(reply::json::done(&person, routes::SIGN_IN, Banner::KeyAdded))
        }
        Err(problem) => Err(reply::json::new_key(&person, &problem)),
    }
}

/// Gives a key another name.
pub(crate) async fn rename(person: SignedIn, form: Form) -> Reply {
    let Some(key) = form.id("key") else { return Err(reply::unreadable(&person)) };
    let (work, name) = (person.clone(), form.text("name"));
    let renamed = run(async move { work.here().rename_key(&work.signed, (key, &name), work.visitor()).await }).await;
    match renamed {
        Ok(()) => Ok(reply::done(&person, routes::SIGN_IN, Banner::KeyRenamed, &Cookies::default())),
        Err(Problem::Refusal(KeyChangeRefusal::Name)) => {
            let refused = RefusedName { key: key.to_string(), typed: form.text("name") };
            sign_in::show_with(&person, Remarks { name: Some(Again::form(refused)), ..Remarks::default() }).await
        }
        Err(problem) => reply::key_change(&person, problem),
    }
}

/// Removes a key. Who they are has to be proven first, and the way leads back here.
pub(crate) async fn remove(person: SignedIn, form: Form) -> Reply {
    let Some(key) = form.id("key") else { return Err(reply::unreadable(&person)) };
    let recent = recent(&person, routes::SIGN_IN).await?;
    let (work, end_others) = (person.clone(), form.is_on("end_others"));
    match run(async move { work.here().remove_key(&recent, (key, end_others), work.visitor()).await }).await {
        Ok(made) => {
            reply::made(&person, made, routes::SIGN_IN)?;
            Ok(reply::done(&person, routes::SIGN_IN, Banner::KeyRemoved, &Cookies::default()))
        }
        Err(problem) => reply::key_change(&person, problem),
    }
}

/// What the page shows of them.
pub(crate) async fn section(person: &SignedIn, refused: Option<RefusedName>) -> Result<Keys, reply::Stop> {
    let keys = person.here().own_keys(&person.signed).await.map_err(|fault| reply::fault(person, &fault))?;
    let passkeys = keys.keys.iter().filter(|key| key.kind == CredentialKind::Passkey).count();
    let removal = |key: &Credential| match key.kind {
        CredentialKind::Passkey if keys.one_way_in => Removal::OnlyWay,
        CredentialKind::Passkey if passkeys == 1 => Removal::Last,
        CredentialKind::Passkey | CredentialKind::SecurityKey => Removal::Plain,
    };
    let of = |kind| keys.keys.iter().filter(move |key| key.kind == kind).map(|key| card(key, removal(key))).collect();
    Ok(Keys {
        passkeys: of(CredentialKind::Passkey),
        security_keys: of(CredentialKind::SecurityKey),
        add_passkey: keys.may_add.contains(&CredentialKind::Passkey),
        add_security_key: keys.may_add.contains(&CredentialKind::SecurityKey),
        refused,
    })
}

fn card(key: &Credential, removal: Removal) -> KeyCard {
    let model = key.aaguid.and_then(identity::webauthn::model_name).filter(|model| !key.name.starts_with(model));
    KeyCard {
        id: key.id.to_string(),
        name: key.name.clone(),
        model: model.map(str::to_owned),
        synced: key.synced,
        created: key.created_at,
        last_used: key.last_used_at,
        last_used_in: key.last_used_in.clone(),
        removal,
    }
}
