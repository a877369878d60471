//! The OpenID Connect provider: what stands between a request and the pure rules of `oauth`.

mod authorize;
mod client;
mod consent;
mod discovery;
mod grant;
mod logout;
mod mint;
mod revoke;
mod token;
mod userinfo;

pub use authorize::{AuthorizeProblem, OfferPage};
pub use consent::{ConsentAnswer, ConsentPage};
pub use logout::{LogoutPage, LogoutStep};
pub use token::BackChannel;
