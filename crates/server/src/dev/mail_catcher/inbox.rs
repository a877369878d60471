//! The mails that were caught: the newest 200, and never more than 32 MiB.

use base::{Clock, Timestamp};
use mail_parser::{Address, MessageParser};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

const MOST: usize = 200;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// A mail that was caught.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Caught {
    /// Its number; later mails have higher ones.
    pub id: u64,
    /// The sender as the mail names it.
    pub from: String,
    /// Whom it was delivered to, as the envelope says, separated by a comma and a space.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part; empty when there is none.
    pub html: String,
    /// Every link of both parts, each once, in their order.
    pub links: Vec<String>,
    /// When it came, in microseconds since the Unix epoch.
    pub at: Timestamp,
    /// The mail as it came.
    #[serde(skip)]
    pub source: Vec<u8>,
}

/// Where caught mails lie. Cheap to clone; clones share the mails.
#[derive(Clone)]
pub(crate) struct Inbox {
    clock: Clock,
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    mails: VecDeque<Arc<Caught>>,
    bytes: usize,
    last_id: u64,
}

impl Inbox {
    /// An empty inbox.
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, kept: Arc::default() }
    }

    /// Takes a mail in, and lets the oldest go where there is no room.
    pub(crate) fn put(&self, sender: &str, recipients: &[String], source: Vec<u8>) {
        let message = MessageParser::default().parse(&source);
        let text = message.as_ref().and_then(|m| m.body_text(0)).unwrap_or_default().into_owned();
        // A mail without an HTML part would get one made from its text: show none instead.
        let html = message.as_ref().filter(|m| m.html_bodies().any(|part| part.is_text_html()));
        let html = html.and_then(|m| m.body_html(0)).unwrap_or_default().into_owned();
        let from = message.as_ref().and_then(|m| m.from()).map_or_else(|| sender.to_owned(), shown);
        let subject = message.as_ref().and_then(|m| m.subject()).unwrap_or_default().to_owned();
        let links = links(&text, &html);
        let at = self.clock.now();
        let to = recipients.join(", ");

        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last_id += 1;
        kept.bytes += source.len();
        let id = kept.last_id;
        kept.mails.push_front(Arc::new(Caught { id, from, to, subject, text, html, links, at, source }));
        while kept.mails.len() > MOST || (kept.bytes > MOST_BYTES && kept.mails.len() > 1) {
            let gone = kept.mails.pop_back().map_or(0, |mail| mail.source.len());
            kept.bytes = kept.bytes.saturating_sub(gone);
        }
    }

    /// The mails to an address, or all of them, newest first.
    pub(crate) fn list(&self, to: Option<&str>) -> Vec<Arc<Caught>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let meant =
            |mail: &&Arc<Caught>| to.is_none_or(|to| mail.to.split(", ").any(|one| one.eq_ignore_ascii_case(to)));
        kept.mails.iter().filter(meant).cloned().collect()
    }

    /// One mail.
    pub(crate) fn get(&self, id: u64) -> Option<Arc<Caught>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.mails.iter().find(|mail| mail.id == id).cloned()
    }
}

fn shown(address: &Address<'_>) -> String {
    let one = |a: &mail_parser::Addr<'_>| match (a.name(), a.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => address.or(name).unwrap_or_default().to_owned(),
    };
    address.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn links(text: &str, html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |link: String| {
        if !found.contains(&link) {
            found.push(link);
        }
    };
    for (start, _) in text.match_indices("http") {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || "<>\"'".contains(c)).unwrap_or(rest.len());
        let link = rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ')', ';']);
        if link.starts_with("http://") || link.starts_with("https://") {
            add(link.to_owned());
        }
    }
    for part in html.split("href=\"").skip(1) {
        let link = part.split('"').next().unwrap_or_default().replace("&amp;", "&");
        if link.starts_with("http://") || link.starts_with("https://") {
            add(link);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Acme <no-reply@example.com>\r\nTo: ann@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Confirm: http://localhost:8080/confirm?token=3Dabc. Sch=C3=B6n!\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <a href=\"http://localhost:8080/confirm?token=abc\">Confirm</a> <a href=\"http://localhost:8080/x?a=1&amp;b=2\">x</a>\r\n\
        --b--\r\n";

    fn inbox() -> Inbox {
        Inbox::new(Clock::manual(Timestamp::from_seconds(1_790_000_000)))
    }

    #[test]
    fn a_mail_is_shown_with_its_parts_and_every_link_once() {
        let inbox = inbox();
        inbox.put("bounce@example.com", &["ann@example.com".into()], MAIL.into());
        let mail = inbox.get(1).unwrap();
        assert_eq!((mail.from.as_str(), mail.subject.as_str()), ("Acme <no-reply@example.com>", "Grüße"));
        assert!(mail.text.contains("Schön!") && mail.html.contains("Confirm</a>"));
        assert_eq!(mail.links, ["http://localhost:8080/confirm?token=abc", "http://localhost:8080/x?a=1&b=2"]);
    }

    #[test]
    fn a_mail_of_text_alone_has_no_html() {
        let inbox = inbox();
        inbox.put("a@b.example", &["ann@example.com".into()], b"Subject: Hi\r\n\r\nHello <you>\r\n".to_vec());
        let mail = inbox.get(1).unwrap();
        assert_eq!((mail.html.as_str(), mail.from.as_str()), ("", "a@b.example"));
        assert!(mail.text.contains("Hello <you>"));
    }

    #[test]
    fn mails_are_listed_newest_first_and_by_recipient() {
        let inbox = inbox();
        for to in ["ann@example.com", "bob@example.com", "Ann@Example.com"] {
            inbox.put("a@b.example", &[to.to_owned()], MAIL.into());
        }
        let ids = |to| inbox.list(to).iter().map(|mail| mail.id).collect::<Vec<_>>();
        assert_eq!(ids(None), [3, 2, 1]);
        assert_eq!(ids(Some("ann@example.com")), [3, 1]);
        assert!(ids(Some("n@example.com")).is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let inbox = inbox();
        for _ in 0..MOST + 5 {
            inbox.put("a@b.example", &[], MAIL.into());
        }
        assert_eq!(inbox.list(None).len(), MOST);
        for _ in 0..40 {
            inbox.put("a@b.example", &[], vec![b'x'; 1024 * 1024]);
        }
        assert_eq!(inbox.list(None).len(), 32);
    }

    #[test]
    fn bytes_that_are_no_mail_do_no_harm() {
        let inbox = inbox();
        inbox.put("", &[], vec![0xff; 100]);
        inbox.put("", &[], Vec::new());
        assert_eq!(inbox.list(None).len(), 2);
    }
}
