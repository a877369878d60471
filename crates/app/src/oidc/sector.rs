//! The document that says which redirect URIs belong together (OpenID Connect Core §8.1).

use crate::here::Here;
use oauth::client::Client;
use outbound::{Purpose, Request};

impl Here {
    /// Checks that a client stands in the document that it names as its sector's.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub(crate) async fn check_sector(&self, client: &Client) -> Result<(), String> {
        let Some(address) = &client.subject.sector_identifier_uri else { return Ok(()) };
        let outbound = &self.parts().outbound;
        let url = outbound.guard().parse(address, Purpose::ClientMetadata).map_err(|e| e.to_string())?;
        let answer = outbound.send(Request::get(url, Purpose::ClientMetadata)).await.map_err(|e| e.to_string())?;
        if answer.status.as_u16() != 200 {
            return Err(format!("its answer has the status {}: publish the document there", answer.status.as_u16()));
        }
        let listed: Vec<String> = serde_json::from_slice(&answer.body)
            .map_err(|_| "publish a JSON array of the redirect URIs there".to_owned())?;
        match client.redirect_uris.iter().find(|uri| !listed.iter().any(|known| known == uri.as_str())) {
            Some(missing) => Err(format!("the document there does not list {}: add it", missing.as_str())),
            None => Ok(()),
        }
    }
}
