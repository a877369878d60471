//! What can be tried: each step of the walk.

use crate::model::{Kind, Proof, Rules};
use base::Id;
use identity::login::{Assurance, Factors, Method, Methods};
use proptest::prelude::*;

pub fn account(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

pub fn credential() -> Id {
    Id::from_bytes([0xC0; 16])
}

pub fn session() -> Id {
    Id::from_bytes([0x5E; 16])
}

#[derive(Debug, Clone)]
pub enum Step {
    /// A new sign-in, with its rules.
    Start {
        rules: Rules,
    },
    /// The same from the beginning.
    Restart,
    /// A proof; `odd` is what the risk rules ask of this attempt.
    Prove {
        proof: Proof,
        odd: Option<Assurance>,
    },
    /// Somebody sets up or removes factors meanwhile.
    Change {
        who: u8,
        factors: Factors,
    },
    Register,
    WrongCode,
    RightCode,
    Confirm {
        who: u8,
    },
    Wait {
        seconds: u64,
    },
    Reload,
    /// Somebody is let in, if they may.
    Enter,
    /// The flow has led to its end.
    Close,
}

fn level() -> impl Strategy<Value = Assurance> {
    prop_oneof![
        6 => Just(Assurance::OneFactor),
        2 => Just(Assurance::TwoFactors),
        1 => Just(Assurance::PhishingResistant),
    ]
}

fn methods() -> impl Strategy<Value = Methods> {
    let some = prop::collection::vec(any::<bool>(), Method::ALL.len())
        .prop_map(|on| Methods::of(Method::ALL.into_iter().zip(on).filter(|(_, on)| *on).map(|(method, _)| method)));
    prop_oneof![3 => Just(Methods::default()), 1 => some]
}

fn rules() -> impl Strategy<Value = Rules> {
    (prop::option::weighted(0.3, 0_u8..3), prop::option::weighted(0.3, -300_i64..900), level(), level(), methods())
        .prop_map(|(account, fresh, usual, now, methods)| Rules { account, fresh, usual, now, methods })
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        6 => Just(Kind::Password),
        2 => Just(Kind::Registered),
        2 => Just(Kind::Upstream),
        2 => Just(Kind::MailCode),
        5 => Just(Kind::Totp),
        2 => Just(Kind::RecoveryCode),
        4 => (any::<bool>(), any::<bool>()).prop_map(|(passkey, verified)| Kind::Key { passkey, verified }),
        2 => (level(), any::<bool>()).prop_map(|(reached, by_mail)| Kind::Session { reached, by_mail }),
        2 => Just(Kind::Remembered),
    ]
}

fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![8 => Just(0_i64), 1 => -4_000_i64..0, 1 => 1_i64..120]
}

fn factors() -> impl Strategy<Value = Factors> {
    (any::<bool>(), 0_usize..2, 0_usize..2, any::<bool>(), 0_usize..3).prop_map(
        |(password, passkeys, security_keys, totp, recovery_codes)| Factors {
            password,
            passkeys,
            security_keys,
            totp,
            recovery_codes,
            identities: 0,
        },
    )
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => rules().prop_map(|rules| Step::Start { rules }),
        2 => Just(Step::Restart),
        16 => (0_u8..3, kind(), seconds(), prop::option::weighted(0.1, level())).prop_map(|(who, kind, seconds, odd)| {
            Step::Prove { proof: Proof { who, kind, seconds }, odd }
        }),
        1 => (0_u8..3, factors()).prop_map(|(who, factors)| Step::Change { who, factors }),
        2 => Just(Step::Register),
        2 => Just(Step::WrongCode),
        1 => Just(Step::RightCode),
        2 => (0_u8..3).prop_map(|who| Step::Confirm { who }),
        4 => (0_u64..900).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Reload),
        4 => Just(Step::Enter),
        1 => Just(Step::Close),
    ]
}
