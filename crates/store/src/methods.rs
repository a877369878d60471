//! Every query as a method of [`Tx`] and, where it only looks, of [`Read`].
//!
//! They answer with a boxed future ([`Answer`]): what is behind it is compiled here, once. The body of an `async fn` is compiled
//! anew in each crate that awaits it, and all of diesel with it.

use crate::fault::fault;
use crate::model::{
    Delivery, Installation, KeyUse, NewDelivery, Outcome, PreferenceChange, SignedIn, Sink, StoredKey, Subscription,
    Tenant,
};
use crate::tx::{Answer, Read, Source, Turn, Tx};
use crate::{pg, sqlite};
use base::{Cursor, Id, Page, SecretHash, Timestamp};
use identity::account::PasswordHash;
use identity::limit::Counter;
use identity::login::{Factors, Flow};
use identity::receipt::Got;
use identity::{
    Account, Agent, Credential, Device, EndReason, EventRecord, FederatedIdentity, PendingChange, Preferences, Purpose,
    Recovery, RecoveryCode, Session, SingleUse, Totp,
};
use std::collections::HashMap;
use std::time::Duration;

/// Methods that look: on `Read` and on `Tx`.
macro_rules! reads {
    ($life:lifetime; $(
        $(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $found:ty = $module:ident::$query:ident;
    )*) => {
        impl Read { $(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`base::Fault`] of the database.
            pub fn $name<$life>(&$life mut self, $($arg: $type),*) -> Answer<$life, $found> {
                Box::pin(async move {
                    let tenant = self.tenant;
                    match &self.source {
                        Source::Pg(pool) => {
                            pg::queries::$module::$query(&mut **pool.look().await?.conn()?, tenant, $($arg),*).await
                        }
                        Source::Sqlite(db) => {
                            sqlite::queries::$module::$query(db.reader()?.conn()?, tenant, $($arg),*).await
                        }
                    }
                    .map_err(|error| fault(concat!("store: ", stringify!($name)), error))
                })
            }
        )* }
        writes! { $life; $( $(#[$doc])* $name($($arg: $type),*) -> $found = $module::$query; )* }
    };
}

/// Methods of `Tx` that belong to its tenant. `signals` marks those that have something for the relay,
/// `outdates` those that end what was read of apps and tokens before ([`crate::Store::revision`]), `moves` those that
/// somebody waits for.
macro_rules! writes {
    ($life:lifetime; $(
        $(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $done:ty = $module:ident::$query:ident
        $($signals:ident $(($what:expr))?)?;
    )*) => {
        impl Tx { $(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`base::Fault`] of the database.
            pub fn $name<$life>(&$life mut self, $($arg: $type),*) -> Answer<$life, $done> {
                Box::pin(async move {
                    let tenant = self.tenant()?;
                    crate::kill::point(stringify!($name));
                    let done = match self.turn()? {
                        Turn::Pg(turn) => pg::queries::$module::$query(&mut **turn.conn()?, tenant, $($arg),*).await,
                        Turn::Sqlite(turn) => sqlite::queries::$module::$query(turn.conn()?, tenant, $($arg),*).await,
                    };
                    $( self.$signals($($what)?); )?
                    self.settle(concat!("store: ", stringify!($name)), done)
                })
            }
        )* }
    };
}

/// Methods of `Tx` that span tenants.
macro_rules! across {
    ($life:lifetime; $(
        $(#[$doc:meta])* $vis:vis $name:ident($($arg:ident: $type:ty),*) -> $done:ty = $module:ident::$query:ident
        $($signals:ident)?;
    )*) => {
        impl Tx { $(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`base::Fault`] of the database.
            $vis fn $name<$life>(&$life mut self, $($arg: $type),*) -> Answer<$life, $done> {
                Box::pin(async move {
                    crate::kill::point(stringify!($name));
                    let done = match self.turn()? {
                        Turn::Pg(turn) => pg::queries::$module::$query(&mut **turn.conn()?, $($arg),*).await,
                        Turn::Sqlite(turn) => sqlite::queries::$module::$query(turn.conn()?, $($arg),*).await,
                    };
                    $( self.$signals(); )?
                    self.settle(concat!("store: ", stringify!($name)), done)
                })
            }
        )* }
    };
}

mod apps;

reads! { 'a;
    /// The counters of these keys that are there, in no order. For at most some thousand keys at once.
    find_counters(keys: &'a [SecretHash]) -> Vec<(SecretHash, Counter)> = counters::find_all;

    /// The account of that id.
    find_account(id: Id) -> Option<Account> = accounts::find;
    /// The account of an address, by [`base::Email::key`].
    find_account_by_email(email_key: &'a str) -> Option<Account> = accounts::find_by_email;
    /// Accounts, oldest first.
    list_accounts(from: Cursor, limit: i64) -> Page<Account> = accounts::list;
    /// How many accounts there are.
    count_accounts() -> i64 = accounts::count;
    /// The account's password, if it has one.
    find_password(account: Id) -> Option<PasswordHash> = accounts::password;
    /// When the account's password was last set.
    password_changed_at(account: Id) -> Option<Timestamp> = accounts::password_changed_at;

    /// What the account has to sign in with.
    factors(account: Id) -> Factors = factors::of;
    /// The passkey or security key of that row id.
    find_credential(id: Id) -> Option<Credential> = credentials::find;
    /// The passkey or security key of that id of the authenticator's, whosever it is.
    find_credential_by_its_id(credential_id: &'a [u8]) -> Option<Credential> = credentials::find_by_credential_id;
    /// The account's passkeys and security keys, oldest first.
    list_credentials(account: Id) -> Vec<Credential> = credentials::list;
    /// The account's authenticator app, also one that is not confirmed.
    find_totp(account: Id) -> Option<Totp> = factors::totp;
    /// The account's recovery codes, used or not.
    list_recovery_codes(account: Id) -> Vec<RecoveryCode> = factors::codes;
    /// Whose account a subject of another provider is.
    find_identity(issuer: &'a str, subject: &'a str) -> Option<FederatedIdentity> = identities::find;
    /// The account's accounts at other providers, oldest first.
    list_identities(account: Id) -> Vec<FederatedIdentity> = identities::list;
    /// The way back of that id, also one that is over.
    find_recovery(id: Id) -> Option<Recovery> = recoveries::find;
    /// The account's way back that is neither stopped nor finished; it may have expired.
    find_open_recovery(account: Id) -> Option<Recovery> = recoveries::open;
    /// The account's ways back that were begun at or after a moment, newest first, also those that are over.
    list_recoveries(account: Id, since: Timestamp) -> Vec<Recovery> = recoveries::begun_since;
    /// Ways back that are neither stopped nor finished and of which something is to be told, the longest due first.
    due_recoveries(now: Timestamp, limit: i64) -> Vec<Recovery> = recoveries::due;

    /// The sensitive change of that id, also one that is over.
    find_change(id: Id) -> Option<PendingChange> = changes::find;
    /// The account's changes that have not ended, the oldest first; their time may be over.
    list_open_changes(account: Id) -> Vec<PendingChange> = changes::open;
    /// The account's changes that ended at or after a moment, the oldest first.
    list_ended_changes(account: Id, since: Timestamp) -> Vec<PendingChange> = changes::ended_since;
    /// Changes whose time is over and that nobody has ended, the longest over first.
    due_changes(now: Timestamp, limit: i64) -> Vec<PendingChange> = changes::due;
    /// Since when nothing sensitive can be changed in the account; `None` when it can.
    locked_down_since(account: Id) -> Option<Timestamp> = changes::locked_down_since;

    /// The device of that id.
    find_device(id: Id) -> Option<Device> = devices::find;
    /// The account's device of that cookie secret, bound to the account ([`base::Secret::hash_for`]).
    find_device_by_secret(account: Id, secret: SecretHash) -> Option<Device> = devices::find_by_secret;
    /// The account's devices, last seen first.
    list_devices(account: Id) -> Vec<Device> = devices::list;
    /// Whether the account has any device.
    has_devices(account: Id) -> bool = devices::any;

    /// The session of that cookie secret with its account and device. Also one that is over: look at it.
    find_signed_in(secret: SecretHash) -> Option<SignedIn> = sessions::find_signed_in;
    /// The session of that id, also one that is over.
    find_session(id: Id) -> Option<Session> = sessions::find;
    /// The account's sessions that are neither ended nor expired, last seen first.
    list_sessions(account: Id, now: Timestamp) -> Vec<Session> = sessions::list;

    /// The flow of that id, also one that is over.
    find_flow(id: Id) -> Option<Flow> = flows::find;
    /// What can be used once, used or not, expired or not.
    find_single_use(hash: SecretHash, purpose: Purpose) -> Option<SingleUse> = single_uses::find;

    /// The keys for a use, in the order in which they sign.
    list_keys(usage: KeyUse) -> Vec<StoredKey> = keys::list;

    /// The subscriptions of the browsers in which a notice of that event was clicked.
    clicked_in(event: Id) -> Vec<Id> = deliveries::clicked_in;
    /// The event of that id.
    find_event(id: Id) -> Option<EventRecord> = events::find;
    /// The account's events, newest first.
    list_events(account: Id, from: Cursor, limit: i64) -> Page<EventRecord> = events::list;

    /// Events of some kinds since then, newest first, at most `limit`: whoever's they are.
    list_kinds(kinds: &'a [&'a str], since: Timestamp, limit: i64) -> Vec<EventRecord> = events::of_kinds;
    /// An account's events of these kinds since a moment, newest first, a thousand at most.
    list_kinds_of(account: Id, kinds: &'a [&'a str], since: Timestamp) -> Vec<EventRecord> = events::kinds_of;

    /// How many events of some kinds there were since then.
    count_kinds(kinds: &'a [&'a str], since: Timestamp) -> i64 = events::count_kinds;

    /// What the account wants to be told, and where.
    preferences(account: Id) -> Preferences = preferences::find;
    /// The same of many accounts; who is missing has chosen nothing.
    preferences_of(accounts: &'a [Id]) -> HashMap<Id, Preferences> = batches::preferences_of;

    /// How many notices stand in the outbox for an account's browsers: sent, or still to be.
    count_pushes(account: Id) -> i64 = deliveries::count_pushes;
    /// The account's subscriptions, oldest first.
    list_subscriptions(account: Id) -> Vec<Subscription> = subscriptions::list;
    /// The same of many accounts.
    list_subscriptions_of(accounts: &'a [Id]) -> Vec<Subscription> = batches::subscriptions_of;
    /// The subscription of that id.
    find_subscription(id: Id) -> Option<Subscription> = subscriptions::find;
    /// The subscription of an endpoint, by its hash.
    find_subscription_by_endpoint(endpoint: SecretHash) -> Option<Subscription> = subscriptions::find_by_endpoint;
}

writes! { 'a;
    /// Closes set-up for ever and names the tenant. `false` when it was closed before.
    close_set_up(name: &'a str, now: Timestamp) -> bool = installation::close_set_up;

    /// The account of that id, held until the transaction ends.
    lock_account(id: Id) -> Option<Account> = accounts::lock;
    /// Adds an account. `false` when its address is taken.
    insert_account(account: &'a Account) -> bool = accounts::insert;
    /// Saves an account.
    update_account(account: &'a Account) -> () = accounts::update outdates;
    /// Sets the account's password.
    put_password(account: Id, hash: &'a PasswordHash, now: Timestamp) -> () = accounts::put_password;
    /// Removes the account's password.
    delete_password(account: Id) -> () = accounts::delete_password;
    /// Deletes an account with everything that is kept of it, its log and its links included.
    delete_account(account: Id) -> () = accounts::delete outdates;
    /// Puts a new hash of the same password in the place of the old one; when the password was set stays as it was.
    /// `false` when the old one is not there any more.
    renew_password(account: Id, old: &'a PasswordHash, new: &'a PasswordHash) -> bool = accounts::renew_password;

    /// Adds a passkey or security key. `false` when its id is taken, by whomever.
    insert_credential(credential: &'a Credential) -> bool = credentials::insert;
    /// Gives a passkey or security key another name.
    rename_credential(id: Id, name: &'a str) -> () = credentials::rename;
    /// Notes a sign-in with it: the record with its new counter, when, and in which browser.
    credential_used(id: Id, record: &'a serde_json::Value, used: (Timestamp, &'a Agent)) -> () = credentials::used;
    /// Removes a passkey or security key. `false` when it is unknown.
    delete_credential(id: Id) -> bool = credentials::delete;
    /// Saves the account's authenticator app; another one gives way.
    put_totp(totp: &'a Totp) -> () = factors::put_totp;
    /// Spends a time step of the confirmed authenticator app: of many at once, one gets `true`. `false` when this step
    /// or a later one was used.
    use_totp_step(account: Id, step: i64, now: Timestamp) -> bool = factors::use_totp_step;
    /// Removes the account's authenticator app. `false` when there is none.
    delete_totp(account: Id) -> bool = factors::delete_totp;
    /// Gives the account these recovery codes; all that were there are void.
    replace_recovery_codes(account: Id, codes: &'a [RecoveryCode]) -> () = factors::replace_codes;
    /// Uses a recovery code: of many at once, one gets `true`. `false` when it is unknown or used.
    use_recovery_code(account: Id, hash: SecretHash, now: Timestamp) -> bool = factors::use_code;
    /// Links an account at another provider. `false` when it is linked already, to whomever.
    insert_identity(identity: &'a FederatedIdentity) -> bool = identities::insert;
    /// Notes a sign-in with it, and the address and name that the provider told.
    identity_used(id: Id, told: (Option<&'a str>, Option<&'a str>), now: Timestamp) -> () = identities::used;
    /// Unlinks an account at another provider. `false` when it is unknown.
    delete_identity(id: Id) -> bool = identities::delete;
    /// Adds a way back. One of the account's that is still open must be stopped first.
    insert_recovery(recovery: &'a Recovery) -> () = recoveries::insert;
    /// Stops a way back. `false` when it is over or unknown.
    stop_recovery(id: Id, now: Timestamp) -> bool = recoveries::stop;
    /// Ends a way back that is ready: of many at once, one gets `true`.
    finish_recovery(id: Id, now: Timestamp) -> bool = recoveries::finish;
    /// Notes that what was due was told, and when the next is: of many at once, one gets `true`.
    recovery_told(id: Id, due: Option<Timestamp>, next: Option<Timestamp>) -> bool = recoveries::told;

    /// Notes what a browser (a subscription's) says of a notice (a delivery). `false` when it has said so before, or there
    /// is no such notice.
    note_receipt(notice: (Id, Id), got: Got, now: Timestamp) -> bool = deliveries::receipt;
    /// Adds a sensitive change.
    insert_change(change: &'a PendingChange) -> () = changes::insert;
    /// Saves one that was open, or its end. `false` when it had ended meanwhile: the first end stays.
    save_change(change: &'a PendingChange) -> bool = changes::save moves(change.id);
    /// Saves what became of one after its end. Its account's row is locked.
    save_ended_change(change: &'a PendingChange) -> () = changes::save_ended moves(change.id);
    /// Has nothing sensitive changed in the account any more. `false` when it was so before. Its row is locked.
    lock_down(account: Id, now: Timestamp) -> bool = changes::lock_down;
    /// Ends that. `false` when it was not so.
    lift_lockdown(account: Id) -> bool = changes::lift_lockdown;

    /// Adds a device.
    insert_device(device: &'a Device) -> () = devices::insert;
    /// Notes that a device was used, and where.
    touch_device(id: Id, now: Timestamp, place: Option<&'a identity::Place>) -> () = devices::touch;
    /// Saves a device.
    update_device(device: &'a Device) -> () = devices::update;
    /// Ends "don't ask on this device" for every device of the account. Says how many there were.
    distrust_devices(account: Id) -> usize = devices::distrust;
    /// Forgets a device, and with it its sessions and subscriptions: end live sessions first, so that what
    /// hangs on them is told.
    delete_device(id: Id) -> bool = devices::delete;

    /// The session of that cookie secret with its account and device, whose account is held until the transaction ends.
    lock_signed_in(account: Id, secret: SecretHash) -> Option<SignedIn> = sessions::lock_signed_in;
    /// Adds a session.
    insert_session(session: &'a Session) -> () = sessions::insert;
    /// Notes that a session was used.
    touch_session(id: Id, now: Timestamp) -> () = sessions::touch;
    /// Saves what a new proof changes: secret, device, `auth_time`, `amr`, `acr`, expiry. A session that was
    /// ended meanwhile stays as it is.
    update_session(session: &'a Session) -> () = sessions::update;
    /// Ends a session. `false` when it was over or is unknown.
    end_session(id: Id, reason: EndReason, now: Timestamp) -> bool = sessions::end;

    /// Adds a flow.
    insert_flow(flow: &'a Flow) -> () = flows::insert;
    /// The flow of that id, held until the transaction ends.
    lock_flow(id: Id) -> Option<Flow> = flows::lock;
    /// Saves a flow.
    save_flow(flow: &'a Flow) -> () = flows::save;

    /// Adds what can be used once.
    put_single_use(new: &'a SingleUse) -> () = single_uses::put;
    /// Keeps what was used, unless it is there already. Of many at once, one is told `true`.
    take_single_use(used: &'a SingleUse) -> bool = single_uses::take;
    /// Uses it: of many at once, one gets it. `None` when it is unknown, for another purpose, used or expired.
    consume_single_use(hash: SecretHash, purpose: Purpose, now: Timestamp) -> Option<SingleUse> = single_uses::consume;
    /// Uses what was found in the same transaction: of many at once, one gets `true`.
    spend_single_use(hash: SecretHash, purpose: Purpose, now: Timestamp) -> bool = single_uses::spend;
    /// Forgets the account's ones of that purpose, used or not: not even what they led to is shown any more.
    forget_single_uses(purpose: Purpose, account: Id) -> () = single_uses::forget;
    /// Marks the account's unused ones of that purpose as used: a new link makes the older ones void.
    void_single_uses(purpose: Purpose, account: Id, now: Timestamp) -> () = single_uses::void;

    /// Adds a key.
    insert_key(key: &'a StoredKey) -> () = keys::insert;
    /// Saves a key.
    update_key(key: &'a StoredKey) -> () = keys::update;
    /// Deletes one for good. `false` when it was not there.
    delete_key(id: Id) -> bool = keys::delete;

    /// The counter of a key, empty when it is new, held until the transaction ends.
    lock_counter(key: SecretHash) -> Counter = counters::lock;
    /// Saves a counter.
    save_counter(key: SecretHash, counter: &'a Counter, now: Timestamp) -> () = counters::save;

    /// Counts one more under a key, in the window that has begun or in a new one; says how many that makes. One
    /// statement: of many at once, each gets a number of its own.
    raise_counter(key: SecretHash, window: Duration, now: Timestamp) -> u32 = counters::raise;

    /// Writes an event, in the tenant of the transaction: to the activity log, and for the relay.
    emit(record: &'a EventRecord) -> () = outbox::emit signals;
    /// The counters of these keys, each of them named once, empty where they are new, held in their order until the transaction ends.
    lock_counters(keys: &'a [SecretHash]) -> Vec<(SecretHash, Counter)> = batches::lock_counters;
    /// Saves counters.
    save_counters(counters: &'a [(SecretHash, Counter)], now: Timestamp) -> () = batches::save_counters;

    /// Adds deliveries, each unless there is one for the same event, sink and target.
    add_deliveries(new: &'a [NewDelivery]) -> () = batches::add_deliveries signals;
    /// Keeps what was made for a delivery's first attempt.
    save_delivery_body(id: Id, body: &'a [u8]) -> () = deliveries::save_body;
    /// Notes how an attempt ended.
    finish_delivery(id: Id, outcome: &'a Outcome, now: Timestamp) -> () = deliveries::finish;

    /// Makes due what was held back for these subscriptions (their ids as text).
    release_deliveries(targets: &'a [String], now: Timestamp) -> usize = deliveries::release signals;

    /// Deletes every subscription of an account, and what was sent to its browsers or waits to be.
    forget_push(account: Id) -> () = subscriptions::forget;

    /// Changes a preference. The new revision, or `None` when the revision that the person saw is stale.
    set_preference(account: Id, change: &'a PreferenceChange) -> Option<i64> = preferences::set;

    /// Adds a subscription; a row of the same endpoint or id gives way.
    put_subscription(new: &'a Subscription) -> () = subscriptions::put;
    /// Deletes a subscription. `false` when there was none.
    delete_subscription(id: Id) -> bool = subscriptions::delete;
    /// Deletes a device's subscriptions. Says how many.
    delete_subscriptions_of_device(device: Id) -> usize = subscriptions::delete_of_device;
    /// Deletes the subscriptions that were made in a session. Says how many.
    delete_subscriptions_of_session(session: Id) -> usize = subscriptions::delete_of_session;
    /// Notes that the push service took a message: earlier failures are forgotten.
    subscription_delivered(id: Id, now: Timestamp) -> () = subscriptions::delivered;
    /// Notes a failure.
    subscription_failed(id: Id, now: Timestamp) -> () = subscriptions::failed;
}

across! { 'a;
    /// Up to `limit` events of all tenants that wait to be relayed, the most urgent and then the oldest first. They wait no longer once
    /// this is committed. On PostgreSQL those that another relay has taken are passed over.
    pub take_events(limit: i64) -> Vec<EventRecord> = outbox::take;

    /// See [`crate::Store::install`].
    pub(crate) install(new: &'a Installation) -> bool = installation::install;
    /// Adds a tenant. `false` when there is one of its id or origin.
    pub add_tenant(tenant: &'a Tenant) -> bool = installation::add_tenant;
    /// See [`crate::Store::update_tenant`].
    pub(crate) update_tenant(tenant: &'a Tenant) -> () = installation::update_tenant;
    /// See [`Tx::add_new_deliveries`].
    pub(crate) add_if_new(tenant: Id, new: &'a [NewDelivery]) -> bool = batches::add_new_deliveries signals;
    /// See [`crate::Store::claim_deliveries`].
    pub(crate) claim(sink: Sink, limit: i64, now: Timestamp, lease: Duration) -> Vec<Delivery> = deliveries::claim;
    /// See [`crate::Store::take_over_claims`].
    pub(crate) free_claims() -> usize = deliveries::free_claims;
    /// See [`crate::Store::replace_installation`].
    pub(crate) replace_installation(was: &'a [u8], new: &'a Installation) -> bool = installation::replace_installation;
    /// Ends what is valid, of all tenants.
    pub(crate) end_everything_issued(now: Timestamp) -> () = restored::end_everything;
    /// See [`crate::Store::redrive`].
    pub(crate) redrive(id: Id, now: Timestamp) -> bool = deliveries::redrive signals;
}

impl Tx {
    /// See [`crate::Store::purge`].
    pub(crate) fn purge_bite(&mut self, limit: i64, now: Timestamp) -> Answer<'_, usize> {
        Box::pin(async move {
            let tenant = self.tenant()?;
            let done = match self.turn()? {
                Turn::Pg(turn) => pg::queries::purge::bite(&mut **turn.conn()?, tenant, limit, now).await,
                Turn::Sqlite(turn) => sqlite::queries::purge::bite(turn.conn()?, tenant, limit, now).await,
            };
            self.settle("store: purge", done)
        })
    }
}
