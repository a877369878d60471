//! Notices and mails.

use super::{NOW, firefox, germany, lyon, pixel, windows};
use crate::mail::{Facts, Foot, MailModel, Off};
use crate::notice::{FactorChange, NoticeModel};
use crate::recovery::{RecoveryMail, RecoveryNews};
use identity::login::Reason;
use identity::recovery::StopReason;
use identity::{AskEnding, CredentialKind};

/// Everything that is told of a way back.
fn recoveries() -> Vec<RecoveryNews> {
    let reasons = [
        StopReason::Asked,
        StopReason::SignedIn,
        StopReason::CredentialChanged,
        StopReason::Expired,
        StopReason::Replaced,
    ];
    let mut all = vec![
        RecoveryNews::Started { ready_at: super::later(72), by_operator: false },
        RecoveryNews::Started { ready_at: NOW, by_operator: true },
        RecoveryNews::Reminder { ready_at: super::later(24) },
        RecoveryNews::Ready { expires_at: super::later(7 * 24) },
        RecoveryNews::Finished,
    ];
    all.extend(reasons.map(|why| RecoveryNews::Stopped { why }));
    all
}

/// A notice of every kind.
pub fn notices() -> Vec<NoticeModel> {
    let app = Some("Acme Shop".to_owned());
    let key = |(key, removed)| {
        let name = "iCloud Keychain".to_owned();
        NoticeModel::KeyChanged { key, name, agent: pixel(), at: NOW, removed }
    };
    let copied =
        NoticeModel::KeyCopied { name: "YubiKey 5".to_owned(), agent: windows(), place: Some(lyon()), at: NOW };
    let odd_notice = |refused| NoticeModel::Odd {
        agent: windows(),
        place: Some(lyon()),
        at: NOW,
        reasons: vec![Reason::NewCountry, Reason::ImpossibleTravel],
        refused,
    };
    let recovery = |news| NoticeModel::Recovery { agent: windows(), place: Some(lyon()), at: NOW, news };
    let answered = |how| NoticeModel::AppAnswered { app: "Acme Bank".to_owned(), how, by: pixel() };
    let factor = |change| NoticeModel::FactorChanged { change, agent: pixel(), at: NOW };
    let mut notices = vec![
        NoticeModel::NewDevice { agent: windows(), place: Some(lyon()), app: None, at: NOW },
        NoticeModel::NewDevice { agent: windows(), place: None, app, at: NOW },
        NoticeModel::Guessing { agent: windows(), place: Some(lyon()), at: NOW },
        odd_notice(false),
        odd_notice(true),
        NoticeModel::GuessingCodes { agent: windows(), place: Some(lyon()), at: NOW },
        factor(FactorChange::TotpAdded),
        factor(FactorChange::TotpRemoved),
        factor(FactorChange::CodesMade),
        factor(FactorChange::CodeUsed { left: 7 }),
        factor(FactorChange::CodeUsed { left: 0 }),
        NoticeModel::PasswordChanged { agent: pixel(), at: NOW, by_mail: false, undo: false },
        NoticeModel::PasswordChanged { agent: pixel(), at: NOW, by_mail: false, undo: true },
        NoticeModel::PasswordChanged { agent: pixel(), at: NOW, by_mail: true, undo: false },
        key((CredentialKind::Passkey, false)),
        key((CredentialKind::Passkey, true)),
        key((CredentialKind::SecurityKey, false)),
        key((CredentialKind::SecurityKey, true)),
        copied,
        identity_notice(false),
        identity_notice(true),
        NoticeModel::AppConnected { app: "Acme Shop".to_owned() },
        NoticeModel::AppAsks { app: "Acme Bank".to_owned(), message: Some("W4-SCT".to_owned()), until: NOW },
        NoticeModel::AppAsks { app: "Acme Bank".to_owned(), message: None, until: NOW },
        answered(AskEnding::Allowed),
        answered(AskEnding::Denied),
        answered(AskEnding::WrongNumber),
        NoticeModel::PushEnabled,
        NoticeModel::PushTest { at: NOW },
        NoticeModel::PushDisabled,
    ];
    notices.extend(recoveries().into_iter().map(recovery));
    let change = |news| NoticeModel::Change { agent: windows(), place: Some(lyon()), at: NOW, news };
    notices.extend(super::change::news().into_iter().map(change));
    notices
}

/// What stands below a mail of [`mails`].
pub fn foot(mail: &str) -> Foot<'static> {
    let off = match mail {
        "new-sign-in" | "guessing" | "guessing-codes" | "odd" | "refused" | "key-copied" | "app-connected" => {
            Off::Link("https://id.example.com/notices/off?token=sample")
        }
        "confirm-address" | "have-account" | "invitation" | "reset-password" | "sign-in-code" | "no-sign-in-code" => {
            Off::Asked
        }
        _ => Off::Never,
    };
    Foot { settings: "https://id.example.com/account/notifications", off }
}

/// A mail of every kind.
pub fn mails() -> Vec<(&'static str, MailModel)> {
    let name = || "Jane Doe".to_owned();
    let url = |path: &str| format!("https://id.example.com{path}");
    let facts =
        |app: Option<&str>| Facts { agent: firefox(), place: Some(germany()), app: app.map(str::to_owned), at: NOW };
    let changed = |by_mail, undo: bool| MailModel::PasswordChanged {
        name: name(),
        facts: facts(None),
        by_mail,
        recover: url("/recover"),
        undo: undo.then(|| url("/account/confirm?token=wbl_sample")),
    };
    let key = |key, removed| {
        let called = "iCloud Keychain".to_owned();
        MailModel::KeyChanged { name: name(), key, called, facts: facts(None), removed, review: url("/account/signin") }
    };
    let copied = MailModel::KeyCopied {
        name: name(),
        called: "YubiKey 5".to_owned(),
        facts: facts(None),
        review: url("/account/signin"),
    };
    let odd = |refused| MailModel::Odd {
        name: name(),
        facts: facts(Some("Acme Shop")),
        reasons: vec![Reason::NewCountry, Reason::LongInactivity],
        refused,
        recover: url("/recover"),
    };
    let factor = |change| MailModel::FactorChanged {
        name: name(),
        change,
        facts: facts(None),
        review: url("/account/signin"),
        recover: url("/recover"),
    };
    let code = |code: Option<&str>| MailModel::SignInCode {
        name: name(),
        code: code.map(str::to_owned),
        lifetime: 600,
        facts: facts(None),
    };
    let asks = |message: Option<&str>| MailModel::AppAsks {
        name: name(),
        app: "Acme Bank".to_owned(),
        message: message.map(str::to_owned),
        at: NOW,
        link: url("/account/asks/01999b7e-0000-7000-8000-0000000000a5"),
        lifetime: 270,
    };
    let mut mails = vec![
        (
            "confirm-address",
            MailModel::ConfirmAddress { name: name(), link: url("/confirm?token=wbl_sample"), lifetime: 86_400 },
        ),
        ("have-account", MailModel::HaveAccount { name: name(), sign_in: url("/login"), recover: url("/recover") }),
        ("invitation", MailModel::Invitation { name: None, link: url("/invite?token=wbl_sample"), lifetime: 604_800 }),
        (
            "reset-password",
            MailModel::ResetPassword { name: name(), link: url("/reset?token=wbl_sample"), lifetime: 3_600 },
        ),
        ("sign-in-code", code(Some("482913"))),
        ("no-sign-in-code", code(None)),
        (
            "new-sign-in",
            MailModel::NewSignIn {
                name: name(),
                facts: facts(Some("Acme Shop")),
                no_link: url("/account/was-this-you?token=wbl_sample"),
            },
        ),
        ("guessing", MailModel::Guessing { name: name(), facts: facts(None), recover: url("/recover") }),
        ("odd-sign-in", odd(false)),
        ("refused", odd(true)),
        ("guessing-codes", MailModel::GuessingCodes { name: name(), facts: facts(None), recover: url("/recover") }),
        ("totp-added", factor(FactorChange::TotpAdded)),
        ("totp-removed", factor(FactorChange::TotpRemoved)),
        ("codes-made", factor(FactorChange::CodesMade)),
        ("code-used", factor(FactorChange::CodeUsed { left: 7 })),
        ("code-used-last", factor(FactorChange::CodeUsed { left: 0 })),
        ("password-changed", changed(false, false)),
        ("password-changed-undo", changed(false, true)),
        ("password-reset", changed(true, false)),
        ("passkey-added", key(CredentialKind::Passkey, false)),
        ("passkey-removed", key(CredentialKind::Passkey, true)),
        ("security-key-added", key(CredentialKind::SecurityKey, false)),
        ("security-key-removed", key(CredentialKind::SecurityKey, true)),
        ("key-copied", copied),
        ("identity-linked", identity_mail(false, facts(None))),
        ("identity-unlinked", identity_mail(true, facts(None))),
        (
            "app-connected",
            MailModel::AppConnected {
                name: name(),
                facts: facts(Some("Acme Shop")),
                scopes: ["openid", "email"].map(str::to_owned).to_vec(),
                manage: url("/account/apps"),
            },
        ),
        ("app-asks", asks(Some("W4-SCT"))),
        ("app-asks-number", asks(None)),
        ("push-off", MailModel::PushOff { name: name(), facts: facts(None), gone: false }),
        ("push-gone", MailModel::PushOff { name: name(), facts: facts(None), gone: true }),
    ];
    mails.extend(
        recovery_mails()
            .into_iter()
            .map(|(key, tells)| (key, MailModel::Recovery { name: name(), facts: facts(None), tells })),
    );
    mails.extend(
        super::change::mails()
            .into_iter()
            .map(|(key, tells)| (key, MailModel::Change { name: name(), facts: facts(None), tells })),
    );
    mails
}

fn recovery_mails() -> Vec<(&'static str, RecoveryMail)> {
    let url = |path: &str| format!("https://id.example.com{path}?token=wbl_sample");
    let mut mails = vec![
        ("recovery-asked", RecoveryMail::Asked { link: url("/recovery/begin"), lifetime: 1_800, wait: 72 * 3_600 }),
        ("recovery-new-password", RecoveryMail::NewPassword { link: url("/reset"), lifetime: 1_800 }),
        ("recovery-too-often", RecoveryMail::TooOften { until: super::later(48), recover: url("/recover") }),
        ("recovery-operator", RecoveryMail::Operator),
    ];
    for news in recoveries() {
        let ready = matches!(news, RecoveryNews::Ready { .. });
        let (link, stop) = (url("/recovery/finish"), ready.then(|| url("/account/recovery")));
        mails.push((news.key(), RecoveryMail::News { news, link, stop }));
    }
    mails
}

fn identity_notice(removed: bool) -> NoticeModel {
    NoticeModel::IdentityChanged { provider: "GitHub".to_owned(), agent: pixel(), at: NOW, removed }
}

fn identity_mail(removed: bool, facts: Facts) -> MailModel {
    MailModel::IdentityChanged {
        name: "Jane Doe".to_owned(),
        provider: "GitHub".to_owned(),
        who: Some("octocat@example.com".to_owned()),
        facts,
        removed,
        review: "https://id.example.com/account/signin".to_owned(),
    }
}
