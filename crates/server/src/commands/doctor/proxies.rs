//! What proxies on the way say of a request, and what the server believes of it.
//!
//! The server itself tells, for a question under a key of the installation: see `web::seen`. It is asked twice, the second time with an
//! address in `X-Forwarded-For` that is nobody's, as somebody would who wants to be taken for another.

use super::super::report::Report;
use super::{Patient, origin};
use app::doctor;
use base::Keyring;
use http::{HeaderName, HeaderValue};
use outbound::Outbound;
use web::seen::{self, Seen};

/// An address of documentation (RFC 5737), which nobody has.
const NOBODY: &str = "192.0.2.77";
/// What stands in the header of a certificate that nobody showed.
const NO_CERTIFICATE: &str = "doctor";
const WHAT: &str = "proxy headers";

/// What was seen without and with what a stranger would add.
struct Both {
    plain: Seen,
    pretended: Seen,
}

/// Asks, and judges.
pub(super) async fn look(patient: &Patient, to: (&str, &Outbound), report: &mut Report) {
    let Some(keyring) = patient.inside.as_ref().and_then(|inside| inside.keyring.as_ref()) else { return };
    let strange = HeaderValue::from_static(NOBODY);
    let mut pretending = vec![(HeaderName::from_static(seen::FORWARDED), strange)];
    let header = patient.loaded.config.mtls.header.as_deref().and_then(|name| HeaderName::try_from(name).ok());
    pretending.extend(header.map(|name| (name, HeaderValue::from_static(NO_CERTIFICATE))));
    let plain = ask(patient, (keyring, to), Vec::new()).await;
    let pretended = ask(patient, (keyring, to), pretending).await;
    match (plain, pretended) {
        (Some(plain), Some(pretended)) => judge(&Both { plain, pretended }, to.0, report),
        _ => report.warn(
            WHAT,
            "what answers at the public address does not tell what it saw",
            "see that a server with this database and this version answers there, and that no cache does",
        ),
    }
}

async fn ask(
    patient: &Patient,
    (keyring, (to, outbound)): (&Keyring, (&str, &Outbound)),
    mut headers: Vec<(HeaderName, HeaderValue)>,
) -> Option<Seen> {
    let question = HeaderValue::try_from(doctor::question(keyring, patient.clock.now())).ok()?;
    headers.push((HeaderName::from_static(seen::QUESTION), question));
    let answer = origin::send(outbound, to, &headers).await.ok()?;
    serde_json::from_slice(answer.headers.get(seen::ANSWER)?.as_bytes()).ok()
}

fn judge(Both { plain, pretended }: &Both, origin: &str, report: &mut Report) {
    if pretended.certificate.as_deref() == Some(NO_CERTIFICATE) {
        let next = "have the proxy take that header away from what comes from outside";
        report.wrong(
            WHAT,
            "the header of mtls.header comes through from outside: anybody could show any certificate",
            next,
        );
    }
    let peer = &plain.peer;
    let is_first = |seen: &Seen| seen.forwarded.iter().map(String::as_str).eq([NOBODY]);
    match (plain.trusted, plain.forwarded.is_empty()) {
        // Nothing was believed of what was sent along, and nobody else says anything.
        (false, true) if !origin.starts_with("https://") => {
            report.ok(WHAT, format!("no proxy on the way; this request counts as {}", plain.client));
        }
        (false, true) => report.wrong(
            WHAT,
            format!("the proxy at {peer} does not say whose request it is: everybody counts as {peer}"),
            format!("have it set X-Forwarded-For, and add {peer} to server.trusted_proxies"),
        ),
        (false, false) => report.wrong(
            WHAT,
            format!("the proxy at {peer} is not trusted: everybody counts as {peer}"),
            format!("add {peer} to server.trusted_proxies"),
        ),
        (true, true) => report.wrong(
            WHAT,
            format!("the trusted proxy at {peer} does not say whose request it is: everybody counts as {peer}"),
            "have it set X-Forwarded-For",
        ),
        (true, false) if is_first(pretended) => report.wrong(
            WHAT,
            format!("the proxy at {peer} passes X-Forwarded-For on as it came: anybody can pretend any address"),
            "have it add the address that it was called from, or put that in its place",
        ),
        (true, false) => {
            report.ok(WHAT, format!("the proxy at {peer} is trusted; this request counts as {}", plain.client));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(trusted: bool, forwarded: &[&str]) -> Seen {
        Seen {
            peer: "10.0.0.2".to_owned(),
            trusted,
            client: "198.51.100.1".to_owned(),
            forwarded: forwarded.iter().map(|&hop| hop.to_owned()).collect(),
            certificate: None,
        }
    }

    fn is_fine(plain: Seen, pretended: Seen, origin: &str) -> bool {
        let mut report = Report::default();
        judge(&Both { plain, pretended }, origin, &mut report);
        report.is_fine()
    }

    #[test]
    fn a_proxy_is_right_when_it_is_trusted_and_names_whoever_called_it() {
        let origin = "https://id.example.com";
        let appends = seen(true, &[NOBODY, "198.51.100.1"]);
        assert!(is_fine(seen(true, &["198.51.100.1"]), appends.clone(), origin));
        assert!(is_fine(seen(true, &["198.51.100.1"]), seen(true, &["198.51.100.1"]), origin), "it replaces");
        assert!(!is_fine(seen(false, &["198.51.100.1"]), seen(false, &[NOBODY, "198.51.100.1"]), origin));
        assert!(!is_fine(seen(true, &[]), seen(true, &[NOBODY]), origin), "it says nothing");
        assert!(!is_fine(seen(true, &["198.51.100.1"]), seen(true, &[NOBODY]), origin), "it takes over what came");
        assert!(!is_fine(seen(false, &[]), seen(false, &[NOBODY]), origin));
        assert!(is_fine(seen(false, &[]), seen(false, &[NOBODY]), "http://localhost:8080"), "no proxy, on one machine");
        let lets_through = Seen { certificate: Some(NO_CERTIFICATE.to_owned()), ..appends };
        assert!(!is_fine(seen(true, &["198.51.100.1"]), lets_through, origin));
    }
}
