//! Whose address a request came from: the peer's, or what trusted proxies say of it.

use ipnet::IpNet;
use std::net::IpAddr;

/// The client's address.
///
/// `forwarded` are the values of `X-Forwarded-For` in the order of the headers; each proxy appends the address it
/// was called from. Read from the right, past the trusted proxies, the first that is not one of them is the
/// client. What stands further left is the client's own invention, and what can't be read ends the trust.
pub(crate) fn client_ip<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    let mut client = peer.to_canonical();
    if !is_trusted(&client) {
        return client;
    }
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    for hop in hops.into_iter().rev() {
        let Some(ip) = parse(hop.trim()) else { return client };
        client = ip;
        if !is_trusted(&client) {
            return client;
        }
    }
    client
}

/// An address, with or without a port, as proxies write it.
fn parse(text: &str) -> Option<IpAddr> {
    let ip = match text.parse::<IpAddr>() {
        Ok(ip) => ip,
        Err(_) => match text.parse::<std::net::SocketAddr>() {
            Ok(address) => address.ip(),
            Err(_) => text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?,
        },
    };
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_ip(peer.parse().unwrap(), forwarded.iter().copied(), &trusted).to_string()
    }

    #[test]
    fn a_strangers_forwarded_header_is_not_believed() {
        assert_eq!(find("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        assert_eq!(find("203.0.113.7", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.7");
    }

    #[test]
    fn behind_a_proxy_the_rightmost_stranger_is_the_client() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(find("10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(find("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &trusted), "198.51.100.1");
        assert_eq!(find("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(find("fd00::1", &["2001:db8::5"], &trusted), "2001:db8::5");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(find("::ffff:10.0.0.1", &["198.51.100.1:4711"], &trusted), "198.51.100.1");
        assert_eq!(find("10.0.0.1", &["[2001:db8::5]:443"], &trusted), "2001:db8::5");
        assert_eq!(find("10.0.0.1", &["[2001:db8::5]"], &trusted), "2001:db8::5");
    }

    #[test]
    fn what_cannot_be_read_ends_the_trust() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(find("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(find("10.0.0.1", &[""], &trusted), "10.0.0.1");
        assert_eq!(find("10.0.0.1", &[], &trusted), "10.0.0.1");
    }
}
