//! Accounts at other providers: on the sign-in page, on the way to an account, and among the ways to sign in.

use super::Page;
use super::join::JoinProblem;
use base::Timestamp;
use serde::Serialize;

/// A provider's button. It posts `provider` = `key` → [`base::routes::UPSTREAM`] or [`base::routes::IDENTITY_LINK`].
#[derive(Debug, Clone, Serialize)]
pub struct ProviderButton {
    /// The provider's name in the configuration.
    pub key: String,
    /// Its name for people.
    pub name: String,
}

/// An account at a provider that waits to be connected. "Don't connect": `flow` → [`base::routes::UPSTREAM_FORGET`].
#[derive(Debug, Clone, Serialize)]
pub struct PendingAccount {
    /// The provider's name for people.
    pub provider: String,
    /// The address or name that it told.
    pub who: Option<String>,
    /// The address, when there is an account of it here.
    pub account: Option<String>,
    /// Whether an account can be made of it.
    pub can_join: bool,
    /// What its owner does so that it is connected.
    pub way: LinkWay,
}

/// How an account at a provider comes to be connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkWay {
    /// Signing in on this page.
    #[default]
    SignIn,
    /// Signing in by another provider, and then on the account's page.
    Elsewhere,
    /// Asking the operator: the account has nothing to sign in with that counts here.
    Ask,
}

/// Why a provider's word did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpstreamProblem {
    /// The person said no there.
    Cancelled,
    /// It does not answer.
    Down,
    /// What it answered does not hold.
    NotProven,
    /// That answer was used before, or came too late.
    Spent,
    /// The answer came from another provider.
    Mixed,
    /// The operator has switched it off.
    Off,
    /// It is another person.
    SomebodyElse,
    /// It vouches for a sign-in of some time ago.
    TooOld,
    /// The account can't be used.
    Disabled,
    /// It is connected to another account here.
    Taken,
    /// It is the last way to sign in.
    LastWay,
}

impl UpstreamProblem {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Cancelled,
        Self::Down,
        Self::NotProven,
        Self::Spent,
        Self::Mixed,
        Self::Off,
        Self::SomebodyElse,
        Self::TooOld,
        Self::Disabled,
        Self::Taken,
        Self::LastWay,
    ];

    /// The name under which it travels to the next page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Down => "down",
            Self::NotProven => "not-proven",
            Self::Spent => "spent",
            Self::Mixed => "mixed",
            Self::Off => "off",
            Self::SomebodyElse => "somebody-else",
            Self::TooOld => "too-old",
            Self::Disabled => "disabled",
            Self::Taken => "taken",
            Self::LastWay => "last-way",
        }
    }

    /// The problem of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.name() == name)
    }
}

/// The same, with the provider that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpstreamNote {
    /// What happened.
    pub why: UpstreamProblem,
    /// The provider's name for people.
    pub provider: String,
}

/// "Almost there": an account is made of a provider's word. Form: `flow`, `username` (the address), `name`,
/// `push_state` → POST [`base::routes::REGISTER_UPSTREAM`].
#[derive(Debug, Clone, Serialize)]
pub struct JoinUpstream {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// What waits.
    pub pending: PendingAccount,
    /// The address: the provider's at first, then as typed.
    pub username: String,
    /// The name: the provider's at first, then as typed.
    pub name: String,
    /// Why nothing was made.
    pub problem: Option<JoinProblem>,
}

/// Asks whether what waits is connected. Form: `flow`, `answer` (`yes` or `no`) → POST [`base::routes::UPSTREAM_CONNECT`].
#[derive(Debug, Clone, Serialize)]
pub struct ConnectUpstream {
    /// The flow's id.
    pub flow: String,
    /// The app that one signs in to.
    pub app: Option<String>,
    /// Whose account here it is.
    pub email: String,
    /// What waits.
    pub pending: PendingAccount,
}

/// The section of the account's other accounts. Unlink: `identity` → POST [`base::routes::IDENTITY_UNLINK`].
#[derive(Debug, Clone, Default, Serialize)]
pub struct OtherAccounts {
    /// Those that are connected.
    pub linked: Vec<LinkedAccount>,
    /// The providers with which more can be.
    pub providers: Vec<ProviderButton>,
    /// What did not work.
    pub note: Option<UpstreamNote>,
}

/// A connected account.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedAccount {
    /// Its row id.
    pub id: String,
    /// The provider's name for people.
    pub provider: String,
    /// The address or name that it told.
    pub who: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Last sign-in with it.
    pub last_used: Option<Timestamp>,
    /// Whether the provider is still there.
    pub works: bool,
}

impl Page for ConnectUpstream {
    const TEMPLATE: &'static str = "connect-upstream.html";
}

impl Page for JoinUpstream {
    const TEMPLATE: &'static str = "register-upstream.html";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_travels_by_the_name_that_its_words_have() {
        for problem in UpstreamProblem::ALL {
            assert_eq!(UpstreamProblem::from_name(problem.name()), Some(problem));
        }
    }
}
