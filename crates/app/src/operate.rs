//! What an operator does from the command line: clients, users.

mod details;
mod own_scopes;

use crate::guard::lanes_of;
use crate::here::{By, Here};
use crate::keys::Rotated;
use crate::problem::{Answer, Problem, refuse};
use crate::visitor::Visitor;
use base::{Cursor, Email, Fault, Id, Page, Secret, SecretHash, SecretKind, Timestamp};
use identity::limit::Counter;
use identity::password_policy::WeakPassword;
use identity::{Account, AccountStatus, Agent, Detail, Event, Role};
use oauth::client::{Client, ClientAuthMethod, ProofRules};
use std::collections::HashMap;
use store::model::KeyUse;
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

/// What is wrong with a client: the field, and what to do.
pub(crate) struct InvalidField {
    pub(crate) field: &'static str,
    pub(crate) why: String,
}

impl From<InvalidField> for Problem<ClientRefusal> {
    fn from(found: InvalidField) -> Self {
        Self::Refusal(ClientRefusal::Invalid(format!("{}: {}", found.field, found.why)))
    }
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
    /// The account is disabled.
    Disabled,
    /// That can't be known of a person.
    Detail(Detail),
    /// Nor that, by a name of the operator's own.
    Attribute(String),
}

/// Whether a password can be tried on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Open,
    /// Not before this moment: too many tries failed. From devices that the account knows, or from others, or both.
    PausedUntil(Timestamp),
    /// Not before it is reset: far too many tries failed.
    ClosedUntilReset,
    /// The account is disabled.
    Disabled,
}

/// An account that was opened again.
pub struct Unlocked {
    /// The account, as it is now.
    pub account: Account,
    /// How it stood before.
    pub was: Standing,
}

impl Here {
    /// Adds a client. One that proves itself by a secret gets one of 256 bits.
    ///
    /// # Errors
    /// [`ClientRefusal`].
    pub async fn add_client(&self, client: Client) -> Answer<NewClient, ClientRefusal> {
        let client = Client { id: self.new_id(), created_at: self.now(), disabled_at: None, ..client };
        let (client, secret) = self.with_new_secret(client)?;
        self.check_client(&client).await?;
        self.check_login_rules(&client)?;
        let mut tx = self.begin().await?;
        if !tx.insert_client(&client).await? {
            return refuse(ClientRefusal::Taken);
        }
        tx.commit().await?;
        Ok(NewClient { client, secret })
    }

    /// Replaces a client's settings. Its secret stays, unless it is to prove itself in another way from now on: then it gets
    /// a new one, or none.
    ///
    /// # Errors
    /// [`ClientRefusal`].
    pub async fn save_client(&self, client: Client) -> Answer<NewClient, ClientRefusal> {
        let before = self.read().await?.find_client_by_id(client.id).await?;
        let (client, secret) = match before {
            Some(before) if before.auth_method == client.auth_method => (client, None),
            _ => self.with_new_secret(client)?,
        };
        self.check_client(&client).await?;
        self.check_login_rules(&client)?;
        let mut tx = self.begin().await?;
        tx.update_client(&client).await?;
        tx.commit().await?;
        Ok(NewClient { client, secret })
    }

    /// The client with a new secret, where its method has one, kept as a hash, and sealed for a client that signs under it.
    ///
    /// # Errors
    /// [`Fault`] when it can't be sealed.
    pub(crate) fn with_new_secret(&self, client: Client) -> Result<(Client, Option<Secret>), Fault> {
        let method = client.auth_method;
        let secret = method.has_secret().then(|| self.secret(SecretKind::Client));
        let signs = secret.as_ref().filter(|_| method == ClientAuthMethod::SecretJwt);
        let sealed_secret = signs.map(|secret| self.seal_secret(client.id, secret)).transpose()?;
        let proof = ProofRules { sealed_secret, ..client.proof };
        Ok((Client { secret_hash: secret.as_ref().map(Secret::hash), proof, ..client }, secret))
    }

    /// Whether a client can be registered like this, by whomever.
    pub(crate) async fn check_client(&self, client: &Client) -> Result<(), InvalidField> {
        client.validate().map_err(|found| InvalidField { field: found.field, why: found.advice.to_owned() })?;
        self.check_certificates(client).map_err(|why| InvalidField { field: "auth_method", why: why.to_owned() })?;
        if let Some(address) = &client.keys.jwks_uri
            && let Err(refusal) = self.parts().outbound.guard().parse(address, outbound::Purpose::ClientMetadata)
        {
            return Err(InvalidField { field: "jwks_uri", why: refusal.to_string() });
        }
        for address in &client.requests.request_uris {
            let allowed = self.parts().outbound.guard().parse(address, outbound::Purpose::ClientMetadata);
            allowed.map_err(|refusal| InvalidField { field: "request_uris", why: refusal.to_string() })?;
        }
        let sector = self.check_sector(client).await;
        sector.map_err(|why| InvalidField { field: "sector_identifier_uri", why })
    }

    /// Whether this server learns of the certificates that the client needs.
    fn check_certificates(&self, client: &Client) -> Result<(), &'static str> {
        let settings = self.settings().certificates.as_ref();
        match client.auth_method {
            _ if !client.auth_method.is_by_certificate() && !client.proof.certificate_bound => Ok(()),
            _ if settings.is_none() => {
                Err("this server reads no certificates of apps: describe in [mtls] how they come")
            }
            ClientAuthMethod::TlsClientAuth if settings.is_none_or(|settings| settings.authorities.is_none()) => {
                Err("tls_client_auth needs authorities: set mtls.ca_file")
            }
            _ => Ok(()),
        }
    }

    /// Whether what a sign-in to the client takes means something here, and leaves a way in.
    fn check_login_rules(&self, client: &Client) -> Answer<(), ClientRefusal> {
        let stricter = match crate::login::read_rules(&client.login) {
            Ok(stricter) => stricter,
            Err(unknown) => return refuse(ClientRefusal::Invalid(unknown.to_string())),
        };
        if self.sign_in_policy().with(&stricter).lets_somebody_in() {
            return Ok(());
        }
        let why = if self.settings().sign_in.clone().with(&stricter).lets_somebody_in() {
            "methods: nobody could sign in with these: there is no other provider yet. Describe one in the configuration, \
             as [[upstream]], or allow a first factor besides upstream"
        } else {
            "methods: nobody could sign in with these: allow a first factor, and a second one if it is required"
        };
        refuse(ClientRefusal::Invalid(why.to_owned()))
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
        let Some(name) = identity::account::name(&user.name) else { return refuse(UserRefusal::Name) };
        let record = match user.password {
            Some(password) => {
                if let Err(weak) =
                    self.check_strength(self.settings().password.clone(), &password, &[email.as_str(), &name]).await
                {
                    return refuse(UserRefusal::Weak(weak));
                }
                Some(self.hasher().hash(password, 0).await?)
            }
            None => None,
        };
        let role = if user.admin { Role::Admin } else { Role::User };
        let account = Account { role, ..self.new_account((email, name), &console()) };
        let mut tx = self.begin().await?;
        if !tx.insert_account(&account).await? {
            return refuse(UserRefusal::Taken);
        }
        if let Some(record) = record {
            tx.put_password(account.id, &record, account.created_at).await?;
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

    /// How each of these accounts stands, in their order.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn standings(&self, accounts: &[Account]) -> Result<Vec<Standing>, Fault> {
        let keys: Vec<_> = accounts.iter().flat_map(|account| lanes_of(account.id)).map(|(key, _)| key).collect();
        let found: HashMap<_, _> = {
            let counters = self.read().await?.find_counters(&keys).await?;
            counters.into_iter().map(|(key, counter)| (key.0, counter)).collect()
        };
        let counter = |key: SecretHash| found.get(&key.0).copied().unwrap_or_default();
        let standing =
            |account: &Account| self.standing(account, &lanes_of(account.id).map(|(key, known)| (counter(key), known)));
        Ok(accounts.iter().map(standing).collect())
    }

    /// The worst of all lanes, each with whether it is that of the devices that the account knows.
    fn standing(&self, account: &Account, lanes: &[(Counter, bool)]) -> Standing {
        if account.status == AccountStatus::Disabled {
            return Standing::Disabled;
        }
        let (now, settings) = (self.now(), self.settings());
        let limit = |known| if known { &settings.known_device } else { &settings.strangers };
        let tried = lanes.iter().map(|(counter, known)| counter.reserve(limit(*known), now));
        match tried.filter_map(Result::err).max_by_key(|wait| wait.0) {
            None => Standing::Open,
            Some(wait) if wait.is_until_reset() => Standing::ClosedUntilReset,
            Some(wait) => Standing::PausedUntil(now.plus(wait.0)),
        }
    }

    /// The signing keys that are published and do not sign yet.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn waiting_keys(&self) -> Result<Vec<Rotated>, Fault> {
        let now = self.now();
        let keys = self.read().await?.list_keys(KeyUse::Sign).await?.into_iter().filter(|key| key.signs_from > now);
        Ok(keys.map(|key| Rotated { alg: key.alg, kid: key.kid, signs_from: key.signs_from }).collect())
    }

    /// Opens an account again that guessing has closed.
    ///
    /// # Errors
    /// [`UserRefusal::Unknown`].
    pub async fn unlock_user(&self, email: &str) -> Answer<Unlocked, UserRefusal> {
        let Ok(email) = email.parse::<Email>() else { return refuse(UserRefusal::Email) };
        let mut tx = self.begin().await?;
        let Some(account) = tx.find_account_by_email(&email.key()).await? else { return refuse(UserRefusal::Unknown) };
        let now = self.now();
        let mut counters = Vec::new();
        for (key, known) in lanes_of(account.id) {
            counters.push((tx.lock_counter(key).await?, known));
            tx.save_counter(key, &Counter::default(), now).await?;
        }
        let was = self.standing(&account, &counters);
        let account = match account.status {
            AccountStatus::Active => account,
            AccountStatus::Disabled => {
                let account = Account { status: AccountStatus::Active, updated_at: now, ..account };
                tx.update_account(&account).await?;
                account
            }
        };
        tx.commit().await?;
        Ok(Unlocked { account, was })
    }
}

/// The command line, as a visitor.
pub(crate) fn console() -> Visitor {
    Visitor {
        ip: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        said: Agent::default().into(),
        place: None,
        locale: None,
        session: None,
        device: None,
        browser: None,
    }
}
