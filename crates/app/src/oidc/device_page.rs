//! Letting a device in (RFC 8628 §3.3): the code is typed, counted and looked up; everything after that is an authorization
//! request like any other, whose consent page is always shown.

use super::device::poll_of;
use crate::guard::{Authenticator, Lanes, TooMany, Whose};
use crate::here::Here;
use crate::login::{Continuation, FlowRefusal};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id};
use identity::Purpose;
use oauth::authorize::AskingDevice;
use oauth::polling::Decision;
use oauth::user_code::UserCode;
use store::model::Poll;

/// Why a code leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceRefusal {
    /// It can't be a code.
    Malformed,
    /// No device shows it.
    Wrong,
    /// It is too old.
    Late,
    /// It was used.
    Used,
    /// It is not looked at: too many were wrong.
    TooMany(TooMany),
}

/// What became of a device, for the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceDone {
    /// The app's name.
    pub app: String,
    /// Whether it was let in. `None`: nothing was decided in time, or it was decided elsewhere.
    pub allowed: Option<bool>,
}

impl Here {
    /// Takes the code that a device shows, and leads on to who asks and for what.
    ///
    /// # Errors
    /// [`DeviceRefusal`].
    pub async fn give_user_code(&self, signed: &Signed, typed: &str, visitor: &Visitor) -> Answer<Step, DeviceRefusal> {
        let Ok(code) = UserCode::read(typed) else { return refuse(DeviceRefusal::Malformed) };
        let whose = Whose::Account { account: signed.id(), known: signed.device.known_at.is_some() };
        let mut lanes = Lanes::new(self, Authenticator::UserCode, &whose, visitor);
        let mut tx = self.begin().await?;
        if let Err(wait) = lanes.reserve(self, &mut tx).await? {
            return refuse(DeviceRefusal::TooMany(wait));
        }
        tx.commit().await?;
        let found = self.device_of(&code).await?;
        let mut tx = self.begin().await?;
        match &found {
            // Taken back and no more: who guesses can have codes of their own shown at will.
            Ok(_) => lanes.refund(self, &mut tx).await?,
            Err(_) => {
                lanes.fail(self, &mut tx, visitor).await?;
            }
        }
        tx.commit().await?;
        match found {
            Ok(poll) => {
                let device = AskingDevice { poll: poll.id, user_code: code, allowed_by: None };
                Ok(self.interact(visitor, poll.request.begun_again(self.now()).of_device(device), None).await?)
            }
            Err(refusal) => refuse(refusal),
        }
    }

    async fn device_of(&self, code: &UserCode) -> Result<Result<Poll, DeviceRefusal>, Fault> {
        let mut read = self.read().await?;
        let row = read.find_single_use(code.hash(&self.user_code_key()), Purpose::UserCode).await?;
        let Some(row) = row else { return Ok(Err(DeviceRefusal::Wrong)) };
        if row.consumed_at.is_some() {
            return Ok(Err(DeviceRefusal::Used));
        }
        let poll = match poll_of(&row) {
            Some(id) => read.find_poll(id).await?,
            None => None,
        };
        Ok(poll.filter(|poll| poll.polling.is_open(self.now())).ok_or(DeviceRefusal::Late))
    }

    /// What became of the device of a flow.
    ///
    /// # Errors
    /// [`FlowRefusal`].
    pub async fn device_done(&self, flow: Id, signed: &Signed, visitor: &Visitor) -> Answer<DeviceDone, FlowRefusal> {
        let flow = self.open_flow(flow, visitor).await?;
        let Continuation::Authorize(request) = Continuation::of(&flow)? else { return refuse(FlowRefusal::Gone) };
        let Some(device) = request.device else { return refuse(FlowRefusal::Gone) };
        let mut read = self.read().await?;
        let (poll, client) = (read.find_poll(device.poll).await?, read.find_client(&request.client_id).await?);
        let (Some(poll), Some(client)) = (poll, client) else { return refuse(FlowRefusal::Gone) };
        let allowed = match poll.polling.decision {
            Some(Decision::Denied) => Some(false),
            Some(Decision::Granted(grant)) => {
                let grant = read.find_grant(grant).await?;
                grant.is_some_and(|grant| grant.account == Some(signed.id())).then_some(true)
            }
            Some(Decision::Replaced) | None => None,
        };
        Ok(DeviceDone { app: client.name, allowed })
    }
}
