//! Runs statements at once, on the thread that polls.
//!
//! A statement of ours is a few index look-ups in the page cache: a hop to a blocking thread costs more than
//! the statement. What waits for the disk, the commit, has a thread of its own (see `writer`). It also makes
//! a statement's future finish in a single poll: one that is dropped has run to its end or not at all.

use diesel_async::sync_connection_wrapper::SpawnBlocking;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, lazy};
use std::error::Error;

/// Where [`super::Conn`] runs its statements.
pub(crate) struct Inline;

impl SpawnBlocking for Inline {
    fn spawn_blocking<'a, R>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync + 'static>>>
    where
        R: Send + 'static,
    {
        lazy(|_| Ok(task())).boxed()
    }

    fn get_runtime() -> Self {
        Self
    }
}
