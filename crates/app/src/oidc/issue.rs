//! A request that is granted: the authorization code, and the grant that everything of it hangs on.

use crate::here::{By, Here};
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, SecretKind, routes};
use identity::{Event, Purpose, SingleUse};
use oauth::OAuthError;
use oauth::authorize::AuthorizationRequest;
use oauth::client::Client;
use oauth::code::{Authentication, Code};
use oauth::error::ErrorCode;
use oauth::polling::Decision;
use oauth::scope::OFFLINE_ACCESS;
use store::Tx;
use store::model::{Consent, Grant};

impl Here {
    /// Mints the authorization code with its grant, in one transaction; or lets the device in that asked.
    pub(super) async fn issue_code(
        &self,
        visitor: &Visitor,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
        flow: Option<Id>,
    ) -> Result<Step, Fault> {
        let now = self.now();
        let (mut tx, _) = self.begin_as(signed).await?;
        let consent = tx.find_consent(signed.id(), client.id).await?;
        // What a device is allowed is kept below; at an app that takes a second browser's yes, that was kept before.
        let kept = request.device.is_none() || client.high_risk;
        if kept && !client.first_party && consent.is_none() {
            return Err(Fault::busy("the app's access was taken away while it was asked for"));
        }
        if let Some(flow) = flow {
            let Some(mut flow) = tx.lock_flow(flow).await? else {
                return Err(Fault::broken("end a sign-in: its flow is gone"));
            };
            if flow.finished_at.is_some() {
                // A second click was first: it goes on from the start, which takes no page.
                return Ok(Step::here(routes::with_flow(routes::CONTINUE, flow.id)));
            }
            flow.finished_at = Some(now);
            tx.save_flow(&flow).await?;
        }
        if let Some(pushed) = request.pushed
            && !tx.spend_single_use(pushed, Purpose::PushedRequest, now).await?
        {
            // RFC 9126 §2.2: once. Nothing of this turn is kept.
            let text = "request_uri was used before, or is too old: push the request again";
            let error = OAuthError::new(ErrorCode::InvalidRequestUri, text);
            return self.respond(request.return_to(client).with_error(&error));
        }
        let grant = self.grant_of(signed, (client, request));
        if let Some(device) = &request.device {
            let flow = flow.ok_or(Fault::broken("let a device in: no page was shown"))?;
            if self.decide_device(&mut tx, device, Decision::Granted(grant.id)).await? {
                tx.insert_grant(&grant).await?;
                self.consent_to(&mut tx, signed, (client, request), &By::owner(signed, visitor)).await?;
                let consent = tx.find_consent(signed.id(), client.id).await?;
                self.remember_use(&mut tx, consent, &By::owner(signed, visitor), (client, &grant)).await?;
            }
            tx.commit().await?;
            return Ok(Step::here(routes::with_flow(routes::DEVICE_DONE, flow)));
        }
        tx.insert_grant(&grant).await?;
        let secret = self.secret(SecretKind::Code);
        tx.put_single_use(&self.code_row(&secret, (client, request), (signed, &grant))?).await?;
        self.remember_use(&mut tx, consent, &By::owner(signed, visitor), (client, &grant)).await?;
        tx.commit().await?;
        self.respond(request.return_to(client).with_code(&secret.reveal()))
    }

    /// What a person allows by a request, to be saved.
    pub(super) fn grant_of(&self, signed: &Signed, (client, request): (&Client, &AuthorizationRequest)) -> Grant {
        let now = self.now();
        Grant {
            id: self.new_id(),
            account: Some(signed.id()),
            client: client.id,
            session: Some(signed.session.id),
            scope: request.scope.to_string(),
            offline: request.scope.contains(OFFLINE_ACCESS),
            auth_time: signed.session.auth_time,
            amr: signed.session.amr.clone(),
            acr: signed.session.acr.clone(),
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(client.refresh_token_lifetime),
            revoked_at: None,
            terms: request.terms.clone(),
        }
    }

    fn code_row(
        &self,
        secret: &base::Secret,
        (client, request): (&Client, &AuthorizationRequest),
        (signed, grant): (&Signed, &Grant),
    ) -> Result<SingleUse, Fault> {
        let now = self.now();
        let who = Authentication {
            grant: grant.id,
            account: signed.id(),
            session: signed.session.id,
            auth_time: grant.auth_time,
            acr: grant.acr.clone(),
            amr: grant.amr.iter().map(|amr| amr.as_str().to_owned()).collect(),
        };
        let code = Code::issue(request, who, client, now);
        let data = serde_json::to_value(&code).map_err(|e| Fault::new("write a code", e))?;
        Ok(SingleUse {
            hash: secret.hash(),
            purpose: Purpose::Code,
            account: grant.account,
            client: Some(client.id),
            flow: None,
            data,
            created_at: now,
            expires_at: code.expires_at,
            consumed_at: None,
        })
    }

    /// Keeps the app among the connected ones, and tells of a new one.
    pub(super) async fn remember_use(
        &self,
        tx: &mut Tx,
        consent: Option<Consent>,
        by: &By<'_>,
        (client, grant): (&Client, &Grant),
    ) -> Result<(), Fault> {
        let now = self.now();
        match consent {
            // To the minute: who signs in again and again at one app must not cost a write each time.
            Some(consent) if now.since(consent.last_used_at).as_secs() < 60 => Ok(()),
            Some(consent) => tx.put_consent(&Consent { last_used_at: now, ..consent }).await,
            None => {
                let Some(account) = by.account else { return Ok(()) };
                let scope = grant.scope.clone();
                let consent =
                    Consent { account, client: client.id, scope: scope.clone(), granted_at: now, last_used_at: now };
                tx.put_consent(&consent).await?;
                let event = Event::AppConnected { app: client.name.clone(), scope };
                self.emit(tx, by, event).await.map(|_| ())
            }
        }
    }
}
