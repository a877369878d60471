//! What is fine on a developer's machine and not in production. `watchbell serve` refuses all of it by name.

use super::{ConfigError, Loaded};
use ipnet::IpNet;

/// OWASP's floor for Argon2id (Password Storage Cheat Sheet): each pair of memory in KiB and passes is as strong
/// as the others. A setting passes when it is at least as good as one of them.
const ARGON2_FLOOR: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// Every setting that is not safe in production, each with what to do. Empty: good to go.
///
/// `key_file_mode` holds the permission bits of the master key's file, when there is one.
pub(crate) fn insecure(loaded: &Loaded, key_file_mode: Option<u32>) -> Vec<ConfigError> {
    let mut found = Vec::new();
    address(loaded, &mut found);
    passwords(loaded, &mut found);
    mail(loaded, &mut found);
    push(loaded, &mut found);
    telemetry(loaded, &mut found);
    if let Some(mode) = key_file_mode.filter(|mode| mode & 0o077 != 0) {
        let file = loaded.config.keys.master_key_file.display();
        found.push(loaded.error(
            "keys.master_key_file",
            format!("{file} can be read by others (mode {:03o}): run chmod 600 {file}", mode & 0o777),
        ));
    }
    found
}

fn address(loaded: &Loaded, found: &mut Vec<ConfigError>) {
    let server = &loaded.config.server;
    match &server.public_origin {
        None => found.push(loaded.error(
            "server.public_origin",
            "set it to the address that people see, like https://id.example.com: it is the issuer and starts every link",
        )),
        Some(origin) if !origin.is_https() => found.push(loaded.error(
            "server.public_origin",
            format!("{origin} is not https: passwords and cookies would travel in the clear; put a TLS proxy in front"),
        )),
        Some(_) => {}
    }
    let everybody = |net: &&IpNet| net.prefix_len() == 0;
    if let Some(net) = server.trusted_proxies.iter().find(everybody) {
        found.push(loaded.error(
            "server.trusted_proxies",
            format!("{net} trusts everybody, so that anyone can pretend any address: name your proxy's network"),
        ));
    }
}

fn passwords(loaded: &Loaded, found: &mut Vec<ConfigError>) {
    let password = &loaded.config.password;
    let strong =
        ARGON2_FLOOR.iter().any(|(memory, passes)| password.memory_kib >= *memory && password.iterations >= *passes);
    if !strong {
        let key = if password.memory_kib < 19_456 { "password.memory_kib" } else { "password.iterations" };
        found.push(loaded.error(
            key,
            format!(
                "Argon2id with {} KiB and {} passes is below OWASP's floor: use at least memory_kib = 19456 and iterations = 2",
                password.memory_kib, password.iterations
            ),
        ));
    }
    if password.min_length.is_some_and(|n| n < 8) {
        found.push(loaded.error("password.min_length", "shorter than 8 characters: use at least 8"));
    }
    if password.pwned_passwords && !password.pwned_passwords_origin.is_https() {
        found.push(loaded.error("password.pwned_passwords_origin", "not https: use an https origin"));
    }
}

fn mail(loaded: &Loaded, found: &mut Vec<ConfigError>) {
    let mail = &loaded.config.mail;
    match &mail.smtp_url {
        None => found.push(loaded.error(
            "mail.smtp_url",
            "set it to your mail server, like smtps://user:password@mail.example.com: without mail no address can be confirmed",
        )),
        Some(url) if !url.requires_tls() && !url.is_loopback() => found.push(loaded.error(
            "mail.smtp_url",
            format!("{} can send without TLS: use smtps:// or add ?tls=required for STARTTLS", url.shown()),
        )),
        Some(_) => {}
    }
    if mail.from.is_none() {
        found.push(loaded.error("mail.from", "set it to the sender of your mails, like Acme <no-reply@example.com>"));
    }
}

fn push(loaded: &Loaded, found: &mut Vec<ConfigError>) {
    let push = &loaded.config.push;
    if push.contact.is_none() {
        found.push(loaded.error(
            "push.contact",
            "set it to an address that push services can write to, like mailto:security@example.com (RFC 8292)",
        ));
    }
    if !push.trusted_origins.is_empty() {
        found.push(loaded.error(
            "push.trusted_origins",
            "is for tests and closed networks: it lets messages go to internal addresses; leave it empty",
        ));
    }
    if let Some(origin) = loaded.config.outbound.private_origins.iter().find(|origin| !origin.is_https()) {
        found.push(loaded.error(
            "outbound.private_origins",
            format!("{} is not https: what is said there could be read and changed on its way", origin.as_str()),
        ));
    }
    if !loaded.config.outbound.connect_to.is_empty() {
        found.push(loaded.error(
            "outbound.connect_to",
            "is for tests and closed networks: it sends connections elsewhere than their name says; leave it empty",
        ));
    }
}

fn telemetry(loaded: &Loaded, found: &mut Vec<ConfigError>) {
    let telemetry = &loaded.config.telemetry;
    let in_the_clear = telemetry.headers.is_some() && telemetry.traces_endpoint.is_in_the_clear();
    if in_the_clear {
        found.push(loaded.error(
            "telemetry.headers",
            format!("they would travel to {} in the clear: use an https address", telemetry.traces_endpoint.as_str()),
        ));
    }
}
