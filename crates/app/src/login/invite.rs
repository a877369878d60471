//! An invitation: the operator names an address, and whoever reads its mail makes the account.

use super::{Browser, Continuation, Finish, NewFlow, Way};
use crate::here::{By, Here};
use crate::operate::{UserRefusal, console};
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::{Step, Visitor};
use base::{Bounded, Email, Secret, SecretKind};
use identity::login::Evidence;
use identity::password_policy::WeakPassword;
use identity::{Event, Invitation, Purpose, SingleUse};
use zeroize::Zeroizing;

/// Whom to invite.
pub struct Invite {
    /// The mail address.
    pub email: String,
    /// The name to begin with; the person may write another.
    pub name: Option<String>,
}

/// The page behind the link.
#[derive(Debug, Clone)]
pub struct InvitePage {
    /// The address that was invited.
    pub email: Email,
    /// The name to begin with.
    pub name: String,
}

/// The form behind the link.
pub struct AcceptInvite {
    /// The token of the link.
    pub token: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// What the page found out about the browser.
    pub browser: Browser,
}

/// Why no account was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteRefusal {
    /// The link was used, is too old, or a newer one was sent.
    LinkGone,
    /// The address got an account meanwhile.
    Taken,
    /// A name is needed, of at most 100 bytes.
    Name,
    /// The password is not good enough.
    Weak(WeakPassword),
}

impl Here {
    /// Has an invitation sent.
    ///
    /// # Errors
    /// [`UserRefusal`].
    pub async fn invite(&self, invite: Invite) -> Answer<Email, UserRefusal> {
        let Ok(email) = invite.email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let name = match invite.name {
            Some(typed) => match identity::account::name(&typed) {
                Some(name) => Some(name),
                None => return refuse(UserRefusal::Name),
            },
            None => None,
        };
        if self.read().await?.find_account_by_email(&email.key()).await?.is_some() {
            return refuse(UserRefusal::Taken);
        }
        let mut tx = self.begin().await?;
        let until = self.now().plus(self.settings().invitation_lifetime);
        let event = Event::Invited(Invitation { email: email.clone(), name, until });
        self.emit(&mut tx, &By::stranger(&console()), event).await?;
        tx.commit().await?;
        Ok(email)
    }

    /// The page behind the link. Looking spends nothing.
    ///
    /// # Errors
    /// [`InviteRefusal::LinkGone`].
    pub async fn invite_page(&self, token: &str) -> Answer<InvitePage, InviteRefusal> {
        let (_, page) = self.invitation(token).await?;
        Ok(page)
    }

    /// Makes the account and signs in to it: the link came by mail, so the address is proven.
    ///
    /// # Errors
    /// [`InviteRefusal`].
    pub async fn accept_invite(&self, form: AcceptInvite, visitor: &Visitor) -> Answer<Step, InviteRefusal> {
        let (link, page) = self.invitation(&form.token).await?;
        let Some(name) = identity::account::name(&form.name) else { return refuse(InviteRefusal::Name) };
        let (policy, words) = (self.settings().password.clone(), [page.email.as_str(), &name]);
        if let Err(weak) = self.check_strength(policy, &form.password, &words).await {
            return refuse(InviteRefusal::Weak(weak));
        }
        let password = self.hasher().hash(form.password, self.turn(visitor)).await?;
        let now = self.now();
        let new = NewFlow { continuation: Continuation::page(None), requirements: self.requirements(), known: None };
        let (flow, cookies) = self.start_flow(visitor, new).await?;

        let mut tx = self.begin().await?;
        if !tx.spend_single_use(link.hash, Purpose::Invite, now).await? {
            return refuse(InviteRefusal::LinkGone);
        }
        let account = self.new_account((page.email.clone(), name.clone()), visitor);
        if !tx.insert_account(&account).await? {
            return refuse(InviteRefusal::Taken);
        }
        tx.put_password(account.id, &password, now).await?;
        self.emit(&mut tx, &By::about(account.id, None, visitor), Event::AccountCreated {}).await?;
        let Some(mut flow) = tx.lock_flow(flow.id).await? else { return refuse(InviteRefusal::LinkGone) };
        flow.can_offer = form.browser.can_offer;
        flow.time_zone = form.browser.known_zone();
        let made = flow.register(page.email, name, password, now).and_then(|()| flow.confirm(account.id, now));
        if made.is_err() {
            return refuse(InviteRefusal::LinkGone);
        }
        let evidence = Evidence::Registered { account: account.id, at: now };
        let way = Way { to: Continuation::page(None), client: None };
        let finish = Finish { visitor, way: &way, straight: false };
        let outcome = match finish.with_evidence(self, &mut tx, &mut flow, evidence).await {
            Ok(outcome) => outcome,
            Err(Problem::Refusal(_)) => return refuse(InviteRefusal::LinkGone),
            Err(Problem::Fault(fault)) => return Err(fault.into()),
        };
        flow.registration = None;
        tx.save_flow(&flow).await?;
        tx.commit().await?;
        let mut step = outcome.step(self, &flow);
        step.cookies.browser = cookies.browser;
        Ok(step)
    }

    async fn invitation(&self, token: &str) -> Answer<(SingleUse, InvitePage), InviteRefusal> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else { return refuse(InviteRefusal::LinkGone) };
        let found = self.read().await?.find_single_use(secret.hash(), Purpose::Invite).await?;
        let live = found.filter(|link| link.consumed_at.is_none() && self.now() < link.expires_at);
        let Some(link) = live else { return refuse(InviteRefusal::LinkGone) };
        let text = |key| link.data.get(key).and_then(serde_json::Value::as_str);
        let Some(email) = text("email").and_then(|email| email.parse::<Email>().ok()) else {
            return refuse(InviteRefusal::LinkGone);
        };
        if self.read().await?.find_account_by_email(&email.key()).await?.is_some() {
            return refuse(InviteRefusal::Taken);
        }
        let name = Bounded::<100>::cut(text("name").unwrap_or_default()).as_str().to_owned();
        Ok((link, InvitePage { email, name }))
    }
}
