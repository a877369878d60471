//! Another telephone number, a first one, or none any more. Nobody signs in with it, so a session is enough to ask.

use super::Made;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use identity::Phone;
use identity::change::Change;

/// Why a number was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneRefusal {
    /// That is no number with a country code.
    Invalid,
}

impl Here {
    /// Asks for another telephone number; nothing typed removes it.
    ///
    /// # Errors
    /// [`PhoneRefusal`].
    pub async fn change_phone(
        &self,
        signed: &Signed,
        typed: &str,
        visitor: &Visitor,
    ) -> Answer<Made<()>, PhoneRefusal> {
        let to = match typed.trim() {
            "" => None,
            typed => match typed.parse::<Phone>() {
                Ok(phone) => Some(phone),
                Err(_) => return refuse(PhoneRefusal::Invalid),
            },
        };
        let (mut tx, _) = self.begin_as(signed).await?;
        let from = tx.lock_account(signed.id()).await?.and_then(|account| account.phone);
        if from == to {
            return Ok(Made::Done(()));
        }
        let made = self.change(&mut tx, signed, Change::Phone { from, to }, visitor).await?;
        tx.commit().await?;
        Ok(made.map(drop))
    }
}
