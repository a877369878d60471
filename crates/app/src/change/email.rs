//! Another mail address: the old one says yes, the new one proves itself.

use super::Made;
use crate::here::Here;
use crate::login::Recent;
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::Email;
use identity::change::Change;

/// Why a new address was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailRefusal {
    /// That is no mail address.
    Invalid,
    /// It is the present one.
    Same,
}

impl Here {
    /// Asks for another mail address. Whether somebody has it is told to that address alone.
    ///
    /// # Errors
    /// [`EmailRefusal`].
    pub async fn change_email(
        &self,
        recent: &Recent,
        email: &str,
        visitor: &Visitor,
    ) -> Answer<Made<()>, EmailRefusal> {
        let Ok(to) = email.parse::<Email>() else { return refuse(EmailRefusal::Invalid) };
        let from = recent.account.email.clone();
        if to == from {
            return refuse(EmailRefusal::Same);
        }
        let (mut tx, _) = self.begin_recent(recent).await?;
        let made = self.change(&mut tx, recent, Change::Email { from, to }, visitor).await?;
        tx.commit().await?;
        Ok(made.map(drop))
    }
}
