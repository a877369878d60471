//! What an app can ask for, how its request comes, and how it is answered.

mod answers;
mod details;
mod fapi;
mod pushed;
mod signed;
mod single_claims;
mod subjects;
