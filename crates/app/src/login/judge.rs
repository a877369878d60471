//! The risk rules, at the door: what is odd about an attempt whose proof was right.

use super::finish::has_signed_in;
use super::{Continuation, FlowRefusal};
use crate::here::{By, Here};
use crate::problem::Answer;
use crate::spread;
use crate::visitor::Visitor;
use base::{Cursor, Fault, Id};
use identity::login::{Assurance, Evidence, Factors, Flow, Reason};
use identity::risk::{Assessment, Familiarity, History, Outcome, Signals, assess, why};
use identity::{Device, Event};
use store::Tx;

/// How much of the log is looked through for the countries that an account was used in.
const LOG: i64 = 200;

/// What the rules say of an attempt.
pub(crate) enum Verdict {
    /// It goes on, and more is asked for these reasons, if any.
    GoesOn(Vec<Reason>),
    /// It is refused: the flow says why.
    Refused,
}

impl Here {
    /// Why a flow's last attempt was refused; nothing when it was not.
    ///
    /// # Errors
    /// [`FlowRefusal`] when the flow can't go on.
    pub async fn refused_page(&self, flow: Id, visitor: &Visitor) -> Answer<Vec<Reason>, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        Ok(flow.judged.map(|judged| judged.refused).unwrap_or_default())
    }

    /// Looks at an attempt on an account, once in a flow, under the account's lock. What is odd is recorded, and told
    /// where it is to be told.
    ///
    /// A registration is not looked at, for there is nothing that it could be compared with; neither is a proof that is
    /// added to a live session of this browser, which was looked at when it began.
    pub(crate) async fn judge(
        &self,
        tx: &mut Tx,
        flow: &mut Flow,
        factors: &Factors,
        visitor: &Visitor,
    ) -> Result<Verdict, Fault> {
        let Some(account) = attempt(flow).filter(|account| !flow.is_judged(*account)) else {
            return Ok(Verdict::GoesOn(Vec::new()));
        };
        let (signals, device) = self.signals(tx, account, visitor).await?;
        let found = assess(&signals, &self.settings().risk);
        let can_prove_more = factors.reaches(Assurance::TwoFactors, &flow.requirements.methods);
        let outcome = found.outcome(signals.browser, can_prove_more);
        if outcome > Outcome::Nothing && !found.is_only_the_question() {
            self.record(tx, flow, (&found, outcome), &By::about(account, device, visitor)).await?;
        }
        let reasons: Vec<Reason> = why(found.findings(), outcome).map(|rule| rule.reason()).collect();
        Ok(match outcome {
            Outcome::Refused => {
                flow.refuse(account, reasons);
                Verdict::Refused
            }
            Outcome::Asked => {
                flow.let_on(account);
                Verdict::GoesOn(reasons)
            }
            Outcome::Nothing | Outcome::Recorded | Outcome::Noted | Outcome::Told => {
                flow.let_on(account);
                Verdict::GoesOn(Vec::new())
            }
        })
    }

    async fn record(
        &self,
        tx: &mut Tx,
        flow: &Flow,
        (found, outcome): (&Assessment, Outcome),
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let app = match Continuation::of(flow)?.client_id() {
            Some(client_id) => tx.find_client(&client_id).await?.map(|client| client.name),
            None => None,
        };
        let event = Event::Risk { findings: found.findings().to_vec(), outcome, app };
        self.emit(tx, by, event).await.map(drop)
    }

    /// The facts, and the device if the account knows it.
    async fn signals(&self, tx: &mut Tx, account: Id, visitor: &Visitor) -> Result<(Signals, Option<Id>), Fault> {
        let at = self.now();
        let devices = tx.list_devices(account).await?;
        let device = visitor.device.as_ref().map(|secret| secret.hash_for(account.as_bytes()));
        let device = device.and_then(|secret| devices.iter().find(|device| device.secret == secret));
        let browser = match device {
            Some(device) if device.vouches(at) => Familiarity::Known,
            Some(_) => Familiarity::Seen,
            None if devices.is_empty() && !has_signed_in(tx, account).await? => Familiarity::First,
            None => Familiarity::New,
        };
        let history = history(tx, account, &devices, visitor).await?;
        let (accounts_from_address, addresses_on_account) = spread::seen(self, tx, account, visitor.ip).await?;
        let place = visitor.place.clone();
        let signals = Signals { at, browser, place, history, accounts_from_address, addresses_on_account };
        Ok((signals, device.map(|device| device.id)))
    }
}

/// Where the account was used before. The log is read only where the devices do not tell enough: most sign-ins are
/// from a country that one of them was last seen in.
async fn history(tx: &mut Tx, account: Id, devices: &[Device], visitor: &Visitor) -> Result<History, Fault> {
    let history = History::of_devices(devices);
    let place = visitor.place.as_ref();
    if !devices.is_empty() && place.is_none_or(|place| history.countries.contains(&place.country)) {
        return Ok(history);
    }
    let log = tx.list_events(account, Cursor(None), LOG).await?;
    Ok(history.and_log(&log.items))
}

/// Whose account an attempt is on, if the evidence is one.
fn attempt(flow: &Flow) -> Option<Id> {
    let given = |evidence: &Evidence| evidence.method().is_some() && !matches!(evidence, Evidence::Registered { .. });
    let in_session = |evidence: &Evidence| matches!(evidence, Evidence::Session { .. });
    let is_one = flow.evidence.iter().any(given) && !flow.evidence.iter().any(in_session);
    flow.account().filter(|_| is_one)
}
