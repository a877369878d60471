//! The mail that `watchbell dev` sent, read from its mail catcher.

use std::time::{Duration, Instant};

use actix_web::test::TestRequest;
use serde::Deserialize;

use crate::plain;

/// The mail catcher of a running program.
#[derive(Debug, Clone)]
pub struct Mailbox {
    origin: String,
}

/// A mail.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// Its number; later mails have higher ones.
    pub id: u64,
    /// The sender.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Every link, each once.
    pub links: Vec<String>,
}

impl Mail {
    /// The first link that contains a word.
    #[track_caller]
    pub fn link(&self, word: &str) -> &str {
        let found = self.links.iter().find(|link| link.contains(word));
        found.unwrap_or_else(|| panic!("no link with {word:?} among {:?}", self.links))
    }
}

impl Mailbox {
    /// The mail catcher at this origin.
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.trim_end_matches('/').to_owned() }
    }

    /// Every mail to an address, newest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", address).finish();
        let reply = plain::send(&self.origin, TestRequest::get().uri(&format!("/api/mails?{query}"))).await;
        let reply = reply.expect("the mail catcher answers");
        serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.body))
    }

    /// Waits for a mail to an address whose subject contains a word; of several, the newest.
    pub async fn wait(&self, address: &str, subject: &str) -> Mail {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let mails = self.mails_to(address).await;
            if let Some(mail) = mails.iter().find(|mail| mail.subject.contains(subject)) {
                return mail.clone();
            }
            let subjects: Vec<_> = mails.iter().map(|mail| &mail.subject).collect();
            assert!(Instant::now() < deadline, "no mail to {address} about {subject:?}; there are: {subjects:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
