//! UserInfo (OpenID Connect Core §5.3) and introspection (RFC 7662): whether a token is still worth anything.

use super::sender::ResourceCall;
use super::token::BackChannel;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::remembered::{Moment, Read};
use base::{Fault, Id, SecretHash};
use identity::{Account, AccountStatus, Detail};
use oauth::access_token::{Known, VerifiedAccessToken, verify};
use oauth::client::Client;
use oauth::grant_terms::GrantTerms;
use oauth::introspection::{
    IntrospectionRequest, IntrospectionResponse, LiveRefreshToken, may_introspect, may_introspect_refresh,
};
use oauth::refresh::RefreshText;
use oauth::scope::OPENID;
use oauth::userinfo::{Address, Person};
use oauth::{ErrorCode, GrantType, OAuthError, bearer, userinfo};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use store::model::Access;

/// An answer in one of two forms.
pub enum Told {
    /// As JSON.
    Json(String),
    /// As a JWT, signed.
    Jwt(String),
}

/// An access token that was verified, with whose it is: nobody's for a client that acts for itself.
pub(crate) struct LiveToken {
    pub(super) token: VerifiedAccessToken,
    pub(super) client: Arc<Client>,
    pub(super) account: Option<Account>,
    pub(super) terms: GrantTerms,
    /// Whose grant it hangs on, by row id: another client's for a token that was exchanged.
    pub(super) owner: Id,
    /// The APIs that the grant was limited to.
    pub(super) resources: Vec<String>,
    /// When the oldest of all this was read: its client.
    pub(super) read: Moment,
    /// What is told of it again and again, as it was written once.
    pub(super) written: Written,
}

/// Answers about one token: what they say is as old as the token's facts, and goes with them.
#[derive(Default)]
pub(crate) struct Written {
    userinfo: OnceLock<String>,
    introspection: OnceLock<String>,
}

fn told(answer: &IntrospectionResponse) -> Result<String, Fault> {
    serde_json::to_string(answer).map_err(|error| Fault::new("write what a token is worth", error))
}

/// An account in the standard's terms.
pub(super) fn person(account: &Account) -> Person {
    let told = |detail| account.details.get(detail).map(str::to_owned);
    Person {
        given_name: told(Detail::GivenName),
        middle_name: told(Detail::MiddleName),
        family_name: told(Detail::FamilyName),
        nickname: told(Detail::Nickname),
        preferred_username: told(Detail::PreferredUsername),
        profile: told(Detail::Profile),
        picture: told(Detail::Picture),
        website: told(Detail::Website),
        gender: told(Detail::Gender),
        birthdate: told(Detail::Birthdate),
        address: address(account),
        name: Some(account.name.clone()),
        email: Some(account.email.as_str().to_owned()),
        email_verified: true,
        phone_number: account.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        // It is told as its owner wrote it: nothing here proves it.
        phone_number_verified: false,
        locale: account.locale.clone(),
        zoneinfo: account.time_zone.clone(),
        updated_at: Some(account.updated_at),
    }
}

/// The parts that are told, and the whole as on an envelope (OpenID Connect Core §5.1.1).
fn address(account: &Account) -> Option<Address> {
    let told = |detail| account.details.get(detail).map(str::to_owned);
    let parts = Address {
        formatted: None,
        street_address: told(Detail::StreetAddress),
        locality: told(Detail::Locality),
        region: told(Detail::Region),
        postal_code: told(Detail::PostalCode),
        country: told(Detail::Country),
    };
    let join = |parts: &[&Option<String>], between: &str| {
        let told: Vec<&str> = parts.iter().filter_map(|part| part.as_deref()).collect();
        Some(told.join(between)).filter(|text| !text.is_empty())
    };
    let town = join(&[&parts.postal_code, &parts.locality], " ");
    let formatted = join(&[&parts.street_address, &town, &parts.region, &parts.country], "\n");
    formatted.is_some().then_some(Address { formatted, ..parts })
}

impl Here {
    /// The claims that an access token opens.
    ///
    /// # Errors
    /// `invalid_token` (RFC 6750 §3.1), `insufficient_scope`, and what [`Here::check_sender`] finds.
    pub async fn userinfo(&self, call: &ResourceCall) -> Answer<Told, OAuthError> {
        let live = self.token_alive(call.token.reveal(), Some(self.issuer())).await?;
        let Some(LiveToken { token, client, account: Some(account), terms, written, .. }) = live.as_deref() else {
            return refuse(bearer::refused("not verified, revoked, or nobody's").by(call.scheme));
        };
        self.check_sender(call, token, client.id).await?;
        if !token.scope.contains(OPENID) {
            let text = "the access token lacks the scope openid: ask for it in the authorization request";
            return refuse(OAuthError::new(ErrorCode::InsufficientScope, text).by(call.scheme));
        }
        let claims = || {
            let opened = (&token.scope, terms.claims.userinfo.as_slice());
            let mut claims = userinfo::claims(&token.subject, &person(account), opened);
            claims.extend(self.own_claims(&token.scope, account));
            claims
        };
        let plain = || written.userinfo.get_or_init(|| Value::Object(claims()).to_string());
        let recipient = self.recipient(client, client.tokens.userinfo_encryption()).await?;
        let signed = match client.tokens.userinfo_signed_response_alg {
            Some(alg) => {
                let keys = self.keys();
                let signer = keys.signer(alg, self.now())?;
                Some(userinfo::signed(&claims(), signer, (self.issuer(), &client.client_id))?)
            }
            None => None,
        };
        Ok(match (signed, recipient) {
            (None, None) => Told::Json(plain().clone()),
            (Some(jwt), None) => Told::Jwt(jwt),
            (Some(jwt), Some(to)) => Told::Jwt(to.encrypt(&jwt, Some("JWT"), self.rng())?),
            (None, Some(to)) => Told::Jwt(to.encrypt(plain(), None, self.rng())?),
        })
    }

    /// Introspection: for confidential clients about their own tokens, for APIs about any access token; in a JWT for whoever
    /// wants evidence (RFC 9701).
    ///
    /// # Errors
    /// `invalid_client`, `invalid_request`. A token that is not worth anything is an answer, not an error.
    pub async fn introspect(&self, call: BackChannel, as_jwt: bool) -> Answer<Told, OAuthError> {
        let client = self.authenticate_client(&call).await?;
        if !client.is_confidential() {
            return refuse(OAuthError::invalid_client("introspection needs a client with a secret"));
        }
        let token = match IntrospectionRequest::parse(&call.form) {
            Ok(request) => request.token,
            Err(error) => return refuse(error),
        };
        let answer = match token.as_refresh() {
            Some(text) => self
                .live_refresh(&text)
                .await?
                .filter(|live| may_introspect_refresh(&client, &live.client_id))
                .map(|live| IntrospectionResponse::refresh_token(live, self.issuer())),
            None => {
                let live = self.token_alive(token.reveal(), None).await?;
                let live = live.filter(|live| may_introspect(&client, &live.token.client_id));
                let written = live.as_ref().filter(|_| !as_jwt).map(|live| &live.written.introspection);
                if let Some(text) = written.and_then(OnceLock::get) {
                    return Ok(Told::Json(text.clone()));
                }
                let answer =
                    live.as_ref().map(|live| IntrospectionResponse::access_token(live.token.clone(), self.issuer()));
                if let (Some(written), Some(answer)) = (written, &answer) {
                    let text = told(answer)?;
                    return Ok(Told::Json(written.get_or_init(|| text).clone()));
                }
                answer
            }
        };
        let answer = answer.unwrap_or_else(IntrospectionResponse::inactive);
        if !as_jwt {
            return Ok(Told::Json(told(&answer)?));
        }
        let client = client.client();
        let alg = client.introspection_alg();
        let (keys, now) = (self.keys(), self.now());
        Ok(Told::Jwt(answer.signed(keys.signer(alg, now)?, (self.issuer(), &client.client_id), now)?))
    }

    /// Verifies an access token and everything that it hangs on, as it stood a moment ago at the most: for answers that are
    /// asked for again and again, and change nothing.
    async fn token_alive(&self, token: &str, audience: Option<&str>) -> Result<Option<Arc<LiveToken>>, Fault> {
        let key = SecretHash::of(token.as_bytes());
        let known = self.tokens().find(&key).filter(|known| self.is_for(&known.value.token, audience));
        if let Some(live) = known.and_then(|known| known.fresh(self.moment())) {
            return Ok(Some(live));
        }
        let live = self.live_token(token, audience).await?.map(Arc::new);
        if let Some(live) = &live {
            self.tokens().keep(key, Arc::clone(live), live.read);
        }
        Ok(live)
    }

    fn is_for(&self, token: &VerifiedAccessToken, audience: Option<&str>) -> bool {
        self.now() < token.expires_at && audience.is_none_or(|wanted| token.audience.iter().any(|aud| aud == wanted))
    }

    /// A token that was verified before is not verified again while its keys are the same, nor is the signature of one that was
    /// made here a moment ago.
    fn verified(&self, token: &str, audience: Option<&str>) -> Option<VerifiedAccessToken> {
        let hash = SecretHash::of(token.as_bytes());
        if let Some(known) = self.tokens().find(&hash) {
            return Some(known.value.token.clone()).filter(|token| self.is_for(token, audience));
        }
        let keys = self.keys();
        let known =
            Known { keys: keys.published(), keyring: &self.parts().keyring, signed_here: self.signed().has(&hash) };
        verify(known, token, self.issuer(), audience, self.now()).ok()
    }

    /// Verifies an access token and everything that it hangs on, as it stands now; its client as it was a moment ago at the most.
    pub(super) async fn live_token(&self, token: &str, audience: Option<&str>) -> Result<Option<LiveToken>, Fault> {
        let now = self.now();
        let Some(token) = self.verified(token, audience) else { return Ok(None) };
        // Before everything else that is read.
        let Some(Read { value: client, read }) = self.client_as_read(&token.client_id).await? else { return Ok(None) };
        if !client.is_enabled() {
            return Ok(None);
        }
        let written = Written::default();
        let mut look = self.read().await?;
        // A client that acts for itself: its tokens hang on its registration alone.
        if token.grant == client.id {
            if look.is_token_revoked(&token.jti).await? {
                return Ok(None);
            }
            let (terms, owner, resources) = (GrantTerms::default(), client.id, Vec::new());
            return Ok(Some(LiveToken { token, client, account: None, terms, owner, resources, read, written }));
        }
        let Some(Access { grant, account, is_ended }) = look.find_access(token.grant, &token.jti).await? else {
            return Ok(None);
        };
        let stands = grant.revoked_at.is_none() && now < grant.expires_at;
        if is_ended || !stands || account.status != AccountStatus::Active {
            return Ok(None);
        }
        let owner = grant.client;
        if owner != client.id {
            // Exchanged (RFC 8693): both clients have to be what they were.
            let enabled = look.find_client_by_id(owner).await?.is_some_and(|owner| owner.is_enabled());
            if !enabled || !client.may_use(GrantType::TokenExchange) {
                return Ok(None);
            }
        }
        let resources = grant.terms.resources.clone();
        // Single claims were asked for by the grant's own client, and allowed to it.
        let terms = if owner == client.id { grant.terms } else { GrantTerms::default() };
        Ok(Some(LiveToken { token, client, account: Some(account), terms, owner, resources, read, written }))
    }

    async fn live_refresh(&self, text: &RefreshText) -> Result<Option<LiveRefreshToken>, Fault> {
        let now = self.now();
        let Some(token) = text.verify(self.issuer(), &self.parts().keyring) else { return Ok(None) };
        let mut read = self.read().await?;
        let grant =
            read.find_grant(token.grant).await?.filter(|grant| grant.revoked_at.is_none() && now < grant.expires_at);
        let Some(grant) = grant.filter(|grant| grant.generation == token.generation) else { return Ok(None) };
        if !grant.offline {
            let session = match grant.session {
                Some(session) => read.find_session(session).await?,
                None => None,
            };
            if !session.is_some_and(|session| session.ended_at.is_none() && now < session.expires_at) {
                return Ok(None);
            }
        }
        let account = match grant.account {
            Some(account) => read.find_account(account).await?.filter(|a| a.status == AccountStatus::Active),
            None => None,
        };
        let client = read.find_client_by_id(grant.client).await?.filter(Client::is_enabled);
        let (Some(account), Some(client)) = (account, client) else { return Ok(None) };
        Ok(Some(LiveRefreshToken {
            subject: self.subject_of(&client, account.id)?,
            client_id: client.client_id,
            scope: grant.scope.parse().unwrap_or_default(),
            issued_at: grant.rotated_at.unwrap_or(grant.created_at),
            expires_at: grant.expires_at,
        }))
    }
}
