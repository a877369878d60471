//! The edge: what is true of every request and every answer.

mod certificate;
pub(crate) mod client_ip;
pub(crate) mod cross_site;
pub(crate) mod csp;
mod flood;
mod headers;
mod middleware;
mod site;
mod traced;

pub use certificate::PeerCertificate;
pub(crate) use certificate::certificate;
pub(crate) use middleware::edge;
pub(crate) use site::Site;
