//! The one table of what can be used once: codes, links, tokens.

use base::{Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

/// What a single-use secret is for. It opens nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An authorization code (RFC 6749 §4.1.2).
    Code,
    /// Proves a mail address at registration.
    ConfirmEmail,
    /// Sets a new password.
    ResetPassword,
    /// Answers "was this you?" from a mail.
    WasThisYou,
    /// Makes the account of an invited address.
    Invite,
    /// Begins a way back, and so its wait.
    BeginRecovery,
    /// Stops a way back, from a mail that tells of it.
    StopRecovery,
    /// Ends a way back whose wait is over.
    FinishRecovery,
    /// The challenge that a new passkey or security key answers.
    AddKey,
    /// Ties another provider's answer to the request that it answers (`state`, RFC 6749 §10.12).
    UpstreamState,
    /// A code by mail that signs in.
    SignInCode,
    /// Answers a change that waits, or undoes one that was done, from a mail that tells of it.
    AnswerChange,
    /// Lifts a lockdown, together with a sign-in.
    LiftLockdown,
    /// What a client signed to prove itself (RFC 7523 §3 item 7): kept when it comes, refused when it comes again.
    ClientAssertion,
    /// Names a pushed authorization request (RFC 9126 §2.2).
    PushedRequest,
    /// What a device asks for its tokens with (RFC 8628 §3.2).
    DeviceCode,
    /// What a person types to let it in (RFC 8628 §3.2): used once it is decided.
    UserCode,
    /// What an app asks for its tokens with, while a person elsewhere is asked (CIBA Core §7.3).
    AuthRequest,
    /// A proof of possession (RFC 9449 §11.1): the same.
    DpopProof,
    /// Shows which apps are told of a logout in the browser, and where it leads on to.
    SignedOut,
    /// Opens the set-up page, once in the life of an installation.
    Setup,
}

impl Purpose {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::WasThisYou => "was_this_you",
            Self::Invite => "invite",
            Self::BeginRecovery => "begin_recovery",
            Self::StopRecovery => "stop_recovery",
            Self::FinishRecovery => "finish_recovery",
            Self::AddKey => "add_key",
            Self::SignInCode => "sign_in_code",
            Self::UpstreamState => "upstream_state",
            Self::AnswerChange => "answer_change",
            Self::LiftLockdown => "lift_lockdown",
            Self::ClientAssertion => "client_assertion",
            Self::PushedRequest => "pushed_request",
            Self::DeviceCode => "device_code",
            Self::UserCode => "user_code",
            Self::AuthRequest => "auth_request",
            Self::DpopProof => "dpop_proof",
            Self::SignedOut => "signed_out",
            Self::Setup => "setup",
        }
    }
}

/// A row of the table. The secret itself is not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct SingleUse {
    /// Hash of the secret.
    pub hash: SecretHash,
    /// What it is for.
    pub purpose: Purpose,
    /// Whom it concerns.
    pub account: Option<Id>,
    /// The client that may redeem it.
    pub client: Option<Id>,
    /// The login flow that it continues.
    pub flow: Option<Id>,
    /// What else is needed to act on it; no secrets.
    pub data: serde_json::Value,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When it was used.
    pub consumed_at: Option<Timestamp>,
}
