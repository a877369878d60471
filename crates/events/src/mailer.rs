//! Mail over SMTP (RFC 5321) with TLS and a pool.

use crate::gate::Gate;
use base::{Email, Fault, Id};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::sync::Arc;
use std::time::Duration;

/// Where mail goes out.
#[derive(Clone)]
pub struct MailSettings {
    /// `smtp://` (plain, on this machine only), `smtp://…?tls=required` (STARTTLS) or `smtps://`, with
    /// percent-encoded credentials.
    pub smtp_url: String,
    /// The sender, as in `Acme <no-reply@acme.example>`.
    pub from: String,
    /// Where answers go.
    pub reply_to: Option<String>,
}

/// Sends mail. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    /// Shut while the mail server is away.
    pub(crate) gate: Arc<Gate>,
}

/// Why a mail was not taken.
#[derive(Debug)]
pub enum MailTrouble {
    /// The server is away, or lets nobody in: no other mail would fare better.
    Away(String),
    /// It may be taken later.
    Passing(String),
    /// It will never be.
    Lasting(String),
}

impl Mailer {
    /// Opens the way out; no connection is made yet.
    ///
    /// # Errors
    /// [`Fault`] naming the setting that can't be read.
    pub fn new(settings: &MailSettings) -> Result<Self, Fault> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.smtp_url)
            .map_err(|e| Fault::new("read mail.smtp_url", e))?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        let from = settings.from.parse().map_err(|e| Fault::new("read mail.from", e))?;
        let reply_to = match &settings.reply_to {
            Some(address) => Some(address.parse().map_err(|e| Fault::new("read mail.reply_to", e))?),
            None => None,
        };
        Ok(Self { transport, from, reply_to, gate: Arc::default() })
    }

    /// Greets the mail server as before each mail: connects, encrypts, signs in. No mail is sent.
    ///
    /// # Errors
    /// [`MailTrouble`] with the mail server's words.
    pub async fn greet(&self) -> Result<(), MailTrouble> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailTrouble::Passing("it closed the connection".to_owned())),
            Err(error) if error.is_permanent() => Err(MailTrouble::Lasting(error.to_string())),
            Err(error) => Err(MailTrouble::Away(error.to_string())),
        }
    }

    /// Sends a mail that says nothing but that mails arrive.
    ///
    /// # Errors
    /// [`MailTrouble`] with the mail server's words.
    pub async fn send_test(&self, to: &Email, delivery: Id) -> Result<(), MailTrouble> {
        let text = "This is a test: mails of this Watchbell arrive here. There is nothing to do.".to_owned();
        let html = format!("<p>{text}</p>");
        let subject = "Test of Watchbell's mails".to_owned();
        self.send((to, None), view::Mail { subject, text, html, way_off: None }, delivery).await
    }

    /// Sends one mail. Its Message-ID follows from the delivery: sent twice after a crash, mailboxes that
    /// look at it show it once.
    pub(crate) async fn send(
        &self,
        (to, name): (&Email, Option<&str>),
        mail: view::Mail,
        delivery: Id,
    ) -> Result<(), MailTrouble> {
        let lasting = |e: &dyn std::fmt::Display| MailTrouble::Lasting(e.to_string());
        let address = to.as_str().parse().map_err(|e| lasting(&e))?;
        let domain = self.from.email.domain().to_owned();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name.map(str::to_owned), address))
            .subject(mail.subject)
            .message_id(Some(format!("<{delivery}@{domain}>")))
            // No machine should answer it (RFC 3834 §5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        // A mail program's own button, which works without a sign-in (RFC 8058 §2, §3.1).
        if let Some(link) = &mail.way_off {
            let header =
                |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
            message = message
                .raw_header(header("List-Unsubscribe", format!("<{link}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let message =
            message.multipart(MultiPart::alternative_plain_html(mail.text, mail.html)).map_err(|e| lasting(&e))?;
        let sent = self.transport.send(message).await;
        let is_there = sent.as_ref().map_or_else(|error| error.status().is_some() && !concerns_all(error), |_| true);
        if is_there && self.gate.open() {
            tracing::info!("the mail server is back: the mails that waited go out");
        }
        match sent {
            Ok(_) => Ok(()),
            Err(error) if concerns_all(&error) => Err(MailTrouble::Away(error.to_string())),
            Err(error) if error.is_permanent() => Err(lasting(&error)),
            Err(error) => Err(MailTrouble::Passing(error.to_string())),
        }
    }
}

/// Whether the trouble is with the server, or with how we come to it, and not with this mail.
fn concerns_all(error: &lettre::transport::smtp::Error) -> bool {
    match error.status() {
        // It closes (RFC 5321 §4.2.3), or does not know us: a wrong password must not cost anybody a mail (RFC 4954 §6, RFC 5248
        // §2.4 for 525). 454 is left out: some say it of a recipient.
        Some(code) => matches!(u16::from(code), 421 | 525 | 530 | 534 | 535 | 538),
        // It could not be reached, went silent, hung up, or is no mail server.
        None => !error.is_client(),
    }
}
