//! What an operator knows of a person.

use super::{UserRefusal, console};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use base::Email;
use identity::{Account, Detail, Event, InvalidAttribute, InvalidDetail};

impl Here {
    /// Sets what else is known of a person, by the name of a [`Detail`], or else of an attribute; nothing takes it away.
    ///
    /// # Errors
    /// [`UserRefusal::Email`], [`UserRefusal::Unknown`], [`UserRefusal::Detail`], [`UserRefusal::Attribute`].
    pub async fn set_details(&self, email: &str, named: &[(String, String)]) -> Answer<Account, UserRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let mut tx = self.begin().await?;
        let found = tx.find_account_by_email(&email.key()).await?;
        let Some(found) = found else { return refuse(UserRefusal::Unknown) };
        let Some(account) = tx.lock_account(found.id).await? else { return refuse(UserRefusal::Unknown) };
        let mut changed = account.clone();
        for (name, value) in named {
            if let Ok(detail) = name.parse::<Detail>() {
                if let Err(InvalidDetail(detail)) = changed.details.set(detail, value) {
                    return refuse(UserRefusal::Detail(detail));
                }
            } else if let Err(InvalidAttribute(name)) = changed.attributes.set(name, value) {
                return refuse(UserRefusal::Attribute(name));
            }
        }
        if changed == account {
            return Ok(account);
        }
        let account = Account { updated_at: self.now(), ..changed };
        tx.update_account(&account).await?;
        self.emit(&mut tx, &By::about(account.id, None, &console()), Event::ProfileChanged {}).await?;
        tx.commit().await?;
        Ok(account)
    }
}
