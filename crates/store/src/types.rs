//! How values lie in the database: one SQL type for both, and thin wrappers that turn them into ours.
//!
//! | SQL type | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`sql::Uid`] | `uuid` | 16-byte `BLOB` |
//! | [`sql::Moment`] | `timestamptz` | `INTEGER`, microseconds since 1970 |
//! | [`sql::Json`] | `jsonb` | `TEXT` |

mod convert;
mod stored;
mod word;

pub(crate) use stored::Stored;
pub(crate) use word::{Named, Word};

use base::{Id, SecretHash, Timestamp};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types;

/// The SQL types that both databases know under different names.
pub(crate) mod sql {
    use diesel::query_builder::QueryId;
    use diesel::sql_types::{SqlOrd, SqlType};

    /// A UUID.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951))]
    #[diesel(sqlite_type(name = "Binary"))]
    pub struct Uid;

    /// A moment in UTC.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Long"))]
    pub struct Moment;

    impl SqlOrd for Moment {}

    /// A JSON document.
    #[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Json;
}

/// An [`Id`] in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Uid)]
pub(crate) struct Uid(pub(crate) Id);

/// A [`Timestamp`] in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Moment)]
pub(crate) struct At(pub(crate) Timestamp);

/// A value that is kept as a JSON document.
#[derive(Debug, Clone, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Json)]
pub(crate) struct Json<T: std::fmt::Debug>(pub(crate) T);

/// A [`SecretHash`] in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Binary)]
pub(crate) struct Hash(pub(crate) SecretHash);

/// A count that is never negative, in a `bigint` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::BigInt)]
pub(crate) struct Count(pub(crate) u32);
