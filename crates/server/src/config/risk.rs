//! Settings about what is odd: the risk rules.

use identity::risk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// What is odd about a sign-in that is otherwise right, and what follows.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Risk {
    /// Whether every rule only records what it would do, as if each were set to `shadow`.
    pub shadow: bool,
    /// A browser that the account does not know. The question "was this you?" goes out in any case.
    pub new_device: Action,
    /// A country where the account was never used. Needs `geo.mmdb_file`.
    pub new_country: Action,
    /// Too far from the last place for the time between, in a browser that is not a known one. Needs `geo.mmdb_file`.
    pub impossible_travel: Action,
    /// An account that was not used for long.
    pub long_inactivity: Action,
    /// Many accounts were tried in vain from this address.
    pub many_accounts: Action,
    /// This account was tried in vain from many addresses.
    pub many_addresses: Action,
    /// Faster than this, in kilometres per hour, is impossible.
    pub travel_kmh: u32,
    /// Less than this, in kilometres, is no journey.
    pub travel_km: u32,
    /// An account that was not used for so many days was not used for long.
    pub inactive_days: u32,
    /// So many accounts tried in vain from one address are many.
    pub accounts_per_address: u32,
    /// So many addresses from which one account was tried in vain are many.
    pub addresses_per_account: u32,
    /// When tries in vain come from so many addresses in all, it is an event for the operator; 0 for never.
    pub addresses_in_all: u32,
    /// The window in which tries in vain are counted, in minutes.
    pub window_minutes: u32,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// Nothing, and nothing is recorded.
    Off,
    /// Record only: to try the rule out.
    Shadow,
    /// Tell the owner.
    Notify,
    /// Ask for a second factor; of an account that has none, tell its owner.
    Ask,
    /// Refuse, and tell the owner.
    Refuse,
}

impl Default for Risk {
    fn default() -> Self {
        Self::of(&risk::Rules::default())
    }
}

impl Risk {
    /// The settings that make these rules. Where each begins to fire is said there, once.
    fn of(rules: &risk::Rules) -> Self {
        let in_units = |span: Duration, seconds| u32::try_from(span.as_secs() / seconds).unwrap_or(u32::MAX);
        Self {
            shadow: rules.shadow,
            new_device: rules.new_device.into(),
            new_country: rules.new_country.into(),
            impossible_travel: rules.impossible_travel.into(),
            long_inactivity: rules.long_inactivity.into(),
            many_accounts: rules.many_accounts.into(),
            many_addresses: rules.many_addresses.into(),
            travel_kmh: rules.travel_kmh,
            travel_km: rules.travel_km,
            inactive_days: in_units(rules.inactivity, DAY),
            accounts_per_address: rules.accounts,
            addresses_per_account: rules.addresses,
            addresses_in_all: rules.addresses_in_all,
            window_minutes: in_units(rules.window, MINUTE),
        }
    }

    /// The rules, as the use cases need them.
    pub(crate) fn rules(&self) -> risk::Rules {
        risk::Rules {
            shadow: self.shadow,
            new_device: self.new_device.into(),
            new_country: self.new_country.into(),
            impossible_travel: self.impossible_travel.into(),
            long_inactivity: self.long_inactivity.into(),
            many_accounts: self.many_accounts.into(),
            many_addresses: self.many_addresses.into(),
            travel_kmh: self.travel_kmh,
            travel_km: self.travel_km,
            inactivity: Duration::from_secs(u64::from(self.inactive_days) * DAY),
            accounts: self.accounts_per_address,
            addresses: self.addresses_per_account,
            addresses_in_all: self.addresses_in_all,
            window: Duration::from_secs(u64::from(self.window_minutes) * MINUTE),
        }
    }

    /// The rules that are on and see nothing without a file of places.
    pub(crate) fn need_places(&self) -> Vec<&'static str> {
        let both = [("risk.new_country", self.new_country), ("risk.impossible_travel", self.impossible_travel)];
        both.into_iter().filter(|(_, action)| *action != Action::Off).map(|(key, _)| key).collect()
    }
}

impl From<Action> for risk::Action {
    fn from(action: Action) -> Self {
        match action {
            Action::Off => Self::Off,
            Action::Shadow => Self::Shadow,
            Action::Notify => Self::Notify,
            Action::Ask => Self::Ask,
            Action::Refuse => Self::Refuse,
        }
    }
}

impl From<risk::Action> for Action {
    fn from(action: risk::Action) -> Self {
        match action {
            risk::Action::Off => Self::Off,
            risk::Action::Shadow => Self::Shadow,
            risk::Action::Notify => Self::Notify,
            risk::Action::Ask => Self::Ask,
            risk::Action::Refuse => Self::Refuse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_the_file_are_those_of_the_rules() {
        assert_eq!(Risk::default().rules(), risk::Rules::default());
    }
}
