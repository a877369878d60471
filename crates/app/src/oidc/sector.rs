//! The document that says which redirect URIs belong together (OpenID Connect Core §8.1).

use super::published::fetch;
use crate::here::Here;
use oauth::client::Client;

impl Here {
    /// Checks that a client stands in the document that it names as its sector's.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub(crate) async fn check_sector(&self, client: &Client) -> Result<(), String> {
        let Some(address) = &client.subject.sector_identifier_uri else { return Ok(()) };
        let answer = fetch(&self.parts().outbound, address).await?;
        let listed: Vec<String> = serde_json::from_slice(&answer.body)
            .map_err(|_| "publish a JSON array of the redirect URIs there".to_owned())?;
        match client.redirect_uris.iter().find(|uri| !listed.iter().any(|known| known == uri.as_str())) {
            Some(missing) => Err(format!("the document there does not list {}: add it", missing.as_str())),
            None => Ok(()),
        }
    }
}
