//! Rules between settings: what each value alone can't tell.

use super::{ConfigError, Loaded};
use tracing_subscriber::EnvFilter;

/// The rules that do not hold.
pub(super) fn broken(loaded: &Loaded) -> Vec<ConfigError> {
    let config = &loaded.config;
    let mut errors = Vec::new();
    let mut rule = |holds: bool, key: &str, what: String| {
        if !holds {
            errors.push(loaded.error(key, what));
        }
    };
    let url = config.database.url.reveal();
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    rule(
        known && url != "sqlite:",
        "database.url",
        "expected sqlite:/path/to/watchbell.db or postgres://user:password@host/name".to_owned(),
    );
    rule(config.database.max_connections >= 2, "database.max_connections", "expected 2 or more".to_owned());
    let address = config.redis.url.as_ref().map(|_| crate::wiring::redis_place(&config.redis, None));
    if let Some(Err(why)) = address.map(|place| bus::Address::read(&place)) {
        rule(false, "redis.url", why);
    }
    rule((10..=1_000).contains(&config.redis.timeout_ms), "redis.timeout_ms", "expected 10 to 1000".to_owned());
    rule(!config.tenant.name.trim().is_empty(), "tenant.name", "expected a name".to_owned());

    let password = &config.password;
    // RFC 9106 §3.1: at least eight blocks of 1 KiB per lane.
    let least = password.parallelism.saturating_mul(8);
    rule(password.parallelism >= 1, "password.parallelism", "expected 1 or more".to_owned());
    rule(password.iterations >= 1, "password.iterations", "expected 1 or more".to_owned());
    rule(
        password.memory_kib >= least.max(8),
        "password.memory_kib",
        format!("expected {} or more: Argon2 needs 8 KiB per lane", least.max(8)),
    );
    let hashing = identity::password::HashParams {
        memory_kib: password.memory_kib,
        iterations: password.iterations,
        parallelism: password.parallelism,
    };
    rule(
        hashing.is_bearable(),
        "password.memory_kib",
        "expected at most 262144 (256 MiB), and at most 1048576 when multiplied by password.iterations".to_owned(),
    );
    rule(password.queue >= 1, "password.queue", "expected 1 or more".to_owned());
    rule(
        password.min_length.is_none_or(|n| (1..=128).contains(&n)),
        "password.min_length",
        "expected 1 to 128".to_owned(),
    );
    rule(password.min_strength.is_none_or(|n| n <= 4), "password.min_strength", "expected 0 to 4".to_owned());

    let sign_in = &config.sign_in;
    rule(
        sign_in.policy().lets_somebody_in(),
        "sign_in.methods",
        "nobody could sign in with these: allow a first factor, and a second one if sign_in.require asks for it"
            .to_owned(),
    );
    rule(
        !sign_in.policy().lets_somebody_in() || sign_in.policy_without_others().lets_somebody_in() || !config.upstream.is_empty(),
        "sign_in.methods",
        "nobody could sign in with these: there is no other provider yet. Describe one as [[upstream]] (the guide's page \
         \"Other accounts\" says how), or allow another first factor, such as \"password\""
            .to_owned(),
    );
    rule(sign_in.recent_minutes >= 1, "sign_in.recent_minutes", "expected 1 or more".to_owned());
    rule(sign_in.invitation_days >= 1, "sign_in.invitation_days", "expected 1 or more".to_owned());
    rule(
        sign_in.session_idle_hours <= sign_in.session_hours,
        "sign_in.session_idle_hours",
        format!(
            "longer than the whole session: lower it, or raise sign_in.session_hours above {}",
            sign_in.session_hours
        ),
    );
    rule(
        sign_in.recovery_wait_hours <= 14 * 24,
        "sign_in.recovery_wait_hours",
        "expected at most 336, which is two weeks; 0 means that there is no such way".to_owned(),
    );
    rule(
        config.changes.notices_off != super::changes::Mode::Confirm,
        "changes.notices_off",
        "what rings is switched off as easily as it is switched on, and waits for nothing: expected \"notify\" or \"off\""
            .to_owned(),
    );
    for (key, value) in [
        ("sign_in.session_idle_hours", sign_in.session_idle_hours),
        ("sign_in.flow_minutes", sign_in.flow_minutes),
        ("sign_in.confirm_link_minutes", sign_in.confirm_link_minutes),
        ("sign_in.reset_link_minutes", sign_in.reset_link_minutes),
        ("sign_in.was_this_you_hours", sign_in.was_this_you_hours),
        ("sign_in.failures_per_account", sign_in.failures_per_account),
        ("sign_in.failures_per_known_device", sign_in.failures_per_known_device),
        ("sign_in.failures_per_address", sign_in.failures_per_address),
        ("sign_in.failure_window_minutes", sign_in.failure_window_minutes),
        ("sign_in.longest_pause_minutes", sign_in.longest_pause_minutes),
        ("sign_in.failures_in_a_row", sign_in.failures_in_a_row),
        ("sign_in.failures_in_a_row_known_device", sign_in.failures_in_a_row_known_device),
        ("sign_in.mails_per_hour", sign_in.mails_per_hour),
        ("risk.travel_kmh", config.risk.travel_kmh),
        ("risk.inactive_days", config.risk.inactive_days),
        ("risk.accounts_per_address", config.risk.accounts_per_address),
        ("risk.addresses_per_account", config.risk.addresses_per_account),
        ("risk.window_minutes", config.risk.window_minutes),
        ("tokens.code_seconds", config.tokens.code_seconds),
        ("tokens.access_token_minutes", config.tokens.access_token_minutes),
        ("tokens.refresh_token_days", config.tokens.refresh_token_days),
        ("app_registration.per_hour", config.app_registration.per_hour),
        ("limits.body_kib", config.limits.body_kib),
        ("limits.app_requests_per_address", config.limits.app_requests_per_address),
        ("outbound.timeout_seconds", u32::from(config.outbound.timeout_seconds)),
        ("limits.head_seconds", u32::from(config.limits.head_seconds)),
    ] {
        rule(value >= 1, key, "expected 1 or more".to_owned());
    }
    rule(
        config.tokens.code_seconds <= 60,
        "tokens.code_seconds",
        "expected at most 60: an app redeems its code at once (RFC 9700)".to_owned(),
    );
    let registration = &config.app_registration;
    rule(
        registration.scope.parse::<oauth::Scope>().is_ok_and(|scope| !scope.is_empty()),
        "app_registration.scope",
        "expected scopes with a space between, such as openid profile email".to_owned(),
    );
    rule(!registration.grant_types.is_empty(), "app_registration.grant_types", "expected one or more".to_owned());
    rule(
        registration.resources.len() <= 50
            && registration.resources.iter().all(|api| oauth::resource::is_resource(api)),
        "app_registration.resources",
        "expected at most 50 absolute URIs without fragment, such as https://api.example.com/".to_owned(),
    );
    rule(!registration.auth_methods.is_empty(), "app_registration.auth_methods", "expected one or more".to_owned());
    rule(
        !registration.statement_required || !registration.statement_issuers.is_empty(),
        "app_registration.statement_required",
        "nobody vouches for apps: name who does in app_registration.statement_issuers".to_owned(),
    );
    rule(config.limits.connections_per_worker >= 1, "limits.connections_per_worker", "expected 1 or more".to_owned());
    if let Err(e) = EnvFilter::try_new(&config.log.level) {
        rule(
            false,
            "log.level",
            format!("expected error, warn, info, debug, trace or a filter like info,store=debug ({e})"),
        );
    }
    for (key, what) in super::telemetry::broken(config) {
        rule(false, key, what);
    }
    for (key, what) in super::mtls::broken(loaded) {
        rule(false, key, what);
    }
    for (key, file) in [
        ("geo.mmdb_file", config.geo.mmdb_file.as_ref()),
        ("redis.ca_file", config.redis.ca_file.as_ref()),
        ("outbound.extra_ca_file", config.outbound.extra_ca_file.as_ref()),
        ("mtls.ca_file", config.mtls.ca_file.as_ref()),
        ("mtls.certificate_file", config.mtls.certificate_file.as_ref()),
        ("mtls.key_file", config.mtls.key_file.as_ref()),
    ] {
        let Some(file) = file else { continue };
        rule(file.is_file(), key, format!("there is no file {}", file.display()));
    }
    errors.extend(super::providers::broken(loaded));
    errors
}
