//! One struct per table, and the way from it to the model and back.

/// Declares the row of a table: its columns, in the order of the model's fields, and both conversions.
/// `tenant_id` comes first in every one.
macro_rules! row {
    (
        $(#[$doc:meta])*
        $row:ident in $table:ident ($($key:ident),+) of $model:ty {
            $($field:ident in $column:ident: $type:ty,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Debug, diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset,
        )]
        #[diesel(table_name = crate::schema::$table)]
        #[diesel(primary_key($($key),+))]
        #[diesel(treat_none_as_null = true)]
        pub(crate) struct $row {
            pub(crate) tenant_id: Uid,
            $(pub(crate) $column: $type,)+
        }

        impl $row {
            /// The row of a value.
            pub(crate) fn of(tenant: Id, value: &$model) -> Self {
                Self { tenant_id: Uid(tenant), $($column: Stored::keep(&value.$field),)+ }
            }
        }

        impl From<$row> for $model {
            fn from(row: $row) -> Self {
                Self { $($field: Stored::give(row.$column),)+ }
            }
        }
    };
}

mod changes;
mod clients;
mod credentials;
mod notices;
mod people;
mod sign_in;

pub(crate) use changes::*;
pub(crate) use clients::*;
pub(crate) use credentials::*;
pub(crate) use notices::*;
pub(crate) use people::*;
pub(crate) use sign_in::*;

/// Takes rows to the model.
pub(crate) fn all<R, M: From<R>>(rows: Vec<R>) -> Vec<M> {
    rows.into_iter().map(M::from).collect()
}
