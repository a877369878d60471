//! What a registered client is told of itself (RFC 7591 §3.2.1, RFC 7592 §3): all that holds, whether it asked for it or not.

use super::tokens;
use crate::client::{Client, GrantType};
use crate::redirect_uri::RedirectUri;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What is told beside the client itself.
#[derive(Clone, Copy)]
pub struct Issued<'a> {
    /// Its secret, where it is new: the only time that it is shown.
    pub secret: Option<&'a str>,
    /// The token that manages the registration.
    pub token: &'a str,
    /// Where the registration is managed.
    pub uri: &'a str,
}

/// The document.
pub fn document(client: &Client, issued: &Issued<'_>) -> Value {
    let mut out = Told(Map::new());
    out.put("client_id", &client.client_id);
    out.put("client_id_issued_at", client.created_at.seconds());
    out.put("client_secret", issued.secret);
    if client.auth_method.has_secret() {
        // It does not expire.
        out.put("client_secret_expires_at", 0);
    }
    out.put("registration_access_token", issued.token);
    out.put("registration_client_uri", issued.uri);
    out.put("client_name", &client.name);
    out.put("client_uri", &client.home_url);
    out.put("logo_uri", &client.logo_uri);
    out.put("policy_uri", &client.policy_uri);
    out.put("tos_uri", &client.tos_uri);
    out.put("scope", client.scope.to_string());
    ways(client, &mut out);
    proofs(client, &mut out);
    if let Some(uri) = &client.logout.backchannel_uri {
        out.put("backchannel_logout_uri", uri);
        out.put("backchannel_logout_session_required", client.logout.backchannel_session_required);
    }
    if let Some(uri) = &client.logout.frontchannel_uri {
        out.put("frontchannel_logout_uri", uri);
        out.put("frontchannel_logout_session_required", client.logout.frontchannel_session_required);
    }
    if client.may_use(GrantType::Ciba) {
        backchannel(client, &mut out);
    }
    if let Some(registration) = &client.registration {
        out.put("application_type", registration.application_type.as_str());
        out.put("contacts", Some(&registration.contacts).filter(|contacts| !contacts.is_empty()));
        out.put("software_id", &registration.software_id);
        out.put("software_version", &registration.software_version);
        out.put("software_statement", &registration.software_statement);
    }
    Value::Object(out.0)
}

/// What two states of a client say differently, by the registered names of the members, in alphabetical order.
pub fn changed(before: &Client, after: &Client) -> Vec<String> {
    let told = |client| document(client, &Issued { secret: None, token: "", uri: "" });
    let (before, after) = (told(before), told(after));
    let names = [&before, &after].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
    let names: BTreeSet<&String> = names.filter(|name| before.get(name) != after.get(name)).collect();
    names.into_iter().cloned().collect()
}

/// How it asks, and where the answers go.
fn ways(client: &Client, out: &mut Told) {
    let uris = |uris: &[RedirectUri]| uris.iter().map(RedirectUri::to_string).collect::<Vec<_>>();
    let grants = GrantType::ALL.into_iter().filter(|grant| client.may_use(*grant));
    out.put("redirect_uris", uris(&client.redirect_uris));
    if !client.post_logout_redirect_uris.is_empty() {
        out.put("post_logout_redirect_uris", uris(&client.post_logout_redirect_uris));
    }
    out.put("grant_types", grants.map(GrantType::as_str).collect::<Vec<_>>());
    let code = client.may_use(GrantType::AuthorizationCode).then_some("code");
    out.put("response_types", code.into_iter().collect::<Vec<_>>());
    out.put("subject_type", if client.subject.pairwise { "pairwise" } else { "public" });
    out.put("sector_identifier_uri", &client.subject.sector_identifier_uri);
    out.put("require_pushed_authorization_requests", client.must_push());
    out.put("require_signed_request_object", client.requests.require_signed);
    out.put("request_object_signing_alg", client.requests.object_alg);
    let some = |list: &Vec<String>| Some(list.clone()).filter(|list| !list.is_empty());
    out.put("request_uris", some(&client.requests.request_uris));
    out.put("default_max_age", client.requests.default_max_age);
    out.put("require_auth_time", client.requests.require_auth_time);
    out.put("default_acr_values", some(&client.requests.default_acr_values));
    out.put("initiate_login_uri", &client.requests.initiate_login_uri);
}

/// How it asks people elsewhere (CIBA Core §4).
fn backchannel(client: &Client, out: &mut Told) {
    let rules = &client.backchannel;
    out.put("backchannel_token_delivery_mode", rules.mode);
    out.put("backchannel_client_notification_endpoint", &rules.notification_endpoint);
    out.put("backchannel_authentication_request_signing_alg", rules.signing_alg);
    out.put("backchannel_user_code_parameter", false);
    out.put("backchannel_shows_user_number", rules.shows_number);
}

/// How it proves itself, and how what it gets is signed and bound.
fn proofs(client: &Client, out: &mut Told) {
    out.put("token_endpoint_auth_method", client.auth_method);
    out.put("token_endpoint_auth_signing_alg", client.proof.assertion_alg);
    out.put("jwks", &client.keys.jwks);
    out.put("jwks_uri", &client.keys.jwks_uri);
    tokens::told(client, out);
}

pub(super) struct Told(Map<String, Value>);

impl Told {
    /// Adds a member, unless there is nothing to say.
    pub(super) fn put(&mut self, name: &str, value: impl Serialize) {
        let value = json!(value);
        if !value.is_null() {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Adds what is several members, or none.
    pub(super) fn put_members(&mut self, value: impl Serialize) {
        if let Value::Object(members) = json!(value) {
            self.0.extend(members);
        }
    }
}
