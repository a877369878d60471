//! What is kept for notices: shown, and deleted.

use crate::convert::unreached_since;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use base::routes;
use view::pages::kept::{Kept, KeptBrowser};

/// The page.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let (here, signed) = (person.here(), &person.signed);
    let kept = here.kept_for_notices(signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    let push = here.push_state(signed).await.map_err(|fault| reply::fault(&person, &fault))?;
    let browsers = kept.browsers.into_iter().map(browser).collect();
    Sheet::new(&person).of(signed).push(push).show(&Kept { browsers, notices: kept.notices })
}

fn browser(kept: app::kept::KeptBrowser) -> KeptBrowser {
    KeptBrowser {
        here: kept.browser.here,
        endpoint: kept.endpoint.as_str().to_owned(),
        public_key: kept.public_key,
        since: kept.browser.subscription.created_at,
        last_delivered: kept.browser.subscription.delivered_at,
        last_shown: kept.browser.subscription.shown_at,
        last_clicked: kept.browser.subscription.clicked_at,
        failing_since: unreached_since(&kept.browser),
        agent: kept.browser.agent,
    }
}

/// Deletes it. The page then says that there is nothing.
pub(crate) async fn forget(person: SignedIn) -> Reply {
    let work = person.clone();
    let done = run(async move { work.here().forget_notices(&work.signed, work.visitor()).await }).await;
    done.map_err(|fault| reply::fault(&person, &fault))?;
    Ok(reply::see_other(routes::NOTICE_DATA))
}
