//! Recovery codes: made in sets, shown once, stored as hashes.

use crate::change::Made;
use crate::here::Here;
use crate::login::Recent;
use crate::shown::{Shown, browser_of};
use crate::visitor::{Cookies, Signed, Visitor};
use base::{Fault, Id, Secret, SecretHash, Timestamp};
use identity::RecoveryCode;
use identity::change::Change;
use identity::login::{Assurance, Factors};
use identity::recovery_code::{self, PlainCode};
use std::time::Duration;
use store::Tx;
use zeroize::Zeroizing;

/// How long the page shows a new set again, in the browser in which it was made.
const SHOWN_FOR: Duration = Duration::from_secs(10 * 60);

/// How it stands with an account's recovery codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodesStanding {
    /// How many are unused.
    pub left: usize,
    /// When the set was made.
    pub made_at: Option<Timestamp>,
    /// Whether they would be good for anything: only beside a second factor.
    pub useful: bool,
}

/// A new set, on its way to the page that shows it.
pub struct NewCodes {
    /// Which, or what it waits for.
    pub made: Made<Id>,
    /// Cookies to set on the way.
    pub cookies: Cookies,
}

impl Here {
    /// How it stands with the recovery codes.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn recovery_codes(&self, signed: &Signed) -> Result<CodesStanding, Fault> {
        let mut read = self.read().await?;
        let factors = read.factors(signed.id()).await?;
        let codes = read.list_recovery_codes(signed.id()).await?;
        Ok(CodesStanding {
            left: factors.recovery_codes,
            made_at: codes.first().map(|code| code.created_at),
            useful: self.are_codes_useful(&factors),
        })
    }

    /// Makes a new set, or has it wait; what was there is void then. `None` where codes would be good for nothing.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn make_recovery_codes(&self, recent: &Recent, visitor: &Visitor) -> Result<Option<NewCodes>, Fault> {
        let (browser, cookies) = browser_of(self, visitor);
        let (mut tx, _) = self.begin_recent(recent).await?;
        if !self.are_codes_useful(&tx.factors(recent.id()).await?) {
            return Ok(None);
        }
        let (account, set) = (recent.id(), self.new_id());
        let codes = self.code_set(&browser, account, set).iter().map(|code| code.hash(account)).collect();
        let made = self.change(&mut tx, recent, Change::RecoveryCodes { set, codes }, visitor).await?;
        tx.commit().await?;
        Ok(Some(NewCodes { made: made.map(|_| set), cookies }))
    }

    /// A set that was made in this browser a moment ago, to be shown; `None` for any other, and once one of it was used.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn shown_codes(
        &self,
        signed: &Signed,
        set: Id,
        visitor: &Visitor,
    ) -> Result<Option<Vec<Zeroizing<String>>>, Fault> {
        let Some(browser) = &visitor.browser else { return Ok(None) };
        let account = signed.id();
        let codes = self.code_set(browser, account, set);
        let stored = self.read().await?.list_recovery_codes(account).await?;
        let now = self.now();
        let is_live = |code: &PlainCode| {
            let hash = code.hash(account);
            let live = |found: &&RecoveryCode| found.used_at.is_none() && now < found.created_at.plus(SHOWN_FOR);
            stored.iter().filter(live).any(|found| found.hash == hash)
        };
        Ok(codes.iter().all(is_live).then(|| codes.iter().map(PlainCode::text).collect()))
    }

    /// Replaces an account's codes by a new set of this id. The account's row is locked.
    pub(crate) async fn replace_codes(
        &self,
        tx: &mut Tx,
        (account, set): (Id, Id),
        browser: &Secret,
    ) -> Result<(), Fault> {
        let created_at = self.now();
        let row = |code: &PlainCode| RecoveryCode { account, hash: code.hash(account), created_at, used_at: None };
        let rows: Vec<_> = self.code_set(browser, account, set).iter().map(row).collect();
        tx.replace_recovery_codes(account, &rows).await
    }

    /// A first set, of this id, for whoever has just got a second factor and no codes yet. Whether it is the one that
    /// the account has: the same request twice makes one set and shows it both times.
    pub(crate) async fn first_codes(
        &self,
        tx: &mut Tx,
        (account, set): (Id, Id),
        browser: &Secret,
    ) -> Result<bool, Fault> {
        if !self.missing_codes(tx, (account, set), browser).await?.is_empty() {
            self.replace_codes(tx, (account, set), browser).await?;
            return Ok(true);
        }
        self.shows_codes(tx, (account, set), browser).await
    }

    /// The hashes of such a set, where the account has no codes that could still be used.
    pub(crate) async fn missing_codes(
        &self,
        tx: &mut Tx,
        (account, set): (Id, Id),
        browser: &Secret,
    ) -> Result<Vec<SecretHash>, Fault> {
        let present = tx.list_recovery_codes(account).await?;
        if present.iter().any(|code| code.used_at.is_none()) {
            return Ok(Vec::new());
        }
        Ok(self.code_set(browser, account, set).iter().map(|code| code.hash(account)).collect())
    }

    /// Whether the account's codes are this set.
    pub(crate) async fn shows_codes(
        &self,
        tx: &mut Tx,
        (account, set): (Id, Id),
        browser: &Secret,
    ) -> Result<bool, Fault> {
        let present = tx.list_recovery_codes(account).await?;
        let first = self.code_set(browser, account, set).into_iter().next().map(|code| code.hash(account));
        Ok(first.is_some_and(|first| present.iter().any(|code| code.hash == first)))
    }

    /// Makes the codes void when there is nothing left beside which they would count.
    pub(crate) async fn drop_useless_codes(&self, tx: &mut Tx, account: Id) -> Result<(), Fault> {
        if !self.are_codes_useful(&tx.factors(account).await?) {
            tx.replace_recovery_codes(account, &[]).await?;
        }
        Ok(())
    }

    /// Whether codes stand beside anything.
    pub(crate) fn are_codes_useful(&self, factors: &Factors) -> bool {
        factors.has_second() || factors.reaches(Assurance::TwoFactors, &self.settings().sign_in.methods)
    }

    fn code_set(&self, browser: &Secret, account: Id, set: Id) -> Vec<PlainCode> {
        recovery_code::set(&self.shown(Shown::RecoveryCodes, browser, account, set))
    }
}
