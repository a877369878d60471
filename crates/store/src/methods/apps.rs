//! What apps are, what people allowed them, and what they hold.

use crate::fault::fault;
use crate::model::{Access, AppInSession, Consent, Giver, Grant, InitialToken, Poll, Standing};
use crate::tx::{Answer, Read, Source, Turn, Tx};
use crate::{pg, sqlite};
use base::{Id, SecretHash, Timestamp};
use oauth::Client;
use oauth::grant_terms::GrantTerms;
use oauth::own_scope::OwnScope;

reads! { 'a;
    /// What an app comes back for, also when it is over.
    find_poll(id: Id) -> Option<Poll> = polls::find;
    /// What apps wait for from an account, the first to end first, also what is too old.
    list_asks(account: Id) -> Vec<Poll> = polls::waiting;

    /// The client of that `client_id`, also one that is switched off.
    find_client(client_id: &'a str) -> Option<Client> = clients::find;
    /// The client of that row id.
    find_client_by_id(id: Id) -> Option<Client> = clients::find_by_id;
    /// The scopes that the operator defined, by name.
    list_own_scopes() -> Vec<OwnScope> = own_scopes::list;
    /// All clients, oldest first.
    list_clients() -> Vec<Client> = clients::list;
    /// The clients that have, or had, a grant in a session.
    clients_of_session(session: Id) -> Vec<Client> = clients::of_session;
    /// What the account allowed the client.
    find_consent(account: Id, client: Id) -> Option<Consent> = clients::find_consent;
    /// What the account allowed, last used first.
    list_consents(account: Id) -> Vec<Consent> = clients::list_consents;

    /// The token with which apps may register themselves, also one that is used up or over.
    find_initial_token(hash: SecretHash) -> Option<InitialToken> = initial_tokens::find;
    /// All tokens with which apps may register themselves, oldest first, also those that are over.
    list_initial_tokens() -> Vec<InitialToken> = initial_tokens::list;

    /// The grant of that id, also one that is over.
    find_grant(id: Id) -> Option<Grant> = grants::find;
    /// The same with its account and session; `None` also for a grant that nobody gave.
    find_standing(id: Id) -> Option<Standing> = grants::find_standing;
    /// Which apps hold a grant of the account that is neither revoked nor expired, and in which of its sessions; last used first.
    apps_in_sessions(account: Id, now: Timestamp) -> Vec<AppInSession> = grants::apps_in_sessions;
    /// What the client was granted in a session and is neither revoked nor expired: of several the last used.
    find_grant_in_session(session: Id, client: Id, now: Timestamp) -> Option<Grant> = grants::find_in_session;
    /// What an access token of a person hangs on: the grant of that id, its account, and whether the token of that `jti` was
    /// ended by itself.
    find_access(grant: Id, jti: &'a str) -> Option<Access> = grants::find_access;
    /// Whether the access token of that `jti` was ended by itself.
    is_token_revoked(jti: &'a str) -> bool = grants::is_token_revoked;
}

writes! { 'a;
    /// Adds what an app comes back for.
    insert_poll(poll: &'a Poll) -> () = polls::insert;
    /// The same, held until the transaction ends.
    lock_poll(id: Id) -> Option<Poll> = polls::lock;
    /// Saves it.
    save_poll(poll: &'a Poll) -> () = polls::save;

    /// Adds a client. `false` when its `client_id` is taken.
    insert_client(client: &'a Client) -> bool = clients::insert;
    /// Saves a client.
    update_client(client: &'a Client) -> () = clients::update outdates;
    /// The client of that `client_id`, held until the transaction ends.
    lock_client(client_id: &'a str) -> Option<Client> = clients::lock;
    /// Deletes a client with its grants, their tokens, and what people allowed it. `false` when it is unknown.
    delete_client(id: Id) -> bool = clients::delete outdates;
    /// Deletes the clients that came without an operator before a moment: those that nobody allowed anything and that
    /// have no grant, or all. Says how many.
    delete_registered_clients(before: Timestamp, also_used: bool) -> usize = clients::delete_registered outdates;
    /// Adds a token with which apps may register themselves.
    insert_initial_token(token: &'a InitialToken) -> () = initial_tokens::insert;
    /// Uses it once more: of many at once, no more get `true` than there are uses left. `false` when it is used up,
    /// expired, withdrawn or unknown.
    spend_initial_token(id: Id, now: Timestamp) -> bool = initial_tokens::spend;
    /// Takes it back. `false` when it was before, or is unknown.
    withdraw_initial_token(id: Id, now: Timestamp) -> bool = initial_tokens::withdraw;
    /// Saves a scope of the operator's.
    put_own_scope(scope: &'a OwnScope) -> () = own_scopes::put;
    /// Removes one. `false` when there was none.
    remove_own_scope(name: &'a str) -> bool = own_scopes::remove;
    /// Saves what an account allows a client.
    put_consent(consent: &'a Consent) -> () = clients::put_consent;
    /// Forgets what an account allowed a client. `false` when there was nothing.
    delete_consent(account: Id, client: Id) -> bool = clients::delete_consent;

    /// Saves what was agreed for a grant beside its scope.
    save_grant_terms(id: Id, terms: &'a GrantTerms) -> () = grants::save_terms outdates;
    /// Adds a grant.
    insert_grant(grant: &'a Grant) -> () = grants::insert;
    /// Makes the grant that a code becomes. Of many at once, one is told `true`; `false` means that it was made before.
    begin_grant(grant: &'a Grant) -> bool = grants::begin;
    /// Who hands something to an app, with what it rests on; the account is held until the transaction ends.
    lock_giver(account: Id, session: Id, client: Id) -> Option<Giver> = grants::lock_giver;
    /// The grant of that id, held until the transaction ends.
    lock_grant(id: Id) -> Option<Grant> = grants::lock;
    /// The same as [`Tx::find_standing`] finds.
    lock_standing(id: Id) -> Option<Standing> = grants::lock_standing;
    /// Notes that a grant was used.
    touch_grant(id: Id, now: Timestamp) -> () = grants::touch;
    /// Ends a grant. `false` when it was ended before or is unknown.
    revoke_grant(id: Id, now: Timestamp) -> bool = grants::revoke outdates;
    /// Ends every grant that came from a device, also those that outlived their sessions. Says how many.
    revoke_grants_of_device(device: Id, now: Timestamp) -> usize = grants::revoke_of_device outdates;
    /// Ends the grants that came from a session, but for those that hold `offline_access` if they are spared.
    /// Says how many.
    revoke_grants_of_session(session: Id, now: Timestamp, spare_offline: bool) -> usize = grants::revoke_of_session outdates;
    /// Ends what a client was granted in a session and has not expired. Says how many.
    revoke_grants_of_app(session: Id, client: Id, now: Timestamp) -> usize = grants::revoke_of_app outdates;
    /// Ends the account's grants that did not come from this session. Says how many.
    revoke_grants_elsewhere(account: Id, session: Id, now: Timestamp) -> usize = grants::revoke_elsewhere outdates;
    /// Ends the account's grants to one client, or to all. Says how many.
    revoke_grants_of(account: Id, client: Option<Id>, now: Timestamp) -> usize = grants::revoke_of outdates;
    /// Exchanges the refresh token of a generation: of many at once, one gets `true`. `false` when another one is due, or the grant
    /// is unknown or was ended.
    rotate_grant(id: Id, generation: u32, now: Timestamp) -> bool = grants::rotate;
    /// Ends one access token by its `jti`; it is remembered until the token expires.
    revoke_token(jti: &'a str, expires_at: Timestamp) -> () = grants::revoke_token outdates;
}
