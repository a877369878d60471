//! Why a request was not made, or has no answer.

use std::net::IpAddr;

/// What became of a request that has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Our own rules forbid it: trying again is of no use. Not a byte was sent.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// No connection, or it broke: name, network, TLS, or the protocol on top.
    #[error("not reached: {0}. Check DNS, the firewall and, for a private certificate authority, the extra CA")]
    Unreachable(String),
    /// The whole exchange took longer than it may.
    #[error("no full answer in time: try again later")]
    Timeout,
    /// The answer's body is longer than it may be.
    #[error("the answer is longer than {limit} bytes: ask its owner for a smaller one")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

/// Which rule forbids a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It can't be parsed, or two parsers read it differently.
    #[error("the URL can't be read: write it like https://host.example/path")]
    Unreadable,
    /// It is over the length cap.
    #[error("the URL is longer than {} bytes: use a shorter one", crate::guard::MAX_URL)]
    TooLong,
    /// A scheme other than `https`.
    #[error("the URL is not https: use https, or name its origin as a trusted one")]
    Scheme,
    /// It carries a user name or a password.
    #[error("the URL carries a user name or password: leave them out")]
    Userinfo,
    /// A port other than 443 where only that one is allowed.
    #[error("the port is not 443: use port 443, or name the origin as a trusted one")]
    Port,
    /// A host that ends with a dot.
    #[error("the host ends with a dot: leave it out")]
    TrailingDot,
    /// The host is, or leads to, an address that is not on the public internet.
    #[error("{0} is not a public address: name the origin as a trusted one if it is meant")]
    Address(IpAddr),
}
