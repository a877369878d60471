//! Behind the link that proves an address. Looking at the page spends nothing.

use crate::form::Form;
use crate::guest::Guest;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use app::login::Confirmed;
use view::pages::join::{ConfirmAddress, ConfirmedElsewhere};

/// The page: a button in the browser that asked, a code in any other.
pub(crate) async fn page(guest: Guest) -> Reply {
    let token = guest.asked("token").unwrap_or_default().to_owned();
    show(&guest, token, None).await
}

/// Confirms the address.
pub(crate) async fn submit(guest: Guest, form: Form) -> Reply {
    let token = form.text("token");
    let email = match guest.here().confirm_page(&token, guest.visitor()).await {
        Ok(page) => page.email,
        Err(problem) => return Err(reply::confirm(&guest, problem).err().unwrap_or_else(|| reply::unreadable(&guest))),
    };
    let (work, code) = (guest.clone(), form.filled("code").map(str::to_owned));
    let spent = token.clone();
    let confirmed = run(async move { work.here().confirm(&spent, code.as_deref(), work.visitor()).await }).await;
    match confirmed {
        Ok(Confirmed::SignedIn(step)) => Ok(reply::step(&guest, step)),
        Ok(Confirmed::GoBack) => Sheet::new(&guest).show(&ConfirmedElsewhere { email }),
        Err(problem) => {
            let again = reply::confirm(&guest, problem)?;
            show(&guest, token, Some(again)).await
        }
    }
}

async fn show(guest: &Guest, token: String, again: Option<Again<()>>) -> Reply {
    let page = match guest.here().confirm_page(&token, guest.visitor()).await {
        Ok(page) => page,
        Err(problem) => return Err(reply::confirm(guest, problem).err().unwrap_or_else(|| reply::unreadable(guest))),
    };
    let (sheet, wrong) = Sheet::new(guest).leads_to(page.leads_to).again(again);
    sheet.show(&ConfirmAddress {
        token,
        email: page.email,
        same_browser: page.same_browser,
        wrong_code: wrong.is_some(),
    })
}
