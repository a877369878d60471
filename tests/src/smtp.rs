//! A mail server that keeps what it gets: the product sends to it by real SMTP.

use mail_parser::MessageParser;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    /// Its HTML part.
    pub html: String,
    /// Its Message-ID.
    pub id: String,
    /// Its headers, unfolded.
    pub headers: Vec<(String, String)>,
}

impl Letter {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// The six digits that stand on a line of their own in the text.
    pub fn code(&self) -> Option<String> {
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
        self.text.lines().map(str::trim).find(is_code).map(str::to_owned)
    }

    /// The first link in the text that contains a word.
    pub fn link(&self, word: &str) -> String {
        self.text
            .split_whitespace()
            .map(|part| part.trim_matches(['<', '>', '(', ')', '.']))
            .find(|part| part.starts_with("http") && part.contains(word))
            .unwrap_or_else(|| panic!("no link with {word:?} in:\n{}", self.text))
            .to_owned()
    }
}

/// The server. It ends with the test.
#[derive(Clone)]
pub struct Postbox {
    url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
    arrived: Arc<Notify>,
    away: Arc<AtomicBool>,
    closed: Arc<AtomicBool>,
}

impl Postbox {
    /// Opens a server on a free port.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let postbox = Self {
            url,
            letters: Arc::default(),
            arrived: Arc::default(),
            away: Arc::default(),
            closed: Arc::default(),
        };
        let keeper = postbox.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let keeper = keeper.clone();
                if !keeper.away.load(Ordering::SeqCst) {
                    tokio::spawn(async move { drop(keeper.talk(stream).await) });
                }
            }
        });
        postbox
    }

    /// Where to send to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Goes down, or comes back: while it is away it hangs up on everybody.
    pub fn is_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// Lets nobody send, as one does that wants another password than the one it was given (RFC 4954 §6); or lets them in again.
    pub fn is_closed(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }

    /// Every letter to an address so far.
    pub fn letters_to(&self, address: &str) -> Vec<Letter> {
        self.letters.lock().unwrap().iter().filter(|letter| letter.to == address).cloned().collect()
    }

    /// The next letter to an address that was not taken before, whose subject contains a word.
    pub async fn take(&self, address: &str, subject: &str) -> Letter {
        let found = tokio::time::timeout(Duration::from_secs(20), async {
            loop {
                let arrived = self.arrived.notified();
                {
                    let mut letters = self.letters.lock().unwrap();
                    let at = letters.iter().position(|letter| letter.to == address && letter.subject.contains(subject));
                    if let Some(at) = at {
                        return letters.remove(at);
                    }
                }
                arrived.await;
            }
        });
        match found.await {
            Ok(letter) => letter,
            Err(_) => panic!("no letter to {address} about {subject:?}; there are: {:?}", self.letters.lock().unwrap()),
        }
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 postbox ESMTP\r\n").await?;
        let mut to = Vec::new();
        while let Some(line) = lines.next_line().await? {
            // Connections that were kept end as well.
            if self.away.load(Ordering::SeqCst) {
                return Ok(());
            }
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "MAIL" if self.closed.load(Ordering::SeqCst) => {
                    write.write_all(b"530 5.7.0 Authentication required\r\n").await?;
                }
                "EHLO" => write.write_all(b"250-postbox\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n").await?,
                "RCPT" => {
                    let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                    to.push(address.to_owned());
                    write.write_all(b"250 ok\r\n").await?;
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut data = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        data.push_str("\r\n");
                    }
                    self.keep(&to, &data);
                    to.clear();
                    write.write_all(b"250 kept\r\n").await?;
                }
                "QUIT" => return write.write_all(b"221 bye\r\n").await,
                _ => write.write_all(b"250 ok\r\n").await?,
            }
        }
        Ok(())
    }

    fn keep(&self, to: &[String], data: &str) {
        let message = MessageParser::default().parse(data.as_bytes()).unwrap();
        for address in to {
            self.letters.lock().unwrap().push(Letter {
                to: address.clone(),
                subject: message.subject().unwrap_or_default().to_owned(),
                text: message.body_text(0).unwrap_or_default().into_owned(),
                html: message.body_html(0).unwrap_or_default().into_owned(),
                headers: message
                    .headers_raw()
                    .map(|(name, value)| (name.to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" ")))
                    .collect(),
                id: message.message_id().unwrap_or_default().to_owned(),
            });
        }
        self.arrived.notify_waiters();
    }
}
