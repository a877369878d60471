//! A use case that writes is run to its end, even when the client hangs up.

use base::Fault;
use tracing::Instrument;

/// Begins a use case as a task of its own; gives back what waits for it. Dropping that (the client is gone) does not
/// cancel it.
pub(crate) fn run<T, E>(
    work: impl Future<Output = Result<T, E>> + 'static,
) -> impl Future<Output = Result<T, E>> + 'static
where
    T: 'static,
    E: From<Fault> + 'static,
{
    // In a box, and at once: a use case is large, and both a task's future and a handler's are moved several times.
    let begun = actix_web::rt::spawn(Box::pin(work).in_current_span());
    async {
        match begun.await {
            Ok(answer) => answer,
            Err(error) => Err(Fault::new("finish a request", error).into()),
        }
    }
}
