//! What an operator does from the command line: clients, users.

use crate::here::{By, Here};
use crate::problem::{Answer, refuse};
use crate::visitor::Visitor;
use base::{Bounded, Cursor, Email, Fault, Id, Page, Secret, SecretKind};
use identity::limit::Counter;
use identity::password_policy::WeakPassword;
use identity::{Account, AccountStatus, Agent, Event, Role};
use oauth::client::{Client, ClientAuthMethod};
use zeroize::Zeroizing;

/// A client that was added, with its secret: shown once, kept as a hash.
pub struct NewClient {
    /// The client.
    pub client: Client,
    /// Its secret, when it has one.
    pub secret: Option<Secret>,
}

/// Why a client was not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientRefusal {
    /// There is one of that id.
    Taken,
    /// A rule is broken; which, and what to do.
    Invalid(String),
}

/// A person to add.
pub struct NewUser {
    /// The mail address. The operator vouches for it.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password; without one the person sets it by "Forgot it?".
    pub password: Option<Zeroizing<String>>,
    /// Whether they run the installation.
    pub admin: bool,
}

/// Why a person was not added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRefusal {
    /// That is no mail address.
    Email,
    /// A name is needed.
    Name,
    /// The address has an account.
    Taken,
    /// The password is not good enough.
    Weak(WeakPassword),
    /// There is no such account.
    Unknown,
}

impl Here {
    /// Adds a client. A confidential one gets a secret of 256 bits.
    ///
    /// # Errors
    /// [`ClientRefusal`].
    pub async fn add_client(&self, client: Client) -> Answer<NewClient, ClientRefusal> {
        let confidential = client.auth_method != ClientAuthMethod::None;
        let secret = confidential.then(|| self.secret(SecretKind::Client));
        let secret_hash = secret.as_ref().map(Secret::hash);
        let client = Client { id: self.new_id(), secret_hash, created_at: self.now(), disabled_at: None, ..client };
        if let Err(error) = client.validate() {
            return refuse(ClientRefusal::Invalid(error.to_string()));
        }
        let mut tx = self.begin().await?;
        if !tx.insert_client(&client).await? {
            return refuse(ClientRefusal::Taken);
        }
        tx.commit().await?;
        Ok(NewClient { client, secret })
    }

    /// Replaces a client's settings (its secret stays).
    ///
    /// # Errors
    /// [`ClientRefusal`].
    pub async fn save_client(&self, client: Client) -> Answer<(), ClientRefusal> {
        if let Err(error) = client.validate() {
            return refuse(ClientRefusal::Invalid(error.to_string()));
        }
        let mut tx = self.begin().await?;
        tx.update_client(&client).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Every client.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn clients(&self) -> Result<Vec<Client>, Fault> {
        self.read().await?.list_clients().await
    }

    /// A client by its public id.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn client(&self, client_id: &str) -> Result<Option<Client>, Fault> {
        self.read().await?.find_client(client_id).await
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`UserRefusal`].
    pub async fn add_user(&self, user: NewUser) -> Answer<Account, UserRefusal> {
        let Ok(email) = user.email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let name = match Bounded::<100>::new(user.name.trim()) {
            Ok(name) if !name.as_str().is_empty() => name.as_str().to_owned(),
            _ => return refuse(UserRefusal::Name),
        };
        let record = match user.password {
            Some(password) => {
                if let Err(weak) = self.check_strength(&password, &[email.as_str(), &name]).await {
                    return refuse(UserRefusal::Weak(weak));
                }
                Some(self.hasher().hash(password, 0).await?)
            }
            None => None,
        };
        let now = self.now();
        let account = Account {
            id: self.new_id(),
            email,
            email_verified_at: now,
            name,
            status: AccountStatus::Active,
            role: if user.admin { Role::Admin } else { Role::User },
            locale: None,
            time_zone: None,
            push_offer_declined: false,
            created_at: now,
            updated_at: now,
        };
        let mut tx = self.begin().await?;
        if !tx.insert_account(&account).await? {
            return refuse(UserRefusal::Taken);
        }
        if let Some(record) = record {
            tx.put_password(account.id, &record, now).await?;
        }
        self.emit(&mut tx, &By::about(account.id, None, &console()), Event::AccountCreated {}).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// The people, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn users(&self, after: Option<Id>, limit: i64) -> Result<Page<Account>, Fault> {
        self.read().await?.list_accounts(Cursor(after), limit).await
    }

    /// Opens an account again that guessing has closed.
    ///
    /// # Errors
    /// [`UserRefusal::Unknown`].
    pub async fn unlock_user(&self, email: &str) -> Answer<Account, UserRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let mut tx = self.begin().await?;
        let Some(account) = tx.find_account_by_email(&email.key()).await? else { return refuse(UserRefusal::Unknown) };
        let now = self.now();
        tx.save_counter(crate::guard::account_lane(account.id), &Counter::default(), now).await?;
        tx.save_counter(crate::guard::known_lane(account.id), &Counter::default(), now).await?;
        if account.status == AccountStatus::Disabled {
            tx.update_account(&Account { status: AccountStatus::Active, updated_at: now, ..account.clone() }).await?;
        }
        tx.commit().await?;
        Ok(account)
    }
}

/// The command line, as a visitor.
fn console() -> Visitor {
    Visitor {
        ip: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        agent: Agent::default(),
        place: None,
        locale: None,
        session: None,
        device: None,
        browser: None,
    }
}
