//! Web Push: subscriptions (Push API), encryption (RFC 8291, RFC 8188), identification (RFC 8292, "VAPID") and
//! delivery (RFC 8030), with what push services really answer.
//!
//! It knows no database, no user and no meaning of a message. A message is [prepared](Sender::prepare) once, can be
//! stored, and is [delivered](Sender::deliver) unchanged as often as it takes; each [`Reply`] says what to do next.

mod coding;
mod contact;
mod curve;
mod encryption;
mod endpoint;
mod lanes;
mod message;
pub mod payload;
mod prepared;
pub mod receiver;
mod reply;
mod sender;
mod subscription;
mod vapid;

pub use contact::{Contact, NotAContact};
pub use encryption::{MAX_BODY, MAX_PAYLOAD};
pub use endpoint::{Endpoint, SERVICES, Vendors};
pub use lanes::OriginStatus;
pub use message::{Message, PayloadTooLong, Topic, TopicError, Urgency};
pub use prepared::{NotPrepared, Prepared};
pub use reply::{Refused, Reply};
pub use sender::Sender;
pub use subscription::{NotASubscription, Subscription};
pub use vapid::{NotAVapidKey, VapidKey};
