//! Other providers: on the sign-in page, on the way to an account, and among the ways to sign in.

use super::{DAY, HOUR, Sample, ago};
use crate::pages::PasswordRules;
use crate::pages::account::SignIn;
use crate::pages::join::JoinProblem;
use crate::pages::keys::Keys;
use crate::pages::login::{Login, LoginProblem};
use crate::pages::second_factor::{AppSection, CodesSection};
use crate::pages::upstream::{
    ConnectUpstream, JoinUpstream, LinkWay, LinkedAccount, OtherAccounts, PendingAccount, ProviderButton, UpstreamNote,
    UpstreamProblem,
};
use base::routes;

const FLOW: &str = "01999b7e-0000-7000-8000-000000000001";
const EMAIL: &str = "jane@example.com";

fn providers() -> Vec<ProviderButton> {
    let one = |key: &str, name: &str| ProviderButton { key: key.to_owned(), name: name.to_owned() };
    vec![one("google", "Google"), one("github", "GitHub"), one("my-company", "Müller & Söhne")]
}

fn pending(who: Option<&str>, account: Option<&str>, can_join: bool) -> PendingAccount {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let way = LinkWay::SignIn;
    PendingAccount { provider: "GitHub".to_owned(), who: text(who), account: text(account), can_join, way }
}

fn note(why: UpstreamProblem) -> UpstreamNote {
    UpstreamNote { why, provider: "GitHub".to_owned() }
}

pub(super) fn pages() -> Vec<Sample> {
    let login = Login {
        flow: FLOW.to_owned(),
        app: Some("Acme Shop".to_owned()),
        username: String::new(),
        again: false,
        can_register: true,
        password: true,
        passkey: true,
        mail_code: false,
        providers: providers(),
        pending: None,
        problem: None,
    };
    let waiting = |pending| Login { pending: Some(pending), ..login.clone() };
    let mut samples = vec![
        Sample::new("login-providers", routes::LOGIN, login.clone()),
        Sample::new("login-providers-alone", routes::LOGIN, Login { password: false, passkey: false, ..login.clone() }),
        Sample::new("login-pending-account", routes::LOGIN, waiting(pending(Some(EMAIL), Some(EMAIL), false))),
        Sample::new("login-pending-who", routes::LOGIN, waiting(pending(Some("octocat"), None, true))),
        Sample::new("login-pending", routes::LOGIN, waiting(pending(None, None, false))),
        Sample::new(
            "login-providers-by-mail",
            routes::LOGIN,
            Login { password: false, passkey: false, mail_code: true, ..login.clone() },
        ),
    ];
    let nothing_else = Login { password: false, passkey: false, can_register: false, ..login.clone() };
    for (name, account, way) in [
        ("login-pending-elsewhere-account", Some(EMAIL), LinkWay::Elsewhere),
        ("login-pending-ask-account", Some(EMAIL), LinkWay::Ask),
        ("login-pending-elsewhere", None, LinkWay::Elsewhere),
    ] {
        let pending = Some(PendingAccount { way, ..pending(account, account, false) });
        samples.push(Sample::new(name, routes::LOGIN, Login { pending, ..nothing_else.clone() }));
    }
    for why in UpstreamProblem::ALL {
        let problem = Some(LoginProblem::Upstream(note(why)));
        samples.push(Sample::new("login-upstream-problem", routes::LOGIN, Login { problem, ..login.clone() }));
    }
    samples.extend(join());
    samples.extend(account());
    samples
}

fn join() -> Vec<Sample> {
    let page = JoinUpstream {
        flow: FLOW.to_owned(),
        app: Some("Acme Shop".to_owned()),
        pending: pending(Some("octocat"), None, true),
        username: EMAIL.to_owned(),
        name: "Jane Doe".to_owned(),
        problem: None,
    };
    let connect = ConnectUpstream {
        flow: FLOW.to_owned(),
        app: Some("Acme Shop".to_owned()),
        email: EMAIL.to_owned(),
        pending: pending(Some("octocat"), None, false),
    };
    let with = |problem| JoinUpstream { problem: Some(problem), ..page.clone() };
    let bare = JoinUpstream {
        app: None,
        pending: pending(None, None, true),
        username: String::new(),
        name: String::new(),
        ..page.clone()
    };
    vec![
        Sample::new("register-upstream", routes::REGISTER_UPSTREAM, page.clone()),
        Sample::new("connect-upstream", routes::UPSTREAM_CONNECT, connect.clone()),
        Sample::new(
            "connect-upstream-bare",
            routes::UPSTREAM_CONNECT,
            ConnectUpstream { app: None, pending: pending(None, None, false), ..connect },
        ),
        Sample::new("register-upstream-bare", routes::REGISTER_UPSTREAM, bare),
        Sample::new("register-upstream-email", routes::REGISTER_UPSTREAM, with(JoinProblem::Email)),
        Sample::new("register-upstream-name", routes::REGISTER_UPSTREAM, with(JoinProblem::Name)),
        Sample::new("register-upstream-too-many", routes::REGISTER_UPSTREAM, with(JoinProblem::TooMany { wait: 900 })),
    ]
}

fn account() -> Vec<Sample> {
    let linked = |provider: &str, who: Option<&str>, last_used| LinkedAccount {
        id: FLOW.to_owned(),
        provider: provider.to_owned(),
        who: who.map(str::to_owned),
        since: ago(40 * DAY),
        last_used,
        works: provider != "Hooli",
    };
    let other_accounts = OtherAccounts {
        linked: vec![
            linked("Google", Some(EMAIL), Some(ago(3 * HOUR))),
            linked("GitHub", None, None),
            linked("Hooli", Some("jane"), None),
        ],
        providers: providers(),
        note: None,
    };
    let page = SignIn {
        email: EMAIL.to_owned(),
        changed_at: Some(ago(30 * DAY)),
        rules: PasswordRules::default(),
        keys: Keys::default(),
        prove_first: false,
        totp: AppSection { offered: true, since: None, last_used: None },
        codes: CodesSection { left: 0, made_at: None, useful: false },
        problem: None,
        other_accounts: other_accounts.clone(),
    };
    let with = |other_accounts| SignIn { other_accounts, ..page.clone() };
    vec![
        Sample::new("sign-in-others", routes::SIGN_IN, page.clone()),
        Sample::new("sign-in-no-password", routes::SIGN_IN, SignIn { changed_at: None, ..page.clone() }),
        Sample::new(
            "sign-in-others-none",
            routes::SIGN_IN,
            with(OtherAccounts { linked: Vec::new(), ..other_accounts.clone() }),
        ),
        Sample::new(
            "sign-in-others-last",
            routes::SIGN_IN,
            with(OtherAccounts { note: Some(note(UpstreamProblem::LastWay)), ..other_accounts }),
        ),
    ]
}
