//! A browser as the server sees it: cookies, redirects, forms, and the headers that browsers send.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use futures_util::future::LocalBoxFuture;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;

/// The server under test, as a function.
pub type Server = Rc<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Reply>>;

/// Firefox on Linux.
pub const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
/// Chrome on Windows.
pub const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
/// Safari on an iPhone.
pub const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

/// Asserts that an endpoint of OAuth refused with this code (RFC 6749 §5.2).
#[track_caller]
pub fn refused(reply: &Reply, error: &str) {
    let found = (reply.status, reply.json()["error"].as_str().map(str::to_owned));
    assert_eq!(found, (StatusCode::BAD_REQUEST, Some(error.to_owned())), "{}", reply.body);
}

impl Reply {
    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        assert!(self.status.is_redirection(), "no redirect: {} {}", self.status, self.text());
        self.header("location")
    }

    /// A parameter of the redirect's URL.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let url =
            url::Url::parse(self.location()).or_else(|_| url::Url::parse("https://x.example")?.join(self.location()));
        url.unwrap().query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
    }

    /// Where a page leads on to by itself.
    pub fn onward(&self) -> Option<String> {
        let page = Html::parse_document(&self.body);
        let refresh = Selector::parse(r#"head > meta[http-equiv="refresh"]"#).unwrap();
        let content = page.select(&refresh).next()?.value().attr("content")?.to_owned();
        content.strip_prefix("0;url=").map(str::to_owned)
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    /// What a person reads.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.body);
        let main = Selector::parse("main").unwrap();
        let root = page.select(&main).next().unwrap_or_else(|| page.root_element());
        root.text().map(str::trim).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Asserts that a person reads this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        let text = self.text();
        assert!(text.contains(words), "the page does not say {words:?} ({}):\n{text}", self.status);
        self
    }

    /// The form of that action, or the first whose action contains the word, with the values that it carries.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let mut forms = self.forms(action);
        forms.sort_by_key(|form| form.action != action);
        let found = forms.into_iter().next();
        found.unwrap_or_else(|| {
            panic!("no form for {action:?} ({} {}):\n{}", self.status, self.header("location"), self.body)
        })
    }

    /// Every form whose action contains a word.
    pub fn forms(&self, action: &str) -> Vec<Form> {
        let page = Html::parse_document(&self.body);
        page.select(&Selector::parse("form").unwrap())
            .filter(|form| form.value().attr("action").unwrap_or_default().contains(action))
            .map(Form::read)
            .collect()
    }
}

/// A form of a page, filled in.
#[derive(Debug, Clone)]
pub struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn read(form: ElementRef<'_>) -> Self {
        let mut fields = Vec::new();
        for input in form.select(&Selector::parse("input[name], select[name], textarea[name]").unwrap()) {
            let value = input.value();
            let kind = value.attr("type").unwrap_or("text");
            let off = matches!(kind, "checkbox" | "radio") && value.attr("checked").is_none();
            if off || kind == "submit" {
                continue;
            }
            let chosen = match value.name() {
                "select" => input
                    .select(&Selector::parse("option[selected]").unwrap())
                    .next()
                    .and_then(|option| option.value().attr("value"))
                    .unwrap_or_default(),
                _ => value.attr("value").unwrap_or(if kind == "checkbox" { "on" } else { "" }),
            };
            fields.push((value.attr("name").unwrap_or_default().to_owned(), chosen.to_owned()));
        }
        // A click on its first button, unless the test names another.
        if let Some(button) = form.select(&Selector::parse("button[name]").unwrap()).next() {
            let part = |name| button.value().attr(name).unwrap_or_default().to_owned();
            fields.push((part("name"), part("value")));
        }
        Self { action: form.value().attr("action").unwrap_or_default().to_owned(), fields }
    }

    /// Types into a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// All fields, in order.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// What a field holds.
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

/// A browser with a jar of cookies of one origin.
#[derive(Clone)]
pub struct Browser {
    server: Server,
    origin: String,
    agent: &'static str,
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A fresh browser.
    pub fn new(server: Server, origin: &str, agent: &'static str) -> Self {
        let address = "203.0.113.7:4711".parse().unwrap();
        Self { server, origin: origin.to_owned(), agent, address, cookies: BTreeMap::new() }
    }

    /// From another address.
    #[must_use]
    pub fn from_address(mut self, ip: &str) -> Self {
        self.address = format!("{ip}:4711").parse().unwrap();
        self
    }

    /// Goes on with another server of the same address: the same one with other settings.
    pub fn moves_to(&mut self, server: &Server) {
        self.server = Rc::clone(server);
    }

    /// The jar.
    pub fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.cookies
    }

    /// Goes to an address of the server, as a click does; redirects are not followed.
    pub async fn get(&mut self, path: &str) -> Reply {
        let request = self.request(Method::GET, path).insert_header(("sec-fetch-mode", "navigate"));
        self.send(request).await
    }

    /// Goes to an address and follows redirects within the server.
    pub async fn open(&mut self, path: &str) -> Reply {
        let reply = self.get(path).await;
        self.follow(reply).await
    }

    /// Follows redirects until a page, or until one leads away from the server.
    pub async fn follow(&mut self, mut reply: Reply) -> Reply {
        for _ in 0..12 {
            let next = match reply.onward() {
                Some(next) => next,
                None if reply.status.is_redirection() => reply.location().to_owned(),
                None => return reply,
            };
            if self.leads_away(&next) {
                return reply;
            }
            reply = self.get(&next).await;
        }
        panic!("redirects without end, the last: {}", reply.body);
    }

    /// Sends a form; redirects are not followed.
    pub async fn submit(&mut self, form: Form) -> Reply {
        self.post(&form.action.clone(), &form.fields).await
    }

    /// Sends a form and follows redirects within the server.
    pub async fn submit_and_follow(&mut self, form: Form) -> Reply {
        let reply = self.submit(form).await;
        self.follow(reply).await
    }

    /// Posts fields as a form of our own page.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Reply {
        let request = self.request(Method::POST, path).set_form(fields);
        self.send(self.same_origin(request)).await
    }

    /// Posts JSON as a script of our own page.
    pub async fn json(&mut self, method: Method, path: &str, body: &serde_json::Value) -> Reply {
        let request = self.request(method, path).set_json(body);
        self.send(self.same_origin(request)).await
    }

    /// A request with this browser's cookies and nothing that says where it came from.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let host = self.origin.split("://").nth(1).unwrap_or_default().to_owned();
        let mut request = TestRequest::with_uri(path)
            .method(method)
            .peer_addr(self.address)
            .insert_header(("host", host))
            .insert_header(("user-agent", self.agent))
            .insert_header(("accept-language", "en"));
        if !self.cookies.is_empty() {
            let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.insert_header(("cookie", jar.join("; ")));
        }
        request
    }

    /// Marks a request as one of our own page.
    pub fn same_origin(&self, request: TestRequest) -> TestRequest {
        request.insert_header(("origin", self.origin.clone())).insert_header(("sec-fetch-site", "same-origin"))
    }

    /// Sends a request as it is and keeps the cookies of the answer.
    pub async fn send(&mut self, request: TestRequest) -> Reply {
        let reply = (self.server)(request).await;
        self.keep_cookies_of(&reply);
        reply
    }

    /// Keeps the cookies of an answer, and drops those that it ends.
    pub fn keep_cookies_of(&mut self, reply: &Reply) {
        for (_, cookie) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(cookie);
        }
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or_default();
        if value.is_empty() || cookie.to_ascii_lowercase().contains("max-age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn leads_away(&self, location: &str) -> bool {
        !location.starts_with('/') && !location.starts_with(&format!("{}/", self.origin))
    }
}
