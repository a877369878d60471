//! Apps that nobody registered: their client id is the address of a document that says what they are
//! (draft-ietf-oauth-client-id-metadata-document).
//!
//! What was read is kept as a client like any other, so that grants and consents have something to hang on; it is read again
//! when it is not fresh any more and somebody begins a request with it. What nobody uses is purged.

use super::published::fetch;
use super::registration::own;
use crate::guard::NetworkLane;
use crate::here::{By, Here};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::Visitor;
use base::{Fault, Timestamp};
use identity::{Event, OwnRegistration};
use oauth::client::{Client, RegisteredBy, Registration};
use oauth::registration::{MAX_DESCRIPTION, changed, freshness, host_of, is_document_id, is_host_of, refused};
use oauth::{ErrorCode, OAuthError};
use outbound::Outbound;
use std::sync::Arc;
use std::time::Duration;

/// A document, and when it was read.
pub(crate) struct Described {
    bytes: Vec<u8>,
    read_at: Timestamp,
    fresh: Duration,
}

impl Here {
    /// Whether a client id may be the address of a document.
    pub(super) fn reads_documents(&self) -> bool {
        self.settings().registration.documents
    }

    /// Whether a client that is kept here can be used: one that a document describes, only while the operator wants such.
    pub(super) fn counts(&self, client: &Client) -> bool {
        !is_described(client) || (self.reads_documents() && self.may_describe(&client.client_id))
    }

    /// The client of an id, where a request begins: one that is kept here, or what the document at that address says.
    ///
    /// # Errors
    /// `invalid_client` when the document can't be used, `temporarily_unavailable` for too many from one network.
    pub(super) async fn client_met(
        &self,
        client_id: &str,
        visitor: &Visitor,
    ) -> Answer<Option<Arc<Client>>, OAuthError> {
        let kept = self.known_client(client_id).await?;
        let other = kept.as_ref().is_some_and(|client| !is_described(client));
        if other || !self.reads_documents() || !is_document_id(client_id) || !self.may_describe(client_id) {
            return Ok(kept.filter(|client| self.counts(client)));
        }
        let now = self.now();
        if kept.as_ref().is_some_and(|client| !client.is_enabled() || is_fresh(client, now)) {
            return Ok(kept);
        }
        if kept.is_none() && !self.may_meet(visitor).await? {
            let text = "client_id: too many new apps from your network: wait an hour";
            return refuse(OAuthError::new(ErrorCode::TemporarilyUnavailable, text));
        }
        let reading = read(&self.parts().outbound, client_id, now);
        // What is kept is not fresh: of what is in memory only the answer to those who came at the same time counts.
        match self.documents().get(client_id, (true, now), reading).await {
            Ok(document) => Ok(Some(Arc::new(self.keep_described(client_id, &document, visitor).await?))),
            Err(why) => refuse(unusable(&why)),
        }
    }

    /// Counts an address that is asked for the first time: strangers choose it.
    async fn may_meet(&self, visitor: &Visitor) -> Result<bool, Fault> {
        let lane = NetworkLane::of(b"client document", visitor, self.settings().registration.per_address);
        let mut tx = self.begin().await?;
        if lane.reserve(self, &mut tx).await?.is_err() {
            return Ok(false);
        }
        tx.commit().await?;
        Ok(true)
    }

    fn may_describe(&self, client_id: &str) -> bool {
        let hosts = &self.settings().registration.document_hosts;
        hosts.is_empty() || host_of(client_id).is_some_and(|host| is_host_of(hosts, &host))
    }

    /// Checks what was read like everything that is registered, and keeps it. What the operator has set since stays.
    async fn keep_described(
        &self,
        client_id: &str,
        document: &Arc<Described>,
        visitor: &Visitor,
    ) -> Answer<Client, OAuthError> {
        let new = || self.settings().registration.policy.blank(self.new_id(), client_id.to_owned(), document.read_at);
        let first = self.described(new(), document)?;
        self.check_client(&first).await.map_err(|found| {
            let error = refused(found.field, &found.why);
            Problem::Refusal(unusable(error.description()))
        })?;
        let mut tx = self.begin().await?;
        let client = match tx.lock_client(client_id).await? {
            Some(before) if !is_described(&before) || !before.is_enabled() => return Ok(before),
            Some(before) => {
                let client = self.described(before.clone(), document)?;
                tx.update_client(&client).await?;
                let changed = changed(&before, &client);
                if !changed.is_empty() {
                    let event = Event::ClientChanged(OwnRegistration { changed, ..own(&client) });
                    self.emit(&mut tx, &By::stranger(visitor), event).await?;
                }
                client
            }
            None if tx.insert_client(&first).await? => {
                self.emit(&mut tx, &By::stranger(visitor), Event::ClientRegistered(own(&first))).await?;
                first
            }
            // Met by somebody else at the same time.
            None => match tx.find_client(client_id).await? {
                Some(client) => return Ok(client),
                None => return Err(Fault::busy("the app was met meanwhile").into()),
            },
        };
        tx.commit().await?;
        Ok(client)
    }

    fn described(&self, before: Client, document: &Described) -> Answer<Client, OAuthError> {
        let registration = Registration {
            read_at: Some(document.read_at),
            fresh_until: Some(document.read_at.plus(document.fresh)),
            ..Registration::new(RegisteredBy::Document)
        };
        let policy = &self.settings().registration.policy;
        let client = policy.described(&document.bytes, before, registration);
        client.or_else(|error| refuse(unusable(error.description())))
    }
}

fn is_described(client: &Client) -> bool {
    client.registration.as_ref().is_some_and(|registration| registration.by == RegisteredBy::Document)
}

fn is_fresh(client: &Client, now: Timestamp) -> bool {
    let until = client.registration.as_ref().and_then(|registration| registration.fresh_until);
    until.is_some_and(|until| now < until)
}

fn unusable(why: &str) -> OAuthError {
    OAuthError::invalid_assertion(&format!("client_id: the document there can't be used: {why}"))
}

/// Reads the document at an address.
async fn read(outbound: &Outbound, address: &str, now: Timestamp) -> Result<(Described, Duration), String> {
    let answer = fetch(outbound, address).await?;
    let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
    let kind = header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") && !kind.to_ascii_lowercase().ends_with("+json") {
        return Err("its media type is not application/json".to_owned());
    }
    if answer.body.len() > MAX_DESCRIPTION {
        return Err("it is longer than 8 KiB".to_owned());
    }
    let fresh = freshness(header("cache-control"));
    Ok((Described { bytes: answer.body.to_vec(), read_at: now, fresh }, fresh))
}
