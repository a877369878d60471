//! The mail about what an app asks, for who did not click in a browser.

use crate::change::is_seen;
use crate::mail_sink::Letter;
use crate::relay::Parts;
use base::{Fault, routes};
use identity::{Account, AppAsks, EventRecord};
use store::model::Tenant;
use view::mail::MailModel;

/// The mail; nothing when it was answered, or is being. Its link has no token: a yes takes the person.
pub(crate) async fn told(
    parts: &Parts,
    tenant: &Tenant,
    record: &EventRecord,
    (asks, account): (&AppAsks, Account),
) -> Result<Option<Letter>, Fault> {
    let (mut read, now) = (parts.store.read(tenant.id).await?, parts.clock.now());
    let open = read.find_poll(asks.ask).await?.is_some_and(|poll| poll.polling.is_open(now));
    if !open || is_seen(&mut read, record, now).await? {
        return Ok(None);
    }
    let model = MailModel::AppAsks {
        name: account.name.clone(),
        app: asks.app.clone(),
        message: asks.message.clone(),
        at: record.at,
        link: tenant.origin.join(&routes::ask(asks.ask)),
        lifetime: asks.until.since(now).as_secs(),
    };
    Ok(Some(Letter { to: account.email.clone(), locale: None, account: Some(account), model }))
}
