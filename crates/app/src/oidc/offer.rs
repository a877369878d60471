//! The card that offers notices on the way back to an app.

use crate::here::Here;
use crate::login::{Continuation, FlowRefusal};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Step, Visitor};
use base::{Id, routes};
use identity::login::Flow;

/// The card that offers notices, before the way leads on.
#[derive(Debug, Clone)]
pub struct OfferPage {
    /// The flow.
    pub flow: Id,
    /// The app that waits.
    pub app: Option<String>,
    /// What the page needs to switch notices on.
    pub push: crate::push::PushState,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

impl Here {
    /// The card that offers notices, once in a browser and only where its permission is undecided.
    pub(super) fn offer(&self, flow: &Flow, signed: &Signed) -> Option<Step> {
        let shows = flow.can_offer && !flow.offered && self.may_offer(signed);
        shows.then(|| Step::here(routes::with_flow(routes::OFFER, flow.id)))
    }

    /// The card's page. Having been shown it counts: whoever passes it by is asked again in ninety days.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn offer_page(&self, flow: Id, visitor: &Visitor) -> Answer<OfferPage, FlowRefusal> {
        let signed = self.signed_in(visitor).await?;
        let Some(signed) = signed else { return refuse(FlowRefusal::Gone) };
        let flow = self.open_flow(flow, visitor).await?;
        let app = self.app_of(&flow).await?;
        if !flow.offered {
            let (mut tx, own) = self.begin_as(&signed).await?;
            let mut flow = self.lock_flow(&mut tx, flow.id, visitor).await?;
            flow.offered = true;
            tx.save_flow(&flow).await?;
            let push_offer = own.push_offer.postponed(self.now());
            tx.update_device(&identity::Device { push_offer, ..own }).await?;
            tx.commit().await?;
        }
        let leads_to = Continuation::of(&flow)?.leads_to();
        Ok(OfferPage { flow: flow.id, app, push: self.push_state(&signed).await?, leads_to })
    }
}
