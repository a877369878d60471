//! Behind the way off in a mail. Looking at the page switches nothing off.

use crate::form::Body;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use app::Problem;
use app::way_off::{MailsAbout, WayOffRefusal};
use view::pages::way_off::WayOffPage;

/// The page.
pub(crate) async fn page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default();
    show(&guest, guest.here().way_off_page(token).await)
}

/// Switches it off: by the page's button, or by a mail program's (RFC 8058 §3.1), whose body says nothing that is not
/// known, whose cookies are none, and who follows no redirect.
pub(crate) async fn submit(guest: Guest, _: Body) -> Reply {
    let work = guest.clone();
    let done = run(async move {
        let token = work.asked("token").unwrap_or_default();
        work.here().take_way_off(token, work.visitor()).await
    });
    show(&guest, done.await)
}

fn show(guest: &Guest, stands: Result<MailsAbout, Problem<WayOffRefusal>>) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    match stands {
        Ok(MailsAbout { topic, on }) => Sheet::new(guest).show(&WayOffPage { token, topic: topic.as_str(), on }),
        Err(problem) => Err(reply::way_off(guest, problem)),
    }
}
