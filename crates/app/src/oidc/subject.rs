//! Who a person is to a client (OpenID Connect Core §8).

use crate::here::Here;
use base::{Fault, Id};
use oauth::client::Client;
use oauth::subject::Sector;

impl Here {
    /// The subject (`sub`) that a client is told for an account.
    pub(crate) fn subject_of(&self, client: &Client, account: Id) -> Result<String, Fault> {
        match self.sector_of(client)? {
            Some(sector) => sector.subject(account),
            None => Ok(account.to_string()),
        }
    }

    /// The account that a client means by a subject.
    pub(crate) fn account_of(&self, client: &Client, subject: &str) -> Option<Id> {
        match self.sector_of(client).ok()? {
            Some(sector) => sector.account(subject),
            None => subject.parse().ok(),
        }
    }

    fn sector_of(&self, client: &Client) -> Result<Option<Sector>, Fault> {
        if !client.subject.pairwise {
            return Ok(None);
        }
        // Never the public subject in its place: that would tell what the setting is there to hide.
        let host = client.sector().ok_or(Fault::broken("tell a pairwise subject: the client has no one sector"))?;
        let key = self.parts().keyring.subkey(&format!("pairwise subjects of {}", self.tenant().id));
        Ok(Some(Sector::new(&key, &host)))
    }
}
