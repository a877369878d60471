//! Scopes and claims that the operator defines.

use crate::here::Here;
use crate::problem::{Answer, refuse};
use base::Fault;
use identity::Account;
use oauth::own_scope::{InvalidOwnScope, OwnScope, opened};
use oauth::scope::Scope;
use serde_json::{Map, Value};

impl Here {
    /// Those that there are.
    pub fn own_scopes(&self) -> &[OwnScope] {
        self.state().own_scopes.as_slice()
    }

    /// Defines one, in the place of another of that name. A running server knows it within half a minute.
    ///
    /// # Errors
    /// [`InvalidOwnScope`].
    pub async fn define_scope(&self, scope: &OwnScope) -> Answer<(), InvalidOwnScope> {
        if let Err(invalid) = scope.validate() {
            return refuse(invalid);
        }
        let mut tx = self.begin().await?;
        tx.put_own_scope(scope).await?;
        tx.commit().await?;
        Ok(self.reload().await?)
    }

    /// Takes one away. `false` when there was none.
    ///
    /// # Errors
    /// [`Fault`] when it can't be saved.
    pub async fn remove_scope(&self, name: &str) -> Result<bool, Fault> {
        let mut tx = self.begin().await?;
        let removed = tx.remove_own_scope(name).await?;
        tx.commit().await?;
        self.reload().await?;
        Ok(removed)
    }

    /// What one lets an app see, in the operator's words.
    pub fn scope_words(&self, name: &str, language: &str) -> Option<String> {
        let scope = self.own_scopes().iter().find(|scope| scope.name == name)?;
        scope.words_in(language).map(str::to_owned)
    }

    /// The operator's claims that a scope opens of an account.
    pub(crate) fn own_claims(&self, scope: &Scope, account: &Account) -> Map<String, Value> {
        opened(self.own_scopes(), scope, |attribute| account.attributes.get(attribute).map(Value::from))
    }
}
