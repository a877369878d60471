//! What an operator sets, in the form that the use cases need.

use crate::oidc::RegistrationSettings;
use base::Origin;
use identity::change::ChangePolicy;
use identity::limit::Limit;
use identity::login::SignInPolicy;
use identity::password::HashParams;
use identity::password_policy::Policy;
use oauth::certificate::Authorities;
use std::sync::Arc;
use std::time::Duration;

/// How apps prove themselves by the certificates of their connections (RFC 8705).
#[derive(Debug, Clone, Default)]
pub struct Certificates {
    /// Who may vouch for one; without them apps register their certificates themselves.
    pub authorities: Option<Arc<Authorities>>,
    /// The address of the endpoints that read them, where it is not the usual one.
    pub origin: Option<Origin>,
}

/// The settings of an installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How passwords are hashed from now on; older ones are rehashed at the next sign-in.
    pub hashing: HashParams,
    /// Hashing threads; 0 means one per core.
    pub hashers: usize,
    /// How many hashes may wait. Above it the answer is 503 with Retry-After.
    pub hash_queue: usize,
    /// Which passwords are good enough.
    pub password: Policy,
    /// Ask the pwned-passwords range API at this base URL, as in `https://api.pwnedpasswords.com`.
    pub pwned_passwords: Option<String>,
    /// What signing in takes, unless a client asks for more.
    pub sign_in: SignInPolicy,
    /// What is odd about a sign-in, and what follows.
    pub risk: identity::risk::Rules,
    /// What happens with a sensitive change: it is done, told of, or waits for its owner's yes.
    pub changes: ChangePolicy,
    /// The providers by which people sign in.
    pub upstreams: Vec<upstream::Provider>,
    /// The longest pause within a session.
    pub session_idle: Duration,
    /// The longest session.
    pub session_lifetime: Duration,
    /// How long a sign-in may take.
    pub flow_lifetime: Duration,
    /// How long the link that proves an address works.
    pub confirm_lifetime: Duration,
    /// How long the link that sets a new password works.
    pub reset_lifetime: Duration,
    /// How long an invitation works.
    pub invitation_lifetime: Duration,
    /// How long "it wasn't me" works from a mail.
    pub answer_lifetime: Duration,
    /// How long whoever has lost everything waits for the way back; zero means that there is none.
    pub recovery_wait: Duration,
    /// Wrong passwords on one account, from devices that it does not know.
    pub strangers: Limit,
    /// Wrong passwords on one account, from a device that it knows.
    pub known_device: Limit,
    /// Wrong passwords from one address, whatever the account.
    pub address: Limit,
    /// Mails asked for: per mail address and purpose.
    pub mails: Limit,
    /// Requests that are kept until they are answered, of an app that anybody can be: per app and network address.
    pub requests: Limit,
    /// Whether the card that offers notices is shown after the first sign-in.
    pub offer_notices: bool,
    /// How many browsers of one account can be rung.
    pub max_subscriptions: usize,
    /// Whether proofs of possession need a nonce of ours (RFC 9449 §8).
    pub dpop_nonces: bool,
    /// Whether requests may be fetched from addresses that their apps registered (RFC 9101 §5.2).
    pub requests_by_reference: bool,
    /// How certificates of apps are read; `None` when they are not.
    pub certificates: Option<Certificates>,
    /// How apps register themselves.
    pub registration: RegistrationSettings,
    /// How long a new signing key is published before it signs.
    pub key_lead: Duration,
    /// How long a retired signing key stays published.
    pub key_tail: Duration,
}
