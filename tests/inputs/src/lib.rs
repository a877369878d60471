//! Every parser of the provider that meets the outside, as a function of bytes that fails when a promise is broken.
//!
//! `fuzz/` hands them to libFuzzer (`cargo fuzz run authorize`, see CONTRIBUTING); the tests of this crate run each on
//! what is kept in `fuzz/corpus`, and for a moment on what is like it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken promise is told by panicking"
)]

mod backchannel;
mod mutate;
mod registration;
mod requests;
mod signed;

pub use mutate::Mutations;

/// A parser, and what it promises about any input.
#[derive(Clone, Copy)]
pub struct Target {
    /// The name of its corpus, and of its program in `fuzz/targets`.
    pub name: &'static str,
    /// Parses an input and answers whether it is taken; panics when a promise is broken.
    pub run: fn(&[u8]) -> bool,
}

/// All of them.
pub const TARGETS: [Target; 11] = [
    Target { name: "authorize", run: requests::authorize },
    Target { name: "token", run: requests::token },
    Target { name: "backchannel", run: backchannel::backchannel },
    Target { name: "device", run: backchannel::device },
    Target { name: "logout", run: requests::logout },
    Target { name: "redirect_uri", run: requests::redirect_uri },
    Target { name: "registration", run: registration::registration },
    Target { name: "jwt", run: signed::jwt },
    Target { name: "client_assertion", run: signed::client_assertion },
    Target { name: "dpop", run: signed::dpop },
    Target { name: "request_object", run: signed::request_object },
];

/// Runs the target of this name; answers whether the input is taken.
///
/// # Panics
/// When there is none, or when a promise is broken.
pub fn run(name: &str, input: &[u8]) -> bool {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.run)(input)
}
