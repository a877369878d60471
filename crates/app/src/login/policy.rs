//! What signing in takes for one flow: the tenant's policy, and what the client of the flow asks beyond it.

use crate::here::Here;
use base::Fault;
use identity::login::{Assurance, Flow, Method, Methods, SignInPolicy, SignUp, Stricter};
use identity::password_policy::Policy;
use oauth::client::{Client, LoginRules};
use std::time::Duration;

/// A word of a client's rules that means nothing here: the field, and what is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: there is no {word:?} here; there is {known}")]
pub(crate) struct UnknownWord {
    field: &'static str,
    word: String,
    known: String,
}

impl Here {
    /// What signing in takes, unless a client asks for more. Other providers count where there is one.
    pub(crate) fn sign_in_policy(&self) -> SignInPolicy {
        let policy = self.settings().sign_in.clone();
        let counts = |method: &Method| *method != Method::Upstream || !self.upstreams().is_empty();
        SignInPolicy { methods: Methods::of(policy.methods.iter().filter(counts)), ..policy }
    }

    /// What signing in to a client takes.
    pub(crate) fn policy_for(&self, client: Option<&Client>) -> SignInPolicy {
        let tenant = self.sign_in_policy();
        match client.map(|client| read(&client.login)) {
            Some(Ok(stricter)) => tenant.with(&stricter),
            // Checked when it was saved: a word that a newer version wrote asks for the utmost.
            Some(Err(_)) => SignInPolicy { require: Assurance::PhishingResistant, sign_up: SignUp::Closed, ..tenant },
            None => tenant,
        }
    }

    /// What signing in takes in this flow.
    pub(crate) async fn policy_of(&self, flow: &Flow) -> Result<SignInPolicy, Fault> {
        Ok(self.policy_for(self.way_of(flow).await?.client.as_deref()))
    }

    /// Which passwords are good enough in this flow.
    pub(crate) async fn password_policy_of(&self, flow: &Flow) -> Result<Policy, Fault> {
        let preset = self.way_of(flow).await?.client.and_then(|client| client.login.password_preset.clone());
        Ok(preset.and_then(|name| Policy::preset(&name)).unwrap_or_else(|| self.settings().password.clone()))
    }
}

/// Reads a client's rules.
///
/// # Errors
/// [`UnknownWord`] for one that means nothing here.
pub(crate) fn read(rules: &LoginRules) -> Result<Stricter, UnknownWord> {
    let unknown =
        |field, word: &str, known: Vec<&str>| UnknownWord { field, word: word.to_owned(), known: known.join(", ") };
    let method = |word: &String| {
        let known = || Method::ALL.map(Method::as_str).to_vec();
        Method::from_name(word).ok_or_else(|| unknown("methods", word, known()))
    };
    let methods = rules.methods.as_ref().map(|words| words.iter().map(method).collect::<Result<Vec<_>, _>>());
    let acr = |word: &String| {
        let known = || Assurance::ALL.map(Assurance::acr).to_vec();
        Assurance::of_acr(word).ok_or_else(|| unknown("min_acr", word, known()))
    };
    let sign_up = |word: &String| match word.as_str() {
        "open" => Ok(SignUp::Open),
        "invited" => Ok(SignUp::Invited),
        "closed" => Ok(SignUp::Closed),
        _ => Err(unknown("sign_up", word, vec!["open", "invited", "closed"])),
    };
    if let Some(name) = rules.password_preset.as_ref().filter(|name| Policy::preset(name).is_none()) {
        return Err(unknown("password_preset", name, Policy::PRESETS.to_vec()));
    }
    Ok(Stricter {
        methods: methods.transpose()?.map(Methods::of),
        require: rules.min_acr.as_ref().map(acr).transpose()?,
        enrolment_grace: rules.enrolment_grace_days.map(|days| Duration::from_secs(u64::from(days) * 86_400)),
        sign_up: rules.sign_up.as_ref().map(sign_up).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_means_nothing_is_told_with_those_that_do() {
        let rules = LoginRules { methods: Some(vec!["pasword".into()]), ..LoginRules::default() };
        let told = read(&rules).unwrap_err().to_string();
        assert!(told.starts_with("methods: there is no \"pasword\" here; there is password, passkey"), "{told}");
        for (field, rules) in [
            ("min_acr", LoginRules { min_acr: Some("2".into()), ..LoginRules::default() }),
            ("sign_up", LoginRules { sign_up: Some("maybe".into()), ..LoginRules::default() }),
            ("password_preset", LoginRules { password_preset: Some("strong".into()), ..LoginRules::default() }),
        ] {
            assert!(read(&rules).unwrap_err().to_string().starts_with(field), "{field}");
        }
        assert_eq!(read(&LoginRules::default()), Ok(Stricter::default()));
    }
}
