//! A long random walk over the login machine, against a model that is written apart from it: whatever is tried,
//! in whatever order, from whatever tab, nobody is granted anything without having proven it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub, reason = "a test may stop where it fails")]

use base::{Id, SecretHash, Timestamp};
use identity::account::PasswordHash;
use identity::login::{Decision, Demand, Evidence, Factors, Flow, MAX_WRONG_CODES, Requirements, decide, shown_code};
use proptest::prelude::*;
use std::time::Duration;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: [u8; 32] = [3; 32];
/// 320 walks of 320 steps: more than 100,000 steps.
const WALKS: u32 = 320;
const STEPS: usize = 320;

fn account(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

/// What is asked of an account that has nothing but its password.
fn plain(account: Id) -> Demand {
    Demand::of(account, Factors::default(), &Requirements::default(), false)
}

fn add(flow: &mut Flow, evidence: Evidence, now: Timestamp) -> bool {
    let account = evidence.account();
    let taken = flow.add(evidence, now).is_ok();
    if taken {
        flow.demand(plain(account));
    }
    taken
}

#[derive(Debug, Clone)]
enum Step {
    /// `fresh` is how many seconds after the start a proof must be; a negative number is a time before it.
    Start {
        required: Option<u8>,
        fresh: Option<i64>,
    },
    Restart,
    Password {
        account: u8,
    },
    OldPassword {
        account: u8,
        seconds: u64,
    },
    FuturePassword {
        account: u8,
        seconds: u64,
    },
    Register,
    WrongCode,
    RightCode,
    Confirm {
        account: u8,
    },
    Registered {
        account: u8,
    },
    Wait {
        seconds: u64,
    },
    Reload,
    Finish,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0_u8..3;
    prop_oneof![
        2 => (prop::option::of(0_u8..3), prop::option::of(-300_i64..900)).prop_map(|(required, fresh)| Step::Start { required, fresh }),
        2 => Just(Step::Restart),
        4 => who.clone().prop_map(|account| Step::Password { account }),
        2 => (who.clone(), 1_u64..4_000).prop_map(|(account, seconds)| Step::OldPassword { account, seconds }),
        1 => (who.clone(), 1_u64..60).prop_map(|(account, seconds)| Step::FuturePassword { account, seconds }),
        2 => Just(Step::Register),
        2 => Just(Step::WrongCode),
        1 => Just(Step::RightCode),
        2 => who.clone().prop_map(|account| Step::Confirm { account }),
        3 => who.prop_map(|account| Step::Registered { account }),
        4 => (0_u64..900).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Reload),
        4 => Just(Step::Finish),
    ]
}

/// What really happened in one flow, as a bystander would note it.
#[derive(Debug, Clone, Default)]
struct Truth {
    required: Option<u8>,
    fresh_since: Option<i64>,
    began: i64,
    finished: bool,
    /// Who is at the keyboard now, by the last proof that was in order, with the times of their proofs.
    person: Option<(u8, Vec<i64>)>,
    registering: bool,
    made: Option<u8>,
    wrong_codes: u32,
}

const SECOND: i64 = 1_000_000;
const SKEW: i64 = 5 * SECOND;
const LIFETIME: i64 = 30 * 60 * SECOND;

impl Truth {
    fn open(&self, now: i64) -> bool {
        !self.finished && now < self.began + LIFETIME
    }

    fn prove(&mut self, who: u8, at: i64, now: i64) -> bool {
        let right = self.required.is_none_or(|required| required == who);
        let timely = at >= self.began - SKEW && at <= now + SKEW;
        if !(self.open(now) && right && timely) {
            return false;
        }
        match &mut self.person {
            Some((person, times)) if *person == who => times.push(at),
            _ => self.person = Some((who, vec![at])),
        }
        true
    }

    /// Whether anybody may be let in, and who.
    fn may_enter(&self, now: i64) -> Option<u8> {
        let (who, times) = self.person.as_ref()?;
        let fresh =
            times.iter().any(|at| self.fresh_since.is_none_or(|since| *at.min(&now) >= since) && *at <= now + SKEW);
        (fresh && self.required.is_none_or(|required| required == *who)).then_some(*who)
    }
}

struct Walk {
    now: Timestamp,
    flows: Vec<(Flow, Truth)>,
    ids: u32,
}

impl Walk {
    fn new() -> Self {
        let mut walk = Self { now: START, flows: Vec::new(), ids: 0 };
        walk.start(None, None);
        walk
    }

    fn next_id(&mut self) -> Id {
        self.ids += 1;
        let mut bytes = [0xAA; 16];
        bytes[..4].copy_from_slice(&self.ids.to_be_bytes());
        Id::from_bytes(bytes)
    }

    fn start(&mut self, required: Option<u8>, fresh: Option<i64>) {
        let id = self.next_id();
        let began = self.now.micros();
        let fresh_since = fresh.map(|seconds| began + seconds * SECOND);
        let requirements = Requirements {
            fresh_since: fresh_since.map(Timestamp::from_micros),
            account: required.map(account),
            ..Requirements::default()
        };
        let flow = Flow::start(id, SecretHash([1; 32]), serde_json::Value::Null, requirements, self.now);
        let truth = Truth { required, fresh_since, began, ..Truth::default() };
        self.flows.push((flow, truth));
        // Old tabs stay open, but not for ever.
        if self.flows.len() > 6 {
            self.flows.remove(0);
        }
    }

    fn restart(&mut self, tab: usize) {
        let id = self.next_id();
        let (old, truth) = &self.flows[tab];
        let began = self.now.micros();
        let new = Truth { required: truth.required, fresh_since: truth.fresh_since, began, ..Truth::default() };
        let flow = old.again(id, self.now);
        self.flows.push((flow, new));
        if self.flows.len() > 6 {
            self.flows.remove(0);
        }
    }

    fn password(&mut self, tab: usize, who: u8, at: Timestamp) -> Result<(), TestCaseError> {
        let now = self.now;
        let (flow, truth) = &mut self.flows[tab];
        let taken = add(flow, Evidence::Password { account: account(who), at }, now);
        prop_assert_eq!(taken, truth.prove(who, at.micros(), now.micros()));
        Ok(())
    }

    fn registration(&mut self, tab: usize, step: &Step) -> Result<(), TestCaseError> {
        let now = self.now;
        let (flow, truth) = &mut self.flows[tab];
        let (open, waiting) = (truth.open(now.micros()), truth.registering && truth.made.is_none());
        match step {
            Step::Register => {
                let email = "anna@example.com".parse().unwrap();
                let taken = flow.register(email, "Anna".into(), PasswordHash(String::new()), now).is_ok();
                prop_assert_eq!(taken, open && truth.required.is_none() && truth.made.is_none());
                truth.registering |= taken;
            }
            Step::WrongCode => {
                prop_assert!(flow.check_code(&KEY, "not a code", now).is_err());
                truth.wrong_codes += u32::from(open && waiting && truth.wrong_codes < MAX_WRONG_CODES);
            }
            Step::RightCode => {
                let code = shown_code(&KEY, flow.id);
                let taken = flow.check_code(&KEY, &code, now).is_ok();
                prop_assert_eq!(taken, open && waiting && truth.wrong_codes < MAX_WRONG_CODES);
            }
            Step::Confirm { account: who } => {
                let taken = flow.confirm(account(*who), now).is_ok();
                prop_assert_eq!(taken, open && waiting);
                if taken {
                    truth.made = Some(*who);
                }
            }
            Step::Registered { account: who } => {
                let taken = add(flow, Evidence::Registered { account: account(*who), at: now }, now);
                let expected = truth.made == Some(*who) && truth.prove(*who, now.micros(), now.micros());
                prop_assert_eq!(taken, expected);
            }
            other => unreachable!("{other:?}"),
        }
        Ok(())
    }

    fn finish(&mut self, tab: usize) -> Result<(), TestCaseError> {
        let now = self.now;
        let (flow, truth) = &mut self.flows[tab];
        let expected = truth.may_enter(now.micros()).filter(|_| truth.open(now.micros()));
        let granted = flow.finish(now).ok();
        prop_assert_eq!(granted.as_ref().map(|g| g.account()), expected.map(account));
        if let Some(granted) = granted {
            prop_assert!(granted.auth_time() <= now);
            prop_assert!(truth.fresh_since.is_none_or(|since| granted.auth_time().micros() >= since));
            truth.finished = true;
        }
        Ok(())
    }

    fn take(&mut self, tab: usize, step: &Step) -> Result<(), TestCaseError> {
        let tab = tab % self.flows.len();
        match step {
            Step::Start { required, fresh } => self.start(*required, *fresh),
            Step::Restart => self.restart(tab),
            Step::Password { account } => self.password(tab, *account, self.now)?,
            Step::OldPassword { account, seconds } => {
                self.password(tab, *account, self.now.minus(Duration::from_secs(*seconds)))?;
            }
            Step::FuturePassword { account, seconds } => {
                self.password(tab, *account, self.now.plus(Duration::from_secs(*seconds)))?;
            }
            Step::Wait { seconds } => self.now = self.now.plus(Duration::from_secs(*seconds)),
            Step::Reload => {
                let (flow, _) = &mut self.flows[tab];
                *flow = serde_json::from_str(&serde_json::to_string(flow).unwrap()).unwrap();
            }
            Step::Finish => self.finish(tab)?,
            registration => self.registration(tab, registration)?,
        }
        self.nobody_is_in_without_proof()
    }

    fn nobody_is_in_without_proof(&self) -> Result<(), TestCaseError> {
        for (flow, truth) in &self.flows {
            let decision = flow.decide(self.now);
            let let_in = match decision {
                Decision::Granted(granted) => Some(granted.account()),
                Decision::Needs(_) => None,
            };
            prop_assert_eq!(let_in, truth.may_enter(self.now.micros()).map(account));
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
    }
}

/// Evidence as no flow would hold it: of several people, from all times, in any order.
fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let one = (0_u8..3, -600_i64..600, any::<bool>()).prop_map(|(who, seconds, password)| {
        let (account, at) = (account(who), Timestamp::from_micros(START.micros() + seconds * SECOND));
        if password { Evidence::Password { account, at } } else { Evidence::Registered { account, at } }
    });
    prop::collection::vec(one, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, ..ProptestConfig::default() })]
    #[test]
    fn the_decision_alone_lets_in_the_last_person_and_only_by_proofs_of_their_own(
        required in prop::option::of(0_u8..3),
        fresh in prop::option::of(-600_i64..600),
        evidence in evidence(),
    ) {
        let fresh_since = fresh.map(|seconds| Timestamp::from_micros(START.micros() + seconds * SECOND));
        let requirements = Requirements { fresh_since, account: required.map(account), ..Requirements::default() };
        let last = evidence.last().map(Evidence::account);
        let times: Vec<i64> = evidence
            .iter()
            .filter(|proof| Some(proof.account()) == last)
            .map(|proof| proof.at().micros())
            .filter(|at| *at <= START.micros() + SKEW)
            .map(|at| at.min(START.micros()))
            .filter(|at| fresh_since.is_none_or(|since| *at >= since.micros()))
            .collect();
        let expected = last.filter(|who| required.is_none_or(|r| account(r) == *who)).filter(|_| !times.is_empty());
        let demand = last.map(plain);
        match decide(&requirements, demand.as_ref(), &evidence, START) {
            Decision::Granted(granted) => {
                prop_assert_eq!(Some(granted.account()), expected);
                let newest = times.iter().copied().max().unwrap();
                prop_assert_eq!(granted.auth_time().micros(), newest);
            }
            Decision::Needs(_) => prop_assert_eq!(None, expected),
        }
    }
}
