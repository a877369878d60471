//! What happened to the account.

use crate::convert::line;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::signed::SignedIn;
use base::{Fault, Id};
use view::pages::Line;
use view::pages::account::{Activity, ActivityFilter};

/// How many pages of the log are looked through for the lines of one filter.
const PAGES: usize = 5;
/// So many lines are enough for a page.
const ENOUGH: usize = 20;

/// The log, a page of it, filtered.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let show = person.asked("show").map(ActivityFilter::from_name).unwrap_or_default();
    let after: Option<Id> = person.asked("after").and_then(|id| id.parse().ok());
    let (lines, next) = read(&person, show, after).await.map_err(|fault| reply::fault(&person, &fault))?;
    let next = next.map(|id| id.to_string());
    Sheet::new(&person).of(&person.signed).show(&Activity { lines, show, next, later_page: after.is_some() })
}

/// Reads on until a page is filled: rare kinds of events must not make empty pages.
async fn read(person: &SignedIn, show: ActivityFilter, after: Option<Id>) -> Result<(Vec<Line>, Option<Id>), Fault> {
    let devices = person.here().devices(&person.signed).await?;
    let (mut lines, mut next) = (Vec::new(), after);
    for _ in 0..PAGES {
        let page = person.here().activity(&person.signed, next).await?;
        let shown = page.lines.into_iter().filter(|one| show.shows(one.event.kind()));
        lines.extend(shown.map(|one| line(one, &devices)));
        next = page.next;
        if next.is_none() || lines.len() >= ENOUGH {
            break;
        }
    }
    Ok((lines, next))
}
