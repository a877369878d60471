//! Values that are one word or address in a `text` column.

use crate::model::{KeyUse, Sink};
use base::{Email, Origin};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::{Sqlite, SqliteValue};
use identity::account::PasswordHash;
use identity::{AccountStatus, Channel, CredentialKind, EndReason, Phone, Purpose, Role, Topic};
use std::fmt::Debug;
use std::io::Write;

/// A value with a name in the database.
pub(crate) trait Named: Sized + Debug {
    /// The name.
    fn name(&self) -> &str;
    /// The value of that name.
    fn named(name: &str) -> Option<Self>;
}

/// A [`Named`] value in a column.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub(crate) struct Word<T: Named>(pub(crate) T);

fn read<T: Named>(name: &str) -> deserialize::Result<Word<T>> {
    let kind = std::any::type_name::<T>();
    T::named(name)
        .map(Word)
        .ok_or_else(|| format!("the database holds a {kind} that this version does not know").into())
}

impl<T: Named> ToSql<Text, Pg> for Word<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.name().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl<T: Named> FromSql<Text, Pg> for Word<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        read(std::str::from_utf8(value.as_bytes())?)
    }
}

impl<T: Named> ToSql<Text, Sqlite> for Word<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.name());
        Ok(IsNull::No)
    }
}

impl<T: Named> FromSql<Text, Sqlite> for Word<T> {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        read(&<String as FromSql<Text, Sqlite>>::from_sql(value)?)
    }
}

/// Names an enum's values once, for both directions.
macro_rules! names {
    ($($type:ident { $($value:ident = $name:literal),* $(,)? })*) => { $(
        impl Named for $type {
            fn name(&self) -> &str {
                match self { $( Self::$value => $name ),* }
            }
            fn named(name: &str) -> Option<Self> {
                match name { $( $name => Some(Self::$value), )* _ => None }
            }
        }
    )* };
}

names! {
    AccountStatus { Active = "active", Disabled = "disabled" }
    Role { User = "user", Admin = "admin" }
    EndReason {
        SignedOut = "signed_out",
        SignedOutByApp = "signed_out_by_app",
        EndedByOwner = "ended_by_owner",
        Denied = "denied",
        PasswordChanged = "password_changed",
        Replaced = "replaced",
        EndedByOperator = "ended_by_operator",
        LockedDown = "locked_down",
        Restored = "restored",
    }
    Purpose {
        Code = "code",
        ConfirmEmail = "confirm_email",
        ResetPassword = "reset_password",
        WasThisYou = "was_this_you",
        Invite = "invite",
        BeginRecovery = "begin_recovery",
        StopRecovery = "stop_recovery",
        FinishRecovery = "finish_recovery",
        AddKey = "add_key",
        SignInCode = "sign_in_code",
        UpstreamState = "upstream_state",
        AnswerChange = "answer_change",
        ClientAssertion = "client_assertion",
        DeviceCode = "device_code",
        UserCode = "user_code",
        AuthRequest = "auth_request",
        DpopProof = "dpop_proof",
        LiftLockdown = "lift_lockdown",
        PushedRequest = "pushed_request",
        SignedOut = "signed_out",
        Setup = "setup",
    }
    KeyUse { Sign = "sign", Vapid = "vapid" }
    Topic { NewDevice = "login.new_device", CredentialChanged = "credential.changed", ChangeRequested = "change.requested", AppConnected = "app.connected" }
    CredentialKind { Passkey = "passkey", SecurityKey = "security_key" }
    Channel { Push = "push", Email = "email" }
}

impl Named for Sink {
    fn name(&self) -> &str {
        self.as_str()
    }
    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sink| sink.as_str() == name)
    }
}

impl Named for Email {
    fn name(&self) -> &str {
        self.as_str()
    }
    fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

impl Named for Phone {
    fn name(&self) -> &str {
        self.as_str()
    }
    fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

impl Named for Origin {
    fn name(&self) -> &str {
        self.as_str()
    }
    fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

impl Named for PasswordHash {
    fn name(&self) -> &str {
        &self.0
    }
    fn named(name: &str) -> Option<Self> {
        Some(Self(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_the_model_itself_uses() {
        for purpose in [
            Purpose::Code,
            Purpose::ConfirmEmail,
            Purpose::ResetPassword,
            Purpose::WasThisYou,
            Purpose::Invite,
            Purpose::BeginRecovery,
            Purpose::StopRecovery,
            Purpose::FinishRecovery,
            Purpose::UpstreamState,
            Purpose::AddKey,
            Purpose::SignInCode,
            Purpose::ClientAssertion,
            Purpose::PushedRequest,
            Purpose::DpopProof,
            Purpose::SignedOut,
            Purpose::Setup,
        ] {
            assert_eq!(purpose.name(), purpose.as_str());
            assert_eq!(Purpose::named(purpose.as_str()), Some(purpose));
        }
        for topic in Topic::ALL {
            assert_eq!(Topic::named(topic.name()), Topic::from_name(topic.as_str()));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::named(channel.name()), Channel::from_name(channel.as_str()));
        }
        assert_eq!(Role::named("root"), None);
    }
}
