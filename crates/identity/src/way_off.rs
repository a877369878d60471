//! The link of a mail that switches mails of its topic off, and does nothing else (RFC 8058).
//!
//! Nothing is stored: the link says what it switches off, under a key. It works for whoever has the mail, without a
//! session, as often as it is used and for as long as the mail is kept: after the first time there is nothing left to do.

use crate::preference::{Channel, Topic};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base::Id;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The purpose of the key under which these links are made (`Keyring::subkey`).
pub const KEY_PURPOSE: &str = "way off";
/// Stands in no part of a link, and needs no escape in a URL (RFC 3986 §2.3).
const BETWEEN: char = '~';
/// Longer than any link is.
const LONGEST: usize = 200;

/// What a link switches off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayOff {
    /// Whose.
    pub account: Id,
    /// About what.
    pub topic: Topic,
    /// By what.
    pub channel: Channel,
}

impl WayOff {
    /// The text of the link's token, for one tenant.
    pub fn token(&self, key: &[u8; 32], tenant: Id) -> String {
        let mac = URL_SAFE_NO_PAD.encode(self.mac(key, tenant));
        [&self.account.to_string(), self.topic.as_str(), self.channel.as_str(), &mac].join(&BETWEEN.to_string())
    }

    /// What a token switches off; `None` for one that was not made here, for this tenant.
    pub fn read(token: &str, key: &[u8; 32], tenant: Id) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.split(BETWEEN);
        let mut part = || parts.next();
        let (account, topic, channel, mac) = (part()?, part()?, part()?, part()?);
        let way = Self {
            account: account.parse().ok()?,
            topic: Topic::from_name(topic)?,
            channel: Channel::from_name(channel)?,
        };
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        let same = verify_slices_are_equal(&way.mac(key, tenant), &mac).is_ok();
        (same && parts.next().is_none() && !way.topic.is_locked(way.channel)).then_some(way)
    }

    fn mac(&self, key: &[u8; 32], tenant: Id) -> [u8; 32] {
        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        // Two ids of sixteen bytes, then two names with a byte between that is in neither.
        mac.update(tenant.as_bytes());
        mac.update(self.account.as_bytes());
        mac.update(self.topic.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(self.channel.as_str().as_bytes());
        let mut out = [0; 32];
        for (to, from) in out.iter_mut().zip(mac.sign().as_ref()) {
            *to = *from;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn way(topic: Topic, channel: Channel) -> WayOff {
        WayOff { account: id(1), topic, channel }
    }

    #[test]
    fn a_link_switches_off_what_it_was_made_for_again_and_again() {
        let way = way(Topic::NewDevice, Channel::Email);
        let token = way.token(&KEY, id(9));
        for _ in 0..2 {
            assert_eq!(WayOff::read(&token, &KEY, id(9)), Some(way));
        }
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)), "no escapes: {token}");
    }

    #[test]
    fn it_opens_nothing_else() {
        let token = way(Topic::NewDevice, Channel::Email).token(&KEY, id(9));
        assert_eq!(WayOff::read(&token, &KEY, id(8)), None, "another tenant's");
        assert_eq!(WayOff::read(&token, &[8; 32], id(9)), None, "another key's");
        for (from, to) in [("login.new_device", "app.connected"), ("~email~", "~push~"), ("01010101", "02010101")] {
            let other = token.replacen(from, to, 1);
            assert_ne!(other, token);
            assert_eq!(WayOff::read(&other, &KEY, id(9)), None, "{other}");
        }
    }

    #[test]
    fn no_letter_of_it_can_be_changed() {
        let token = way(Topic::AppConnected, Channel::Email).token(&KEY, id(9));
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(bytes).unwrap();
            // An id is the same in both cases.
            let same = other.eq_ignore_ascii_case(&token) && at < 36;
            // The last letter carries four bits of padding.
            let padding = at == token.len() - 1;
            assert!(same || padding || WayOff::read(&other, &KEY, id(9)).is_none(), "{other}");
        }
        for odd in ["", "~", "~~~", &token[1..], &format!("{token}~"), &format!("{token}A"), &"x".repeat(100_000)] {
            assert_eq!(WayOff::read(odd, &KEY, id(9)), None);
        }
    }

    #[test]
    fn what_is_locked_has_no_way_off() {
        let locked = way(Topic::CredentialChanged, Channel::Email);
        assert_eq!(WayOff::read(&locked.token(&KEY, id(9)), &KEY, id(9)), None);
    }
}
