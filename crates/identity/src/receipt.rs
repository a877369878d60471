//! What a browser says of a notice: that it was put on the screen, and that somebody clicked it.
//!
//! The notice brings the text that speaks for its browser and for nothing else; it travels encrypted for that browser
//! alone. It says nothing of what the person wants, and opens nothing: a receipt is never consent.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base::Id;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// The purpose of the key under which these texts are made (`Keyring::subkey`).
pub const KEY_PURPOSE: &str = "receipt of a notice";
const BETWEEN: char = '~';
/// Longer than any is.
const LONGEST: usize = 160;

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Got {
    /// It was put on the screen.
    Shown,
    /// Somebody clicked it, or one of its buttons.
    Clicked,
}

/// One notice in one browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The delivery.
    pub delivery: Id,
    /// The subscription that it went to.
    pub subscription: Id,
}

impl Receipt {
    /// The text that the notice brings.
    pub fn token(&self, key: &[u8; 32], tenant: Id) -> String {
        let mac = URL_SAFE_NO_PAD.encode(self.mac(key, tenant));
        [&self.delivery.to_string(), &self.subscription.to_string(), &mac]
            .map(String::as_str)
            .join(&BETWEEN.to_string())
    }

    /// Of which notice a text is; `None` for one that was not made here, for this tenant.
    pub fn read(token: &str, key: &[u8; 32], tenant: Id) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.split(BETWEEN);
        let mut part = || parts.next();
        let (delivery, subscription, mac) = (part()?, part()?, part()?);
        let receipt = Self { delivery: delivery.parse().ok()?, subscription: subscription.parse().ok()? };
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        let same = verify_slices_are_equal(&receipt.mac(key, tenant), &mac).is_ok();
        (same && parts.next().is_none()).then_some(receipt)
    }

    fn mac(&self, key: &[u8; 32], tenant: Id) -> Vec<u8> {
        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        mac.update(tenant.as_bytes());
        mac.update(self.subscription.as_bytes());
        mac.update(self.delivery.as_bytes());
        mac.sign().as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    #[test]
    fn a_receipt_is_of_one_notice_in_one_browser_and_of_one_tenant() {
        let receipt = Receipt { delivery: id(1), subscription: id(2) };
        let token = receipt.token(&KEY, id(9));
        assert_eq!(Receipt::read(&token, &KEY, id(9)), Some(receipt));
        assert_eq!(Receipt::read(&token, &KEY, id(8)), None);
        assert_eq!(Receipt::read(&token, &[8; 32], id(9)), None);
        let other = Receipt { subscription: id(3), ..receipt }.token(&KEY, id(9));
        let mixed = [token.split('~').next().unwrap(), &other[token.find('~').unwrap() + 1..]].join("~");
        assert_eq!(Receipt::read(&mixed, &KEY, id(9)), Some(Receipt { subscription: id(3), ..receipt }));
        for wrong in ["", "~~", &token[1..], &token[..token.len() - 1], &format!("{token}~"), &"a".repeat(500)] {
            assert_eq!(Receipt::read(wrong, &KEY, id(9)), None, "{wrong}");
        }
    }

    #[test]
    fn no_browser_speaks_for_another() {
        let token = Receipt { delivery: id(1), subscription: id(2) }.token(&KEY, id(9));
        for (from, to) in [("01010101", "03010101"), ("02020202", "03020202")] {
            let forged = token.replacen(from, to, 1);
            assert_ne!(forged, token);
            assert_eq!(Receipt::read(&forged, &KEY, id(9)), None);
        }
    }
}
