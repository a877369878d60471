//! The way back from a provider.

use super::{Aim, Kept, UpstreamTrouble};
use crate::change::Made;
use crate::here::Here;
use crate::problem::{Answer, refuse};
use crate::visitor::{Step, Visitor};
use ::upstream::{Told, Trouble, Upstream};
use base::{Fault, Id, Secret, SecretKind};
use identity::login::Method;
use identity::{Purpose, SingleUse};
use std::sync::Arc;

/// What a provider's answer says, each part once (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Clone)]
pub struct UpstreamAnswer {
    /// The provider whose redirect URI it came to.
    pub provider: String,
    /// The `state`.
    pub state: Option<String>,
    /// The `code`.
    pub code: Option<String>,
    /// The `iss`.
    pub iss: Option<String>,
    /// The `error`.
    pub error: Option<String>,
}

/// Why an answer led nowhere, and where its attempt began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerProblem {
    /// Nothing is known of such an attempt, or it was made long ago.
    Unknown,
    /// It was made in another browser.
    OtherBrowser,
    /// Its sign-in can't go on.
    Ended(Id),
    /// Back to the sign-in page of the flow.
    SignIn {
        /// The flow.
        flow: Id,
        /// The provider's key.
        provider: String,
        /// What to say there.
        trouble: UpstreamTrouble,
    },
    /// Back to the account's page.
    Account {
        /// The provider's key.
        provider: String,
        /// What to say there.
        trouble: UpstreamTrouble,
    },
    /// The session in which it was begun is over.
    SignedOut,
}

/// The errors that say that somebody did not want to, or was not asked (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6;
/// the last two are LinkedIn's).
const CANCELLED: [&str; 7] = [
    "access_denied",
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
    "user_cancelled_login",
    "user_cancelled_authorize",
];

/// What an answer led to.
pub enum Answered {
    /// The sign-in goes on.
    GoOn(Step),
    /// It was linked to the account, or will be when its owner has said yes.
    Linked(Made<()>),
}

/// An attempt that was spent by its answer.
pub(super) struct Spent {
    pub(super) upstream: Arc<Upstream>,
    row: SingleUse,
    kept: Kept,
}

impl Here {
    /// Takes a provider's answer, once: whoever it vouches for is signed in, linked, or asked for more.
    ///
    /// # Errors
    /// [`AnswerProblem`].
    pub async fn upstream_answer(&self, answer: UpstreamAnswer, visitor: &Visitor) -> Answer<Answered, AnswerProblem> {
        let Some(state) = answer.state.as_deref().and_then(|text| Secret::parse(SecretKind::Upstream, text)) else {
            return refuse(AnswerProblem::Unknown);
        };
        let spent = self.spend_attempt(&state, &answer, visitor).await?;
        let told = match self.ask_provider(&spent, &state, &answer).await {
            Ok(told) => told,
            Err(trouble) => return refuse(spent.back(trouble)),
        };
        match spent.kept.aim.clone() {
            Aim::SignIn => {
                let Some(flow) = spent.row.flow else { return refuse(AnswerProblem::Unknown) };
                self.settle(flow, (&spent, told), visitor).await.map(Answered::GoOn)
            }
            Aim::Link { session } => {
                let Some(account) = spent.row.account else { return refuse(AnswerProblem::Unknown) };
                self.link_told((account, session), (&spent, told), visitor).await.map(Answered::Linked)
            }
        }
    }

    /// Spends the attempt's row, if it is this browser's, and looks whether the answer is that attempt's.
    async fn spend_attempt(
        &self,
        state: &Secret,
        answer: &UpstreamAnswer,
        visitor: &Visitor,
    ) -> Answer<Spent, AnswerProblem> {
        let found = self.read().await?.find_single_use(state.hash(), Purpose::UpstreamState).await?;
        let Some(row) = found else { return refuse(AnswerProblem::Unknown) };
        let kept: Kept = serde_json::from_value(row.data.clone())
            .map_err(|e| Fault::new("read an attempt at another provider", e))?;
        if visitor.browser.as_ref().is_none_or(|browser| browser.hash() != kept.browser) {
            return refuse(AnswerProblem::OtherBrowser);
        }
        let back = |trouble| back(&row, &kept, trouble);
        let mut tx = self.begin().await?;
        if !tx.spend_single_use(row.hash, Purpose::UpstreamState, self.now()).await? {
            return refuse(back(UpstreamTrouble::Spent));
        }
        tx.commit().await?;
        // From here on the attempt is over, whatever comes of it.
        if answer.provider != kept.provider {
            tracing::warn!(
                asked = kept.provider,
                answered = answer.provider,
                "an answer came to another provider's address"
            );
            return refuse(back(UpstreamTrouble::Mixed));
        }
        let counts = match (&kept.aim, row.flow) {
            (Aim::SignIn, Some(flow)) => {
                let flow = self.open_flow(flow, visitor).await.map_err(|p| p.map(|_| AnswerProblem::Ended(flow)))?;
                flow.requirements.methods.has(Method::Upstream)
            }
            _ => self.settings().sign_in.methods.has(Method::Upstream),
        };
        let Some(upstream) = self.upstream(&kept.provider).filter(|_| counts) else {
            return refuse(back(UpstreamTrouble::Off));
        };
        match upstream.check_issuer(answer.iss.as_deref(), self.now()).await {
            Ok(Ok(())) => Ok(Spent { upstream, row, kept }),
            Ok(Err(_)) => {
                tracing::warn!(provider = kept.provider, "an answer named another issuer");
                refuse(back(UpstreamTrouble::Mixed))
            }
            Err(_) => refuse(back(UpstreamTrouble::Down)),
        }
    }

    async fn ask_provider(
        &self,
        spent: &Spent,
        state: &Secret,
        answer: &UpstreamAnswer,
    ) -> Result<Told, UpstreamTrouble> {
        match (answer.error.as_deref(), answer.code.as_deref()) {
            (Some(error), _) if CANCELLED.contains(&error) => Err(UpstreamTrouble::Cancelled),
            (Some(error), _) => {
                let error: String = error.chars().filter(char::is_ascii_graphic).take(60).collect();
                tracing::warn!(provider = spent.kept.provider, error, "a provider answered with an error");
                Err(UpstreamTrouble::Down)
            }
            (None, None) => Err(UpstreamTrouble::NotProven),
            (None, Some(code)) => {
                let attempt = self.attempt(state, &spent.upstream);
                spent.upstream.redeem(code, &attempt, self.now()).await.map_err(|trouble| match trouble {
                    Trouble::Unreachable(_) | Trouble::Unusable(_) => UpstreamTrouble::Down,
                    Trouble::Refused(_) | Trouble::NotProven(_) => UpstreamTrouble::NotProven,
                })
            }
        }
    }
}

impl Spent {
    /// Back to where the attempt began.
    pub(super) fn back(&self, trouble: UpstreamTrouble) -> AnswerProblem {
        back(&self.row, &self.kept, trouble)
    }
}

fn back(row: &SingleUse, kept: &Kept, trouble: UpstreamTrouble) -> AnswerProblem {
    let provider = kept.provider.clone();
    match row.flow {
        Some(flow) => AnswerProblem::SignIn { flow, provider, trouble },
        None => AnswerProblem::Account { provider, trouble },
    }
}
