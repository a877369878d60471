//! What else is known of a person, from the command line.

use super::{format, user};
use crate::cli::UserSet;
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use identity::Detail;

/// Sets what is named.
pub(super) async fn set(options: &UserSet) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let named = options.details.iter().map(|text| read(text)).collect::<Result<Vec<_>, _>>()?;
    let named: Vec<_> = named.into_iter().map(|(detail, value)| (detail.as_str().to_owned(), value)).collect();
    let own = options.attribute.iter().map(|text| pair("--attribute", text)).collect::<Result<Vec<_>, _>>()?;
    let installation = Installation::open_for_command(&loaded).await?;
    let account = installation.here()?.set_details(&options.email, &[named, own].concat()).await.map_err(user::why)?;
    match format(&options.common) {
        Format::Json => {
            return say::json(&serde_json::json!({
                "email": account.email.as_str(), "details": account.details, "attributes": account.attributes,
            }));
        }
        Format::Text => {
            say::line(format_args!(
                "Saved. Apps see it at the next sign-in of {}, or when they ask again.",
                account.name
            ));
        }
    }
    Ok(())
}

fn read(text: &str) -> Result<(Detail, String), Trouble> {
    let (name, value) = pair("NAME=VALUE", text)?;
    let detail = name.parse().map_err(|e| {
        let known = Detail::ALL.map(Detail::as_str).join(", ");
        Trouble::new(format!("{name}: {e}: use one of {known}; a name of your own goes into --attribute"))
    })?;
    Ok((detail, value))
}

fn pair(option: &str, text: &str) -> Result<(String, String), Trouble> {
    let told = || Trouble::new(format!("{option}: {text}: write {text}=VALUE, or {text}= to take it away"));
    text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(told)
}

#[cfg(test)]
mod tests {
    use super::read;
    use identity::Detail;

    #[test]
    fn a_name_that_nobody_knows_is_told_with_those_that_there_are() {
        let website = "https://a.example/?x=1".to_owned();
        assert_eq!(read("website=https://a.example/?x=1").ok(), Some((Detail::Website, website)));
        assert!(read("email=x").unwrap_err().to_string().contains("given_name, middle_name"));
        assert!(read("given_name").unwrap_err().to_string().contains("to take it away"));
    }
}
