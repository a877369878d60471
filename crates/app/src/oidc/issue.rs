//! A request that is granted: the authorization code, and the grant that everything of it hangs on.

use crate::here::{By, Here};
use crate::visitor::{Signed, Step, Visitor};
use base::{Fault, Id, SecretKind, Timestamp, routes};
use identity::{Amr, Event, Purpose, SingleUse};
use oauth::OAuthError;
use oauth::authorize::AuthorizationRequest;
use oauth::client::Client;
use oauth::code::{Authentication, Code};
use oauth::error::ErrorCode;
use oauth::polling::Decision;
use oauth::scope::OFFLINE_ACCESS;
use store::Tx;
use store::model::{Consent, Grant};
use zeroize::Zeroizing;

/// A code for an app that is connected already.
pub(super) struct Known {
    /// What the app was allowed, as it stood when the code was made.
    pub(super) consent: Consent,
    /// The code, which nothing has to be kept for.
    pub(super) code: Zeroizing<String>,
}

impl Here {
    /// Hands the authorization code out; or lets the device in that asked.
    ///
    /// Where a sign-in is nothing but one more at an app that is known, nothing is written, or nothing that waits for the disk: what it rests
    /// on is looked at again, under the account's lock, when the code becomes a grant ([`LiveGrant::begin`](super::grant::LiveGrant::begin)).
    pub(super) async fn issue_code(
        &self,
        visitor: &Visitor,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
        flow: Option<Id>,
    ) -> Result<Step, Fault> {
        let known = self.known_code(signed, (client, request)).await?;
        if let (None, Some(known)) = (flow, &known)
            && self.is_of_this_minute(&known.consent)
        {
            return self.respond(request.return_to(client).with_code(&known.code));
        }
        let now = self.now();
        // All that is noted then is that a page was left, and when the app was used: whoever has the code, or lost it, would note it again.
        let mut tx = if known.is_some() { self.begin_unsynced().await? } else { self.begin().await? };
        self.stand_by(&mut tx, signed).await?;
        let consent = tx.find_consent(signed.id(), client.id).await?;
        // An app that is to be connected is told of, which needs the disk.
        // What a device is allowed is kept below; at an app that takes a second browser's yes, that was kept before.
        let kept = known.is_some() || !client.first_party && (request.device.is_none() || client.high_risk);
        if kept && consent.is_none() {
            return Err(Fault::busy("the app's access was taken away while it was asked for"));
        }
        let mut again = false;
        if let Some(flow) = flow {
            let Some(mut flow) = tx.lock_flow(flow).await? else {
                return Err(Fault::broken("end a sign-in: its flow is gone"));
            };
            if flow.finished_at.is_some() {
                // A second click was first: it goes on from the start, which takes no page.
                return Ok(Step::here(routes::with_flow(routes::CONTINUE, flow.id)));
            }
            again = flow.reopened;
            flow.finished_at = Some(now);
            tx.save_flow(&flow).await?;
        }
        if let Some(pushed) = request.pushed
            && !tx.spend_single_use(pushed, Purpose::PushedRequest, now).await?
            // The first click of this very flow has spent it, and its answer was thrown away.
            && !again
        {
            // RFC 9126 §2.2: once. Nothing of this turn is kept.
            let text = "request_uri was used before, or is too old: push the request again";
            let error = OAuthError::new(ErrorCode::InvalidRequestUri, text);
            return self.respond(request.return_to(client).with_error(&error));
        }
        if let Some(device) = &request.device {
            let flow = flow.ok_or(Fault::broken("let a device in: no page was shown"))?;
            let grant = self.grant_of(signed, (client, request));
            if self.decide_device(&mut tx, device, Decision::Granted(grant.id)).await? {
                tx.insert_grant(&grant).await?;
                self.consent_to(&mut tx, signed, (client, request), &By::owner(signed, visitor)).await?;
                let consent = tx.find_consent(signed.id(), client.id).await?;
                self.remember_use(&mut tx, consent, &By::owner(signed, visitor), (client, &grant.scope)).await?;
            }
            tx.commit().await?;
            return Ok(Step::here(routes::with_flow(routes::DEVICE_DONE, flow)));
        }
        let scope = request.scope.to_string();
        let since = self.remember_use(&mut tx, consent, &By::owner(signed, visitor), (client, &scope)).await?;
        let text = match known {
            Some(known) if known.consent.granted_at == since => known.code,
            // Connected anew meanwhile: a code that may have to be kept needs the disk.
            Some(_) => return Err(Fault::busy("the app's access was given anew while it was asked for")),
            None => {
                let code = self.code_for(signed, (client, request), since);
                match code.seal(self.issuer(), &self.parts().keyring, self.rng())? {
                    Some(text) => text,
                    None => self.keep_code(&mut tx, &code, client).await?,
                }
            }
        };
        tx.commit().await?;
        self.respond(request.return_to(client).with_code(&text))
    }

    /// The code for an app that is connected already, if it stands for itself and the request spends nothing.
    async fn known_code(
        &self,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
    ) -> Result<Option<Known>, Fault> {
        if spends(request) {
            return Ok(None);
        }
        match self.read().await?.find_consent(signed.id(), client.id).await? {
            Some(consent) => self.code_by(consent, signed, (client, request)),
            None => Ok(None),
        }
    }

    /// The code that such an app gets by what it was allowed, if the code stands for itself.
    pub(super) fn code_by(
        &self,
        consent: Consent,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
    ) -> Result<Option<Known>, Fault> {
        let code = self.code_for(signed, (client, request), consent.granted_at);
        let code = code.seal(self.issuer(), &self.parts().keyring, self.rng())?;
        Ok(code.map(|code| Known { consent, code }))
    }

    /// The code that a request leads to, at an app that is connected since then.
    fn code_for(
        &self,
        signed: &Signed,
        (client, request): (&Client, &AuthorizationRequest),
        connected_at: Timestamp,
    ) -> Code {
        let who = Authentication {
            grant: self.new_id(),
            account: signed.id(),
            session: signed.session.id,
            connected_at,
            auth_time: signed.session.auth_time,
            acr: signed.session.acr.clone(),
            amr: signed.session.amr.iter().map(|amr| amr.as_str().to_owned()).collect(),
        };
        Code::issue(request, who, client, self.now())
    }

    /// What a person allows by a request that no code is handed out for, to be saved.
    pub(super) fn grant_of(&self, signed: &Signed, (client, request): (&Client, &AuthorizationRequest)) -> Grant {
        self.becomes(self.code_for(signed, (client, request), self.now()), client)
    }

    /// What a code becomes when it is redeemed, to be saved.
    pub(super) fn becomes(&self, code: Code, client: &Client) -> Grant {
        let Code { who, scope, terms, issued_at, .. } = code;
        Grant {
            id: who.grant,
            account: Some(who.account),
            client: client.id,
            session: Some(who.session),
            scope: scope.to_string(),
            offline: scope.contains(OFFLINE_ACCESS),
            auth_time: who.auth_time,
            amr: who.amr.iter().filter_map(|value| Amr::of(value)).collect(),
            acr: who.acr,
            created_at: issued_at,
            last_used_at: self.now(),
            expires_at: issued_at.plus(client.refresh_token_lifetime),
            revoked_at: None,
            terms,
            generation: 0,
            rotated_at: None,
        }
    }

    /// Keeps what a code stands for that would be too long for an address; answers with what it is found by.
    async fn keep_code(&self, tx: &mut Tx, code: &Code, client: &Client) -> Result<Zeroizing<String>, Fault> {
        let secret = self.secret(SecretKind::Code);
        let row = SingleUse {
            hash: secret.hash(),
            purpose: Purpose::Code,
            account: Some(code.who.account),
            client: Some(client.id),
            flow: None,
            data: serde_json::to_value(code).map_err(|e| Fault::new("write a code", e))?,
            created_at: code.issued_at,
            expires_at: code.expires_at,
            consumed_at: None,
        };
        tx.put_single_use(&row).await?;
        Ok(Zeroizing::new(secret.reveal()))
    }

    /// Whether there is nothing to note: to the minute, as who signs in again and again at one app must not cost a write each
    /// time.
    fn is_of_this_minute(&self, consent: &Consent) -> bool {
        self.now().since(consent.last_used_at).as_secs() < 60
    }

    /// Keeps the app among the connected ones, and tells of a new one. Answers since when it is one.
    pub(super) async fn remember_use(
        &self,
        tx: &mut Tx,
        consent: Option<Consent>,
        by: &By<'_>,
        (client, scope): (&Client, &str),
    ) -> Result<Timestamp, Fault> {
        let now = self.now();
        match consent {
            Some(consent) => {
                let since = consent.granted_at;
                if !self.is_of_this_minute(&consent) {
                    tx.put_consent(&Consent { last_used_at: now, ..consent }).await?;
                }
                Ok(since)
            }
            None => {
                let Some(account) = by.account else { return Ok(now) };
                let scope = scope.to_owned();
                let consent =
                    Consent { account, client: client.id, scope: scope.clone(), granted_at: now, last_used_at: now };
                tx.put_consent(&consent).await?;
                let event = Event::AppConnected { app: client.name.clone(), scope };
                self.emit(tx, by, event).await?;
                Ok(now)
            }
        }
    }
}

/// Whether answering a request spends something that was kept for it.
pub(super) const fn spends(request: &AuthorizationRequest) -> bool {
    request.pushed.is_some() || request.device.is_some()
}
