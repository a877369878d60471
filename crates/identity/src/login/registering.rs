//! Making an account on the way: what a flow keeps of a registration until the address is proven.

use super::code::is_code;
use super::{Evidence, Flow, FlowError, MAX_WRONG_CODES, PendingIdentity, Registration};
use crate::account::PasswordHash;
use base::{Email, Id, Timestamp};

impl Flow {
    /// Takes a registration with a password. Registering again, with a corrected address, takes the place of the first,
    /// but does not give back the wrong codes.
    ///
    /// # Errors
    /// [`FlowError::WrongAccount`] when the flow is for a person who has an account;
    /// [`FlowError::AlreadyConfirmed`] when the first one's address was proven meanwhile.
    pub fn register(
        &mut self,
        email: Email,
        name: String,
        password: PasswordHash,
        now: Timestamp,
    ) -> Result<(), FlowError> {
        self.take_registration((email, name), (Some(password), None), now)
    }

    /// Takes a registration of whoever another provider vouched for in this flow.
    ///
    /// # Errors
    /// Those of [`Flow::register`], and [`FlowError::NotRegistering`] when no provider did.
    pub fn register_pending(&mut self, email: Email, name: String, now: Timestamp) -> Result<(), FlowError> {
        let pending = self.pending(now).cloned().ok_or(FlowError::NotRegistering)?;
        self.take_registration((email, name), (None, Some(pending)), now)
    }

    fn take_registration(
        &mut self,
        (email, name): (Email, String),
        (password, identity): (Option<PasswordHash>, Option<PendingIdentity>),
        now: Timestamp,
    ) -> Result<(), FlowError> {
        self.check_open(now)?;
        if self.requirements.account.is_some() {
            return Err(FlowError::WrongAccount);
        }
        if self.registration.as_ref().is_some_and(|r| r.confirmed_at.is_some()) {
            return Err(FlowError::AlreadyConfirmed);
        }
        // Whoever registers is nobody yet; and the flow lives longer now than any proof should.
        self.forget();
        let (before, wrong_codes) = self.registration.as_ref().map_or((0, 0), |r| (r.number, r.wrong_codes));
        self.registration = Some(Registration {
            number: before.saturating_add(1),
            email,
            name,
            password,
            identity,
            wrong_codes,
            confirmed_at: None,
            account: None,
            linked: None,
        });
        Ok(())
    }

    /// What a confirmed registration proves: with a password, the registration itself; without, the other provider's
    /// word on the account that was linked.
    pub fn proof_of_registration(&self) -> Option<Evidence> {
        let registration = self.registration.as_ref()?;
        let (at, account) = registration.confirmed_at.zip(registration.account)?;
        match (&registration.identity, registration.linked) {
            (Some(pending), Some(identity)) => Some(Evidence::Upstream { account, at: pending.at, identity }),
            (None, _) if registration.password.is_some() => Some(Evidence::Registered { account, at }),
            _ => None,
        }
    }

    /// Checks the code for a link that is opened in another browser than the one that asked. A wrong one is
    /// counted: the caller saves the flow then, too.
    ///
    /// # Errors
    /// [`FlowError::NotRegistering`], [`FlowError::AlreadyConfirmed`], [`FlowError::WrongCode`], and
    /// [`FlowError::TooManyCodes`] from the last wrong one on.
    pub fn check_code(&mut self, key: &[u8; 32], typed: &str, now: Timestamp) -> Result<(), FlowError> {
        let id = self.id;
        let registration = self.waiting(now)?;
        if registration.wrong_codes >= MAX_WRONG_CODES {
            return Err(FlowError::TooManyCodes);
        }
        if is_code(key, id, typed) {
            return Ok(());
        }
        registration.wrong_codes = registration.wrong_codes.saturating_add(1);
        match MAX_WRONG_CODES.saturating_sub(registration.wrong_codes) {
            0 => Err(FlowError::TooManyCodes),
            left => Err(FlowError::WrongCode { left }),
        }
    }

    /// The link was used, and this account was made of the registration.
    ///
    /// # Errors
    /// [`FlowError::NotRegistering`], [`FlowError::AlreadyConfirmed`].
    pub fn confirm(&mut self, account: Id, now: Timestamp) -> Result<(), FlowError> {
        let registration = self.waiting(now)?;
        registration.confirmed_at = Some(now);
        registration.account = Some(account);
        Ok(())
    }

    fn waiting(&mut self, now: Timestamp) -> Result<&mut Registration, FlowError> {
        self.check_open(now)?;
        match &mut self.registration {
            None => Err(FlowError::NotRegistering),
            Some(registration) if registration.confirmed_at.is_some() => Err(FlowError::AlreadyConfirmed),
            Some(registration) => Ok(registration),
        }
    }
}
