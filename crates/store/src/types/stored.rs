//! Between a value of the model and what its column holds.

use super::{At, Count, Hash, Json, Named, Uid, Word};
use base::{Id, SecretHash, Timestamp};
use std::fmt::Debug;

/// What a column holds for a value of type `M`.
pub(crate) trait Stored<M> {
    /// For the way in.
    fn keep(value: &M) -> Self;
    /// For the way out.
    fn give(self) -> M;
}

macro_rules! wrappers {
    ($($wrapper:ident of $model:ty),*) => { $(
        impl Stored<$model> for $wrapper {
            fn keep(value: &$model) -> Self {
                Self(*value)
            }
            fn give(self) -> $model {
                self.0
            }
        }
    )* };
}
wrappers!(Uid of Id, At of Timestamp, Hash of SecretHash, Count of u32);

macro_rules! as_they_are {
    ($($plain:ty),*) => { $(
        impl Stored<$plain> for $plain {
            fn keep(value: &$plain) -> Self {
                value.clone()
            }
            fn give(self) -> $plain {
                self
            }
        }
    )* };
}
as_they_are!(String, bool, i32, i64, Vec<u8>);

impl<T: Named + Clone> Stored<T> for Word<T> {
    fn keep(value: &T) -> Self {
        Self(value.clone())
    }
    fn give(self) -> T {
        self.0
    }
}

impl<T: Debug + Clone> Stored<T> for Json<T> {
    fn keep(value: &T) -> Self {
        Self(value.clone())
    }
    fn give(self) -> T {
        self.0
    }
}

impl<M, S: Stored<M>> Stored<Option<M>> for Option<S> {
    fn keep(value: &Option<M>) -> Self {
        value.as_ref().map(S::keep)
    }
    fn give(self) -> Option<M> {
        self.map(S::give)
    }
}
