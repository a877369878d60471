//! Whether clocks agree. Codes of authenticator apps, proofs and tokens are judged by them.

use super::super::report::Report;
use base::Timestamp;
use std::time::Duration;

/// From here on it is told.
const NOTABLE: Duration = Duration::from_secs(2);
/// From here on it is wrong: the step of an authenticator app (RFC 6238 §5.2).
const TOO_MUCH: Duration = Duration::from_secs(30);

/// When something was asked and answered, by this machine's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    /// Asked.
    pub(super) from: Timestamp,
    /// Answered.
    pub(super) until: Timestamp,
}

/// How far a clock is from ours at least, when it said `said` between asking and answering, and counts in steps of `step`.
fn apart(span: Span, said: Timestamp, step: Duration) -> Duration {
    let latest = said.plus(step);
    if latest < span.from { span.from.since(latest) } else { said.since(span.until.max(span.from)) }
}

/// Tells how far whose clock is from this machine's.
pub(super) fn compare(whose: &str, span: Span, (said, step): (Timestamp, Duration), report: &mut Report) {
    let apart = apart(span, said, step);
    let text = format!("{whose} is {}.{} s from this machine's", apart.as_secs(), apart.subsec_millis() / 100);
    let limits = format!("{} s are noted, {} s are wrong", NOTABLE.as_secs(), TOO_MUCH.as_secs());
    let next = "let both machines keep time by NTP (timedatectl set-ntp true, or chrony)";
    if apart >= TOO_MUCH {
        report.wrong("clock", format!("{text} ({limits})"), next);
    } else if apart >= NOTABLE {
        report.warn("clock", format!("{text} ({limits})"), next);
    } else {
        report.ok("clock", format!("{text} ({limits})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_by_what_the_way_and_its_steps_cannot_explain() {
        let at = Timestamp::from_seconds;
        let span = Span { from: at(100), until: at(103) };
        let second = Duration::from_secs(1);
        for (said, seconds) in [(99, 0), (100, 0), (103, 0), (104, 1), (133, 30), (98, 1), (69, 30)] {
            assert_eq!(apart(span, at(said), second), Duration::from_secs(seconds), "{said}");
        }
        let mut report = Report::default();
        compare("a clock", span, (at(110), second), &mut report);
        assert!(report.is_fine());
        compare("a clock", span, (at(133), second), &mut report);
        assert!(!report.is_fine());
    }
}
