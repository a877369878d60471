//! Settings about sensitive changes: which are done at once, and which wait for their owner's yes.

use identity::change::{self, ChangeKind, ChangePolicy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens with a sensitive change of an account.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Changes {
    /// Another mail address. The new one proves itself in any case.
    pub email: Mode,
    /// Another password.
    pub password: Mode,
    /// Another telephone number, a first one, or none any more.
    pub phone: Mode,
    /// One more passkey or security key.
    pub add_key: Mode,
    /// One passkey or security key less.
    pub remove_key: Mode,
    /// An authenticator app where there was none.
    pub add_totp: Mode,
    /// Another authenticator app in the place of the one before.
    pub replace_totp: Mode,
    /// The authenticator app is removed.
    pub remove_totp: Mode,
    /// New recovery codes.
    pub recovery_codes: Mode,
    /// An account at another provider signs in from now on.
    pub link: Mode,
    /// And one that does not any more.
    pub unlink: Mode,
    /// A copy of everything that is kept about the person.
    pub export: Mode,
    /// The account is deleted.
    pub delete: Mode,
    /// An app that was added with `--high-risk` is given access.
    pub grant: Mode,
    /// Notices about who gets into the account are switched off. It can't wait: off is as easy as on.
    pub notices_off: Mode,
}

/// What happens with a change of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// It is done, and stands in the activity log.
    Off,
    /// It is done, and its owner is told; addresses, passwords and telephone numbers can be undone for 72 hours.
    Notify,
    /// It waits until its owner says yes in another browser, or with the code of a mail.
    Confirm,
}

impl Default for Changes {
    fn default() -> Self {
        let by_default = |kind: ChangeKind| Mode::from(kind.by_default());
        Self {
            email: by_default(ChangeKind::Email),
            password: by_default(ChangeKind::Password),
            phone: by_default(ChangeKind::Phone),
            add_key: by_default(ChangeKind::AddKey),
            remove_key: by_default(ChangeKind::RemoveKey),
            add_totp: by_default(ChangeKind::AddTotp),
            replace_totp: by_default(ChangeKind::ReplaceTotp),
            remove_totp: by_default(ChangeKind::RemoveTotp),
            recovery_codes: by_default(ChangeKind::RecoveryCodes),
            link: by_default(ChangeKind::Link),
            unlink: by_default(ChangeKind::Unlink),
            export: by_default(ChangeKind::Export),
            delete: by_default(ChangeKind::Delete),
            grant: by_default(ChangeKind::Grant),
            notices_off: by_default(ChangeKind::NoticesOff),
        }
    }
}

impl Changes {
    pub(crate) fn policy(&self) -> ChangePolicy {
        ChangePolicy::of(ChangeKind::ALL.map(|kind| (kind, self.mode(kind).into())))
    }

    const fn mode(&self, kind: ChangeKind) -> Mode {
        match kind {
            ChangeKind::Email => self.email,
            ChangeKind::Password => self.password,
            ChangeKind::Phone => self.phone,
            ChangeKind::AddKey => self.add_key,
            ChangeKind::RemoveKey => self.remove_key,
            ChangeKind::AddTotp => self.add_totp,
            ChangeKind::ReplaceTotp => self.replace_totp,
            ChangeKind::RemoveTotp => self.remove_totp,
            ChangeKind::RecoveryCodes => self.recovery_codes,
            ChangeKind::Link => self.link,
            ChangeKind::Unlink => self.unlink,
            ChangeKind::Export => self.export,
            ChangeKind::Delete => self.delete,
            ChangeKind::Grant => self.grant,
            ChangeKind::NoticesOff => self.notices_off,
        }
    }
}

impl From<change::Mode> for Mode {
    fn from(mode: change::Mode) -> Self {
        match mode {
            change::Mode::Off => Self::Off,
            change::Mode::Notify => Self::Notify,
            change::Mode::Confirm => Self::Confirm,
        }
    }
}

impl From<Mode> for change::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Off => Self::Off,
            Mode::Notify => Self::Notify,
            Mode::Confirm => Self::Confirm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_as_the_product_has_it() {
        for kind in ChangeKind::ALL {
            assert_eq!(Changes::default().policy().mode(kind), kind.by_default(), "{kind:?}");
        }
        let quiet = Changes { password: Mode::Confirm, delete: Mode::Off, ..Changes::default() }.policy();
        assert_eq!(quiet.mode(ChangeKind::Password), change::Mode::Confirm);
        assert_eq!(quiet.mode(ChangeKind::Delete), change::Mode::Off);
    }
}
