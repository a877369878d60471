//! An app that the person allowed to show and change what they are told, in its own settings: the account API with an
//! access token (RFC 6750).

use super::sender::ResourceCall;
use super::userinfo::LiveToken;
use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::{Signed, Visitor};
use base::{Fault, Id};
use identity::{Account, AccountStatus, Agent, Device, FormFactor};
use oauth::scope::NOTICES;
use oauth::{Client, ErrorCode, OAuthError, bearer};
use store::Tx;
use store::model::Grant;

/// An app, with a person's leave.
#[derive(Debug, Clone)]
pub struct ByApp {
    /// The person.
    account: Account,
    /// The app's name.
    name: String,
    client: String,
    grant: Id,
}

/// Who shows and changes what a person is told: they themselves in a browser, or an app that they allowed.
#[derive(Debug, Clone, Copy)]
pub enum Steerer<'a> {
    /// The person.
    Person(&'a Signed),
    /// An app. It never makes the bell quieter about the account's security.
    App(&'a ByApp),
}

impl ByApp {
    /// What stands where a browser would: the app by its name.
    pub fn agent(&self) -> Agent {
        Agent { browser: self.name.clone(), kind: FormFactor::Program, ..Agent::default() }
    }
}

impl<'a> From<&'a Signed> for Steerer<'a> {
    fn from(signed: &'a Signed) -> Self {
        Self::Person(signed)
    }
}

impl<'a> Steerer<'a> {
    /// The person's account.
    pub const fn account(self) -> &'a Account {
        match self {
            Self::Person(signed) => &signed.account,
            Self::App(app) => &app.account,
        }
    }

    /// Their browser, where it is one.
    pub const fn device(self) -> Option<&'a Device> {
        match self {
            Self::Person(signed) => Some(&signed.device),
            Self::App(_) => None,
        }
    }

    pub(crate) const fn is_app(self) -> bool {
        matches!(self, Self::App(_))
    }

    pub(crate) fn agent(self) -> Agent {
        match self {
            Self::Person(signed) => signed.device.agent.clone(),
            Self::App(app) => app.agent(),
        }
    }

    pub(crate) fn by(self, visitor: &Visitor) -> By<'_> {
        By::about(self.account().id, self.device().map(|device| device.id), visitor)
    }
}

impl Here {
    /// The app behind an access token for this server's own API.
    ///
    /// # Errors
    /// `invalid_token`, `insufficient_scope` (RFC 6750 §3.1), and what [`Here::check_sender`] finds.
    pub async fn steering_app(&self, call: &ResourceCall) -> Answer<ByApp, OAuthError> {
        let live = self.live_token(call.token.reveal(), Some(self.issuer())).await?;
        let Some(LiveToken { token, client, account: Some(account), .. }) = live else {
            return refuse(bearer::refused("not verified, revoked, or nobody's").by(call.scheme));
        };
        self.check_sender(call, &token, client.id).await?;
        if !token.scope.contains(NOTICES) {
            let text = "the access token lacks the scope notices: ask for it in the authorization request";
            return refuse(OAuthError::new(ErrorCode::InsufficientScope, text).by(call.scheme));
        }
        Ok(ByApp { account, name: client.name.clone(), client: token.client_id, grant: token.grant })
    }

    /// Begins a transaction in the name of whoever steers: locks the account and looks again whether what speaks for
    /// them still stands.
    pub(crate) async fn begin_for(&self, who: Steerer<'_>) -> Result<Tx, Fault> {
        let app = match who {
            Steerer::Person(signed) => return Ok(self.begin_as(signed).await?.0),
            Steerer::App(app) => app,
        };
        let mut tx = self.begin().await?;
        let account = tx.lock_account(app.account.id).await?;
        let active = account.is_some_and(|account| account.status == AccountStatus::Active);
        let now = self.now();
        let grant = tx.find_grant(app.grant).await?;
        let granted = grant.is_some_and(|grant: Grant| grant.revoked_at.is_none() && now < grant.expires_at);
        let enabled = tx.find_client(&app.client).await?.is_some_and(|client: Client| client.is_enabled());
        if active && granted && enabled {
            return Ok(tx);
        }
        Err(Fault::busy("the app's access ended while it was used"))
    }
}
