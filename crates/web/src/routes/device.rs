//! Letting a device in (RFC 8628 §3.3): its code, and what became of it. What lies between is the consent page.

use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Again, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use view::pages::device::{Device, DeviceDone, DeviceEnd, DeviceProblem};
use view::pages::error::Trouble;

/// A field for the code. One that came with the link stands in it, and has to be sent by a click.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let code = person.asked("user_code").unwrap_or_default().chars().take(64).collect();
    show(&person, code, None)
}

/// The code.
pub(crate) async fn submit(person: SignedIn, form: Form) -> Reply {
    let code = form.text("code");
    let (work, typed) = (person.clone(), code.clone());
    match run(async move { work.here().give_user_code(&work.signed, &typed, work.visitor()).await }).await {
        Ok(step) => Ok(reply::step(&person, step)),
        Err(problem) => {
            let again = reply::device(&person, problem)?;
            show(&person, code, Some(again))
        }
    }
}

fn show(person: &SignedIn, code: String, again: Option<Again<DeviceProblem>>) -> Reply {
    let (sheet, problem) = Sheet::new(person).again(again);
    let email = person.signed.account.email.as_str().to_owned();
    sheet.show(&Device { code, email, problem })
}

/// What became of it.
pub(crate) async fn done(person: SignedIn) -> Reply {
    let Some(flow) = person.flow() else {
        return Err(reply::trouble(&person, Trouble::FlowGone { restart: None }));
    };
    match person.here().device_done(flow, &person.signed, person.visitor()).await {
        Ok(done) => {
            let how = match done.allowed {
                Some(true) => DeviceEnd::Allowed,
                Some(false) => DeviceEnd::Denied,
                None => DeviceEnd::Over,
            };
            Sheet::new(&person).flow(flow).show(&DeviceDone { app: done.app, how })
        }
        Err(problem) => Err(reply::flow(&person, flow, problem).await),
    }
}
