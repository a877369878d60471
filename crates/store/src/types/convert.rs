//! The wrappers' bytes, for each database.

use super::{At, Count, Hash, Json, Uid, sql};
use base::{Id, SecretHash, Timestamp};
use diesel::deserialize::{self, FromSql};
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Text, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::io::Write;

/// PostgreSQL counts from 2000-01-01; in microseconds since 1970.
const PG_EPOCH: i64 = 946_684_800_000_000;
/// The only version of jsonb's wire format.
const JSONB: u8 = 1;

fn blob(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Vec<u8>> {
    <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)
}

impl ToSql<sql::Uid, Pg> for Uid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Uid, Pg> for Uid {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Id::from_bytes(value.as_bytes().try_into()?)))
    }
}

impl ToSql<sql::Uid, Sqlite> for Uid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Uid, Sqlite> for Uid {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(Id::from_bytes(blob(value)?.as_slice().try_into()?)))
    }
}

impl ToSql<sql::Moment, Pg> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let moment = PgTimestamp(self.0.micros().saturating_sub(PG_EPOCH));
        ToSql::<Timestamptz, Pg>::to_sql(&moment, &mut out.reborrow())
    }
}

impl FromSql<sql::Moment, Pg> for At {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(micros) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        Ok(Self(Timestamp::from_micros(micros.saturating_add(PG_EPOCH))))
    }
}

impl ToSql<sql::Moment, Sqlite> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Moment, Sqlite> for At {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(Timestamp::from_micros(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?)))
    }
}

impl<T: Debug + Serialize> ToSql<sql::Json, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[JSONB])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<T: Debug + DeserializeOwned> FromSql<sql::Json, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes().split_first() {
            Some((&JSONB, document)) => Ok(Self(serde_json::from_slice(document)?)),
            _ => Err("an unknown version of jsonb".into()),
        }
    }
}

impl<T: Debug + Serialize> ToSql<sql::Json, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl<T: Debug + DeserializeOwned> FromSql<sql::Json, Sqlite> for Json<T> {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let document = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&document)?))
    }
}

impl ToSql<Binary, Pg> for Hash {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0.0)?;
        Ok(IsNull::No)
    }
}

impl FromSql<Binary, Pg> for Hash {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(SecretHash(value.as_bytes().try_into()?)))
    }
}

impl ToSql<Binary, Sqlite> for Hash {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.0.as_slice());
        Ok(IsNull::No)
    }
}

impl FromSql<Binary, Sqlite> for Hash {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(SecretHash(blob(value)?.as_slice().try_into()?)))
    }
}

impl ToSql<BigInt, Pg> for Count {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&i64::from(self.0).to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<BigInt, Pg> for Count {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(u32::try_from(<i64 as FromSql<BigInt, Pg>>::from_sql(value)?)?))
    }
}

impl ToSql<BigInt, Sqlite> for Count {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(i64::from(self.0));
        Ok(IsNull::No)
    }
}

impl FromSql<BigInt, Sqlite> for Count {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(u32::try_from(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?)?))
    }
}
