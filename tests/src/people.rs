//! What people and apps do, told in one line each.

use crate::browser::{Browser, FIREFOX, Reply, Server};
use crate::house::House;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use oauth::client::{Client, ClientAuthMethod};
use std::collections::BTreeMap;

/// A password that passes.
pub const PASSWORD: &str = "staple gun orchestra nine";
/// Another.
pub const NEW_PASSWORD: &str = "umbrella quartz 77 violin";

/// Where the app of the stories gets its answers.
pub const CALLBACK: &str = "https://shop.acme.test/callback";
/// The verifier of the stories' PKCE.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Registers in this browser and confirms the address: signed in afterwards.
pub async fn register(house: &House, browser: &mut Browser, email: &str) -> Reply {
    let page = browser.open("/login").await;
    let page = browser.open(&link(&page, "/register")).await;
    let form = page.form("/register").with("username", email).with("name", "Jane Doe").with("password", PASSWORD);
    browser.submit_and_follow(form).await.says(email);
    let letter = house.post.take(email, "").await;
    let page = browser.open(&letter.link("/confirm")).await;
    browser.submit_and_follow(page.form("/confirm")).await
}

/// Signs in at `/login`.
pub async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Reply {
    let page = browser.open("/login").await;
    let form = page.form("/login").with("username", email).with("password", password);
    browser.submit_and_follow(form).await
}

/// A new account, and the browser in which it was made.
pub async fn jane(house: &House) -> Browser {
    let mut browser = house.browser(FIREFOX);
    register(house, &mut browser, "jane@example.com").await;
    browser
}

/// The address of the first link of a page that contains a word.
#[track_caller]
pub fn link(page: &Reply, word: &str) -> String {
    let document = scraper::Html::parse_document(&page.body);
    let links = scraper::Selector::parse("a[href]").unwrap();
    let found = document.select(&links).filter_map(|a| a.value().attr("href")).find(|href| href.contains(word));
    found.unwrap_or_else(|| panic!("no link with {word:?} in:\n{}", page.body)).to_owned()
}

/// An app: a client of the house, and the calls of its server.
#[derive(Clone)]
pub struct App {
    /// The client's id.
    pub client_id: String,
    /// Its secret, if it has one.
    pub secret: Option<String>,
}

/// The form that exchanges a code of the stories' app (RFC 6749 §4.1.3).
pub fn redemption(code: &str) -> [(&str, &str); 4] {
    [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)]
}

impl App {
    /// Registers an app that people are not asked about.
    pub async fn first_party(house: &House) -> Self {
        let mut client = template("shop", ClientAuthMethod::SecretBasic);
        client.first_party = true;
        Self::add(house, client).await
    }

    /// Registers an ordinary app.
    pub async fn ordinary(house: &House) -> Self {
        Self::add(house, template("shop", ClientAuthMethod::SecretBasic)).await
    }

    /// Registers a client as it is described.
    pub async fn add(house: &House, client: Client) -> Self {
        let client_id = client.client_id.clone();
        let added = house.here().add_client(client).await.unwrap_or_else(|e| panic!("{e:?}"));
        Self { client_id, secret: added.secret.map(|secret| secret.reveal()) }
    }

    /// The path of an authorization request, with more parameters, which take the place of the usual ones.
    pub fn request(&self, more: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let mut parameters = BTreeMap::from([
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email offline_access"),
            ("state", "af0ifjsldkj"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ]);
        parameters.extend(more.iter().copied());
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters.into_iter().filter(|(_, value)| !value.is_empty()));
        format!("/oauth/authorize?{}", query.finish())
    }

    /// The authorization code of a signed-in browser.
    pub async fn code(&self, browser: &mut Browser) -> String {
        let reply = browser.open(&self.request(&[])).await;
        reply.parameter("code").unwrap_or_else(|| panic!("no code: {} {}", reply.status, reply.location()))
    }

    /// Exchanges a code.
    pub async fn redeem(&self, house: &House, code: &str) -> Reply {
        let form = redemption(code);
        self.call(house, "/oauth/token", &form).await
    }

    /// Exchanges a refresh token.
    pub async fn refresh(&self, house: &House, token: &str) -> Reply {
        self.call(house, "/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The tokens of a signed-in browser.
    pub async fn tokens(&self, house: &House, browser: &mut Browser) -> serde_json::Value {
        let code = self.code(browser).await;
        let reply = self.redeem(house, &code).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    }

    /// Whether a token is worth anything.
    pub async fn is_active(&self, house: &House, token: &str) -> bool {
        self.call(house, "/oauth/introspect", &[("token", token)]).await.json()["active"].as_bool().unwrap()
    }

    /// Calls an endpoint with the client's credentials.
    pub async fn call(&self, house: &House, path: &str, form: &[(&str, &str)]) -> Reply {
        self.call_at(house.server(), path, form).await
    }

    /// The same at a node.
    pub async fn call_at(&self, server: &Server, path: &str, form: &[(&str, &str)]) -> Reply {
        let mut request = TestRequest::with_uri(path).method(Method::POST).set_form(form);
        if let Some(secret) = &self.secret {
            let credentials = STANDARD.encode(format!("{}:{secret}", self.client_id));
            request = request.insert_header(("authorization", format!("Basic {credentials}")));
        }
        server(request.insert_header(("host", "id.acme.test"))).await
    }
}

/// A client to describe further.
pub fn template(client_id: &str, method: ClientAuthMethod) -> Client {
    let id = base::Id::from_bytes([0; 16]);
    let mut client = Client::new(id, client_id, "Acme Shop", method, crate::house::START);
    client.redirect_uris = vec![CALLBACK.parse().unwrap()];
    client.post_logout_redirect_uris = vec!["https://shop.acme.test/bye".parse().unwrap()];
    client
}

/// The claims of a JWT, unverified.
pub fn claims(token: &str) -> serde_json::Value {
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

/// Asks userinfo with an access token.
pub async fn userinfo(house: &House, access_token: &str) -> Reply {
    let bearer = format!("Bearer {access_token}");
    house.call(TestRequest::get().uri("/oauth/userinfo").insert_header(("authorization", bearer))).await
}

/// Says yes to a change that waits, with the code of the mail to Jane, in the browser that asked. What is done at once
/// is let through.
pub async fn say_yes(house: &House, browser: &mut Browser, reply: Reply) -> Reply {
    let page = browser.follow(reply).await;
    let Some(form) = page.forms("/code").into_iter().next() else { return page };
    let code = house.post.take("jane@example.com", "Confirm").await.code().unwrap_or_default();
    browser.submit_and_follow(form.with("code", &code)).await
}
