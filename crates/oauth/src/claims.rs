//! Which claims a scope asks for (OpenID Connect Core §5.4).

use crate::scope::{self, Scope};

/// Claims of `profile`.
pub const PROFILE: [&str; 14] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];
/// Claims of `email`.
pub const EMAIL: [&str; 2] = ["email", "email_verified"];
/// Claims of `address`.
pub const ADDRESS: [&str; 1] = ["address"];
/// Claims of `phone`.
pub const PHONE: [&str; 2] = ["phone_number", "phone_number_verified"];

const OF_SCOPES: [(&str, &[&str]); 4] = [
    (scope::PROFILE, PROFILE.as_slice()),
    (scope::EMAIL, EMAIL.as_slice()),
    (scope::ADDRESS, ADDRESS.as_slice()),
    (scope::PHONE, PHONE.as_slice()),
];

/// The scope that opens a claim; `None` for one that speaks of no person.
pub fn scope_of(name: &str) -> Option<&'static str> {
    OF_SCOPES.into_iter().find(|(_, claims)| claims.contains(&name)).map(|(scope, _)| scope)
}

/// The claims about a person that a scope asks for, `sub` aside.
pub fn of_scope(scope: &Scope) -> Vec<&'static str> {
    let mut out = Vec::new();
    for (token, claims) in OF_SCOPES {
        if scope.contains(token) {
            out.extend_from_slice(claims);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_opens_its_own_claims_and_no_others() {
        assert_eq!(of_scope(&"openid email".parse().unwrap()), ["email", "email_verified"]);
        assert!(of_scope(&"openid offline_access".parse().unwrap()).is_empty());
        assert!(of_scope(&"openid profile".parse().unwrap()).contains(&"updated_at"));
    }
}
