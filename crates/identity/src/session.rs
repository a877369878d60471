//! A browser session at this server.

use base::{Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

/// How someone proved who they are (RFC 8176 §2), and how it is told to relying parties (`amr`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Amr {
    /// A password.
    Pwd,
    /// A link or code by mail.
    Email,
    /// A one-time code.
    Otp,
    /// A key that stays in its device.
    Hwk,
    /// A key that is copied to its owner's other devices: proof of possession of a software-secured key.
    Swk,
    /// Another provider's word. RFC 8176 has no value for it; this one is in common use.
    Fed,
    /// More than one factor.
    Mfa,
}

impl Amr {
    /// Every value.
    const ALL: [Self; 7] = [Self::Pwd, Self::Email, Self::Otp, Self::Hwk, Self::Swk, Self::Fed, Self::Mfa];

    /// The one that a value of the claim names.
    pub fn of(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|amr| amr.as_str() == value)
    }

    /// The value in the `amr` claim.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pwd => "pwd",
            Self::Email => "email",
            Self::Otp => "otp",
            Self::Hwk => "hwk",
            Self::Swk => "swk",
            Self::Fed => "fed",
            Self::Mfa => "mfa",
        }
    }
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Row id, and the `sid` that relying parties see.
    pub id: Id,
    /// Who is signed in.
    pub account: Id,
    /// In which browser.
    pub device: Id,
    /// Hash of the cookie's secret.
    pub secret: SecretHash,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub last_seen_at: Timestamp,
    /// When the person last proved who they are (claim `auth_time`).
    pub auth_time: Timestamp,
    /// How they did.
    pub amr: Vec<Amr>,
    /// How much it proves (claim `acr`).
    pub acr: String,
    /// The end, however much it is used.
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// Whether the session opens anything at this moment. `idle` is the longest pause allowed.
    pub fn is_live(&self, now: Timestamp, idle: std::time::Duration) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.last_seen_at.plus(idle)
    }
}

/// Why a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person signed out here.
    SignedOut,
    /// Signed out from an app (RP-initiated logout).
    SignedOutByApp,
    /// The person ended it from another browser.
    EndedByOwner,
    /// "It wasn't me."
    Denied,
    /// The password was changed or reset.
    PasswordChanged,
    /// "It wasn't me", and the whole account was locked down.
    LockedDown,
    /// The same browser signed in again.
    Replaced,
    /// An operator ended it.
    EndedByOperator,
    /// The installation was restored from a backup.
    Restored,
}

impl EndReason {
    /// Whether tokens with `offline_access` outlive the session: only after an ordinary sign-out.
    pub const fn spares_offline_access(self) -> bool {
        matches!(self, Self::SignedOut | Self::SignedOutByApp | Self::Replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const NOON: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const IDLE: Duration = Duration::from_secs(3600);

    fn session() -> Session {
        Session {
            id: Id::from_bytes([1; 16]),
            account: Id::from_bytes([2; 16]),
            device: Id::from_bytes([3; 16]),
            secret: SecretHash([0; 32]),
            created_at: NOON,
            last_seen_at: NOON,
            auth_time: NOON,
            amr: vec![Amr::Pwd],
            acr: crate::login::acr::SINGLE_FACTOR.to_owned(),
            expires_at: NOON.plus(IDLE * 10),
            ended_at: None,
        }
    }

    #[test]
    fn a_session_lives_until_it_is_ended_left_alone_or_too_old() {
        assert!(session().is_live(NOON, IDLE));
        assert!(!session().is_live(NOON.plus(IDLE), IDLE), "left alone");
        let used = Session { last_seen_at: NOON.plus(IDLE * 10), ..session() };
        assert!(!used.is_live(NOON.plus(IDLE * 10), IDLE), "too old");
        assert!(!Session { ended_at: Some(NOON), ..session() }.is_live(NOON, IDLE), "ended");
    }

    #[test]
    fn only_an_ordinary_sign_out_spares_offline_access() {
        for reason in [EndReason::SignedOut, EndReason::SignedOutByApp, EndReason::Replaced] {
            assert!(reason.spares_offline_access(), "{reason:?}");
        }
        for reason in
            [EndReason::Denied, EndReason::PasswordChanged, EndReason::EndedByOwner, EndReason::EndedByOperator]
        {
            assert!(!reason.spares_offline_access(), "{reason:?}");
        }
    }
}
