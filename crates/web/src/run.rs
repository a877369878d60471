//! A use case that writes is run to its end, even when the client hangs up.

use base::Fault;
use tracing::Instrument;

/// Runs a use case as a task of its own and waits for it. Dropping the waiting (the client is gone) does not
/// cancel it.
pub(crate) async fn run<T, E>(work: impl Future<Output = Result<T, E>> + 'static) -> Result<T, E>
where
    T: 'static,
    E: From<Fault> + 'static,
{
    // In a box: a use case is large, and a task's future is moved several times.
    match actix_web::rt::spawn(Box::pin(work).in_current_span()).await {
        Ok(answer) => answer,
        Err(error) => Err(Fault::new("finish a request", error).into()),
    }
}
