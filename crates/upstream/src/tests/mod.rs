//! The client against a provider of its own, honest and otherwise.

mod documents;
mod double;
mod id_tokens;
mod keys;
mod plain_oauth;

use crate::{Attempt, Trouble};
use base::Timestamp;
use double::Double;
use std::time::Duration;

const NOW: Timestamp = Timestamp::from_seconds(1_795_426_860);
const CLIENT: &str = "watchbell";
const NONCE: &str = "n-0S6_WzA2Mj";

fn attempt() -> Attempt {
    Attempt {
        state: "af0ifjsldkj".to_owned().into(),
        nonce: NONCE.to_owned().into(),
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned().into(),
        redirect_uri: "https://id.acme.test/login/upstream/double/callback".to_owned(),
        login_hint: None,
        max_age: None,
    }
}

fn later(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

/// Why an answer was not believed.
#[track_caller]
fn reason(outcome: Result<crate::Told, Trouble>) -> String {
    match outcome {
        Err(Trouble::NotProven(why)) => why,
        other => panic!("not a refusal of the answer: {other:?}"),
    }
}
