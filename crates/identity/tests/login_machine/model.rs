//! What really happened in one flow, as a bystander would note it, and what follows from it.

use base::Timestamp;
use identity::Amr;
use identity::login::{Assurance, Evidence, Factors, MAX_WRONG_CODES, Method, Methods};

use crate::step::{account, credential, session};

pub const SECOND: i64 = 1_000_000;
const SKEW: i64 = 60 * SECOND;
const LIFETIME: i64 = 30 * 60 * SECOND;

/// How somebody proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Password,
    Registered,
    Upstream,
    MailCode,
    Totp,
    RecoveryCode,
    /// A key: as a passkey, with its user verified.
    Key {
        passkey: bool,
        verified: bool,
    },
    /// What a session had reached, and whether by a code from a mail alone.
    Session {
        reached: Assurance,
        by_mail: bool,
    },
    Remembered,
}

/// A proof: whose, how, and how many seconds from now it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub who: u8,
    pub kind: Kind,
    pub seconds: i64,
}

impl Proof {
    const fn now(who: u8, kind: Kind) -> Self {
        Self { who, kind, seconds: 0 }
    }
    pub const fn password(who: u8) -> Self {
        Self::now(who, Kind::Password)
    }
    pub const fn upstream(who: u8) -> Self {
        Self::now(who, Kind::Upstream)
    }
    pub const fn mail_code(who: u8) -> Self {
        Self::now(who, Kind::MailCode)
    }
    pub const fn totp(who: u8) -> Self {
        Self::now(who, Kind::Totp)
    }
    pub const fn recovery_code(who: u8) -> Self {
        Self::now(who, Kind::RecoveryCode)
    }
    pub const fn passkey(who: u8, verified: bool) -> Self {
        Self::now(who, Kind::Key { passkey: true, verified })
    }
    pub const fn security_key(who: u8) -> Self {
        Self::now(who, Kind::Key { passkey: false, verified: false })
    }
    pub const fn remembered(who: u8) -> Self {
        Self::now(who, Kind::Remembered)
    }
    pub const fn session(who: u8, reached: Assurance, by_mail: bool) -> Self {
        Self::now(who, Kind::Session { reached, by_mail })
    }

    /// As the machine is told of it.
    pub fn evidence(&self, now: Timestamp) -> Evidence {
        let (account, at) = (account(self.who), Timestamp::from_micros(now.micros() + self.seconds * SECOND));
        match self.kind {
            Kind::Password => Evidence::Password { account, at },
            Kind::Registered => Evidence::Registered { account, at },
            Kind::Upstream => Evidence::Upstream { account, at, identity: credential() },
            Kind::MailCode => Evidence::MailCode { account, at },
            Kind::Totp => Evidence::Totp { account, at },
            Kind::RecoveryCode => Evidence::RecoveryCode { account, at },
            Kind::Key { passkey, verified } => {
                let credential = credential();
                Evidence::Key { account, at, credential, passkey, user_verified: verified, synced: false }
            }
            Kind::Session { reached, by_mail } => {
                let amr = vec![if by_mail { Amr::Email } else { Amr::Pwd }];
                Evidence::Session { account, at, session: session(), amr, reached }
            }
            Kind::Remembered => Evidence::Remembered { account, at, device: credential() },
        }
    }
}

/// An account of the walk.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub factors: Factors,
    pub operator: bool,
}

impl Account {
    pub fn plain() -> Self {
        Self { factors: Factors { password: true, ..Factors::default() }, operator: false }
    }
    pub fn careful() -> Self {
        let factors = Factors { password: true, totp: true, security_keys: 1, recovery_codes: 8, ..Factors::default() };
        Self { factors, operator: false }
    }
    pub fn operator() -> Self {
        Self { operator: true, ..Self::plain() }
    }
}

/// What a flow was begun with.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub account: Option<u8>,
    /// How many seconds after its start a proof must be; a negative number is a time before it.
    pub fresh: Option<i64>,
    pub usual: Assurance,
    pub now: Assurance,
    pub methods: Methods,
}

/// What is asked of the person at the keyboard.
#[derive(Debug, Clone, Copy)]
struct Asked {
    usual: Assurance,
    now: Assurance,
    mail: bool,
}

/// Who is at the keyboard, what is asked of them, and which of their proofs count.
type Good = (u8, Asked, Vec<(Kind, i64)>);

#[derive(Debug, Clone, Default)]
pub struct Truth {
    pub rules: Rules,
    pub fresh_since: Option<i64>,
    began: i64,
    /// It led to its end.
    pub finished: Option<i64>,
    /// Somebody was let in by what was proven, and nothing was proven since.
    pub entered: bool,
    /// The session that was made of it.
    session: Option<(u8, Kind, i64)>,
    /// Who is at the keyboard now, by the last proof that was in order, with the newest proof of each kind.
    person: Option<(u8, Vec<(Kind, i64)>)>,
    asked: Option<Asked>,
    registering: bool,
    made: Option<u8>,
    wrong_codes: u32,
}

/// Whether somebody has to sit there for it.
fn is_typed(kind: Kind) -> bool {
    !matches!(kind, Kind::Registered | Kind::Upstream | Kind::Session { .. } | Kind::Remembered)
}

/// Whether it was proven elsewhere.
fn remembers(kind: Kind) -> bool {
    matches!(kind, Kind::Session { .. } | Kind::Remembered)
}

const VERIFIED: Kind = Kind::Key { passkey: true, verified: true };

/// Whether a first factor is there beside which a second one counts.
fn is_known(good: &[Kind]) -> bool {
    good.iter().any(|kind| {
        matches!(kind, Kind::Password | Kind::Registered | Kind::Upstream | Kind::Session { by_mail: false, .. })
    })
}

/// How much these prove together; `None` without a first factor.
fn level(good: &[Kind]) -> Option<Assurance> {
    let has = |wanted: &dyn Fn(Kind) -> bool| good.iter().any(|kind| wanted(*kind));
    let (verified, known) = (good.contains(&VERIFIED), is_known(good));
    let anything = known
        || verified
        || has(&|k| matches!(k, Kind::MailCode | Kind::Session { .. } | Kind::Key { passkey: true, .. }));
    // A passkey that verified its user is a key, too: beside it another code adds nothing.
    let key = has(&|k| matches!(k, Kind::Key { verified: false, .. } | Kind::Key { passkey: false, .. }));
    let code = has(&|k| matches!(k, Kind::Totp | Kind::RecoveryCode));
    let before = good.iter().find_map(|kind| match kind {
        Kind::Session { reached, .. } => Some(*reached),
        _ => None,
    });
    let here = match (verified || (known && key), known && code) {
        (true, _) => Assurance::PhishingResistant,
        (false, true) => Assurance::TwoFactors,
        (false, false) => Assurance::OneFactor,
    };
    anything.then(|| here.max(before.unwrap_or_default()))
}

fn slot(kind: Kind) -> u8 {
    match kind {
        Kind::Password => 0,
        Kind::Registered => 1,
        Kind::Upstream => 2,
        Kind::MailCode => 3,
        Kind::Totp => 4,
        Kind::RecoveryCode => 5,
        Kind::Key { .. } => 6,
        Kind::Session { .. } => 7,
        Kind::Remembered => 8,
    }
}

impl Truth {
    pub fn new(began: i64, fresh_since: Option<i64>, rules: Rules) -> Self {
        Self { rules, fresh_since, began, ..Self::default() }
    }

    pub fn again(&self, began: i64) -> Self {
        Self::new(began, self.fresh_since, self.rules.clone())
    }

    pub fn open(&self, now: i64) -> bool {
        self.finished.is_none() && now < self.began + LIFETIME
    }

    /// A moment after it let somebody in and led to its end, what was on its way to it is taken.
    fn takes_proof(&self, now: i64) -> bool {
        let just_now = self.entered && self.finished.is_some_and(|at| now < at + 10 * SECOND);
        self.open(now) || (just_now && now < self.began + LIFETIME)
    }

    pub fn prove(&mut self, proof: &Proof, now: i64) -> bool {
        let at = now + proof.seconds * SECOND;
        let right = self.rules.account.is_none_or(|required| required == proof.who);
        let elsewhere = matches!(proof.kind, Kind::Session { .. } | Kind::Upstream);
        let timely = (elsewhere || at >= self.began - SKEW) && at <= now + SKEW;
        let beside =
            matches!(proof.kind, Kind::Totp | Kind::RecoveryCode | Kind::Remembered | Kind::Key { passkey: false, .. });
        let made = proof.kind != Kind::Registered || self.made == Some(proof.who);
        if !(self.takes_proof(now) && right && timely && made) {
            return false;
        }
        if std::mem::take(&mut self.entered) {
            self.finished = None;
            self.person = self.session.take().map(|(who, kind, at)| (who, vec![(kind, at)]));
            self.asked = None;
        }
        let known = self.person.as_ref().is_some_and(|(who, _)| *who == proof.who);
        if beside && !known {
            return false;
        }
        if !known {
            self.person = Some((proof.who, Vec::new()));
            self.asked = None;
        }
        if let Some((_, proofs)) = &mut self.person {
            match proofs.iter_mut().find(|(kind, _)| slot(*kind) == slot(proof.kind)) {
                Some(old) if old.1 < at => *old = (proof.kind, at),
                Some(_) => {}
                None => proofs.push((proof.kind, at)),
            }
        }
        true
    }

    /// What is asked of the account from now on: it only rises while the same person stays.
    pub fn demand(&mut self, _who: u8, account: &Account, odd: Assurance) {
        let second = account.factors.totp || account.factors.security_keys > 0;
        let own = if second { Assurance::TwoFactors } else { Assurance::OneFactor };
        let before = self.asked.unwrap_or(Asked { usual: own, now: odd, mail: true });
        self.asked = Some(Asked {
            usual: own.max(self.rules.usual).max(before.usual),
            now: odd.max(self.rules.now).max(before.now),
            mail: before.mail && !account.operator && !second,
        });
    }

    /// Whether anybody may be let in, who, and with how much proven.
    pub fn may_enter(&self, now: i64) -> Option<(u8, Assurance)> {
        let (who, asked, good) = self.good(now)?;
        let kinds: Vec<Kind> = good.iter().map(|(kind, _)| *kind).collect();
        let level = level(&kinds)?;
        if !kinds.iter().any(|kind| !remembers(*kind)) {
            return None;
        }
        let rule = asked.usual;
        let strong = is_known(&kinds) || kinds.contains(&VERIFIED);
        let spared = kinds.contains(&Kind::Remembered) && strong && rule <= Assurance::TwoFactors;
        (level >= asked.now && (level >= rule || spared)).then_some((who, level))
    }

    /// Since when all that it takes is proven.
    pub fn proven_at(&self, now: i64) -> Option<i64> {
        let (_, _, good) = self.good(now)?;
        let here: Vec<(Kind, i64)> = good.iter().copied().filter(|(kind, _)| !remembers(*kind)).collect();
        let alone = here.iter().find(|(kind, _)| *kind == VERIFIED).map(|(_, at)| *at);
        let at = alone.or_else(|| here.iter().map(|(_, at)| *at).min())?;
        let reached = |proofs: &[(Kind, i64)]| level(&proofs.iter().map(|(kind, _)| *kind).collect::<Vec<_>>());
        let before = good.iter().find(|(kind, _)| matches!(kind, Kind::Session { .. })).map(|(_, at)| *at);
        let leans_on_it = reached(&here) < reached(&good);
        Some(before.filter(|_| leans_on_it).unwrap_or(at).min(at).min(now))
    }

    /// Somebody was let in: answers with what the session that was made proves from then on.
    pub fn enter(&mut self, now: i64) -> Option<Proof> {
        let (who, reached) = self.may_enter(now)?;
        let (_, _, good) = self.good(now)?;
        let mail = |(kind, _): &(Kind, i64)| matches!(kind, Kind::MailCode | Kind::Session { by_mail: true, .. });
        let by_mail = good.iter().filter(|(kind, _)| *kind != Kind::Remembered).all(mail);
        let (kind, at) = (Kind::Session { reached, by_mail }, self.proven_at(now)?);
        (self.entered, self.session) = (true, Some((who, kind, at)));
        Some(Proof { who, kind, seconds: (at - now) / SECOND })
    }

    /// Who is at the keyboard, what is asked of them, and which of their proofs count.
    fn good(&self, now: i64) -> Option<Good> {
        let (who, proofs) = self.person.as_ref()?;
        let asked = self.asked?;
        let session = proofs.iter().any(|(kind, _)| matches!(kind, Kind::Session { .. }));
        let by_mail = asked.mail && self.rules.account.is_none() && !session;
        let on = |kind: Kind| {
            let method = match kind {
                Kind::Password | Kind::Registered | Kind::Session { by_mail: false, .. } => Method::Password,
                Kind::Upstream => Method::Upstream,
                Kind::MailCode | Kind::Session { by_mail: true, .. } => Method::MailCode,
                Kind::Totp | Kind::RecoveryCode => Method::Totp,
                Kind::Key { passkey: true, .. } => Method::Passkey,
                Kind::Key { passkey: false, .. } => Method::SecurityKey,
                Kind::Remembered => return true,
            };
            self.rules.methods.has(method) && (kind != Kind::MailCode || by_mail)
        };
        let timely = |kind: Kind, at: i64| {
            (!is_typed(kind) || now < at + LIFETIME)
                && at <= now + SKEW
                && self.fresh_since.is_none_or(|since| at.min(now) >= since)
        };
        Some((*who, asked, proofs.iter().copied().filter(|(kind, at)| on(*kind) && timely(*kind, *at)).collect()))
    }

    pub fn register(&mut self, now: i64) -> bool {
        let taken = self.open(now) && self.rules.account.is_none() && self.made.is_none();
        self.registering |= taken;
        if taken {
            (self.person, self.asked, self.entered, self.session) = (None, None, false, None);
        }
        taken
    }

    fn waits(&self, now: i64) -> bool {
        self.open(now) && self.registering && self.made.is_none()
    }

    pub fn wrong_code(&mut self, now: i64) {
        self.wrong_codes += u32::from(self.takes_codes(now));
    }

    pub fn takes_codes(&self, now: i64) -> bool {
        self.waits(now) && self.wrong_codes < MAX_WRONG_CODES
    }

    pub fn confirm(&mut self, who: u8, now: i64) -> bool {
        let taken = self.waits(now);
        if taken {
            self.made = Some(who);
        }
        taken
    }
}
