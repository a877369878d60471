//! The pages of sign-in, registration, recovery, consent and set-up, and the error pages.

use super::Sample;
use crate::pages::error::{ErrorPage, Trouble, WayBack};
use crate::pages::join::{
    CheckMail, ConfirmAddress, ConfirmedElsewhere, Invite, JoinProblem, Register, Setup, SetupDone,
};
use crate::pages::login::{
    Consent, Detail, Login, LoginProblem, Logout, Offer, Recover, RecoverSent, Refused, Reset, ResetDone, SaidBy,
    SignedOut,
};
use crate::pages::{PasswordProblem, PasswordRules, ScopeLine};
use base::routes;
use identity::login::Reason;

const FLOW: &str = "01999b7e-0000-7000-8000-000000000001";
const EMAIL: &str = "jane@example.com";
const TOKEN: &str = "wbl_sample";

pub(super) fn pages() -> Vec<Sample> {
    let mut samples = login();
    samples.extend(join());
    samples.extend(super::upstream::pages());
    samples.extend(recover());
    samples.extend(decide());
    samples.extend(errors());
    samples
}

fn app() -> Option<String> {
    Some("Acme Shop".to_owned())
}

/// Every reason for which a new password is refused.
pub(super) fn password_problems() -> [(&'static str, PasswordProblem); 7] {
    [
        ("too-short", PasswordProblem::TooShort { min: 8 }),
        ("too-long", PasswordProblem::TooLong { max: 128 }),
        ("too-common", PasswordProblem::TooCommon),
        ("guessable", PasswordProblem::Guessable),
        ("contains-you", PasswordProblem::ContainsYou),
        ("breached", PasswordProblem::Breached),
        ("same", PasswordProblem::Same),
    ]
}

/// The sign-in page as whoever is new sees it.
pub fn new_login(flow: &str, app: Option<String>) -> Login {
    Login {
        flow: flow.to_owned(),
        app,
        username: String::new(),
        again: false,
        password: true,
        passkey: true,
        mail_code: true,
        can_register: true,
        providers: Vec::new(),
        pending: None,
        problem: None,
    }
}

fn login() -> Vec<Sample> {
    let page = new_login(FLOW, app());
    let typed = Login { username: EMAIL.to_owned(), ..page.clone() };
    let with = |problem| Login { problem: Some(problem), ..typed.clone() };
    let refused = |reasons| Refused { flow: FLOW.to_owned(), reasons };
    vec![
        Sample::new("login", routes::LOGIN, page.clone()),
        Sample::new(
            "login-no-app",
            routes::LOGIN,
            Login { app: None, passkey: false, mail_code: false, can_register: false, ..page },
        ),
        Sample::new("login-again", routes::LOGIN, Login { again: true, ..typed.clone() }),
        Sample::new("login-wrong", routes::LOGIN, with(LoginProblem::Wrong)),
        Sample::new("login-too-many", routes::LOGIN, with(LoginProblem::TooMany { wait: 540 })),
        Sample::new("login-closed", routes::LOGIN, with(LoginProblem::Closed)),
        Sample::new("login-other-account", routes::LOGIN, with(LoginProblem::OtherAccount)),
        Sample::new("login-no-passwords", routes::LOGIN, with(LoginProblem::NoPasswords)),
        Sample::new("login-busy", routes::LOGIN, with(LoginProblem::Busy)),
        Sample::new("login-restarted", routes::LOGIN, with(LoginProblem::Restarted)),
        Sample::new("refused", routes::REFUSED, refused(vec![Reason::NewCountry])),
        Sample::new("refused-several", routes::REFUSED, refused(vec![Reason::NewDevice, Reason::ManyAccounts])),
        Sample::new("login-too-many-codes", routes::LOGIN, with(LoginProblem::TooManyCodes)),
        Sample::new("login-not-by-mail", routes::LOGIN, with(LoginProblem::NotByMail)),
    ]
}

fn join() -> Vec<Sample> {
    let page = Register {
        flow: FLOW.to_owned(),
        app: app(),
        username: String::new(),
        name: String::new(),
        rules: PasswordRules::default(),
        problem: None,
    };
    let typed = Register { username: EMAIL.to_owned(), name: "Jane Doe".to_owned(), ..page.clone() };
    let with = |problem| Register { problem: Some(problem), ..typed.clone() };
    let mut samples = vec![
        Sample::new("register", routes::REGISTER, page),
        Sample::new("register-email", routes::REGISTER, with(JoinProblem::Email)),
        Sample::new("register-name", routes::REGISTER, with(JoinProblem::Name)),
        Sample::new("register-too-many", routes::REGISTER, with(JoinProblem::TooMany { wait: 3600 })),
    ];
    for (_, why) in password_problems() {
        samples.push(Sample::new("register-password", routes::REGISTER, with(JoinProblem::Password { why })));
    }
    let check = CheckMail { flow: FLOW.to_owned(), email: EMAIL.to_owned(), code: "482913".to_owned(), app: app() };
    let confirm =
        ConfirmAddress { token: TOKEN.to_owned(), email: EMAIL.to_owned(), same_browser: true, wrong_code: false };
    let elsewhere = ConfirmAddress { same_browser: false, ..confirm.clone() };
    samples.extend([
        Sample::new("check-mail", routes::CHECK_MAIL, check.clone()),
        Sample::new("check-mail-no-app", routes::CHECK_MAIL, CheckMail { app: None, ..check }),
        Sample::new("confirm-address", routes::CONFIRM_EMAIL, confirm),
        Sample::new("confirm-address-code", routes::CONFIRM_EMAIL, elsewhere.clone()),
        Sample::new("confirm-address-wrong", routes::CONFIRM_EMAIL, ConfirmAddress { wrong_code: true, ..elsewhere }),
        Sample::new("confirmed-elsewhere", routes::CONFIRM_EMAIL, ConfirmedElsewhere { email: EMAIL.to_owned() }),
    ]);
    samples.extend(invite());
    samples.extend(setup());
    samples
}

fn invite() -> Vec<Sample> {
    let page = Invite {
        token: TOKEN.to_owned(),
        email: EMAIL.to_owned(),
        name: String::new(),
        rules: PasswordRules::default(),
        problem: None,
    };
    let why = PasswordProblem::TooCommon;
    let weak = Invite { name: "Jane".to_owned(), problem: Some(JoinProblem::Password { why }), ..page.clone() };
    let unnamed = Invite { problem: Some(JoinProblem::Name), ..page.clone() };
    vec![
        Sample::new("invite", routes::INVITE, page),
        Sample::new("invite-password", routes::INVITE, weak),
        Sample::new("invite-name", routes::INVITE, unnamed),
    ]
}

fn setup() -> Vec<Sample> {
    let page = Setup {
        token: TOKEN.to_owned(),
        brand: String::new(),
        username: String::new(),
        name: String::new(),
        rules: PasswordRules::default(),
        problem: None,
    };
    let with = |problem| Setup { problem: Some(problem), brand: "Acme".to_owned(), ..page.clone() };
    vec![
        Sample::new("setup", routes::SETUP, page.clone()),
        Sample::new("setup-brand", routes::SETUP, with(JoinProblem::Brand)),
        Sample::new("setup-email", routes::SETUP, with(JoinProblem::Email)),
        Sample::new("setup-done", routes::SETUP, SetupDone {}),
    ]
}

fn recover() -> Vec<Sample> {
    let flow = Some(FLOW.to_owned());
    let ask = Recover { flow: flow.clone(), username: String::new(), invalid: false, can_recover: true };
    let reset =
        Reset { token: TOKEN.to_owned(), email: EMAIL.to_owned(), rules: PasswordRules::default(), problem: None };
    vec![
        Sample::new("recover", routes::RECOVER, ask.clone()),
        Sample::new(
            "recover-invalid",
            routes::RECOVER,
            Recover { flow: None, username: "jane".to_owned(), invalid: true, can_recover: false },
        ),
        Sample::new("recover-sent", routes::RECOVER, RecoverSent { flow, email: EMAIL.to_owned() }),
        Sample::new("reset", routes::RESET, reset.clone()),
        Sample::new("reset-weak", routes::RESET, Reset { problem: Some(PasswordProblem::TooCommon), ..reset }),
        Sample::new("reset-done", routes::RESET, ResetDone {}),
    ]
}

fn decide() -> Vec<Sample> {
    let offer = Offer { flow: FLOW.to_owned(), name: "Jane Doe".to_owned(), app: app() };
    let consent = Consent {
        flow: FLOW.to_owned(),
        app: "Acme Shop".to_owned(),
        logo: None,
        home: Some("https://shop.example".to_owned()),
        policy: Some("https://shop.example/privacy".to_owned()),
        terms: None,
        host: Some("shop.example".to_owned()),
        device: None,
        email: EMAIL.to_owned(),
        scopes: ["openid", "profile", "email", "offline_access", "orders:read"].map(ScopeLine::from).to_vec(),
        details: Vec::new(),
        said_by: None,
    };
    let lines = [
        ("Instructed amount: Amount", "123.50"),
        ("Instructed amount: Currency", "EUR"),
        ("Creditor name", "Merchant A"),
    ];
    let payment = Detail {
        title: "Payment initiation".to_owned(),
        lines: lines.map(|(label, value)| (label.to_owned(), value.to_owned())).to_vec(),
    };
    let logout = Logout {
        action: routes::LOGOUT.to_owned(),
        fields: vec![("state".to_owned(), "x".to_owned())],
        app: app(),
        email: EMAIL.to_owned(),
    };
    vec![
        Sample::new("offer", routes::CONTINUE, offer.clone()),
        Sample::new("offer-no-app", routes::CONTINUE, Offer { app: None, ..offer }),
        Sample::new("consent-details", routes::CONSENT, Consent { details: vec![payment], ..consent.clone() }),
        Sample::new("consent-device", routes::CONSENT, super::device::consent(consent.clone())),
        Sample::new(
            "consent-document",
            routes::CONSENT,
            Consent { said_by: Some(SaidBy::Document { host: "agent.example.com".to_owned() }), ..consent.clone() },
        ),
        Sample::new(
            "consent-registered",
            routes::CONSENT,
            Consent { said_by: Some(SaidBy::Itself), ..consent.clone() },
        ),
        Sample::new(
            "consent-own",
            routes::CONSENT,
            Consent {
                scopes: vec![
                    "openid".into(),
                    ScopeLine { name: "work".to_owned(), words: Some("see where you work".to_owned()) },
                ],
                ..consent.clone()
            },
        ),
        Sample::new("consent", routes::CONSENT, consent),
        Sample::new("logout", routes::LOGOUT, logout.clone()),
        Sample::new("logout-no-app", routes::LOGOUT, Logout { app: None, fields: Vec::new(), ..logout }),
        Sample::new(
            "signed-out",
            routes::SIGNED_OUT,
            SignedOut { app: app(), return_to: Some("https://shop.example/bye".to_owned()), frames: Vec::new() },
        ),
        Sample::new(
            "signed-out-telling",
            routes::SIGNED_OUT,
            SignedOut {
                app: app(),
                return_to: Some("https://shop.example/bye".to_owned()),
                frames: vec!["https://shop.example/out?iss=https%3A%2F%2Fid.example&sid=s1".to_owned()],
            },
        ),
        Sample::new(
            "signed-out-plain",
            routes::SIGNED_OUT,
            SignedOut { app: None, return_to: None, frames: Vec::new() },
        ),
    ]
}

fn errors() -> Vec<Sample> {
    let back = || Some(WayBack { name: "Acme Shop".to_owned(), href: Some("https://shop.example".to_owned()) });
    let request = |parameter: Option<&str>| Trouble::Request {
        code: "invalid_request".to_owned(),
        parameter: parameter.map(str::to_owned),
        description: "redirect_uri is not registered for this client. Register it, or send one that is.".to_owned(),
        registered: vec!["https://shop.example/callback".to_owned()],
    };
    let gone = || Trouble::Request {
        code: "invalid_request_uri".to_owned(),
        parameter: Some("request_uri".to_owned()),
        description: "request_uri is used, too old, or another app's: begin again from the app".to_owned(),
        registered: Vec::new(),
    };
    let of = |name, trouble| Sample::new(name, routes::LOGIN, ErrorPage { trouble, app: None });
    vec![
        of("error-pushed-gone-plain", gone()),
        Sample::new("error-pushed-gone", routes::AUTHORIZE, ErrorPage { trouble: gone(), app: back() }),
        of("error-flow-gone", Trouble::FlowGone { restart: Some("/login/restart?flow=x".to_owned()) }),
        of("error-other-browser", Trouble::OtherBrowser),
        of("error-link-gone", Trouble::LinkGone { again: Some(routes::RECOVER.to_owned()) }),
        of("error-link-gone-plain", Trouble::LinkGone { again: None }),
        of("error-taken", Trouble::Taken),
        of("error-setup-closed", Trouble::SetupClosed),
        of("error-registration-closed", Trouble::RegistrationClosed),
        of("error-no-mail-code", Trouble::NoMailCode { flow: FLOW.to_owned() }),
        of("error-not-found", Trouble::NotFound),
        of("error-too-many", Trouble::TooMany { wait: 7200 }),
        of("error-cross-site", Trouble::CrossSite),
        of("error-unreadable", Trouble::Unreadable),
        of("error-busy", Trouble::Busy { again: Some("/oauth/authorize?client_id=orders".to_owned()) }),
        of("error-broken", Trouble::Broken { again: None }),
        of("error-request-plain", request(None)),
        Sample::new(
            "error-request",
            routes::AUTHORIZE,
            ErrorPage { trouble: request(Some("redirect_uri")), app: back() },
        ),
    ]
}
