//! The rules, what each does, and where each begins to fire.

use super::{Familiarity, Signals};
use crate::login::Reason;
use crate::place::Position;
use base::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A browser that the account does not know, when it knows others.
    NewDevice,
    /// A country where the account was never used, when the countries where it was are known.
    NewCountry,
    /// Too far from where the account was used last for the time between, unless the browser is a known one: its owner
    /// has switched on a VPN.
    ImpossibleTravel,
    /// The account was not used for long.
    LongInactivity,
    /// Many accounts were tried in vain from this address, unless the browser is a known one: its owner shares the
    /// address with a guesser.
    ManyAccounts,
    /// This account was tried in vain from many addresses, unless the browser is a known one: its owner is not the
    /// guesser.
    ManyAddresses,
}

/// What follows when a rule fires, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing, and nothing is recorded.
    #[default]
    Off,
    /// It is recorded, and changes nothing: to try a rule out.
    Shadow,
    /// The owner is told.
    Notify,
    /// A second factor is asked for, also where the owner said "don't ask on this device".
    Ask,
    /// The attempt is refused.
    Refuse,
}

/// What the operator set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whether every rule only records, whatever it would do.
    pub shadow: bool,
    /// What [`Rule::NewDevice`] does. The question "was this you?" goes out in any case.
    pub new_device: Action,
    /// What [`Rule::NewCountry`] does.
    pub new_country: Action,
    /// What [`Rule::ImpossibleTravel`] does.
    pub impossible_travel: Action,
    /// What [`Rule::LongInactivity`] does.
    pub long_inactivity: Action,
    /// What [`Rule::ManyAccounts`] does.
    pub many_accounts: Action,
    /// What [`Rule::ManyAddresses`] does.
    pub many_addresses: Action,
    /// Faster than this, in kilometres per hour, is impossible.
    pub travel_kmh: u32,
    /// Less than this, in kilometres, is no journey: files of places are often wrong by as much.
    pub travel_km: u32,
    /// An account that was not used for this long was not used for long.
    pub inactivity: Duration,
    /// So many accounts tried in vain from one address are many.
    pub accounts: u32,
    /// So many addresses from which one account was tried in vain are many.
    pub addresses: u32,
    /// From so many addresses in all, something is going on: an event for the operator. Zero is never.
    pub addresses_in_all: u32,
    /// How long a try in vain is counted.
    pub window: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            shadow: false,
            new_device: Action::Notify,
            new_country: Action::Notify,
            impossible_travel: Action::Ask,
            long_inactivity: Action::Ask,
            many_accounts: Action::Ask,
            many_addresses: Action::Ask,
            travel_kmh: 900,
            travel_km: 500,
            inactivity: Duration::from_secs(180 * 24 * 3600),
            accounts: 10,
            addresses: 5,
            addresses_in_all: 500,
            window: Duration::from_secs(3600),
        }
    }
}

impl Rules {
    /// What a rule does.
    pub fn action(&self, rule: Rule) -> Action {
        let set = match rule {
            Rule::NewDevice => self.new_device,
            Rule::NewCountry => self.new_country,
            Rule::ImpossibleTravel => self.impossible_travel,
            Rule::LongInactivity => self.long_inactivity,
            Rule::ManyAccounts => self.many_accounts,
            Rule::ManyAddresses => self.many_addresses,
        };
        if self.shadow { set.min(Action::Shadow) } else { set }
    }

    /// Whether tries in vain need to be counted at all.
    pub fn counts_tries(&self) -> bool {
        self.many_accounts > Action::Off || self.many_addresses > Action::Off || self.addresses_in_all > 0
    }

    /// Whether nobody gets from one place to the other in that time.
    fn is_impossible(&self, from: (Position, Timestamp), to: (Position, Timestamp)) -> bool {
        let kilometres = from.0.kilometres_to(to.0);
        let hours = to.1.since(from.1).as_secs_f64() / 3_600.0;
        kilometres > f64::from(self.travel_km) && kilometres > f64::from(self.travel_kmh) * hours
    }
}

impl Rule {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::NewDevice,
        Self::NewCountry,
        Self::ImpossibleTravel,
        Self::LongInactivity,
        Self::ManyAccounts,
        Self::ManyAddresses,
    ];

    /// Its name, as in the configuration: `new_country`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewDevice => "new_device",
            Self::NewCountry => "new_country",
            Self::ImpossibleTravel => "impossible_travel",
            Self::LongInactivity => "long_inactivity",
            Self::ManyAccounts => "many_accounts",
            Self::ManyAddresses => "many_addresses",
        }
    }

    /// Whether it fires.
    pub fn fires(self, signals: &Signals, rules: &Rules) -> bool {
        let (place, history) = (signals.place.as_ref(), &signals.history);
        let known = signals.browser == Familiarity::Known;
        match self {
            Self::NewDevice => signals.browser == Familiarity::New,
            Self::NewCountry => {
                place.is_some_and(|p| !history.countries.is_empty() && !history.countries.contains(&p.country))
            }
            Self::ImpossibleTravel => match (history.last_place, place.and_then(|place| place.position)) {
                (Some(last), Some(here)) if !known => rules.is_impossible(last, (here, signals.at)),
                _ => false,
            },
            Self::LongInactivity => history.last_used.is_some_and(|last| signals.at.since(last) >= rules.inactivity),
            Self::ManyAccounts => !known && signals.accounts_from_address >= rules.accounts.max(1),
            Self::ManyAddresses => !known && signals.addresses_on_account >= rules.addresses.max(1),
        }
    }

    /// What it says when more is asked for.
    pub const fn reason(self) -> Reason {
        match self {
            Self::NewDevice => Reason::NewDevice,
            Self::NewCountry => Reason::NewCountry,
            Self::ImpossibleTravel => Reason::ImpossibleTravel,
            Self::LongInactivity => Reason::LongInactivity,
            Self::ManyAccounts => Reason::ManyAccounts,
            Self::ManyAddresses => Reason::ManyAddresses,
        }
    }
}
