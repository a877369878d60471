//! The OpenID Connect provider: what stands between a request and the pure rules of `oauth`.

mod ask_answer;
mod ask_page;
mod authorize;
mod backchannel;
mod by_app;
mod client;
mod client_keys;
mod connection;
mod consent;
mod device;
mod device_page;
mod discovery;
mod document;
mod exchange;
mod grant;
mod issue;
mod logout;
mod mint;
mod offer;
mod polled;
mod published;
mod push_request;
mod referenced;
mod registration;
mod request_object;
mod respond;
mod revoke;
mod sector;
mod sender;
mod straight;
mod subject;
mod tell;
mod token;
mod userinfo;
mod waiting;

pub(crate) use client_keys::PublishedKeys;
pub(crate) use discovery::Documents;
pub(crate) use document::Described;
pub(crate) use published::Published;
pub(crate) use referenced::PublishedRequest;
pub(crate) use userinfo::LiveToken;

pub use ask_page::{AskOver, AskPhase, AskProblem, MayAllow, ShownAsk, WaitingAsk};
pub use authorize::AuthorizeProblem;
pub use by_app::{ByApp, Steerer};
pub use connection::Connection;
pub use consent::{ConsentAnswer, ConsentPage};
pub use device::DeviceAsks;
pub use device_page::{DeviceDone, DeviceRefusal};
pub use discovery::Document;
pub use logout::{LogoutPage, LogoutStep};
pub use offer::OfferPage;
pub use registration::{
    GivenToken, RegistrationCall, RegistrationMode, RegistrationRefusal, RegistrationSettings, StatementIssuer,
    TokenRefusal,
};
pub use sender::ResourceCall;
pub use token::BackChannel;
pub use userinfo::Told;
