//! Settings about traces (OpenTelemetry), which go to a collector of the operator's.

use super::Config;
use super::value::{Private, as_text};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use url::Url;

/// Traces, for a collector.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Telemetry {
    /// The whole address of your collector for traces, OTLP over HTTP, as in `http://127.0.0.1:4318/v1/traces`. It may be inside your own
    /// network. Empty: nothing is traced.
    pub traces_endpoint: Endpoint,
    /// What a hosted collector wants to see, such as its key: `name=value`, several with commas between; in a value, `%20` is a space and
    /// `%2C` a comma.
    pub headers: Option<Private>,
    /// Which part of the traces that begin here is kept, from 0 to 1.
    pub sample_ratio: f64,
    /// Whether a `traceparent` from one of `server.trusted_proxies` is followed. Only where that proxy begins traces itself, or takes away
    /// what visitors send: most pass it on as it came.
    pub follow_proxies: bool,
    /// The name of this service at the collector.
    pub service_name: String,
    /// The name of this node at the collector. Empty: a new one for each start.
    pub instance: String,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            traces_endpoint: Endpoint(String::new()),
            headers: None,
            sample_ratio: 1.0,
            follow_proxies: false,
            service_name: "watchbell".to_owned(),
            instance: String::new(),
        }
    }
}

impl Telemetry {
    /// Whether anything is traced.
    pub(crate) fn is_on(&self) -> bool {
        !self.traces_endpoint.0.is_empty()
    }

    /// The headers, each marked as sensitive.
    ///
    /// # Errors
    /// A sentence that says how to write them, and shows none of them.
    pub(crate) fn header_map(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        let text = self.headers.as_ref().map(Private::reveal).unwrap_or_default();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = read(pair).ok_or("expected name=value, several with commas between")?;
            headers.append(name, value);
        }
        Ok(headers)
    }
}

fn read(pair: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = pair.split_once('=')?;
    let bytes: Vec<u8> = percent_decode_str(value.trim()).collect();
    let mut value = HeaderValue::from_bytes(&bytes).ok()?;
    value.set_sensitive(true);
    Some((name.trim().parse().ok()?, value))
}

/// The rules that do not hold, each with its key.
pub(super) fn broken(config: &Config) -> Vec<(&'static str, String)> {
    let telemetry = &config.telemetry;
    let mut found = Vec::new();
    if telemetry.follow_proxies && config.server.trusted_proxies.is_empty() {
        let what = "nobody would be followed: name your proxy's network in server.trusted_proxies";
        found.push(("telemetry.follow_proxies", what.to_owned()));
    }
    if let Err(why) = telemetry.header_map() {
        found.push(("telemetry.headers", why));
    }
    if !(0.0..=1.0).contains(&telemetry.sample_ratio) {
        found.push(("telemetry.sample_ratio", "expected 0 to 1, as in 0.1 for every tenth trace".to_owned()));
    }
    if telemetry.service_name.trim().is_empty() {
        found.push(("telemetry.service_name", "expected a name".to_owned()));
    }
    found
}

/// A collector's address, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Endpoint(String);

as_text!(Endpoint);

impl Endpoint {
    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, parsed.
    ///
    /// # Errors
    /// A sentence when there is none.
    pub(crate) fn url(&self) -> Result<Url, String> {
        self.0.parse().map_err(|e| format!("{}: {e}", self.0))
    }

    /// Whether what is sent there could be read on its way.
    pub(crate) fn is_in_the_clear(&self) -> bool {
        let near = |url: &Url| url.host().is_some_and(|host| base::origin::is_loopback(&host));
        self.url().is_ok_and(|url| url.scheme() != "https" && !near(&url))
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self(String::new()));
        }
        let form = "not the address of a collector: write it whole, like http://127.0.0.1:4318/v1/traces";
        let url = Url::parse(text).map_err(|_| form.to_owned())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || url.fragment().is_some() {
            return Err(form.to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "the address carries a user name or password: write them as a header in telemetry.headers".to_owned()
            );
        }
        if url.path() == "/" {
            return Err(format!(
                "{text} has no path: most collectors take traces at {}/v1/traces",
                text.trim_end_matches('/')
            ));
        }
        Ok(Self(url.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::super::production::insecure;
    use super::*;

    fn with(headers: &str) -> Telemetry {
        Telemetry { headers: Some(Private::new(headers)), ..Telemetry::default() }
    }

    #[test]
    fn an_endpoint_is_a_whole_address_or_nothing() {
        assert_eq!("".parse::<Endpoint>().unwrap().as_str(), "");
        let inside: Endpoint = "http://collector:4318/v1/traces".parse().unwrap();
        assert!(inside.is_in_the_clear() && inside.url().is_ok());
        assert!(!"http://127.0.0.1:4318/v1/traces".parse::<Endpoint>().unwrap().is_in_the_clear());
        assert!(!"https://otlp.example.com/v1/traces".parse::<Endpoint>().unwrap().is_in_the_clear());
        let why = |text: &str| text.parse::<Endpoint>().unwrap_err();
        assert!(why("http://collector:4318").contains("http://collector:4318/v1/traces"));
        assert!(why("http://a:b@collector/v1/traces").contains("telemetry.headers"));
        for bad in ["collector:4318", "grpc://collector:4317/x", "collector", "https:///v1/traces#x"] {
            assert!(why(bad).contains("write it whole"), "{bad}");
        }
    }

    #[test]
    fn headers_are_read_as_the_standard_writes_them_and_never_shown() {
        let headers = with("authorization=Basic%20aGk6aG8=, x-tenant = acme").header_map().unwrap();
        assert_eq!(
            (&headers["authorization"], &headers["x-tenant"]),
            (&"Basic aGk6aG8=".parse().unwrap(), &"acme".parse().unwrap())
        );
        assert!(!format!("{headers:?} {:?}", with("authorization=hunter2")).contains("hunter2"));
        for bad in ["hunter2", "a b=hunter2", "x=hunter%0A2"] {
            let why = with(bad).header_map().unwrap_err();
            assert!(why.contains("name=value") && !why.contains("hunter"), "{bad}: {why}");
        }
        assert!(Telemetry::default().header_map().unwrap().is_empty());
    }

    #[test]
    fn what_does_not_fit_together_is_told_by_its_key() {
        let keys = |change: &dyn Fn(&mut Config)| -> Vec<&str> {
            let mut config = Config::default();
            change(&mut config);
            broken(&config).into_iter().map(|(key, _)| key).collect()
        };
        assert!(keys(&|_| {}).is_empty());
        assert_eq!(keys(&|c| c.telemetry.sample_ratio = 1.5), ["telemetry.sample_ratio"]);
        assert_eq!(keys(&|c| c.telemetry.sample_ratio = f64::NAN), ["telemetry.sample_ratio"]);
        assert_eq!(keys(&|c| c.telemetry.service_name = " ".to_owned()), ["telemetry.service_name"]);
        assert_eq!(keys(&|c| c.telemetry.headers = Some(Private::new("x"))), ["telemetry.headers"]);
        assert_eq!(keys(&|c| c.telemetry.follow_proxies = true), ["telemetry.follow_proxies"]);
    }

    #[test]
    fn serve_lets_no_key_of_a_collector_travel_in_the_clear() {
        let read = |endpoint: &str| {
            let set = |name: &str, value: &str| (format!("WATCHBELL_TELEMETRY__{name}"), value.to_owned());
            let environment = [set("TRACES_ENDPOINT", endpoint), set("HEADERS", "x-key=1"), set("SAMPLE_RATIO", "0")];
            load(&Config::default(), None, &environment).unwrap()
        };
        let found = |endpoint: &str| {
            let found = insecure(&read(endpoint), None);
            found.iter().map(ToString::to_string).filter(|line| line.contains("telemetry.")).collect::<Vec<_>>()
        };
        let told = found("http://collector:4318/v1/traces");
        assert!(told.len() == 1 && told[0].contains("in the clear"), "{told:?}");
        assert!(found("https://collector:4318/v1/traces").is_empty() && found("").is_empty());
        assert!(found("http://127.0.0.1:4318/v1/traces").is_empty());
    }
}
