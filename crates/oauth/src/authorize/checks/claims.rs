//! The `claims` parameter (OpenID Connect Core §5.5): single claims, and how strong a sign-in must be.
//!
//! Claims about a person are wishes (§5.5.1): those that the client's scopes would open are told, others fall away and
//! nothing is refused for them.

use super::{AuthorizationRequest, OAuthError, Sent};
use crate::claims;
use crate::client::Client;
use crate::grant_terms::ClaimsWish;
use serde_json::{Map, Value};

/// The longest parameter that is read, in bytes.
const MAX_CLAIMS: usize = 4096;

type Members = Map<String, Value>;

/// Reads what is asked. What is not of that form is refused: an essential wish must not be overlooked.
pub(super) fn check(sent: &Sent<'_>, draft: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let Some(text) = sent.params.one("claims")? else { return Ok(()) };
    let malformed = || {
        OAuthError::invalid_request("claims is malformed: send a JSON object with the members userinfo and id_token")
    };
    if text.len() > MAX_CLAIMS {
        return Err(malformed());
    }
    let asked: Members = serde_json::from_str(text).map_err(|_| malformed())?;
    let of_token = member(&asked, "id_token").map_err(|()| malformed())?;
    let of_userinfo = member(&asked, "userinfo").map_err(|()| malformed())?;
    if let Some(wanted) = member_of(of_token, "acr").map_err(|()| malformed())? {
        let several = wanted.get("values").and_then(Value::as_array).into_iter().flatten();
        let values = wanted.get("value").into_iter().chain(several).filter_map(Value::as_str).map(str::to_owned);
        draft.acr_values = values.collect();
        draft.acr_essential = wanted.get("essential").and_then(Value::as_bool).unwrap_or_default();
    }
    for place in [of_token, of_userinfo] {
        let subject = member_of(place, "sub").map_err(|()| malformed())?;
        if let Some(subject) = subject.and_then(|wanted| wanted.get("value")).and_then(Value::as_str) {
            draft.hint_subject = Some(subject.to_owned());
        }
    }
    draft.terms.claims = ClaimsWish {
        id_token: about_a_person(of_token, sent.client),
        userinfo: about_a_person(of_userinfo, sent.client),
    };
    Ok(())
}

/// The claims that the client may have, whichever scope it sent.
fn about_a_person(asked: Option<&Members>, client: &Client) -> Vec<String> {
    let names = asked.into_iter().flat_map(Members::keys);
    let may = |name: &&String| claims::scope_of(name).is_some_and(|scope| client.scope.contains(scope));
    names.filter(may).cloned().collect()
}

fn member_of<'a>(of: Option<&'a Members>, name: &str) -> Result<Option<&'a Members>, ()> {
    of.map_or(Ok(None), |of| member(of, name))
}

/// A member that is an object, or left out, or null.
fn member<'a>(of: &'a Members, name: &str) -> Result<Option<&'a Members>, ()> {
    match of.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(()),
    }
}
