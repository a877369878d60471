//! From what a client says of itself to the client.

use super::metadata::Metadata;
use super::policy::Policy;
use super::{invalid, invalid_redirect, tokens};
use crate::client::{
    ApplicationType, BackchannelRules, Client, ClientAuthMethod, ClientKeys, GrantType, LogoutRules, Registration,
    RequestRules, SubjectRules,
};
use crate::error::OAuthError;
use crate::jose::{JwsAlg, SigningAlg};
use crate::redirect_uri::RedirectUri;
use crate::scope::Scope;
use std::collections::BTreeSet;
use url::Url;

/// The name of a client that gives none, and has no address that could stand in for it.
const NAMELESS: &str = "An app without a name";

impl Policy {
    /// The client with everything in it that it can say of itself; what it leaves out becomes the default again (RFC 7592
    /// §2.2). What an operator alone gives stays as it is: whose it is, whether it is on, how long its tokens live.
    ///
    /// # Errors
    /// `invalid_redirect_uri`, `invalid_client_metadata`: the sentence names the member.
    pub fn apply(&self, said: &Metadata, before: Client, registration: Registration) -> Result<Client, OAuthError> {
        self.apply_with(said, before, registration, ClientAuthMethod::SecretBasic)
    }

    pub(super) fn apply_with(
        &self,
        said: &Metadata,
        before: Client,
        registration: Registration,
        usual: ClientAuthMethod,
    ) -> Result<Client, OAuthError> {
        tokens::check_not_offered(said)?;
        let auth_method = self.auth_method(said.text("token_endpoint_auth_method")?, usual)?;
        let grant_types = self.grant_types(said.list("grant_types")?)?;
        check_response_types(said, &grant_types)?;
        let redirect_uris = said.uris("redirect_uris")?;
        self.check_hosts(&redirect_uris)?;
        if redirect_uris.is_empty() && grant_types.contains(&GrantType::AuthorizationCode) {
            return Err(invalid_redirect("redirect_uris: register at least one"));
        }
        let home_url = said.text("client_uri")?;
        Ok(Client {
            name: name(said, home_url.as_deref(), &redirect_uris)?,
            auth_method,
            post_logout_redirect_uris: said.uris("post_logout_redirect_uris")?,
            scope: self.scope(said.parsed::<Scope>("scope")?)?,
            id_token_alg: said.parsed("id_token_signed_response_alg")?.unwrap_or(SigningAlg::RS256),
            home_url,
            logo_uri: said.text("logo_uri")?,
            policy_uri: said.text("policy_uri")?,
            tos_uri: said.text("tos_uri")?,
            keys: ClientKeys { jwks: said.value("jwks"), jwks_uri: said.text("jwks_uri")? },
            proof: tokens::proof(said, auth_method, before.proof)?,
            tokens: tokens::rules(said, before.tokens)?,
            requests: RequestRules {
                require_pushed: said.flag("require_pushed_authorization_requests")?,
                require_signed: said.flag("require_signed_request_object")?,
                object_alg: said.parsed::<JwsAlg>("request_object_signing_alg")?,
                resources: self.resources(&before.requests.resources),
                ..requests(said, before.requests)?
            },
            subject: subject(said)?,
            logout: logout(said)?,
            backchannel: backchannel(said)?,
            registration: Some(described(said, &redirect_uris, registration)?),
            grant_types: Some(grant_types),
            redirect_uris,
            ..before
        })
    }
}

/// RFC 7591 §2.1: response types and grants belong together.
fn check_response_types(said: &Metadata, grants: &BTreeSet<GrantType>) -> Result<(), OAuthError> {
    let Some(types) = said.list("response_types")? else { return Ok(()) };
    if types.iter().any(|one| one != "code") {
        return Err(invalid("response_types: only code is offered"));
    }
    let with_code = grants.contains(&GrantType::AuthorizationCode);
    match (types.is_empty(), with_code) {
        (true, true) => Err(invalid("response_types: the grant authorization_code goes with code")),
        (false, false) => Err(invalid("response_types: code goes with the grant authorization_code")),
        _ => Ok(()),
    }
}

/// People read a name: without one they read the host that they know the app by.
fn name(said: &Metadata, home: Option<&str>, uris: &[RedirectUri]) -> Result<String, OAuthError> {
    if let Some(name) = said.text("client_name")? {
        return Ok(name.trim().to_owned());
    }
    let host = |uri: &str| Url::parse(uri).ok().and_then(|url| url.host_str().map(str::to_owned));
    let known = home.into_iter().chain(uris.iter().map(RedirectUri::as_str));
    Ok(known.filter_map(host).find(|host| host.len() <= 100).unwrap_or_else(|| NAMELESS.to_owned()))
}

/// Where requests are, and what holds where they say nothing.
fn requests(said: &Metadata, before: RequestRules) -> Result<RequestRules, OAuthError> {
    Ok(RequestRules {
        request_uris: said.list("request_uris")?.unwrap_or_default(),
        default_max_age: said.seconds("default_max_age")?,
        require_auth_time: said.flag("require_auth_time")?,
        default_acr_values: said.list("default_acr_values")?.unwrap_or_default(),
        initiate_login_uri: said.text("initiate_login_uri")?,
        ..before
    })
}

fn subject(said: &Metadata) -> Result<SubjectRules, OAuthError> {
    let pairwise = match said.text("subject_type")?.as_deref() {
        None | Some("public") => false,
        Some("pairwise") => true,
        Some(_) => return Err(invalid("subject_type: use public or pairwise")),
    };
    Ok(SubjectRules { pairwise, sector_identifier_uri: said.text("sector_identifier_uri")? })
}

fn logout(said: &Metadata) -> Result<LogoutRules, OAuthError> {
    Ok(LogoutRules {
        backchannel_uri: said.text("backchannel_logout_uri")?,
        backchannel_session_required: said.flag("backchannel_logout_session_required")?,
        frontchannel_uri: said.text("frontchannel_logout_uri")?,
        frontchannel_session_required: said.flag("frontchannel_logout_session_required")?,
    })
}

/// OpenID Connect Dynamic Client Registration 1.0 §2: what runs on a web server has https addresses alone. Who does not say
/// what it is gets the type that its addresses have.
fn described(said: &Metadata, uris: &[RedirectUri], before: Registration) -> Result<Registration, OAuthError> {
    let local = uris.iter().find(|uri| !uri.as_str().starts_with("https:"));
    let application_type = match (said.text("application_type")?.as_deref(), local) {
        (Some("native"), _) | (None, Some(_)) => ApplicationType::Native,
        (Some("web"), Some(uri)) => {
            return Err(invalid_redirect(&format!("redirect_uris: {uri}: a web app uses https; say native otherwise")));
        }
        (Some("web") | None, None) => ApplicationType::Web,
        (Some(_), _) => return Err(invalid("application_type: use web or native")),
    };
    Ok(Registration {
        application_type,
        contacts: said.list("contacts")?.unwrap_or_default(),
        software_id: said.text("software_id")?,
        software_version: said.text("software_version")?,
        software_statement: said.software_statement()?,
        ..before
    })
}

/// CIBA Core §4. That it shows the number is a member of ours.
fn backchannel(said: &Metadata) -> Result<BackchannelRules, OAuthError> {
    if said.flag("backchannel_user_code_parameter")? {
        return Err(invalid("backchannel_user_code_parameter: this is not offered here: leave it out"));
    }
    Ok(BackchannelRules {
        mode: said.parsed("backchannel_token_delivery_mode")?.unwrap_or_default(),
        notification_endpoint: said.text("backchannel_client_notification_endpoint")?,
        signing_alg: said.parsed("backchannel_authentication_request_signing_alg")?,
        shows_number: said.flag("backchannel_shows_user_number")?,
    })
}

/// What a client's own check found ([`Client::validate`]), in the words of RFC 7591 §3.2.2.
pub fn refused(field: &str, advice: &str) -> OAuthError {
    let told = |member: &str| invalid(&format!("{member}: {advice}"));
    match field {
        "redirect_uris" => invalid_redirect(&format!("redirect_uris: {advice}")),
        "name" => told("client_name"),
        "home_url" => told("client_uri"),
        "auth_method" => told("token_endpoint_auth_method"),
        "assertion_alg" => told("token_endpoint_auth_signing_alg"),
        "id_token_alg" => told("id_token_signed_response_alg"),
        "require_signed" => told("require_signed_request_object"),
        "object_alg" => told("request_object_signing_alg"),
        other => told(other),
    }
}
