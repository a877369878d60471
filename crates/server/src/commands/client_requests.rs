//! What an app may ask for, from the command line.

use crate::cli::{Ciba, Profile as Word, Requests};
use crate::say::Trouble;
use oauth::client::{Client, DeliveryMode, GrantType, Profile};
use oauth::jose::JwsAlg;

/// The client with what is named; the rest stays as it was.
pub(super) fn ask(options: &Requests, client: Client) -> Result<Client, Trouble> {
    let mut client = client;
    match options.profile {
        Some(Word::Plain) => client.profile = Profile::Plain,
        Some(Word::Fapi2) => client.profile = Profile::Fapi2,
        None => {}
    }
    client.requests.require_pushed |= options.require_pushed;
    client.requests.require_signed |= options.require_signed;
    client.subject.pairwise |= options.pairwise;
    client.requests.default_max_age = options.default_max_age.or(client.requests.default_max_age);
    if !options.request_uri.is_empty() {
        client.requests.request_uris.clone_from(&options.request_uri);
    }
    if !options.default_acr.is_empty() {
        client.requests.default_acr_values.clone_from(&options.default_acr);
    }
    if let Some(uri) = &options.initiate_login_uri {
        client.requests.initiate_login_uri = Some(uri.clone()).filter(|uri| !uri.is_empty());
    }
    if !options.resource.is_empty() {
        client.requests.resources.clone_from(&options.resource);
    }
    if !options.detail_type.is_empty() {
        client.requests.detail_types.clone_from(&options.detail_type);
    }
    if !options.grant_type.is_empty() {
        let parse = |word: &String| {
            word.parse::<GrantType>().map_err(|_| {
                let known = GrantType::ALL.map(GrantType::as_str).join(", ");
                Trouble::new(format!("--grant-type {word}: Watchbell knows {known}"))
            })
        };
        client.grant_types = Some(options.grant_type.iter().map(parse).collect::<Result<_, _>>()?);
    }
    client.exchange.impersonate |= options.exchange_as_person;
    if !options.exchange_from.is_empty() {
        client.exchange.from.clone_from(&options.exchange_from);
    }
    if let Some(only) = &options.may_act {
        client.exchange.may_act = Some(only.clone()).filter(|only| !only.is_empty());
    }
    if options.sector_identifier_uri.is_some() {
        client.subject.sector_identifier_uri.clone_from(&options.sector_identifier_uri);
    }
    Ok(client)
}

/// The same with how it asks people elsewhere.
pub(super) fn elsewhere(options: &Ciba, client: Client) -> Result<Client, Trouble> {
    let mut client = client;
    let rules = &mut client.backchannel;
    if let Some(mode) = &options.ciba_mode {
        rules.mode = mode.parse::<DeliveryMode>().map_err(|e| Trouble::new(format!("--ciba-mode {mode}: {e}")))?;
    }
    if let Some(uri) = &options.ciba_notification_endpoint {
        rules.notification_endpoint = Some(uri.clone()).filter(|uri| !uri.is_empty());
    }
    match options.ciba_signing_alg.as_deref() {
        None => {}
        Some("") => rules.signing_alg = None,
        Some(alg) => {
            let known = alg.parse::<JwsAlg>().map_err(|e| Trouble::new(format!("--ciba-signing-alg {alg}: {e}")))?;
            rules.signing_alg = Some(known);
        }
    }
    if let Some(shows) = options.ciba_shows_number {
        rules.shows_number = shows;
    }
    Ok(client)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Id, Timestamp};
    use oauth::client::ClientAuthMethod;

    fn client() -> Client {
        let (id, now) = (Id::from_bytes([1; 16]), Timestamp::from_seconds(1));
        Client::new(id, "app", "App", ClientAuthMethod::SecretBasic, now)
    }

    #[test]
    fn what_is_not_named_stays_as_it_was() {
        let mut before = client();
        before.requests.resources = vec!["https://api.example/".into()];
        before.subject.pairwise = true;
        assert_eq!(ask(&Requests::default(), before.clone()).unwrap(), before);
        before.requests.default_max_age = Some(60);
        before.requests.initiate_login_uri = Some("https://app.example/login".into());
        assert_eq!(ask(&Requests::default(), before.clone()).unwrap(), before);
        let cleared = Requests { initiate_login_uri: Some(String::new()), ..Requests::default() };
        assert_eq!(ask(&cleared, before.clone()).unwrap().requests.initiate_login_uri, None);
        let named =
            Requests { grant_type: vec!["client_credentials".into()], require_pushed: true, ..Requests::default() };
        let after = ask(&named, before).unwrap();
        assert!(after.requests.require_pushed && after.subject.pairwise);
        assert_eq!(after.grant_types, Some([GrantType::ClientCredentials].into()));
    }

    #[test]
    fn a_grant_that_nobody_knows_is_told() {
        let named = Requests { grant_type: vec!["password".into()], ..Requests::default() };
        assert!(ask(&named, client()).unwrap_err().to_string().contains("Watchbell knows authorization_code"));
    }
}
