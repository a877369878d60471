//! Where a sign-in leads, read once for all that asks.

use super::Continuation;
use crate::here::Here;
use base::Fault;
use identity::login::Flow;
use oauth::client::Client;
use std::sync::Arc;

/// Where a flow leads, and the app there, as they were a moment ago. What the person said on the way (`consent`) may be missing in it: then
/// the app's request asks for more than it still does, never for less.
pub(crate) struct Way {
    pub(crate) to: Continuation,
    pub(crate) client: Option<Arc<Client>>,
}

impl Way {
    /// The name of the app.
    pub(crate) fn app(&self) -> Option<String> {
        self.client.as_ref().map(|client| client.name.clone())
    }
}

impl Here {
    /// Where a flow leads. It may look the app up: whoever has begun a transaction asks before.
    pub(crate) async fn way_of(&self, flow: &Flow) -> Result<Way, Fault> {
        let to = Continuation::of(flow)?;
        let client = match to.client_id() {
            Some(id) => self.known_client(&id).await?,
            None => None,
        };
        Ok(Way { to, client })
    }

    /// The name of the app that a flow leads to.
    pub(crate) async fn app_of(&self, flow: &Flow) -> Result<Option<String>, Fault> {
        Ok(self.way_of(flow).await?.app())
    }
}
