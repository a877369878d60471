//! Small line icons, drawn for this product: 24 × 24, one stroke, the colour of the text around them.

use identity::Event;

const OPEN: &str = r#"<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">"#;

/// The SVG of an icon.
pub(crate) fn svg(name: &str) -> Option<String> {
    path(name).map(|path| format!("{OPEN}{path}</svg>"))
}

/// The icon of what happened, by its subject.
pub(crate) const fn of_event(event: &Event) -> &'static str {
    match event {
        Event::AccountCreated {}
        | Event::ProfileChanged {}
        | Event::PhoneChanged { .. }
        | Event::Exported {}
        | Event::AccountDeleted { .. } => "person",
        Event::RegistrationRequested(_)
        | Event::ResetRequested { .. }
        | Event::SignInCodeRequested(_)
        | Event::NewAddress { .. }
        | Event::EmailChanged { .. }
        | Event::Invited(_) => "mail",
        Event::ChangeRequested { .. } | Event::ChangeEnded { .. } | Event::ApprovalsPaused { .. } => "bell",
        Event::ChangeUndone { .. } | Event::LockedDown {} | Event::LockdownLifted {} => "shield",
        Event::DeniedOften { .. } => "alert",
        Event::LoginSucceeded { .. } => "enter",
        Event::SessionEnded { .. } => "leave",
        Event::NewDevice { .. } | Event::DeviceForgotten { .. } => "devices",
        Event::Risk { .. } | Event::ManyAccountsTried { .. } | Event::ManyAddressesTried { .. } => "alert",
        Event::PasswordChanged { .. }
        | Event::PasswordReset {}
        | Event::RecoveryCodesMade {}
        | Event::RecoveryCodeUsed { .. }
        | Event::PasskeyAdded { .. }
        | Event::PasskeyRemoved { .. }
        | Event::PasskeyRenamed { .. } => "key",
        Event::RecoveryRequested { .. }
        | Event::RecoveryStarted { .. }
        | Event::RecoveryReminder { .. }
        | Event::RecoveryReady { .. }
        | Event::RecoveryFinished { .. } => "buoy",
        Event::RecoveryStopped { .. } => "shield",
        Event::RecoveryRefused { .. } => "alert",
        Event::DeviceConfirmed { .. } | Event::DeviceTrusted { .. } | Event::TrustWithdrawn {} => "shield",
        Event::Guessing {}
        | Event::GuessingCodes {}
        | Event::PasskeyCopied { .. }
        | Event::LoginDenied { .. }
        | Event::TokenReplayed { .. } => "alert",
        Event::TotpAdded {} | Event::TotpRemoved {} => "phone",
        Event::IdentityLinked { .. } | Event::IdentityUnlinked { .. } => "apps",
        Event::AppConnected { .. }
        | Event::AppRemoved { .. }
        | Event::AppSignedOut { .. }
        | Event::TokenExchanged(_)
        | Event::AnswerDue(_)
        | Event::ClientRegistered(_)
        | Event::ClientChanged(_)
        | Event::ClientWithdrawn(_)
        | Event::LogoutDue(_) => "apps",
        Event::AppAsks(_) | Event::AppAnswered(_) => "bell",
        Event::PushEnabled { .. } | Event::PushTest { .. } => "bell",
        Event::PushDisabled { .. } | Event::PushGone { .. } => "bell-off",
        Event::PreferencesChanged { .. } | Event::QuietChanged(_) => "sliders",
    }
}

fn path(name: &str) -> Option<&'static str> {
    Some(match name {
        "home" => r#"<path d="M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-5v-6h-4v6H5a1 1 0 0 1-1-1z"/>"#,
        "person" => r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>"#,
        "key" => r#"<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8m-3 3 3 3m-6 0 2 2"/>"#,
        "devices" | "desktop" | "unknown" => {
            r#"<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8m-4-4v4"/>"#
        }
        "phone" => r#"<rect x="7" y="2.5" width="10" height="19" rx="2.5"/><path d="M11 18.5h2"/>"#,
        "tablet" => r#"<rect x="4.5" y="2.5" width="15" height="19" rx="2.5"/><path d="M11 18.5h2"/>"#,
        "program" => r#"<rect x="3" y="4" width="18" height="16" rx="2"/><path d="m7 9 3 3-3 3m6 0h4"/>"#,
        "apps" => {
            r#"<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="13.5" width="6.5" height="6.5" rx="1.5"/>"#
        }
        "bell" => {
            r#"<path d="M12 4a5.5 5.5 0 0 0-5.5 5.5c0 4.5-2 5.7-2 7h15c0-1.3-2-2.5-2-7A5.5 5.5 0 0 0 12 4Z"/><path d="M10 19.5a2.2 2.2 0 0 0 4 0"/>"#
        }
        "bell-off" => {
            r#"<path d="M8.5 5.3A5.5 5.5 0 0 1 17.5 9.5c0 1.7.3 2.9.7 3.9M6.6 8.6c-.1 4.9-2.1 6.6-2.1 7.9h12M10 19.5a2.2 2.2 0 0 0 4 0M4 3l16 17"/>"#
        }
        "enter" => r#"<path d="M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11m-4-4 4 4-4 4"/>"#,
        "leave" => r#"<path d="M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4m0-8h10m-4-4 4 4-4 4"/>"#,
        "alert" => r#"<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5m0 2.4v.1"/>"#,
        "sliders" => {
            r#"<path d="M4 8h8m5 0h3M4 16h3m5 0h8"/><circle cx="14.5" cy="8" r="2.5"/><circle cx="9.5" cy="16" r="2.5"/>"#
        }
        "buoy" => {
            r#"<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="3.5"/><path d="m6 6 3.5 3.5m5 5L18 18M18 6l-3.5 3.5m-5 5L6 18"/>"#
        }
        "clock" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3 2"/>"#,
        "mail" => r#"<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>"#,
        "shield" => r#"<path d="M12 3 5 6v5.5c0 4.5 3 7.7 7 9.5 4-1.8 7-5 7-9.5V6z"/><path d="m9 12 2 2 4-4"/>"#,
        _ => return None,
    })
}
