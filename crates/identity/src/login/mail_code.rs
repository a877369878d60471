//! A code by mail that signs in: six digits, typed in the browser that asked.
//!
//! The code itself is stored nowhere: it follows from a key of the server, the flow, and which of the flow's codes it is.
//! Whoever writes the mail and whoever looks at what was typed come to the same.

use super::code::digits_of;
use super::{Assurance, Evidence, Flow, Method};
use crate::digits::six_digits;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base::{Email, Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a code works (ASVS 5.0 §6.5.5).
pub const MAIL_CODE_LIFETIME: Duration = Duration::from_secs(10 * 60);
/// What the server's key for codes is derived for.
pub const MAIL_CODE_KEY: &str = "sign-in code";

/// A code that was asked for in a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailCode {
    /// Which of the flow's codes it is: only the newest works.
    pub number: u32,
    /// The address that was typed, whether or not anybody has it.
    pub email: Email,
    /// Until when it works.
    pub until: Timestamp,
}

/// The secret behind one code.
pub struct MailSecret(Zeroizing<[u8; 32]>);

impl MailSecret {
    /// The secret of a flow's code of that number.
    pub fn of(key: &[u8; 32], flow: Id, number: u32) -> Self {
        let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        mac.update(b"mail code");
        mac.update(flow.as_bytes());
        mac.update(&number.to_be_bytes());
        let mut bytes = Zeroizing::new([0; 32]);
        for (to, from) in bytes.iter_mut().zip(mac.sign().as_ref()) {
            *to = *from;
        }
        Self(bytes)
    }

    /// The six digits that the mail shows.
    pub fn digits(&self) -> Zeroizing<String> {
        Zeroizing::new(digits_of(self.0.as_slice()))
    }

    /// Whether that is the code, however it is grouped.
    pub fn is(&self, typed: &str) -> bool {
        let typed = Zeroizing::new(six_digits(typed).unwrap_or_default());
        verify_slices_are_equal(typed.as_bytes(), self.digits().as_bytes()).is_ok()
    }

    /// The name of its row among what is used once. It tells nothing of the digits without the server's key.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.as_slice())
    }
}

impl Flow {
    /// Whether a code by mail could sign somebody in here. What the account is, nobody knows yet: this says nothing of it,
    /// and [`decide`](super::decide) has the last word. Another provider's word that waits to be linked takes a better
    /// proof, too: it would open the account from then on.
    pub fn takes_mail_code(&self) -> bool {
        let asked = &self.requirements;
        let in_session = |proof: &Evidence| matches!(proof, Evidence::Session { .. });
        asked.methods.has(Method::MailCode)
            && asked.now.max(asked.usual) == Assurance::OneFactor
            && asked.account.is_none()
            && self.pending.is_none()
            && !self.evidence.iter().any(in_session)
    }

    /// Asks for a code, which takes the place of the one before.
    pub fn ask_mail_code(&mut self, email: Email, now: Timestamp) -> MailCode {
        self.mail_codes = self.mail_codes.saturating_add(1);
        let code = MailCode { number: self.mail_codes, email, until: now.plus(MAIL_CODE_LIFETIME) };
        self.mail_code = Some(code.clone());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_code_is_of_one_flow_and_one_request_and_reads_as_six_digits() {
        let id = |n| Id::from_bytes([n; 16]);
        let code = MailSecret::of(&KEY, id(1), 1);
        let digits = code.digits();
        assert!(digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", digits.as_str());
        assert!(code.is(&digits) && code.is(&format!(" {} {}", &digits[..3], &digits[3..])));
        assert!(!code.is("") && !code.is("12345"));
        let others =
            [MailSecret::of(&KEY, id(1), 2), MailSecret::of(&KEY, id(2), 1), MailSecret::of(&[8; 32], id(1), 1)];
        for other in others {
            assert!(!other.is(&digits) && other.hash() != code.hash());
        }
    }

    #[test]
    fn a_flow_has_one_code_and_its_number_never_comes_back() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let browser = SecretHash([1; 32]);
        let aim = serde_json::json!({"page": "/account"});
        let mut flow = Flow::start(Id::from_bytes([1; 16]), browser, aim, super::super::Requirements::default(), now);
        let email = || "anna@example.com".parse::<Email>().unwrap();
        assert_eq!(flow.ask_mail_code(email(), now).number, 1);
        assert_eq!(flow.ask_mail_code(email(), now).number, 2);
        flow.mail_code = None;
        assert_eq!(flow.ask_mail_code(email(), now).number, 3, "also after one was used");
        assert_eq!(flow.mail_code.unwrap().until, now.plus(MAIL_CODE_LIFETIME));
    }
}
