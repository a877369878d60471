//! What an app says of itself, with what others whom the operator trusts say of it (RFC 7591 §2.3).

use super::{RegistrationRefusal, no};
use crate::here::Here;
use crate::problem::Answer;
use oauth::client::{Client, Registration};
use oauth::registration::{Metadata, invalid, issuer_of, refused, unapproved, verify_statement};
use oauth::{ErrorCode, OAuthError};

impl Here {
    /// Reads a request; a software statement is verified, and wins.
    pub(super) async fn said(&self, body: &[u8]) -> Answer<Metadata, RegistrationRefusal> {
        let said = Metadata::parse(body).map_err(no)?;
        let settings = &self.settings().registration;
        match said.software_statement().map_err(no)? {
            Some(statement) => self.vouched(said, &statement).await,
            None if settings.statement_required => {
                Err(no(invalid("software_statement: this server takes only apps that come with one: send it")))
            }
            None => Ok(said),
        }
    }

    /// The issuer's keys are fetched once more when none fits.
    async fn vouched(&self, said: Metadata, statement: &str) -> Answer<Metadata, RegistrationRefusal> {
        let named = issuer_of(statement);
        let known = self.settings().registration.issuers.iter().find(|known| Some(&known.issuer) == named.as_ref());
        let Some(known) = known else { return Err(no(unapproved())) };
        let invalid = |text: &str| OAuthError::new(ErrorCode::InvalidSoftwareStatement, text);
        for anew in [false, true] {
            let keys = self.published_keys().get(&self.parts().outbound, &known.jwks_uri, anew, self.now()).await;
            let keys = keys.map_err(|why| {
                let text = "software_statement: the keys of its issuer can't be read right now: try again later";
                no(invalid(text).because(why))
            })?;
            match verify_statement(said.clone(), statement, &keys, (&known.issuer, self.now())) {
                Ok(said) => return Ok(said),
                Err(Some(error)) => return Err(no(error)),
                Err(None) => {}
            }
        }
        Err(no(invalid("software_statement: it is signed with a key that its issuer does not publish")))
    }

    /// What comes of it, before its secret is made.
    pub(super) fn apply(
        &self,
        said: &Metadata,
        before: Client,
        registration: Registration,
    ) -> Answer<Client, RegistrationRefusal> {
        self.settings().registration.policy.apply(said, before, registration).map_err(no)
    }

    /// The same checks as for an app that the operator writes down, told in the words of RFC 7591 §3.2.2.
    pub(super) async fn check_registered(&self, client: &Client) -> Answer<(), RegistrationRefusal> {
        self.check_client(client).await.map_err(|found| no(refused(found.field, &found.why)))
    }
}
