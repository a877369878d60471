//! Acme Shop: a relying party as a customer would write one, on the `openidconnect` crate. It knows of
//! Watchbell what any app knows: the issuer, a client id and a secret.

mod handlers;
mod provider;
mod visits;

pub(crate) use handlers::routes;
pub(crate) use provider::{Provider, Registration};
