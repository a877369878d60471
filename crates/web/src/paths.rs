//! Every path of the product and what whoever comes to it must have proven (ASVS 5.0 §6.1.3, §6.3.4).
//!
//! The table says it, the handlers do it, and a story walks every row to see that they agree. A path without a row is a
//! failing test.

use base::routes::*;

/// What a path needs before it shows or changes anything of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: it is the same for everybody, or says what is missing.
    Nothing,
    /// A login flow of this very browser.
    Flow,
    /// A login flow in which a first factor was proven.
    FirstFactor,
    /// The secret of a link that was sent by mail or printed.
    Link,
    /// A live session, or what stands in for it where somebody protects an account: the device's cookie, a mail's link.
    Protective,
    /// A live session: all that the account asks for has been proven.
    Session,
    /// A live session, or an access token of an app that the person allowed it.
    SessionOrApp,
    /// A proof of the last minutes, with the strongest kind of factor that the account has.
    Recent,
    /// An app's own credentials, or an access token.
    App,
}

impl Needs {
    /// In words, for the guide.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Flow => "a sign-in begun in this browser",
            Self::FirstFactor => "a first factor proven in it",
            Self::Link => "the secret of a link",
            Self::Protective => "a session, the device's cookie, or a mail's link",
            Self::Session => "a session: all that the account asks for",
            Self::SessionOrApp => "a session, or an app's access token with the scope `notices`",
            Self::Recent => "a recent proof, with two factors where the account has them",
            Self::App => "an app's credentials, or an access token",
        }
    }
}

/// The table.
pub const TABLE: &[(&str, Needs)] = &[
    (DISCOVERY, Needs::Nothing),
    (SERVER_METADATA, Needs::Nothing),
    (PROTECTED_RESOURCE, Needs::Nothing),
    (CHANGE_PASSWORD, Needs::Nothing),
    (PASSKEY_ENDPOINTS, Needs::Nothing),
    (JWKS, Needs::Nothing),
    (AUTHORIZE, Needs::Nothing),
    (TOKEN, Needs::App),
    (USERINFO, Needs::App),
    (PAR, Needs::App),
    (DEVICE_AUTHORIZATION, Needs::App),
    (BACKCHANNEL_AUTHENTICATION, Needs::App),
    (INTROSPECT, Needs::App),
    (REVOKE, Needs::App),
    (REGISTER_CLIENT, Needs::App),
    (REGISTERED_CLIENT, Needs::App),
    (END_SESSION, Needs::Nothing),
    (LOGIN, Needs::Flow),
    (LOGIN_PASSKEY, Needs::Flow),
    (LOGIN_PASSKEY_OPTIONS, Needs::Flow),
    (UPSTREAM, Needs::Flow),
    (UPSTREAM_CALLBACK, Needs::Flow),
    (UPSTREAM_CONNECT, Needs::Session),
    (UPSTREAM_FORGET, Needs::Flow),
    (LOGIN_CODE, Needs::Flow),
    (LOGIN_CODE_SEND, Needs::Flow),
    (MFA, Needs::FirstFactor),
    (ENROL, Needs::FirstFactor),
    (ENROL_KEY, Needs::FirstFactor),
    (ENROL_KEY_OPTIONS, Needs::FirstFactor),
    (REFUSED, Needs::Flow),
    (NEW_CODES, Needs::Session),
    (CONTINUE, Needs::Flow),
    (OFFER, Needs::Session),
    (CONSENT, Needs::Session),
    (DEVICE, Needs::Session),
    (DEVICE_DONE, Needs::Session),
    (REGISTER, Needs::Flow),
    (REGISTER_UPSTREAM, Needs::Flow),
    (CHECK_MAIL, Needs::Flow),
    (RESEND, Needs::Flow),
    (REGISTER_STATE, Needs::Flow),
    (CONFIRM_EMAIL, Needs::Link),
    (INVITE, Needs::Link),
    (RECOVER, Needs::Nothing),
    (RESET, Needs::Link),
    (WAY_OFF, Needs::Link),
    (LOGOUT, Needs::Nothing),
    (SIGNED_OUT, Needs::Nothing),
    (SETUP, Needs::Link),
    (ACCOUNT, Needs::Session),
    (PROFILE, Needs::Session),
    (SIGN_IN, Needs::Session),
    (PASSWORD, Needs::Session),
    (TOTP, Needs::Recent),
    (TOTP_REMOVE, Needs::Recent),
    (RECOVERY_CODES, Needs::Recent),
    (RECOVERY_CODES_FILE, Needs::Session),
    (KEY_RENAME, Needs::Session),
    (KEY_REMOVE, Needs::Recent),
    (IDENTITY_LINK, Needs::Recent),
    (IDENTITY_UNLINK, Needs::Recent),
    (DEVICES, Needs::Session),
    (DEVICES_END_OTHERS, Needs::Session),
    (DEVICE_END, Needs::Session),
    (DEVICE_FORGET, Needs::Session),
    (DEVICE_APP_END, Needs::Session),
    (DEVICE_ASK, Needs::Session),
    (APPS, Needs::Session),
    (APP_REMOVE, Needs::Session),
    (NOTIFICATIONS, Needs::Session),
    (QUIET, Needs::Session),
    (SUBSCRIPTION_REMOVE, Needs::Session),
    (NOTICE_DATA, Needs::Session),
    (ACTIVITY, Needs::Session),
    (WAS_THIS_YOU, Needs::Protective),
    (ASK, Needs::Protective),
    (CHANGE, Needs::Protective),
    (EMAIL, Needs::Recent),
    (PHONE, Needs::Session),
    (DATA, Needs::Session),
    (DATA_FILE, Needs::Session),
    (DELETE, Needs::Recent),
    (LOCKDOWN, Needs::Protective),
    (LOCKDOWN_LIFT, Needs::Recent),
    (SECURE, Needs::Protective),
    (RECOVERY, Needs::Nothing),
    (RECOVERY_BEGIN, Needs::Link),
    (RECOVERY_FINISH, Needs::Link),
    (RECOVERY_STOP, Needs::Protective),
    (API_PREFERENCES, Needs::SessionOrApp),
    (API_SUBSCRIPTIONS, Needs::SessionOrApp),
    (API_ROTATE, Needs::Session),
    (RECEIPTS, Needs::Nothing),
    (API_TEST, Needs::SessionOrApp),
    (API_OFFER, Needs::Session),
    (API_NOTICE_DATA, Needs::SessionOrApp),
    (API_KEYS, Needs::Session),
    (API_KEYS_OPTIONS, Needs::Recent),
];
