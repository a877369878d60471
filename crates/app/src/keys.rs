//! The tenant's keys: made at the first start, sealed at rest, rotated without a failed verification.
//!
//! A new key is published first and signs only after `key_lead`, when every cache of the JWKS has it; the
//! old one stays published for `key_tail` after that, until nothing that it signed is alive.

mod operate;

pub use operate::{KeyState, KeyStatus, NewMaster, RevokeRefusal};

use crate::here::{Here, Parts};
use crate::oidc::Document;
use crate::settings::Settings;
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use base::{Clock, Fault, Id, Keyring, Rng, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth::jose::{KeySet, SigningAlg, SigningKey, signs_at};
use store::Tx;
use store::model::{KeyUse, StoredKey};

/// The open keys of a tenant.
pub(crate) struct Keys {
    signing: Vec<Loaded>,
    pub(crate) vapid: Vapid,
    published: KeySet,
    jwks: Document,
}

struct Loaded {
    signs_from: Timestamp,
    retired_at: Option<Timestamp>,
    key: SigningKey,
}

/// The key that identifies us to push services: its row, and what a browser subscribes with.
pub(crate) struct Vapid {
    pub(crate) id: Id,
    pub(crate) public: String,
}

impl Keys {
    pub(crate) async fn load(parts: &Parts, tenant: Id) -> Result<Self, Fault> {
        let mut read = parts.store.read(tenant).await?;
        let now = parts.clock.now();
        let mut signing = Vec::new();
        for row in read.list_keys(KeyUse::Sign).await? {
            if row.retired_at.is_some_and(|at| at.plus(parts.settings.key_tail) <= now) {
                continue;
            }
            let key = open(&parts.keyring, &row)?;
            signing.push(Loaded { signs_from: row.signs_from, retired_at: row.retired_at, key });
        }
        let vapid = read.list_keys(KeyUse::Vapid).await?.into_iter().filter(|row| row.retired_at.is_none());
        let vapid = vapid
            .max_by_key(|row| row.created_at)
            .ok_or(Fault::broken("open the keys: the tenant has no VAPID key"))?;
        let public = vapid_point(&parts.keyring, &vapid)?;
        let mut published = KeySet::new();
        for loaded in &signing {
            published.publish(loaded.key.public().clone());
        }
        let jwks = Document::new(published.jwks().to_string());
        Ok(Self { signing, vapid: Vapid { id: vapid.id, public }, published, jwks })
    }

    /// The key that signs at this moment with an algorithm: the newest that is ready.
    pub(crate) fn signer(&self, alg: SigningAlg, now: Timestamp) -> Result<&SigningKey, Fault> {
        let of_alg = self.signing.iter().filter(|loaded| loaded.key.alg() == alg);
        signs_at(now, of_alg.map(|loaded| (loaded.signs_from, loaded.retired_at, &loaded.key)))
            .ok_or(Fault::broken("sign a token: no key of that algorithm is ready"))
    }

    /// The algorithms that something signs with.
    pub(crate) fn algs(&self) -> Vec<SigningAlg> {
        self.signing.iter().map(|loaded| loaded.key.alg()).collect()
    }

    /// The keys that verify.
    pub(crate) fn published(&self) -> &KeySet {
        &self.published
    }

    /// The JWKS document (RFC 7517 §5).
    pub(crate) fn jwks(&self) -> &Document {
        &self.jwks
    }
}

/// Makes the first keys of a tenant.
pub(crate) async fn make(tx: &mut Tx, keyring: &Keyring, (clock, rng): (&Clock, &Rng)) -> Result<(), Fault> {
    let now = clock.now();
    for alg in SigningAlg::ALL {
        add(tx, keyring, rng, (alg, now, now)).await?;
    }
    add_vapid(tx, keyring, (clock, rng)).await
}

async fn add(
    tx: &mut Tx,
    keyring: &Keyring,
    rng: &Rng,
    (alg, now, signs_from): (SigningAlg, Timestamp, Timestamp),
) -> Result<(), Fault> {
    let key = SigningKey::generate(alg)?;
    let id = Id::at(now, rng);
    let private = keyring.seal(&place(id), &key.to_pkcs8()?, rng)?;
    let row = StoredKey {
        id,
        usage: KeyUse::Sign,
        alg: alg.as_str().to_owned(),
        kid: key.kid().to_owned(),
        private,
        created_at: now,
        signs_from,
        retired_at: None,
    };
    tx.insert_key(&row).await
}

fn open(keyring: &Keyring, row: &StoredKey) -> Result<SigningKey, Fault> {
    let alg: SigningAlg = row.alg.parse().map_err(|e| Fault::new("open a key", e))?;
    let private = keyring.open(&place(row.id), &row.private).map_err(|e| Fault::new("open a key", e))?;
    SigningKey::from_pkcs8(alg, &private)
}

fn place(id: Id) -> String {
    format!("keys.private/{id}")
}

/// What a browser subscribes with (`applicationServerKey`): the uncompressed point of the key (SEC 1 §2.3.3),
/// base64url. The row holds the private scalar.
fn vapid_point(keyring: &Keyring, row: &StoredKey) -> Result<String, Fault> {
    let private = keyring.open(&place(row.id), &row.private).map_err(|e| Fault::new("open the VAPID key", e))?;
    let key = PrivateKey::from_private_key(&ECDH_P256, &private).map_err(|e| Fault::new("read the VAPID key", e))?;
    let public = key.compute_public_key().map_err(|e| Fault::new("read the VAPID key", e))?;
    Ok(URL_SAFE_NO_PAD.encode(public.as_ref()))
}

async fn add_vapid(tx: &mut Tx, keyring: &Keyring, (clock, rng): (&Clock, &Rng)) -> Result<(), Fault> {
    let made = |e| Fault::new("make the VAPID key", e);
    let key = PrivateKey::generate(&ECDH_P256).map_err(made)?;
    let private: EcPrivateKeyBin<'_> = key.as_be_bytes().map_err(made)?;
    let now = clock.now();
    let id = Id::at(now, rng);
    let row = StoredKey {
        id,
        usage: KeyUse::Vapid,
        alg: "ES256".to_owned(),
        kid: id.to_string(),
        private: keyring.seal(&place(id), private.as_ref(), rng)?,
        created_at: now,
        signs_from: now,
        retired_at: None,
    };
    tx.insert_key(&row).await
}

/// What a rotation did to one algorithm.
#[derive(Debug, Clone)]
pub struct Rotated {
    /// The algorithm.
    pub alg: String,
    /// The new key's id.
    pub kid: String,
    /// From when on it signs.
    pub signs_from: Timestamp,
}

impl Here {
    /// Publishes a new signing key for each of these algorithms, which are [`SigningAlg::ALL`] unless somebody chose. They
    /// sign after `key_lead`; a rotation that is still waiting for that is left to finish.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn rotate_keys(&self, algs: &[SigningAlg]) -> Result<Vec<Rotated>, Fault> {
        let now = self.now();
        let settings: &Settings = self.settings();
        let signs_from = now.plus(settings.key_lead);
        let mut tx = self.begin().await?;
        let present = tx.list_keys(KeyUse::Sign).await?;
        let mut done = Vec::new();
        for alg in SigningAlg::ALL.into_iter().filter(|alg| algs.contains(alg)) {
            let of_alg: Vec<&StoredKey> = present.iter().filter(|row| row.alg == alg.as_str()).collect();
            if of_alg.iter().any(|row| row.signs_from > now) {
                continue;
            }
            for row in of_alg.into_iter().filter(|row| row.retired_at.is_none()) {
                tx.update_key(&StoredKey { retired_at: Some(signs_from), ..row.clone() }).await?;
            }
            add(&mut tx, &self.parts().keyring, self.rng(), (alg, now, signs_from)).await?;
        }
        for row in tx.list_keys(KeyUse::Sign).await? {
            if row.signs_from == signs_from {
                done.push(Rotated { alg: row.alg, kid: row.kid, signs_from });
            }
        }
        tx.commit().await?;
        self.reload().await?;
        Ok(done)
    }
}
