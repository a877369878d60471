//! Who performs a scenario: a connection with cookies and variables.

use crate::product::{Find, Product, Scenario, Step, Variables};
use crate::wire::{Answer, Connection};
use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// The longest chain of redirects.
const REDIRECTS: usize = 8;

/// The server has too much to do, and says when to come again.
#[derive(Debug)]
pub(crate) struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused: too busy")
    }
}

impl std::error::Error for Refused {}

/// A browser, or an app's server.
pub(crate) struct Browser<'a> {
    product: &'a Product,
    host: &'a str,
    connection: Connection,
    cookies: BTreeMap<String, String>,
    variables: Variables,
    /// How long the last answer took.
    pub(crate) last: Duration,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(product: &'a Product) -> Result<Self> {
        let connection = Connection::new(product.address.parse().with_context(|| product.address.clone())?);
        let host = product.host.as_deref().unwrap_or(&product.address);
        let variables = product.vars.clone().into_iter().collect();
        Ok(Self { product, host, connection, cookies: BTreeMap::new(), variables, last: Duration::ZERO })
    }

    /// Performs a scenario once.
    pub(crate) async fn perform(&mut self, scenario: &Scenario) -> Result<()> {
        if scenario.fresh_cookies {
            self.cookies.clear();
        }
        self.draw()?;
        for step in &scenario.steps {
            self.step(step).await.with_context(|| step.name.clone())?;
        }
        Ok(())
    }

    /// Draws what is new each time: the person, the network address (of those for documentation, RFC 3849), state, nonce and verifier.
    fn draw(&mut self) -> Result<()> {
        let users = &self.product.users;
        let drawn = u32::from_le_bytes(random::<4>()?) % users.count;
        self.set("n", drawn.to_string());
        self.set("user", users.login.fill(&self.variables)?);
        self.set("password", users.password.fill(&self.variables)?);
        let [a, b, c, d] = random::<4>()?;
        self.set("address", format!("2001:db8:{a:x}{b:02x}:{c:x}{d:02x}::1"));
        let verifier = URL_SAFE_NO_PAD.encode(random::<32>()?);
        self.set("pkce_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)));
        self.set("pkce_verifier", verifier);
        self.set("state", URL_SAFE_NO_PAD.encode(random::<12>()?));
        self.set("nonce", URL_SAFE_NO_PAD.encode(random::<12>()?));
        Ok(())
    }

    /// What a scenario has saved.
    pub(crate) fn saved(&self, name: &str) -> Result<String> {
        self.variables.get(name).cloned().with_context(|| format!("there is no variable {name}"))
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.variables.insert(name.to_owned(), value);
    }

    async fn step(&mut self, step: &Step) -> Result<()> {
        let mut target = step.path.fill(&self.variables)?;
        for (n, (name, value)) in step.query.iter().enumerate() {
            target.push(if n == 0 { '?' } else { '&' });
            pair(&mut target, name, &value.fill(&self.variables)?);
        }
        let mut headers = String::new();
        for (name, value) in &self.product.headers {
            let _ = write!(headers, "{name}: {value}\r\n");
        }
        let mut own = String::new();
        for (name, value) in &step.headers {
            let _ = write!(own, "{name}: {}\r\n", value.fill(&self.variables)?);
        }
        if let Some((id, secret)) = &step.basic {
            let both = format!("{}:{}", id.fill(&self.variables)?, secret.fill(&self.variables)?);
            let _ = write!(own, "authorization: Basic {}\r\n", STANDARD.encode(both));
        }
        if let Some(token) = &step.bearer {
            let _ = write!(own, "authorization: Bearer {}\r\n", token.fill(&self.variables)?);
        }
        let mut body = None;
        if let Some(form) = &step.form {
            let mut text = String::new();
            for (n, (name, value)) in form.iter().enumerate() {
                if n > 0 {
                    text.push('&');
                }
                pair(&mut text, name, &value.fill(&self.variables)?);
            }
            body = Some(text);
        }
        let until = step.follow_until.as_ref().map(|until| until.fill(&self.variables)).transpose()?;
        let mut answer = self.send(&step.method, &target, &format!("{headers}{own}"), body.as_deref()).await?;
        for _ in 0..REDIRECTS {
            let next = answer.header("location").filter(|_| answer.status == 303 || answer.status == 302);
            let (Some(next), Some(until)) = (next, &until) else { break };
            if next.starts_with(until.as_str()) {
                break;
            }
            let next = next.to_owned();
            answer = self.send("GET", &next, &headers, None).await?;
        }
        self.check(step, &answer)
    }

    async fn send(&mut self, method: &str, target: &str, headers: &str, body: Option<&str>) -> Result<Answer> {
        let mut request = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n{headers}", self.host);
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let _ = write!(request, "cookie: {}\r\n", cookies.join("; "));
        }
        if let Some(body) = body {
            let kind = "application/x-www-form-urlencoded";
            let _ = write!(request, "content-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        } else {
            request.push_str("\r\n");
        }
        let begun = Instant::now();
        let answer = self.connection.send(request.as_bytes()).await?;
        self.last = begun.elapsed();
        for (name, value) in &answer.headers {
            if name.eq_ignore_ascii_case("set-cookie") {
                self.keep(value);
            }
        }
        Ok(answer)
    }

    fn keep(&mut self, cookie: &str) {
        let Some((name, value)) = cookie.split(';').next().unwrap_or_default().split_once('=') else { return };
        if value.is_empty() || cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn check(&mut self, step: &Step, answer: &Answer) -> Result<()> {
        if answer.status == 503 && answer.header("retry-after").is_some() {
            return Err(Refused.into());
        }
        let said = || answer.text().chars().take(300).collect::<String>();
        if answer.status != step.status {
            bail!("status {} instead of {}: {:?} {}", answer.status, step.status, answer.header("location"), said());
        }
        if let Some(wanted) = &step.expect
            && !answer.body.windows(wanted.len()).any(|found| found == wanted.as_bytes())
        {
            bail!("{wanted} is missing: {}", said());
        }
        for (name, find) in &step.save {
            let value = found(find, answer).with_context(|| format!("{name} is missing: {}", said()))?;
            self.set(name, value);
        }
        Ok(())
    }
}

fn found(find: &Find, answer: &Answer) -> Option<String> {
    match find {
        Find::Json(pointer) => {
            let json: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
            json.pointer(pointer)?.as_str().map(str::to_owned)
        }
        Find::Between(before, after) => {
            let text = answer.text();
            let (_, rest) = text.split_once(before.as_str())?;
            rest.split_once(after.as_str()).map(|(value, _)| value.to_owned())
        }
        Find::LocationQuery(name) => {
            let (_, query) = answer.header("location")?.split_once('?')?;
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            // Codes and tokens need no escapes.
            pairs.filter(|(found, _)| found == name).map(|(_, value)| value.to_owned()).next()
        }
    }
}

fn pair(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push('=');
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes)
}
