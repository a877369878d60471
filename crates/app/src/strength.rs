//! Whether a new password is good enough. Every place that takes one comes through here.

use crate::guard::{Authenticator, Lanes, Whose};
use crate::here::Here;
use crate::visitor::Visitor;
use base::{Fault, Id};
use identity::login::Assurance;
use identity::password_policy::{Policy, WeakPassword, check, pwned};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long the range API may take: a sign-up must not hang on somebody else's service.
const PATIENCE: Duration = Duration::from_secs(3);

impl Here {
    /// Whether a new password is good enough: by a policy, and by the range API when it is on.
    pub(crate) async fn check_strength(
        &self,
        policy: Policy,
        password: &str,
        context: &[&str],
    ) -> Result<(), WeakPassword> {
        let mut words: Vec<String> = context.iter().map(|word| (*word).to_owned()).collect();
        words.push(self.tenant().name.clone());
        let text = Zeroizing::new(password.to_owned());
        // Estimating takes milliseconds: not on the threads that answer.
        let measured = tokio::task::spawn_blocking(move || {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            check(&policy, &text, &words, false)
        });
        // What could not be measured does not pass.
        measured.await.unwrap_or(Err(WeakPassword::TooCommon))?;
        if self.is_breached(password).await {
            return Err(WeakPassword::Breached);
        }
        Ok(())
    }

    /// What a new password of this account must be: beside a second factor it may be shorter where the preset says so.
    pub(crate) async fn password_policy_for(&self, account: Id) -> Result<Policy, Fault> {
        let policy = self.settings().password.clone();
        let second = self.factors(account).await?.reaches(Assurance::TwoFactors, &self.settings().sign_in.methods);
        Ok(if second { policy.beside_second_factor() } else { policy })
    }

    /// Asks the range API, which learns five characters of a hash. When it can't be reached the password
    /// passes: a sign-up must not hang on somebody else's service.
    async fn is_breached(&self, password: &str) -> bool {
        let Some(base_url) = &self.settings().pwned_passwords else { return false };
        let (prefix, suffix) = pwned::range_prefix(password);
        let url = format!("{}/range/{prefix}", base_url.trim_end_matches('/'));
        let Ok(url) = url.parse() else { return false };
        let asked = self.parts().outbound.send(outbound::Request::get(url, outbound::Purpose::PwnedPasswords));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(response)) if response.status == 200 => {
                pwned::found_in(&String::from_utf8_lossy(&response.body), &suffix).is_some()
            }
            Ok(Ok(response)) => {
                tracing::warn!(status = %response.status, "the pwned-passwords service gave no answer; the password passes");
                false
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the pwned-passwords service gave no answer; the password passes");
                false
            }
            Err(_) => {
                tracing::warn!("the pwned-passwords service was too slow; the password passes");
                false
            }
        }
    }

    /// Looks for room in the hashing queue before anything is done for a password that would then be refused.
    pub(crate) fn room_to_hash(&self, visitor: &Visitor) -> Result<(), Fault> {
        self.hasher().room(self.turn(visitor))
    }

    /// A number for the hashing queue's turns, from the visitor's network.
    pub(crate) fn turn(&self, visitor: &Visitor) -> u64 {
        Lanes::new(self, Authenticator::Password, &Whose::Nobody { email_key: "" }, visitor).turn()
    }
}
