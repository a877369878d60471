//! What every other crate stands on: time, randomness, ids, secrets, sealing, origins, paging.
//!
//! Nothing here does IO. Time and randomness are values ([`Clock`], [`Rng`]) that a use case receives,
//! so that a test owns both.

pub mod bounded;
pub mod clock;
pub mod email;
pub mod fault;
pub mod id;
pub mod origin;
pub mod paging;
pub mod rng;
pub mod routes;
pub mod seal;
pub mod secret;
mod time_of_day;

/// The target of those `tracing` spans that are told to a collector of traces. Where there is none they are off, and cost a look at
/// one flag. What is written into them is no secret, no person's, and nothing that somebody sent.
pub const TRACED: &str = "traced";

pub use bounded::Bounded;
pub use clock::{APART, Clock, Timestamp, WRONG_BY};
pub use email::Email;
pub use fault::Fault;
pub use id::Id;
pub use origin::Origin;
pub use paging::{Cursor, Page};
pub use rng::Rng;
pub use seal::{Keyring, MasterKey};
pub use secret::{Secret, SecretHash, SecretKind};
pub use time_of_day::{NoTimeOfDay, TimeOfDay};
