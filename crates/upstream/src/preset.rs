//! What is known of some providers, so that nobody has to look it up.

use crate::settings::{ClientAuth, Fields};

/// A provider that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Google: OpenID Connect.
    Google,
    /// GitHub: plain OAuth 2; its addresses have an endpoint of their own.
    GitHub,
}

/// The endpoints of a plain provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoints {
    /// The authorization endpoint.
    pub authorization: &'static str,
    /// The token endpoint.
    pub token: &'static str,
    /// The endpoint that says who someone is.
    pub userinfo: &'static str,
    /// The endpoint of the addresses.
    pub emails: &'static str,
}

impl Preset {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::GitHub => "GitHub",
        }
    }

    /// Its issuer.
    pub const fn issuer(self) -> &'static str {
        match self {
            Self::Google => "https://accounts.google.com",
            Self::GitHub => "https://github.com",
        }
    }

    /// Its endpoints, when it is no OpenID Connect provider.
    pub const fn endpoints(self) -> Option<Endpoints> {
        match self {
            Self::Google => None,
            Self::GitHub => Some(Endpoints {
                authorization: "https://github.com/login/oauth/authorize",
                token: "https://github.com/login/oauth/access_token",
                userinfo: "https://api.github.com/user",
                emails: "https://api.github.com/user/emails",
            }),
        }
    }

    /// What to ask for: who it is, and the mail address.
    pub fn scopes(self) -> Vec<String> {
        let scopes: &[&str] = match self {
            Self::Google => &["openid", "email", "profile"],
            Self::GitHub => &["read:user", "user:email"],
        };
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    /// Where a plain one puts what. GitHub's `login` can be given to somebody else; its `id` can't.
    pub fn fields(self) -> Fields {
        let text = |name: &str| Some(name.to_owned());
        match self {
            Self::Google => Fields {
                subject: "sub".to_owned(),
                email: text("email"),
                email_verified: text("email_verified"),
                name: text("name"),
            },
            Self::GitHub => {
                Fields { subject: "id".to_owned(), email: text("email"), email_verified: None, name: text("name") }
            }
        }
    }

    /// How to authenticate at a plain one's token endpoint.
    pub const fn client_auth(self) -> ClientAuth {
        ClientAuth::Post
    }
}
