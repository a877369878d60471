//! What apps say of themselves.

use crate::requests::NOW;
use base::{Id, SecretHash};
use oauth::Client;
use oauth::client::{RegisteredBy, Registration};
use oauth::registration::{Metadata, Policy};

const DOCUMENT: &str = "https://agent.example/client.json";
const API: &str = "https://api.example/";

/// The metadata of a registration (RFC 7591), which could be those of a document, too. Nobody gives themselves what is the
/// operator's to give, and a document shares no secret.
pub(crate) fn registration(input: &[u8]) -> bool {
    let policy = Policy { resources: vec![API.to_owned()], ..Policy::default() };
    let blank = || policy.blank(Id::from_bytes([7; 16]), DOCUMENT.to_owned(), NOW);
    let registered =
        Metadata::parse(input).and_then(|said| policy.apply(&said, blank(), Registration::new(RegisteredBy::Anybody)));
    let described = policy.described(input, blank(), Registration::new(RegisteredBy::Document));
    if let Ok(client) = &described {
        assert!(!client.auth_method.has_secret(), "a document shared a secret");
    }
    let clients: Vec<Client> = [registered, described].into_iter().flatten().collect();
    for client in &clients {
        assert!(!client.first_party && !client.resource_server && client.require_pkce, "a privilege was taken");
        assert_eq!(client.requests.resources, [API], "an API was taken");
        assert_eq!(client.scope.intersection(&policy.scope), client.scope, "a scope was taken");
        assert_eq!((client.client_id.as_str(), client.secret_hash.is_none()), (DOCUMENT, true));
    }
    clients.into_iter().any(|client| {
        let secret_hash = client.auth_method.has_secret().then(|| SecretHash::of(b"hush"));
        Client { secret_hash, ..client }.validate().is_ok()
    })
}
