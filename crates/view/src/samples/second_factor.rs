//! The second factor, asked for and set up.

use super::Sample;
use crate::pages::second_factor::{CodeProblem, MakeCodes, NewCodes, RemoveApp, SecondFactor, SetUpApp};
use base::routes;
use identity::login::Reason;

const FLOW: &str = "01999b7e-0000-7000-8000-000000000001";
const SET: &str = "01999b7e-0000-7000-8000-0000000000c1";

pub(super) fn pages() -> Vec<Sample> {
    let mut samples = asked();
    samples.extend(app());
    samples.extend(codes());
    samples
}

fn asked() -> Vec<Sample> {
    let page = SecondFactor {
        flow: FLOW.to_owned(),
        app: Some("Acme Shop".to_owned()),
        email: "jane@example.com".to_owned(),
        keys: false,
        totp: true,
        recovery_codes: true,
        with_recovery: false,
        trust_days: Some(30),
        trust: false,
        reasons: vec![Reason::OwnChoice],
        problem: None,
    };
    let all_reasons = vec![
        Reason::OwnChoice,
        Reason::Policy,
        Reason::Operator,
        Reason::App,
        Reason::SensitiveChange,
        Reason::NewDevice,
        Reason::NewCountry,
        Reason::ImpossibleTravel,
        Reason::LongInactivity,
        Reason::ManyAccounts,
        Reason::ManyAddresses,
    ];
    let with = |problem| SecondFactor { problem: Some(problem), trust: true, ..page.clone() };
    let recovery = SecondFactor { with_recovery: true, ..page.clone() };
    let step_up = SecondFactor { app: None, trust_days: None, reasons: all_reasons, ..page.clone() };
    let of = |name, page| Sample::new(name, routes::MFA, page);
    vec![
        of("mfa", page.clone()),
        of("mfa-keys", SecondFactor { keys: true, ..page.clone() }),
        of("mfa-keys-alone", SecondFactor { keys: true, totp: false, recovery_codes: false, ..page.clone() }),
        of("mfa-nothing", SecondFactor { totp: false, recovery_codes: false, ..page.clone() }),
        of("mfa-step-up", step_up),
        of("mfa-wrong", with(CodeProblem::Wrong)),
        of("mfa-malformed", with(CodeProblem::Malformed)),
        of("mfa-closed", with(CodeProblem::Closed)),
        of("mfa-too-many", with(CodeProblem::TooMany { wait: 540 })),
        of("mfa-recovery", recovery.clone()),
        of("mfa-recovery-alone", SecondFactor { totp: false, ..page.clone() }),
        of("mfa-recovery-wrong", SecondFactor { problem: Some(CodeProblem::Wrong), ..recovery }),
    ]
}

fn app() -> Vec<Sample> {
    let page = SetUpApp {
        attempt: SET.to_owned(),
        uri: "otpauth://totp/Acme:jane%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme\
              &algorithm=SHA1&digits=6&period=30"
            .to_owned(),
        key: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
        replaces: false,
        problem: None,
    };
    let with = |problem| SetUpApp { problem: Some(problem), ..page.clone() };
    vec![
        Sample::new("totp", routes::TOTP, page.clone()),
        Sample::new("totp-wrong", routes::TOTP, with(CodeProblem::Wrong)),
        Sample::new("totp-clock", routes::TOTP, with(CodeProblem::Clock)),
        Sample::new("totp-malformed", routes::TOTP, with(CodeProblem::Malformed)),
        Sample::new("totp-replaces", routes::TOTP, SetUpApp { replaces: true, ..page }),
        Sample::new("totp-remove", routes::TOTP_REMOVE, RemoveApp { alone: true }),
        Sample::new("totp-remove-other", routes::TOTP_REMOVE, RemoveApp { alone: false }),
    ]
}

fn codes() -> Vec<Sample> {
    let page = NewCodes {
        set: SET.to_owned(),
        codes: Some(vec!["7ZK4-9QHD-M2XW-0T5V-CB8N-R3GA".to_owned(); 8]),
        flow: None,
        app: None,
        used_up: false,
    };
    let flow = NewCodes { flow: Some(FLOW.to_owned()), app: Some("Acme Shop".to_owned()), ..page.clone() };
    vec![
        Sample::new("codes", routes::RECOVERY_CODES, page.clone()),
        Sample::new("codes-gone", routes::RECOVERY_CODES, NewCodes { codes: None, ..page }),
        Sample::new("codes-flow", routes::NEW_CODES, flow.clone()),
        Sample::new("codes-flow-last", routes::NEW_CODES, NewCodes { used_up: true, ..flow.clone() }),
        Sample::new("codes-flow-gone", routes::NEW_CODES, NewCodes { codes: None, ..flow }),
        Sample::new("codes-make", routes::RECOVERY_CODES, MakeCodes { left: 3 }),
        Sample::new("codes-make-none", routes::RECOVERY_CODES, MakeCodes { left: 0 }),
    ]
}
