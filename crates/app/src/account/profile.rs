//! Name, language, time zone, and what else a person tells.

use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use identity::{Account, Detail, Event, InvalidDetail};

/// The form.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name.
    pub name: String,
    /// The language, or nothing to follow the browser.
    pub locale: Option<String>,
    /// The IANA time zone, or nothing for UTC.
    pub time_zone: Option<String>,
    /// What else was typed; what is not named stays as it is.
    pub details: Vec<(Detail, String)>,
}

/// Why nothing was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileRefusal {
    /// A name is needed, of at most 100 bytes.
    Name,
    /// There is no such language here.
    Locale,
    /// There is no such time zone.
    TimeZone,
    /// That can't be told of a person.
    Detail(Detail),
}

impl Here {
    /// Saves name, language, time zone, and what else the person tells.
    ///
    /// # Errors
    /// [`ProfileRefusal`].
    pub async fn save_profile(&self, signed: &Signed, form: Profile, visitor: &Visitor) -> Answer<(), ProfileRefusal> {
        let Some(name) = identity::account::name(&form.name) else { return refuse(ProfileRefusal::Name) };
        let locale = form.locale.filter(|locale| !locale.is_empty());
        let plain = |tag: &String| tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if locale.as_ref().is_some_and(|tag| !plain(tag)) {
            return refuse(ProfileRefusal::Locale);
        }
        let time_zone = form.time_zone.filter(|zone| !zone.is_empty());
        if time_zone.as_deref().is_some_and(|zone| !base::clock::is_time_zone(zone)) {
            return refuse(ProfileRefusal::TimeZone);
        }
        let (mut tx, _) = self.begin_as(signed).await?;
        let Some(account) = tx.lock_account(signed.id()).await? else { return refuse(ProfileRefusal::Name) };
        let mut details = account.details.clone();
        for (detail, typed) in &form.details {
            if let Err(InvalidDetail(detail)) = details.set(*detail, typed) {
                return refuse(ProfileRefusal::Detail(detail));
            }
        }
        let changed = Account { name, locale, time_zone, details, ..account.clone() };
        if changed != account {
            tx.update_account(&Account { updated_at: self.now(), ..changed }).await?;
            self.emit(&mut tx, &By::owner(signed, visitor), Event::ProfileChanged {}).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
