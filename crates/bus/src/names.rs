//! Under which names the nodes of an installation meet in Redis. Two installations on one Redis never meet, and nobody can tell from
//! a name what it stands for.

use base::{Id, SecretHash};
use std::fmt::Write;

/// The names of one installation.
pub(crate) struct Names {
    prefix: String,
    secret: [u8; 32],
    /// This node.
    pub(crate) node: String,
}

/// The group of the nodes that share the work.
pub(crate) const SHARED: &str = "relays";

impl Names {
    pub(crate) fn new(secret: &[u8; 32], node: Id) -> Self {
        let SecretHash(name) = SecretHash::of(&[secret.as_slice(), b"name"].concat());
        Self { prefix: format!("watchbell:{}", hex(name.iter().take(8))), secret: *secret, node: node.to_string() }
    }

    /// What every node hears. In braces: a cluster keeps both streams at one place.
    pub(crate) fn news(&self) -> String {
        format!("{{{}}}:news", self.prefix)
    }

    /// What one node takes up.
    pub(crate) fn work(&self) -> String {
        format!("{{{}}}:work", self.prefix)
    }

    /// A bucket.
    pub(crate) fn bucket(&self, bucket: &SecretHash) -> String {
        self.of("bucket", bucket)
    }

    /// Something that came before.
    pub(crate) fn seen(&self, what: &SecretHash) -> String {
        self.of("seen", what)
    }

    fn of(&self, kind: &str, what: &SecretHash) -> String {
        let SecretHash(name) = SecretHash::of(&[self.secret.as_slice(), kind.as_bytes(), &what.0].concat());
        format!("{}:{kind}:{}", self.prefix, hex(name.iter().take(20)))
    }
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.fold(String::new(), |mut text, byte| {
        // A text takes whatever is written into it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_installations_have_no_name_in_common() {
        let node = Id::from_bytes([1; 16]);
        let (one, other) = (Names::new(&[1; 32], node), Names::new(&[2; 32], node));
        let what = SecretHash([7; 32]);
        for (mine, theirs) in [
            (one.news(), other.news()),
            (one.work(), other.work()),
            (one.seen(&what), other.seen(&what)),
            (one.bucket(&what), one.seen(&what)),
        ] {
            assert_ne!(mine, theirs);
        }
        assert!(!one.seen(&what).contains("0707"), "the hash itself does not leave");
        assert_eq!(one.seen(&what), Names::new(&[1; 32], Id::from_bytes([2; 16])).seen(&what), "all nodes meet");
    }
}
