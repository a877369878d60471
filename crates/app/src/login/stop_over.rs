//! What a person has to see once they are signed in, before a flow leads on: new recovery codes, that a second factor will
//! be required, and an account elsewhere that they may connect.

use super::{Continuation, FlowRefusal};
use crate::here::Here;
use crate::problem::Answer;
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, routes};
use identity::login::{Evidence, Flow};
use zeroize::Zeroizing;

/// New recovery codes, within a flow.
pub struct NewCodesPage {
    /// The set's id.
    pub set: Id,
    /// The codes; `None` when they can't be shown any more.
    pub codes: Option<Vec<Zeroizing<String>>>,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whether the last of the old ones was used.
    pub used_up: bool,
    /// Where the forms of the page lead in the end: the app's redirect URI, for the page's `form-action`.
    pub leads_to: Option<String>,
}

impl Here {
    /// The page that comes first, if there is one.
    pub(crate) async fn stop_over(&self, flow: &Flow, visitor: &Visitor) -> Result<Option<Step>, Fault> {
        let Some(page) = self.stops_at(flow) else { return Ok(None) };
        let signed = self.signed_in(visitor).await?;
        let mine = signed.filter(|signed| flow.account() == Some(signed.id()));
        Ok(mine.map(|_| Step::here(routes::with_flow(page, flow.id))))
    }

    /// The page that comes first for whom the flow signs in, if there is one.
    pub(crate) fn stops_at(&self, flow: &Flow) -> Option<&'static str> {
        match flow.new_codes {
            Some(_) => Some(routes::NEW_CODES),
            None if self.tells_of_enrolment(flow) => Some(routes::ENROL),
            None if self.offers_to_link(flow) => Some(routes::UPSTREAM_CONNECT),
            None => None,
        }
    }

    /// The page of new recovery codes; nothing when they were seen.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn new_codes_page(
        &self,
        flow: Id,
        signed: &Signed,
        visitor: &Visitor,
    ) -> Answer<Option<NewCodesPage>, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        let Some(set) = flow.new_codes.filter(|_| flow.account() == Some(signed.id())) else { return Ok(None) };
        Ok(Some(NewCodesPage {
            set,
            codes: self.shown_codes(signed, set, visitor).await?,
            app: self.app_of(&flow).await?,
            used_up: flow.evidence.iter().any(|proof| matches!(proof, Evidence::RecoveryCode { .. })),
            leads_to: Continuation::of(&flow)?.leads_to(),
        }))
    }

    /// The codes were seen: the flow leads on.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn new_codes_seen(&self, flow: Id, visitor: &Visitor) -> Answer<(), FlowRefusal> {
        let mut tx = self.begin().await?;
        let mut flow = self.lock_flow(&mut tx, flow, visitor).await?;
        flow.new_codes = None;
        tx.save_flow(&flow).await?;
        Ok(tx.commit().await?)
    }
}
