//! Stories: what the product promises, told from outside, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story fails by panicking"
)]

mod account_api;
mod account_api_apps;
mod accounts;
mod back_channel;
mod bell;
mod breached;
mod carry;
mod certificate_listener;
mod certificates;
mod changes;
mod ciba;
mod client_keys;
mod clocks;
mod closed;
mod codes;
mod crash;
mod crowd;
mod details;
mod device_grant;
mod devices;
mod documents;
mod dpop;
mod edge;
mod ended;
mod enrolment;
mod faults;
mod front_channel;
mod joining;
mod keys;
mod logout;
mod mail_codes;
mod node_races;
mod nodes;
mod openidconnect;
mod outage;
mod passkeys;
mod passwords;
mod paths;
mod policies;
mod pooler;
mod preferences;
mod quiet;
mod recovery;
mod redis;
mod refresh;
mod registration;
mod requests;
mod risk;
mod second_factor;
mod straight;
mod takeovers;
mod token_exchange;
mod tokens;
mod traces;
mod two_tabs;
mod upstream;
mod waiting;
mod way_off;
mod worn_out;
