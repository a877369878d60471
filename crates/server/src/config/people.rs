//! Settings about people: passwords, sign-in, sessions, tokens.

use base::Origin;
use identity::login;
use identity::password_policy::Policy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How passwords are hashed and which are good enough.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Password {
    /// Memory of one Argon2id hash, in KiB. Older hashes are renewed at the next sign-in.
    pub memory_kib: u32,
    /// Passes of one Argon2id hash.
    pub iterations: u32,
    /// Lanes of one Argon2id hash.
    pub parallelism: u32,
    /// Threads that hash; 0 means one per core.
    pub hashers: usize,
    /// How many hashes may wait; above it the answer is 503 with Retry-After.
    pub queue: usize,
    /// The rules for new passwords.
    pub preset: Preset,
    /// The fewest characters of a new password, where the preset's number is not what you want.
    pub min_length: Option<usize>,
    /// The lowest strength of a new password, 0 to 4, as zxcvbn estimates it: 3 is "safely unguessable". Where the
    /// preset's number is not what you want.
    pub min_strength: Option<u8>,
    /// Ask the pwned-passwords range API whether a new password is known from a breach. Only the first five
    /// characters of its SHA-1 leave the server.
    pub pwned_passwords: bool,
    /// Where that API is.
    #[schemars(with = "String")]
    pub pwned_passwords_origin: Origin,
}

impl Default for Password {
    fn default() -> Self {
        #[allow(clippy::expect_used, reason = "a literal that a test reads back")]
        let origin = "https://api.pwnedpasswords.com".parse().expect("an origin");
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
            hashers: 0,
            queue: 256,
            preset: Preset::Default,
            min_length: None,
            min_strength: None,
            pwned_passwords: false,
            pwned_passwords_origin: origin,
        }
    }
}

/// Rules for new passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Preset {
    /// Eight characters, and "safely unguessable".
    Default,
    /// Fifteen characters where the password stands alone, eight beside a second factor (NIST SP 800-63B-4).
    Nist,
}

impl Password {
    /// The rules that the settings come to.
    pub(crate) fn policy(&self) -> Policy {
        let preset = match self.preset {
            Preset::Default => Policy::default(),
            Preset::Nist => Policy::nist(),
        };
        Policy {
            min_length: self.min_length.unwrap_or(preset.min_length),
            min_score: self.min_strength.unwrap_or(preset.min_score),
            ..preset
        }
    }
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Method {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// A security key beside a password.
    SecurityKey,
    /// An authenticator app, with recovery codes.
    Totp,
    /// A code by mail.
    MailCode,
    /// An account at another provider.
    Upstream,
}

impl From<Method> for login::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Password => Self::Password,
            Method::Passkey => Self::Passkey,
            Method::SecurityKey => Self::SecurityKey,
            Method::Totp => Self::Totp,
            Method::MailCode => Self::MailCode,
            Method::Upstream => Self::Upstream,
        }
    }
}

/// How much a sign-in must prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Require {
    /// One factor.
    None,
    /// Two factors.
    SecondFactor,
    /// A passkey, or a security key beside a password.
    PhishingResistant,
}

/// Who can make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Registration {
    /// Everybody, with an address that is confirmed by mail.
    Open,
    /// Whoever was invited with `watchbell user invite`.
    Invited,
    /// Nobody: accounts are made with `watchbell user add`.
    Closed,
}

/// Sign-in, sessions, and the limits on guessing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SignIn {
    /// Who can make an account.
    pub registration: Registration,
    /// Which ways to sign in there are.
    pub methods: Vec<Method>,
    /// How much a sign-in must prove, whoever it is.
    pub require: Require,
    /// How many days an account may do without a second factor that is required, from its first sign-in on.
    pub enrolment_grace_days: u16,
    /// How many days "don't ask on this device" holds.
    pub trust_device_days: u16,
    /// How many minutes a proof is recent enough for a sensitive change.
    pub recent_minutes: u16,
    /// How many days an invitation works.
    pub invitation_days: u16,
    /// The longest pause within a session, in hours.
    pub session_idle_hours: u32,
    /// The longest session, in hours.
    pub session_hours: u32,
    /// How long a sign-in may take, in minutes.
    pub flow_minutes: u32,
    /// How long the link that confirms a mail address works, in minutes.
    pub confirm_link_minutes: u32,
    /// How long the link that sets a new password works, in minutes.
    pub reset_link_minutes: u32,
    /// How long "it wasn't me" works from a mail, in hours.
    pub was_this_you_hours: u32,
    /// How many hours whoever has lost their second factor waits until a new password can be set by mail alone. Everything
    /// that the person has rings meanwhile, and can stop it. 0: there is no such way.
    pub recovery_wait_hours: u32,
    /// Wrong passwords on one account within the window, from browsers that it does not know.
    pub failures_per_account: u32,
    /// Wrong passwords on one account within the window, from a browser that it knows.
    pub failures_per_known_device: u32,
    /// Wrong passwords from one network address within the window, whatever the account.
    pub failures_per_address: u32,
    /// The window in which they are counted, in minutes.
    pub failure_window_minutes: u32,
    /// The longest pause that too many wrong passwords bring, in minutes. The first is as long as the window; each
    /// further one is twice as long.
    pub longest_pause_minutes: u32,
    /// After so many wrong passwords in a row, from browsers that the account does not know, its password works in
    /// none of them until it is set anew by mail.
    pub failures_in_a_row: u32,
    /// The same for one browser that the account knows.
    pub failures_in_a_row_known_device: u32,
    /// How many mails of one kind one address gets within an hour.
    pub mails_per_hour: u32,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            registration: Registration::Open,
            methods: vec![
                Method::Password,
                Method::Passkey,
                Method::SecurityKey,
                Method::Totp,
                Method::MailCode,
                Method::Upstream,
            ],
            require: Require::None,
            enrolment_grace_days: 7,
            trust_device_days: 30,
            recent_minutes: 10,
            invitation_days: 7,
            session_idle_hours: 14 * 24,
            session_hours: 30 * 24,
            flow_minutes: 30,
            confirm_link_minutes: 60,
            reset_link_minutes: 30,
            was_this_you_hours: 72,
            recovery_wait_hours: 72,
            failures_per_account: 10,
            failures_per_known_device: 10,
            failures_per_address: 15,
            failure_window_minutes: 15,
            longest_pause_minutes: 60,
            failures_in_a_row: 80,
            failures_in_a_row_known_device: 20,
            mails_per_hour: 5,
        }
    }
}

impl SignIn {
    /// What signing in takes where there is no other provider.
    pub(crate) fn policy_without_others(&self) -> login::SignInPolicy {
        let mut here = self.clone();
        here.methods.retain(|method| *method != Method::Upstream);
        here.policy()
    }

    /// What signing in takes.
    pub(crate) fn policy(&self) -> login::SignInPolicy {
        let days = |days: u16| Duration::from_secs(u64::from(days) * 86_400);
        login::SignInPolicy {
            methods: login::Methods::of(self.methods.iter().copied().map(login::Method::from)),
            require: match self.require {
                Require::None => login::Assurance::OneFactor,
                Require::SecondFactor => login::Assurance::TwoFactors,
                Require::PhishingResistant => login::Assurance::PhishingResistant,
            },
            enrolment_grace: days(self.enrolment_grace_days),
            trust_device: days(self.trust_device_days),
            recent: Duration::from_secs(u64::from(self.recent_minutes) * 60),
            sign_up: match self.registration {
                Registration::Open => login::SignUp::Open,
                Registration::Invited => login::SignUp::Invited,
                Registration::Closed => login::SignUp::Closed,
            },
        }
    }
}

/// How long what an app receives is good for: what `watchbell client add` gives a new app.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tokens {
    /// An authorization code, in seconds.
    pub code_seconds: u32,
    /// An access token, in minutes.
    pub access_token_minutes: u32,
    /// A refresh token that is not used, in days.
    pub refresh_token_days: u32,
    /// Whether proofs of possession (DPoP) need a fresh nonce of ours.
    pub dpop_nonces: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { code_seconds: 60, access_token_minutes: 5, refresh_token_days: 30, dpop_nonces: true }
    }
}
