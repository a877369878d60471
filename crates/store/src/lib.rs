//! The database: it finds and saves, and contains no rule.
//!
//! [`Store`] is the installation's database, SQLite or PostgreSQL by its URL. [`Tx`] is a write transaction
//! of one tenant; dropped without [`Tx::commit`] it leaves nothing. [`Read`] looks at what is committed.
//!
//! Every query is written once (`queries`) and compiled twice, for each database with its own concrete
//! types; `methods` lists them all. Nothing here reads a clock, and no SQL says `now()`.

#![allow(clippy::duplicate_mod, reason = "the queries are compiled twice on purpose, with other types")]

pub mod carry;
mod condition;
mod durability;
mod fault;
mod held;
mod kept;
mod kill;
mod methods;
mod migrate;
pub mod model;
mod pg;
mod rows;
mod schema;
mod sqlite;
mod store;
mod tx;
mod types;

pub use condition::Condition;
pub use held::HeldCounters;
pub use store::{Pooler, Rotation, Store, StoreSettings};
pub use tx::{Answer, Read, Tx};
