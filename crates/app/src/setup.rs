//! The first run: the installation, its tenant, and the first operator.

use crate::here::{By, Here, Parts};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Bounded, Clock, Email, Fault, Id, Keyring, MasterKey, Origin, Rng, Secret, SecretKind};
use identity::password_policy::WeakPassword;
use identity::{Account, Event, Purpose, Role, SingleUse};
use std::time::Duration;
use store::Store;
use store::model::{Installation, Tenant};
use zeroize::Zeroizing;

/// Opens the sealed data key of an installation, or makes it at the first start.
///
/// # Errors
/// [`Fault`] when the master key is not the one that the installation was made with.
pub async fn open_keyring(store: &Store, master: &MasterKey, (clock, rng): (&Clock, &Rng)) -> Result<Keyring, Fault> {
    if let Some(installation) = store.installation().await? {
        return master.unwrap_keyring(&installation.wrapped_key).map_err(|e| Fault::new("open the data key", e));
    }
    let keyring = Keyring::generate(rng);
    let wrapped_key = master.wrap(&keyring, rng)?;
    store.install(&Installation { wrapped_key, created_at: clock.now() }).await?;
    // Another process may have been first: what was stored is what counts.
    match store.installation().await? {
        Some(installation) => {
            master.unwrap_keyring(&installation.wrapped_key).map_err(|e| Fault::new("open the data key", e))
        }
        None => Err(Fault::broken("make the installation: nothing was stored")),
    }
}

/// Makes the tenant of a configured origin with its keys, if it is not there yet.
///
/// # Errors
/// [`Fault`] when it can't be saved.
pub async fn ensure_tenant(
    store: &Store,
    keyring: &Keyring,
    (clock, rng): (&Clock, &Rng),
    (origin, name): (&Origin, &str),
) -> Result<Id, Fault> {
    if let Some(tenant) = store.tenants().await?.into_iter().find(|tenant| tenant.origin == *origin) {
        return Ok(tenant.id);
    }
    let id = Id::new(clock, rng);
    let tenant = Tenant { id, origin: origin.clone(), name: name.to_owned(), set_up_at: None, created_at: clock.now() };
    // With its keys or not at all: a kill in between must not leave a tenant that can't sign.
    let mut tx = store.begin_across().await?;
    if !tx.add_tenant(&tenant).await? {
        drop(tx);
        let there = store.tenants().await?.into_iter().find(|tenant| tenant.origin == *origin);
        return there.map(|tenant| tenant.id).ok_or(Fault::broken("make the tenant: its id is taken"));
    }
    crate::keys::make(tx.for_tenant(id), keyring, (clock, rng)).await?;
    tx.commit().await?;
    Ok(id)
}

/// The set-up form.
pub struct SetUp {
    /// The token of the printed link.
    pub token: String,
    /// The name that people will read.
    pub brand: String,
    /// The operator's mail address.
    pub email: String,
    /// The operator's name.
    pub name: String,
    /// The operator's password.
    pub password: Zeroizing<String>,
}

/// Why set-up was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetUpRefusal {
    /// It was done before, or the link is not the one that was printed last.
    Closed,
    /// A brand name is needed, of at most 60 bytes.
    Brand,
    /// That is no mail address.
    Email,
    /// A name is needed.
    Name,
    /// The password is not good enough.
    Weak(WeakPassword),
}

const LINK_LIFETIME: Duration = Duration::from_secs(24 * 3600);

impl Here {
    /// A new set-up link for the console, while set-up is open. It works for a day.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn set_up_link(&self) -> Result<Option<String>, Fault> {
        if self.tenant().set_up_at.is_some() {
            return Ok(None);
        }
        let now = self.now();
        let secret = self.secret(SecretKind::Setup);
        let link = SingleUse {
            hash: secret.hash(),
            purpose: Purpose::Setup,
            account: None,
            client: None,
            flow: None,
            data: serde_json::json!({}),
            created_at: now,
            expires_at: now.plus(LINK_LIFETIME),
            consumed_at: None,
        };
        let mut tx = self.begin().await?;
        tx.put_single_use(&link).await?;
        tx.commit().await?;
        Ok(Some(self.url(&base::routes::with_token(base::routes::SETUP, &secret))))
    }

    /// Whether the link opens the set-up page.
    ///
    /// # Errors
    /// [`SetUpRefusal::Closed`].
    pub async fn set_up_page(&self, token: &str) -> Answer<(), SetUpRefusal> {
        self.set_up_token(token).await.map(|_| ())
    }

    /// Names the tenant and makes its first operator. The page is closed for ever after.
    ///
    /// # Errors
    /// [`SetUpRefusal`].
    pub async fn set_up(&self, form: SetUp, visitor: &Visitor) -> Answer<(), SetUpRefusal> {
        let secret = self.set_up_token(&form.token).await?;
        let brand = match Bounded::<60>::new(form.brand.trim()) {
            Ok(brand) if !brand.as_str().is_empty() => brand.as_str().to_owned(),
            _ => return refuse(SetUpRefusal::Brand),
        };
        let Ok(email) = form.email.parse::<Email>() else { return refuse(SetUpRefusal::Email) };
        let Some(name) = identity::account::name(&form.name) else { return refuse(SetUpRefusal::Name) };
        if let Err(weak) = self
            .check_strength(self.settings().password.clone(), &form.password, &[email.as_str(), &name, &brand])
            .await
        {
            return refuse(SetUpRefusal::Weak(weak));
        }
        let password = self.hasher().hash(form.password, self.turn(visitor)).await?;
        let now = self.now();
        let account = Account { role: Role::Admin, ..self.new_account((email, name), visitor) };
        let mut tx = self.begin().await?;
        if tx.consume_single_use(secret.hash(), Purpose::Setup, now).await?.is_none() {
            return refuse(SetUpRefusal::Closed);
        }
        if !tx.close_set_up(&brand, now).await? {
            return refuse(SetUpRefusal::Closed);
        }
        if !tx.insert_account(&account).await? {
            return refuse(SetUpRefusal::Email);
        }
        tx.put_password(account.id, &password, now).await?;
        self.emit(&mut tx, &By::about(account.id, None, visitor), Event::AccountCreated {}).await?;
        tx.commit().await?;
        self.reload().await?;
        Ok(())
    }

    async fn set_up_token(&self, token: &str) -> Answer<Secret, SetUpRefusal> {
        if self.tenant().set_up_at.is_some() {
            return refuse(SetUpRefusal::Closed);
        }
        let Some(secret) = Secret::parse(SecretKind::Setup, token) else { return refuse(SetUpRefusal::Closed) };
        let row = self.read().await?.find_single_use(secret.hash(), Purpose::Setup).await?;
        match row.filter(|row| row.consumed_at.is_none() && self.now() < row.expires_at) {
            Some(_) => Ok(secret),
            None => refuse(SetUpRefusal::Closed),
        }
    }
}

impl Parts {
    /// The clock and the generator, as a pair.
    pub fn sources(&self) -> (&Clock, &Rng) {
        (&self.clock, &self.rng)
    }
}
