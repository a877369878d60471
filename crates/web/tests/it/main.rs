//! What stands around every route, walked one by one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cross_site;
mod documents;
mod every_route;
mod requests;
