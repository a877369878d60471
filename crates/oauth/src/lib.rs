//! OAuth 2.0 and OpenID Connect: wire types and state machines, without IO.
//!
//! A request comes in as [`Params`], becomes a typed value, and a pure function decides. What is needed from
//! outside (the client's row, the session, the clock) is a parameter; what is to be saved is a return value.
//!
//! - authorization endpoint: [`authorize`], [`interaction`], [`response`]
//! - token endpoint: [`client_auth`], [`token_request`], [`code`], [`refresh`], [`exchange`], [`token_response`]
//! - what an app comes back for: [`device`], [`user_code`], [`backchannel`], [`polling`]
//! - what is minted: [`id_token`], [`access_token`], [`logout_token`], signed by [`jose`]
//! - proofs that a token is used by whom it was made for: [`dpop`], [`certificate`], [`confirmation`]
//! - clients that register themselves: [`registration`]
//! - the rest: [`metadata`], [`userinfo`], [`introspection`], [`revocation`], [`logout`]

pub mod access_token;
pub mod authorization_details;
pub mod authorize;
pub mod backchannel;
pub mod bearer;
pub mod certificate;
pub mod claims;
pub mod client;
pub mod client_auth;
pub mod code;
pub mod confirmation;
pub mod device;
pub mod dpop;
pub mod error;
pub mod exchange;
pub mod grant_terms;
pub mod id_token;
pub mod interaction;
pub mod introspection;
pub mod jose;
pub mod logout;
pub mod logout_token;
pub mod metadata;
pub mod own_scope;
pub mod params;
pub mod pkce;
pub mod polling;
pub mod prompt;
pub mod protected_resource;
pub mod pushed;
pub mod redirect_uri;
pub mod refresh;
pub mod registration;
pub mod request_object;
pub mod resource;
pub mod response;
pub mod revocation;
pub mod scope;
pub mod seconds;
pub mod subject;
pub mod token_request;
pub mod token_response;
pub mod token_text;
pub mod user_code;
pub mod userinfo;

pub use client::{Client, ClientAuthMethod, GrantType};
pub use client_auth::AuthenticatedClient;
pub use error::{ErrorCode, OAuthError};
pub use params::Params;
pub use redirect_uri::RedirectUri;
pub use scope::Scope;
