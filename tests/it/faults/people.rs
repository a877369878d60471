//! People who change their name, sign in and out, and whose apps exchange codes and refresh tokens, until the server is gone.

use super::journal::{Act, Got, Jar, Journal};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use testkit::browser::{Browser, FIREFOX, Reply};
use testkit::people::{App, PASSWORD, redemption};
use testkit::plain;

/// More sessions and families than these nobody keeps.
pub(super) const ENOUGH: usize = 6;

/// What is known of somebody: what was acknowledged, and the one thing of which nobody knows whether it was done.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) number: usize,
    pub(super) email: String,
    pub(super) name: String,
    /// The cookies of the browser in which all of it happens.
    pub(super) browser: Jar,
    /// Sessions beside that one.
    pub(super) sessions: BTreeMap<u64, Jar>,
    /// Sessions that ended.
    pub(super) ended: Vec<Jar>,
    /// Refresh tokens by family.
    pub(super) families: BTreeMap<u64, Family>,
}

/// A family of refresh tokens.
#[derive(Debug, Clone)]
pub(super) struct Family {
    pub(super) code: String,
    pub(super) token: String,
    /// Whether its code was exchanged since the last fault.
    pub(super) is_new: bool,
}

/// Where they find the server, and their app.
#[derive(Clone)]
pub(super) struct Town {
    pub(super) origin: Rc<RefCell<String>>,
    pub(super) app: App,
    pub(super) journal: Rc<RefCell<Journal>>,
    pub(super) over: Rc<Cell<bool>>,
    /// How much was begun: no name and no number comes twice.
    pub(super) begun: Rc<Cell<u64>>,
    /// How much was acknowledged.
    pub(super) acts: Rc<Cell<u64>>,
    /// What made people stop: how a connection broke off, or what a server in trouble answered.
    pub(super) troubles: Rc<RefCell<Vec<String>>>,
}

/// How a server says that the trouble will pass.
pub(super) const COME_AGAIN: &str = "503, and when to come again";

/// Why something came to no answer.
type Broken = std::io::Error;

/// A number below `most`, differently each time.
pub(super) fn dice(most: u64) -> u64 {
    RandomState::new().hash_one(0) % most
}

impl Town {
    async fn send(&self, request: TestRequest) -> Result<Reply, Broken> {
        let origin = self.origin.borrow().clone();
        let answer = plain::send(&origin, request).await?;
        match answer.status.is_server_error() {
            true if answer.status == 503 && !answer.header("retry-after").is_empty() => Err(Broken::other(COME_AGAIN)),
            true => Err(Broken::other(format!("{} {}", answer.status, answer.body))),
            false => Ok(answer),
        }
    }

    /// A browser with these cookies. It makes requests; they are sent from here, where an answer may fail to come.
    fn browser(&self, jar: &Jar) -> Browser {
        let nobody = Rc::new(|_: TestRequest| -> futures_util::future::LocalBoxFuture<'static, Reply> {
            unreachable!("requests are sent by the town")
        });
        let mut browser = Browser::new(nobody, &self.origin.borrow(), FIREFOX);
        *browser.cookies() = jar.clone();
        browser
    }

    fn keep(&self, jar: &mut Jar, answer: &Reply) {
        let mut browser = self.browser(jar);
        browser.keep_cookies_of(answer);
        jar.clone_from(browser.cookies());
    }

    /// Goes to a page.
    pub(super) async fn get(&self, jar: &Jar, path: &str) -> Result<Reply, Broken> {
        let request = self.browser(jar).request(Method::GET, path).insert_header(("sec-fetch-mode", "navigate"));
        self.send(request).await
    }

    async fn post(&self, jar: &Jar, path: &str, fields: &[(&str, &str)]) -> Result<Reply, Broken> {
        let browser = self.browser(jar);
        let request = browser.same_origin(browser.request(Method::POST, path).set_form(fields));
        self.send(request).await
    }

    /// Calls an endpoint as the app.
    pub(super) async fn call(&self, path: &str, form: &[(&str, &str)]) -> Result<Reply, Broken> {
        let secret = self.app.secret.as_deref().unwrap_or_default();
        let credentials = STANDARD.encode(format!("{}:{secret}", self.app.client_id));
        let request = TestRequest::with_uri(path).method(Method::POST).set_form(form);
        self.send(request.insert_header(("authorization", format!("Basic {credentials}")))).await
    }

    /// Asks with an access token who its person is.
    pub(super) async fn userinfo(&self, token: &str) -> Result<Reply, Broken> {
        let request = TestRequest::with_uri("/oauth/userinfo");
        self.send(request.insert_header(("authorization", format!("Bearer {token}")))).await
    }

    /// A code for the app.
    pub(super) async fn code(&self, person: &Person) -> Result<String, Broken> {
        let answer = self.get(&person.browser, &self.app.request(&[])).await?;
        Ok(answer.parameter("code").unwrap_or_else(|| panic!("no code: {} {}", answer.status, answer.location())))
    }

    pub(super) async fn redeem(&self, code: &str) -> Result<Reply, Broken> {
        self.call("/oauth/token", &redemption(code)).await
    }

    pub(super) async fn refresh(&self, token: &str) -> Result<Reply, Broken> {
        self.call("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Signs in with the password. `None` where the answer is no session.
    pub(super) async fn sign_in(&self, person: &Person) -> Result<Option<Jar>, Broken> {
        let (jar, page) = self.begin_sign_in(person).await?;
        self.give_password(person, jar, &page).await
    }

    /// Goes as far as the page that asks for the password: a flow has begun.
    pub(super) async fn begin_sign_in(&self, person: &Person) -> Result<(Jar, Reply), Broken> {
        let mut jar = person.browser.clone();
        jar.remove("wb_session");
        let page = self.get(&jar, "/login").await?;
        self.keep(&mut jar, &page);
        let page = match page.status.is_redirection() {
            true => self.get(&jar, page.location()).await?,
            false => page,
        };
        Ok((jar, page))
    }

    /// Answers that page.
    pub(super) async fn give_password(
        &self,
        person: &Person,
        mut jar: Jar,
        page: &Reply,
    ) -> Result<Option<Jar>, Broken> {
        let form = page.form("/login").with("username", &person.email).with("password", PASSWORD);
        let fields: Vec<(&str, &str)> = form.fields().iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = self.post(&jar, "/login", &fields).await?;
        self.keep(&mut jar, &answer);
        Ok(jar.contains_key("wb_session").then_some(jar))
    }

    /// Does one thing after the other until one of them comes to no answer, or to that of a server in trouble; at the latest until
    /// the fault is over.
    pub(super) async fn live(&self, mut person: Person) {
        while !self.over.get() {
            if let Err(trouble) = self.one_act(&mut person).await {
                self.troubles.borrow_mut().push(trouble.to_string());
                break;
            }
        }
    }

    async fn one_act(&self, person: &mut Person) -> Result<(), Broken> {
        let next = self.begun.get() + 1;
        self.begun.set(next);
        let intends = |act: Act| self.journal.borrow_mut().intends(person.number, act);
        let (number, got) = match dice(10) {
            0 | 1 => {
                let name = format!("{} {}", person.email.split('@').next().unwrap_or_default(), next);
                let number = intends(Act::Name(name.clone()));
                let answer = self.post(&person.browser, "/account/profile", &[("name", &name)]).await?;
                assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.body);
                (number, Got::default())
            }
            2 if person.sessions.len() < ENOUGH => {
                let number = intends(Act::SignIn(next));
                let Some(cookies) = self.sign_in(person).await? else { panic!("no session for {}", person.email) };
                person.sessions.insert(next, cookies.clone());
                (number, Got { cookies, ..Got::default() })
            }
            2 | 3 => {
                let Some((session, jar)) = person.sessions.pop_first() else { return Ok(()) };
                let number = intends(Act::SignOut(session));
                let answer = self.post(&jar, "/logout", &[]).await?;
                assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.body);
                (number, Got::default())
            }
            4 | 5 => {
                if person.families.len() >= ENOUGH {
                    // The app forgets the oldest.
                    person.families.pop_first();
                }
                let code = self.code(person).await?;
                let number = intends(Act::Redeem { family: next, code: code.clone() });
                let answer = self.redeem(&code).await?;
                let token = token_of(&answer);
                let family = Family { code, token: token.clone(), is_new: true };
                person.families.insert(next, family);
                (number, Got { refresh_token: token, ..Got::default() })
            }
            _ => {
                let Some(at) = dice(u64::try_from(person.families.len()).unwrap_or(0).max(1)).try_into().ok() else {
                    return Ok(());
                };
                let Some((family, known)) = person.families.iter_mut().nth(at) else { return Ok(()) };
                let number = self.journal.borrow_mut().intends(person.number, Act::Refresh(*family));
                known.token = token_of(&self.refresh(&known.token).await?);
                (number, Got { refresh_token: known.token.clone(), ..Got::default() })
            }
        };
        self.journal.borrow_mut().acknowledged(number, got);
        self.acts.set(self.acts.get() + 1);
        Ok(())
    }
}

/// The refresh token of an answer.
#[track_caller]
pub(super) fn token_of(answer: &Reply) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["refresh_token"].as_str().unwrap().to_owned()
}
