//! Every path of the product, written once. Links are built from a tenant's [`Origin`](crate::Origin) and these.

use crate::Id;

/// Discovery (OpenID Connect Discovery 1.0 §4).
pub const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Authorization server metadata (RFC 8414 §3).
pub const SERVER_METADATA: &str = "/.well-known/oauth-authorization-server";
/// What apps read of this server's own APIs (RFC 9728 §3).
pub const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
/// Where a password manager finds the password page (W3C change-password URL).
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";
/// Where a password manager finds the page of passkeys (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
pub const PASSKEY_ENDPOINTS: &str = "/.well-known/passkey-endpoints";
/// Public keys (RFC 7517).
pub const JWKS: &str = "/oauth/jwks";
/// Authorization endpoint (RFC 6749 §3.1).
pub const AUTHORIZE: &str = "/oauth/authorize";
/// Token endpoint (RFC 6749 §3.2).
pub const TOKEN: &str = "/oauth/token";
/// Pushed authorization requests (RFC 9126 §2).
pub const PAR: &str = "/oauth/par";
/// Device authorization endpoint (RFC 8628 §3.1).
pub const DEVICE_AUTHORIZATION: &str = "/oauth/device_authorization";
/// Backchannel authentication endpoint (CIBA Core §7).
pub const BACKCHANNEL_AUTHENTICATION: &str = "/oauth/bc-authorize";
/// UserInfo endpoint (OpenID Connect Core §5.3).
pub const USERINFO: &str = "/oauth/userinfo";
/// Introspection (RFC 7662).
pub const INTROSPECT: &str = "/oauth/introspect";
/// Revocation (RFC 7009).
pub const REVOKE: &str = "/oauth/revoke";
/// Where apps register themselves (RFC 7591 §3).
pub const REGISTER_CLIENT: &str = "/oauth/register";
/// Where an app manages its registration (RFC 7592 §2): GET, PUT, DELETE.
pub const REGISTERED_CLIENT: &str = "/oauth/register/{client}";
/// RP-initiated logout.
pub const END_SESSION: &str = "/oauth/logout";

/// The sign-in page.
pub const LOGIN: &str = "/login";
/// Signs in with a code by mail.
pub const LOGIN_CODE: &str = "/login/code";
/// Has such a code sent.
pub const LOGIN_CODE_SEND: &str = "/login/code/send";
/// A second factor.
pub const MFA: &str = "/login/mfa";
/// Sets up a second factor on the way in, where one is required.
pub const ENROL: &str = "/login/enrol";
/// Adds a passkey or security key there: POST, JSON.
pub const ENROL_KEY: &str = "/login/enrol/key";
/// Asks for its challenge: POST, JSON.
pub const ENROL_KEY_OPTIONS: &str = "/login/enrol/key/options";
/// Answers the challenge of a passkey or security key: POST, JSON.
pub const LOGIN_PASSKEY: &str = "/login/passkey";
/// Asks for such a challenge: POST, JSON.
pub const LOGIN_PASSKEY_OPTIONS: &str = "/login/passkey/options";
/// Says why a sign-in was refused, and what to do.
pub const REFUSED: &str = "/login/refused";
/// Shows recovery codes that were made on the way in.
pub const NEW_CODES: &str = "/login/codes";
/// Goes on with a flow: to the next page, or back to the app.
pub const CONTINUE: &str = "/login/continue";
/// Leads to another provider. Form fields `flow`, `provider`.
pub const UPSTREAM: &str = "/login/upstream";
/// Where a provider's answer comes to.
pub const UPSTREAM_CALLBACK: &str = "/login/upstream/{provider}/callback";
/// Forgets what another provider told in a flow. Form field `flow`.
pub const UPSTREAM_FORGET: &str = "/login/upstream/forget";
/// Makes an account of another provider's word.
pub const REGISTER_UPSTREAM: &str = "/register/upstream";
/// Asks whether an account at another provider is connected to the one that was signed in to.
pub const UPSTREAM_CONNECT: &str = "/login/upstream/connect";
/// The card that offers notices.
pub const OFFER: &str = "/login/offer";
/// The consent page.
pub const CONSENT: &str = "/consent";
/// Takes the code that a device shows (RFC 8628 §3.3). Query parameter `user_code`, form field `code`.
pub const DEVICE: &str = "/device";
/// What became of it.
pub const DEVICE_DONE: &str = "/device/done";
/// Makes an account.
pub const REGISTER: &str = "/register";
/// "Check your mail", while a registration waits for its link.
pub const CHECK_MAIL: &str = "/register/check";
/// Sends the link again.
pub const RESEND: &str = "/register/resend";
/// Whether the link has been used, for the page that waits.
pub const REGISTER_STATE: &str = "/register/state";
/// Where the link of a registration leads.
pub const CONFIRM_EMAIL: &str = "/confirm";
/// Where an invitation leads.
pub const INVITE: &str = "/invite";
/// Asks for a link to set a new password.
pub const RECOVER: &str = "/recover";
/// Where that link leads.
pub const RESET: &str = "/reset";
/// "I have lost everything": asks for the way back that opens after a wait.
pub const RECOVERY: &str = "/recovery";
/// Where the link of that mail leads: begins the wait.
pub const RECOVERY_BEGIN: &str = "/recovery/begin";
/// Where the link of the mail at the end of the wait leads.
pub const RECOVERY_FINISH: &str = "/recovery/finish";
/// Where the way off in a mail leads: GET asks, POST switches off (RFC 8058).
pub const WAY_OFF: &str = "/notices/off";
/// Signs out of this server.
pub const LOGOUT: &str = "/logout";
/// After that.
pub const SIGNED_OUT: &str = "/signed-out";
/// Set-up, once in the life of an installation.
pub const SETUP: &str = "/setup";

/// The account's overview.
pub const ACCOUNT: &str = "/account";
/// Name, language, time zone.
pub const PROFILE: &str = "/account/profile";
/// Ways to sign in.
pub const SIGN_IN: &str = "/account/signin";
/// The page for a new password, and where it is posted.
pub const PASSWORD: &str = "/account/signin/password";
/// Names a passkey or security key. Form fields `key`, `name`.
pub const KEY_RENAME: &str = "/account/signin/keys/rename";
/// Removes a passkey or security key. Form field `key`.
pub const KEY_REMOVE: &str = "/account/signin/keys/remove";
/// Sets up an authenticator app.
pub const TOTP: &str = "/account/signin/app";
/// Removes it.
pub const TOTP_REMOVE: &str = "/account/signin/app/remove";
/// Makes and shows recovery codes.
pub const RECOVERY_CODES: &str = "/account/signin/recovery-codes";
/// The same as a file. Query parameter `set`.
pub const RECOVERY_CODES_FILE: &str = "/account/signin/recovery-codes.txt";
/// Links an account at another provider. Form field `provider`.
pub const IDENTITY_LINK: &str = "/account/signin/link";
/// Unlinks one. Form field `identity`.
pub const IDENTITY_UNLINK: &str = "/account/signin/unlink";
/// Devices.
pub const DEVICES: &str = "/account/devices";
/// Signs out every other device.
pub const DEVICES_END_OTHERS: &str = "/account/devices/end-others";
/// Signs out one device. Form field `device`.
pub const DEVICE_END: &str = "/account/devices/end";
/// Forgets one device. Form field `device`.
pub const DEVICE_FORGET: &str = "/account/devices/forget";
/// Has one device asked for the second factor again. Form field `device`.
pub const DEVICE_ASK: &str = "/account/devices/ask-again";
/// Signs one app out on one device. Form fields `device`, `client`.
pub const DEVICE_APP_END: &str = "/account/devices/apps/end";
/// Connected apps.
pub const APPS: &str = "/account/apps";
/// Takes an app's access away. Form field `client`.
pub const APP_REMOVE: &str = "/account/apps/remove";
/// Notices.
pub const NOTIFICATIONS: &str = "/account/notifications";
/// Changes when nothing rings, and how much a notice says.
pub const QUIET: &str = "/account/notifications/quiet";
/// Removes a browser from those that are rung. Form field `subscription`.
pub const SUBSCRIPTION_REMOVE: &str = "/account/notifications/remove";
/// What is kept for notices: GET shows it, POST deletes it.
pub const NOTICE_DATA: &str = "/account/notifications/data";
/// What happened to the account.
pub const ACTIVITY: &str = "/account/activity";
/// Answers "was this you?".
pub const WAS_THIS_YOU: &str = "/account/was-this-you";
/// A way back that is under way, and its stop.
pub const RECOVERY_STOP: &str = "/account/recovery";
/// What an app asks a person for, from elsewhere; its answers are posted below it.
pub const ASK: &str = "/account/asks";
/// A change that waits, or was done; its answers are posted below it.
pub const CHANGE: &str = "/account/confirm";
/// Another mail address. Form field `email`.
pub const EMAIL: &str = "/account/email";
/// Another telephone number, or none. Form field `phone`.
pub const PHONE: &str = "/account/phone";
/// A copy of what is kept, and the end of it.
pub const DATA: &str = "/account/data";
/// The copy. Query parameter `change`.
pub const DATA_FILE: &str = "/account/data/copy.json";
/// Deletes the account.
pub const DELETE: &str = "/account/data/delete";
/// "It wasn't me": locks the account down, and tells how it is lifted.
pub const LOCKDOWN: &str = "/account/lockdown";
/// Lifts it. Form field `token`.
pub const LOCKDOWN_LIFT: &str = "/account/lockdown/lift";
/// Securing the account after a "no".
pub const SECURE: &str = "/account/secure";

/// Adds a passkey or security key: POST.
pub const API_KEYS: &str = "/account/api/keys";
/// Asks for the challenge of a new one: POST.
pub const API_KEYS_OPTIONS: &str = "/account/api/keys/options";
/// Preferences as JSON: GET, PATCH.
pub const API_PREFERENCES: &str = "/account/api/preferences";
/// Subscriptions of this browser: POST, DELETE.
pub const API_SUBSCRIPTIONS: &str = "/account/api/push/subscriptions";
/// A subscription that the browser renewed by itself.
pub const API_ROTATE: &str = "/account/api/push/rotate";
/// What a browser says of a notice that it got: POST, JSON, without a session.
pub const RECEIPTS: &str = "/account/receipts";
/// Sends a test notice to this browser.
pub const API_TEST: &str = "/account/api/push/test";
/// What is kept for notices: GET, DELETE.
pub const API_NOTICE_DATA: &str = "/account/api/push/data";
/// Answers of the card that offers notices.
pub const API_OFFER: &str = "/account/api/push/offer";

/// Where the answer of one provider comes to: each has an address of its own (RFC 9700 §4.4.2).
pub fn upstream_callback(key: &str) -> String {
    UPSTREAM_CALLBACK.replace("{provider}", key)
}

/// Whether a path is one of these.
pub fn is_upstream_callback(path: &str) -> bool {
    let key = path.strip_prefix(UPSTREAM).and_then(|rest| rest.strip_prefix('/')?.strip_suffix("/callback"));
    key.is_some_and(|key| !key.is_empty() && !key.contains('/'))
}

/// Where one app manages its registration. Its id needs no escaping.
pub fn registered_client(client_id: &str) -> String {
    REGISTERED_CLIENT.replace("{client}", client_id)
}

/// Whether a path is one of these.
pub fn is_registered_client(path: &str) -> bool {
    let id = path.strip_prefix(REGISTER_CLIENT).and_then(|rest| rest.strip_prefix('/'));
    id.is_some_and(|id| !id.is_empty() && !id.contains('/'))
}

/// A path with the flow it belongs to.
pub fn with_flow(path: &str, flow: Id) -> String {
    format!("{path}?flow={flow}")
}

/// A path with a secret token from a mail. The text of a [`Secret`](crate::Secret) needs no escaping.
pub fn with_token(path: &str, token: &crate::Secret) -> String {
    format!("{path}?token={}", token.reveal())
}

/// The way off in a mail. Its token needs no escaping.
pub fn way_off(token: &str) -> String {
    format!("{WAY_OFF}?token={token}")
}

/// The page of one "was this you?".
pub fn was_this_you(event: Id) -> String {
    format!("{WAS_THIS_YOU}/{event}")
}

/// Where an answer to "was this you?" is posted; `answer` is `yes` or `no`.
pub fn was_this_you_answer(event: Id, answer: &str) -> String {
    format!("{WAS_THIS_YOU}/{event}/{answer}")
}

/// The page of what one app asks.
pub fn ask(ask: Id) -> String {
    format!("{ASK}/{ask}")
}

/// Where an answer to it is posted: `allow`, `deny`.
pub fn ask_answer(ask: Id, answer: &str) -> String {
    format!("{ASK}/{ask}/{answer}")
}

/// The page of one change.
pub fn change(change: Id) -> String {
    format!("{CHANGE}/{change}")
}

/// Where an answer to it is posted: `approve`, `deny`, `cancel`, `code`, `undo`.
pub fn change_answer(change: Id, answer: &str) -> String {
    format!("{CHANGE}/{change}/{answer}")
}

/// Where a new set of recovery codes is shown.
pub fn recovery_codes(set: Id) -> String {
    format!("{RECOVERY_CODES}?set={set}")
}

/// Where a copy of what is kept is fetched, once it was allowed.
pub fn data_of(change: Id) -> String {
    format!("{DATA}?change={change}")
}

/// The page of one way back that is under way.
pub fn recovery(recovery: Id) -> String {
    format!("{RECOVERY_STOP}/{recovery}")
}

/// Where its stop is posted.
pub fn recovery_stop(recovery: Id) -> String {
    format!("{RECOVERY_STOP}/{recovery}/stop")
}
