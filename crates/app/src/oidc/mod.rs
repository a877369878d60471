//! The OpenID Connect provider: what stands between a request and the pure rules of `oauth`.

mod authorize;
mod client;
mod client_keys;
mod consent;
mod discovery;
mod grant;
mod logout;
mod mint;
mod revoke;
mod token;
mod userinfo;

pub(crate) use client_keys::PublishedKeys;

pub use authorize::{AuthorizeProblem, OfferPage};
pub use consent::{ConsentAnswer, ConsentPage};
pub use logout::{LogoutPage, LogoutStep};
pub use token::BackChannel;
