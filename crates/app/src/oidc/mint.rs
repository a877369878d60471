//! The one place where tokens are made.

use super::grant::LiveGrant;
use super::userinfo::person;
use crate::here::Here;
use base::{Fault, Id, Timestamp};
use oauth::access_token::{AccessToken, Maker};
use oauth::client::AccessTokenForm;
use oauth::client_auth::AuthenticatedClient;
use oauth::confirmation::Confirmation;
use oauth::exchange::{ACCESS_TOKEN, Actor, Exchanged, MayAct};
use oauth::id_token::IdToken;
use oauth::jose::{Recipient, SigningAlg};
use oauth::refresh::RefreshToken;
use oauth::scope::{OPENID, Scope};
use oauth::token_request::Target;
use oauth::token_response::TokenResponse;
use std::time::Duration;
use store::model::Grant;

/// What is minted besides the access token.
pub(super) struct Extras {
    /// The `nonce` of the request; `Some` only with a code.
    pub(super) nonce: Option<String>,
    /// The generation of the refresh token to hand out.
    pub(super) generation: u32,
    /// What the access token is for.
    pub(super) target: Target,
    /// The keys that the client has shown: the access token is bound to them.
    pub(super) shown: Confirmation,
    /// Whom the ID token is encrypted to, if it is.
    pub(super) recipient: Option<Recipient>,
    /// The request that the tokens are sent for, where they are not fetched (CIBA Core §10.3.1).
    pub(super) answers: Option<String>,
}

impl Here {
    /// Mints the tokens of a live grant for its authenticated client.
    pub(super) fn mint(
        &self,
        live: &LiveGrant,
        client: &AuthenticatedClient,
        scope: Scope,
        extras: Extras,
    ) -> Result<TokenResponse, Fault> {
        let (now, grant) = (self.now(), live.grant());
        let subject = self.subject_of(client.client(), live.account().id)?;
        let lifetime = client.client().access_token_lifetime;
        let facts = Facts::of(grant, &subject, (&extras.target, &extras.shown), lifetime);
        let access_token = self.access_token(client, &scope, &facts, now)?;
        let refresh = RefreshToken { grant: grant.id, generation: extras.generation };
        let refresh = refresh.reveal(self.issuer(), &self.parts().keyring);
        let id_token = if scope.contains(OPENID) {
            let amr: Vec<String> = grant.amr.iter().map(|amr| amr.as_str().to_owned()).collect();
            let client = client.client();
            let opened = if client.claims_in_id_token { scope.clone() } else { Scope::default() };
            let told = person(live.account());
            let mut person = oauth::userinfo::claims(&subject, &told, (&opened, &grant.terms.claims.id_token));
            person.remove("sub");
            person.extend(self.own_claims(&opened, live.account()));
            let token = IdToken {
                issuer: self.issuer(),
                subject: &subject,
                client_id: &client.client_id,
                nonce: extras.nonce.as_deref(),
                auth_time: grant.auth_time,
                acr: &grant.acr,
                amr: &amr,
                session: live.session(),
                access_token: Some(&access_token),
                lifetime: client.tokens.id_token_lifetime,
                answers: extras.answers.as_deref().map(|request| (request, refresh.as_str())),
                person: Some(&person).filter(|claims| !claims.is_empty()),
            };
            let signed = token.mint(self.keys().signer(client.id_token_alg, now)?, now)?;
            Some(match &extras.recipient {
                Some(recipient) => recipient.encrypt(&signed, Some("JWT"), self.rng())?,
                None => signed,
            })
        } else {
            None
        };
        let refresh_token = Some(refresh.to_string());
        let response = TokenResponse::new(access_token, client.client().access_token_lifetime, scope);
        let authorization_details = extras.target.authorization_details;
        let token_type = extras.shown.scheme().as_str();
        Ok(TokenResponse { token_type, refresh_token, id_token, authorization_details, ..response })
    }

    /// Mints a token for a client that acts for itself (RFC 6749 §4.4). No row is written: it hangs on the
    /// client's registration.
    pub(super) fn mint_for_client(
        &self,
        client: &AuthenticatedClient,
        scope: Scope,
        (target, shown): (&Target, &Confirmation),
    ) -> Result<TokenResponse, Fault> {
        let row = client.client();
        let (subject, grant) = (row.client_id.as_str(), row.id);
        let facts = Facts {
            subject,
            grant,
            auth_time: None,
            acr: None,
            target,
            confirmation: shown,
            act: None,
            lifetime: row.access_token_lifetime,
        };
        let access_token = self.access_token(client, &scope, &facts, self.now())?;
        let response = TokenResponse::new(access_token, row.access_token_lifetime, scope);
        Ok(TokenResponse { token_type: shown.scheme().as_str(), ..response })
    }

    /// Mints an access token for another client than the grant's, or for less (RFC 8693). Nothing else comes of it.
    pub(super) fn mint_exchanged(
        &self,
        live: &LiveGrant,
        client: &AuthenticatedClient,
        exchanged: Exchanged,
        shown: &Confirmation,
    ) -> Result<TokenResponse, Fault> {
        let grant = live.grant();
        let subject = self.subject_of(client.client(), live.account().id)?;
        let usual = Facts::of(grant, &subject, (&exchanged.target, shown), exchanged.lifetime);
        let facts = Facts { act: exchanged.act.as_ref(), ..usual };
        let access_token = self.access_token(client, &exchanged.scope, &facts, self.now())?;
        let response = TokenResponse::new(access_token, exchanged.lifetime, exchanged.scope);
        Ok(TokenResponse {
            token_type: shown.scheme().as_str(),
            authorization_details: exchanged.target.authorization_details,
            issued_token_type: Some(ACCESS_TOKEN),
            ..response
        })
    }

    fn access_token(
        &self,
        client: &AuthenticatedClient,
        scope: &Scope,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<String, Fault> {
        let client = client.client();
        let may_act = client.exchange.may_act.clone().map(|sub| MayAct { sub });
        let token = AccessToken {
            issuer: self.issuer(),
            subject: facts.subject,
            audience: &facts.target.audience,
            client_id: &client.client_id,
            scope,
            grant: facts.grant,
            auth_time: facts.auth_time,
            acr: facts.acr,
            authorization_details: &facts.target.authorization_details,
            confirmation: facts.confirmation,
            act: facts.act,
            may_act: may_act.as_ref(),
            lifetime: facts.lifetime,
        };
        let (keys, rules) = (self.keys(), &client.tokens);
        let maker = match rules.access_token {
            AccessTokenForm::Jwt => {
                Maker::Signed(keys.signer(rules.access_token_alg.unwrap_or(SigningAlg::ES256), now)?)
            }
            AccessTokenForm::Opaque => Maker::Sealed(&self.parts().keyring),
        };
        let token = token.mint(maker, now, self.rng())?;
        if rules.access_token == AccessTokenForm::Jwt {
            self.signed().keep(&token);
        }
        Ok(token)
    }
}

/// Whom an access token speaks of.
struct Facts<'a> {
    subject: &'a str,
    grant: Id,
    auth_time: Option<Timestamp>,
    acr: Option<&'a str>,
    target: &'a Target,
    confirmation: &'a Confirmation,
    act: Option<&'a Actor>,
    lifetime: Duration,
}

impl<'a> Facts<'a> {
    /// Of a grant that a person gave.
    fn of(
        grant: &'a Grant,
        subject: &'a str,
        (target, confirmation): (&'a Target, &'a Confirmation),
        lifetime: Duration,
    ) -> Self {
        let (auth_time, acr) = (Some(grant.auth_time), Some(grant.acr.as_str()));
        Self { subject, grant: grant.id, auth_time, acr, target, confirmation, act: None, lifetime }
    }
}
