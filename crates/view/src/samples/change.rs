//! Sensitive changes: their pages, notices and mails.

use super::{NOW, Sample, ago, firefox, later, lyon, pixel, windows};
use crate::change::{ChangeMail, ChangeNews, ending_key};
use crate::pages::change::{ChangePage, ChangePhase, ChangeTrouble, Data, Lockdown, NewEmail};
use base::routes;
use identity::change::{ChangeKind, Ending};
use identity::{Channel, Topic};

const ID: &str = "01999b7e-0000-7000-8000-0000000000c1";
const TOKEN: &str = "wbl_sample";

/// Every way to end.
pub(super) const ENDINGS: [Ending; 9] = [
    Ending::Applied,
    Ending::Undone,
    Ending::Denied,
    Ending::Expired,
    Ending::Cancelled,
    Ending::Replaced,
    Ending::Withdrawn,
    Ending::WrongNumber,
    Ending::Overtaken,
];

/// Everything that is told of changes.
pub(super) fn news() -> Vec<ChangeNews> {
    let requested = |what| ChangeNews::Requested { what, about: None, until: NOW };
    let mut all = vec![
        ChangeNews::Requested { what: ChangeKind::Email, about: Some("j…@new.example".to_owned()), until: NOW },
        ChangeNews::EmailChanged,
        ChangeNews::PhoneChanged { before: Some("+33…00".to_owned()), after: Some("+41…00".to_owned()) },
        ChangeNews::PhoneChanged { before: None, after: Some("+41…00".to_owned()) },
        ChangeNews::Undone { what: ChangeKind::Password },
        ChangeNews::Paused { until: NOW },
        ChangeNews::DeniedOften { times: 2 },
        ChangeNews::LockedDown,
        ChangeNews::LockdownLifted,
        ChangeNews::Exported,
    ];
    all.extend(ChangeKind::ALL.map(requested));
    all.extend(ENDINGS.map(|how| ChangeNews::Over { what: ChangeKind::Email, how, by: pixel() }));
    all
}

/// Every mail about them.
pub(super) fn mails() -> Vec<(&'static str, ChangeMail)> {
    let url = |path: &str| format!("https://id.example.com{path}?token={TOKEN}");
    let code = || "482913".to_owned();
    let asked = |what, about: Option<&str>| ChangeMail::Asked {
        what,
        about: about.map(str::to_owned),
        code: code(),
        link: url("/account/confirm"),
        lifetime: 600,
    };
    let told = |news, second| ChangeMail::News { news, link: url("/recover"), second };
    vec![
        ("change-requested", asked(ChangeKind::Email, Some("jane@new.example"))),
        ("change-requested-plain", asked(ChangeKind::RemoveTotp, None)),
        ("new-address", ChangeMail::NewAddress { code: code(), lifetime: 600 }),
        ("address-taken", ChangeMail::AddressTaken),
        (
            "email-changed",
            ChangeMail::EmailChanged { to: "jane@new.example".to_owned(), undo: url("/account/confirm") },
        ),
        (
            "phone-changed",
            ChangeMail::PhoneChanged {
                before: Some("+33142685300".to_owned()),
                after: None,
                undo: url("/account/confirm"),
            },
        ),
        ("change-undone", told(ChangeNews::Undone { what: ChangeKind::Password }, None)),
        ("approvals-paused", told(ChangeNews::Paused { until: NOW }, None)),
        ("denied-often", told(ChangeNews::DeniedOften { times: 2 }, None)),
        ("locked-down", told(ChangeNews::LockedDown, Some(url("/account/lockdown")))),
        ("lockdown-lifted", told(ChangeNews::LockdownLifted, None)),
        ("exported", told(ChangeNews::Exported, None)),
        (
            "notices-off",
            ChangeMail::NoticesOff {
                topic: Topic::NewDevice,
                channel: Channel::Push,
                settings: "https://id.example.com/account/notifications".to_owned(),
            },
        ),
        (
            "notices-quiet",
            ChangeMail::NoticesQuiet { settings: "https://id.example.com/account/notifications".to_owned() },
        ),
        ("deleted", ChangeMail::Deleted),
    ]
}

pub(super) fn pages() -> Vec<Sample> {
    let email = NewEmail { email: "jane@example.com".to_owned(), typed: String::new(), confirms: true, problem: None };
    let data = Data { copy: None, copy_confirms: true, delete_confirms: true, operator: false };
    let mut samples = changes();
    samples.extend([
        Sample::new("email", routes::EMAIL, email.clone()),
        Sample::new(
            "email-invalid",
            routes::EMAIL,
            NewEmail { problem: Some("invalid"), confirms: false, ..email.clone() },
        ),
        Sample::new("email-same", routes::EMAIL, NewEmail { problem: Some("same"), ..email }),
        Sample::new("data", routes::DATA, data.clone()),
        Sample::new("data-ready", routes::DATA, Data { copy: Some(routes::DATA_FILE.to_owned()), ..data.clone() }),
        Sample::new("data-operator", routes::DATA, Data { operator: true, copy_confirms: false, ..data }),
    ]);
    samples.extend(lockdowns());
    samples
}

fn change(phase: ChangePhase) -> ChangePage {
    ChangePage {
        id: ID.to_owned(),
        token: None,
        account: "jane@example.com".to_owned(),
        kind: "email".to_owned(),
        before: Some("jane@example.com".to_owned()),
        after: Some("jane@new.example".to_owned()),
        agent: windows(),
        place: Some(lyon()),
        asked_at: NOW,
        phase,
        problem: None,
    }
}

fn changes() -> Vec<Sample> {
    let asker = |approved, needs_new_address, reach| {
        change(ChangePhase::Asker {
            number: "47".to_owned(),
            until: later(0),
            approved,
            needs_new_address,
            reach,
            seen: "000".to_owned(),
        })
    };
    let plain = ChangePage { kind: "remove-totp".to_owned(), before: None, after: None, ..asker(false, false, "rung") };
    let waits = |may, way: Option<&str>| {
        change(ChangePhase::Waits { until: later(0), may, may_deny: may != "elsewhere", way: way.map(str::to_owned) })
    };
    let wrong = |page, problem| ChangePage { problem: Some(problem), ..page };
    let by_mail = ChangePage { token: Some(TOKEN.to_owned()), ..waits("sign-in-first", Some("/login")) };
    let of = |name, page| Sample::new(name, routes::CHANGE, page);
    let mut samples = vec![
        of("change-asker", asker(false, true, "rung")),
        of("change-asker-plain", plain),
        of("change-asker-unrung", asker(false, true, "unrung")),
        of("change-asker-mail", asker(false, true, "mail-only")),
        of("change-asker-approved", asker(true, true, "rung")),
        of("change-asker-wrong-code", wrong(asker(false, true, "rung"), ChangeTrouble::WrongCode { left: 4 })),
        of("change-asker-wrong-new-code", wrong(asker(true, true, "rung"), ChangeTrouble::WrongNewCode { left: 1 })),
        of("change-asker-too-many", wrong(asker(false, true, "rung"), ChangeTrouble::TooMany { wait: 840 })),
        of("change-asker-closed", wrong(asker(false, false, "mail-only"), ChangeTrouble::Closed)),
        of("change-approve", waits("approve", None)),
        of("change-wrong-number", wrong(waits("approve", None), ChangeTrouble::WrongNumber { left: 2 })),
        of("change-prove-first", waits("prove-first", Some("/account/confirm"))),
        of("change-elsewhere", waits("elsewhere", None)),
        of("change-by-mail", by_mail),
        of("change-paused", waits("by-mail", None)),
    ];
    let over = |how, undo: bool, next: Option<&str>| {
        change(ChangePhase::Over {
            how: ending_key(how),
            by: Some(firefox()),
            undo_until: undo.then(|| later(72)),
            next: next.map(str::to_owned),
        })
    };
    let names = [
        "change-applied",
        "change-undone",
        "change-denied",
        "change-expired",
        "change-cancelled",
        "change-replaced",
        "change-withdrawn",
        "change-wrong-number-over",
        "change-overtaken",
    ];
    samples.extend(names.into_iter().zip(ENDINGS).map(|(name, how)| of(name, over(how, false, None))));
    samples.push(of("change-undo", over(Ending::Applied, true, None)));
    samples.push(of("change-no-undo", wrong(over(Ending::Applied, false, None), ChangeTrouble::NoUndo)));
    samples.push(of("change-cancelled-next", over(Ending::Cancelled, false, Some("/account/signin"))));
    samples
}

fn lockdowns() -> Vec<Sample> {
    let ask = Lockdown {
        since: None,
        done: false,
        token: None,
        event: None,
        can_lift: false,
        link_gone: false,
        signed_in: true,
        sign_in: "/login?return_to=%2Faccount%2Flockdown".to_owned(),
    };
    let token = Some(TOKEN.to_owned());
    let out = Lockdown { signed_in: false, ..ask.clone() };
    let of = |name, page| Sample::new(name, routes::LOCKDOWN, page);
    vec![
        of("lockdown", ask.clone()),
        of("lockdown-by-mail", Lockdown { token: token.clone(), ..out.clone() }),
        of("lockdown-nobody", out.clone()),
        of("lockdown-link-gone", Lockdown { link_gone: true, token: token.clone(), ..out.clone() }),
        of("lockdown-done", Lockdown { done: true, ..out.clone() }),
        of("lockdown-done-mail", Lockdown { done: true, token: token.clone(), ..out }),
        of("lockdown-lift", Lockdown { since: Some(ago(60)), can_lift: true, token, ..ask.clone() }),
        of("lockdown-stands", Lockdown { since: Some(ago(60)), ..ask }),
    ]
}
