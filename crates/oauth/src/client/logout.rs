//! How a client is told that somebody signed out.

use super::InvalidClient;
use super::validate::is_web_link;
use crate::redirect_uri::RedirectUri;
use serde::{Deserialize, Serialize};
use url::Url;

/// How a client hears of the end of a session: on the back channel (OpenID Connect Back-Channel Logout 1.0 §2.2), in
/// the person's browser (OpenID Connect Front-Channel Logout 1.0 §2), both, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LogoutRules {
    /// `backchannel_logout_uri`: where logout tokens are posted.
    pub backchannel_uri: Option<String>,
    /// `backchannel_logout_session_required`: whether the token must name the session (`sid`). It always does.
    pub backchannel_session_required: bool,
    /// `frontchannel_logout_uri`: what the signed-out page loads in a frame.
    pub frontchannel_uri: Option<String>,
    /// `frontchannel_logout_session_required`: whether it must be told issuer and session. It always is.
    pub frontchannel_session_required: bool,
}

impl LogoutRules {
    /// Checks both addresses against the client's redirect URIs.
    ///
    /// # Errors
    /// [`InvalidClient`] naming the field at fault.
    pub(super) fn check(&self, redirect_uris: &[RedirectUri]) -> Result<(), InvalidClient> {
        let refuse = |field, advice| Err(InvalidClient { field, advice });
        if self.backchannel_uri.as_deref().is_some_and(|uri| readable(uri).is_none()) {
            return refuse(
                "backchannel_logout_uri",
                "use an https address without a fragment, of at most 2048 bytes, or http on localhost",
            );
        }
        let Some(uri) = &self.frontchannel_uri else { return Ok(()) };
        let Some(url) = readable(uri) else {
            return refuse(
                "frontchannel_logout_uri",
                "use an https address without a fragment, of at most 2048 bytes, or http on localhost",
            );
        };
        if url.query_pairs().any(|(name, _)| matches!(name.as_ref(), "iss" | "sid")) {
            return refuse("frontchannel_logout_uri", "leave iss and sid out of the query: they are added");
        }
        let at_home = |known: &RedirectUri| Url::parse(known.as_str()).is_ok_and(|k| k.origin() == url.origin());
        if !redirect_uris.iter().any(at_home) {
            return refuse("frontchannel_logout_uri", "use the scheme, host and port of one of the redirect URIs");
        }
        Ok(())
    }

    /// The front-channel address of one session: with `iss` and `sid` (Front-Channel Logout §3). `None` when there is no
    /// address.
    pub fn frontchannel(&self, issuer: &str, session: &str) -> Option<String> {
        let uri = self.frontchannel_uri.as_deref()?;
        let told = [("iss", issuer.to_owned()), ("sid", session.to_owned())];
        Some(crate::response::append_query(uri, &told))
    }
}

/// A web link that something can be added to.
pub(super) fn readable(uri: &str) -> Option<Url> {
    let plain = is_web_link(uri) && !uri.contains('#');
    plain.then(|| Url::parse(uri).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(uri: &str) -> LogoutRules {
        LogoutRules { backchannel_uri: Some(uri.to_owned()), ..LogoutRules::default() }
    }

    fn front(uri: &str) -> LogoutRules {
        LogoutRules { frontchannel_uri: Some(uri.to_owned()), ..LogoutRules::default() }
    }

    fn fault(rules: &LogoutRules) -> Option<&'static str> {
        let home = ["https://app.example.com/cb".parse().unwrap(), "com.example.app:/cb".parse().unwrap()];
        rules.check(&home).err().map(|invalid| invalid.field)
    }

    #[test]
    fn a_logout_token_goes_to_https_or_this_machine_alone() {
        for fine in ["https://app.example.com/out", "https://other.example:8443/out?x=1", "http://localhost:3000/out"] {
            assert_eq!(fault(&back(fine)), None, "{fine}");
        }
        for bad in [
            "http://app.example.com/out",
            "https://app.example.com/out#f",
            "https://a@app.example.com/out",
            "javascript:alert(1)",
            "app.example.com/out",
            "",
        ] {
            assert_eq!(fault(&back(bad)), Some("backchannel_logout_uri"), "{bad}");
        }
    }

    #[test]
    fn a_frame_is_of_the_app_s_own_origin() {
        assert_eq!(fault(&front("https://app.example.com/out?tenant=1")), None);
        for bad in [
            "https://other.example.com/out",
            "https://app.example.com:8443/out",
            "http://app.example.com/out",
            "https://app.example.com/out#f",
            "https://app.example.com/out?sid=1",
            "https://app.example.com/out?iss=1",
        ] {
            assert_eq!(fault(&front(bad)), Some("frontchannel_logout_uri"), "{bad}");
        }
    }

    #[test]
    fn the_frame_is_told_issuer_and_session_beside_its_own_query() {
        let told = front("https://app.example.com/out?tenant=1").frontchannel("https://id.example.com", "s1");
        let expected = "https://app.example.com/out?tenant=1&iss=https%3A%2F%2Fid.example.com&sid=s1";
        assert_eq!(told.as_deref(), Some(expected));
        assert_eq!(LogoutRules::default().frontchannel("https://id.example.com", "s1"), None);
    }
}
