//! What a person does with their own account. Every method takes a [`Signed`](crate::Signed): a live session.

mod activity;
mod apps;
mod authenticator;
mod credentials;
mod data;
mod devices;
mod disown;
mod identities;
mod new_key;
mod overview;
mod password;
mod preferences;
mod profile;
mod recovery_codes;
mod sessions;
mod was_this_you;

pub use activity::{ActivityPage, Line};
pub use apps::ConnectedApp;
pub use authenticator::{AppRefusal, AppStanding, ConfirmApp, SetUpApp};
pub(crate) use credentials::has;
pub use credentials::{AcceptedKeys, AddKey, AddKeyRefusal, KeyChangeRefusal, Keys, MAX_KEYS};
pub(crate) use data::delete_everything;
pub use data::{DataRefusal, Export};
pub use devices::{AppSession, DeviceEntry};
pub use identities::{LinkedIdentity, OtherAccounts, UnlinkRefusal};
pub(crate) use new_key::Asker;
pub use overview::Overview;
pub use password::{ChangePassword, ChangeRefusal};
pub use preferences::{PreferenceRefusal, SetPreference, SetQuiet};
pub use profile::{Profile, ProfileRefusal};
pub use recovery_codes::{CodesStanding, NewCodes};
pub use sessions::Farewell;
pub(crate) use sessions::signed_out;
pub use was_this_you::{AnswerRefusal, Asked, Question, Standing, Yes};
