//! What a token may be minted for. These types have no public constructor: each is read again in the transaction that
//! mints, or with the rotation that it ends in, so that no grant can forget a check.

use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::{Fault, Id};
use identity::{Account, AccountStatus};
use oauth::OAuthError;
use oauth::client::Client;
use oauth::code::Code;
use oauth::confirmation::Confirmation;
use store::model::{Giver, Grant, Standing};
use store::{Rotation, Tx};

/// A grant that is alive: not revoked, not expired, of this client, of a person who may sign in, and with
/// its session still there unless it has `offline_access`.
pub(super) struct LiveGrant {
    grant: Grant,
    account: Account,
    session: Option<Id>,
}

impl LiveGrant {
    pub(super) const fn grant(&self) -> &Grant {
        &self.grant
    }

    pub(super) const fn account(&self) -> &Account {
        &self.account
    }

    /// The session (`sid`), while it lasts.
    pub(super) const fn session(&self) -> Option<Id> {
        self.session
    }

    /// Binds what comes of the grant to the keys that its client has shown.
    pub(super) async fn bind(&mut self, tx: &mut Tx, shown: &Confirmation) -> Result<(), Fault> {
        if shown.is_none() {
            return Ok(());
        }
        self.grant.terms.confirmation = shown.clone();
        tx.save_grant_terms(self.grant.id, &self.grant.terms).await
    }

    /// Makes the grant that a code becomes, bound to the keys that its client has shown. `None` when it is there already: the
    /// code was used before. What the code was handed out on has to be as it was: the session, the account, and the app among
    /// the person's connected ones.
    pub(super) async fn begin(
        here: &Here,
        tx: &mut Tx,
        code: Code,
        (client, shown): (&Client, &Confirmation),
    ) -> Answer<Option<Self>, OAuthError> {
        let over =
            || OAuthError::invalid_grant("the sign-in that the code came of has ended: send the person here again");
        let (now, connected_at) = (here.now(), code.who.connected_at);
        let Some(giver) = tx.lock_giver(code.who.account, code.who.session, client.id).await? else {
            return refuse(over());
        };
        let mut grant = here.becomes(code, client);
        grant.terms.confirmation = shown.clone();
        if !tx.begin_grant(&grant).await? {
            return Ok(None);
        }
        let Giver { account, session, consent } = giver;
        let live = session.ended_at.is_none() && now < session.expires_at && account.status == AccountStatus::Active;
        if !live || consent.is_none_or(|consent| consent.granted_at != connected_at) {
            return refuse(over());
        }
        Ok(Some(Self { grant, account, session: Some(session.id) }))
    }

    /// Reads and locks the grant, its account and its session. `client` is whose it has to be, by row id.
    pub(super) async fn lock(here: &Here, tx: &mut Tx, id: Id, client: Id) -> Answer<Self, OAuthError> {
        Self::of(here, tx.lock_standing(id).await?, client)
    }

    /// The same for a rotation of its refresh token: what is minted of it may be told when that has ended.
    pub(super) async fn to_rotate(here: &Here, id: Id, client: Id) -> Answer<(Self, Rotation), OAuthError> {
        let (standing, rotation) = here.parts().store.begin_rotation(here.tenant().id, id).await?;
        Ok((Self::of(here, standing, client)?, rotation))
    }

    fn of(here: &Here, standing: Option<Standing>, client: Id) -> Answer<Self, OAuthError> {
        let gone = || OAuthError::invalid_grant("the grant has ended, or is another client's");
        let now = here.now();
        let Some(Standing { grant, account, session }) = standing else { return refuse(gone()) };
        if grant.client != client || grant.revoked_at.is_some() || grant.expires_at <= now {
            return refuse(gone());
        }
        if account.status != AccountStatus::Active {
            return refuse(gone());
        }
        let session = session.filter(|session| session.ended_at.is_none() && now < session.expires_at);
        if !grant.offline && session.is_none() {
            return refuse(gone());
        }
        Ok(Self { grant, account, session: session.map(|session| session.id) })
    }
}
