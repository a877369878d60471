//! The SMTP side (RFC 5321): as much as a mailer needs to hand a mail over.

use super::Inbox;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The largest mail, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// The longest line; RFC 5321 §4.5.3.1 asks for 1000, mailers send longer ones.
const LONGEST_LINE: u64 = 64 * 1024;
const MOST_RECIPIENTS: usize = 100;
const MOST_CONNECTIONS: usize = 32;
/// The time that a server waits for the next command (RFC 5321 §4.5.3.2.7).
const PATIENCE: Duration = Duration::from_secs(300);

/// Receives mails until the task is dropped.
pub(crate) async fn receive(listener: TcpListener, inbox: Inbox) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, say: breathe, and go on.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let inbox = inbox.clone();
        tokio::spawn(async move {
            let (read, write) = stream.into_split();
            let mut session = Session { read: BufReader::new(read), write, inbox, envelope: None };
            // A mailer that hangs up has lost nothing but its own mail.
            drop(session.run().await);
            drop(place);
        });
    }
}

struct Envelope {
    sender: String,
    recipients: Vec<String>,
}

struct Session<R, W> {
    read: R,
    write: W,
    inbox: Inbox,
    envelope: Option<Envelope>,
}

impl<R: AsyncBufRead + Unpin, W: AsyncWrite + Unpin> Session<R, W> {
    async fn run(&mut self) -> io::Result<()> {
        self.say("220 watchbell mail catcher").await?;
        loop {
            let Some(line) = self.line().await? else { return Ok(()) };
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.say(&format!("250-watchbell\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MOST_BYTES}")).await?
                }
                "HELO" => self.say("250 watchbell").await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.recipient(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.envelope = None;
                    self.say("250 OK").await?;
                }
                "NOOP" => self.say("250 OK").await?,
                "VRFY" => self.say("252 Everybody is welcome").await?,
                "QUIT" => return self.say("221 Bye").await,
                _ => self.say("502 Command not known").await?,
            }
        }
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        match path(rest, "FROM:") {
            Some(sender) => {
                self.envelope = Some(Envelope { sender, recipients: Vec::new() });
                self.say("250 OK").await
            }
            None => self.say("501 Write MAIL FROM:<address>").await,
        }
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let reply = match (&mut self.envelope, path(rest, "TO:")) {
            (None, _) => "503 MAIL comes first",
            (Some(_), None) => "501 Write RCPT TO:<address>",
            (Some(envelope), Some(_)) if envelope.recipients.len() >= MOST_RECIPIENTS => "452 Too many recipients",
            (Some(envelope), Some(recipient)) => {
                envelope.recipients.push(recipient);
                "250 OK"
            }
        };
        self.say(reply).await
    }

    async fn data(&mut self) -> io::Result<()> {
        let Some(envelope) = self.envelope.take().filter(|e| !e.recipients.is_empty()) else {
            return self.say("503 RCPT comes first").await;
        };
        self.say("354 Go on; end with a dot alone on a line").await?;
        let mut mail = Vec::new();
        let mut too_long = false;
        loop {
            let Some(line) = self.line().await? else { return Ok(()) };
            if matches!(line.as_slice(), b".\r\n" | b".\n") {
                break;
            }
            // A dot at the start of a line was doubled (RFC 5321 §4.5.2).
            let line = line.strip_prefix(b".").unwrap_or(&line);
            too_long |= mail.len() + line.len() > MOST_BYTES;
            if !too_long {
                mail.extend_from_slice(line);
            }
        }
        if too_long {
            return self.say("552 Too long").await;
        }
        self.inbox.put(&envelope.sender, &envelope.recipients, mail);
        self.say("250 Caught").await
    }

    /// The next line with its end; `None` when the mailer has hung up, is silent, or never ends its line.
    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut limited = (&mut self.read).take(LONGEST_LINE);
        match timeout(PATIENCE, limited.read_until(b'\n', &mut line)).await {
            Ok(Err(e)) => Err(e),
            Ok(Ok(_)) if line.ends_with(b"\n") => Ok(Some(line)),
            Ok(Ok(_)) | Err(_) => Ok(None),
        }
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.write.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.write.flush().await
    }
}

/// The address in `FROM:<a@b> PARAMETERS`.
fn path(rest: &str, word: &str) -> Option<String> {
    let (start, rest) = rest.trim_start().split_at_checked(word.len())?;
    let inner = rest.trim_start().strip_prefix('<')?;
    let (address, _) = inner.split_once('>')?;
    start.eq_ignore_ascii_case(word).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Clock, Timestamp};

    async fn talk(lines: &str) -> (String, Inbox) {
        let inbox = Inbox::new(Clock::manual(Timestamp::from_seconds(0)));
        let mut session = Session { read: lines.as_bytes(), write: Vec::new(), inbox: inbox.clone(), envelope: None };
        session.run().await.unwrap();
        (String::from_utf8(session.write).unwrap(), inbox)
    }

    #[tokio::test]
    async fn a_mail_is_taken_from_a_mailer() {
        let (said, inbox) = talk(
            "EHLO x\r\nMAIL FROM:<no-reply@example.com> SIZE=10\r\nrcpt to:<ann@example.com>\r\nDATA\r\n\
             Subject: Hi\r\n\r\n..dot\r\nline\r\n.\r\nQUIT\r\n",
        )
        .await;
        assert!(said.contains("250 Caught") && said.ends_with("221 Bye\r\n"), "{said}");
        let mail = inbox.get(1).unwrap();
        assert_eq!((mail.subject.as_str(), mail.to.as_str()), ("Hi", "ann@example.com"));
        assert!(mail.text.starts_with(".dot"));
    }

    #[tokio::test]
    async fn commands_out_of_order_are_refused_and_the_talk_goes_on() {
        let (said, inbox) = talk("DATA\r\nRCPT TO:<a@b.example>\r\nMAIL x\r\nHELP\r\nNOOP\r\n").await;
        let codes: Vec<_> = said.lines().map(|line| &line[..3]).collect();
        assert_eq!(codes, ["220", "503", "503", "501", "502", "250"]);
        assert!(inbox.list(None).is_empty());
    }

    #[tokio::test]
    async fn a_mail_that_is_cut_off_is_not_kept() {
        let (_, inbox) = talk("MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\nSubject: x\r\n").await;
        assert!(inbox.list(None).is_empty());
    }

    #[tokio::test]
    async fn a_mail_that_is_too_long_is_refused() {
        let line = "x".repeat(60_000);
        let mut lines = "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n".to_owned();
        for _ in 0..80 {
            lines.push_str(&line);
            lines.push_str("\r\n");
        }
        lines.push_str(".\r\nQUIT\r\n");
        let (said, inbox) = talk(&lines).await;
        assert!(said.contains("552 Too long") && said.ends_with("221 Bye\r\n"), "{said}");
        assert!(inbox.list(None).is_empty());
    }
}
