//! Apps.

use super::client_proof::{apply, method};
use super::client_requests::{ask, elsewhere};
use super::client_tokens::{shape, signing};
use super::format;
use crate::cli::{self, ClientAdd, ClientList, ClientUpdate};
use crate::config::people::Tokens;
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use app::operate::{ClientRefusal, NewClient};
use app::{Here, Problem};
use base::{Id, Rng, Timestamp};
use identity::login::Assurance;
use oauth::client::{Client, LoginRules, LogoutRules};
use oauth::redirect_uri::RedirectUri;
use oauth::scope::{ADDRESS, EMAIL, NOTICES, OFFLINE_ACCESS, OPENID, PHONE, PROFILE, Scope};
use serde::Serialize;
use std::time::Duration;

/// The scopes that Watchbell gives a meaning, as its metadata names them.
const KNOWN_SCOPES: [&str; 7] = [OPENID, PROFILE, EMAIL, ADDRESS, PHONE, NOTICES, OFFLINE_ACCESS];

#[derive(Serialize)]
struct Row<'a> {
    client_id: &'a str,
    name: &'a str,
    auth_method: &'a str,
    first_party: bool,
    high_risk: bool,
    redirect_uris: Vec<&'a str>,
    post_logout_redirect_uris: Vec<&'a str>,
    scope: String,
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered: Option<&'a str>,
    login: &'a LoginRules,
    logout: &'a LogoutRules,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(client: &'a Client) -> Self {
        Self {
            client_id: &client.client_id,
            name: &client.name,
            auth_method: client.auth_method.as_str(),
            first_party: client.first_party,
            high_risk: client.high_risk,
            redirect_uris: client.redirect_uris.iter().map(RedirectUri::as_str).collect(),
            post_logout_redirect_uris: client.post_logout_redirect_uris.iter().map(RedirectUri::as_str).collect(),
            scope: client.scope.to_string(),
            enabled: client.is_enabled(),
            registered: client.registration.as_ref().map(|registration| registration.by.as_str()),
            login: &client.login,
            logout: &client.logout,
            client_secret: None,
            issuer: None,
        }
    }
}

/// Adds an app and prints what it needs.
pub(super) async fn add(options: &ClientAdd) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let client = requested(options, &loaded.config.tokens, &installation.rng)?;
    let added = here.add_client(client).await.map_err(why)?;
    if !added.client.scope.contains(OPENID) {
        say::warning(
            "this app may not ask for the scope openid: it gets access tokens, but no ID token and no userinfo. \
             Put openid into --scope if people sign in to it",
        );
    }
    print(&here, &added, format(&options.common))
}

/// Changes how an app proves itself, what a sign-in to it takes, or how it hears of a sign-out.
pub(super) async fn update(options: &ClientUpdate) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let Some(client) = here.client(&options.id).await? else {
        return Err(Trouble::new(format!("there is no app {}: `watchbell client list` shows them", options.id)));
    };
    let before = if options.like_tenant { LoginRules::default() } else { client.login.clone() };
    let auth_method = options.auth.map_or(client.auth_method, method);
    let logout = logout(&options.logout, client.logout.clone());
    let client = Client { login: rules(&options.login, before), logout, auth_method, ..client };
    let client = elsewhere(&options.ciba, ask(&options.requests, apply(&options.proof, client)?)?)?;
    let saved = here.save_client(shape(&options.tokens, client)).await.map_err(why)?;
    let secret = saved.secret.as_ref().map(base::Secret::reveal);
    match format(&options.common) {
        Format::Json => return say::json(&Row { client_secret: secret, ..Row::of(&saved.client) }),
        Format::Text => say::line(format_args!("Saved. It holds from the next sign-in to {} on.", saved.client.name)),
    }
    if let Some(secret) = secret {
        say::line(format_args!("\n  Client secret  {secret}\n"));
        say::line("Keep the secret now: it can't be shown again.");
    }
    Ok(())
}

/// What is named takes the place of what was there.
fn rules(options: &cli::LoginRules, before: LoginRules) -> LoginRules {
    let min_acr = options.require.map(|require| match require {
        cli::Require::None => Assurance::OneFactor,
        cli::Require::SecondFactor => Assurance::TwoFactors,
        cli::Require::PhishingResistant => Assurance::PhishingResistant,
    });
    LoginRules {
        min_acr: min_acr.map(|level| level.acr().to_owned()).or(before.min_acr),
        methods: options.methods.clone().or(before.methods),
        sign_up: options.sign_up.clone().or(before.sign_up),
        enrolment_grace_days: options.enrolment_grace_days.or(before.enrolment_grace_days),
        password_preset: options.password_preset.clone().or(before.password_preset),
    }
}

/// What is named takes the place of what was there; an empty address takes it away.
fn logout(options: &cli::LogoutRules, before: LogoutRules) -> LogoutRules {
    let uri = |named: &Option<String>, before| match named {
        Some(uri) => (!uri.is_empty()).then(|| uri.clone()),
        None => before,
    };
    let required = |named: Option<bool>, before| named.unwrap_or(before);
    let (back, front) = (options.backchannel_logout_session_required, options.frontchannel_logout_session_required);
    LogoutRules {
        backchannel_uri: uri(&options.backchannel_logout_uri, before.backchannel_uri),
        backchannel_session_required: required(back, before.backchannel_session_required),
        frontchannel_uri: uri(&options.frontchannel_logout_uri, before.frontchannel_uri),
        frontchannel_session_required: required(front, before.frontchannel_session_required),
    }
}

/// Lists the apps.
pub(super) async fn list(options: &ClientList) -> Result<(), Trouble> {
    let common = &options.common;
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let clients = installation.here()?.clients().await?;
    let listed = clients.iter().filter(|client| !options.registered || client.registration.is_some());
    let rows: Vec<Row<'_>> = listed.map(Row::of).collect();
    match format(common) {
        Format::Json => return say::json(&rows),
        Format::Text if rows.is_empty() && options.registered => say::line("No app has registered itself."),
        Format::Text if rows.is_empty() => say::line("No apps yet: add one with `watchbell client add`."),
        Format::Text => {
            let cells = |row: &Row<'_>| {
                vec![
                    row.client_id.to_owned(),
                    row.name.to_owned(),
                    row.auth_method.to_owned(),
                    row.registered.unwrap_or("you").replace('_', " "),
                    row.redirect_uris.join(" "),
                ]
            };
            let cells: Vec<_> = rows.iter().map(cells).collect();
            say::line(say::table(&["CLIENT ID", "NAME", "AUTHENTICATION", "ADDED BY", "REDIRECT URIS"], &cells));
        }
    }
    Ok(())
}

fn print(here: &Here, added: &NewClient, format: Format) -> Result<(), Trouble> {
    let secret = added.secret.as_ref().map(base::Secret::reveal);
    if format == Format::Json {
        return say::json(&Row { client_secret: secret, issuer: Some(here.issuer()), ..Row::of(&added.client) });
    }
    say::line(format_args!("Added {}.\n", added.client.name));
    say::line(format_args!("  Issuer         {}", here.issuer()));
    say::line(format_args!("  Client id      {}", added.client.client_id));
    match secret {
        Some(secret) => {
            say::line(format_args!("  Client secret  {secret}\n"));
            say::line("Keep the secret now: it can't be shown again.");
        }
        None if added.client.auth_method.is_confidential() => {
            say::line("\nIt proves itself with its key: it has no secret.")
        }
        None => say::line("\nIt is a public client: it has no secret and signs in with PKCE."),
    }
    Ok(())
}

fn requested(options: &ClientAdd, tokens: &Tokens, rng: &Rng) -> Result<Client, Trouble> {
    let id = options.id.clone().unwrap_or_else(|| format!("{}-{}", slug(&options.name), rng.digits(6)));
    // Row id and date are the use case's to give.
    let nobody = (Id::from_bytes([0; 16]), Timestamp::from_seconds(0));
    let client = Client {
        redirect_uris: uris("--redirect-uri", &options.redirect_uri)?,
        post_logout_redirect_uris: uris("--post-logout-redirect-uri", &options.post_logout_redirect_uri)?,
        scope: scope(&options.scope, &options.api_scope)?,
        first_party: options.first_party,
        high_risk: options.high_risk,
        require_pkce: !options.without_pkce,
        id_token_alg: signing(options.id_token_alg),
        code_lifetime: Duration::from_secs(u64::from(tokens.code_seconds)),
        access_token_lifetime: Duration::from_secs(u64::from(tokens.access_token_minutes) * 60),
        refresh_token_lifetime: Duration::from_secs(u64::from(tokens.refresh_token_days) * 86_400),
        home_url: options.home_url.clone(),
        logo_uri: options.logo_uri.clone(),
        policy_uri: options.policy_uri.clone(),
        tos_uri: options.tos_uri.clone(),
        resource_server: options.resource_server,
        claims_in_id_token: options.claims_in_id_token,
        login: rules(&options.login, LoginRules::default()),
        logout: logout(&options.logout, LogoutRules::default()),
        ..Client::new(nobody.0, id, options.name.trim(), method(options.auth), nobody.1)
    };
    let client = elsewhere(&options.ciba, ask(&options.requests, apply(&options.proof, client)?)?)?;
    Ok(shape(&options.tokens, client))
}

/// The scopes of a client: known ones, so that a slip is not overlooked, and those of the operator's own APIs.
fn scope(known: &str, own: &[String]) -> Result<Scope, Trouble> {
    let parse =
        |option: &str, text: &str| text.parse::<Scope>().map_err(|e| Trouble::new(format!("{option} {text}: {e}")));
    let scope = parse("--scope", known)?;
    let unknown: Vec<&str> = scope.iter().filter(|word| !KNOWN_SCOPES.contains(word)).collect();
    if !unknown.is_empty() {
        return Err(Trouble::new(format!(
            "--scope: Watchbell does not know {}; it knows {}. A scope of your own API goes into --api-scope",
            unknown.join(", "),
            KNOWN_SCOPES.join(", "),
        )));
    }
    Ok(scope.union(&parse("--api-scope", &own.join(" "))?))
}

fn uris(option: &str, texts: &[String]) -> Result<Vec<RedirectUri>, Trouble> {
    texts.iter().map(|text| text.parse().map_err(|e| Trouble::new(format!("{option} {text}: {e}")))).collect()
}

/// The letters and digits of a name, as an id may have them.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let short: String = slug.chars().take(40).collect();
    if short.is_empty() { "app".to_owned() } else { short }
}

fn why(problem: Problem<ClientRefusal>) -> Trouble {
    match problem {
        Problem::Refusal(ClientRefusal::Taken) => {
            Trouble::new("there is an app of that client id: choose another --id")
        }
        Problem::Refusal(ClientRefusal::Invalid(why)) => Trouble::new(why),
        Problem::Fault(fault) => fault.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{scope, slug};

    #[test]
    fn a_scope_that_means_nothing_is_told_apart_from_one_of_an_api() {
        let told = scope("profile foo", &[]).unwrap_err().to_string();
        assert!(
            told.contains(
                "does not know foo; it knows openid, profile, email, address, phone, notices, offline_access."
            ),
            "{told}"
        );
        assert_eq!(scope("openid email", &[]).unwrap().to_string(), "openid email");
        assert_eq!(scope("openid phone notices", &[]).unwrap().to_string(), "openid phone notices");
        assert_eq!(scope("openid", &["orders:read".into()]).unwrap().to_string(), "openid orders:read");
    }

    #[test]
    fn an_id_is_made_from_the_name() {
        assert_eq!(slug("Acme  Web & Shop"), "acme-web-shop");
        assert_eq!(slug("日本"), "app");
        assert_eq!(slug(&"x".repeat(99)).len(), 40);
    }
}
