//! What an operator knows of a person.

use super::{UserRefusal, console};
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use base::Email;
use identity::{Account, Detail, Event, InvalidDetail};

impl Here {
    /// Sets what else is known of a person; nothing takes it away.
    ///
    /// # Errors
    /// [`UserRefusal::Email`], [`UserRefusal::Unknown`], [`UserRefusal::Detail`].
    pub async fn set_details(&self, email: &str, named: &[(Detail, String)]) -> Answer<Account, UserRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let mut tx = self.begin().await?;
        let found = tx.find_account_by_email(&email.key()).await?;
        let Some(found) = found else { return refuse(UserRefusal::Unknown) };
        let Some(account) = tx.lock_account(found.id).await? else { return refuse(UserRefusal::Unknown) };
        let mut details = account.details.clone();
        for (detail, value) in named {
            if let Err(InvalidDetail(detail)) = details.set(*detail, value) {
                return refuse(UserRefusal::Detail(detail));
            }
        }
        if details == account.details {
            return Ok(account);
        }
        let account = Account { details, updated_at: self.now(), ..account };
        tx.update_account(&account).await?;
        self.emit(&mut tx, &By::about(account.id, None, &console()), Event::ProfileChanged {}).await?;
        tx.commit().await?;
        Ok(account)
    }
}
