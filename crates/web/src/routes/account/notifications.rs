//! What the person wants to be told, and where.

use crate::convert::unreached_since;
use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use actix_web::http::StatusCode;
use app::account::{PreferenceRefusal, SetPreference};
use app::{Cookies, Problem};
use base::{Fault, routes};
use identity::{Channel, Preferences, Topic};
use view::Banner;
use view::pages::notifications::{GoneBrowser, Notifications, RungBrowser};

/// The page.
pub(crate) async fn page(person: SignedIn) -> Reply {
    show(&person, Sheet::new(&person), |_| ()).await
}

/// The page as it stands, with what somebody typed put into it: that is not lost by an error.
pub(super) async fn show(person: &SignedIn, sheet: Sheet<'_>, amend: impl FnOnce(&mut Notifications)) -> Reply {
    let (mut page, push) = read(person).await.map_err(|fault| reply::fault(person, &fault))?;
    amend(&mut page);
    sheet.of(&person.signed).push(push).show(&page)
}

/// The page, after a change that did not see the last one.
pub(super) async fn stale(person: &SignedIn, amend: impl FnOnce(&mut Notifications)) -> Reply {
    show(person, Sheet::new(person).status(StatusCode::CONFLICT).saying(Banner::PreferencesStale), amend).await
}

async fn read(person: &SignedIn) -> Result<(Notifications, app::push::PushState), Fault> {
    let (here, signed) = (person.here(), &person.signed);
    let mut preferences = here.preferences(signed).await?;
    preferences.quiet.pause = preferences.quiet.pause_at(here.now());
    let browsers = here.rung_browsers(signed).await?.into_iter().map(browser).collect();
    let gone = here.gone_browsers(signed).await?;
    let mut page = Notifications::new(&preferences, browsers);
    page.gone = gone.into_iter().map(|one| GoneBrowser { agent: one.agent, at: one.at }).collect();
    Ok((page, here.push_state(signed).await?))
}

fn browser(found: app::push::RungBrowser) -> RungBrowser {
    let failing_since = unreached_since(&found);
    RungBrowser {
        id: found.subscription.id.to_string(),
        agent: found.agent,
        here: found.here,
        added: found.subscription.created_at,
        last_delivered: found.subscription.delivered_at,
        last_shown: found.subscription.shown_at,
        last_clicked: found.subscription.clicked_at,
        failing_since,
    }
}

/// The whole matrix at once, from a browser without scripts: each switch that differs is thrown.
pub(crate) async fn save(person: SignedIn, form: Form) -> Reply {
    let Some(mut revision) = form.filled("rev").and_then(|rev| rev.parse::<i64>().ok()) else {
        return Err(reply::unreadable(&person));
    };
    let now = person.here().preferences(&person.signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    let chosen = |topic: Topic, channel: Channel| form.is_on(field(topic, channel));
    if now.revision != revision {
        return stale(&person, |page| page.keep_choices(chosen)).await;
    }
    for (topic, channel, on) in differences(&now, &form) {
        let set = SetPreference { topic, channel, on, seen_revision: revision };
        let work = person.clone();
        match run(async move { work.here().set_preference(&work.signed, set, work.visitor()).await }).await {
            Ok(after) => revision = after.revision,
            Err(Problem::Refusal(PreferenceRefusal::Stale(_))) => {
                return stale(&person, |page| page.keep_choices(chosen)).await;
            }
            // Never asked for: a locked switch can't differ, and this is the person.
            Err(Problem::Refusal(PreferenceRefusal::Locked | PreferenceRefusal::NotByApp)) => {}
            Err(Problem::Fault(fault)) => return Err(reply::fault(&person, &fault)),
        }
    }
    Ok(reply::done(&person, routes::NOTIFICATIONS, Banner::PreferencesSaved, &Cookies::default()))
}

fn differences(now: &Preferences, form: &Form) -> Vec<(Topic, Channel, bool)> {
    let pairs = Topic::ALL.into_iter().flat_map(|topic| Channel::ALL.into_iter().map(move |channel| (topic, channel)));
    pairs
        .filter(|(topic, channel)| !topic.is_locked(*channel))
        .map(|(topic, channel)| (topic, channel, form.is_on(field(topic, channel))))
        .filter(|(topic, channel, on)| now.is_on(*topic, *channel) != *on)
        .collect()
}

/// The name of a switch in the form.
const fn field(topic: Topic, channel: Channel) -> &'static str {
    match (topic, channel) {
        (Topic::NewDevice, Channel::Push) => "login.new_device/push",
        (Topic::NewDevice, Channel::Email) => "login.new_device/email",
        (Topic::CredentialChanged, Channel::Push) => "credential.changed/push",
        (Topic::CredentialChanged, Channel::Email) => "credential.changed/email",
        (Topic::ChangeRequested, Channel::Push) => "change.requested/push",
        (Topic::ChangeRequested, Channel::Email) => "change.requested/email",
        (Topic::AppConnected, Channel::Push) => "app.connected/push",
        (Topic::AppConnected, Channel::Email) => "app.connected/email",
    }
}

/// Removes a browser from those that are rung.
pub(crate) async fn remove(person: SignedIn, form: Form) -> Reply {
    let Some(id) = form.id("subscription") else { return Err(reply::unreadable(&person)) };
    let work = person.clone();
    let removed = run(async move { work.here().remove_subscription(&work.signed, id, work.visitor()).await }).await;
    let removed = removed.map_err(|fault| reply::fault(&person, &fault))?;
    let banner = if removed { Banner::SubscriptionRemoved } else { Banner::Gone };
    Ok(reply::done(&person, routes::NOTIFICATIONS, banner, &Cookies::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_has_the_name_that_the_page_gives_it() {
        for topic in Topic::ALL {
            for channel in Channel::ALL {
                assert_eq!(field(topic, channel), format!("{}/{}", topic.as_str(), channel.as_str()));
            }
        }
    }
}
