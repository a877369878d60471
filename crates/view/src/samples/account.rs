//! The account's own pages.

use super::keys;
use super::{DAY, HOUR, Sample, ago, ahead, events, firefox, germany, later, lyon, pixel, windows};
use crate::pages::account::{
    Activity, ActivityFilter, AppCard, Apps, ChangeProblem, DetailField, Devices, NewPassword, OpenChange,
    OpenRecovery, Overview, Profile, ProfileProblem, SignIn,
};
use crate::pages::notifications::{GoneBrowser, Notifications, QuietSection, RungBrowser};
use crate::pages::question::{Secure, Standing, WasThisYou};
use crate::pages::second_factor::{AppSection, CodesSection};
use crate::pages::upstream::OtherAccounts;
use crate::pages::{AppSession, DeviceCard, Line, PasswordRules, ScopeLine};
use base::routes;
use identity::quiet::{Pause, Quiet};
use identity::{Detail, Preferences, QuietHours};

const EMAIL: &str = "jane@example.com";
const EVENT: &str = "01999b7e-0000-7000-8000-00000000000e";

pub(super) fn pages() -> Vec<Sample> {
    let mut samples = overview();
    samples.extend(person());
    samples.extend(things());
    samples.extend(notifications());
    samples.extend(question());
    samples
}

fn lines() -> Vec<Line> {
    let line = |(n, event): (u64, identity::Event)| Line {
        id: EVENT.to_owned(),
        event,
        agent: if n % 3 == 0 { windows() } else { firefox() },
        place: (n % 2 == 0).then(lyon),
        at: ago(n * n * 40),
        open_question: n == 0,
    };
    (0..).zip(events()).map(line).collect()
}

fn devices() -> Vec<DeviceCard> {
    let here = DeviceCard {
        id: "01999b7e-0000-7000-8000-0000000000d1".to_owned(),
        agent: firefox(),
        place: Some(lyon()),
        first_seen: ago(40 * DAY),
        last_seen: ago(0),
        here: true,
        signed_in: true,
        known: true,
        apps: vec![AppSession { client: EVENT.to_owned(), name: "Acme Shop".to_owned(), last_used: ago(3) }],
        may_forget: true,
        trusted_until: Some(ahead(20 * DAY)),
    };
    let phone = DeviceCard {
        agent: pixel(),
        trusted_until: None,
        here: false,
        last_seen: ago(12 * HOUR),
        place: Some(germany()),
        ..here.clone()
    };
    let new = DeviceCard {
        agent: windows(),
        known: false,
        apps: Vec::new(),
        first_seen: ago(20),
        last_seen: ago(4),
        ..phone.clone()
    };
    let gone = DeviceCard {
        agent: identity::Agent::default(),
        signed_in: false,
        place: None,
        last_seen: ago(400 * DAY),
        ..phone.clone()
    };
    vec![here, new, phone, gone]
}

fn recovery(ready: bool) -> OpenRecovery {
    OpenRecovery { id: EVENT.to_owned(), ready_at: if ready { ago(60) } else { later(71) }, ready }
}

fn overview() -> Vec<Sample> {
    let page = Overview {
        must_secure: false,
        devices: 3,
        apps: 1,
        rings_here: true,
        rings_elsewhere: true,
        open_question: None,
        changes: Vec::new(),
        asks: Vec::new(),
        locked_down: false,
        recovery: None,
        recovered: false,
        recent: lines().into_iter().skip(1).take(5).collect(),
    };
    vec![
        Sample::new("overview", routes::ACCOUNT, page.clone()),
        Sample::new(
            "overview-question",
            routes::ACCOUNT,
            Overview {
                open_question: Some(EVENT.to_owned()),
                recent: lines().into_iter().take(5).collect(),
                ..page.clone()
            },
        ),
        Sample::new(
            "overview-change",
            routes::ACCOUNT,
            Overview {
                asks: vec![crate::pages::ask::OpenAsk { id: EVENT.to_owned(), app: "Acme Bank".to_owned() }],
                changes: vec![OpenChange { id: EVENT.to_owned(), kind: "email".to_owned(), agent: windows() }],
                locked_down: true,
                ..page.clone()
            },
        ),
        Sample::new("overview-recovery", routes::ACCOUNT, Overview { recovery: Some(recovery(false)), ..page.clone() }),
        Sample::new(
            "overview-recovery-ready",
            routes::ACCOUNT,
            Overview { recovery: Some(recovery(true)), ..page.clone() },
        ),
        Sample::new("overview-recovered", routes::ACCOUNT, Overview { recovered: true, ..page.clone() }),
        Sample::new("overview-must-secure", routes::ACCOUNT, Overview { must_secure: true, ..page.clone() }),
        Sample::new("overview-elsewhere", routes::ACCOUNT, Overview { rings_here: false, ..page.clone() }),
        Sample::new(
            "overview-new",
            routes::ACCOUNT,
            Overview { devices: 1, apps: 0, rings_here: false, rings_elsewhere: false, recent: Vec::new(), ..page },
        ),
    ]
}

fn details(problem: Option<ProfileProblem>) -> Vec<DetailField> {
    let value = |detail| match (detail, problem) {
        (Detail::GivenName, _) => "Jane",
        (Detail::FamilyName, _) => "Doe",
        (Detail::Locality, _) => "Lyon",
        (Detail::Birthdate, Some(_)) => "17.5.1990",
        (Detail::Website, Some(_)) => "jane.example",
        _ => "",
    };
    Detail::ALL.into_iter().map(|detail| DetailField::new(detail, value(detail).to_owned(), problem)).collect()
}

fn person() -> Vec<Sample> {
    let profile = Profile {
        email: EMAIL.to_owned(),
        name: "Jane Doe".to_owned(),
        locale: Some("en".to_owned()),
        time_zone: Some("Europe/Paris".to_owned()),
        details: details(None),
        phone: "+33142685300".to_owned(),
        phone_confirms: false,
        problem: None,
    };
    let wrong = |detail| {
        let problem = Some(ProfileProblem::Detail(detail));
        Profile { details: details(problem), problem, ..profile.clone() }
    };
    let with = |problem| Profile { problem: Some(problem), locale: None, time_zone: None, ..profile.clone() };
    let sign_in = SignIn {
        email: EMAIL.to_owned(),
        changed_at: Some(ago(30 * DAY)),
        prove_first: false,
        totp: AppSection { offered: true, since: None, last_used: None },
        codes: CodesSection { left: 0, made_at: None, useful: false },
        rules: PasswordRules::default(),
        keys: keys::none(),
        problem: None,
        other_accounts: OtherAccounts::default(),
    };
    let refused = |problem| SignIn { problem: Some(problem), ..sign_in.clone() };
    let second = SignIn {
        prove_first: true,
        totp: AppSection { offered: true, since: Some(ago(20 * DAY)), last_used: Some(ago(3 * HOUR)) },
        codes: CodesSection { left: 7, made_at: Some(ago(20 * DAY)), useful: true },
        ..sign_in.clone()
    };
    let new_password = NewPassword { email: EMAIL.to_owned(), rules: PasswordRules::default(), problem: None };
    let mut samples = vec![
        Sample::new("profile", routes::PROFILE, profile.clone()),
        Sample::new("profile-birthdate", routes::PROFILE, wrong(Detail::Birthdate)),
        Sample::new("profile-website", routes::PROFILE, wrong(Detail::Website)),
        Sample::new("profile-country", routes::PROFILE, wrong(Detail::Country)),
        Sample::new("profile-name", routes::PROFILE, with(ProfileProblem::Name)),
        Sample::new("profile-locale", routes::PROFILE, with(ProfileProblem::Locale)),
        Sample::new("profile-time-zone", routes::PROFILE, with(ProfileProblem::TimeZone)),
        Sample::new(
            "profile-phone",
            routes::PROFILE,
            Profile { phone: "01 42 68 53 00".to_owned(), phone_confirms: true, ..with(ProfileProblem::Phone) },
        ),
        Sample::new("profile-no-phone", routes::PROFILE, Profile { phone: String::new(), ..profile }),
        Sample::new("sign-in", routes::SIGN_IN, sign_in.clone()),
        Sample::new("sign-in-keys", routes::SIGN_IN, SignIn { keys: keys::some(), ..sign_in.clone() }),
        Sample::new("sign-in-keys-last", routes::SIGN_IN, SignIn { keys: keys::last(), ..sign_in.clone() }),
        Sample::new("sign-in-keys-only-way", routes::SIGN_IN, SignIn { keys: keys::only_way(), ..sign_in.clone() }),
        Sample::new("sign-in-keys-refused", routes::SIGN_IN, SignIn { keys: keys::refused(), ..sign_in.clone() }),
        Sample::new("sign-in-second", routes::SIGN_IN, second.clone()),
        Sample::new(
            "sign-in-second-new",
            routes::SIGN_IN,
            SignIn {
                totp: AppSection { last_used: None, ..second.totp.clone() },
                codes: CodesSection { left: 0, ..second.codes.clone() },
                ..second
            },
        ),
        Sample::new("new-password", routes::PASSWORD, new_password.clone()),
        Sample::new(
            "new-password-wrong",
            routes::PASSWORD,
            NewPassword { problem: Some(ChangeProblem::Wrong), ..new_password },
        ),
        Sample::new("sign-in-wrong", routes::SIGN_IN, refused(ChangeProblem::Wrong)),
        Sample::new("sign-in-closed", routes::SIGN_IN, refused(ChangeProblem::Closed)),
        Sample::new("sign-in-too-many", routes::SIGN_IN, refused(ChangeProblem::TooMany { wait: 30 })),
    ];
    for (_, why) in super::sign_in::password_problems() {
        samples.push(Sample::new("sign-in-password", routes::SIGN_IN, refused(ChangeProblem::Password { why })));
    }
    samples
}

fn things() -> Vec<Sample> {
    let app = AppCard {
        id: "01999b7e-0000-7000-8000-0000000000a1".to_owned(),
        name: "Acme Shop".to_owned(),
        home: Some("https://shop.example".to_owned()),
        scopes: ["openid", "email", "offline_access"].map(ScopeLine::from).to_vec(),
        since: ago(20 * DAY),
        last_used: ago(30),
    };
    let plain = AppCard { name: "Acme Forum".to_owned(), home: None, last_used: ago(25 * HOUR), ..app.clone() };
    let activity =
        Activity { lines: lines(), show: ActivityFilter::All, next: Some(EVENT.to_owned()), later_page: false };
    vec![
        Sample::new("devices", routes::DEVICES, Devices { devices: devices() }),
        Sample::new("devices-one", routes::DEVICES, Devices { devices: devices().into_iter().take(1).collect() }),
        Sample::new("apps", routes::APPS, Apps { apps: vec![app, plain] }),
        Sample::new("apps-none", routes::APPS, Apps { apps: Vec::new() }),
        Sample::new("activity", routes::ACTIVITY, activity.clone()),
        Sample::new(
            "activity-later",
            routes::ACTIVITY,
            Activity { show: ActivityFilter::SignIns, next: None, later_page: true, ..activity.clone() },
        ),
        Sample::new(
            "activity-none",
            routes::ACTIVITY,
            Activity { lines: Vec::new(), show: ActivityFilter::Apps, next: None, ..activity },
        ),
    ]
}

fn notifications() -> Vec<Sample> {
    let here = RungBrowser {
        id: "01999b7e-0000-7000-8000-0000000000b1".to_owned(),
        agent: firefox(),
        here: true,
        added: ago(DAY),
        last_delivered: Some(ago(93)),
        last_shown: Some(ago(93)),
        last_clicked: Some(ago(2 * DAY)),
        failing_since: None,
    };
    let phone = RungBrowser {
        agent: pixel(),
        here: false,
        last_delivered: None,
        last_shown: None,
        last_clicked: None,
        failing_since: Some(ago(3 * DAY)),
        added: ago(400 * DAY),
        ..here.clone()
    };
    let chosen =
        Preferences { revision: 7, changed_at: Some(ago(4)), changed_in: Some(firefox()), ..Preferences::default() };
    let unnamed = Preferences { changed_in: None, ..chosen.clone() };
    let hours =
        "22:00".parse().ok().zip("07:00".parse().ok()).and_then(|(from, until)| QuietHours::new(from, until).ok());
    let paused = |pause, security_rings| Preferences {
        quiet: Quiet { pause: Some(pause), hours, security_rings, hide_details: true },
        ..chosen.clone()
    };
    let until = Notifications::new(&paused(Pause::Until(later(1)), true), vec![phone.clone()]);
    let mut open = Notifications::new(&paused(Pause::UntilResumed, false), Vec::new());
    open.gone = vec![GoneBrowser { agent: windows(), at: ago(3 * DAY) }];
    let typed = |from: &str| QuietSection::typed((from.to_owned(), "07:00".to_owned()), [true, true, false]);
    let mut stale = Notifications::new(&chosen, vec![here.clone()]);
    stale.keep_choices(|_, _| false);
    let mut stale_quiet = Notifications::new(&paused(Pause::UntilResumed, true), vec![here.clone()]);
    stale_quiet.keep_quiet(typed("23:00"), true);
    let mut stale_none = Notifications::new(&chosen, vec![here.clone()]);
    stale_none.keep_quiet(typed("23:00"), true);
    let mut wrong = Notifications::new(&chosen, vec![here.clone()]);
    wrong.keep_quiet(QuietSection { problem: true, ..typed("07:00") }, false);
    vec![
        Sample::new("notifications-paused", routes::NOTIFICATIONS, until),
        Sample::new("notifications-paused-open", routes::NOTIFICATIONS, open),
        Sample::new("notifications-stale", routes::NOTIFICATIONS, stale),
        Sample::new("notifications-stale-quiet", routes::NOTIFICATIONS, stale_quiet),
        Sample::new("notifications-stale-none", routes::NOTIFICATIONS, stale_none),
        Sample::new("notifications-quiet-wrong", routes::NOTIFICATIONS, wrong),
        Sample::new("notifications", routes::NOTIFICATIONS, Notifications::new(&chosen, vec![here, phone])),
        Sample::new("notifications-changed", routes::NOTIFICATIONS, Notifications::new(&unnamed, Vec::new())),
        Sample::new(
            "notifications-none",
            routes::NOTIFICATIONS,
            Notifications::new(&Preferences::default(), Vec::new()),
        ),
    ]
}

fn question() -> Vec<Sample> {
    let open = WasThisYou {
        event: EVENT.to_owned(),
        token: None,
        account: EMAIL.to_owned(),
        agent: windows(),
        place: Some(lyon()),
        app: Some("Acme Shop".to_owned()),
        at: ago(4),
        standing: Standing::Open,
        sign_in: None,
        elsewhere: false,
    };
    let mail = WasThisYou {
        token: Some("wbl_sample".to_owned()),
        sign_in: Some(routes::LOGIN.to_owned()),
        account: "j…@example.com".to_owned(),
        place: None,
        app: None,
        ..open.clone()
    };
    let password = Secure {
        ended: true,
        email: Some(EMAIL.to_owned()),
        password_done: false,
        rules: PasswordRules::default(),
        problem: None,
        devices: Vec::new(),
    };
    vec![
        Sample::new("was-this-you", routes::WAS_THIS_YOU, open.clone()),
        Sample::new("was-this-you-mail", routes::WAS_THIS_YOU, mail),
        Sample::new(
            "was-this-you-confirmed",
            routes::WAS_THIS_YOU,
            WasThisYou { standing: Standing::Confirmed, ..open.clone() },
        ),
        Sample::new("was-this-you-elsewhere", routes::WAS_THIS_YOU, WasThisYou { elsewhere: true, ..open.clone() }),
        Sample::new("was-this-you-denied", routes::WAS_THIS_YOU, WasThisYou { standing: Standing::Denied, ..open }),
        Sample::new("secure", routes::SECURE, password.clone()),
        Sample::new("secure-wrong", routes::SECURE, Secure { problem: Some(ChangeProblem::Wrong), ..password.clone() }),
        Sample::new("secure-by-mail", routes::SECURE, Secure { email: None, ..password.clone() }),
        Sample::new("secure-devices", routes::SECURE, Secure { password_done: true, devices: devices(), ..password }),
    ]
}
