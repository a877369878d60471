//! A database that rows arrive in.

use super::sums::each_row;
use super::{CarryError, Sums};
use base::{Fault, Timestamp};
use store::Store;
use store::carry::Layout;
use store::model::Installation;

/// How the row begins that stands for an installation which is not all there yet.
const UNDER_WAY: &[u8] = b"under way ";

/// Whether a database holds an installation that has not arrived as a whole.
pub fn is_under_way(wrapped_key: &[u8]) -> bool {
    wrapped_key.starts_with(UNDER_WAY)
}

/// The row for what is known by these bytes.
pub(super) fn marker(of: &[u8]) -> Vec<u8> {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, of);
    [UNDER_WAY, digest.as_ref()].concat()
}

/// Makes the database ready: tables of the version that the rows have, and the marker. One in which the same was begun before
/// is gone on with.
pub(super) async fn prepare(store: &Store, layout: &Layout, marker: &[u8], now: Timestamp) -> Result<(), CarryError> {
    // Without tables there is nothing to find, which is as it should be.
    match store.installation().await.ok().flatten() {
        Some(found) if found.wrapped_key == marker => return Ok(()),
        Some(_) => return Err(CarryError::InUse),
        None => {}
    }
    let steps = store.migrate_up_to(&layout.migration).await?;
    let is_current = layout.migration == Layout::current().migration;
    if steps == 0 && !(is_current && store.tenants().await?.is_empty()) {
        return Err(CarryError::InUse);
    }
    let row = Installation { wrapped_key: marker.to_vec(), created_at: now };
    if store.install(&row).await? { Ok(()) } else { Err(CarryError::InUse) }
}

/// Compares what arrived with what was sent.
pub(super) async fn verify(store: &Store, layout: &Layout, sent: &Sums) -> Result<(), CarryError> {
    let arrived = each_row(store, layout, async |_, _| Ok(()), &mut |_, _| ()).await?;
    match sent.iter().find(|(name, sum)| arrived.get(*name) != Some(sum)) {
        Some((name, _)) => Err(CarryError::Differs(name.clone())),
        None => Ok(()),
    }
}

/// Makes it an installation.
pub(super) async fn finish(
    store: &Store,
    marker: &[u8],
    installation: &Installation,
    ended_at: Option<Timestamp>,
) -> Result<(), CarryError> {
    store.migrate().await?;
    store.loader().await?.go_on().await?;
    if store.replace_installation(marker, installation, ended_at).await? {
        Ok(())
    } else {
        Err(Fault::broken("finish: somebody else did something to this database").into())
    }
}
