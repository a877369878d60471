//! How widely somebody tries: many accounts from one address, one account from many addresses, and addresses in all.
//!
//! Counted with the counters of the guessing limits, in the same transactions. A pair of address and account is a
//! counter of its own: the first try of a pair in the window raises the two counts that it belongs to, so that each
//! counts what is different and no row grows. As with the limits, a try is counted before its password is looked at,
//! and taken back when that was right. Browsers that the account knows are not counted.

use crate::guard::{account_lane, allow, key, network};
use crate::here::{By, Here};
use crate::visitor::Visitor;
use base::{Fault, Id, SecretHash, Timestamp};
use identity::Event;
use identity::limit::Limit;
use identity::risk::Rules;
use std::net::IpAddr;
use std::time::Duration;
use store::{HeldCounters, Tx};

/// One try, as it is counted.
pub(crate) struct Spread {
    pair: SecretHash,
    accounts: SecretHash,
    addresses: SecretHash,
    counted: Option<Counted>,
}

/// What the first try of a pair made of the counts.
#[derive(Clone, Copy)]
struct Counted {
    accounts: u32,
}

impl Spread {
    /// A try on the account of a lane from an address.
    pub(crate) fn new(lane: &SecretHash, ip: IpAddr) -> Self {
        let pair = key(&[b"tried:pair", &network(ip), &lane.0]);
        Self { pair, accounts: accounts_of(ip), addresses: addresses_of(lane), counted: None }
    }

    /// What it may count under.
    pub(crate) fn keys(&self) -> [SecretHash; 3] {
        [self.pair, self.accounts, self.addresses]
    }

    /// Where it was counted, so that it can be taken back when it was right.
    pub(crate) fn counted(&self) -> impl Iterator<Item = SecretHash> {
        self.keys().into_iter().filter(|_| self.counted.is_some())
    }

    /// Counts the try.
    pub(crate) fn count(&mut self, held: &mut HeldCounters, rules: &Rules, now: Timestamp) {
        if !rules.counts_tries() {
            return;
        }
        let mut raise = |key| {
            let counter = held.get(key).raise(rules.window, now);
            held.set(key, counter);
            counter.tries
        };
        if raise(self.pair) > 1 {
            return;
        }
        let accounts = raise(self.accounts);
        raise(self.addresses);
        self.counted = Some(Counted { accounts });
    }

    /// It was in vain. Tells the operator when that is one too many: once in a window.
    pub(crate) async fn fail(&self, here: &Here, tx: &mut Tx, visitor: &Visitor) -> Result<(), Fault> {
        let Some(Counted { accounts }) = self.counted else { return Ok(()) };
        let (now, rules) = (here.now(), &here.settings().risk);
        if accounts >= rules.accounts.max(2) && once(here, tx, &[b"told:accounts", &self.accounts.0]).await? {
            let event = Event::ManyAccountsTried { network: shown(visitor.ip), accounts };
            tracing::warn!(network = shown(visitor.ip), accounts, "many accounts were tried from one address");
            here.emit(tx, &By::stranger(visitor), event).await?;
        }
        // The first account that this address tries in vain: one address more, in all.
        if accounts == 1 && rules.addresses_in_all > 0 {
            let addresses = tx.raise_counter(key(&[b"tried:all"]), rules.window, now).await?;
            if addresses >= rules.addresses_in_all && once(here, tx, &[b"told:all"]).await? {
                tracing::warn!(addresses, "accounts are tried from unusually many addresses");
                here.emit(tx, &By::stranger(visitor), Event::ManyAddressesTried { addresses }).await?;
            }
        }
        Ok(())
    }
}

/// How many other accounts were tried in vain from this address, and from how many other addresses this account was.
pub(crate) async fn seen(here: &Here, tx: &mut Tx, account: Id, ip: IpAddr) -> Result<(u32, u32), Fault> {
    let (now, rules) = (here.now(), &here.settings().risk);
    if !rules.counts_tries() {
        return Ok((0, 0));
    }
    let lane = account_lane(account);
    let pair = key(&[b"tried:pair", &network(ip), &lane.0]);
    let (accounts, addresses) = (accounts_of(ip), addresses_of(&lane));
    let found = tx.find_counters(&[pair, accounts, addresses]).await?;
    let count = |wanted| found.iter().find(|(key, _)| *key == wanted).map_or(0, |(_, c)| c.within(rules.window, now));
    // This address on this account is neither another account nor another address.
    let own = count(pair).min(1);
    Ok((count(accounts).saturating_sub(own), count(addresses).saturating_sub(own)))
}

async fn once(here: &Here, tx: &mut Tx, what: &[&[u8]]) -> Result<bool, Fault> {
    let window = here.settings().risk.window;
    allow(here, tx, what, &Limit { tries: 1, window, longest_lock: Duration::ZERO, consecutive: None }).await
}

fn accounts_of(ip: IpAddr) -> SecretHash {
    key(&[b"tried:accounts", &network(ip)])
}

fn addresses_of(lane: &SecretHash) -> SecretHash {
    key(&[b"tried:addresses", &lane.0])
}

/// What counts as one address, as an operator would block it: an IPv6 customer holds a whole /64.
fn shown(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_as_one_would_block_it() {
        for (address, blocked) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(shown(address.parse().unwrap()), blocked);
        }
    }

    #[test]
    fn every_address_of_an_ipv6_customer_is_one_and_each_account_another() {
        let of = |lane: u8, address: &str| Spread::new(&SecretHash([lane; 32]), address.parse().unwrap());
        let (one, same) = (of(1, "2001:db8:1:2::3"), of(1, "2001:db8:1:2:ffff::9"));
        assert_eq!((one.pair, one.accounts, one.addresses), (same.pair, same.accounts, same.addresses));
        let other = of(2, "2001:db8:1:2::3");
        assert_eq!(one.accounts, other.accounts);
        assert_ne!((one.pair, one.addresses), (other.pair, other.addresses));
    }
}
