//! More than one factor: what is asked, what counts, and what comes next.

use super::*;

pub(super) const NONE: Factors =
    Factors { password: true, passkeys: 0, security_keys: 0, totp: false, recovery_codes: 0, identities: 0 };
pub(super) const APP: Factors = Factors { totp: true, recovery_codes: 8, ..NONE };
pub(super) const KEY_TOO: Factors = Factors { security_keys: 1, ..NONE };
pub(super) const PASSKEY: Factors = Factors { passkeys: 1, ..NONE };

pub(super) fn wants(usual: Assurance, now: Assurance) -> Requirements {
    Requirements { usual, now, why: Some(Reason::App), ..Requirements::default() }
}

pub(super) fn step(flow: &mut Flow, evidence: Evidence, factors: Factors) -> Decision {
    flow.add(evidence, START).unwrap();
    flow.demand(Demand::of(id(9), factors, &flow.requirements, false));
    flow.decide(START)
}

pub(super) fn totp() -> Evidence {
    Evidence::Totp { account: id(9), at: START }
}

pub(super) fn key(passkey: bool, user_verified: bool) -> Evidence {
    Evidence::Key { account: id(9), at: START, credential: id(4), passkey, user_verified, synced: true }
}

fn second(wanted: Assurance) -> Decision {
    Decision::Needs(NextStep::SecondFactor { account: id(9), wanted })
}

fn enrol(wanted: Assurance) -> Decision {
    Decision::Needs(NextStep::Enrol { account: id(9), wanted })
}

#[track_caller]
fn granted(decision: Decision) -> Granted {
    match decision {
        Decision::Granted(granted) => granted,
        Decision::Needs(next) => panic!("needs {next:?}"),
    }
}

#[test]
fn who_set_up_an_authenticator_app_is_asked_for_it_and_told_that_it_was_their_choice() {
    let mut flow = flow(Requirements::default());
    assert_eq!(step(&mut flow, password(9, START), APP), second(Assurance::TwoFactors));
    assert_eq!(flow.demand.as_ref().unwrap().reasons, [Reason::OwnChoice]);
    let granted = granted(step(&mut flow, totp(), APP));
    assert_eq!(granted.amr(), [Amr::Pwd, Amr::Otp, Amr::Mfa]);
    assert_eq!(granted.acr(), "urn:watchbell:acr:2");
}

#[test]
fn a_passkey_signs_in_alone_and_is_not_asked_for_beside_a_password() {
    let mut by_key = flow(Requirements::default());
    let all = granted(step(&mut by_key, key(true, true), PASSKEY));
    assert_eq!((all.amr(), all.acr()), (vec![Amr::Swk, Amr::Mfa], "urn:watchbell:acr:3"));
    let mut by_password = flow(Requirements::default());
    assert_eq!(granted(step(&mut by_password, password(9, START), PASSKEY)).acr(), "urn:watchbell:acr:1");
}

#[test]
fn a_key_that_did_not_verify_its_user_is_one_factor_by_itself_and_the_second_beside_a_password() {
    let asked = wants(Assurance::TwoFactors, Assurance::OneFactor);
    let mut flow = flow(asked);
    assert_eq!(
        step(&mut flow, key(true, false), PASSKEY),
        Decision::Needs(NextStep::Reauthenticate { account: id(9) })
    );
    assert_eq!(granted(step(&mut flow, password(9, START), PASSKEY)).acr(), "urn:watchbell:acr:3");
}

#[test]
fn a_second_factor_comes_after_a_first_one() {
    let mut flow = flow(Requirements::default());
    for early in [
        totp(),
        key(false, true),
        Evidence::RecoveryCode { account: id(9), at: START },
        Evidence::Remembered { account: id(9), at: START, device: id(2) },
    ] {
        assert_eq!(flow.add(early, START), Err(FlowError::OutOfOrder));
    }
    flow.add(password(8, START), START).unwrap();
    assert_eq!(flow.add(totp(), START), Err(FlowError::OutOfOrder), "another person's first factor is none");
}

#[test]
fn what_is_missing_is_asked_of_what_the_account_has_or_is_set_up() {
    use Assurance::{OneFactor, PhishingResistant, TwoFactors};
    for (factors, now, expected) in [
        (NONE, TwoFactors, enrol(TwoFactors)),
        (APP, PhishingResistant, enrol(PhishingResistant)),
        (KEY_TOO, PhishingResistant, second(PhishingResistant)),
        (PASSKEY, TwoFactors, second(TwoFactors)),
    ] {
        let mut flow = flow(wants(OneFactor, now));
        assert_eq!(step(&mut flow, password(9, START), factors), expected, "{factors:?}");
        assert!(flow.demand.unwrap().reasons.contains(&Reason::App));
    }
}

#[test]
fn a_factor_of_a_method_that_is_switched_off_is_not_asked_for() {
    let methods = Methods::of([Method::Password, Method::Passkey]);
    let mut flow = flow(Requirements { methods, ..wants(Assurance::TwoFactors, Assurance::OneFactor) });
    assert_eq!(step(&mut flow, password(9, START), APP), enrol(Assurance::TwoFactors));
    assert_eq!(step(&mut flow, totp(), APP), enrol(Assurance::TwoFactors), "nor does it count");
}

#[test]
fn a_remembered_device_is_spared_the_rule_and_not_what_is_asked_now() {
    let remembered = Evidence::Remembered { account: id(9), at: START, device: id(2) };
    let mut usual = flow(Requirements::default());
    step(&mut usual, password(9, START), APP);
    let spared = granted(step(&mut usual, remembered.clone(), APP));
    assert_eq!((spared.amr(), spared.acr()), (vec![Amr::Pwd], "urn:watchbell:acr:1"), "it proves nothing");
    let mut now = flow(wants(Assurance::OneFactor, Assurance::TwoFactors));
    step(&mut now, password(9, START), APP);
    assert_eq!(step(&mut now, remembered.clone(), APP), second(Assurance::TwoFactors));
    let mut resistant = flow(wants(Assurance::PhishingResistant, Assurance::OneFactor));
    step(&mut resistant, password(9, START), KEY_TOO);
    assert_eq!(step(&mut resistant, remembered, KEY_TOO), second(Assurance::PhishingResistant));
}

#[test]
fn a_code_by_mail_is_never_part_of_two_factors_and_never_for_operators() {
    let mail = Evidence::MailCode { account: id(9), at: START };
    let mut plain = flow(Requirements::default());
    assert_eq!(granted(step(&mut plain, mail.clone(), NONE)).amr(), [Amr::Email]);
    let again = Decision::Needs(NextStep::Reauthenticate { account: id(9) });
    let mut asked = flow(wants(Assurance::OneFactor, Assurance::TwoFactors));
    assert_eq!(step(&mut asked, mail.clone(), PASSKEY), again);
    assert_eq!(step(&mut asked, totp(), PASSKEY), again, "nor with a code of an app");
    let mut careful = flow(Requirements::default());
    assert_eq!(
        step(&mut careful, mail.clone(), APP),
        Decision::Needs(NextStep::SignIn),
        "nor where a second factor is"
    );
    let mut operator = flow(Requirements::default());
    operator.add(mail, START).unwrap();
    operator.demand(Demand::of(id(9), NONE, &operator.requirements, true));
    assert_eq!(operator.decide(START), Decision::Needs(NextStep::SignIn));
}

#[test]
fn a_code_by_mail_proves_nobody_anew() {
    let mail = Evidence::MailCode { account: id(9), at: START };
    let again = Decision::Needs(NextStep::Reauthenticate { account: id(9) });
    let mut known = flow(Requirements { account: Some(id(9)), ..Requirements::default() });
    assert_eq!(step(&mut known, mail.clone(), NONE), again, "whom a sensitive change asks");
    let (session, amr) = (id(5), vec![Amr::Pwd]);
    let before = Evidence::Session { account: id(9), at: START, session, amr, reached: Assurance::OneFactor };
    let mut beside = flow(Requirements::default());
    step(&mut beside, before, NONE);
    assert_eq!(step(&mut beside, mail.clone(), NONE), again, "it makes an old session no younger");
    let somebody =
        Evidence::Session { account: id(7), at: START, session, amr: vec![Amr::Pwd], reached: Assurance::OneFactor };
    let mut other = flow(Requirements::default());
    step(&mut other, somebody, NONE);
    assert_eq!(granted(step(&mut other, mail, NONE)).amr(), [Amr::Email], "another person's session is no matter");
}

#[test]
fn a_session_adds_to_a_proof_and_is_none() {
    let before = |amr: Amr| Evidence::Session {
        account: id(9),
        at: START.minus(minutes(60)),
        session: id(5),
        amr: vec![amr],
        reached: Assurance::OneFactor,
    };
    let mut step_up = flow(wants(Assurance::OneFactor, Assurance::TwoFactors));
    assert_eq!(step(&mut step_up, before(Amr::Pwd), APP), second(Assurance::TwoFactors));
    let both = granted(step(&mut step_up, totp(), APP));
    assert_eq!(both.amr(), [Amr::Pwd, Amr::Otp, Amr::Mfa]);
    assert_eq!(both.auth_time(), START.minus(minutes(60)), "a code makes no old password a recent one");
    let mut by_key = flow(wants(Assurance::OneFactor, Assurance::TwoFactors));
    step(&mut by_key, before(Amr::Pwd), PASSKEY);
    assert_eq!(granted(step(&mut by_key, key(true, true), PASSKEY)).auth_time(), START, "a passkey is both");
    let mut alone = flow(Requirements::default());
    let again = Decision::Needs(NextStep::Reauthenticate { account: id(9) });
    assert_eq!(step(&mut alone, before(Amr::Pwd), NONE), again);
    let mut by_mail = flow(wants(Assurance::OneFactor, Assurance::TwoFactors));
    assert_eq!(step(&mut by_mail, before(Amr::Email), APP), again, "a session from a code by mail is no first factor");
    let fresh = Requirements { fresh_since: Some(START), ..wants(Assurance::OneFactor, Assurance::TwoFactors) };
    let mut stale = flow(fresh);
    assert_eq!(step(&mut stale, before(Amr::Pwd), APP), Decision::Needs(NextStep::SignIn), "nor one from before");
}

#[test]
fn what_is_odd_is_asked_now_and_stays_asked() {
    let mut flow = flow(Requirements::default());
    flow.add(password(9, START), START).unwrap();
    let odd = Demand::of(id(9), APP, &flow.requirements, false);
    flow.demand(odd.raised(Assurance::TwoFactors, [Reason::NewCountry]));
    flow.add(Evidence::Remembered { account: id(9), at: START, device: id(2) }, START).unwrap();
    flow.demand(Demand::of(id(9), APP, &flow.requirements, false));
    assert_eq!(
        flow.decide(START),
        second(Assurance::TwoFactors),
        "a second look that finds nothing takes nothing back"
    );
    assert!(flow.demand.as_ref().unwrap().reasons.contains(&Reason::NewCountry));
    flow.add(password(8, START), START).unwrap();
    flow.demand(Demand::of(id(8), NONE, &flow.requirements, false));
    assert_eq!(granted(flow.decide(START)).account(), id(8), "what was odd about one person is not asked of another");
}

#[test]
fn grace_puts_off_the_rule_for_who_has_nothing_and_for_nobody_else() {
    let asked = wants(Assurance::TwoFactors, Assurance::OneFactor);
    let later = START.plus(minutes(60));
    let with_grace = |factors, at| {
        let mut flow = flow(asked.clone());
        flow.add(password(9, START), START).unwrap();
        let demand = Demand::of(id(9), factors, &flow.requirements, false);
        let methods = flow.requirements.methods.clone();
        flow.demand(demand.with_grace(later, at, &methods));
        flow.decide(START)
    };
    assert_eq!(granted(with_grace(NONE, START)).acr(), "urn:watchbell:acr:1");
    assert_eq!(with_grace(NONE, later), enrol(Assurance::TwoFactors), "it ends");
    assert_eq!(with_grace(APP, START), second(Assurance::TwoFactors));
    let mut asked_before = flow(asked.clone());
    asked_before.add(password(9, START), START).unwrap();
    let demand = || Demand::of(id(9), NONE, &asked, false);
    asked_before.demand(demand());
    asked_before.demand(demand().with_grace(later, START, &asked.methods));
    assert_eq!(asked_before.decide(START), enrol(Assurance::TwoFactors), "none is given to who was asked before");
}

#[test]
fn without_a_demand_for_that_very_account_nobody_is_let_in() {
    let mut flow = flow(Requirements::default());
    flow.add(password(9, START), START).unwrap();
    assert_eq!(flow.decide(START), Decision::Needs(NextStep::SignIn));
    flow.demand(Demand::of(id(8), NONE, &flow.requirements, false));
    assert_eq!(flow.decide(START), Decision::Needs(NextStep::SignIn));
}

#[test]
fn the_last_way_in_is_counted() {
    let all = Methods::default();
    assert_eq!(NONE.ways_in(&all), 1);
    assert_eq!(Factors { password: false, ..APP }.ways_in(&all), 0, "an authenticator app is no way in");
    let many = Factors { passkeys: 2, identities: 1, ..NONE };
    assert_eq!(many.ways_in(&all), 4);
    assert_eq!(many.ways_in(&Methods::of([Method::Passkey])), 2, "what is switched off opens nothing");
    assert_eq!(NONE.ways_in(&Methods::of([Method::Passkey])), 0);
}

#[test]
fn a_flow_of_the_version_before_is_still_read() {
    let old = r#"{"id":"01010101-0101-0101-0101-010101010101","browser":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],
        "continuation":{"page":"/account"},"requirements":{"fresh_since":null,"account":null},"evidence":[],
        "registration":null,"typed":null,"created_at":1790000000000000,"expires_at":1790001800000000,"finished_at":null}"#;
    let stored = serde_json::to_value(flow(Requirements::default())).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(old).unwrap();
    for key in ["id", "browser", "created_at", "expires_at"] {
        old[key] = stored[key].clone();
    }
    let read: Flow = serde_json::from_value(old).unwrap();
    assert_eq!(read.requirements, Requirements::default());
}

#[test]
fn what_made_a_session_makes_no_second_one() {
    let mut flow = flow(Requirements::default());
    step(&mut flow, password(9, START), APP);
    step(&mut flow, totp(), APP);
    assert!(flow.enter(START).is_ok());
    assert_eq!(flow.enter(START), Err(FlowError::Finished));
    // The session was ended, and whoever knows the password comes back to the same flow.
    let later = START.plus(minutes(1));
    flow.add(password(9, later), later).unwrap();
    flow.demand(Demand::of(id(9), APP, &flow.requirements, false));
    assert_eq!(flow.decide(later), second(Assurance::TwoFactors), "the code is spent");
    assert_eq!(flow.add(totp(), later).and(Ok(flow.evidence.len())), Ok(2));
}

#[test]
fn whoever_registers_brings_no_proof_along() {
    let mut flow = flow(Requirements::default());
    step(&mut flow, password(9, START), APP);
    step(&mut flow, totp(), APP);
    flow.register("new@example.com".parse().unwrap(), "New".into(), PasswordHash(String::new()), START).unwrap();
    assert_eq!(flow.decide(START), Decision::Needs(NextStep::SignIn));
}

#[test]
fn a_proof_wears_out_in_a_flow_that_lives_longer() {
    let mut flow = flow(Requirements::default()).lasting(minutes(24 * 60));
    step(&mut flow, password(9, START), NONE);
    assert!(matches!(flow.decide(START.plus(minutes(29))), Decision::Granted(_)));
    assert_eq!(flow.decide(START.plus(minutes(30))), Decision::Needs(NextStep::SignIn));
}

#[test]
fn a_session_counts_by_the_methods_that_made_it() {
    let passkeys = Methods::of([Method::Passkey, Method::SecurityKey]);
    assert!(passkeys.cover(&[Amr::Swk, Amr::Mfa]) && passkeys.cover(&[Amr::Hwk]));
    for others in [[Amr::Pwd], [Amr::Email], [Amr::Otp], [Amr::Fed]] {
        assert!(!passkeys.cover(&others), "{others:?}");
        let mut both = others.to_vec();
        both.push(Amr::Hwk);
        assert!(!passkeys.cover(&both), "a key beside a method that does not count");
    }
    for (method, amr) in [(Method::Password, Amr::Pwd), (Method::MailCode, Amr::Email), (Method::Totp, Amr::Otp)] {
        assert!(Methods::of([method]).cover(&[amr]));
    }
    assert!(Methods::of([Method::Upstream]).cover(&[Amr::Fed]));
}

#[test]
fn a_session_is_enough_when_it_is_of_the_right_person_recent_strong_and_by_methods_that_count() {
    let session = crate::Session {
        id: id(1),
        account: id(9),
        device: id(2),
        secret: SecretHash([0; 32]),
        created_at: START,
        last_seen_at: START,
        auth_time: START,
        amr: vec![Amr::Pwd, Amr::Otp, Amr::Mfa],
        acr: Assurance::TwoFactors.acr().to_owned(),
        expires_at: START.plus(minutes(60)),
        ended_at: None,
    };
    let enough = |requirements: Requirements| requirements.are_met_by(&session);
    let nothing = Requirements::default;
    assert!(enough(nothing()));
    assert!(enough(Requirements { account: Some(id(9)), ..nothing() }));
    assert!(!enough(Requirements { account: Some(id(8)), ..nothing() }));
    assert!(enough(Requirements { fresh_since: Some(START), ..nothing() }));
    assert!(!enough(Requirements { fresh_since: Some(START.plus(minutes(1))), ..nothing() }));
    assert!(enough(Requirements { now: Assurance::TwoFactors, ..nothing() }));
    assert!(!enough(Requirements { now: Assurance::PhishingResistant, ..nothing() }));
    assert!(enough(Requirements { methods: Methods::of([Method::Password, Method::Totp]), ..nothing() }));
    assert!(!enough(Requirements { methods: Methods::of([Method::Password]), ..nothing() }));
}

#[test]
fn a_code_by_mail_is_taken_only_where_it_could_count_whoever_it_is() {
    use Assurance::{OneFactor, TwoFactors};
    let asks = |requirements| flow(requirements).takes_mail_code();
    assert!(asks(Requirements::default()));
    assert!(asks(Requirements { fresh_since: Some(START), ..Requirements::default() }), "prompt=login is no matter");
    assert!(!asks(wants(TwoFactors, OneFactor)), "a rule");
    assert!(!asks(wants(OneFactor, TwoFactors)), "acr_values");
    assert!(!asks(Requirements { account: Some(id(9)), ..Requirements::default() }), "a step-up");
    let methods = Methods::of([Method::Password]);
    assert!(!asks(Requirements { methods, ..Requirements::default() }), "switched off");
    let mut beside = flow(Requirements::default());
    let (session, amr) = (id(5), vec![Amr::Pwd]);
    step(&mut beside, Evidence::Session { account: id(9), at: START, session, amr, reached: OneFactor }, NONE);
    assert!(!beside.takes_mail_code(), "beside a session");
}

#[test]
fn the_time_of_a_proof_is_that_of_the_session_only_where_it_is_needed() {
    let before = |reached| Evidence::Session {
        account: id(9),
        at: START.minus(minutes(60)),
        session: id(5),
        amr: vec![Amr::Pwd],
        reached,
    };
    let asked = || wants(Assurance::OneFactor, Assurance::TwoFactors);
    let mut leaning = flow(asked());
    step(&mut leaning, before(Assurance::TwoFactors), APP);
    let leant = granted(step(&mut leaning, password(9, START), APP));
    assert_eq!((leant.reached(), leant.auth_time()), (Assurance::TwoFactors, START.minus(minutes(60))));
    let mut alone = flow(asked());
    step(&mut alone, before(Assurance::OneFactor), APP);
    step(&mut alone, password(9, START), APP);
    assert_eq!(granted(step(&mut alone, totp(), APP)).auth_time(), START, "both were given here");
}

#[test]
fn time_is_for_who_has_nothing_to_prove_it_with() {
    let all = Methods::default();
    assert!(NONE.have_grace(Assurance::TwoFactors, &all));
    assert!(!NONE.have_grace(Assurance::OneFactor, &all), "there is nothing to wait for");
    assert!(!PASSKEY.have_grace(Assurance::TwoFactors, &all), "a passkey reaches it");
    assert!(!APP.have_grace(Assurance::PhishingResistant, &all), "a second factor is there, though not that one");
    for (factors, second) in [(NONE, false), (PASSKEY, false), (APP, true), (KEY_TOO, true)] {
        assert_eq!(factors.has_second(), second, "{factors:?}");
    }
}

#[test]
fn a_reason_has_one_name_in_the_log_and_in_the_texts() {
    use Reason::{
        App, ImpossibleTravel, LongInactivity, ManyAccounts, ManyAddresses, NewCountry, NewDevice, Operator, OwnChoice,
        Policy, SensitiveChange,
    };
    let all = [
        OwnChoice,
        Policy,
        Operator,
        App,
        SensitiveChange,
        NewDevice,
        NewCountry,
        ImpossibleTravel,
        LongInactivity,
        ManyAccounts,
        ManyAddresses,
    ];
    for reason in all {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str().replace('-', "_"));
    }
}

#[test]
fn a_code_by_mail_that_was_ruled_out_once_stays_ruled_out() {
    let of = |factors| Demand::of(id(9), factors, &Requirements::default(), false);
    assert!(of(NONE).no_less_than(&of(NONE)).mail_code);
    assert!(!of(NONE).no_less_than(&of(APP)).mail_code, "a second factor was there");
    assert!(!of(APP).no_less_than(&of(NONE)).mail_code, "there is one now");
}
