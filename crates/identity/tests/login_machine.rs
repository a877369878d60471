//! A long random walk over the login machine, against a model that is written apart from it: whatever is tried,
//! in whatever order, from whatever tab, by whatever method, nobody is granted anything without having proven it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub, reason = "a test may stop where it fails")]

#[path = "login_machine/model.rs"]
mod model;
#[path = "login_machine/step.rs"]
mod step;

use base::{Id, SecretHash, Timestamp};
use identity::Amr;
use identity::account::PasswordHash;
use identity::login::{Assurance, Decision, Demand, Evidence, Flow, Requirements, shown_code};
use model::{Account, Proof, Rules, SECOND, Truth};
use proptest::prelude::*;
use std::time::Duration;
use step::{Step, account, session, step};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: [u8; 32] = [3; 32];
/// 320 walks of 320 steps: more than 100,000 steps.
const WALKS: u32 = 320;
const STEPS: usize = 320;

struct Walk {
    now: Timestamp,
    accounts: [Account; 3],
    tabs: Vec<(Flow, Truth)>,
    ids: u32,
    steps: usize,
}

impl Walk {
    fn new() -> Self {
        let accounts = [Account::plain(), Account::careful(), Account::operator()];
        let mut walk = Self { now: START, accounts, tabs: Vec::new(), ids: 0, steps: 0 };
        walk.start(Rules::default());
        walk
    }

    fn next_id(&mut self) -> Id {
        self.ids += 1;
        let mut bytes = [0xAA; 16];
        bytes[..4].copy_from_slice(&self.ids.to_be_bytes());
        Id::from_bytes(bytes)
    }

    fn open(&mut self, flow: Flow, truth: Truth) {
        self.tabs.push((flow, truth));
        // Old tabs stay open, but not for ever.
        if self.tabs.len() > 6 {
            self.tabs.remove(0);
        }
    }

    fn start(&mut self, rules: Rules) {
        let (id, began) = (self.next_id(), self.now.micros());
        let requirements = Requirements {
            fresh_since: rules.fresh.map(|seconds| Timestamp::from_micros(began + seconds * SECOND)),
            account: rules.account.map(account),
            usual: rules.usual,
            now: rules.now,
            methods: rules.methods.clone(),
            ..Requirements::default()
        };
        let flow = Flow::start(id, SecretHash([1; 32]), serde_json::Value::Null, requirements, self.now);
        let fresh_since = rules.fresh.map(|seconds| began + seconds * SECOND);
        self.open(flow, Truth::new(began, fresh_since, rules));
    }

    fn restart(&mut self, tab: usize) {
        let id = self.next_id();
        let (old, truth) = &self.tabs[tab];
        let (flow, truth) = (old.again(id, self.now), truth.again(self.now.micros()));
        self.open(flow, truth);
    }

    fn prove(&mut self, tab: usize, proof: &Proof, odd: Option<Assurance>) -> Result<(), TestCaseError> {
        let now = self.now;
        let (flow, truth) = &mut self.tabs[tab];
        let taken = flow.add(proof.evidence(now), now).is_ok();
        prop_assert_eq!(taken, truth.prove(proof, now.micros()), "{:?}", proof);
        if taken {
            let who = &self.accounts[usize::from(proof.who)];
            let id = account(proof.who);
            let demand = Demand::of(id, who.factors, &flow.requirements, who.operator);
            flow.demand(demand.raised(odd.unwrap_or_default(), []));
            truth.demand(proof.who, who, odd.unwrap_or_default());
        }
        Ok(())
    }

    fn registration(&mut self, tab: usize, step: &Step) -> Result<(), TestCaseError> {
        let now = self.now;
        let (flow, truth) = &mut self.tabs[tab];
        match step {
            Step::Register => {
                let email = "anna@example.com".parse().unwrap();
                let taken = flow.register(email, "Anna".into(), PasswordHash(String::new()), now).is_ok();
                prop_assert_eq!(taken, truth.register(now.micros()));
            }
            Step::WrongCode => {
                prop_assert!(flow.check_code(&KEY, "not a code", now).is_err());
                truth.wrong_code(now.micros());
            }
            Step::RightCode => {
                let code = shown_code(&KEY, flow.id);
                prop_assert_eq!(flow.check_code(&KEY, &code, now).is_ok(), truth.takes_codes(now.micros()));
            }
            Step::Confirm { who } => {
                prop_assert_eq!(flow.confirm(account(*who), now).is_ok(), truth.confirm(*who, now.micros()));
            }
            other => unreachable!("{other:?}"),
        }
        Ok(())
    }

    fn enter(&mut self, tab: usize) -> Result<(), TestCaseError> {
        let now = self.now;
        let (flow, truth) = &mut self.tabs[tab];
        let expected = truth.may_enter(now.micros()).filter(|_| truth.open(now.micros()) && !truth.entered);
        let granted = flow.enter(now).ok();
        prop_assert_eq!(granted.as_ref().map(|g| (g.account(), g.reached())), expected.map(|(w, l)| (account(w), l)));
        if let Some(granted) = granted {
            prop_assert!(granted.auth_time() <= now);
            prop_assert!(truth.fresh_since.is_none_or(|since| granted.auth_time().micros() >= since));
            prop_assert_eq!(granted.amr().contains(&Amr::Mfa), granted.reached() >= Assurance::TwoFactors);
            prop_assert_eq!(granted.acr(), granted.reached().acr());
            prop_assert_eq!(Some(granted.auth_time().micros()), truth.proven_at(now.micros()));
            let session = truth.enter(now.micros()).unwrap();
            flow.session = Some(session.evidence(now));
        }
        Ok(())
    }

    fn take(&mut self, tab: usize, step: &Step) -> Result<(), TestCaseError> {
        self.steps += 1;
        let tab = tab % self.tabs.len();
        match step {
            Step::Start { rules } => self.start(rules.clone()),
            Step::Restart => self.restart(tab),
            Step::Prove { proof, odd } => self.prove(tab, proof, *odd)?,
            Step::Change { who, factors } => self.accounts[usize::from(*who)].factors = *factors,
            Step::Wait { seconds } => self.now = self.now.plus(Duration::from_secs(*seconds)),
            Step::Reload => {
                let (flow, _) = &mut self.tabs[tab];
                *flow = serde_json::from_str(&serde_json::to_string(flow).unwrap()).unwrap();
            }
            Step::Enter => self.enter(tab)?,
            Step::Close => {
                let (flow, truth) = &mut self.tabs[tab];
                flow.finished_at = Some(self.now);
                truth.finished = Some(self.now.micros());
            }
            registration => self.registration(tab, registration)?,
        }
        self.nobody_is_in_without_proof()
    }

    fn nobody_is_in_without_proof(&self) -> Result<(), TestCaseError> {
        for (flow, truth) in &self.tabs {
            let let_in = match flow.decide(self.now) {
                Decision::Granted(granted) => Some((granted.account(), granted.reached())),
                Decision::Needs(_) => None,
            };
            prop_assert_eq!(let_in, truth.may_enter(self.now.micros()).map(|(who, level)| (account(who), level)));
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: WALKS, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_tried_nobody_gets_in_without_proof(
        steps in prop::collection::vec((0_usize..6, step()), STEPS..=STEPS)
    ) {
        let mut walk = Walk::new();
        for (tab, step) in &steps {
            walk.take(*tab, step)?;
        }
        prop_assert_eq!(walk.steps, STEPS);
    }
}

/// The walk goes somewhere: by each of these ways somebody gets in.
#[test]
fn every_way_in_is_walked() {
    let ways: [(&[Proof], usize, Assurance); 8] = [
        (&[Proof::password(0)], 0, Assurance::OneFactor),
        (&[Proof::mail_code(0)], 0, Assurance::OneFactor),
        (&[Proof::upstream(0)], 0, Assurance::OneFactor),
        (&[Proof::passkey(0, true)], 0, Assurance::PhishingResistant),
        (&[Proof::password(1), Proof::totp(1)], 1, Assurance::TwoFactors),
        (&[Proof::password(1), Proof::recovery_code(1)], 1, Assurance::TwoFactors),
        (&[Proof::upstream(1), Proof::security_key(1)], 1, Assurance::PhishingResistant),
        (&[Proof::password(1), Proof::remembered(1)], 1, Assurance::OneFactor),
    ];
    for (proofs, who, level) in ways {
        let mut walk = Walk::new();
        for proof in proofs {
            assert_eq!(walk.tabs[0].1.may_enter(START.micros()), None, "{proofs:?}");
            walk.prove(0, proof, None).unwrap();
        }
        assert_eq!(walk.tabs[0].1.may_enter(START.micros()), Some((u8::try_from(who).unwrap(), level)), "{proofs:?}");
        walk.enter(0).unwrap();
        assert!(walk.tabs[0].1.entered);
    }
}

/// The evidence of a live session alone lets nobody in again: something has to be proven.
#[test]
fn a_session_alone_is_no_proof() {
    let mut walk = Walk::new();
    walk.prove(0, &Proof::session(0, Assurance::PhishingResistant, false), None).unwrap();
    assert!(matches!(walk.tabs[0].0.decide(START), Decision::Needs(_)));
    let evidence = Evidence::Session {
        account: account(0),
        at: START,
        session: session(),
        amr: vec![Amr::Pwd],
        reached: Assurance::TwoFactors,
    };
    assert!(!serde_json::to_string(&evidence).unwrap().is_empty());
}
