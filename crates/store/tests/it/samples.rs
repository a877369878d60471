//! One of everything, with every field filled.

use crate::place::{NOW, Place};
use base::{Email, Id, Secret, SecretHash, SecretKind};
use identity::limit::Counter;
use identity::login::{Evidence, Flow, Registration, Requirements};
use identity::place::Position;
use identity::{
    Account, AccountStatus, Agent, Amr, Channel, Device, Event, EventRecord, FormFactor, Place as Where, Purpose,
    PushOffer, Role, Session, SingleUse, Topic,
};
use oauth::grant_terms::GrantTerms;
use oauth::{Client, ClientAuthMethod};
use std::time::Duration;
use store::model::{Choice, Consent, Grant, KeyUse, NewDelivery, PreferenceChange, Sink, StoredKey, Subscription};

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

impl Place {
    pub(crate) fn hash(&self) -> SecretHash {
        Secret::generate(SecretKind::Session, &self.rng).hash()
    }

    pub(crate) fn account(&self, email: &str) -> Account {
        Account {
            id: self.id(),
            email: email.parse::<Email>().unwrap(),
            email_verified_at: NOW,
            name: "Jane \u{1F514} O'Doe".to_owned(),
            status: AccountStatus::Disabled,
            role: Role::Admin,
            phone: Some("+41446681800".parse().unwrap()),
            details: serde_json::from_str(r#"{"given_name":"Jane","birthdate":"0000-02-29"}"#).unwrap(),
            attributes: serde_json::from_str(r#"{"department":"Sales"}"#).unwrap(),
            locale: Some("fr-CA".to_owned()),
            time_zone: None,
            push_offer_declined: true,
            enrol_by: Some(NOW.plus(HOUR)),
            created_at: NOW,
            updated_at: NOW.plus(HOUR),
        }
    }

    pub(crate) fn agent(&self) -> Agent {
        Agent { browser: "Firefox".to_owned(), os: "Linux".to_owned(), model: String::new(), kind: FormFactor::Desktop }
    }

    pub(crate) fn device(&self, account: Id) -> Device {
        Device {
            id: self.id(),
            account,
            secret: self.hash(),
            agent: self.agent(),
            place: Some(Where {
                city: Some("Lyon".to_owned()),
                country: "FR".to_owned(),
                position: Position::rounded(45.76, 4.84),
            }),
            first_seen_at: NOW,
            last_seen_at: NOW.plus(HOUR),
            known_at: Some(NOW),
            push_offer: PushOffer { put_off: 2, again_at: Some(NOW.plus(HOUR)) },
            push_wanted: true,
            trusted_until: Some(NOW.plus(HOUR)),
        }
    }

    pub(crate) fn session(&self, device: &Device) -> Session {
        Session {
            id: self.id(),
            account: device.account,
            device: device.id,
            secret: self.hash(),
            created_at: NOW,
            last_seen_at: NOW,
            auth_time: NOW,
            amr: vec![Amr::Pwd, Amr::Mfa],
            acr: "urn:example:acr".to_owned(),
            expires_at: NOW.plus(HOUR),
            ended_at: None,
        }
    }

    pub(crate) fn flow(&self) -> Flow {
        let continuation = serde_json::json!({"to": "authorize", "scope": ["openid"], "n": 1});
        let requirements = Requirements { fresh_since: Some(NOW), account: Some(self.id()), ..Requirements::default() };
        let mut flow = Flow::start(self.id(), self.hash(), continuation, requirements, NOW).lasting(HOUR);
        flow.evidence.push(Evidence::Password { account: self.id(), at: NOW });
        flow.typed = Some("ne@example.com".to_owned());
        flow.registration = Some(Registration {
            email: "new@example.com".parse().unwrap(),
            name: "New".to_owned(),
            password: Some(identity::account::PasswordHash("$argon2id$…".to_owned())),
            identity: None,
            linked: None,
            number: 2,
            wrong_codes: 3,
            confirmed_at: None,
            account: None,
        });
        flow
    }

    pub(crate) fn single_use(&self, account: Id) -> SingleUse {
        SingleUse {
            hash: self.hash(),
            purpose: Purpose::Code,
            account: Some(account),
            client: Some(self.id()),
            flow: None,
            data: serde_json::json!({"nonce": "n", "redirect_uri": "https://app.example/cb"}),
            created_at: NOW,
            expires_at: NOW.plus(HOUR),
            consumed_at: None,
        }
    }

    pub(crate) fn counter(&self) -> Counter {
        Counter { tries: u32::MAX, consecutive: 7, window_at: Some(NOW), locked_until: None }
    }

    pub(crate) fn client(&self, client_id: &str) -> Client {
        Client::new(self.id(), client_id, "Acme Shop", ClientAuthMethod::None, NOW)
    }

    pub(crate) fn consent(&self, account: Id, client: Id) -> Consent {
        Consent { account, client, scope: "openid email".to_owned(), granted_at: NOW, last_used_at: NOW }
    }

    pub(crate) fn grant(&self, account: Id, client: Id, session: Id) -> Grant {
        Grant {
            id: self.id(),
            account: Some(account),
            client,
            session: Some(session),
            scope: "openid email".to_owned(),
            offline: false,
            auth_time: NOW,
            amr: vec![Amr::Pwd],
            acr: "0".to_owned(),
            created_at: NOW,
            last_used_at: NOW,
            expires_at: NOW.plus(HOUR),
            revoked_at: None,
            terms: GrantTerms::default(),
            generation: 0,
            rotated_at: None,
        }
    }

    pub(crate) fn key(&self, usage: KeyUse) -> StoredKey {
        let id = self.id();
        StoredKey {
            id,
            usage,
            alg: "ES256".to_owned(),
            kid: id.to_string(),
            private: vec![0, 1, 2, 255],
            created_at: NOW,
            signs_from: NOW.plus(HOUR),
            retired_at: None,
        }
    }

    pub(crate) fn event(&self, account: Id) -> EventRecord {
        let (session, device) = (self.id(), self.id());
        EventRecord {
            id: self.id(),
            tenant: self.tenant,
            account: Some(account),
            device: Some(device),
            agent: self.agent(),
            place: Some(Where { city: None, country: "FR".to_owned(), position: None }),
            event: Event::NewDevice { session, device, app: Some("Acme Shop".to_owned()) },
            at: NOW,
        }
    }

    pub(crate) fn delivery(&self, event: Id, target: &str) -> NewDelivery {
        NewDelivery {
            event,
            sink: Sink::Push,
            target: target.to_owned(),
            due_at: NOW,
            expires_at: NOW.plus(HOUR),
            priority: 0,
        }
    }

    pub(crate) fn change(&self, on: bool, seen_revision: i64) -> PreferenceChange {
        let what = Choice::Switch(Topic::AppConnected, Channel::Push, on);
        PreferenceChange { what, seen_revision, at: NOW, by: self.agent() }
    }

    pub(crate) fn subscription(&self, session: &Session) -> Subscription {
        Subscription {
            id: self.id(),
            account: session.account,
            device: session.device,
            session: session.id,
            endpoint: self.hash(),
            service: "https://push.example".to_owned(),
            sealed: vec![9; 40],
            vapid_key: self.id(),
            created_at: NOW,
            delivered_at: None,
            shown_at: Some(NOW),
            clicked_at: Some(NOW.plus(HOUR)),
            failing_since: None,
            strikes: 0,
        }
    }

    /// An account that is signed in, in a browser of its own.
    pub(crate) async fn signed_in(&self) -> (Account, Device, Session) {
        let account = self.account(&format!("{}@example.com", self.id()));
        let device = self.device(account.id);
        let session = self.session(&device);
        let mut tx = self.begin().await;
        assert!(tx.insert_account(&account).await.unwrap());
        tx.insert_device(&device).await.unwrap();
        tx.insert_session(&session).await.unwrap();
        tx.commit().await.unwrap();
        (account, device, session)
    }
}
