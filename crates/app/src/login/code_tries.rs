//! Codes that are typed into a flow, whatever they prove: counted before they are looked at.

use crate::guard::{Lanes, TooMany};
use crate::here::Here;
use crate::problem::{Answer, refuse};
use identity::login::Flow;
use store::Tx;

/// Why a code is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uncounted {
    /// Too many wrong ones in this flow: it is over.
    Dead,
    /// Too many tries on the account, or from the network.
    TooMany(TooMany),
}

/// Counts a code in its flow and in its lanes, and commits.
///
/// # Errors
/// [`Uncounted`]: it must not be looked at.
pub(super) async fn count(here: &Here, mut tx: Tx, mut flow: Flow, lanes: &mut Lanes) -> Answer<(), Uncounted> {
    let tried = flow.try_code(here.now());
    tx.save_flow(&flow).await?;
    if tried.is_err() {
        tx.commit().await?;
        return refuse(Uncounted::Dead);
    }
    if let Err(wait) = lanes.reserve(here, &mut tx).await? {
        return refuse(Uncounted::TooMany(wait));
    }
    Ok(tx.commit().await?)
}
