//! The mail server: as before each mail, up to the point where one would be sent.

use super::super::report::Report;
use super::Patient;
use crate::{settings, wiring};
use base::{Id, Rng};
use events::{MailTrouble, Mailer};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long the mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects, encrypts, signs in; with an address for it, sends a test mail.
pub(super) async fn look(patient: Arc<Patient>) -> (Report, ()) {
    let (mut report, config) = (Report::default(), &patient.loaded.config);
    let Some(url) = config.mail.smtp_url.as_ref() else {
        report.wrong("mail", "mail.smtp_url is not set", "set it to your mail server");
        return (report, ());
    };
    if patient.is_dev && url.reveal() == settings::NO_MAIL {
        report.ok("mail", "watchbell dev catches its mails itself");
        return (report, ());
    }
    let shown = url.shown();
    let mailer = match wiring::mail(config).and_then(|settings| Ok(Mailer::new(&settings)?)) {
        Ok(mailer) => mailer,
        Err(trouble) => {
            report.wrong("mail", trouble.to_string(), "mend the section [mail]");
            return (report, ());
        }
    };
    if !told(&shown, timeout(PATIENCE, mailer.greet()).await, &mut report) {
        return (report, ());
    }
    let how = if url.requires_tls() { "over TLS" } else { "without TLS" };
    report.ok("mail", format!("{shown} answers {how}, and takes user and password where it was given some"));
    if let Some(to) = &patient.mail {
        let delivery = Id::new(&patient.clock, &Rng::system());
        if told(&shown, timeout(PATIENCE, mailer.send_test(to, delivery)).await, &mut report) {
            report.ok("mail", format!("a test mail was taken for {}: see whether it arrives", to.as_str()));
        }
    }
    (report, ())
}

/// Tells what went wrong; whether nothing did.
fn told(
    shown: &str,
    outcome: Result<Result<(), MailTrouble>, tokio::time::error::Elapsed>,
    report: &mut Report,
) -> bool {
    let (text, next) = match outcome {
        Ok(Ok(())) => return true,
        Ok(Err(MailTrouble::Lasting(why))) => (
            format!("{shown} refuses ({why})"),
            "see user and password in mail.smtp_url, and whether mail.from may be sent from there",
        ),
        Ok(Err(MailTrouble::Away(why) | MailTrouble::Passing(why))) => (
            format!("{shown} is of no use ({why})"),
            "see host and port in mail.smtp_url, its certificate, and the firewall",
        ),
        Err(_) => (
            format!("{shown} does not answer within {} seconds", PATIENCE.as_secs()),
            "see host and port in mail.smtp_url, and the firewall",
        ),
    };
    report.wrong("mail", text, next);
    false
}
