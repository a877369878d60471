//! What the store keeps that is neither an `identity` nor an `oauth` type of its own.

use base::{Id, Origin, SecretHash, Timestamp};
use identity::{Agent, Amr, Place};
use oauth::authorize::AuthorizationRequest;
use oauth::grant_terms::GrantTerms;
use oauth::polling::Polling;
use serde::{Deserialize, Serialize};

/// The installation: one row, made at the first start.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The data key, wrapped by the master key.
    pub wrapped_key: Vec<u8>,
    /// Since when.
    pub created_at: Timestamp,
}

/// A tenant is one public origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Row id.
    pub id: Id,
    /// Where its pages and its issuer are.
    pub origin: Origin,
    /// The name that people read.
    pub name: String,
    /// When the set-up page was used; it is closed for ever after.
    pub set_up_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

/// A token with which apps may register themselves, so many times (RFC 7591 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialToken {
    /// Row id.
    pub id: Id,
    /// Hash of the token.
    pub hash: SecretHash,
    /// Whom the operator gave it to.
    pub name: String,
    /// How many apps may register with it.
    pub uses: u32,
    /// How many did.
    pub used: u32,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When the operator took it back.
    pub withdrawn_at: Option<Timestamp>,
}

impl InitialToken {
    /// Whether it can be used.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.used < self.uses && now < self.expires_at && self.withdrawn_at.is_none()
    }
}

/// What an account allowed a client to see.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    /// Who allowed it.
    pub account: Id,
    /// Whom (row id of the client).
    pub client: Id,
    /// What, space-separated (RFC 6749 §3.3).
    pub scope: String,
    /// Since when.
    pub granted_at: Timestamp,
    /// Last sign-in to the app.
    pub last_used_at: Timestamp,
}

/// One authorization of a client: what its code, its refresh token family and its access tokens hang on.
/// Ending it ends them all.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Row id; stands in the `jti` of its access tokens.
    pub id: Id,
    /// Who is signed in. `None` for a client that acts for itself.
    pub account: Option<Id>,
    /// The client's row id.
    pub client: Id,
    /// The session it came from.
    pub session: Option<Id>,
    /// What was granted, space-separated.
    pub scope: String,
    /// Whether it holds `offline_access` and so outlives an ordinary sign-out.
    pub offline: bool,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// How.
    pub amr: Vec<Amr>,
    /// How much that proves.
    pub acr: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Last token.
    pub last_used_at: Timestamp,
    /// The end, however much it is used.
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
    /// What was agreed beside the scope.
    pub terms: GrantTerms,
    /// The generation of the refresh token that is due: how often one was exchanged.
    pub generation: u32,
    /// When one was exchanged last.
    pub rotated_at: Option<Timestamp>,
}

/// A request for whose answer an app comes back to the token endpoint. By which secret it does stands among what is used
/// once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Poll {
    /// Row id.
    pub id: Id,
    /// The client's row id.
    pub client: Id,
    /// What it asks for.
    pub request: AuthorizationRequest,
    /// How it stands.
    pub polling: Polling,
    /// What asked, by its own word.
    pub agent: Agent,
    /// Where that seemed to be.
    pub place: Option<Place>,
    /// By which hash the code is found that a person types.
    pub user_code: Option<SecretHash>,
    /// Since when.
    pub created_at: Timestamp,
    /// Whom it asks, where that is not whoever comes with a code.
    #[serde(default)]
    pub ask: Option<Ask>,
}

impl Poll {
    /// Whose answer it waits for.
    pub fn waits_for(&self) -> Option<Id> {
        self.ask.as_ref().filter(|_| self.polling.decision.is_none()).and_then(|ask| ask.account)
    }
}

/// What an app asks a person who is elsewhere (CIBA Core).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Who is asked; `None` for a name that nobody has here, of which the app must not hear.
    pub account: Option<Id>,
    /// What the person sees here and at the app.
    pub message: Option<String>,
    /// Whether the person has to type the number that the app shows.
    pub number: bool,
    /// Wrong numbers so far.
    pub wrong_numbers: u32,
    /// Whether browsers were rung.
    pub rings: bool,
    /// An [`oauth::backchannel::Callback`], sealed, in base64; for an app that is told.
    pub callback: Option<String>,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Signs tokens.
    Sign,
    /// Identifies us to push services (RFC 8292).
    Vapid,
}

/// A private key at rest.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// Row id.
    pub id: Id,
    /// What it is for.
    pub usage: KeyUse,
    /// The algorithm's name, as in `ES256`.
    pub alg: String,
    /// The key id that others see.
    pub kid: String,
    /// The private key, sealed for `keys.private/<id>`.
    pub private: Vec<u8>,
    /// Since when it is published.
    pub created_at: Timestamp,
    /// From when on it signs. Published before, so that nobody meets an unknown key.
    pub signs_from: Timestamp,
    /// From when on a newer one signs; it stays published for a while.
    pub retired_at: Option<Timestamp>,
}

/// A browser that can be rung.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// Row id.
    pub id: Id,
    /// Whose browser it is.
    pub account: Id,
    /// Which.
    pub device: Id,
    /// The session in which it was switched on.
    pub session: Id,
    /// Hash of the endpoint: one row per endpoint.
    pub endpoint: SecretHash,
    /// The push service's origin, for logs and metrics.
    pub service: String,
    /// Endpoint and keys, sealed for `subscriptions.sealed/<id>`.
    pub sealed: Vec<u8>,
    /// The VAPID key that it was made with.
    pub vapid_key: Id,
    /// Since when.
    pub created_at: Timestamp,
    /// When the push service last took a message.
    pub delivered_at: Option<Timestamp>,
    /// When it last said that a notice was on its screen. It is no consent to anything.
    pub shown_at: Option<Timestamp>,
    /// When it last said that somebody clicked one. Neither is that.
    pub clicked_at: Option<Timestamp>,
    /// Since when it has failed without a success between.
    pub failing_since: Option<Timestamp>,
    /// Failures in a row.
    pub strikes: i32,
}

/// Where a delivery goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// Web Push.
    Push,
    /// Mail.
    Mail,
    /// Logout tokens to the servers of apps.
    Logout,
    /// What people said to apps that asked, to their servers.
    Answer,
}

impl Sink {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Push, Self::Mail, Self::Logout, Self::Answer];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Mail => "mail",
            Self::Logout => "logout",
            Self::Answer => "answer",
        }
    }
}

/// What to deliver: one of an event, a sink and a target, so that nothing is sent for the same thing twice.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDelivery {
    /// The event it tells of.
    pub event: Id,
    /// Where it goes.
    pub sink: Sink,
    /// The subscription's id, or the account's for mail, or a fixed word where there is no account, or the client's row id.
    pub target: String,
    /// Not before.
    pub due_at: Timestamp,
    /// Worthless after.
    pub expires_at: Timestamp,
    /// Security before the rest: higher goes first.
    pub priority: i32,
}

impl NewDelivery {
    /// Row id: it follows from the event, the sink and the target, and there can be no second one of them.
    pub fn id(&self) -> Id {
        self.event.derived(format!("{} {}", self.sink.as_str(), self.target).as_bytes())
    }
}

/// A delivery that this worker has claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Row id.
    pub id: Id,
    /// Its tenant.
    pub tenant: Id,
    /// The event it tells of.
    pub event: Id,
    /// Where it goes.
    pub sink: Sink,
    /// To whom.
    pub target: String,
    /// How often it was claimed, this time included.
    pub attempts: i32,
    /// Worthless after.
    pub expires_at: Timestamp,
    /// What was made for the first attempt and is sent again unchanged.
    pub body: Option<Vec<u8>>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Taken by the other side.
    Sent,
    /// Nothing to do (the preference is off, the account is gone).
    Dropped(&'static str),
    /// Again at this moment.
    Retry(Timestamp, String),
    /// Not before the first moment, and worthless after the second: nothing was tried.
    Held(Timestamp, Timestamp),
    /// Given up: an operator sees it and can send it again.
    Dead(String),
}

/// A live session with whose it is and where: one look for every request.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: identity::Session,
    /// The person.
    pub account: identity::Account,
    /// The browser.
    pub device: identity::Device,
}

/// An app in a session: what it was granted there and holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppInSession {
    /// The session.
    pub session: Id,
    /// The client's row id.
    pub client: Id,
    /// When one of the grants was used last.
    pub last_used: Timestamp,
}

/// A grant with the person who gave it and where: one look for every token.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The grant.
    pub grant: Grant,
    /// The person.
    pub account: identity::Account,
    /// The session that it came of, if that is still there.
    pub session: Option<identity::Session>,
}

/// What an access token of a person hangs on: one look for every token.
#[derive(Debug, Clone)]
pub struct Access {
    /// The grant.
    pub grant: Grant,
    /// The person.
    pub account: identity::Account,
    /// Whether the token was ended by itself.
    pub is_ended: bool,
}

/// A person who hands something to an app, and what that rests on: one look for every code.
#[derive(Debug, Clone)]
pub struct Giver {
    /// The person.
    pub account: identity::Account,
    /// The session.
    pub session: identity::Session,
    /// The app among the person's connected ones.
    pub consent: Option<Consent>,
}

/// What a person chose.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Topic and channel, on or off.
    Switch(identity::Topic, identity::Channel, bool),
    /// When nothing rings, and how much a notice says.
    Quiet(identity::Quiet),
}

/// What changed a preference.
#[derive(Debug, Clone)]
pub struct PreferenceChange {
    /// What is changed.
    pub what: Choice,
    /// The revision that the person saw.
    pub seen_revision: i64,
    /// When.
    pub at: Timestamp,
    /// In which browser.
    pub by: Agent,
}
