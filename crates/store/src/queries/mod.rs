//! Every query, written once. This module is compiled twice, inside `pg` and inside `sqlite`, each with its
//! own `Conn`, `RunQueryDsl`, `Run`, `locked!`, `hold!` and `skip_locked!`. What is done to many rows at once is written
//! for each (`batches`), as is how an event comes into the outbox and out of it (`outbox`); nothing else differs.
//!
//! A row is asked for by its key with `get_result`; `first`, with its LIMIT, is for the first of several. SQLite plans a statement
//! once: it is compiled not to look at the values that are bound (`.cargo/config.toml`). Where its plan depends on one, as with
//! an index of some rows, the statement says the value itself.
//!
//! Each function takes the connection and, but for the relay's, the tenant, by which it filters.

use super::{Conn, Run, RunQueryDsl};

pub(crate) use super::{batches, outbox};

pub(crate) mod accounts;
pub(crate) mod changes;
pub(crate) mod clients;
pub(crate) mod condition;
pub(crate) mod counters;
pub(crate) mod credentials;
pub(crate) mod deliveries;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod factors;
pub(crate) mod flows;
pub(crate) mod grants;
pub(crate) mod identities;
pub(crate) mod initial_tokens;
pub(crate) mod installation;
pub(crate) mod keys;
pub(crate) mod own_scopes;
pub(crate) mod polls;
pub(crate) mod preferences;
pub(crate) mod purge;
pub(crate) mod recoveries;
pub(crate) mod restored;
pub(crate) mod sessions;
pub(crate) mod single_uses;
pub(crate) mod subscriptions;
