//! What an app can ask for, how its request comes, and how it is answered.

mod answers;
mod defaults;
mod details;
mod fapi;
mod pushed;
mod referenced;
mod signed;
mod single_claims;
mod subjects;
