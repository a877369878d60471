//! People, their credentials, devices, login steps and events. Without IO: `app` finds and saves, this decides.

pub mod account;
pub mod attributes;
mod base32;
pub mod change;
pub mod credential;
pub mod details;
pub mod device;
pub mod device_name;
pub mod digits;
pub mod event;
pub mod limit;
pub mod login;
pub mod notice;
pub mod password;
pub mod password_policy;
pub mod phone;
pub mod place;
pub mod preference;
pub mod quiet;
pub mod receipt;
pub mod recovery;
pub mod recovery_code;
pub mod risk;
pub mod session;
pub mod single_use;
pub mod totp;
pub mod way_off;
pub mod webauthn;

pub use account::{Account, AccountStatus, Role};
pub use attributes::{Attributes, InvalidAttribute};
pub use change::{Change, ChangeKind, PendingChange};
pub use credential::{Credential, CredentialKind, FederatedIdentity, RecoveryCode, Totp};
pub use details::{Detail, Details, InvalidDetail};
pub use device::{Agent, Device, FormFactor, Place, PushOffer};
pub use event::{
    AnswerDue, AppAnswered, AppAsks, AskEnding, AskedForCode, AskedForReset, AskedToJoin, CameBy, Event, EventKind,
    EventRecord, Exchanged, Invitation, LogoutDue, Notice, OwnRegistration, QuietChange, Urgency,
};
pub use phone::Phone;
pub use preference::{Channel, Preferences, Topic};
pub use quiet::{Quiet, QuietHours};
pub use recovery::Recovery;
pub use session::{Amr, EndReason, Session};
pub use single_use::{Purpose, SingleUse};
pub use way_off::WayOff;
