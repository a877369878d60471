//! Clients that nobody registered: the client id is the address of a document that says what the client is
//! (draft-ietf-oauth-client-id-metadata-document).

use super::invalid;
use super::metadata::Metadata;
use super::policy::Policy;
use crate::client::{Client, ClientAuthMethod, Registration};
use crate::error::OAuthError;
use std::time::Duration;
use url::Url;

/// The longest document, in bytes.
pub const MAX_DESCRIPTION: usize = 8 * 1024;
/// How long a document is believed, when its server says nothing.
const USUAL: Duration = Duration::from_secs(3600);
/// The shortest and the longest time, whatever its server says.
const BOUNDS: (u64, u64) = (60, 24 * 3600);

/// Whether a client id is the address of such a document: `https`, with a path, in the form in which every reader
/// understands it, and without fragment, user name and dot segments (section 3 of the draft).
pub fn is_document_id(client_id: &str) -> bool {
    let Ok(url) = Url::parse(client_id) else { return false };
    // What is written in another way than it is read (`..`, a port that goes without saying, upper case) does not come back.
    let plain = url.as_str() == client_id && !client_id.contains("%2e") && !client_id.contains("%2E");
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    url.scheme() == "https" && url.has_host() && url.path() != "/" && plain && bare
}

/// The host of such a client id, for people to read.
pub fn host_of(client_id: &str) -> Option<String> {
    Url::parse(client_id).ok()?.host_str().map(str::to_owned)
}

impl Policy {
    /// The client that a document describes. It has no secret: anybody can read it.
    ///
    /// # Errors
    /// `invalid_redirect_uri`, `invalid_client_metadata`: the sentence names the member.
    pub fn described(&self, document: &[u8], before: Client, registration: Registration) -> Result<Client, OAuthError> {
        if document.len() > MAX_DESCRIPTION {
            return Err(invalid("the document is longer than 8 KiB: say less"));
        }
        let said = Metadata::parse(document)?;
        if said.text("client_id")?.as_deref() != Some(before.client_id.as_str()) {
            return Err(invalid("client_id: write the very address of the document"));
        }
        if let Some(secret) = ["client_secret", "client_secret_expires_at"].into_iter().find(|name| said.has(name)) {
            return Err(invalid(&format!("{secret}: anybody can read it here: leave it out")));
        }
        let client = self.apply_with(&said, before, registration, ClientAuthMethod::None)?;
        if client.auth_method.has_secret() {
            return Err(invalid(
                "token_endpoint_auth_method: use none or private_key_jwt: there is no secret to share",
            ));
        }
        Ok(client)
    }
}

/// How long a document is believed, by the `Cache-Control` of its answer (RFC 9111 §5.2.2), within bounds.
pub fn freshness(cache_control: Option<&str>) -> Duration {
    let (least, most) = BOUNDS;
    let Some(text) = cache_control else { return USUAL };
    let directives = || text.split(',').map(|one| one.trim().to_ascii_lowercase());
    if directives().any(|one| one == "no-store" || one == "no-cache") {
        return Duration::from_secs(least);
    }
    let age = directives().find_map(|one| one.strip_prefix("max-age=")?.trim_matches('"').parse::<u64>().ok());
    age.map_or(USUAL, |age| Duration::from_secs(age.clamp(least, most)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::RegisteredBy;
    use crate::error::ErrorCode;
    use base::{Id, Timestamp};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const ID: &str = "https://agent.example.com/client.json";

    fn read(otherwise: Value) -> Result<Client, OAuthError> {
        let mut said = json!({"client_id": ID, "redirect_uris": ["https://agent.example.com/cb"]});
        said.as_object_mut().unwrap().extend(otherwise.as_object().unwrap().clone());
        let policy = Policy::default();
        let blank = policy.blank(Id::from_bytes([1; 16]), ID.to_owned(), Timestamp::from_seconds(1_790_000_000));
        policy.described(said.to_string().as_bytes(), blank, Registration::new(RegisteredBy::Document))
    }

    #[test]
    fn an_address_that_can_be_read_in_one_way_only_is_a_client_id() {
        for good in [ID, "https://agent.example.com:8443/a/b", "https://agent.example.com/a?v=1"] {
            assert!(is_document_id(good), "{good}");
        }
        for bad in [
            "",
            "app",
            "https://agent.example.com",
            "https://agent.example.com/",
            "http://agent.example.com/client.json",
            "https://agent.example.com:443/client.json",
            "https://AGENT.example.com/client.json",
            "https://user@agent.example.com/client.json",
            "https://user:pass@agent.example.com/client.json",
            "https://agent.example.com/client.json#f",
            "https://agent.example.com/a/../client.json",
            "https://agent.example.com/./client.json",
            "https://agent.example.com/%2e%2e/client.json",
            "https://2130706433/client.json",
            "https://agent.example.com\\@evil.example/client.json",
            " https://agent.example.com/client.json",
            "https:agent.example.com/client.json",
            "javascript:alert(1)",
        ] {
            assert!(!is_document_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_document_names_itself_and_holds_no_secret() {
        let client = read(json!({"client_name": "Agent"})).unwrap();
        assert_eq!((client.client_id.as_str(), client.auth_method), (ID, ClientAuthMethod::None));
        assert!(client.require_pkce && !client.first_party);
        assert_eq!(client.validate(), Ok(()));
        for (otherwise, member) in [
            (json!({"client_id": "https://agent.example.com/other.json"}), "client_id"),
            (json!({"client_id": null}), "client_id"),
            (json!({"client_secret": "x"}), "client_secret"),
            (json!({"client_secret_expires_at": 0}), "client_secret_expires_at"),
            (json!({"token_endpoint_auth_method": "client_secret_basic"}), "token_endpoint_auth_method"),
            (json!({"token_endpoint_auth_method": "client_secret_post"}), "token_endpoint_auth_method"),
            (json!({"token_endpoint_auth_method": "client_secret_jwt"}), "token_endpoint_auth_method"),
            (json!({"redirect_uris": []}), "redirect_uris"),
        ] {
            let error = read(otherwise.clone()).expect_err(&otherwise.to_string());
            assert!(error.description().starts_with(member), "{otherwise}: {error}");
        }
        let long = json!({"client_name": "x".repeat(MAX_DESCRIPTION)});
        assert_eq!(read(long).unwrap_err().code, ErrorCode::InvalidClientMetadata);
    }

    #[test]
    fn a_document_is_believed_for_as_long_as_its_server_says_within_bounds() {
        let seconds = |text: &str| freshness(Some(text)).as_secs();
        assert_eq!(freshness(None).as_secs(), 3600);
        assert_eq!(seconds("public, max-age=600"), 600);
        assert_eq!(seconds("Max-Age=\"600\""), 600);
        assert_eq!((seconds("max-age=0"), seconds("no-store, max-age=600"), seconds("no-cache")), (60, 60, 60));
        assert_eq!((seconds("max-age=99999999"), seconds("max-age=x"), seconds("")), (86_400, 3600, 3600));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(id in any::<String>(), body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (is_document_id(&id), host_of(&id), freshness(Some(&id)));
            let blank = Policy::default().blank(Id::from_bytes([1; 16]), id, Timestamp::from_seconds(1));
            let _ = Policy::default().described(&body, blank, Registration::new(RegisteredBy::Document));
        }
    }
}
