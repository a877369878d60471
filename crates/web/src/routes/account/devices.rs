//! Devices: where the account is signed in.

use super::{back, secure};
use crate::convert::device;
use crate::form::Form;
use crate::page::Sheet;
use crate::reply::{self, Reply};
use crate::run::run;
use crate::signed::SignedIn;
use app::Cookies;
use base::{Fault, routes};
use view::Banner;
use view::pages::DeviceCard;
use view::pages::account::Devices;

/// The list.
pub(crate) async fn page(person: SignedIn) -> Reply {
    let devices = cards(&person).await.map_err(|fault| reply::fault(&person, &fault))?;
    Sheet::new(&person).of(&person.signed).show(&Devices { devices })
}

/// The account's devices, this one first.
pub(super) async fn cards(person: &SignedIn) -> Result<Vec<DeviceCard>, Fault> {
    let now = person.here().now();
    Ok(person.here().devices(&person.signed).await?.into_iter().map(|entry| device(entry, now)).collect())
}

/// Signs one out.
pub(crate) async fn end(person: SignedIn, form: Form) -> Reply {
    let Some(device) = form.id("device") else { return Err(reply::unreadable(&person)) };
    let work = person.clone();
    let ended = run(async move { work.here().end_device(&work.signed, device, work.visitor()).await }).await;
    said(&person, &form, ended.map(|found| if found { Banner::DeviceEnded } else { Banner::Gone }))
}

/// Forgets one: its next sign-in rings the others.
pub(crate) async fn forget(person: SignedIn, form: Form) -> Reply {
    let Some(device) = form.id("device") else { return Err(reply::unreadable(&person)) };
    let work = person.clone();
    let forgotten = run(async move { work.here().forget_device(&work.signed, device, work.visitor()).await }).await;
    said(&person, &form, forgotten.map(|found| if found { Banner::DeviceForgotten } else { Banner::Gone }))
}

/// Has one asked for the second factor again.
pub(crate) async fn ask_again(person: SignedIn, form: Form) -> Reply {
    let Some(device) = form.id("device") else { return Err(reply::unreadable(&person)) };
    let work = person.clone();
    let asked = run(async move { work.here().ask_again(&work.signed, device, work.visitor()).await }).await;
    said(&person, &form, asked.map(|found| if found { Banner::DeviceAsked } else { Banner::Gone }))
}

/// Signs an app out on one.
pub(crate) async fn end_app(person: SignedIn, form: Form) -> Reply {
    let (Some(device), Some(client)) = (form.id("device"), form.id("client")) else {
        return Err(reply::unreadable(&person));
    };
    let work = person.clone();
    let ended = run(async move { work.here().end_app(&work.signed, (device, client), work.visitor()).await }).await;
    said(&person, &form, ended.map(|found| if found { Banner::AppEnded } else { Banner::Gone }))
}

/// Signs every other one out.
pub(crate) async fn end_others(person: SignedIn, form: Form) -> Reply {
    let work = person.clone();
    let ended = run(async move { work.here().end_other_devices(&work.signed, work.visitor()).await }).await;
    said(&person, &form, ended.map(|_| Banner::OthersEnded))
}

fn said(person: &SignedIn, form: &Form, banner: Result<Banner, Fault>) -> Reply {
    let banner = banner.map_err(|fault| reply::fault(person, &fault))?;
    let to = back(form, routes::DEVICES);
    let to = if to == routes::SECURE { secure::AFTER_PASSWORD } else { to };
    Ok(reply::done(person, to, banner, &Cookies::default()))
}
