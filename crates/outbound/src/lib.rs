//! The only HTTP client of the house.
//!
//! Others give us the URLs that are fetched here: push endpoints, logos, key sets, webhooks. So each request
//! is checked twice: the URL before anything happens ([`guard::check_url`]), and every address of its host
//! at the moment of connecting, which then goes to that very address. Redirects are answers, not orders;
//! proxies of the environment are not read; bodies are never unpacked; time and size are bounded.

mod address;
mod client;
mod connect;
mod error;
pub mod guard;
mod message;
mod settings;
#[cfg(test)]
mod tests;
mod tls;
mod traced;

pub use client::Outbound;
pub use error::{OutboundError, Refusal};
pub use guard::Guard;
pub use message::{Purpose, Request, Response};
pub use settings::{Authority, ConnectTo, NotATrustedOrigin, NotAnAuthority, Settings, TrustedOrigin};
