//! Refresh tokens and their rotation (RFC 9700 §4.14.2): each is exchanged once, and a second time means theft.
//!
//! No token is stored. Each names its grant and its generation, how often that grant was exchanged before, under a MAC that only
//! this installation can make; which generation is due stands with the grant (`docs/adr/0004`).

use crate::error::{ErrorCode, OAuthError};
use crate::scope::Scope;
use aws_lc_rs::hmac;
use base::{APART, Id, Keyring, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use zeroize::Zeroizing;

/// For how long the same answer is given again to a client that lost it on the way.
pub const REPEAT_WINDOW: Duration = Duration::from_secs(10);

/// What a refresh token begins with.
const PREFIX: &str = "wb_rt_";
const NAME: usize = 16 + 4;
const MAC: usize = 32;

/// A refresh token of this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// The grant that it hangs on.
    pub grant: Id,
    /// How often that was exchanged before.
    pub generation: u32,
}

/// A refresh token as it was presented. Has no `Debug`.
#[derive(Clone)]
pub struct RefreshText(Zeroizing<[u8; NAME + MAC]>);

impl RefreshToken {
    /// The text to hand out, the same every time.
    pub fn reveal(self, issuer: &str, keyring: &Keyring) -> Zeroizing<String> {
        let name = self.name();
        let mut bytes = Zeroizing::new(name.to_vec());
        bytes.extend_from_slice(hmac::sign(&key(issuer, keyring), &name).as_ref());
        let body = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()));
        Zeroizing::new([PREFIX, &body].concat())
    }

    fn name(self) -> [u8; NAME] {
        let mut name = [0; NAME];
        let parts = self.grant.as_bytes().iter().copied().chain(self.generation.to_be_bytes());
        name.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        name
    }
}

impl RefreshText {
    /// Reads a presented token. `None` for what has not the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?);
        bytes.as_slice().try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The token, if this installation made it for that issuer.
    pub fn verify(&self, issuer: &str, keyring: &Keyring) -> Option<RefreshToken> {
        let (name, mac) = self.0.split_first_chunk::<NAME>()?;
        hmac::verify(&key(issuer, keyring), name, mac).ok()?;
        let (grant, generation) = name.split_first_chunk::<16>()?;
        let generation = u32::from_be_bytes(generation.try_into().ok()?);
        Some(RefreshToken { grant: Id::from_bytes(*grant), generation })
    }
}

fn key(issuer: &str, keyring: &Keyring) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, keyring.subkey(&format!("refresh tokens of {issuer}")).as_slice())
}

/// How a family of refresh tokens stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The generation that is due: how often the grant was exchanged.
    pub generation: u32,
    /// When it was exchanged last.
    pub rotated_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What to do with a presented refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshDecision {
    /// Exchange it for its child.
    Rotate,
    /// Give the same child again, the one that is due: the answer was lost.
    SameChildAgain,
    /// It was used before: end its whole family.
    Replay,
    /// Too old.
    Expired,
    /// Of a generation that there has not been: the database has lost its last moments. Nothing is ended for that.
    Unknown,
}

/// Decides about a token of a generation.
pub fn decide(generation: u32, family: &Family, now: Timestamp) -> RefreshDecision {
    // Where it lies ahead by more than another node's clock does, the clock was set back: nothing is new again by that.
    let is_just_now = |at: Timestamp| now.since(at) <= REPEAT_WINDOW && at.since(now) <= APART;
    if generation > family.generation {
        return RefreshDecision::Unknown;
    }
    let is_due = generation == family.generation;
    let is_last = generation.checked_add(1) == Some(family.generation);
    let was_lost = is_last && family.rotated_at.is_some_and(is_just_now);
    if !(is_due || was_lost) {
        return RefreshDecision::Replay;
    }
    match (now >= family.expires_at, is_due) {
        (true, _) => RefreshDecision::Expired,
        (false, true) => RefreshDecision::Rotate,
        (false, false) => RefreshDecision::SameChildAgain,
    }
}

/// The scope of the new access token: all that was granted, or less if less is asked for (RFC 6749 §6). The
/// grant itself keeps what it has.
///
/// # Errors
/// `invalid_scope` when more is asked for than was granted.
pub fn narrow(granted: &Scope, wanted: Option<&Scope>) -> Result<Scope, OAuthError> {
    match wanted {
        None => Ok(granted.clone()),
        Some(wanted) if wanted.is_subset(granted) && !wanted.is_empty() => Ok(wanted.clone()),
        Some(_) => Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "scope is more than was granted: ask for less, or start a new authorization",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use base::Rng;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const ISSUER: &str = "https://id.example.com";

    fn family(generation: u32, rotated: Option<u64>) -> Family {
        Family {
            generation,
            rotated_at: rotated.map(|millis| NOW.minus(Duration::from_millis(millis))),
            expires_at: NOW.plus(Duration::from_secs(3600)),
        }
    }

    #[test]
    fn a_live_token_rotates_once() {
        assert_eq!(decide(0, &family(0, None), NOW), RefreshDecision::Rotate);
        assert_eq!(decide(7, &family(7, Some(5)), NOW), RefreshDecision::Rotate);
        assert_eq!(decide(0, &family(1, Some(10_001)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn a_lost_answer_is_given_again_for_ten_seconds() {
        assert_eq!(decide(0, &family(1, Some(0)), NOW), RefreshDecision::SameChildAgain);
        assert_eq!(decide(6, &family(7, Some(10_000)), NOW), RefreshDecision::SameChildAgain);
    }

    #[test]
    fn once_the_child_was_used_its_parent_is_a_replay_at_once() {
        assert_eq!(decide(5, &family(7, Some(0)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_used_token_new() {
        let ahead = |by| Family { rotated_at: Some(NOW.plus(by)), ..family(1, None) };
        assert_eq!(decide(0, &ahead(APART), NOW), RefreshDecision::SameChildAgain, "it was exchanged at another node");
        assert_eq!(decide(0, &ahead(APART + Duration::from_secs(1)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn an_old_token_is_expired_but_a_used_one_stays_a_replay() {
        let expired = |generation, rotated| Family { expires_at: NOW, ..family(generation, rotated) };
        assert_eq!(decide(0, &expired(0, None), NOW), RefreshDecision::Expired);
        assert_eq!(decide(0, &expired(1, Some(1)), NOW), RefreshDecision::Expired);
        assert_eq!(decide(0, &expired(1, Some(60_000)), NOW), RefreshDecision::Replay);
    }

    #[test]
    fn what_has_never_been_ends_nothing() {
        assert_eq!(decide(8, &family(7, Some(0)), NOW), RefreshDecision::Unknown);
        assert_eq!(decide(u32::MAX, &family(0, None), NOW), RefreshDecision::Unknown);
    }

    fn one() -> RefreshToken {
        RefreshToken { grant: Id::from_bytes([7; 16]), generation: 3 }
    }

    #[test]
    fn what_is_handed_out_is_read_back_and_is_the_same_every_time() {
        let ring = Keyring::generate(&Rng::seeded(1));
        let text = one().reveal(ISSUER, &ring);
        assert_eq!(text, one().reveal(ISSUER, &ring));
        assert_eq!(RefreshText::parse(&text).unwrap().verify(ISSUER, &ring), Some(one()));
        assert!(RefreshText::parse(&text).unwrap().verify("https://id.example.org", &ring).is_none());
        assert!(RefreshText::parse(&text).unwrap().verify(ISSUER, &Keyring::generate(&Rng::seeded(2))).is_none());
    }

    /// CVE-2026-27840: a token that is cut, lengthened or changed anywhere must not pass.
    #[test]
    fn a_token_that_was_changed_anywhere_is_none() {
        let ring = Keyring::generate(&Rng::seeded(1));
        let text = one().reveal(ISSUER, &ring);
        let passes = |text: &str| RefreshText::parse(text).and_then(|text| text.verify(ISSUER, &ring)).is_some();
        assert!(passes(&text));
        for i in 0..text.len() {
            let mut changed = text.as_bytes().to_vec();
            changed[i] = if changed[i] == b'A' { b'B' } else { b'A' };
            assert!(!passes(std::str::from_utf8(&changed).unwrap()), "{i}");
            assert!(!passes(&text[..i]), "{i}");
        }
        assert!(!passes(&format!("{}A", *text)) && !passes(&format!("{} ", *text)));
    }

    #[test]
    fn scope_can_shrink_but_not_grow() {
        let scope = |s: &str| s.parse::<Scope>().unwrap();
        let granted = scope("openid email");
        assert_eq!(narrow(&granted, None), Ok(granted.clone()));
        assert_eq!(narrow(&granted, Some(&scope("email"))), Ok(scope("email")));
        assert_eq!(narrow(&granted, Some(&scope("openid phone"))).unwrap_err().code, ErrorCode::InvalidScope);
    }
}
