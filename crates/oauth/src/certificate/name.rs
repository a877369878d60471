//! The name by which a certificate is known to be a client's (RFC 8705 §2.1.2).

use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::x509::X509Name;

/// The longest name, in bytes.
const MAX_NAME: usize = 1024;

/// One name, as it is registered: a client has exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateName {
    /// The subject's distinguished name (RFC 4514), as in `CN=shop,O=Acme,C=DE`.
    #[serde(rename = "tls_client_auth_subject_dn")]
    SubjectDn(String),
    /// A DNS name among the alternative names.
    #[serde(rename = "tls_client_auth_san_dns")]
    SanDns(String),
    /// A URI among them.
    #[serde(rename = "tls_client_auth_san_uri")]
    SanUri(String),
    /// An IP address among them.
    #[serde(rename = "tls_client_auth_san_ip")]
    SanIp(IpAddr),
    /// A mail address among them.
    #[serde(rename = "tls_client_auth_san_email")]
    SanEmail(String),
}

impl CertificateName {
    /// Whether it can be the name of a certificate.
    pub fn is_name(&self) -> bool {
        let plain = |text: &str| !text.is_empty() && text.len() <= MAX_NAME && !text.chars().any(char::is_control);
        match self {
            Self::SubjectDn(name) => plain(name) && DistinguishedName::parse(name).is_some(),
            // No wildcards (RFC 8705 §2.1): the one name, in letters of a certificate.
            Self::SanDns(name) => plain(name) && name.is_ascii() && !name.contains(['*', ' ']),
            Self::SanUri(name) => plain(name) && name.is_ascii() && name.contains(':'),
            Self::SanEmail(name) => plain(name) && name.is_ascii() && name.contains('@'),
            Self::SanIp(_) => true,
        }
    }

    pub(super) fn is_of(&self, certificate: &X509Certificate<'_>) -> bool {
        if let Self::SubjectDn(wanted) = self {
            let found = DistinguishedName::of(certificate.subject());
            return found.is_some() && found == DistinguishedName::parse(wanted);
        }
        let Ok(Some(names)) = certificate.subject_alternative_name() else { return false };
        names.value.general_names.iter().any(|found| match (found, self) {
            (GeneralName::DNSName(found), Self::SanDns(wanted)) => found.eq_ignore_ascii_case(wanted),
            (GeneralName::URI(found), Self::SanUri(wanted)) => found == wanted,
            (GeneralName::RFC822Name(found), Self::SanEmail(wanted)) => found == wanted,
            (GeneralName::IPAddress(found), Self::SanIp(IpAddr::V4(wanted))) => **found == wanted.octets(),
            (GeneralName::IPAddress(found), Self::SanIp(IpAddr::V6(wanted))) => **found == wanted.octets(),
            _ => false,
        })
    }
}

/// The short names of RFC 4514 §3, and those that are written everywhere besides.
const SHORT: [(&str, &str); 19] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("serialNumber", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("S", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("T", "2.5.4.12"),
    ("title", "2.5.4.12"),
    ("businessCategory", "2.5.4.15"),
    ("GN", "2.5.4.42"),
    ("organizationIdentifier", "2.5.4.97"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
    ("E", "1.2.840.113549.1.9.1"),
];

/// Types and values, part by part, from the last to the first as RFC 4514 §2.1 writes them. Values are compared as they are:
/// what two authorities hold for the same in different letters is not the same here.
#[derive(Debug, PartialEq, Eq)]
struct DistinguishedName(Vec<Vec<(String, String)>>);

impl DistinguishedName {
    /// That of a certificate. `None` when it is empty, or has a value that is no text.
    fn of(name: &X509Name<'_>) -> Option<Self> {
        let mut parts = Vec::new();
        for rdn in name.iter_rdn() {
            let pairs = rdn.iter().map(|pair| Some((pair.attr_type().to_id_string(), pair.as_str().ok()?.to_owned())));
            parts.push(sorted(pairs.collect::<Option<Vec<_>>>()?));
        }
        parts.reverse();
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// RFC 4514 §3; blanks around the separators are forgiven.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        for rdn in split(text, ',') {
            let pairs = split(rdn, '+').into_iter().map(pair).collect::<Option<Vec<_>>>()?;
            parts.push(sorted(pairs));
        }
        Some(Self(parts))
    }
}

/// In a part with several, their order says nothing.
fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

/// Splits where the separator is not escaped.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(text.get(from..at).unwrap_or_default());
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

fn pair(text: &str) -> Option<(String, String)> {
    let (kind, value) = text.split_once('=')?;
    let kind = kind.trim();
    let dotted = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let known = SHORT.iter().find(|(short, _)| short.eq_ignore_ascii_case(kind)).map(|(_, oid)| (*oid).to_owned());
    let oid = if dotted { kind.to_owned() } else { known? };
    let value = match value.trim_start().strip_prefix('#') {
        Some(hex) => encoded_text(hex.trim_end())?,
        None => unescaped(value.trim_start())?,
    };
    (!value.is_empty()).then_some((oid, value))
}

/// RFC 4514 §3: `\` before a special character, or before two hexadecimal digits that are a byte.
fn unescaped(text: &str) -> Option<String> {
    let (mut out, mut bytes) = (Vec::new(), text.bytes().peekable());
    // Blanks at the end fall away, unless one is escaped.
    let mut kept = 0;
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            kept = if byte == b' ' { kept } else { out.len() };
            continue;
        }
        let first = bytes.next()?;
        match (hex_digit(first), bytes.peek().copied().and_then(hex_digit)) {
            (Some(high), Some(low)) => {
                out.push(high * 16 + low);
                bytes.next();
            }
            _ if b" \"#+,;<=>\\".contains(&first) => out.push(first),
            _ => return None,
        }
        kept = out.len();
    }
    out.truncate(kept);
    String::from_utf8(out).ok()
}

/// `#` and the DER of a text (RFC 4514 §2.4), in its short form.
fn encoded_text(hex: &str) -> Option<String> {
    let digits: Vec<u8> = hex.bytes().map(hex_digit).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|two| two.iter().fold(0, |sum, digit| sum * 16 + digit)).collect();
    // UTF8String, PrintableString, IA5String.
    let (_, rest) = bytes.split_first().filter(|(tag, _)| matches!(tag, 0x0c | 0x13 | 0x16))?;
    let (length, value) = rest.split_first()?;
    let whole = digits.len().is_multiple_of(2) && *length < 0x80 && usize::from(*length) == value.len();
    if whole { String::from_utf8(value.to_vec()).ok() } else { None }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| digit.try_into().ok())
}
