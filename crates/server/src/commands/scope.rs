//! Scopes and claims of the operator's own.

use super::format;
use crate::cli::{Common, ScopeDefine, ScopeRemove};
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use app::Problem;
use oauth::own_scope::OwnScope;
use std::collections::BTreeMap;
use view::Locale;

/// Defines one.
pub(super) async fn define(options: &ScopeDefine) -> Result<(), Trouble> {
    let scope = read(&options.name, &options.claim, &options.words)?;
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    installation.here()?.define_scope(&scope).await.map_err(|problem| match problem {
        Problem::Refusal(invalid) => Trouble::new(invalid.to_string()),
        Problem::Fault(fault) => fault.into(),
    })?;
    match format(&options.common) {
        Format::Json => return say::json(&scope),
        Format::Text => say::line(format_args!(
            "Defined {0}. A running server knows it within half a minute. Apps may ask for it that are added with --api-scope {0}.",
            scope.name
        )),
    }
    Ok(())
}

/// Lists them.
pub(super) async fn list(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let here = Installation::open_for_command(&loaded).await?.here()?;
    match format(common) {
        Format::Json => return say::json(&here.own_scopes()),
        Format::Text if here.own_scopes().is_empty() => {
            say::line("None yet: define one with `watchbell scope define`.")
        }
        Format::Text => {
            let claims = |scope: &OwnScope| scope.claims.keys().cloned().collect::<Vec<_>>().join(" ");
            let words = |scope: &OwnScope| scope.words_in("en").unwrap_or_default().to_owned();
            let cells = here.own_scopes().iter().map(|scope| vec![scope.name.clone(), claims(scope), words(scope)]);
            say::line(say::table(&["SCOPE", "CLAIMS", "WORDS"], &cells.collect::<Vec<_>>()));
        }
    }
    Ok(())
}

/// Takes one away.
pub(super) async fn remove(options: &ScopeRemove) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    if !installation.here()?.remove_scope(&options.name).await? {
        return Err(Trouble::new(format!("there is no scope {}: `watchbell scope list` shows them", options.name)));
    }
    say::line(format_args!("Removed {}.", options.name));
    Ok(())
}

fn read(name: &str, claims: &[String], words: &[String]) -> Result<OwnScope, Trouble> {
    let claim = |text: &String| {
        let (claim, attribute) = text.split_once('=').unwrap_or((text, text));
        (claim.to_owned(), attribute.to_owned())
    };
    let languages = Locale::ALL.map(Locale::tag);
    let word = |text: &String| match text.split_once('=') {
        Some((language, words)) if languages.contains(&language) => Ok((language.to_owned(), words.to_owned())),
        _ => Err(Trouble::new(format!("--words {text}: write LANGUAGE=WORDS with one of {}", languages.join(", ")))),
    };
    Ok(OwnScope {
        name: name.to_owned(),
        claims: claims.iter().map(claim).collect(),
        words: words.iter().map(word).collect::<Result<BTreeMap<_, _>, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(claim: &str, words: &str) -> Result<OwnScope, Trouble> {
        read("work", &[claim.to_owned()], &[words.to_owned()])
    }

    #[test]
    fn a_claim_has_the_attribute_of_its_name_unless_it_is_told() {
        let scope = one("department", "de=Deine Abteilung").unwrap();
        assert_eq!(scope.claims["department"], "department");
        assert_eq!(scope.words["de"], "Deine Abteilung");
        assert_eq!(one("dep=department", "en=x").unwrap().claims["dep"], "department");
        assert!(one("a", "fr=x").unwrap_err().to_string().contains("en, de, ar"));
    }
}
