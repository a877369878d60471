//! How a database is, for whoever looks for trouble.

use base::Timestamp;

/// What a database tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The version of the database's program, as `17.5`.
    pub version: String,
    /// What its clock says. A file has none: its clock is this machine's.
    pub clock: Option<Timestamp>,
    /// Steps of this version's layout that the tables lack, by version: `watchbell migrate` takes them.
    pub missing: Vec<String>,
    /// Steps that were taken and that this version does not know: a newer one did.
    pub unknown: Vec<String>,
}

impl Condition {
    /// Compares what was taken with what is known.
    pub(crate) fn new(version: String, clock: Option<Timestamp>, (known, taken): (Vec<String>, Vec<String>)) -> Self {
        let missing = known.iter().filter(|step| !taken.contains(step)).cloned().collect();
        let unknown = taken.into_iter().filter(|step| !known.contains(step)).collect();
        Self { version, clock, missing, unknown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_and_what_is_from_later_are_told_apart() {
        let steps = |all: &[&str]| all.iter().map(|&step| step.to_owned()).collect::<Vec<_>>();
        let found = Condition::new("17.5".to_owned(), None, (steps(&["0001", "0002"]), steps(&["0001", "0009"])));
        assert_eq!((found.missing, found.unknown), (steps(&["0002"]), steps(&["0009"])));
    }
}
