//! What apps read first: metadata and keys.

use crate::here::Here;
use base::routes;
use oauth::metadata::{Endpoints, document};

impl Here {
    /// The metadata document (OpenID Connect Discovery 1.0 §3, RFC 8414 §2).
    pub fn discovery(&self) -> String {
        document(&Endpoints {
            issuer: self.issuer().to_owned(),
            authorization: self.url(routes::AUTHORIZE),
            token: self.url(routes::TOKEN),
            userinfo: self.url(routes::USERINFO),
            jwks: self.url(routes::JWKS),
            introspection: self.url(routes::INTROSPECT),
            revocation: self.url(routes::REVOKE),
            end_session: self.url(routes::END_SESSION),
        })
    }

    /// The public keys (RFC 7517 §5).
    pub fn jwks(&self) -> String {
        self.keys().jwks().to_owned()
    }
}
