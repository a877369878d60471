//! Connected apps.

use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::routes::scope_line;
use crate::run::run;
use crate::signed::SignedIn;
use app::Cookies;
use app::account::ConnectedApp;
use base::routes;
use view::Banner;
use view::pages::account::{AppCard, Apps};

/// The list.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let apps = person.here().apps(&person.signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    Sheet::new(&person)
        .of(&person.signed)
        .show(&Apps { apps: apps.into_iter().map(|app| card(&person, app)).collect() })
}

/// Takes an app's access away.
pub(crate) async fn remove(person: SignedIn, form: Form) -> Reply {
    let Some(client) = form.id("client") else { return Err(reply::unreadable(&person)) };
    let work = person.clone();
    let removed = run(async move { work.here().remove_app(&work.signed, client, work.visitor()).await }).await;
    let removed = removed.map_err(|fault| reply::fault(&person, &fault))?;
    let banner = if removed { Banner::AppRemoved } else { Banner::Gone };
    Ok(reply::done(&person, routes::APPS, banner, &Cookies::default()))
}

fn card(person: &SignedIn, app: ConnectedApp) -> AppCard {
    AppCard {
        id: app.client.to_string(),
        name: app.name,
        home: app.home,
        scopes: app.scope.split_ascii_whitespace().map(|name| scope_line(person, name)).collect(),
        since: app.since,
        last_used: app.last_used,
    }
}
