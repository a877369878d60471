//! What is known of some providers, so that nobody has to look it up.

use crate::settings::{ClientAuth, Fields};
use url::Url;

/// A provider that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Google: OpenID Connect.
    Google,
    /// Microsoft Entra ID: OpenID Connect, each directory with an issuer of its own.
    Microsoft,
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
            Self::Microsoft => "Microsoft",
            Self::GitHub => "GitHub",
        }
    }

    /// Its issuer; none where it has many, and the operator says which.
    pub const fn issuer(self) -> Option<&'static str> {
        match self {
            Self::Google => Some("https://accounts.google.com"),
            Self::Microsoft => None,
            Self::GitHub => Some("https://github.com"),
        }
    }

    /// Whether it says of an address that it is verified. Microsoft does not: an administrator of a directory can write
    /// any address into it.
    pub const fn verifies_addresses(self) -> bool {
        match self {
            Self::Google | Self::GitHub => true,
            Self::Microsoft => false,
        }
    }

    /// Its endpoints, when it is no OpenID Connect provider.
    pub const fn endpoints(self) -> Option<Endpoints> {
        match self {
            Self::Google | Self::Microsoft => None,
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
            Self::Google | Self::Microsoft => &["openid", "email", "profile"],
            Self::GitHub => &["read:user", "user:email"],
        };
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    /// Where a plain one puts what. GitHub's `login` can be given to somebody else; its `id` can't.
    pub fn fields(self) -> Fields {
        let text = |name: &str| Some(name.to_owned());
        match self {
            Self::Google | Self::Microsoft => Fields {
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

/// Where Microsoft's directories are.
const DIRECTORIES: [&str; 3] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"];

/// Whether an address is one of Microsoft's directories.
pub fn is_directory(issuer: &Url) -> bool {
    issuer.host_str().is_some_and(|host| DIRECTORIES.contains(&host))
}

/// Whether an address is the issuer of one directory: `https://login.microsoftonline.com/ID/v2.0`.
///
/// Those of many (`common`, `organizations`) have no issuer: their documents name `{tenantid}` in its place. Whoever
/// fills that in from the ID token itself believes the administrator of any directory, of which everybody can have one.
pub fn is_one_directory(issuer: &Url) -> bool {
    let Some((id, "v2.0")) = issuer.path().trim_start_matches('/').split_once('/') else { return false };
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    let plain = |c: char| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c);
    is_directory(issuer) && lengths == [8, 4, 4, 4, 12] && id.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_named_by_its_id() {
        let one = |text: &str| is_one_directory(&text.parse().unwrap());
        let id = "9188040d-6c67-4c5b-b112-36a304b66dad";
        assert!(one(&format!("https://login.microsoftonline.com/{id}/v2.0")));
        assert!(one(&format!("https://login.microsoftonline.us/{id}/v2.0")));
        for many in ["common", "organizations", "consumers", "contoso.onmicrosoft.com", "{tenantid}", "-----"] {
            assert!(!one(&format!("https://login.microsoftonline.com/{many}/v2.0")), "{many}");
        }
        for odd in [
            format!("https://login.microsoftonline.com/{id}"),
            format!("https://login.microsoftonline.com/{id}/v2.0/"),
            format!("https://login.microsoftonline.com/{}/v2.0", id.to_uppercase()),
            format!("https://login.example.com/{id}/v2.0"),
            format!("https://sts.windows.net/{id}/"),
        ] {
            assert!(!one(&odd), "{odd}");
        }
    }
}
