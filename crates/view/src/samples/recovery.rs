//! The pages of the way back from having lost everything.

use super::{Sample, ago, later, lyon, windows};
use crate::pages::recovery::{
    AskRecovery, BeginRecovery, FinishRecovery, RecoveryAsked, RecoveryDone, RecoveryStanding, RecoveryStands,
};
use crate::pages::{PasswordProblem, PasswordRules};
use base::routes;

const EMAIL: &str = "jane@example.com";
const TOKEN: &str = "wbl_sample";
const WAIT: u64 = 72 * 3_600;

pub(super) fn pages() -> Vec<Sample> {
    let flow = Some("01999b7e-0000-7000-8000-000000000001".to_owned());
    let ask = AskRecovery { flow: flow.clone(), username: String::new(), invalid: false, wait: Some(WAIT) };
    let begin = BeginRecovery { token: TOKEN.to_owned(), email: EMAIL.to_owned(), wait: WAIT, ready_at: later(72) };
    let finish = FinishRecovery {
        token: TOKEN.to_owned(),
        email: EMAIL.to_owned(),
        rules: PasswordRules::default(),
        problem: None,
    };
    let mut samples = vec![
        Sample::new("recovery", routes::RECOVERY, ask.clone()),
        Sample::new("recovery-invalid", routes::RECOVERY, AskRecovery { invalid: true, flow: None, ..ask.clone() }),
        Sample::new("recovery-off", routes::RECOVERY, AskRecovery { wait: None, ..ask }),
        Sample::new("recovery-sent", routes::RECOVERY, RecoveryAsked { flow, email: EMAIL.to_owned() }),
        Sample::new("recovery-begin", routes::RECOVERY_BEGIN, begin),
        Sample::new("recovery-finish", routes::RECOVERY_FINISH, finish.clone()),
        Sample::new(
            "recovery-finish-weak",
            routes::RECOVERY_FINISH,
            FinishRecovery { problem: Some(PasswordProblem::Same), ..finish },
        ),
        Sample::new("recovery-done", routes::RECOVERY_FINISH, RecoveryDone {}),
    ];
    samples.extend(stands());
    samples
}

fn stands() -> Vec<Sample> {
    let waiting = RecoveryStands {
        id: "01999b7e-0000-7000-8000-0000000000f1".to_owned(),
        token: None,
        account: "j…@example.com".to_owned(),
        agent: windows(),
        place: Some(lyon()),
        started_at: ago(60),
        ready_at: later(71),
        expires_at: later(71 + 7 * 24),
        by_operator: false,
        standing: RecoveryStanding::Waiting,
    };
    let mail = RecoveryStands { token: Some(TOKEN.to_owned()), account: EMAIL.to_owned(), ..waiting.clone() };
    let of = |standing| RecoveryStands { standing, ..mail.clone() };
    let operators = RecoveryStands { by_operator: true, ..of(RecoveryStanding::Ready) };
    vec![
        Sample::new("recovery-waiting", routes::RECOVERY_STOP, waiting),
        Sample::new("recovery-ready", routes::RECOVERY_STOP, of(RecoveryStanding::Ready)),
        Sample::new("recovery-operator", routes::RECOVERY_STOP, operators),
        Sample::new("recovery-stopped", routes::RECOVERY_STOP, of(RecoveryStanding::Stopped)),
        Sample::new("recovery-expired", routes::RECOVERY_STOP, of(RecoveryStanding::Expired)),
        Sample::new("recovery-finished", routes::RECOVERY_STOP, of(RecoveryStanding::Finished)),
    ]
}
