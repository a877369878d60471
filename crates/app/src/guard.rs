//! Guessing limits around the check of a password or a code: reserve and commit, then look, then settle.
//!
//! The key is the account and the authenticator, never the text that was typed; an address that has no
//! account gets a key of its own, so that both answer alike. A browser that the account knows has its own
//! lane: a stranger who hammers an account does not lock its owner out.

use crate::here::Here;
use crate::spread::Spread;
use crate::visitor::Visitor;
use base::{Fault, Id, SecretHash};
use identity::limit::{Counter, Limit, RetryAfter};
use std::net::IpAddr;
use std::time::Duration;
use store::{HeldCounters, Tx};

/// The lanes that one attempt runs in.
pub(crate) struct Lanes {
    account: (SecretHash, Limit),
    /// Not for a device that the account knows: a stranger behind the same address must not hold its owner up.
    address: Option<(SecretHash, Limit)>,
    turn: u64,
    /// How widely somebody tries, likewise.
    spread: Option<Spread>,
    what: Authenticator,
}

/// What is tried: each has a count of its own on every account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authenticator {
    /// The password.
    Password,
    /// The authenticator app.
    Totp,
    /// The recovery codes.
    RecoveryCode,
    /// The codes by mail.
    MailCode,
    /// The codes that say yes to a change, or prove a new mail address.
    ChangeCode,
    /// The codes that devices show.
    UserCode,
}

impl Authenticator {
    /// Its name for whoever measures.
    const fn label(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::MailCode => "mail_code",
            Self::ChangeCode => "change_code",
            Self::UserCode => "user_code",
        }
    }

    const fn name(self) -> &'static [u8] {
        match self {
            Self::Password => b"password",
            Self::Totp => b"totp",
            Self::RecoveryCode => b"recovery code",
            Self::MailCode => b"mail code",
            Self::ChangeCode => b"change code",
            Self::UserCode => b"user code",
        }
    }
}

/// Whose password or code is tried.
pub(crate) enum Whose<'a> {
    /// This account's, from a device of its own or not.
    Account { account: Id, known: bool },
    /// Nobody's: the key of the address that was typed.
    Nobody { email_key: &'a str },
}

/// Too many attempts: wait this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// How long.
    pub wait: Duration,
}

impl TooMany {
    /// Whether waiting does not help.
    pub fn is_until_reset(&self) -> bool {
        RetryAfter(self.wait).is_until_reset()
    }
}

impl Lanes {
    pub(crate) fn new(here: &Here, what: Authenticator, whose: &Whose<'_>, visitor: &Visitor) -> Self {
        let settings = here.settings();
        // 120 bits are not guessed: who knows the password could only close this lane to its owner, for good.
        let lasting = |limit: Limit| match what {
            Authenticator::RecoveryCode => Limit { consecutive: None, ..limit },
            // Nobody's account is opened by one, so that there is no use in closing a lane for long.
            Authenticator::UserCode => Limit { consecutive: None, longest_lock: Duration::ZERO, ..limit },
            Authenticator::Password | Authenticator::Totp | Authenticator::MailCode | Authenticator::ChangeCode => {
                limit
            }
        };
        let account = match whose {
            Whose::Account { account, known: true } => (lane_of(what, *account, true), lasting(settings.known_device)),
            Whose::Account { account, known: false } => (lane_of(what, *account, false), lasting(settings.strangers)),
            Whose::Nobody { email_key } => {
                (key(&[&[what.name(), b":nobody"].concat(), email_key.as_bytes()]), settings.strangers)
            }
        };
        // One for all of them: whoever tries passwords and codes tries twice as much.
        let address = key(&[b"password:address", &network(visitor.ip)]);
        let [a, b, c, d, e, f, g, h, ..] = address.0;
        let turn = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let known = matches!(whose, Whose::Account { known: true, .. });
        // One account is one account, whatever is tried on it.
        let one = match whose {
            Whose::Account { account, .. } => account_lane(*account),
            Whose::Nobody { .. } => account.0,
        };
        let spread = (!known).then(|| Spread::new(&one, visitor.ip));
        Self { account, address: (!known).then_some((address, settings.address)), turn, spread, what }
    }

    /// A number for the hashing queue's turns.
    pub(crate) const fn turn(&self) -> u64 {
        self.turn
    }

    /// Counts the attempt before anything is looked at. The caller commits at once.
    pub(crate) async fn reserve(&mut self, here: &Here, tx: &mut Tx) -> Result<Result<(), TooMany>, Fault> {
        let (now, rules) = (here.now(), &here.settings().risk);
        let spread = self.spread.iter().filter(|_| rules.counts_tries()).flat_map(Spread::keys);
        let mut held = HeldCounters::hold(tx, spread.chain(self.keys()).collect()).await?;
        for (key, limit) in self.address.iter().chain([&self.account]) {
            match held.get(*key).reserve(limit, now) {
                Ok(counter) => held.set(*key, counter),
                Err(wait) => {
                    here.meter().tried(self.what.label(), "paused");
                    return Ok(Err(TooMany { wait: wait.0 }));
                }
            }
        }
        if let Some(spread) = &mut self.spread {
            spread.count(&mut held, rules, now);
        }
        held.save(tx, now).await?;
        Ok(Ok(()))
    }

    /// What it counts under, in the order in which everybody holds them. How widely somebody tries is held before, and the account's lane last:
    /// whoever has counted here and then opens another lane of the account must not wait for who is counted in that one and waits for the rest.
    fn keys(&self) -> impl Iterator<Item = SecretHash> {
        self.address.iter().chain([&self.account]).map(|(key, _)| *key)
    }

    /// Takes the attempt back after a success: it was no guess.
    pub(crate) async fn succeed(&self, here: &Here, tx: &mut Tx) -> Result<(), Fault> {
        here.meter().tried(self.what.label(), "right");
        self.settle(here, tx, Counter::succeed).await
    }

    /// Takes the attempt back and nothing besides: it was no guess, and shows too little to forget those before it.
    pub(crate) async fn refund(&self, here: &Here, tx: &mut Tx) -> Result<(), Fault> {
        self.settle(here, tx, Counter::refund).await
    }

    /// Takes the attempt back from everything that counted it, and does to the account's own lane what `becomes` says.
    async fn settle(&self, here: &Here, tx: &mut Tx, becomes: fn(&Counter) -> Counter) -> Result<(), Fault> {
        let spread = self.spread.iter().flat_map(Spread::counted);
        let keys: Vec<SecretHash> = spread.chain(self.keys()).collect();
        let mut held = HeldCounters::hold(tx, keys.clone()).await?;
        for key in keys {
            let counter = held.get(key);
            held.set(key, if key == self.account.0 { becomes(&counter) } else { counter.refund() });
        }
        held.save(tx, here.now()).await
    }

    /// The same, in a transaction of its own: whoever asked could not be served.
    pub(crate) async fn take_back(&self, here: &Here) -> Result<(), Fault> {
        let mut tx = here.begin_unsynced().await?;
        self.refund(here, &mut tx).await?;
        tx.commit().await
    }

    /// Settles a failure. Answers whether this one closed the account's lane for a while.
    pub(crate) async fn fail(&self, here: &Here, tx: &mut Tx, visitor: &Visitor) -> Result<bool, Fault> {
        here.meter().tried(self.what.label(), "wrong");
        let now = here.now();
        let before: Counter = tx.lock_counter(self.account.0).await?;
        let after = before.fail(&self.account.1, now);
        tx.save_counter(self.account.0, &after, now).await?;
        if let Some(spread) = &self.spread {
            spread.fail(here, tx, visitor).await?;
        }
        Ok(after.locked_until > before.locked_until)
    }
}

/// How many more signatures than guesses one network may send: nobody guesses a signature, and behind one address there
/// may be a whole office (CVE-2024-1722). It bounds the work alone.
const SIGNATURES: u32 = 20;

/// The lane of one network address for what is tried without naming an account, as a passkey is.
pub(crate) struct NetworkLane {
    key: SecretHash,
    limit: Limit,
}

impl NetworkLane {
    pub(crate) fn new(here: &Here, what: &[u8], visitor: &Visitor) -> Self {
        let limit = here.settings().address;
        let limit = Limit { tries: limit.tries.saturating_mul(SIGNATURES), ..limit };
        Self { key: key(&[what, &network(visitor.ip)]), limit }
    }

    /// The lane for what is asked for rather than guessed.
    pub(crate) fn of(what: &[u8], visitor: &Visitor, limit: Limit) -> Self {
        Self { key: key(&[what, &network(visitor.ip)]), limit }
    }

    /// The same of one app.
    pub(crate) fn of_app(what: &[u8], client: Id, visitor: &Visitor, limit: Limit) -> Self {
        Self { key: key(&[what, client.as_bytes(), &network(visitor.ip)]), limit }
    }

    /// Counts the attempt before anything is verified. The caller commits at once.
    pub(crate) async fn reserve(&self, here: &Here, tx: &mut Tx) -> Result<Result<(), TooMany>, Fault> {
        let now = here.now();
        match tx.lock_counter(self.key).await?.reserve(&self.limit, now) {
            Ok(counter) => Ok(Ok(tx.save_counter(self.key, &counter, now).await?)),
            Err(wait) => Ok(Err(TooMany { wait: wait.0 })),
        }
    }

    /// Takes the attempt back after a success: it was no guess.
    pub(crate) async fn refund(&self, here: &Here, tx: &mut Tx) -> Result<(), Fault> {
        let counter = tx.lock_counter(self.key).await?.refund();
        tx.save_counter(self.key, &counter, here.now()).await
    }
}

/// The browser, if the account knows it: it has a lane of its own.
pub(crate) async fn known_device(here: &Here, account: Id, visitor: &Visitor) -> Result<Option<Id>, Fault> {
    let Some(secret) = &visitor.device else { return Ok(None) };
    let device = here.read().await?.find_device_by_secret(account, secret.hash_for(account.as_bytes())).await?;
    Ok(device.filter(|device| device.known_at.is_some()).map(|device| device.id))
}

/// Counts something that is asked for rather than guessed: a mail to one address.
pub(crate) async fn allow(here: &Here, tx: &mut Tx, what: &[&[u8]], limit: &Limit) -> Result<bool, Fault> {
    let (now, key) = (here.now(), key(what));
    match tx.lock_counter(key).await?.reserve(limit, now) {
        Ok(counter) => {
            tx.save_counter(key, &counter, now).await?;
            Ok(true)
        }
        Err(_) => Ok(false),
    }
}

pub(crate) fn key(parts: &[&[u8]]) -> SecretHash {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    SecretHash::of(&bytes)
}

/// The network that counts as one address: an IPv6 customer holds a whole /64.
pub(crate) fn network(ip: IpAddr) -> Vec<u8> {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().into_iter().take(8).collect(),
    }
}

/// The lanes of what can be closed by guessing: strangers', and those of the devices that the account knows.
pub(crate) fn lanes_of(account: Id) -> [(SecretHash, bool); 8] {
    let lane = |what, known| (lane_of(what, account, known), known);
    let (password, totp, mail) = (Authenticator::Password, Authenticator::Totp, Authenticator::MailCode);
    let change = Authenticator::ChangeCode;
    [
        lane(password, false),
        lane(password, true),
        lane(totp, false),
        lane(totp, true),
        lane(mail, false),
        lane(mail, true),
        lane(change, false),
        lane(change, true),
    ]
}

/// The lane of an account for devices that it does not know.
pub(crate) fn account_lane(account: Id) -> SecretHash {
    lane_of(Authenticator::Password, account, false)
}

fn lane_of(what: Authenticator, account: Id, known: bool) -> SecretHash {
    let lane: &[u8] = if known { b":known" } else { b":account" };
    key(&[&[what.name(), lane].concat(), account.as_bytes()])
}

/// Begins an authenticator's count anew, for its owner has set up another.
pub(crate) async fn reopen(here: &Here, tx: &mut Tx, what: Authenticator, account: Id) -> Result<(), Fault> {
    for known in [true, false] {
        tx.save_counter(lane_of(what, account, known), &Counter::default(), here.now()).await?;
    }
    Ok(())
}
