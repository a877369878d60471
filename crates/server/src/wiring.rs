//! From what the operator wrote to what each part of the house takes.

use crate::config::machine::{Redis, RedisMode};
use crate::config::mtls::Mtls;
use crate::config::reach::PushHosts;
use crate::config::value::Link;
use crate::config::{Config, people, registration};
use crate::say::Trouble;
use actix_web::http::header::HeaderName;
use app::push::{CheckSubscription, Checked};
use events::MailSettings;
use identity::limit::Limit;
use identity::password::HashParams;
use identity::place::GeoReader;
use oauth::certificate::Authorities;
use outbound::Outbound;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The settings of the use cases.
///
/// # Errors
/// [`Trouble`] when the file of authorities for apps can't be read.
pub(crate) fn app(config: &Config) -> Result<app::Settings, Trouble> {
    let (password, sign_in) = (&config.password, &config.sign_in);
    Ok(app::Settings {
        hashing: HashParams {
            memory_kib: password.memory_kib,
            iterations: password.iterations,
            parallelism: password.parallelism,
        },
        hashers: password.hashers,
        hash_queue: password.queue,
        password: password.policy(),
        pwned_passwords: password.pwned_passwords.then(|| password.pwned_passwords_origin.to_string()),
        sign_in: sign_in.policy(),
        changes: config.changes.policy(),
        risk: config.risk.rules(),
        upstreams: upstreams(config),
        session_idle: hours(sign_in.session_idle_hours),
        session_lifetime: hours(sign_in.session_hours),
        flow_lifetime: minutes(sign_in.flow_minutes),
        confirm_lifetime: minutes(sign_in.confirm_link_minutes),
        reset_lifetime: minutes(sign_in.reset_link_minutes),
        invitation_lifetime: hours(u32::from(sign_in.invitation_days) * 24),
        answer_lifetime: hours(sign_in.was_this_you_hours),
        recovery_wait: hours(sign_in.recovery_wait_hours),
        strangers: guesses(sign_in, sign_in.failures_per_account, Some(sign_in.failures_in_a_row)),
        known_device: guesses(sign_in, sign_in.failures_per_known_device, Some(sign_in.failures_in_a_row_known_device)),
        address: Limit { longest_lock: Duration::ZERO, ..guesses(sign_in, sign_in.failures_per_address, None) },
        mails: Limit { tries: sign_in.mails_per_hour, ..Limit::mails() },
        requests: Limit { tries: config.limits.app_requests_per_address, ..Limit::requests() },
        offer_notices: config.push.offer,
        max_subscriptions: config.push.max_browsers,
        dpop_nonces: config.tokens.dpop_nonces,
        requests_by_reference: config.outbound.request_uris,
        registration: registration::settings(config),
        key_lead: minutes(config.keys.announce_minutes),
        certificates: certificates(&config.mtls)?,
        key_tail: hours(config.keys.keep_hours),
    })
}

/// How certificates of apps are read.
///
/// # Errors
/// [`Trouble`] when the file of authorities can't be read.
pub(crate) fn certificates(mtls: &Mtls) -> Result<Option<app::Certificates>, Trouble> {
    if !mtls.is_on() {
        return Ok(None);
    }
    let told = |e| Trouble::new(format!("mtls.ca_file: {e}"));
    let authorities = match &mtls.ca_file {
        Some(path) => Some(Arc::new(Authorities::from_pem(&read(path, "mtls.ca_file")?).map_err(told)?)),
        None => None,
    };
    Ok(Some(app::Certificates { authorities, origin: mtls.origin.clone() }))
}

/// Where Redis is, if there is one.
///
/// # Errors
/// [`Trouble`] when the file of authorities can't be read.
pub(crate) fn redis(config: &Config) -> Result<Option<bus::Address>, Trouble> {
    let redis = &config.redis;
    if redis.url.is_none() {
        return Ok(None);
    }
    let ca_pem = redis.ca_file.as_ref().map(|path| read(path, "redis.ca_file")).transpose()?;
    let address = bus::Address::read(&redis_place(redis, ca_pem));
    address.map(Some).map_err(|e| Trouble::new(format!("redis.url: {e}")))
}

/// What the operator wrote about Redis.
pub(crate) fn redis_place(redis: &Redis, ca_pem: Option<String>) -> bus::Place {
    bus::Place {
        url: redis.url.as_ref().map(|url| url.reveal().to_owned()).unwrap_or_default(),
        mode: match redis.mode {
            RedisMode::Single => bus::Mode::Single,
            RedisMode::Sentinel => bus::Mode::Sentinel,
            RedisMode::Cluster => bus::Mode::Cluster,
        },
        sentinel_master: redis.sentinel_master.clone(),
        sentinel_auth: redis.sentinel_auth,
        ca_pem,
        timeout: Duration::from_millis(u64::from(redis.timeout_ms)),
    }
}

/// The providers by which people sign in. What is not right was told when the configuration was read.
pub(crate) fn upstreams(config: &Config) -> Vec<upstream::Provider> {
    config.upstream.iter().filter_map(|provider| provider.read().ok()).collect()
}

/// The HTTP client.
///
/// # Errors
/// [`Trouble`] when a setting or the file of authorities can't be read.
pub(crate) fn outbound(config: &Config) -> Result<Outbound, Trouble> {
    outbound_to(config, None)
}

/// The HTTP client, which may also ask an origin of our own, wherever it is.
///
/// # Errors
/// As [`outbound`].
pub(crate) fn outbound_to(config: &Config, own: Option<&str>) -> Result<Outbound, Trouble> {
    let rules = &config.outbound;
    let extra_ca_pem = match &rules.extra_ca_file {
        Some(path) => vec![read(path, "outbound.extra_ca_file")?],
        None => Vec::new(),
    };
    let mut trusted_origins = each("push.trusted_origins", config.push.trusted_origins.iter().map(|o| o.as_str()))?;
    trusted_origins.extend(each("outbound.private_origins", rules.private_origins.iter().map(|o| o.as_str()))?);
    trusted_origins.extend(each("server.public_origin", own.into_iter())?);
    let settings = outbound::Settings {
        trusted_origins,
        extra_ca_pem,
        connect_to: each("outbound.connect_to", rules.connect_to.iter().map(|c| c.as_str()))?,
        timeout: Duration::from_secs(u64::from(rules.timeout_seconds)),
        ..outbound::Settings::default()
    };
    Outbound::new(settings).map_err(|e| Trouble::new(format!("start the HTTP client: {e}")))
}

/// Where traces go, if they go anywhere.
///
/// # Errors
/// [`Trouble`] when the address or a header can't be read.
pub(crate) fn traces(config: &Config) -> Result<Option<traces::Settings>, Trouble> {
    let telemetry = &config.telemetry;
    if !telemetry.is_on() {
        return Ok(None);
    }
    let told = |key: &str, e: String| Trouble::new(format!("telemetry.{key}: {e}"));
    let endpoint = telemetry.traces_endpoint.url().map_err(|e| told("traces_endpoint", e))?;
    let headers = telemetry.header_map().map_err(|e| told("headers", e))?;
    let instance = match telemetry.instance.trim() {
        "" => base::Id::new(&base::Clock::system(), &base::Rng::system()).to_string(),
        named => named.to_owned(),
    };
    let service = telemetry.service_name.trim().to_owned();
    let version = env!("CARGO_PKG_VERSION");
    Ok(Some(traces::Settings { endpoint, headers, ratio: telemetry.sample_ratio, service, instance, version }))
}

/// The sender of notices.
///
/// # Errors
/// [`Trouble`] when no contact is set.
pub(crate) fn sender(config: &Config, outbound: Outbound, rng: base::Rng) -> Result<push::Sender, Trouble> {
    let contact = config.push.contact.as_ref().ok_or_else(|| Trouble::new("push.contact is not set"))?;
    let contact = contact.as_str().parse().map_err(|e| Trouble::new(format!("push.contact: {e}")))?;
    Ok(push::Sender::new(outbound, contact, vendors(config), rng))
}

/// Judges a browser's subscription by the rules by which it is sent to later.
pub(crate) fn check_subscription(config: &Config, outbound: Outbound) -> CheckSubscription {
    let vendors = vendors(config);
    Arc::new(move |json| {
        let found = push::Subscription::parse(json, outbound.guard()).map_err(|e| e.to_string())?;
        if !vendors.allow(found.endpoint()) {
            return Err(push::NotASubscription::Vendor.to_string());
        }
        let endpoint = found.endpoint().reveal().to_owned().into();
        Ok(Checked { endpoint, service: found.endpoint().origin(), json: found.to_json() })
    })
}

const fn vendors(config: &Config) -> push::Vendors {
    match config.push.hosts {
        PushHosts::AnyPublicHost => push::Vendors::Any,
        PushHosts::VendorsOnly => push::Vendors::Known,
    }
}

/// The pages.
///
/// # Errors
/// [`Trouble`] when the file of places can't be read.
pub(crate) fn web(config: &Config, app: app::App, view: Arc<view::View>, dev: bool) -> Result<web::WebState, Trouble> {
    let links = &config.tenant;
    let header = config.mtls.header.as_deref().map(HeaderName::try_from).transpose();
    let settings = web::WebSettings {
        trusted_proxies: config.server.trusted_proxies.clone(),
        follow_traceparent: config.telemetry.follow_proxies && config.telemetry.is_on(),
        certificate_header: header.map_err(|e| Trouble::new(format!("mtls.header: {e}")))?,
        body_limit: usize::try_from(config.limits.body_kib).unwrap_or(64).saturating_mul(1024),
        forms_per_minute: config.limits.forms_per_minute,
        dev,
        geo: geo(config)?.map(Arc::new),
        links: view::Links {
            help: link(&links.help_url),
            privacy: link(&links.privacy_url),
            terms: link(&links.terms_url),
        },
    };
    Ok(web::WebState::new(app, view, settings))
}

/// The file of places, when there is one.
///
/// # Errors
/// [`Trouble`] when it can't be read.
pub(crate) fn geo(config: &Config) -> Result<Option<GeoReader>, Trouble> {
    let Some(path) = &config.geo.mmdb_file else { return Ok(None) };
    let trouble = |e: &dyn std::fmt::Display| Trouble::new(format!("geo.mmdb_file: {}: {e}", path.display()));
    let bytes = std::fs::read(path).map_err(|e| trouble(&e))?;
    GeoReader::open(bytes).map(Some).map_err(|e| trouble(&e))
}

/// How mail goes out.
///
/// # Errors
/// [`Trouble`] when no mail server or no sender is set.
pub(crate) fn mail(config: &Config) -> Result<MailSettings, Trouble> {
    let mail = &config.mail;
    let smtp = mail.smtp_url.as_ref().ok_or_else(|| Trouble::new("mail.smtp_url is not set"))?;
    let from = mail.from.as_ref().ok_or_else(|| Trouble::new("mail.from is not set"))?;
    Ok(MailSettings {
        smtp_url: smtp.reveal().to_owned(),
        from: from.as_str().to_owned(),
        reply_to: mail.reply_to.as_ref().map(|reply_to| reply_to.as_str().to_owned()),
    })
}

fn link(link: &Option<Link>) -> Option<String> {
    link.as_ref().map(|link| link.as_str().to_owned())
}

fn guesses(sign_in: &people::SignIn, tries: u32, consecutive: Option<u32>) -> Limit {
    Limit {
        tries,
        window: minutes(sign_in.failure_window_minutes),
        longest_lock: minutes(sign_in.longest_pause_minutes),
        consecutive,
    }
}

fn each<'a, T>(key: &str, texts: impl Iterator<Item = &'a str>) -> Result<Vec<T>, Trouble>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    texts.map(|text| text.parse().map_err(|e| Trouble::new(format!("{key}: {text}: {e}")))).collect()
}

fn read(path: &std::path::Path, key: &str) -> Result<String, Trouble> {
    std::fs::read_to_string(path).map_err(|e| Trouble::new(format!("{key}: {} can't be read: {e}", path.display())))
}

fn minutes(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 60)
}

fn hours(n: u32) -> Duration {
    Duration::from_secs(u64::from(n) * 3600)
}
