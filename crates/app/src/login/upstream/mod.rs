//! Signing in by another provider.
//!
//! The way there: [`Here::begin_upstream`] writes one single-use row and sends the browser away; nonce and PKCE verifier
//! follow from its secret under a key of ours, so that they rest nowhere. The way back: [`Here::upstream_answer`] spends
//! the row, which is bound to browser, flow and provider, has the provider vouch, and finds whose identity it is. One
//! that nobody has is linked to no account by itself: see [`settle`].

mod answer;
mod begin;
mod join;
mod linking;
mod settle;

pub use answer::{AnswerProblem, Answered, UpstreamAnswer};
pub use begin::{BeginProblem, BeginUpstream};
pub use join::{Join, JoinPage};
pub(crate) use linking::who;
pub use linking::{ConnectPage, LinkWay, Pending};

use crate::here::Here;
use ::upstream::{Attempt, Upstream};
use base::{Secret, SecretHash, SecretKind};
use identity::login::{Flow, Method};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A provider, as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderName {
    /// Its name in the configuration.
    pub key: String,
    /// Its name for people.
    pub name: String,
}

impl ProviderName {
    pub(crate) fn of(upstream: &Upstream) -> Self {
        let provider = upstream.provider();
        Self { key: provider.key.as_str().to_owned(), name: provider.name.clone() }
    }
}

/// Why a provider's word did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpstreamTrouble {
    /// The person said no there, or closed its page.
    Cancelled,
    /// It does not answer, or can't be used.
    Down,
    /// What it answered does not hold.
    NotProven,
    /// That answer was used before, or came too late.
    Spent,
    /// The answer came from another provider than the one that was asked.
    Mixed,
    /// The operator has switched it off.
    Off,
    /// It vouches for somebody else than the person who must sign in.
    SomebodyElse,
    /// It vouches for a sign-in of some time ago, and a new one is asked for.
    TooOld,
    /// The account that it is linked to can't be used.
    Disabled,
    /// It is linked to another account here.
    Taken,
}

/// What the row of an attempt says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    provider: String,
    browser: SecretHash,
    aim: Aim,
}

/// What the attempt is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Aim {
    /// To sign in, in the row's flow.
    SignIn,
    /// To link it to the row's account, in this session.
    Link { session: base::Id },
}

impl Here {
    /// The provider of a key, if the operator has it.
    pub(crate) fn upstream(&self, key: &str) -> Option<Arc<Upstream>> {
        self.upstreams().iter().find(|one| one.provider().key.as_str() == key).cloned()
    }

    /// The providers by which one can sign in in a flow.
    pub(crate) fn upstreams_of(&self, flow: &Flow) -> Vec<ProviderName> {
        let counts = flow.requirements.methods.has(Method::Upstream);
        self.upstreams().iter().filter(|_| counts).map(|one| ProviderName::of(one)).collect()
    }

    /// The name of a provider for people; its key, when the operator has it no more.
    pub fn provider_name(&self, key: &str) -> String {
        self.upstream(key).map_or_else(|| key.to_owned(), |one| one.provider().name.clone())
    }

    /// What ties the answer to the request: all of it follows from the state and a key of ours.
    fn attempt(&self, state: &Secret, upstream: &Upstream) -> Attempt {
        let key = self.parts().keyring.subkey("upstream attempt");
        let derived = |what: &[u8]| state.derive(SecretKind::Upstream, &key, what).reveal().into();
        Attempt {
            state: state.reveal().into(),
            nonce: derived(b"nonce"),
            verifier: derived(b"verifier"),
            redirect_uri: self.url(&base::routes::upstream_callback(upstream.provider().key.as_str())),
            login_hint: None,
            max_age: None,
        }
    }
}
