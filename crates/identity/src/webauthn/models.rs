//! What an authenticator's model is called.

use base::Id;

const MODELS: &str = include_str!("models.txt");

/// The name of a model by its AAGUID: "iCloud Keychain", "YubiKey 5 NFC". Anybody can claim one: it names a card, and
/// decides nothing.
pub fn model_name(aaguid: Id) -> Option<&'static str> {
    let aaguid = aaguid.to_string();
    MODELS.lines().find_map(|line| line.strip_prefix(&aaguid)?.strip_prefix(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_know_their_password_manager_by_its_name() {
        let named = |aaguid: &str| model_name(aaguid.parse().unwrap());
        assert_eq!(named("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"), Some("iCloud Keychain"));
        assert_eq!(named("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"), Some("Google Password Manager"));
        assert_eq!(named("BADA5566-A7AA-401F-BD96-45619A55120D"), Some("1Password"));
        assert_eq!(named("ee882879-721c-4913-9775-3dfcce97072a"), Some("YubiKey 5"));
        assert_eq!(named("00000000-0000-0000-0000-000000000000"), None);
    }

    #[test]
    fn every_line_of_the_list_is_an_aaguid_and_a_name() {
        let lines: Vec<&str> = MODELS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 40);
        for line in lines {
            let (aaguid, name) = line.split_once(' ').unwrap();
            assert_eq!(aaguid.parse::<Id>().unwrap().to_string(), aaguid, "{line}");
            assert!(!name.trim().is_empty() && name.trim() == name, "{line}");
        }
    }
}
